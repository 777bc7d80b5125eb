"""Proof on the past: later papers are hidden, pairs are judged, and then the later papers are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from kg.errors import UsageError
from kg.names import words_of
from kg.prediction.candidates import unstated
from kg.prediction.features import Pairs, View
from kg.prediction.predictor import Predictor, Score, predictor
from kg.prediction.texts import Texts, keys_for, texts
from kg.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.library import Library
    from kg.model import Paper
    from kg.stores.graph_store import GraphStore

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

Interval = tuple[float, float]

BEST = "score"
"""What the predictor is called beside the baselines."""

LEAST_MET = 50
_MOST_MET, _RANDOM = 4_000, 4
_CLASSES, _IN_CLASS = 40, 25
_RESAMPLES = 100
_TENTHS, _ANY_PAIRS = 10, 50_000
_LEAST_PAPERS = 5  # of a concept, in a library of more than a thousand papers
_AT = (10, 100, 1000)


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence of a passage: `text[start:end]` of it."""

    passage: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """One of the predicted pairs and what became of it: the first later paper that names both, with the sentence that
    does, or one for each name where no sentence has both; no paper where they have not met."""

    prediction: Score
    paper: Paper | None
    quotes: tuple[Quote, ...]

    @property
    def came(self) -> bool:
        return self.paper is not None

    def as_json(self) -> dict[str, Any]:
        """The pair's row with the paper and the quotes."""
        told = self.prediction.as_json() | {"came": self.came}
        if self.paper is not None:
            told |= {"paper": self.paper.id, "key": self.paper.key, "year": self.paper.year}
            told["evidence"] = [
                {"paper": self.paper.id, "key": self.paper.key, "year": self.paper.year}
                | {"passage": one.passage, "start": one.start, "end": one.end, "quote": one.quote}
                for one in self.quotes
            ]
        return told


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


@dataclass(frozen=True, slots=True)
class Backtest:
    """What the predictor of a year would have been worth. `met` counts the pairs of concepts that first met within the
    horizon, `pairs` those that were judged, `positives` those of them that met. `gain` is what the predictor has over
    the best baseline in the degree-matched AUC."""

    until: int
    horizon: int
    papers: int
    later: int
    concepts: int
    pairs: int
    positives: int
    met: int
    figures: Figures
    baselines: dict[str, Figures]
    gain: float
    gain_interval: Interval
    calibration: tuple[Tenth, ...]
    outcomes: tuple[Outcome, ...]

    def as_json(self) -> dict[str, Any]:
        """As `backtest --json` writes it."""
        told = self.figures.as_json()
        told["interval"]["gain"] = list(self.gain_interval)
        return {
            "until": self.until,
            "horizon": self.horizon,
            "papers": self.papers,
            "later_papers": self.later,
            "concepts": self.concepts,
            "pairs": self.pairs,
            "positives": self.positives,
            "met": self.met,
            **told,
            "gain": self.gain,
            "baselines": {name: one.as_json() for name, one in self.baselines.items()},
            "calibration": [
                {"from": one.low, "to": one.high, "pairs": one.pairs, "met": one.met, "interval": list(one.interval)}
                for one in self.calibration
            ],
            "came_true": sum(one.came for one in self.outcomes),
            "predictions": [one.as_json() for one in self.outcomes],
        }

    def __repr__(self) -> str:
        low, high = self.figures.matched_interval
        return (
            f"<Backtest until {self.until} + {self.horizon}: {self.positives} pairs met, degree-matched AUC "
            f"{self.figures.matched:.3f} [{low:.3f} {high:.3f}]>"
        )


