"""Plain text: paragraphs parted by blank lines, a first line that is a title, lines that are headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.characters import LONGEST_TITLE, clean, clean_line, decode
from ingest.readers.headings import kind_of, opens_references
from ingest.readers.paper_text import PaperText, Section
from kg.model import PaperFacts

_BLANK = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_BULLET = re.compile(r"\s*(?:[*•‣◦▪–-]|\(?\d{1,2}[.)])\s+\S")
_NUMBERED = re.compile(r"(?:\d+(?:\.\d+)*|[IVX]+)[.)]?\s+[A-Z]\S*(?:\s+\S+){0,9}")


class PlainTextReader:
    """Reads texts as people and programs write them: one line a paragraph, or lines of 70 characters."""

    name = "text"
    version = "1"
    suffixes = frozenset({".txt", ".text"})

    def refuses(self, head: bytes) -> str | None:
        return None

    def read(self, content: bytes) -> PaperText:
        paragraphs = [part for part in _BLANK.split(clean(decode(content)).strip("\n")) if part.strip()]
        title = ""
        if len(paragraphs) > 1 and _is_title(paragraphs[0]):
            title = clean_line(paragraphs.pop(0))
        return PaperText(PaperFacts(title=title), tuple(_sections(paragraphs)))


def _is_title(paragraph: str) -> bool:
    short = len(paragraph) <= min(300, LONGEST_TITLE) and len(paragraph.strip().splitlines()) <= 3
    return short and not paragraph.rstrip().endswith((".", ":", ";", ",")) and not _is_heading(paragraph)


def _is_heading(paragraph: str) -> bool:
    line = paragraph.strip()
    if "\n" in line or len(line) > 80 or line.endswith((".", ",", ";")):
        return False
    known = kind_of(line, otherwise="") != "" and len(line.split()) <= 6
    return known or opens_references(line) or (_NUMBERED.fullmatch(line) is not None)


def _sections(paragraphs: list[str]) -> Iterator[Section]:
    heading: str | None = None
    kept: list[str] = []
    for paragraph in [*paragraphs, None]:
        if paragraph is not None and not _is_heading(paragraph):
            kept.append(_unwrapped(paragraph))
            continue
        if kept and not opens_references(heading):
            yield Section(heading, None if heading is None else kind_of(heading), "\n\n".join(kept))
        kept = []
        heading = None if paragraph is None else clean_line(paragraph).rstrip(":")


def _unwrapped(paragraph: str) -> str:
    """On one line, but for bullets and numbered points."""
    lines: list[str] = []
    for line in paragraph.splitlines():
        text = " ".join(line.split())
        if not lines or _BULLET.match(line):
            lines.append(text)
        else:
            lines[-1] = f"{lines[-1]} {text}".strip()
    return "\n".join(line for line in lines if line)
