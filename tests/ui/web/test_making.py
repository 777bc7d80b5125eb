"""A run that is made in a thread of its own: what pages see of it, and how it is stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from agents.run_logs import MemoryLog
from agents.runs import Event, Record, Run
from kg.budget import Usage
from kg.errors import UsageError
from ui.web.making import Making

Hear = Callable[[Event], None]


class Counting:
    """A workflow of steps that wait to be let on, and its log."""

    def __init__(self, steps: int = 3) -> None:
        self.log = MemoryLog()
        self.steps = steps
        self.lets_on = threading.Semaphore(0)

    def __call__(self, heard: Hear) -> int:
        with Run({"kind": "count", "steps": self.steps}, self.log, heard) as run:
            for number in range(self.steps):
                assert self.lets_on.acquire(timeout=20)
                run.did("count", number, {"number": number})
        return self.steps

    def going(self) -> Making[int]:
        return Making(self, self.log.cancel)


def waited(making: Making[int], seen: int) -> tuple[Event, ...]:
    making.wait(seen, 20)
    return making.events


def test_steps_are_seen_as_they_are_taken_and_then_the_result() -> None:
    counting = Counting()
    making = counting.going()
    assert (making.events, making.run, making.over, making.result) == ((), None, False, None)
    counting.lets_on.release()
    (first,) = waited(making, 0)
    assert (first.outputs, making.run, making.over) == ({"number": 0}, first.run, False)
    counting.lets_on.release(2)
    while not making.over:
        making.wait(len(making.events), 20)
    assert (making.result, making.error, len(making.events)) == (3, None, 3)
    assert making.cost == Usage()
    took = making.seconds
    assert took == making.seconds > 0, "the clock stands still at its end"


def test_a_wish_to_stop_is_heard_at_the_next_step() -> None:
    counting = Counting()
    making = counting.going()
    counting.lets_on.release()
    (first,) = waited(making, 0)
    making.cancel()
    counting.lets_on.release(2)
    making.wait(9, 20)
    assert making.over and making.cancelled
    assert making.result is None
    assert "was cancelled" in str(making.error)
    assert len(making.events) == 1
    assert Record.read(counting.log, first.run).state == "cancelled"


def test_a_wish_before_the_first_step_is_heard_too() -> None:
    counting = Counting()
    making = counting.going()
    making.cancel()
    counting.lets_on.release(3)
    making.wait(9, 20)
    assert making.over and making.result is None
    assert len(making.events) == 1


def test_an_error_is_told_and_a_mistake_does_not_leave_the_page_waiting() -> None:
    def wrong(heard: Hear) -> int:
        raise UsageError("There is no such question.")

    making: Making[int] = Making(wrong, MemoryLog().cancel)
    making.wait(0, 20)
    assert (making.over, making.error, making.result) == (True, "There is no such question.", None)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_mistake_of_ours_is_over_too() -> None:
    def broken(heard: Hear) -> int:
        return 1 // 0

    making: Making[int] = Making(broken, MemoryLog().cancel)
    making.wait(0, 20)
    assert making.over and "unexpected mistake" in str(making.error)
    making.cancel()  # nothing happens


def test_a_wish_after_the_end_is_no_error() -> None:
    counting = Counting(1)
    making = counting.going()
    counting.lets_on.release()
    while not making.over:
        making.wait(len(making.events), 20)
    making.cancel()
    assert making.result == 1
