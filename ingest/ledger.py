"""What became of each source file in earlier jobs: its state, how often it was tried, and why it failed.

A ledger is no fact and no view of the library; without it a job does the same, only with more work. It is a text file
with a JSON object a line, of which the last for an origin holds, so that a crash costs one line at most.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from kg.errors import DiskFull


@dataclass(frozen=True, slots=True)
class Entry:
    """The state of one file: `state` as in a report. `lasting`: the same bytes will fail again with these versions."""

    origin: str
    digest: str
    versions: tuple[str, ...]
    state: str
    attempts: int
    reason: str | None = None
    lasting: bool = False


class Ledger:
    """Kept in one file, which is made with the first entry. One writer at a time: whoever holds the library's place."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._entries = {entry.origin: entry for entry in _read(path)}
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def entries(self) -> list[Entry]:
        """By origin."""
        return [self._entries[origin] for origin in sorted(self._entries)]

    def of(self, origin: str, digest: str, versions: Sequence[str]) -> Entry | None:
        """What became of these very bytes, read by these versions, at that origin."""
        entry = self._entries.get(origin)
        same = entry is not None and (entry.digest, entry.versions) == (digest, tuple(versions))
        return entry if same else None

    def note(
        self,
        origin: str,
        digest: str,
        versions: Sequence[str],
        state: str,
        reason: str | None = None,
        lasting: bool = False,
    ) -> None:
        """Adds what became of a file this time. Raises DiskFull."""
        before = self.of(origin, digest, versions)
        if before is not None and before.state == state == "unchanged":
            return
        entry = Entry(
            origin, digest, tuple(versions), state, 1 + (before.attempts if before is not None else 0), reason, lasting
        )
        self._entries[origin] = entry
        try:
            if self._file is None:
                self._file = self._opened()
            else:
                self._file.write(json.dumps(asdict(entry), sort_keys=True) + "\n")
            self._file.flush()
        except OSError as error:
            raise DiskFull(
                f"The ledger {str(self.path)!r} cannot be written: {error.strerror}. What was committed stays."
            ) from None

    def _opened(self) -> TextIO:
        """Writes the entries that hold anew, so that the file grows with the files and not with the jobs."""
        fresh = self.path.with_name(self.path.name + ".new")
        with fresh.open("w", encoding="ascii") as file:
            file.writelines(json.dumps(asdict(entry), sort_keys=True) + "\n" for entry in self.entries())
        fresh.replace(self.path)
        return self.path.open("a", encoding="ascii")

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _read(path: Path) -> list[Entry]:
    if not path.is_file():
        return []
    entries = []
    for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            row = json.loads(line)
            entries.append(Entry(**{**row, "versions": tuple(row["versions"])}))
        except (ValueError, TypeError, KeyError):
            # A line that a crash cut, or of another version: the file it speaks of is simply tried again.
            continue
    return entries
