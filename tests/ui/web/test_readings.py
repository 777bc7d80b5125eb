from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from ingest.report import FileReport, Progress, Report
from kg.errors import UnusableInput
from kg.library import Library
from kg.model import Counts
from ui.web.readings import Reading, Readings

# A mistake of ours is told on the terminal by the thread that made it.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")

REPORT = Report("run", 1.0, 10, {"added": 1}, Counts(papers=1), (FileReport("/papers/a.md", "added"),))


@dataclass
class Slow:
    """Stands for a library that reads a file when it is told to."""

    go: threading.Event = field(default_factory=threading.Event)
    moments: tuple[Progress, ...] = (Progress("reading", 0, 2, "/papers/a.md"),)
    fails: Exception | None = None
    read: list[tuple[Path, ...]] = field(default_factory=list)

    def add(self, *paths: Path, on_progress: Callable[[Progress], None]) -> Report:
        self.read.append(paths)
        for one in self.moments:
            on_progress(one)
        assert self.go.wait(10)
        if self.fails is not None:
            raise self.fails
        return REPORT


def readings(library: Slow) -> Readings:
    return Readings(cast(Library, library))


def soon(readings: Readings, id: str, is_so: Callable[[Reading], bool]) -> Reading:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        reading = readings.of(id)
        if reading is not None and is_so(reading):
            return reading
        time.sleep(0.005)
    raise AssertionError(f"never came: {readings.of(id)}")


def over(reading: Reading) -> bool:
    return reading.over


def test_a_reading_says_how_far_it_is_and_ends_with_its_report() -> None:
    library = Slow()
    here = readings(library)
    id = here.start([Path("a.md")])
    now = soon(here, id, lambda one: one.total == 2)
    assert (now.state, now.says, now.done) == ("reading", "a.md", 0)
    assert [one.id for one in here.under_way()] == [id]
    library.go.set()
    assert soon(here, id, over).report == REPORT
    assert here.under_way() == []


def test_readings_take_turns() -> None:
    library = Slow()
    here = readings(library)
    first = here.start([Path("a.md")])
    soon(here, first, lambda one: one.state == "reading")
    second = here.start([Path("b.md")])
    time.sleep(0.05)
    assert [one.state for one in here.under_way()] == ["reading", "queued"]
    assert len(library.read) == 1
    library.go.set()
    soon(here, second, over)
    assert library.read == [(Path("a.md"),), (Path("b.md"),)]


def test_another_writer_is_waited_for_and_said() -> None:
    library = Slow(moments=(Progress("waiting", 0, 1, message="Another program is writing"),))
    here = readings(library)
    id = here.start([Path("a.md")])
    assert soon(here, id, lambda one: one.state == "waiting").says == "Another program is writing"
    library.go.set()
    soon(here, id, over)


def test_what_goes_wrong_is_said() -> None:
    library = Slow(fails=UnusableInput("That is no paper."))
    library.go.set()
    here = readings(library)
    ended = soon(here, here.start([Path("a.md")]), over)
    assert (ended.state, ended.says, ended.report) == ("failed", "That is no paper.", None)


def test_a_mistake_of_ours_ends_one_reading_and_no_more() -> None:
    library = Slow(fails=ZeroDivisionError())
    library.go.set()
    here = readings(library)
    assert "mistake in Hypograph" in soon(here, here.start([Path("a.md")]), over).says
    library.fails = None
    assert soon(here, here.start([Path("b.md")]), over).state == "done"


def test_what_comes_after_is_done_before_the_reading_is_over() -> None:
    library, told = Slow(), list[Any]()
    library.go.set()
    here = readings(library)
    soon(here, here.start([Path("a.md")], then=lambda report: (time.sleep(0.02), told.append(report))), over)
    assert told == [REPORT]


def test_nobody_knows_a_reading_that_was_never_asked_for() -> None:
    assert readings(Slow()).of("nothing") is None
