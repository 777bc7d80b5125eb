"""What is likely to meet next: scores of pairs of names that no paper joins yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np
from threadpoolctl import threadpool_limits

from kg.errors import UsageError
from kg.prediction.features import FEATURES, Pairs, Profiles, View, together
from kg.prediction.ranks import Ranks
from kg.prediction.texts import Texts, keys_for, texts

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from kg.library import Library

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]

RANKS_COUNT = 0.85
"""What the sum of a pair's ranks counts against the logarithm of its degree product."""

LEAST_PAPERS, LEAST_PAIRS = 30, 100
"""With fewer papers, or fewer unconnected pairs to compare with, nothing is predicted."""

FEW_PAPERS = 1000
"""Up to so many papers, a concept of two papers is one; beyond, of three."""

_MANY = 100_000  # pairs at a time
_TELLING = 0.2  # a rank nearer to the middle is not worth a word

_WORDS = {
    "recent": ("recent papers often name them", "recent papers seldom name them"),
    "fresh": ("their papers read like the latest ones", "their papers read like older ones"),
    "context": ("they are written of in like surroundings", "they are written of in different surroundings"),
    "fit": ("papers that suit one of them suit the other", "papers that suit one of them do not suit the other"),
    "analogy": ("what is most like one has lately met the other", "what is most like one has not met the other lately"),
    "affinity": ("names with such words are often joined", "names with such words are seldom joined"),
}


@dataclass(frozen=True, slots=True)
class Score:
    """How likely two names are to meet in a paper next.

    `score` orders all pairs, popular ones first as they meet more often; it has no unit. `percentile` (0…100) is the
    share of unconnected pairs of equal popularity that have less to say for them: popularity is taken away. Both are
    None where no paper names one of the two, or where there are too few papers; `reasons` then say so, and else what
    speaks for the pair or against it, the weightiest first. `papers` are those that name both already.
    """

    a: str
    b: str
    score: float | None
    percentile: float | None
    reasons: tuple[str, ...] = ()
    papers: int = 0

    def as_json(self) -> dict[str, Any]:
        """As `predict --json` writes it."""
        return {
            "a": self.a,
            "b": self.b,
            "score": self.score,
            "percentile": self.percentile,
            "papers": self.papers,
            "reasons": list(self.reasons),
        }

    def __repr__(self) -> str:
        told = "unknown" if self.score is None else f"{self.score:.2f}, percentile {self.percentile:.0f}"
        return f"<Score {self.a!r} + {self.b!r}: {told}>"


