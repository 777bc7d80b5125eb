"""Which files a job is given: folders walked in order, odd names made sayable."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import NotFound

LIBRARY_FILE = "library.sqlite"
"""A folder that holds this is a library, and no folder of papers."""


@dataclass(frozen=True, slots=True)
class File:
    """`path` as it was met, for opening; bytes that are no UTF-8 stand in it as half surrogate pairs."""

    path: str

    @property
    def shown(self) -> str:
        """The path as a report can say it."""
        return sayable(self.path)

    @property
    def name(self) -> str:
        """The file's name as a record can keep it."""
        return sayable(os.path.basename(self.path))

    @property
    def origin(self) -> str:
        """What tells this place from all others: its folder with all links resolved, and the file's name."""
        folder, name = os.path.split(os.path.abspath(self.path))
        whole = os.path.join(os.path.realpath(folder), name)
        return "file:" + os.fsencode(whole).decode("utf-8", "backslashreplace")


def sayable(path: str) -> str:
    """A path as text that can be printed and stored: a byte that is no UTF-8 becomes U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def found(paths: Sequence[str | os.PathLike[str]]) -> Iterator[File]:
    """The files named, and all those in the folders named and below them, each folder in the order of its names.

    Hidden files and folders, and folders that are libraries, are passed over unless they are named themselves; a
    folder that several links lead to is walked once. Raises NotFound, before the first file, for a path that is not
    there.
    """
    named = [os.fspath(path) for path in paths]
    for path in named:
        if not os.path.lexists(path):
            raise NotFound(
                f"No file or folder {sayable(path)!r}. Check the path; what is named is looked for from "
                f"{os.getcwd()!r}."
            )
    return _walked(named)


def _walked(named: Sequence[str]) -> Iterator[File]:
    seen: set[tuple[int, int]] = set()
    for path in named:
        if os.path.isdir(path):
            yield from _inside(path, seen)
        else:
            yield File(path)


def _inside(folder: str, seen: set[tuple[int, int]]) -> Iterator[File]:
    try:
        status = os.stat(folder)
        names = sorted(os.listdir(folder), key=os.fsencode)
    except OSError:
        # It is reported by whoever opens it.
        yield File(folder)
        return
    if (status.st_dev, status.st_ino) in seen or LIBRARY_FILE in names:
        return
    seen.add((status.st_dev, status.st_ino))
    for name in names:
        if name.startswith("."):
            continue
        path = os.path.join(folder, name)
        if os.path.isdir(path):
            yield from _inside(path, seen)
        else:
            yield File(path)


def total_bytes(files: Sequence[File]) -> int:
    """How large the files are together; those that cannot be looked at count nothing, compressed ones four times."""
    total = 0
    for file in files:
        try:
            size = Path(file.path).stat().st_size
        except OSError:
            continue
        total += size * (4 if file.path.endswith((".gz", ".xz")) else 1)
    return total
