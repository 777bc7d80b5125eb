"""Reading papers while the pages go on: each reading in a thread of its own, one at a time, and how far it is.

A page may be left, and its browser closed: the reading goes on, and any page can look at it.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import HypographError

if TYPE_CHECKING:
    from ingest.report import Progress, Report
    from kg.library import Library

State = Literal["queued", "reading", "waiting", "done", "failed"]
Then = Callable[["Report"], None]
_KEPT = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment of a reading. `done` of `total` files are through; `says` is for people: which file is at hand, whom
    it waits for, or why it failed."""

    id: str
    state: State = "queued"
    done: int = 0
    total: int = 0
    says: str = "Waits for the reading before it"
    report: Report | None = None

    @property
    def over(self) -> bool:
        return self.state in ("done", "failed")


class Readings:
    """The readings into one library that this process was asked for."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._readings: dict[str, Reading] = {}

    def start(self, paths: Sequence[Path], then: Then | None = None) -> str:
        """Reads files or folders as soon as those before are through, and gives back the reading's id at once.

        `then` is told the report before the reading counts as over.
        """
        id = uuid.uuid4().hex[:12]
        with self._guard:
            over = [one.id for one in self._readings.values() if one.over]
            for old in over[: max(0, len(self._readings) - _KEPT)]:
                del self._readings[old]
            self._readings[id] = Reading(id)
        # A daemon: when the app ends, so does the reading, between two papers or within one; a library survives that.
        threading.Thread(target=self._run, args=(id, tuple(paths), then), name=f"reading {id}", daemon=True).start()
        return id

    def of(self, id: str) -> Reading | None:
        """How that reading is now; None when nobody knows it any more."""
        with self._guard:
            return self._readings.get(id)

    def under_way(self) -> list[Reading]:
        """Those that are not over, in the order in which they were asked for."""
        with self._guard:
            return [one for one in self._readings.values() if not one.over]

    def _run(self, id: str, paths: tuple[Path, ...], then: Then | None) -> None:
        try:
            with self._turn:
                self._note(id, state="reading", says="Getting ready")
                report = self._library.add(*paths, on_progress=lambda moment: self._heard(id, moment))
                if then is not None:
                    then(report)
        except HypographError as error:
            self._note(id, state="failed", says=str(error))
        else:
            stopped = report.stopped is not None
            self._note(id, state="failed" if stopped else "done", says=report.stopped if stopped else "", report=report)
        finally:
            if not self._readings[id].over:  # the traceback goes to the terminal, this goes to the page
                self._note(id, state="failed", says="A mistake in Hypograph ended this reading; what was read before "
                                                    "it stays. The terminal in which the app runs says more.")

    def _heard(self, id: str, moment: Progress) -> None:
        says = moment.message if moment.message is not None else ""
        if moment.step == "reading":
            says = Path(moment.path if moment.path is not None else "").name
        self._note(id, state="waiting" if moment.step == "waiting" else "reading", done=moment.done,
                   total=moment.total, says=says)

    def _note(self, id: str, **now: Any) -> None:
        with self._guard:
            self._readings[id] = replace(self._readings[id], **now)