def backtest(library: Library, until: int, horizon: int = 3, top: int = 30, seed: int = 0) -> Backtest:
    """Judges pairs by the papers up to the year `until`, and looks which met in those of the `horizon` years after it.

    A pair meets when a paper names both; only pairs that no earlier paper names together are judged. `top` predictions
    are followed to the paper and the sentence where they came true. UsageError where there are too few papers, or too
    few pairs that met, for a figure.
    """
    if horizon < 1:
        raise UsageError(f"horizon = {horizon}: at least one year must be looked at.")
    store = library.store
    with store.reading():
        before = predictor(library, until)
        _require_years(store, before)
        view, _ = before.made
        all_texts = texts(store, until + horizon)
        after = all_texts.rows(np.flatnonzero(all_texts.years > until))
        if not after.papers:
            raise UsageError(
                f"No paper is of {until + 1} to {until + horizon}: name an earlier year with --until, or read later "
                "papers."
            )
        with threadpool_limits(1, "blas"):
            field = _Field(before, view, after)
            trial = field.trial(np.random.default_rng(seed))
            figures, baselines, gain, gain_interval = _judged(trial, field, before)
            calibration = field.calibrated(before, np.random.default_rng(seed + 1))
        outcomes = _outcomes(store, before, after, top)
    return Backtest(
        until,
        horizon,
        before.papers,
        after.papers,
        len(field.places),
        len(trial.positives.a) + len(trial.random.a) + len(trial.matched.a),
        len(trial.positives.a),
        len(field.met),
        figures,
        baselines,
        gain,
        gain_interval,
        calibration,
        outcomes,
    )


def _require_years(store: GraphStore, before: Predictor) -> None:
    papers = list(store.papers())
    undated = sum(one.year is None for one in papers)
    if before.shortage is not None:
        also = f" {undated} of the library's {len(papers)} papers have no year, and count for none." if undated else ""
        raise UsageError(f"{before.shortage}{also}")


# Pairs --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Trial:
    """Pairs to tell apart; `kind` is the popularity class of the positives and then of the matched ones."""

    positives: Pairs
    random: Pairs
    matched: Pairs
    kind: Places


