"""A run while it is made, in a thread of its own: a page can draw each step as it comes, be left, and cancel it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar

from kg.budget import Usage
from kg.errors import HypographError

if TYPE_CHECKING:
    from agents.runs import Event

T = TypeVar("T")


class Making(Generic[T]):
    """A workflow that was started. `make` is called with what hears of each step, and gives back what came of it;
    `cancel` is called with the run's id, once there is one, when a person wishes that it stops.

    It stops at its next step, and before it asks a language model again. Pages may look at it from any thread.
    """

    def __init__(self, make: Callable[[Callable[[Event], None]], T], cancel: Callable[[str], None]) -> None:
        self._make, self._stop = make, cancel
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._result: T | None = None
        self._error: str | None = None
        self._cancelled = self._over = False
        self._begun = time.monotonic()
        self._seconds = 0.0
        threading.Thread(target=self._work, name="run", daemon=True).start()

    @property
    def events(self) -> tuple[Event, ...]:
        """The steps that were taken so far."""
        with self._changed:
            return tuple(self._events)

    @property
    def run(self) -> str | None:
        """The run's id, once a step was taken."""
        with self._changed:
            return self._events[0].run if self._events else None

    @property
    def over(self) -> bool:
        with self._changed:
            return self._over

    @property
    def cancelled(self) -> bool:
        """Whether a person wished that it stops."""
        with self._changed:
            return self._cancelled

    @property
    def result(self) -> T | None:
        """What came of it; None while it is made, and where nothing did."""
        with self._changed:
            return self._result

    @property
    def error(self) -> str | None:
        """Why nothing came of it, for people."""
        with self._changed:
            return self._error

    @property
    def seconds(self) -> float:
        """How long it has taken."""
        with self._changed:
            return self._seconds if self._over else time.monotonic() - self._begun

    @property
    def cost(self) -> Usage:
        """Tokens and money that its steps have cost so far; all tokens stand as read."""
        with self._changed:
            return sum((Usage(0, 0, one.tokens, 0, one.money) for one in self._events), Usage())

    def wait(self, seen: int, seconds: float) -> None:
        """Returns when there are more than `seen` steps, when it is over, or after so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._over or len(self._events) > seen, seconds)

    def cancel(self) -> None:
        """Wishes that it stops; nothing happens where it is over."""
        with self._changed:
            self._cancelled = True
        run = self.run
        if run is not None and not self.over:
            with suppress(HypographError):  # it may have ended in this moment
                self._stop(run)

    def _heard(self, event: Event) -> None:
        with self._changed:
            self._events.append(event)
            self._changed.notify_all()
            wished = self._cancelled
        if wished:  # before there was an id to pass on, or while another process writes this very run
            from agents.runs import Cancelled

            raise Cancelled(f"{event.run} was cancelled.")

    def _work(self) -> None:
        result: T | None = None
        error: str | None = "An unexpected mistake of Hypograph's; see the terminal."
        try:
            result = self._make(self._heard)
            error = None
        except HypographError as told:
            error = str(told)
        finally:  # the traceback of anything else goes to the terminal
            with self._changed:
                self._result, self._error, self._over = result, error, True
                self._seconds = time.monotonic() - self._begun
                self._changed.notify_all()
