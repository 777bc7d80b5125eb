"""How a pair stands among random unconnected pairs that are as popular as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.prediction.features import Pairs, Profiles, View, together

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_PAIRS, _PAIRS_OF_ONE, _CONCEPTS = 100_000, 40, 5_000
_CLASSES, _LEAST = 40, 60
_SEED = 1


class Ranks:
    """Pairs drawn with a fixed seed, in classes of degree product, finer among the popular.

    Ranks have no unit, so features can be added up as they are; and inside a class popularity says nothing.
    """

    def __init__(self, view: View) -> None:
        rng = np.random.default_rng(_SEED)
        places = np.sort(rng.permutation(view.size)[:_CONCEPTS])
        names = view.of_concepts(places)
        many = min(_PAIRS, _PAIRS_OF_ONE * len(places)) if len(places) > 1 else 0
        a, b = rng.integers(0, max(len(places), 1), (2, many))
        pairs = Pairs(np.minimum(a, b), np.maximum(a, b))
        free = (a != b) & (together(names, pairs) == 0)
        pairs = Pairs(pairs.a[free], pairs.b[free])
        codes = np.unique(pairs.a * len(places) + pairs.b)  # in a small library many are drawn again
        pairs = Pairs(codes // max(len(places), 1), codes % max(len(places), 1))
        self.pairs = len(pairs.a)
        product = _product(names, pairs)
        classes = max(1, min(_CLASSES, self.pairs // _LEAST))
        shares = np.geomspace(1, min(1.0, max(_LEAST * 4 / max(self.pairs, 1), 0.004)), classes)[1:]
        self.edges = np.unique(np.quantile(product, 1 - shares)) if self.pairs else np.zeros(0)
        kind = self._kinds(product)
        raw = view.features(names, pairs)
        self.features = [np.sort(raw[kind == number], axis=0) for number in range(len(self.edges) + 1)]
        sums = self._ranked(raw, kind).sum(axis=1)
        self.sums = [np.sort(sums[kind == number]) for number in range(len(self.edges) + 1)]

    @classmethod
    def of(cls, pairs: int, edges: Numbers, features: list[Numbers], sums: list[Numbers]) -> Ranks:
        """Ranks that were made before."""
        made = cls.__new__(cls)
        made.pairs, made.edges, made.features, made.sums = pairs, edges, features, sums
        return made

    def __call__(self, view: View, names: Profiles, pairs: Pairs) -> tuple[Numbers, Numbers, Numbers]:
        """Ranks of every feature (-.5 … .5), their sum's percentile (0 … 100), and the log of the degree product."""
        product = _product(names, pairs)
        kind = self._kinds(product)
        ranks = self._ranked(view.features(names, pairs), kind)
        sums = ranks.sum(axis=1)
        percentile = np.zeros(len(sums))
        for number, column in enumerate(self.sums):
            here = np.flatnonzero(kind == number)
            percentile[here] = 100 * (_rank(column, sums[here]) + 0.5)
        return ranks, percentile, np.log(product)

    def _kinds(self, product: Numbers) -> NDArray[np.int64]:
        return np.searchsorted(self.edges, product, side="right")

    def _ranked(self, raw: Numbers, kind: NDArray[np.int64]) -> Numbers:
        ranks = np.zeros_like(raw)
        for number, columns in enumerate(self.features):
            here = np.flatnonzero(kind == number)
            for feature in range(raw.shape[1]):
                ranks[here, feature] = _rank(columns[:, feature], raw[here, feature])
        return ranks


def _product(names: Profiles, pairs: Pairs) -> Numbers:
    """With one more each, so that a name without any company has a product too."""
    found: Numbers = (names.degree[pairs.a] + 1) * (names.degree[pairs.b] + 1)
    return found


def _rank(ordered: Numbers, values: Numbers) -> Numbers:
    if not len(ordered):
        return np.zeros(len(values))
    low, high = (np.searchsorted(ordered, values, side) for side in ("left", "right"))
    found: Numbers = (low + high) / (2 * len(ordered)) - 0.5
    return found.round(6)
