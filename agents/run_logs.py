"""Where runs are kept, line by line as they happen, apart from the facts of a library."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from kg.errors import LibraryError, NotFound

if TYPE_CHECKING:
    from filelock import FileLock

_RUN = re.compile(r"run-[0-9a-f]+")


class RunLog(Protocol):
    """Keeps the lines of runs: the inputs first, then what happened. `tests/contracts/run_log.py` is what the words
    here mean."""

    def begin(self, run: str, inputs: Mapping[str, Any]) -> bool:
        """Begins a run anew: what was kept of it is replaced. False where somebody else is making this very run right
        now: then nothing is written, since theirs will have the same lines."""

    def resume(self, run: str) -> bool:
        """Goes on with a run that was kept; a wish to cancel it is forgotten. False as for `begin`."""

    def append(self, run: str, line: Mapping[str, Any]) -> None:
        """Writes the next line; it stays, whatever happens to the program afterwards."""

    def close(self, run: str) -> None:
        """Says that this program writes no more of the run for now."""

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        """The inputs, then the lines, as they were written. Raises NotFound for a run that was never made."""

    def cancel(self, run: str) -> None:
        """Wishes that whoever makes the run stops. Raises NotFound as `read` does."""

    def is_cancelled(self, run: str) -> bool:
        """Whether that was wished since the run was begun or resumed."""

    def is_open(self, run: str) -> bool | None:
        """Whether somebody is making it right now; None where that cannot be known."""


class MemoryLog:
    """Keeps runs as long as the program lives."""

    def __init__(self) -> None:
        self._runs: dict[str, list[dict[str, Any]]] = {}
        self._cancelled: set[str] = set()
        self._open: set[str] = set()

    def begin(self, run: str, inputs: Mapping[str, Any]) -> bool:
        self._runs[run] = [_plain(inputs)]
        return self.resume(run)

    def resume(self, run: str) -> bool:
        self._cancelled.discard(run)
        self._open.add(run)
        return True

    def append(self, run: str, line: Mapping[str, Any]) -> None:
        self._runs[run].append(_plain(line))

    def close(self, run: str) -> None:
        self._open.discard(run)

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        if run not in self._runs:
            raise no_run(run)
        return iter(tuple(self._runs[run]))

    def cancel(self, run: str) -> None:
        self.read(run)
        self._cancelled.add(run)

    def is_cancelled(self, run: str) -> bool:
        return run in self._cancelled

    def is_open(self, run: str) -> bool | None:
        return run in self._open


class FolderLog:
    """Keeps each run as JSON lines in a file of its own. Who makes a run holds a lock, which ends with the process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._locks: dict[str, FileLock] = {}

    def begin(self, run: str, inputs: Mapping[str, Any]) -> bool:
        file = self._file(run)
        try:
            self._folder.mkdir(exist_ok=True)
            if not self._locked(run):
                return False
            self._wish(run).unlink(missing_ok=True)
            fresh = file.with_suffix(".new")
            fresh.write_text(_line(inputs), encoding="utf-8")
            fresh.replace(file)
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def resume(self, run: str) -> bool:
        file = self._file(run)
        try:
            if not self._locked(run):
                return False
            self._wish(run).unlink(missing_ok=True)
            # A last line without its end was being written when the program was killed.
            whole = file.read_bytes()
            if not whole.endswith(b"\n"):
                with file.open("r+b") as cut:
                    cut.truncate(whole.rfind(b"\n") + 1)
        except OSError as error:
            raise self._unwritable(error) from error
        return True

    def append(self, run: str, line: Mapping[str, Any]) -> None:
        try:
            with self._file(run).open("a", encoding="utf-8") as file:
                file.write(_line(line))
        except OSError as error:
            raise self._unwritable(error) from error

    def close(self, run: str) -> None:
        if (lock := self._locks.pop(run, None)) is not None:
            with suppress(OSError):  # the lock holds without its file being there, and the file without the lock
                Path(lock.lock_file).unlink(missing_ok=True)
            lock.release()

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        try:
            text = self._file(run).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise no_run(run) from None
        return (json.loads(line) for line in text.split("\n")[:-1])

    def cancel(self, run: str) -> None:
        if not self._file(run).exists():
            raise no_run(run)
        try:
            self._wish(run).touch()
        except OSError as error:
            raise self._unwritable(error) from error

    def is_cancelled(self, run: str) -> bool:
        return self._wish(run).exists()

    def is_open(self, run: str) -> bool | None:
        if run in self._locks:
            return True
        if not self._file(run).with_suffix(".lock").exists():
            return False
        try:
            free = self._locked(run)
        except OSError:  # a place that may be read alone
            return None
        if free:
            self.close(run)
        return not free

    def _locked(self, run: str) -> bool:
        """Takes the lock of a run; False where another holds it."""
        from filelock import FileLock, Timeout

        if run in self._locks:
            return False
        lock = FileLock(self._file(run).with_suffix(".lock"), timeout=0, thread_local=False)
        try:
            lock.acquire()
        except Timeout:
            return False
        self._locks[run] = lock
        return True

    def _wish(self, run: str) -> Path:
        return self._file(run).with_suffix(".cancel")

    def _file(self, run: str) -> Path:
        if not _RUN.fullmatch(run):
            raise no_run(run)
        return self._folder / f"{run}.jsonl"

    def _unwritable(self, error: OSError) -> LibraryError:
        return LibraryError(
            f"The run cannot be written to {self._folder}: {error.strerror}. Make room or give permission, or ask "
            "without keeping runs."
        )


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """As it would be read back."""
    plain: dict[str, Any] = json.loads(_line(value))
    return plain


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True) + "\n"


def no_run(run: str) -> NotFound:
    """What is said of a run that is not kept."""
    return NotFound(
        f"No run {run[:60]!r}. Its id stands in the answer that it gave; `hypograph runs` lists those kept."
    )
