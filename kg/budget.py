"""What asking a language model costs, and how much it may: tokens, money and seconds.

A call is paid for before it is made: the most that it can cost is reserved, and afterwards what it did cost is booked.
So nothing is spent beyond a budget, however many threads and processes ask at once.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from kg.errors import BudgetSpent

_MILLION = 1_000_000
_PATIENCE = 0.05
"""Seconds between two looks whether others' calls have ended."""


@dataclass(frozen=True, slots=True)
class Price:
    """Money for a million tokens read and a million written."""

    read: float
    written: float

    def __str__(self) -> str:
        return f"{self.read:g} for a million tokens read and {self.written:g} for a million written"

    def of(self, read: int, written: int) -> float:
        """What so many tokens cost."""
        return (read * self.read + written * self.written) / _MILLION


@dataclass(frozen=True, slots=True)
class Usage:
    """Calls that were made, replies that were in the cache instead, tokens read and written by the model, and money:
    None where a price is not known."""

    calls: int = 0
    cached: int = 0
    read: int = 0
    written: int = 0
    money: float | None = 0.0

    @property
    def tokens(self) -> int:
        """Read and written."""
        return self.read + self.written

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.calls + other.calls,
            self.cached + other.cached,
            self.read + other.read,
            self.written + other.written,
            None if self.money is None or other.money is None else self.money + other.money,
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """The most that may be spent; None is no limit. `seconds` count from when the purse was made."""

    tokens: int | None = None
    money: float | None = None
    seconds: float | None = None

    @property
    def unlimited(self) -> bool:
        return self == Budget()


@dataclass(frozen=True, slots=True)
class Sum:
    """Tokens and money together."""

    tokens: int = 0
    money: float = 0.0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.tokens + other.tokens, self.money + other.money)


class Purse(Protocol):
    """Holds a budget. `tests/kg/test_budget.py` is what the words here mean."""

    @property
    def budget(self) -> Budget: ...

    def reserve(self, most: Sum) -> int:
        """Sets aside what a call may cost at most, and gives a ticket. Where what others have set aside stands in the
        way, it waits for them. Raises BudgetSpent."""

    def settle(self, ticket: int, cost: Sum) -> None:
        """Books what the call has cost in place of what was set aside."""

    def spent(self) -> Sum:
        """What was booked so far."""

    def seconds_left(self) -> float | None:
        """None without a limit; negative when it is over."""


class MemoryPurse:
    """A budget that the threads of one process share."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = Budget() if budget is None else budget
        self._begun = time.monotonic()
        self._changed = threading.Condition()
        self._spent = Sum()
        self._aside: dict[int, Sum] = {}
        self._tickets = 0

    def reserve(self, most: Sum) -> int:
        with self._changed:
            while not _fits(self.budget, self._spent, self._aside.values(), most, self.seconds_left()):
                self._changed.wait(_PATIENCE)
            self._tickets += 1
            self._aside[self._tickets] = most
            return self._tickets

    def settle(self, ticket: int, cost: Sum) -> None:
        with self._changed:
            del self._aside[ticket]
            self._spent += cost
            self._changed.notify_all()

    def spent(self) -> Sum:
        with self._changed:
            return self._spent

    def seconds_left(self) -> float | None:
        return None if self.budget.seconds is None else self._begun + self.budget.seconds - time.monotonic()


@dataclass(frozen=True)
class FilePurse:
    """A budget that the processes of this machine share through a file; may be pickled. `begun` is seconds since the
    epoch.

    What a process that died had set aside counts as spent, since nobody knows what its call has cost.
    """

    path: Path
    budget: Budget
    begun: float

    @classmethod
    def made(cls, path: Path, budget: Budget) -> FilePurse:
        """A full purse in a new file."""
        purse = cls(path, budget, time.time())
        with purse._writing() as database:
            database.execute("CREATE TABLE spent (tokens INTEGER NOT NULL, money REAL NOT NULL)")
            database.execute("INSERT INTO spent VALUES (0, 0)")
            database.execute(
                "CREATE TABLE aside (ticket INTEGER PRIMARY KEY AUTOINCREMENT, tokens INTEGER NOT NULL, "
                "money REAL NOT NULL, process INTEGER NOT NULL)"
            )
        return purse

    def reserve(self, most: Sum) -> int:
        while True:
            with self._writing() as database:
                self._book_the_lost(database)
                aside = [Sum(*row) for row in database.execute("SELECT tokens, money FROM aside")]
                if _fits(self.budget, self._spent(database), aside, most, self.seconds_left()):
                    row = (most.tokens, most.money, os.getpid())
                    done = database.execute("INSERT INTO aside (tokens, money, process) VALUES (?, ?, ?)", row)
                    return cast(int, done.lastrowid)
            time.sleep(_PATIENCE)

    def settle(self, ticket: int, cost: Sum) -> None:
        with self._writing() as database:
            database.execute("DELETE FROM aside WHERE ticket = ?", (ticket,))
            self._book(database, cost)

    def spent(self) -> Sum:
        with self._writing() as database:
            return self._spent(database)

    def seconds_left(self) -> float | None:
        return None if self.budget.seconds is None else self.begun + self.budget.seconds - time.time()

    def _book_the_lost(self, database: sqlite3.Connection) -> None:
        for ticket, tokens, money, process in database.execute("SELECT * FROM aside").fetchall():
            if not _lives(process):
                database.execute("DELETE FROM aside WHERE ticket = ?", (ticket,))
                self._book(database, Sum(tokens, money))

    @staticmethod
    def _book(database: sqlite3.Connection, cost: Sum) -> None:
        database.execute("UPDATE spent SET tokens = tokens + ?, money = money + ?", (cost.tokens, cost.money))

    @staticmethod
    def _spent(database: sqlite3.Connection) -> Sum:
        return Sum(*database.execute("SELECT tokens, money FROM spent").fetchone())

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            with database:  # commits, or rolls back on an error
                yield database


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _fits(budget: Budget, spent: Sum, aside: Iterable[Sum], most: Sum, seconds: float | None) -> bool:
    """Whether a call may be made now; False where it may be once the others' have ended. Raises BudgetSpent."""
    if seconds is not None and seconds <= 0:
        raise BudgetSpent(f"The budget of {budget.seconds:g} seconds is over.")
    if budget.tokens is not None and spent.tokens + most.tokens > budget.tokens:
        raise BudgetSpent(
            f"Of the budget of {budget.tokens:,} tokens {budget.tokens - spent.tokens:,} are left, and the next call "
            f"may take {most.tokens:,}."
        )
    if budget.money is not None and spent.money + most.money > budget.money:
        raise BudgetSpent(
            f"Of the budget of {budget.money:g} {budget.money - spent.money:.4g} is left, and the next call may cost "
            f"{most.money:.4g}."
        )
    held = sum(aside, Sum())
    return (budget.tokens is None or spent.tokens + held.tokens + most.tokens <= budget.tokens) and (
        budget.money is None or spent.money + held.money + most.money <= budget.money
    )
