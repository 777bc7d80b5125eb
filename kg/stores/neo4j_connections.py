"""Transactions on a Neo4j server: one state for readers, all or nothing for writers, and errors in a user's words.

The server itself lets a reader see one half of a commit and then, in a later query, the other. So every reader holds
the library's gate: a shared lock on its entry in an index, which `MERGE` takes for as long as the transaction lasts. A
writer does all its work beside the readers and takes the entry for itself only to commit.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from neo4j import GraphDatabase
from neo4j.exceptions import (
    AuthError,
    ClientError,
    ConfigurationError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
)

from kg.errors import DiskFull, LibraryError

if TYPE_CHECKING:
    from neo4j import ManagedTransaction, Record, Result, Session, Transaction

    from kg.addresses import Server

T = TypeVar("T")
Work = Callable[["ManagedTransaction | Transaction"], T]

ENTER = "MERGE (gate:Gate {name: 'library'})"
_CLOSE = "MATCH (gate:Gate {name: 'library'}) SET gate.name = 'closed' SET gate.name = 'library'"
_READ_PATIENCE = 3.0  # seconds that a read is tried again for: long enough for a connection that went stale
_CONNECT_S = 10.0


class Connections:
    """A pool of connections to one database. May be used from several threads.

    `patience` is for how many seconds a write is tried again after errors that may pass, such as a change of leader.
    """

    def __init__(self, server: Server, user: str, password: str | None, patience: float) -> None:
        self.place = str(server)
        self._user, self._database = user, server.database
        self._patience = patience
        self._held = threading.local()
        self._closed = False
        with translated(self.place, user, self._database):
            self._driver = GraphDatabase.driver(
                server.uri,
                auth=None if password is None else (user, password),
                connection_timeout=_CONNECT_S,
                connection_acquisition_timeout=2 * _CONNECT_S,
                max_transaction_retry_time=patience,
                notifications_min_severity="OFF",
                user_agent="hypograph",
            )

    def translated(self) -> Any:
        """Errors of the driver and the server in a user's words."""
        return translated(self.place, self._user, self._database)

    # Reading

    @contextmanager
    def reading(self) -> Iterator[None]:
        """One state of the library for all reads of this thread inside."""
        if self._tx() is not None:
            yield
            return
        with self._entered() as tx:
            self._held.tx = tx
            try:
                yield
            finally:
                self._held.tx = None

    def all(self, query: str, /, **values: object) -> list[Record]:
        """The rows of a query, read at once."""
        with self.translated():
            if (tx := self._tx()) is not None:
                return list(tx.run(query, values))
            # One round trip: the gate is entered in the same query, before anything else of it.
            return self._again(lambda: self._alone(f"{ENTER} WITH gate {query}", values))

    def rows(self, query: str, /, **values: object) -> Iterator[Record]:
        """The rows of a query as they are asked for; memory holds a few hundred."""
        if (tx := self._tx()) is not None:
            yield from self._streamed(tx.run(query, values))
            return
        with self._entered() as tx:
            stream = _Stream(tx, tx.run(query, values))
            streams: list[_Stream] = self._streams()
            streams.append(stream)
            try:
                yield from self._streamed(stream)
            finally:
                streams.remove(stream)

    def plain(self, query: str, /, **values: object) -> list[Record]:
        """The rows of a query on what is no part of the library's state: locks, settings, runs."""
        with self.translated():
            return self._again(lambda: self._alone(query, values))

    def looked(self, query: str, values: dict[str, object], most: int | None = None) -> tuple[list[str], list[Record]]:
        """The keys and rows of somebody's own query, which may change nothing."""
        from neo4j import READ_ACCESS

        with self.translated(), self._session(default_access_mode=READ_ACCESS) as session:
            result = session.run(query, values)
            return list(result.keys()), list(result) if most is None else result.fetch(most)

    def _alone(self, query: str, values: dict[str, object]) -> list[Record]:
        with self._session() as session:
            return list(session.run(query, values))

    def _streamed(self, rows: Any) -> Iterator[Record]:
        waiting = iter(rows)
        while True:
            with self.translated():
                row = next(waiting, None)
            if row is None:
                return
            yield row

    @contextmanager
    def _entered(self) -> Iterator[Transaction]:
        """A transaction that holds the gate."""
        with self.translated():
            session, tx = self._again(self._begun)
        try:
            yield tx
        finally:
            with self.translated():
                tx.close()
                session.close()

    def _begun(self) -> tuple[Session, Transaction]:
        session = self._session()
        try:
            tx = session.begin_transaction()
            tx.run(ENTER).consume()
        except (DriverError, Neo4jError):
            session.close()
            raise
        return session, tx

    @contextmanager
    def patiently(self) -> Iterator[None]:
        """Reads of this thread inside are tried again for as long as writes are: they are a writer's own."""
        self._held.patience = self._patience
        try:
            yield
        finally:
            self._held.patience = _READ_PATIENCE

    def _again(self, read: Callable[[], T]) -> T:
        """Tries once more after an error that may pass: a connection from the pool may have gone stale."""
        until = time.monotonic() + getattr(self._held, "patience", _READ_PATIENCE)
        while True:
            try:
                return read()
            except (DriverError, Neo4jError) as error:
                if not error.is_retryable() or time.monotonic() > until:
                    raise
                time.sleep(0.2)

    # Writing

    def write(self, work: Work[T]) -> T:
        """Does the work in one transaction; again from its beginning after an error that may pass. Inside `reading` of
        this thread, in that transaction."""
        with self.translated():
            if (tx := self._tx()) is not None:
                return work(tx)
            for stream in self._streams():
                stream.drain()
            with self._session() as session:
                return session.execute_write(lambda tx: self._closing(work, tx))

    @staticmethod
    def _closing(work: Work[T], tx: ManagedTransaction) -> T:
        done = work(tx)
        tx.run(_CLOSE).consume()
        return done

    def _tx(self) -> Transaction | None:
        held: Transaction | None = getattr(self._held, "tx", None)
        return held

    def _streams(self) -> list[_Stream]:
        if not hasattr(self._held, "streams"):
            self._held.streams = []
        found: list[_Stream] = self._held.streams
        return found

    # The driver

    def _session(self, **more: Any) -> Session:
        if self._closed:
            raise LibraryError(f"The library {self.place} was closed: open it again with kg.open_library(…).")
        if self._database is None:
            # Otherwise the server is asked for it with each session.
            with self._driver.session() as session:
                self._database = str(session.run("CALL db.info() YIELD name RETURN name").single(strict=True)["name"])
        return self._driver.session(database=self._database, **more)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._driver.close()


