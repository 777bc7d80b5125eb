"""Proof on the past: later papers are hidden, pairs are judged, and then the later papers are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from kg.errors import UsageError
from kg.names import words_of
from kg.prediction.candidates import unstated
from kg.prediction.predictor import FEW_PAPERS, Predictor, Score, predictor
from kg.prediction.texts import Texts, keys_for, texts
from kg.prediction.trials import Field, Figures, Interval, Tenth, judged
from kg.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.library import Library
    from kg.model import Paper
    from kg.prediction.features import Pairs
    from kg.stores.graph_store import GraphStore

    Numbers = NDArray[np.float64]

LEAST_MET = 50
_LEAST_PAPERS = 5  # of a concept, in a library of more than a thousand papers


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
            least = _LEAST_PAPERS if before.papers > FEW_PAPERS else 2
            places = np.flatnonzero(np.diff(view.naming.indptr) >= least)
            names = view.of_concepts(places)
            later = after.naming([view.concepts[place].keys for place in places.tolist()]).T.tocsr()
            field = Field(names.papers, later)
            _require_met(field, after)

            def rule(pairs: Pairs) -> Numbers:
                return before.values(names, pairs)[0]

            trial = field.trial(np.random.default_rng(seed))
            told = judged(trial, field.size, rule, field.baselines())
            calibration = field.calibrated(rule, np.random.default_rng(seed + 1))
        outcomes = _outcomes(store, before, after, top)
    return Backtest(
        until,
        horizon,
        before.papers,
        after.papers,
        field.size,
        len(trial.positives.a) + len(trial.random.a) + len(trial.matched.a),
        len(trial.positives.a),
        len(field.met),
        told.figures,
        told.rivals,
        told.gain,
        told.gain_interval,
        calibration,
        outcomes,
    )


def _require_years(store: GraphStore, before: Predictor) -> None:
    papers = list(store.papers())
    undated = sum(one.year is None for one in papers)
    if before.shortage is not None:
        also = f" {undated} of the library's {len(papers)} papers have no year, and count for none." if undated else ""
        raise UsageError(f"{before.shortage}{also}")


def _require_met(field: Field, after: Texts) -> None:
    if len(field.met) < LEAST_MET:
        raise UsageError(
            f"Only {len(field.met)} pairs of concepts met for the first time in the {after.papers} later papers, and a "
            f"figure needs {LEAST_MET} or more: name an earlier year, a longer horizon, or read more papers."
        )


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
