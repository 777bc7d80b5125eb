"""What each step of answering is good for, without a language model: figures with all steps, and with each left out.

    python benchmarks/answers.py [--held-out] [--library L] [--without STEP ...] [--show]
                                 [--abstracts FILE --absent FILE [--sample N]]

The questions of `benchmarks/answers/questions.jsonl` were written for this, over the sample articles (`ui/sample`). One
in three is held out: they are asked with `--held-out` alone, and were not looked at while the steps were made. A
question has one outcome, right or wrong:

    fact        the first quote says what was asked for (`first`), or one of the quotes does (`says`)
    several     the question is taken as that many, each is answered or not as it should be, each has its quote
    comparison  a quote for each side; not answered where one side is not in the papers
    premise     the sentence is quoted that speaks against what the question assumes, and a note says so; none where
                the papers agree
    ambiguous   the readings are those that the papers have
    follow-up   the completed question holds what it should, and not what it should not; the right sentence is quoted
    survey      at least that many papers are quoted
    residue     a quote for each thing that is named
    absent      not answered

With `--abstracts` (PubMedQA's ori_pqal.json: a question is answered by its own abstract) and `--absent` (JSON lines
`{query, kind}`, questions that the abstracts do not answer) also: answered, cited (the question's own abstract is among
the citations), and abstained. `--sample N` takes that many of the former. Seconds are of one warm process.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import kg
from agents.answer import Answer
from agents.asking import STEPS, Step
from agents.steps.following import Turn
from agents.workflows import ask

HERE = Path(__file__).parent
QUESTIONS = HERE / "answers" / "questions.jsonl"
SAMPLE = HERE.parent / "ui" / "sample"
Row = dict[str, Any]


def answered(row: Row, library: kg.Library, steps: Sequence[Step]) -> Answer:
    """The answer to a question of the list, after those before it."""
    turns: list[Turn] = []
    for question in row.get("earlier", ()):
        told = ask(question, library, earlier=turns, steps=steps)
        turns.append(Turn(told.completed, told.sentences[0].text if told.sentences else ""))
    return ask(row["query"], library, earlier=turns, steps=steps)


def wrong(row: Row, answer: Answer) -> str | None:
    """What is not as it should be, None where all is."""
    quotes = [" ".join([sentence.text, *(one.quote for one in sentence.citations)]) for sentence in answer.sentences]

    def said(pattern: str, among: Sequence[str] = quotes) -> bool:
        return any(re.search(pattern, quote) for quote in among)

    if answer.answered is not row.get("answered", True):
        return f"answered: {answer.answered}"
    if "first" in row and not said(row["first"], quotes[:1]):
        return f"first: {quotes[:1]}"
    for pattern in row.get("says", ()):
        if not said(pattern):
            return f"does not say {pattern}: {quotes}"
    if "parts" in row and len(answer.parts) != row["parts"]:
        return f"parts: {[part.question for part in answer.parts]}"
    if "part_answered" in row and [part.answered for part in answer.parts] != row["part_answered"]:
        return f"parts answered: {[part.answered for part in answer.parts]}"
    check = next(event.outputs for event in answer.steps if event.step == "check")
    if "denied" in row:
        noted = any("speak against" in note or "disagree" in note for note in answer.notes)
        if noted is not (row["denied"] is not None) or (noted and not said(re.escape(row["denied"]))):
            return f"noted: {answer.notes}, {quotes[:2]}"
    if "readings" in row:
        means = [reading["means"].casefold() for reading in check["readings"]]
        if len(means) != len(row["readings"]) or not all(
            any(one in other for other in means) for one in row["readings"]
        ):
            return f"readings: {means}"
    for name, wanted in (("completed", True), ("not_completed", False)):
        for word in row.get(name, ()):
            if (word.casefold() in answer.completed.casefold()) is not wanted:
                return f"completed: {answer.completed}"
    if (papers := len({one.paper for sentence in answer.sentences for one in sentence.citations})) < row.get(
        "papers", 0
    ):
        return f"papers: {papers}"
    return None


def figures(rows: Sequence[Row], library: kg.Library, steps: Sequence[Step], show: bool) -> dict[str, float]:
    """The share that is right, by kind and over all."""
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        fault = wrong(row, answered(row, library, steps))
        if show and fault is not None:
            print(f"{row['id']} {row['query']}\n    {fault}", file=sys.stderr)
        for kind in (row["kind"], "all"):
            right[kind].append(fault is None)
    return {kind: statistics.fmean(values) for kind, values in right.items()}


def abstracts(
    path: Path, absent: Path, library: kg.Library, steps: Sequence[Step], sample: int | None
) -> dict[str, float]:
    """Questions about abstracts: whether they are answered, by the right one, and whether others are not."""
    own = json.loads(path.read_text(encoding="utf-8"))
    keys = sorted(own)[:: max(1, len(own) // sample)] if sample else sorted(own)
    found: dict[str, list[float]] = defaultdict(list)
    for key in keys:
        begun = time.perf_counter()
        answer = ask(own[key]["QUESTION"], library, steps=steps)
        found["seconds"].append(time.perf_counter() - begun)
        found["answered"].append(answer.answered)
        found["cited"].append(any(one.key == key for sentence in answer.sentences for one in sentence.citations))
    for line in absent.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found[f"abstained {row['kind']}"].append(not ask(row["query"], library, steps=steps).answered)
    seconds = sorted(found.pop("seconds"))
    return {name: statistics.fmean(values) for name, values in found.items()} | {
        "median s": statistics.median(seconds),
        "p95 s": seconds[int(0.95 * len(seconds))],
    }


def libraries(place: Path | None, path: Path | None, folder: Path) -> Iterator[kg.Library]:
    """The sample articles as a library, and the abstracts as another where they are asked about."""
    sample = kg.open_library(folder / "sample" if place is None else place)
    if place is None:
        sample.add(SAMPLE)
    yield sample
    if path is not None:
        corpus = folder / "abstracts.jsonl"
        rows = json.loads(path.read_text(encoding="utf-8"))
        corpus.write_text(
            "".join(json.dumps({"id": key, "text": "\n".join(row["CONTEXTS"])}) + "\n" for key, row in rows.items()),
            encoding="utf-8",
        )
        library = kg.open_library(folder / "abstracts")
        library.add(corpus)
        yield library


def table(rows: Sequence[tuple[str, dict[str, float]]]) -> str:
    """Figures side by side, as Markdown."""
    names = list(dict.fromkeys(name for _, one in rows for name in one))
    lines = [f"| | {' | '.join(names)} |", "|---|" + "---|" * len(names)]
    lines += [
        f"| {title} | {' | '.join(f'{one[name]:.3f}' if name in one else '' for name in names)} |"
        for title, one in rows
    ]
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--held-out", action="store_true", help="ask those that were held out instead")
    parser.add_argument("--library", type=Path, help="the sample articles, where they have been read already")
    parser.add_argument(
        "--without", nargs="*", choices=[*STEPS, "each"], default=[], help="leave out these, each alone"
    )
    parser.add_argument("--abstracts", type=Path)
    parser.add_argument("--absent", type=Path)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--show", action="store_true", help="say on stderr what is wrong")
    given = parser.parse_args()
    rows = [
        row
        for row in map(json.loads, QUESTIONS.read_text(encoding="utf-8").splitlines())
        if row["held_out"] is given.held_out
    ]
    with tempfile.TemporaryDirectory(prefix="hypograph-") as folder:
        sample, *others = libraries(given.library, given.abstracts, Path(folder))
        left_out: list[Step | None] = [None, *(STEPS if "each" in given.without else given.without)]
        results = []
        for step in left_out:
            steps = [one for one in STEPS if one != step]
            found = figures(rows, sample, steps, given.show)
            for library in others:
                found |= abstracts(given.abstracts, given.absent, library, steps, given.sample)
            results.append(("all steps" if step is None else f"without {step}", found))
        print(table(results))


if __name__ == "__main__":
    main()
