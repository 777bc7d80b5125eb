"""How well search finds what people judged relevant, what each part of it is worth, and how sure that is.

    python -m benchmarks.retrieval --data DATA --libraries FOLDER [--only SET …]

DATA holds the collections (`training.retrieval.collections`); each becomes a library in FOLDER where it is not there
yet. Questions over several hops are answered by weights learnt from the other collections (with titles, for those
whose titles were taken away), the others by the shipped weights. `[low, high]` is a 95 % interval by bootstrap over
questions (2,000 samples, seed 0). Parts are left out one at a time, and learnt anew without; those figures rank the
candidates alone.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kg import hops
from kg.hops import FEATURES, HopModel, hop_model
from kg.library import Library
from training.retrieval.collections import HOPS, SCIENCE, WITHOUT_TITLES, Collection, collection
from training.retrieval.fit import Weighable, fitted, library_of, searching

BARE = tuple(f"{name}{WITHOUT_TITLES}" for name in HOPS)
MODES = ("lexical", "dense", "graph", "hybrid")


@dataclass(frozen=True)
class Asked:
    """A question's candidates, and what decides besides the model."""

    one: Weighable
    keys: list[str]
    opens: bool
    gold: frozenset[str]

    def recall(self, model: HopModel, most: int = 5, gate: bool = True, first_stays: bool = True) -> float:
        first = self.one.values[:, list(FEATURES).index("first_stage")]
        scores = model.chances(self.one.values) if self.opens or not gate else first.copy()
        if first_stays:
            scores[int(first.argmax())] = 2.0
        order = np.argsort(-scores, kind="stable").tolist()
        found = list(dict.fromkeys(self.keys[at] for at in order))
        return len(self.gold & set(found[:most])) / len(self.gold)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--libraries", type=Path, required=True)
    parser.add_argument("--only", nargs="+", default=[*HOPS, *BARE, *SCIENCE])
    arguments = parser.parse_args()
    made: dict[str, tuple[Collection, Library]] = {}
    for name in dict.fromkeys([*HOPS, *arguments.only]):
        told = collection(name, arguments.data)
        made[name] = told, library_of(told, arguments.libraries)
    asked = {name: candidates(*made[name]) for name in HOPS}
    for name in arguments.only:
        told, library = made[name]
        model = without(asked, name) if name in (*HOPS, *BARE) else hop_model()
        for mode in MODES:
            figures(told, library, mode, model)
    if set(HOPS) <= set(arguments.only):
        ablations(asked)


def candidates(told: Collection, library: Library) -> list[Asked]:
    search = searching(library)
    keys = {one.passage.id: one.paper.key for one in library.store.passages()}
    found = []
    for question, text in told.questions.items():
        passages, values = search.features(text)
        gold = frozenset(key for key, grade in told.judged[question].items() if grade > 0)
        of = [keys[passage] for passage in passages]
        one = Weighable(values, np.array([key in gold for key in of]))
        found.append(Asked(one, of, hops.opens(search.looked_at(text)), gold))
    return found


def without(asked: dict[str, list[Asked]], name: str, left_out: Sequence[str] = ()) -> HopModel:
    """Weights learnt from the other collections, those of some features held at nought."""
    kept = np.array([feature not in left_out for feature in FEATURES])
    sets = [
        [replace(each.one, values=each.one.values * kept) for each in questions]
        for other, questions in asked.items()
        if other != name.removesuffix(WITHOUT_TITLES)
    ]
    model = fitted(sets)
    return HopModel(np.where(kept, model.weights, 0.0), model.bias)


def figures(told: Collection, library: Library, mode: str, model: HopModel) -> None:
    search = searching(library, model)
    rows: list[dict[str, float]] = []
    seconds: list[float] = []
    search.hits("what is known", 1, mode)  # type: ignore[arg-type]
    for question, text in told.questions.items():
        begun = time.perf_counter()
        hits = search.hits(text, 40, mode)  # type: ignore[arg-type]
        seconds.append(time.perf_counter() - begun)
        grades = told.judged[question]
        found = list(dict.fromkeys(hit.key for hit in hits))
        gold = {key for key, grade in grades.items() if grade > 0}
        row = {f"r{most}": len(gold & set(found[:most])) / len(gold) for most in (1, 2, 5, 10)}
        rows.append(row | {"ndcg10": _ndcg([grades.get(key, 0.0) for key in found[:10]], list(grades.values()))})
    told_of = {name: interval(np.array([row[name] for row in rows])) for name in rows[0]}
    quick, slow = 1000 * np.quantile(seconds, [0.5, 0.95])
    print(f"{told.name} {mode} ({len(rows)}): {_line(told_of)}; {quick:.0f} ms, p95 {slow:.0f} ms", flush=True)


def ablations(asked: dict[str, list[Asked]]) -> None:
    def line(title: str, score: Callable[[str, Asked], float]) -> None:
        found = {name: interval(np.array([score(name, one) for one in asked[name]])) for name in HOPS}
        print(f"{title}: {_line(found)}", flush=True)

    whole = {name: without(asked, name) for name in HOPS}
    line("recall@5, all", lambda name, one: one.recall(whole[name]))
    line("recall@5, followed always", lambda name, one: one.recall(whole[name], gate=False))
    line("recall@5, nearest need not stay first", lambda name, one: one.recall(whole[name], first_stays=False))
    for feature in FEATURES:
        less = {name: without(asked, name, [feature]) for name in HOPS}
        line(f"recall@5, without {feature}", lambda name, one, less=less: one.recall(less[name]))  # type: ignore[misc]


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean and its 95 % interval by bootstrap."""
    random = np.random.default_rng(0)
    means = values[random.integers(0, len(values), (2000, len(values)))].mean(axis=1)
    low, high = np.quantile(means, [0.025, 0.975])
    return float(values.mean()), float(low), float(high)


def _line(figures: dict[str, tuple[float, float, float]]) -> str:
    return ", ".join(f"{name} {mean:.3f} [{low:.3f} {high:.3f}]" for name, (mean, low, high) in figures.items())


def _ndcg(grades: Sequence[float], judged: Sequence[float]) -> float:
    best = sorted(judged, reverse=True)[:10]
    return _gain(grades) / _gain(best)


def _gain(grades: Sequence[float]) -> float:
    return sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, 1))


if __name__ == "__main__":
    main()
