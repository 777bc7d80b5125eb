"""What may be spent, by the threads of a process and by several processes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.budget import Budget, FilePurse, MemoryPurse, Price, Purse, Sum, Usage
from kg.errors import BudgetSpent

TOP = Path(__file__).resolve().parent.parent.parent
Make = Callable[[Budget], Purse]


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Make:
    return MemoryPurse if request.param == "memory" else lambda budget: FilePurse.made(tmp_path / "purse", budget)


def test_what_a_call_has_cost_is_booked_and_not_what_it_might_have(make: Make) -> None:
    purse = make(Budget(tokens=100))
    for cost in (10, 0, 25):
        purse.settle(purse.reserve(Sum(60)), Sum(cost, 0.5))
    assert purse.spent() == Sum(35, 1.5)


@pytest.mark.parametrize(
    ("budget", "most"), [(Budget(tokens=99), Sum(100)), (Budget(money=0.99), Sum(1, 1.0)), (Budget(seconds=-1), Sum())]
)
def test_a_call_that_might_go_beyond_is_not_allowed(make: Make, budget: Budget, most: Sum) -> None:
    purse = make(budget)
    with pytest.raises(BudgetSpent, match="budget of"):
        purse.reserve(most)
    assert purse.spent() == Sum()


def test_without_a_limit_everything_is_allowed(make: Make) -> None:
    purse = make(Budget())
    assert purse.seconds_left() is None
    purse.settle(purse.reserve(Sum(10**9, 10.0**9)), Sum(10**9))


def test_seconds_run_out(make: Make) -> None:
    purse = make(Budget(seconds=0.1))
    purse.settle(purse.reserve(Sum()), Sum())
    time.sleep(0.12)
    left = purse.seconds_left()
    assert left is not None
    assert left < 0
    with pytest.raises(BudgetSpent):
        purse.reserve(Sum())


def test_who_stands_in_the_way_is_waited_for(make: Make) -> None:
    purse = make(Budget(tokens=100))
    first = purse.reserve(Sum(80))
    begun = time.monotonic()
    threading.Timer(0.2, purse.settle, (first, Sum(10))).start()
    purse.settle(purse.reserve(Sum(80)), Sum(10))
    assert time.monotonic() - begun > 0.15
    with pytest.raises(BudgetSpent):
        purse.reserve(Sum(81))


def test_processes_share_a_purse_and_what_a_dead_one_set_aside_is_gone(tmp_path: Path) -> None:
    purse = FilePurse.made(tmp_path / "purse", Budget(tokens=1000))
    code = (
        "import os, pickle, sys; from kg.budget import Sum; purse = pickle.loads(sys.stdin.buffer.read())\n"
        "purse.settle(purse.reserve(Sum(100)), Sum(40)); purse.reserve(Sum(300)); os._exit(9)"
    )
    import pickle

    env = {**os.environ, "PYTHONPATH": str(TOP)}
    done = subprocess.run([sys.executable, "-c", code], input=pickle.dumps(purse), env=env, timeout=60)
    assert done.returncode == 9
    assert purse.spent() == Sum(40)
    with pytest.raises(BudgetSpent, match="660 are left"):
        purse.reserve(Sum(700))


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=30), st.integers(0, 300))
def test_a_budget_is_never_gone_beyond(calls: list[tuple[int, int]], limit: int) -> None:
    purse = MemoryPurse(Budget(tokens=limit))
    for most, cost in calls:
        try:
            ticket = purse.reserve(Sum(most))
        except BudgetSpent:
            continue
        purse.settle(ticket, Sum(min(cost, most)))
    assert purse.spent().tokens <= limit


def test_usages_add_up_and_an_unknown_price_makes_the_sum_unknown() -> None:
    one = Usage(1, 0, 1_000_000, 100_000, Price(2, 10).of(1_000_000, 100_000))
    assert one.money == 3
    assert one + one == Usage(2, 0, 2_000_000, 200_000, 6)
    assert (one + Usage(0, 1, 0, 0, None)).money is None
    assert one.tokens == 1_100_000