class Predictor:
    """Scores of pairs from the papers up to the end of a year, `until`; None: from all.

    A pair's score depends on those papers and on the pair alone: not on later papers, and not on what else is asked.
    """

    def __init__(self, known: Texts, until: int | None = None, kept: tuple[Numbers, Ranks] | None = None) -> None:
        """`kept` are the topics and ranks of one that was made of the same before."""
        self.texts, self.until = known, until
        dated = known.years[np.isfinite(known.years)]
        last = int(dated.max()) if len(dated) else 0
        self.year = last if until is None else min(until, last)
        self.known: tuple[View, Ranks] | None = None
        if self.papers >= LEAST_PAPERS:
            with threadpool_limits(1, "blas"):
                view = View(known, self.year, 2 if self.papers <= FEW_PAPERS else 3, None if kept is None else kept[0])
                self.known = view, Ranks(view) if kept is None else kept[1]

    def __repr__(self) -> str:
        return f"<Predictor of {self.papers} papers{'' if self.until is None else f' up to {self.until}'}>"

    @property
    def papers(self) -> int:
        return self.texts.papers

    @property
    def shortage(self) -> str | None:
        """Why nothing can be predicted, and what would be needed; None where it can."""
        when = "" if self.until is None else f" of {self.until} or earlier"
        if self.known is None:
            return (
                f"There are {self.papers} papers{when}, and predictions need {LEAST_PAPERS} or more, "
                "with their years: read more of the field's papers."
            )
        if self.known[1].pairs < LEAST_PAIRS:
            return (
                f"In the {self.papers} papers{when} only {self.known[1].pairs} pairs of concepts are unconnected, and "
                f"predictions need {LEAST_PAIRS} or more to compare with: read more papers, also from beside the field."
            )
        return None

    @property
    def made(self) -> tuple[View, Ranks]:
        """What it knows; UsageError where there is too little to know."""
        if (short := self.shortage) is not None:
            raise UsageError(short)
        assert self.known is not None
        return self.known

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[Score]:
        """A score for each pair of names, in the order asked. A name is a concept's (in any of its forms) or any
        phrase that stands in the papers."""
        if (short := self.shortage) is not None:
            return [Score(a, b, None, None, (short,)) for a, b in pairs]
        found: list[Score] = []
        with threadpool_limits(1, "blas"):  # how sums are shared among threads would change their last bits
            for start in range(0, len(pairs), _MANY):
                found += self._scored(pairs[start : start + _MANY])
        return found

    def _scored(self, asked: Sequence[tuple[str, str]]) -> list[Score]:
        view, _ = self.made
        names = sorted({name for pair in asked for name in pair})
        place = {name: at for at, name in enumerate(names)}
        keys = [keys_for(name, self.texts) for name in names]
        profiles = view.profiles(keys)
        there = np.diff(profiles.papers.indptr) > 0
        found: dict[int, Score] = {}
        known: list[int] = []
        for at, (a, b) in enumerate(asked):
            missing = [name for name in dict.fromkeys((a, b)) if not there[place[name]]]
            if missing:
                found[at] = Score(a, b, None, None, tuple(self._unknown(name) for name in missing))
            elif keys[place[a]] == keys[place[b]]:
                found[at] = Score(a, b, None, None, (f"{a!r} and {b!r} name the same concept.",))
            else:
                known.append(at)
        # A pair is the same both ways round, to the last bit.
        ends = [sorted((place[asked[at][0]], place[asked[at][1]])) for at in known]
        pairs = Pairs(np.array([a for a, _ in ends], np.int64), np.array([b for _, b in ends], np.int64))
        for at, (score, percentile, reasons, papers) in zip(known, self.judged(profiles, pairs), strict=True):
            found[at] = Score(*asked[at], score, percentile, reasons, papers)
        return [found[at] for at in range(len(asked))]

    def judged(self, names: Profiles, pairs: Pairs) -> Iterator[tuple[float, float, tuple[str, ...], int]]:
        """Score, percentile, reasons and the papers that name both, of each pair."""
        view, ranks = self.made
        if not len(pairs.a):
            return
        ranked, percentile, popularity = ranks(view, names, pairs)
        scores = (RANKS_COUNT * ranked.sum(axis=1) + popularity).round(6)
        both = together(names, pairs)
        for at in range(len(scores)):
            yield (
                float(scores[at]),
                round(float(percentile[at]), 2),
                self._reasons(ranked[at], int(both[at])),
                int(both[at]),
            )

    def values(self, names: Profiles, pairs: Pairs) -> tuple[Numbers, Numbers]:
        """Scores and percentiles alone."""
        view, ranks = self.made
        ranked, percentile, popularity = ranks(view, names, pairs)
        return (RANKS_COUNT * ranked.sum(axis=1) + popularity).round(6), percentile

    @staticmethod
    def _reasons(ranks: Numbers, papers: int) -> tuple[str, ...]:
        told = [] if not papers else [f"{papers} {'paper names' if papers == 1 else 'papers name'} both already"]
        order = sorted(range(len(FEATURES)), key=lambda at: (-abs(ranks[at]), at))
        for at in order:
            if abs(ranks[at]) >= _TELLING:
                share = min(99.0, 100 * (0.5 + abs(ranks[at])))
                side = "more" if ranks[at] > 0 else "less"
                words = _WORDS[FEATURES[at]][int(ranks[at] < 0)]
                told.append(f"{words} ({side} than {share:.0f} % of equally popular pairs)")
        return tuple(told) if told else ("nothing sets it apart from other pairs as popular",)

    def _unknown(self, name: str) -> str:
        return f"No paper{'' if self.until is None else f' up to {self.until}'} names {name!r}."


def predictor(library: Library, until: int | None = None, keep: bool = True) -> Predictor:
    """The predictor of a library from its papers up to a year (inclusive); None: from all papers.

    What it took long to make is kept in the library's folder of indexes, for that state of the library and that year,
    and made anew when the library has changed; not where `keep` is False or nothing can be written.
    """
    from kg.prediction import kept

    store = library.store
    folder: Path | None = None
    if keep and (place := library.address.local_folder) is not None:
        folder = place / "index"
    with store.reading():
        revision = store.revision()
        last = _last.get(library)
        if last is not None and last[:2] == (revision, until):
            return last[2]
        made = None if folder is None else kept.read(folder, revision, until)
        if made is None:
            made = Predictor(texts(store, until), until)
            if folder is not None:
                kept.write(folder, revision, made)
    _last[library] = revision, until, made
    return made


_last: WeakKeyDictionary[Library, tuple[str, int | None, Predictor]] = WeakKeyDictionary()
