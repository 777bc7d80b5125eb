"""Pairs of names that met and pairs that did not, and how well a score tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from kg.prediction.features import Pairs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

Interval = tuple[float, float]
Rule = Callable[[Pairs], "Numbers"]
"""Gives each pair a number, the likelier the higher."""

_MOST_MET, _RANDOM = 4_000, 4
_CLASSES, _IN_CLASS = 40, 25
_RESAMPLES = 100
_TENTHS, _ANY_PAIRS = 10, 50_000
_AT = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Tenth:
    """Of random pairs that were unconnected, those with scores from `low` to `high`: the share that met, and the middle
    95 % of that share over resamples of concepts."""

    low: float
    high: float
    pairs: int
    met: float
    interval: Interval


@dataclass(frozen=True, slots=True)
class Figures:
    """How well a score tells pairs that met from pairs that did not, with the middle 95 % over resamples of concepts.

    `auc` is against random pairs, `matched` against pairs of equal degree product: what is left when popularity is
    taken away. `precision` (k -> share that met) is among pairs that met and four times as many that did not.
    """

    auc: float
    auc_interval: Interval
    matched: float
    matched_interval: Interval
    precision: dict[int, float]
    precision_intervals: dict[int, Interval]

    def as_json(self) -> dict[str, Any]:
        """By the names of `backtest --json`."""
        return {
            "auc": self.auc,
            "auc_degree_matched": self.matched,
            "precision_at": {str(k): value for k, value in self.precision.items()},
            "interval": {
                "auc": list(self.auc_interval),
                "auc_degree_matched": list(self.matched_interval),
                "precision_at": {str(k): list(value) for k, value in self.precision_intervals.items()},
            },
        }


@dataclass(frozen=True, eq=False)
class Trial:
    """Pairs to tell apart; `kind` is the popularity class of the positives and then of the matched ones."""

    positives: Pairs
    random: Pairs
    matched: Pairs
    kind: Places


class Field:
    """Some names, which of them papers join up to a year, and which pairs met after it."""

    def __init__(self, earlier: Any, later: Any) -> None:
        """(names, papers) CSR of ones: who names what up to the year, and after it."""
        self.size = earlier.shape[0]
        self.links = joined(earlier)
        self.known, met = _codes(self.links), _codes(joined(later))
        self.met = np.setdiff1d(met, self.known, assume_unique=True)
        self.degree = np.diff(self.links.indptr).astype(np.float64)

    def trial(self, dice: np.random.Generator, popularity: Numbers | None = None) -> Trial:
        """Pairs that met, four times as many random ones that did not, and as many of the same popularity: that of a
        pair is the product of its names', by default of their degrees."""
        known = self.degree if popularity is None else popularity
        chosen = np.sort(dice.choice(self.met, min(_MOST_MET, len(self.met)), replace=False))
        positives = self._pairs(chosen)
        product = known[positives.a] * known[positives.b]
        classes = max(1, min(_CLASSES, len(chosen) // _IN_CLASS))
        edges = np.quantile(product, np.arange(1, classes) / classes)
        kind = np.searchsorted(edges, product, side="right")
        wanted = np.bincount(kind, minlength=classes)
        random: list[int] = []
        matched: dict[int, int] = {}
        seen: set[int] = set()
        for codes in self._free(dice, 100 * _RANDOM * len(chosen)):
            a, b = self._pairs(codes)
            kinds = np.searchsorted(edges, known[a] * known[b], side="right")
            for code, one in zip(codes.tolist(), kinds.tolist(), strict=True):
                if code in seen:
                    continue
                if len(random) < _RANDOM * len(chosen):
                    random.append(code)
                    seen.add(code)
                elif wanted[one] > 0:
                    matched[code] = one
                    wanted[one] -= 1
                    seen.add(code)
            if not wanted.any() and len(random) == _RANDOM * len(chosen):
                break
        told = np.array(sorted(matched), np.int64)
        kinds = np.array([matched[code] for code in told.tolist()], np.int64)
        return Trial(
            positives, self._pairs(np.array(sorted(random), np.int64)), self._pairs(told), np.append(kind, kinds)
        )

    def calibrated(self, rule: Rule, dice: np.random.Generator) -> tuple[Tenth, ...]:
        """How many of random unconnected pairs met, by tenths of their score."""
        codes = next(self._free(dice, _ANY_PAIRS, whether_met=True))
        pairs = self._pairs(np.unique(codes))
        scores = rule(pairs)
        met = np.isin(pairs.a * self.size + pairs.b, self.met)
        edges = np.quantile(scores, np.arange(1, _TENTHS) / _TENTHS)
        kind = np.searchsorted(edges, scores, side="right")
        weights = list(_resampled(self.size, pairs, dice))
        found = []
        for number in range(_TENTHS):
            here = kind == number
            if not here.any():
                continue
            shares = [float((one[here] * met[here]).sum() / one[here].sum()) for one in weights if one[here].sum() > 0]
            found.append(
                Tenth(
                    float(scores[here].min()),
                    float(scores[here].max()),
                    int(here.sum()),
                    _rounded(float(met[here].mean())),
                    _middle(shares),
                )
            )
        return tuple(found)

    def _free(self, dice: np.random.Generator, most: int, whether_met: bool = False) -> Iterator[Places]:
        """Random pairs that nothing joins before the cut, by code; with `whether_met`, those that met later too."""
        for start in range(0, most, _ANY_PAIRS):
            a, b = dice.integers(0, self.size, (2, max(_ANY_PAIRS, min(most - start, _ANY_PAIRS))))
            codes = np.minimum(a, b) * self.size + np.maximum(a, b)
            free = (a != b) & ~np.isin(codes, self.known)
            if not whether_met:
                free &= ~np.isin(codes, self.met)
            yield codes[free]

    def _pairs(self, codes: Places) -> Pairs:
        return Pairs(codes // self.size, codes % self.size)

    def _product(self, pairs: Pairs) -> Numbers:
        found: Numbers = self.degree[pairs.a] * self.degree[pairs.b]
        return found

    def baselines(self) -> dict[str, Rule]:
        """Rules of neighbours: Liben-Nowell and Kleinberg 2007, doi:10.1002/asi.20591; resource allocation: Zhou, Lü
        and Zhang 2009, doi:10.1140/epjb/e2009-00335-8."""

        def over_common(weights: Numbers) -> Rule:
            weighted = (self.links @ sparse.diags_array(weights)).tocsr()

            def score(pairs: Pairs) -> Numbers:
                found = np.zeros(len(pairs.a))
                for start in range(0, len(found), 2000):
                    part = slice(start, start + 2000)
                    found[part] = weighted[pairs.a[part]].multiply(self.links[pairs.b[part]]).sum(axis=1)
                return found.round(9)

            return score

        common = over_common(np.ones(self.size))

        def jaccard(pairs: Pairs) -> Numbers:
            shared = common(pairs)
            found: Numbers = shared / np.maximum(self.degree[pairs.a] + self.degree[pairs.b] - shared, 1)
            return found

        return {
            "preferential_attachment": self._product,
            "common_neighbours": common,
            "adamic_adar": over_common(1 / np.log(np.maximum(self.degree, 2))),
            "resource_allocation": over_common(1 / np.maximum(self.degree, 1)),
            "jaccard": jaccard,
        }


def joined(papers: Any) -> Any:
    """(names, names) CSR of ones: which of them share a paper."""
    links = (papers @ papers.T).tocsr()
    links.setdiag(0)
    links.eliminate_zeros()
    links.data[:] = 1.0
    links.sort_indices()
    return links


def _codes(links: Any) -> Places:
    upper = sparse.triu(links, 1).tocoo()
    return np.unique(upper.row.astype(np.int64) * links.shape[0] + upper.col)


# Figures ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Judged:
    """A rule's figures, its rivals', and what it has over the best of these among equally popular pairs."""

    figures: Figures
    rivals: dict[str, Figures]
    gain: float
    gain_interval: Interval


def judged(trial: Trial, size: int, rule: Rule, rivals: Mapping[str, Rule]) -> Judged:
    """How well a rule tells the pairs of a trial over `size` names apart, and how well its rivals do."""
    sides = (trial.positives, trial.random, trial.matched)
    scores = {None: [rule(side) for side in sides]} | {
        name: [rival(side) for side in sides] for name, rival in rivals.items()
    }
    dice = np.random.default_rng(0)
    everything = Pairs(np.concatenate([side.a for side in sides]), np.concatenate([side.b for side in sides]))
    cuts = np.cumsum([len(side.a) for side in sides])[:-1]
    plain = [np.ones(len(side.a)) for side in sides]
    resampled = [np.split(one, cuts) for one in _resampled(size, everything, dice)]
    told: dict[str | None, Figures] = {}
    drawn: dict[str | None, list[tuple[float, float]]] = {}
    many = [k for k in _AT if k <= len(trial.positives.a)]
    for name, values in scores.items():
        overall, matched = _two(trial, values, plain)
        drawn[name] = [_two(trial, values, weights) for weights in resampled]
        told[name] = Figures(
            _rounded(overall),
            _middle(one for one, _ in drawn[name]),
            _rounded(matched),
            _middle(one for _, one in drawn[name]),
            {k: _rounded(_precision(k, values, plain)) for k in many},
            {k: _middle(_precision(k, values, weights) for weights in resampled) for k in many},
        )
    others = {name: one for name, one in told.items() if name is not None}
    best = max(others, key=lambda name: (others[name].matched, name))
    gains = [one - other for (_, one), (_, other) in zip(drawn[None], drawn[best], strict=True)]
    return Judged(told[None], others, _rounded(told[None].matched - others[best].matched), _middle(gains))


def _two(trial: Trial, scores: Sequence[Numbers], weights: Sequence[Numbers]) -> tuple[float, float]:
    """AUC, and its mean over popularity classes, which count as their positives do."""
    overall = auc(scores[0], weights[0], scores[1], weights[1])
    split = len(trial.positives.a)
    total, mass = 0.0, 0.0
    for number in np.unique(trial.kind).tolist():
        good, bad = trial.kind[:split] == number, trial.kind[split:] == number
        size = float(weights[0][good].sum())
        if size > 0 and weights[2][bad].sum() > 0:
            total += size * auc(scores[0][good], weights[0][good], scores[2][bad], weights[2][bad])
            mass += size
    return overall, total / mass if mass else float("nan")


def auc(good: Numbers, good_weights: Numbers, bad: Numbers, bad_weights: Numbers) -> float:
    """How often one of the good stands above one of the bad, a tie counting half; each counts as its weight says."""
    order = np.argsort(bad, kind="stable")
    below = np.append(0.0, np.cumsum(bad_weights[order]))
    low, high = (np.searchsorted(bad[order], good, side) for side in ("left", "right"))
    mass = below[-1] * good_weights.sum()
    return float((good_weights * (below[low] + below[high]) / 2).sum() / mass) if mass > 0 else float("nan")


def _precision(k: int, scores: Sequence[Numbers], weights: Sequence[Numbers]) -> float:
    """Of the k best among positives and random pairs, the share of positives; ties at the border share what room is
    left."""
    values = np.concatenate([scores[0], scores[1]])
    weight = np.concatenate([weights[0], weights[1]])
    good = np.concatenate([weights[0], np.zeros(len(scores[1]))])
    levels, level = np.unique(-values, return_inverse=True)
    masses = np.bincount(level, weight, len(levels))
    goods = np.bincount(level, good, len(levels))
    taken = np.clip(k - np.append(0.0, np.cumsum(masses)[:-1]), 0.0, masses)
    shares = np.divide(goods, masses, out=np.zeros(len(levels)), where=masses > 0)
    return float((taken * shares).sum() / taken.sum()) if taken.sum() > 0 else float("nan")


def _resampled(size: int, pairs: Pairs, dice: np.random.Generator) -> Iterator[Numbers]:
    """Weights of pairs: concepts are drawn anew, and a pair counts the product of its two, as pairs that share a
    concept are not independent (pigeonhole bootstrap, Owen 2007, doi:10.1214/07-AOAS122)."""
    for _ in range(_RESAMPLES):
        counts = np.bincount(dice.integers(0, size, size), minlength=size).astype(np.float64)
        yield counts[pairs.a] * counts[pairs.b]


def _middle(values: Iterable[float]) -> Interval:
    """The middle 95 %."""
    ordered = np.sort([one for one in values if not np.isnan(one)])
    if not len(ordered):
        return float("nan"), float("nan")
    low, high = ordered[int(0.025 * len(ordered))], ordered[int(0.975 * len(ordered))]
    return _rounded(float(low)), _rounded(float(high))


def _rounded(value: float) -> float:
    return round(value, 4)
