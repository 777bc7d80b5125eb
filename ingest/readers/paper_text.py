"""What a reader makes of a file, as plain values, and the port that readers stand behind."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Protocol

from kg.model import Box, PaperFacts


@dataclass(frozen=True, slots=True)
class Line:
    """Where text[start:end] of a section stands on its page."""

    start: int
    end: int
    box: Box


@dataclass(frozen=True, slots=True)
class Section:
    """Running text under one heading: paragraphs parted by blank lines, cleaned by `characters.clean`.

    `kind` is one of `headings.KINDS`. `lines` are there where the file has pages, in the order of the text.
    """

    heading: str | None
    kind: str | None
    text: str
    lines: tuple[Line, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class PaperText:
    """One paper as it was read: its facts and its running text, without references, formulas and tables."""

    facts: PaperFacts
    sections: tuple[Section, ...] = ()

    @property
    def words(self) -> int:
        return sum(len(section.text.split()) for section in self.sections)


class PaperReader(Protocol):
    """Reads one format. `name` and `version` are part of every record's identity: a change of what is read needs a
    new version."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def suffixes(self) -> Collection[str]:
        """Endings of file names, in lower case with their dot."""

    def refuses(self, head: bytes) -> str | None:
        """Why a file that begins with these bytes is of another format, as the end of a sentence; None when it may be
        this one."""

    def read(self, content: bytes) -> PaperText:
        """Raises `kg.errors.UnusableInput` with a reason a user can act on."""


def whole_text(sections: Collection[Section]) -> str:
    """The text into which a passage's `start` points."""
    return "\n\n".join(section.text for section in sections)
