"""Connections to one SQLite file, shared by threads."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import DiskFull, LibraryError
from kg.identity import work_id

_BUSY_MS = 60_000


class Connections:
    """A pool: each operation has a connection to itself, and gives it back for other threads to use.

    Not one connection a thread: web servers make threads without end.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._free: list[sqlite3.Connection] = []
        self._guard = threading.Lock()
        self._held = threading.local()
        self._closed = False

    @contextmanager
    def one(self) -> Iterator[sqlite3.Connection]:
        """A connection; inside `reading` and `transaction` of this thread, theirs."""
        held: sqlite3.Connection | None = getattr(self._held, "connection", None)
        with translated(self._file):
            if held is not None:
                yield held
                return
            connection = self._taken()
            try:
                yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the library for all reads of this thread inside."""
        with self._spanning("BEGIN") as connection:
            yield connection

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """A write: all of it happens, or nothing."""
        with self._spanning("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _spanning(self, begin: str) -> Iterator[sqlite3.Connection]:
        with self.one() as connection:
            if connection.in_transaction:  # of this thread's own: it ends where it began
                yield connection
                return
            connection.execute(begin)
            self._held.connection = connection
            try:
                yield connection
                connection.commit()
            finally:
                self._held.connection = None
                connection.rollback()  # of what was not committed; after a commit, nothing

    def close(self) -> None:
        with self._guard:
            self._closed = True
            free, self._free = self._free, []
        for connection in free:
            connection.close()

    def _taken(self) -> sqlite3.Connection:
        with self._guard:
            if self._closed:
                raise LibraryError(
                    f"The library {self._file.parent} was closed: open it again with kg.open_library(…)."
                )
            if self._free:
                return self._free.pop()
        return self._opened()

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._guard:
            closed = self._closed
            if not closed:
                self._free.append(connection)
        if closed:
            connection.close()

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self._file, timeout=_BUSY_MS / 1000, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        for pragma in (
            f"busy_timeout = {_BUSY_MS}",
            "synchronous = NORMAL",
            "temp_store = MEMORY",
            "cache_size = -32000",
            "trusted_schema = OFF",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("casefold", 1, str.casefold, deterministic=True)
        connection.create_function("work_id", 1, work_id, deterministic=True)
        return connection


@contextmanager
def translated(file: Path) -> Iterator[None]:
    """Errors of SQLite in a user's words."""
    try:
        yield
    except sqlite3.OperationalError as error:
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith("SQLITE_FULL") or name in (
            "SQLITE_IOERR_WRITE",
            "SQLITE_IOERR_SHMSIZE",
            "SQLITE_IOERR_TRUNCATE",
        ):
            raise DiskFull(
                f"No space left on the disk of {file.parent}: the paper at hand was not stored, all that was "
                "committed before stays. Free some space and run the same command again."
            ) from error
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            raise LibraryError(
                f"{file} has been locked by another program for {_BUSY_MS // 1000} s. Wait until it has "
                "ended, then try again."
            ) from error
        raise LibraryError(
            f"{file} cannot be used: {error}. Look at its permissions and its disk, or run `hypograph doctor`."
        ) from error
    except sqlite3.DatabaseError as error:
        if isinstance(error, sqlite3.ProgrammingError | sqlite3.IntegrityError | sqlite3.InterfaceError):
            raise
        raise LibraryError(
            f"{file} is damaged or no library ({error}). Put a copy of the file back, or move it away and "
            "ingest the papers again."
        ) from error
