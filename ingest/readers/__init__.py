"""One reader a format, and which of them a file is for."""

from __future__ import annotations

from ingest.readers.jats import JatsReader
from ingest.readers.markdown import MarkdownReader
from ingest.readers.paper_text import PaperReader, PaperText, Section
from ingest.readers.pdf import PdfReader
from ingest.readers.plain_text import PlainTextReader
from kg.errors import HypographError

READERS: tuple[PaperReader, ...] = (PdfReader(), JatsReader(), MarkdownReader(), PlainTextReader())

READABLE = "PDF (.pdf), JATS (.xml, .nxml), Markdown (.md), text (.txt) and corpora (.jsonl, .jsonl.gz, .jsonl.xz)"


class NotRead(HypographError):
    """A file is of a format that no reader is for; the message names those that are read."""


def reader_for(name: str, head: bytes) -> PaperReader:
    """The reader for a file of that name that begins with these bytes (some thousand are enough).

    Raises NotRead where there is none.
    """
    suffix = suffix_of(name)
    reader = next((reader for reader in READERS if suffix in reader.suffixes), None)
    if reader is None:
        what = f"files ending in {suffix!r} are not read" if suffix else "files without an ending are not read"
        raise NotRead(f"{what}; read are {READABLE}")
    if refused := reader.refuses(head):
        raise NotRead(f"{refused}; read are {READABLE}")
    return reader


def suffix_of(name: str) -> str:
    """The ending of a file's name in lower case, with its dot; "" where there is none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem and ending.isascii() and ending.isalnum() else ""


def reader_named(name: str) -> PaperReader:
    """The reader whose `name` that is. Raises KeyError."""
    return {reader.name: reader for reader in READERS}[name]


__all__ = [
    "READABLE",
    "READERS",
    "NotRead",
    "PaperReader",
    "PaperText",
    "Section",
    "reader_for",
    "reader_named",
    "suffix_of",
]
