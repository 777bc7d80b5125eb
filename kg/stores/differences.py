"""How a store's views differ from the folds of its facts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, is_dataclass

from kg.facts import problems
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore

_MOST = 20


def differences(store: GraphStore) -> Iterator[str]:
    """What is wrong with the facts, then what each view holds that it should not, and what it lacks; in words."""
    records = list(store.records())
    yield from (problem for record in records for problem in problems(record))
    right = MemoryStore(records, store.decisions())
    if store.revision() != right.revision():
        yield "the revision is not that of the facts"
    if store.counts() != right.counts():
        yield f"the counts are {store.counts()}, and should be {right.counts()}"
    for noun, here, there in (
        ("paper", store.papers(), right.papers()),
        ("passage", store.passages(), right.passages()),
        ("mention", store.mentions(), right.mentions()),
        ("concept", store.concepts(), right.concepts()),
        ("evidence", store.evidence(), right.evidence()),
        ("candidate", store.candidates(), right.candidates()),
        ("relation", store.relations(), right.relations()),
    ):
        yield from _of_view(noun, here, there)


def _of_view(noun: str, here: Iterable[object], right: Iterable[object]) -> list[str]:
    mine, folded = list(here), list(right)
    if mine == folded:
        return []
    told = [f"{noun} view: has {_told(one)}, which does not follow from the facts" for one in _without(mine, folded)]
    told += [f"{noun} view: lacks {_told(one)}" for one in _without(folded, mine)]
    return told[:_MOST] or [f"{noun} view: not in its canonical order"]


def _without(values: list[object], others: list[object]) -> Iterable[object]:
    return (Counter(values) - Counter(others)).keys()


def _told(value: object) -> str:
    """A value with all its fields; reprs of views are shortened."""
    parts = value if isinstance(value, tuple) else (value,)
    return ", ".join(
        str(asdict(one)) if is_dataclass(one) and not isinstance(one, type) else str(one) for one in parts
    )[:200]
