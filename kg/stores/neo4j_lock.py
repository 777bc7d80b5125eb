"""The one writer's place of a library on a server: a node that says who has it, and until when.

The server's clock alone counts. A writer that is alive renews its hold; one that died loses it, and another takes it
over. A writer that was away for too long, such as a laptop that slept, finds its place taken at its next write.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kg.errors import LibraryError

if TYPE_CHECKING:
    from kg.stores.neo4j_connections import Connections

HOLD_S = 20.0
_ASK_AGAIN_S = 0.3

_log = logging.getLogger(__name__)

_TAKE = """
MERGE (lock:Lock {name: 'writer'}) SET lock.asked = timestamp()
WITH lock WHERE lock.holder IS NULL OR lock.holder = $me OR lock.until < timestamp()
SET lock.holder = $me, lock.who = $who, lock.until = timestamp() + $hold
RETURN lock.holder AS holder
"""
_RENEW = """
MATCH (lock:Lock {name: 'writer'}) SET lock.asked = timestamp()
WITH lock WHERE lock.holder = $me
SET lock.until = timestamp() + $hold
RETURN lock.holder AS holder
"""
_LEAVE = "MATCH (lock:Lock {name: 'writer', holder: $me}) REMOVE lock.holder, lock.who, lock.until"
_ASK = "MATCH (lock:Lock {name: 'writer'}) RETURN lock.who AS who"


class WriterLock:
    """One process' way to the writer's place. `hold` is for how many seconds a sign of life lasts."""

    def __init__(self, connections: Connections, hold: float = HOLD_S) -> None:
        self._connections, self._hold = connections, hold
        self._me: str | None = None

    @contextmanager
    def held(self, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        """Waits for the place and holds it. `on_wait` is told once whom it waits for."""
        me = uuid.uuid4().hex
        self._wait(me, on_wait)
        self._me = me
        done = threading.Event()
        renewing = threading.Thread(target=self._renew, args=(me, done), name="hypograph-writer-lock", daemon=True)
        renewing.start()
        try:
            with self._connections.patiently():
                yield
        finally:
            self._me = None
            done.set()
            renewing.join()
            try:
                self._connections.plain(_LEAVE, me=me)
            except LibraryError as error:  # the server has gone: the hold ends by itself
                _log.info("the writer's place was left without saying so: %s", error)

    def confirm(self, tx: Any) -> float:
        """Makes write transactions come one after the other, and raises LibraryError when this process' place was taken
        over meanwhile. Gives back when that was, for `prolong`."""
        row = tx.run(
            "MERGE (lock:Lock {name: 'writer'}) SET lock.asked = timestamp() RETURN lock.holder AS holder"
        ).single(strict=True)
        if self._me is not None and row["holder"] != self._me:
            raise LibraryError(
                f"The writer's place of {self._connections.place} was taken over by another program, since this one "
                "gave no sign of life for too long. What was committed stays; run the same command again."
            )
        return time.monotonic()

    def prolong(self, tx: Any, begun: float) -> None:
        """Renews the hold at the end of a write transaction that was long: it keeps the thread that does so from it."""
        if self._me is not None and time.monotonic() - begun > self._hold / 4:
            tx.run(_RENEW, me=self._me, hold=self._milliseconds).consume()

    @property
    def _milliseconds(self) -> int:
        return int(1000 * self._hold)

    def _wait(self, me: str, on_wait: Callable[[str], None] | None) -> None:
        who = f"process {os.getpid()} on {socket.gethostname()}"
        told = on_wait is None
        while not self._connections.plain(_TAKE, me=me, who=who, hold=self._milliseconds):
            if not told and on_wait is not None:
                holder = self._connections.plain(_ASK)
                name = holder[0]["who"] if holder and holder[0]["who"] else "another program"
                on_wait(f"Another program ({name}) is writing to {self._connections.place}: waiting for it to end.")
                told = True
            time.sleep(_ASK_AGAIN_S)

    def _renew(self, me: str, done: threading.Event) -> None:
        while not done.wait(self._hold / 4):
            try:
                if not self._connections.plain(_RENEW, me=me, hold=self._milliseconds):
                    return  # taken over: the next write says so
            except LibraryError as error:
                _log.info("no sign of life could be given: %s", error)
