"""Papers of many fields as paragraphs, to read relations of: articles (JATS, Markdown, XMI) and abstracts."""

import json
import lzma
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from ingest.readers import reader_for
from kg.errors import HypographError


@dataclass(frozen=True)
class Paper:
    """`field` is a rough one; `paragraphs` are without those that say little."""

    id: str
    field: str
    paragraphs: tuple[str, ...]


def papers(data: Path, held: str) -> Iterator[Paper]:
    """The papers of one holding: "plos", "elife", "misc", "joss", "materials", "abstracts" or "language"."""
    reading = {
        "plos": lambda: _articles(data / "papers/jats-plos/plos-jats.tar.xz", "biology"),
        "elife": lambda: _articles(data / "papers/jats-elife/elife-jats.tar.xz", "life sciences"),
        "misc": lambda: _articles(data / "papers/jats-misc/jats-misc.tar.xz", "medicine"),
        "joss": lambda: _software(data / "papers/joss-md-bib-pdf"),
        "materials": lambda: _materials(data / "extraction/mulms/mulms-train-dev.tar.xz"),
        "abstracts": lambda: _abstracts(data / "extraction/stm/stm-entities-80.tar.xz"),
        "language": lambda: _language(data / "dated/acl-anthology/acl-2016-2020.jsonl.xz"),
    }
    return reading[held]()


def _paper(name: str, field: str, text: str) -> Paper:
    parts = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return Paper(name, field, tuple(part for part in parts if len(part.split()) >= 12))


def _read(name: str, content: bytes, field: str) -> Iterator[Paper]:
    try:
        text = reader_for(name, content[:4096]).read(content)
    except HypographError:
        return
    kept = [section.text for section in text.sections if section.kind not in ("references", "acknowledgements")]
    paper = _paper(Path(name).stem, field, "\n\n".join(kept))
    if len(paper.paragraphs) >= 3:
        yield paper


def _articles(archive: Path, field: str) -> Iterator[Paper]:
    with tarfile.open(archive) as opened:
        for item in sorted(opened.getmembers(), key=lambda item: item.name):
            file = opened.extractfile(item)
            if file is not None and item.name.endswith((".xml", ".nxml")):
                yield from _read(item.name, file.read(), field)


def _software(folder: Path) -> Iterator[Paper]:
    for path in sorted(folder.glob("*/paper.md")):
        for paper in _read(path.name, path.read_bytes(), "software"):
            yield Paper(path.parent.name, paper.field, paper.paragraphs)


def _materials(archive: Path) -> Iterator[Paper]:
    with tarfile.open(archive) as opened:
        for item in sorted(opened.getmembers(), key=lambda item: item.name):
            file = opened.extractfile(item)
            if file is None or not item.name.startswith("xmi/") or not item.name.endswith(".xmi"):
                continue
            found = re.search(r'sofaString="([^"]*)"', file.read().decode("utf-8"))
            if found is not None:
                text = re.sub(r"  +", "\n\n", unescape(found.group(1)))
                yield _paper(Path(item.name).stem, "materials", text)


def _abstracts(archive: Path) -> Iterator[Paper]:
    with tarfile.open(archive) as opened:
        for item in sorted(opened.getmembers(), key=lambda item: item.name):
            file = opened.extractfile(item)
            if file is not None and item.name.endswith(".txt"):
                _, field, name = item.name.split("/")
                yield _paper(Path(name).stem, field, file.read().decode("utf-8"))


def _language(path: Path) -> Iterator[Paper]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            text = row.get("abstract") or row.get("text") or ""
            if len(text.split()) > 60:
                yield _paper(str(row.get("id")), "language technology", text)
