"""Corpora: a paper a line of JSON, in a file that is read as a stream, compressed or not.

A line that cannot be used costs that line alone.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import lzma
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from ingest.readers.characters import clean, clean_line
from ingest.readers.headings import kind_of, opens_references
from ingest.readers.paper_text import PaperText, Section
from kg.errors import UnusableInput
from kg.identity import identifier
from kg.model import PaperFacts

VERSION = "1"
"""Part of the identity of every record from a corpus."""

SUFFIXES = (".jsonl", ".jsonl.gz", ".jsonl.xz")
LONGEST_ID = 1000

_CHUNK = 2**16
_MEMORY_OF_XZ = 256 * 2**20
_ENDLESS = 2**30
_HALF_PAIR = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class CorpusLine:
    """A line whose id is known. `digest` is the SHA-256 of its canonical JSON (sorted keys, no blanks, ASCII)."""

    number: int
    id: str
    digest: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used, and why, as the end of a sentence."""

    number: int
    reason: str


def is_corpus(name: str) -> bool:
    """Whether a file of that name is a corpus."""
    return name.lower().endswith(SUFFIXES)


def lines(file: BinaryIO, name: str, longest: int) -> Iterator[CorpusLine | BadLine]:
    """The lines of a corpus, numbered from 1; blank ones are passed over. `longest` counts bytes.

    Raises UnusableInput where the file itself goes wrong: cut, not compressed as its name says, without an end. What
    came before has been given by then.
    """
    for number, content in enumerate(_lines(file, name.lower(), longest), 1):
        if content is None:
            yield BadLine(number, f"it has more than {longest // 2**20} MiB")
        elif content.strip():
            yield _parsed(number, content)


def _lines(file: BinaryIO, name: str, longest: int) -> Iterator[bytes | None]:
    """Each line without its end; None for one that is too long."""
    parts: list[bytes] = []
    size = 0
    for chunk in _chunks(file, name):
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            yield b"".join([*parts, piece]) if size + len(piece) <= longest else None
            parts, size = [], 0
        size += len(rest)
        if size > longest:
            parts = []
        else:
            parts.append(rest)
        if size > max(_ENDLESS, 2 * longest):
            raise UnusableInput("it has a line without an end in its first GiB")
    if size:
        yield b"".join(parts) if size <= longest else None


