"""A made field of research: two subjects whose concepts meet, and some that begin to cross over in the end."""

from __future__ import annotations

import random
from collections.abc import Iterable

from kg.library import Library
from kg.model import SourceRecord
from kg.stores.memory_store import MemoryStore
from tests.kg.made import origin, record

_SPINNERS = ("spider", "moth", "hornet", "glow-worm", "caddis", "mussel")
_SPUN = ("silk", "thread", "web", "gland", "cocoon", "knot", "glue", "mat")
_MADE = ("carbon", "boron", "rolled", "cast", "drawn", "nickel")
_METALS = ("steel", "alloy", "weld", "plate", "sheet", "bolt", "wire", "tube")
SILK = [f"{one} {other}" for one in _SPINNERS for other in _SPUN]
STEEL = [f"{one} {other}" for one in _MADE for other in _METALS]
COMMON = ["toughness", "strength"]
FIRST, LAST = 2001, 2010


def paper(number: int, year: int | None = None) -> SourceRecord:
    """The paper of that number, always the same; every twelve papers a year goes by."""
    dice = random.Random(number)
    year = FIRST + number // 12 if year is None else year
    pool = SILK if dice.random() < 0.5 else STEEL
    # Newer concepts stand further back in a pool, and are named ever more often.
    reach = min(len(pool), 26 + 3 * (year - FIRST))
    said = [tuple(dice.sample(pool[:reach], 2)) for _ in range(2)]
    triples = [(a, "touches", b) for a, b in said] + [(said[0][0], "has", dice.choice(COMMON))]
    return record(f"p{number:03}", *triples, title=f"Study {number} of {said[0][1]}", year=year)


def papers(until: int = LAST) -> list[SourceRecord]:
    """All papers up to a year."""
    return [paper(number) for number in range(12 * (until - FIRST + 1))]


def library(records: Iterable[SourceRecord]) -> Library:
    """A library of them in memory."""
    store = MemoryStore()
    for one in records:
        store.add(one, origin(one))
    return Library(store=store)