class _Stream:
    """Rows that are read lazily, unless their thread is about to write: a writer waits for all readers, and would wait
    for itself."""

    def __init__(self, tx: Transaction, rows: Result) -> None:
        self._tx = tx
        self._rows: Any = rows
        self._kept: deque[Record] | None = None

    def drain(self) -> None:
        if self._kept is None:
            self._kept = deque(self._rows)
            self._tx.close()

    def __iter__(self) -> Iterator[Record]:
        while True:
            if self._kept is None:
                row = next(self._rows, None)
                if row is None:
                    return
                yield row
            elif self._kept:
                yield self._kept.popleft()
            else:
                return


@contextmanager
def translated(place: str, user: str, database: str | None) -> Iterator[None]:
    """Errors of the driver and the server in a user's words."""
    try:
        yield
    except IncompleteCommit as error:
        raise LibraryError(
            f"The connection to {place} was lost at the moment of a commit, and whether it was made is not known. "
            "Nothing is there in part. Run the same command again: what is there already is passed over."
        ) from error
    except AuthError as error:
        raise LibraryError(
            f"The server at {place} does not let {user!r} in. Set HYPOGRAPH_NEO4J_USER and HYPOGRAPH_NEO4J_PASSWORD"
            + (" (after some seconds: it was tried too often)." if "RateLimit" in (error.code or "") else ".")
        ) from error
    except Neo4jError as error:
        known = _known(error, place, user, database)
        if known is None:
            raise
        raise known from error
    except (DriverError, ConfigurationError, OSError, ValueError) as error:
        if isinstance(error, ValueError) and not isinstance(error, DriverError | ConfigurationError):
            raise
        raise LibraryError(
            f"No Neo4j server answers at {place} ({type(error).__name__}). Is it running, and is the address right? "
            "What was committed stays; the same command goes on from there. A library in a folder needs no server."
        ) from error


def _known(error: Neo4jError, place: str, user: str, database: str | None) -> LibraryError | None:
    """The error that a user can do something about; None for a mistake of the program itself."""
    code, message = error.code or "", error.message or ""
    if _disk_is_full(code, message):
        return DiskFull(
            f"The server at {place} cannot write: its disk is full, or failed. The paper at hand was not stored, all "
            "that was committed before stays. Free some space there, restart the server, and run the same command "
            "again."
        )
    if "needs to be restarted" in message:
        return LibraryError(
            f"The database at {place} has stopped, as it does when its disk is full or fails. What was committed "
            "stays. Free some space there, restart the server, and run the same command again."
        )
    if "DatabaseNotFound" in code:
        return LibraryError(
            f"There is no database {database!r} on the server at {place}. Leave it out of the address to take the "
            "server's own, or make it there (the community edition has one alone)."
        )
    if "Forbidden" in code or "Security" in code:
        return LibraryError(
            f"The server at {place} does not let {user!r} do this ({message}). Give that user the right to write, or "
            "set HYPOGRAPH_NEO4J_USER to another."
        )
    if "OutOfMemory" in code:
        return LibraryError(
            f"The server at {place} ran out of memory for one transaction; nothing of it is there. Raise "
            "server.memory.heap.max_size (in docker-compose.yml: HYPOGRAPH_NEO4J_HEAP), and run the same command again."
        )
    if isinstance(error, ClientError) and not error.is_retryable():
        return None
    return LibraryError(
        f"The server at {place} cannot do it now ({code}: {message}). What was committed stays. Look at the server's "
        "logs; then run the same command again."
    )


def _disk_is_full(code: str, message: str) -> bool:
    # What a server says whose disk has no room for its log: seen on 5.26.
    return code.endswith(("TransactionLogError", "TransactionCommitFailed")) or "no space left" in message.lower()
