"""Files are parsed in a process of their own, under limits of time and memory, and never in the one that asks.

A parser that hangs, crashes or takes all memory costs one file; the process is ended and the next file gets a new one.
"""

from __future__ import annotations

import hashlib
import os
import signal
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from ingest.child import MIB, Child, Failure
from ingest.readers.paper_text import PaperText
from kg.errors import UnusableInput

_GRACE = 1.0
HEAD = 16_384
"""Bytes of a file by which its format is told."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. `seconds` is time on the clock; `memory` counts bytes beyond what an idle reader has."""

    seconds: float = 60
    memory: int = 1024 * MIB
    file_bytes: int = 256 * MIB
    characters: int = 4_000_000
    line_bytes: int = 32 * MIB


@dataclass(frozen=True, slots=True)
class Request:
    """A file to be read, with the digest of the bytes that were meant."""

    path: str
    reader: str
    digest: str


class ReadingChild:
    """Reads files one after the other in a process that is started when it is first needed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def read(self, request: Request) -> PaperText | Failure:
        """The paper, or why it is none."""
        if self._child is None:
            self._child = Child(_reading, self._limits.memory)
        self._child.ask((request, self._limits))
        try:
            answer: PaperText | Failure = self._child.receive(self._limits.seconds)
        except TimeoutError:
            self._child = None
            return Failure(
                f"reading it took longer than {self._limits.seconds:g} seconds; it may be damaged", lasting=False
            )
        except EOFError:
            ended, self._child = self._child.how_it_ended(), None
            return Failure(
                f"its reader {ended}: it is damaged or needs more than {self._limits.memory // MIB} MiB", lasting=False
            )
        if isinstance(answer, Failure):
            # What a failed parser leaves behind is anybody's guess.
            self.close()
        return answer

    def close(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


def _reading() -> Callable[[tuple[Request, Limits]], PaperText]:
    """Runs in the child: what every format needs is loaded before memory is limited."""
    import lxml.etree
    import pypdfium2

    import ingest.readers

    _ = lxml.etree, pypdfium2, ingest.readers
    return _read


def _read(asked: tuple[Request, Limits]) -> PaperText:
    request, limits = asked
    # An orphan that is busy inside a regular expression runs no other thread; this the system itself sees to.
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE)
    try:
        return _paper(request, limits)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _paper(request: Request, limits: Limits) -> PaperText:
    from ingest.readers import reader_named

    content = content_of(request.path, limits)
    if hashlib.sha256(content).hexdigest() != request.digest:
        raise UnusableInput("it changed while it was being read; ingest it again")
    paper = reader_named(request.reader).read(content)
    if (length := sum(len(section.text) for section in paper.sections)) > limits.characters:
        raise UnusableInput(
            f"it has {length:,} characters of text, and a paper of at most {limits.characters:,} is read; "
            "split it into several files"
        )
    return paper


def content_of(path: str, limits: Limits) -> bytes:
    """The bytes of a regular file within the limit. Raises UnusableInput with the reason otherwise.

    Never waits: a named pipe or a device is refused before anything is read from it.
    """
    with open_file(path) as file:
        size = os.fstat(file.fileno()).st_size
        if size > limits.file_bytes:
            raise UnusableInput(
                f"it has {size / MIB:,.0f} MiB, and a file of at most {limits.file_bytes // MIB} MiB is read"
            )
        content = file.read(limits.file_bytes + 1)
    if not content:
        raise UnusableInput("it is empty")
    return content


def open_file(path: str) -> BinaryIO:
    """Opens a regular file for reading. Raises UnusableInput for what cannot be opened, and for all that is no file."""
    try:
        # Without O_NONBLOCK the opening of a pipe would wait for somebody to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        broken = (
            f"it is a link to {os.readlink(path)!r}, which is not there"
            if Path(path).is_symlink()
            else "it is not there"
        )
        raise UnusableInput(broken) from None
    except OSError as error:
        raise UnusableInput(f"it cannot be opened: {error.strerror}") from None
    kind = os.fstat(descriptor).st_mode
    if not stat.S_ISREG(kind):
        os.close(descriptor)
        raise UnusableInput(f"it is {_KINDS.get(stat.S_IFMT(kind), 'something else')}, not a file")
    return os.fdopen(descriptor, "rb")


_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}
