"""Whether a library holds together: every quote, count and index against the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain

from kg.stores.graph_store import GraphStore


@dataclass(frozen=True, slots=True)
class Verified:
    """How many passages, mentions, pieces of evidence and candidates were looked at, what was wrong in words, and
    whether the views were folded anew because of it."""

    checked: int
    wrong: tuple[str, ...]
    repaired: bool = False


def verify(store: GraphStore, repair: bool = False, also: Callable[[], list[str]] = list) -> Verified:
    """Compares what is stored with the folds of the facts. `also` is what else to look at, such as the vector index.

    With `repair`, wrong views are folded anew; `wrong` then says what is still wrong. Facts cannot be made anew: a
    wrong fact stays in `wrong`, and its paper has to be read again.
    """
    wrong = store.check() + also()
    repaired = False
    if wrong and repair:
        store.rebuild()
        wrong, repaired = store.check() + also(), True
    with store.reading():
        counts = store.counts()
        checked = counts.passages + counts.evidence + sum(1 for _ in chain(store.mentions(), store.candidates()))
    return Verified(checked, tuple(wrong), repaired)
