"""How well instructions to a program are found in papers, how often ordinary passages are taken for them, and what
looking costs; and the same for advisories on questions.

    python benchmarks/guard.py [--data FOLDER]

The instructions and questions are those of the tests. False alarms are counted on whatever papers FOLDER (default:
../shared/data) holds, of the kinds that are named below, and on questions that were asked of other collections.
"""

from __future__ import annotations

import argparse
import json
import lzma
import random
import sys
import tarfile
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from agents.steps.guarding import advisory
from ingest.passages import split
from ingest.readers import READERS, corpus
from ingest.readers.characters import tidy
from ingest.readers.paper_text import PaperText
from kg.errors import HypographError
from kg.injections import suspicions
from kg.model import QUARANTINED

TOP = Path(__file__).resolve().parents[1]
INSTRUCTIONS = TOP / "tests" / "kg" / "injections.jsonl"
QUESTIONS = TOP / "tests" / "agents" / "steps" / "dual_use.jsonl"
AROUND = (
    "Spider silk combines strength with extensibility.", "The fibres were drawn at a constant speed.",
    "We measured the stress at break with a tensile tester.", "Toughness rose with humidity in most of the samples.",
    "No difference between the groups was found.", "Each sample was weighed twice before the test.",
)  # fmt: skip
SUFFIXES = (".xml", ".nxml", ".md", ".pdf")


def main() -> None:
    """Prints the figures as Markdown."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--data", type=Path, default=TOP.parent / "shared" / "data")
    data: Path = options.parse_args().data
    out = sys.stdout.write
    out("| instructions | found | found whole |\n|---|---|---|\n")
    for half in ("dev", "test"):
        found, whole, of = instructions(half)
        out(f"| {half} half ({of}) | {found / of:.2f} | {whole / of:.2f} |\n")
    out("\n| papers | passages | quarantined | share |\n|---|---|---|---|\n")
    passages, alarms = Counter[str](), Counter[str]()
    words, seconds = 0, 0.0
    for kind, paper in papers(data):
        begun = time.process_time()
        for section in paper.sections:
            suspicions(section.text)
        seconds += time.process_time() - begun
        words += paper.words
        cuts = split(paper.sections, lambda text: len(text.split()), 400)
        passages[kind] += len(cuts)
        alarms[kind] += sum(cut.kind == QUARANTINED for cut in cuts)
    for kind in passages:
        out(f"| {kind} | {passages[kind]:,} | {alarms[kind]} | {alarms[kind] / passages[kind]:.4f} |\n")
    if passages:
        everything, all_alarms = passages.total(), alarms.total()
        out(f"| all | {everything:,} | {all_alarms} | {all_alarms / everything:.4f} |\n\n")
        out(f"Looking took {1000 * seconds / everything:.2f} s of processor time for 1,000 passages "
            f"({words / seconds:,.0f} words a second).\n")
    out("\n| questions | advised | of |\n|---|---|---|\n")
    rows = [json.loads(line) for line in QUESTIONS.read_text("utf-8").splitlines()]
    for half in ("dev", "test"):
        for raises, named in ((True, "that may serve harm"), (False, "that do not")):
            asked = [row["question"] for row in rows if row["half"] == half and row["raises"] is raises]
            out(f"| {half} half, {named} | {sum(advisory(one) is not None for one in asked)} | {len(asked)} |\n")
    if others := list(questions(data)):
        out(f"| asked of other collections | {sum(advisory(one) is not None for one in others)} | {len(others):,} |\n")


def instructions(half: str) -> tuple[int, int, int]:
    """(found, found whole, of how many) among the sentences of a paper."""
    rows = [json.loads(line) for line in INSTRUCTIONS.read_text("utf-8").splitlines()]
    chosen = [row["text"] for row in rows if row["half"] == half]
    chance = random.Random(7)
    found = whole = 0
    for text in chosen:
        at = chance.randrange(1, len(AROUND))
        written, before = tidy(text), " ".join(AROUND[:at]) + " "
        end = len(before) + len(written)
        held = sum(max(0, min(one.end, end) - max(one.start, len(before)))
                   for one in suspicions(f"{before}{written} {' '.join(AROUND[at:])}"))
        found += held > 0
        whole += held >= 0.95 * len(written)
    return found, whole, len(chosen)


def papers(data: Path) -> Iterator[tuple[str, PaperText]]:
    """The papers that are there, each with the name of its collection."""
    for folder in sorted((data / "papers").glob("*")):
        if not folder.name.startswith(("jats", "pdf", "joss")) or folder.name == "pdf-hostile":
            continue
        with tempfile.TemporaryDirectory() as unpacked:
            for archive in folder.glob("*.tar.xz"):
                with tarfile.open(archive) as held:
                    held.extractall(unpacked, filter="data")
            for place in (folder, Path(unpacked)):
                for file in sorted(place.rglob("*")):
                    if file.suffix.lower() in SUFFIXES and (paper := read(file)) is not None:
                        yield folder.name, paper
    for file, kind in ((data / "retrieval" / "scifact" / "corpus.jsonl.xz", "scifact"),
                       *((one, one.name.split(".")[0]) for one in sorted((data / "dated").glob("acl*/*.jsonl.xz")))):
        with lzma.open(file, "rt", encoding="utf-8") if file.exists() else tempfile.TemporaryFile("r") as lines:
            for line in lines:
                abstract = json.loads(line).get("abstract")
                text = " ".join(abstract) if isinstance(abstract, list) else abstract
                if text:
                    yield kind, corpus.paper_text({"id": "one", "text": text})


def read(file: Path) -> PaperText | None:
    """The paper in a file; None where there is none."""
    content = file.read_bytes()
    for reader in READERS:
        if file.suffix.lower() in reader.suffixes and reader.refuses(content[:4096]) is None:
            try:
                return reader.read(content)
            except HypographError:
                return None
    return None


def questions(data: Path) -> Iterator[str]:
    """Questions and claims of collections for retrieval."""
    scifact = data / "retrieval" / "scifact" / "claims_train.jsonl"
    if scifact.exists():
        yield from (json.loads(line)["claim"] for line in scifact.read_text("utf-8").splitlines())
    pubmedqa = data / "retrieval" / "pubmedqa" / "pqal_dev.json"
    if pubmedqa.exists():
        held = json.loads(pubmedqa.read_text("utf-8"))
        yield from (row["QUESTION"] for row in (held.values() if isinstance(held, dict) else held))


if __name__ == "__main__":
    main()