def _chunks(file: BinaryIO, name: str) -> Iterator[bytes]:
    try:
        if name.endswith(".gz"):
            with gzip.open(file) as unpacked:
                while chunk := unpacked.read(_CHUNK):
                    yield chunk
        elif name.endswith(".xz"):
            yield from _from_xz(file)
        else:
            while chunk := file.read(_CHUNK):
                yield chunk
    except EOFError:
        raise UnusableInput("it is cut: its compressed end is missing; fetch it again") from None
    except (gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise UnusableInput(f"it is not compressed as its name says, or is damaged ({error})") from None
    except OSError as error:
        raise UnusableInput(f"it cannot be read: {error.strerror}") from None


def _from_xz(file: BinaryIO) -> Iterator[bytes]:
    """As lzma.open, but a file that asks for a huge dictionary gets none."""
    packed = file.read(_CHUNK)
    while packed:
        unpacker = lzma.LZMADecompressor(lzma.FORMAT_AUTO, memlimit=_MEMORY_OF_XZ)
        while not unpacker.eof:
            if unpacker.needs_input and not packed:
                packed = file.read(_CHUNK)
                if not packed:
                    raise EOFError
            if chunk := unpacker.decompress(packed, _CHUNK):
                yield chunk
            packed = b""
        packed = unpacker.unused_data
        # Files may be joined, with zeros between them.
        while not (packed := packed.lstrip(b"\0")):
            if not (packed := file.read(_CHUNK)):
                return


def _parsed(number: int, content: bytes) -> CorpusLine | BadLine:
    try:
        row = json.loads(content.decode("utf-8"))
        canonical = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    except UnicodeDecodeError as error:
        return BadLine(number, f"it is not UTF-8 at byte {error.start}")
    except json.JSONDecodeError as error:
        return BadLine(number, f"it is no JSON: {error.msg} at character {error.pos + 1}")
    except RecursionError:
        return BadLine(number, "it is nested too deep")
    except ValueError as error:
        return BadLine(number, f"it cannot be used: {error}")
    if not isinstance(row, dict):
        return BadLine(number, 'it is no JSON object; a line is {"id": "…", "title": "…", "text": "…"}')
    name = row.get("id")
    if not isinstance(name, str) or not name.strip():
        return BadLine(number, 'it has no "id", a string that is not empty')
    if len(name) > LONGEST_ID:
        return BadLine(number, f'its "id" has more than {LONGEST_ID} characters')
    if _HALF_PAIR.search(name) or "\0" in name:
        return BadLine(number, 'its "id" holds a null or half a surrogate pair, which cannot be kept')
    if not any(row.get(key) for key in ("text", "sections", "title")):
        return BadLine(number, 'it has none of "text", "sections" and "title"')
    return CorpusLine(number, name, hashlib.sha256(canonical.encode("ascii")).hexdigest(), row)


def paper_text(row: Mapping[str, Any]) -> PaperText:
    """The paper of a line. What is of another type than it should be is mended where its meaning is plain (a year in
    quotes, authors in one string), left out where it is an extra, and refused where it is the text itself."""
    written = {scheme: _word(row.get(scheme)) for scheme in ("doi", "pmid", "pmcid", "arxiv", "isbn")}
    registered = (identifier(scheme, value) for scheme, value in written.items())
    facts = PaperFacts(
        title=_word(row.get("title")),
        authors=tuple(_authors(row.get("authors"))),
        year=_year(row.get("year")),
        venue=venue if (venue := _word(row.get("venue"))) else None,
        identifiers=tuple(sorted({one for one in registered if one is not None})),
        status="retracted" if row.get("retracted") is True else None,
    )
    return PaperText(facts, tuple(_sections(row)))


def _word(value: Any) -> str:
    """A string or number on one line; "" for anything else."""
    return clean_line(str(value)) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _year(value: Any) -> int | None:
    if isinstance(value, str) and (found := re.search(r"(?<!\d)[12]\d{3}(?!\d)", value)):
        return int(found[0])
    if isinstance(value, int | float) and not isinstance(value, bool) and 1000 <= value < 3000:
        return int(value)
    return None


def _authors(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        value = re.split(r"\s*;\s*|\s+and\s+", value) if ";" in value or " and " in value else [value]
    for author in value if isinstance(value, list) else ():
        if isinstance(author, Mapping):
            parts = (author.get(key) for key in ("given", "first", "name", "family", "last"))
            author = " ".join(part for part in parts if isinstance(part, str))
        if isinstance(author, str) and (name := clean_line(author, 200)):
            yield name


def _sections(row: Mapping[str, Any]) -> Iterator[Section]:
    text, parts = row.get("text"), row.get("sections")
    if text is not None and not isinstance(text, str):
        raise UnusableInput(f'its "text" is {_type(text)}, not a string')
    if text and (whole := clean(text).strip()):
        yield Section(None, None, whole)
        return
    if parts is not None and not isinstance(parts, list):
        raise UnusableInput(f'its "sections" are {_type(parts)}, not a list of {{"heading": "…", "text": "…"}}')
    for place, part in enumerate(parts if parts is not None else (), 1):
        if not isinstance(part, Mapping) or not isinstance(part.get("text", ""), str | None):
            raise UnusableInput(f'section {place} is not {{"heading": "…", "text": "…"}}')
        if whole := clean(part["text"] if isinstance(part.get("text"), str) else "").strip():
            heading = part.get("heading")
            named = _word(heading)
            if opens_references(named):
                continue
            yield Section(named if named else None, kind_of(named) if named else None, whole)


def _type(value: Any) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "a number")