class _Field:
    """The concepts that are judged, what joins them before the cut, and which pairs met after it."""

    def __init__(self, before: Predictor, view: View, after: Texts) -> None:
        least = _LEAST_PAPERS if before.papers > 1000 else 2
        self.places = np.flatnonzero(np.diff(view.naming.indptr) >= least)
        self.names = view.of_concepts(self.places)
        self.size = len(self.places)
        earlier = self.names.papers
        later = after.naming([view.concepts[place].keys for place in self.places.tolist()]).T.tocsr()
        self.links = _joined(earlier)
        known, met = _codes(self.links), _codes(_joined(later))
        self.known, self.met = known, np.setdiff1d(met, known, assume_unique=True)
        self.degree = np.diff(self.links.indptr).astype(np.float64)
        if len(self.met) < LEAST_MET:
            raise UsageError(
                f"Only {len(self.met)} pairs of concepts met for the first time in the {after.papers} later papers, "
                f"and a figure needs {LEAST_MET} or more: name an earlier year, a longer horizon, or read more papers."
            )

    def trial(self, dice: np.random.Generator) -> _Trial:
        """Pairs that met, four times as many random ones that did not, and as many of the same popularity."""
        chosen = np.sort(dice.choice(self.met, min(_MOST_MET, len(self.met)), replace=False))
        positives = self._pairs(chosen)
        product = self._product(positives)
        classes = max(1, min(_CLASSES, len(chosen) // _IN_CLASS))
        edges = np.quantile(product, np.arange(1, classes) / classes)
        kind = np.searchsorted(edges, product, side="right")
        wanted = np.bincount(kind, minlength=classes)
        random: list[int] = []
        matched: dict[int, int] = {}
        seen: set[int] = set()
        for codes in self._free(dice, 100 * _RANDOM * len(chosen)):
            kinds = np.searchsorted(edges, self._product(self._pairs(codes)), side="right")
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
        return _Trial(
            positives, self._pairs(np.array(sorted(random), np.int64)), self._pairs(told), np.append(kind, kinds)
        )

    def calibrated(self, before: Predictor, dice: np.random.Generator) -> tuple[Tenth, ...]:
        """How many of random unconnected pairs met, by tenths of their score."""
        codes = next(self._free(dice, _ANY_PAIRS, whether_met=True))
        pairs = self._pairs(np.unique(codes))
        scores, _ = before.values(self.names, pairs)
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

    def baselines(self) -> dict[str, Callable[[Pairs], Numbers]]:
        """Rules of neighbours: Liben-Nowell and Kleinberg 2007, doi:10.1002/asi.20591; resource allocation: Zhou, Lü
        and Zhang 2009, doi:10.1140/epjb/e2009-00335-8."""

        def over_common(weights: Numbers) -> Callable[[Pairs], Numbers]:
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


def _joined(papers: Any) -> Any:
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


def _judged(trial: _Trial, field: _Field, before: Predictor) -> tuple[Figures, dict[str, Figures], float, Interval]:
    sides = (trial.positives, trial.random, trial.matched)
    scores = {BEST: [before.values(field.names, side)[0] for side in sides]}
    scores |= {name: [rule(side) for side in sides] for name, rule in field.baselines().items()}
    dice = np.random.default_rng(0)
    everything = Pairs(np.concatenate([side.a for side in sides]), np.concatenate([side.b for side in sides]))
    cuts = np.cumsum([len(side.a) for side in sides])[:-1]
    plain = [np.ones(len(side.a)) for side in sides]
    resampled = [np.split(one, cuts) for one in _resampled(field.size, everything, dice)]
    told, drawn = {}, {}
    for name, values in scores.items():
        auc, matched = _two(trial, values, plain)
        drawn[name] = [_two(trial, values, weights) for weights in resampled]
        many = [k for k in _AT if k <= len(trial.positives.a)]
        precision = {k: _precision(k, values, plain) for k in many}
        told[name] = Figures(
            _rounded(auc),
            _middle(one for one, _ in drawn[name]),
            _rounded(matched),
            _middle(one for _, one in drawn[name]),
            {k: _rounded(value) for k, value in precision.items()},
            {k: _middle(_precision(k, values, weights) for weights in resampled) for k in many},
        )
    rivals = {name: one for name, one in told.items() if name != BEST}
    best = max(rivals, key=lambda name: (rivals[name].matched, name))
    gain = told[BEST].matched - rivals[best].matched
    gains = [one - other for (_, one), (_, other) in zip(drawn[BEST], drawn[best], strict=True)]
    return told[BEST], rivals, _rounded(gain), _middle(gains)


def _two(trial: _Trial, scores: Sequence[Numbers], weights: Sequence[Numbers]) -> tuple[float, float]:
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


# What came true -----------------------------------------------------------------------------------------------------


def _outcomes(store: GraphStore, before: Predictor, after: Texts, top: int) -> tuple[Outcome, ...]:
    predicted = unstated(before, top)
    keys = {name: keys_for(name, before.texts) for one in predicted for name in (one.a, one.b)}
    names = sorted(keys)
    naming = after.naming([keys[name] for name in names])
    rows = {
        name: set(naming.indices[naming.indptr[at] : naming.indptr[at + 1]].tolist()) for at, name in enumerate(names)
    }
    paper_of = {record: one for one in store.papers() for record in one.records}
    found = []
    for one in predicted:
        both = rows[one.a] & rows[one.b]
        first = min(both, key=lambda row: (after.years[row], after.records[row]), default=None)
        paper = None if first is None else paper_of[after.records[first]]
        quotes = () if paper is None else _quotes(store, paper, keys[one.a], keys[one.b])
        found.append(Outcome(one, paper, quotes))
    return tuple(found)


def _quotes(store: GraphStore, paper: Paper, a: Sequence[str], b: Sequence[str]) -> tuple[Quote, ...]:
    """The first sentence that names both, else the first for each."""
    first: dict[str, Quote] = {}
    for one in store.passages(paper=paper.id):
        spoken: dict[str, list[tuple[int, int]]] = {}
        for mention, _ in store.mentions(passages=[one.passage.id]):
            spoken.setdefault(mention.key, []).append((mention.start, mention.end))
        for start, end in sentences(one.passage.text):
            quote = Quote(one.passage.id, start, end, one.passage.text[start:end])
            words = f" {' '.join(words_of(quote.quote))} "
            names = [
                any(
                    f" {key} " in words or any(start <= low and high <= end for low, high in spoken.get(key, ()))
                    for key in keys
                )
                for keys in (a, b)
            ]
            if all(names):
                return (quote,)
            for name, there in zip("ab", names, strict=True):
                if there:
                    first.setdefault(name, quote)
    return tuple(first[name] for name in "ab" if name in first)
