"""Sentences that answer, quoted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.steps.covering import share
from agents.steps.cues import states, telling
from agents.steps.planning import Plan
from agents.steps.wishes import fulfils, wish
from kg.model import Hit
from kg.sentences import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST = 5
CANDIDATES = 24
"""Sentences that are embedded for one question."""

_SAME = 0.85  # cosine from which on two sentences say the same
_WITHIN = 0.5  # a sentence is quoted when it scores not much worse than the best
_COVERED = 0.9  # what it is worth to hold the question's words, beside being nearest to it (see `agents.steps.cues`)
_FITTING = 1.0  # and to stand in a passage that fits
_WISHED = 0.4  # what it is worth that a sentence is of the kind that the question wants
_WORDS = 5, 80  # a sentence of fewer says nothing by itself; of more it is a table or a list


@dataclass(frozen=True, slots=True)
class Quote:
    """A whole sentence of a hit: `hit.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]


def candidates(plan: Plan, hits: Sequence[Hit], most: int = CANDIDATES) -> list[Quote]:
    """The sentences of the passages, without those that state nothing and repetitions; those that hold most of the
    question's words first. At most so many, since each is embedded."""
    found: dict[str, tuple[float, int, Quote]] = {}
    for place, hit in enumerate(hits):
        for quote in _whole(hit):
            held = share(plan, quote.text)
            found.setdefault(" ".join(quote.text.casefold().split()), (-round(held, 6), place, quote))
    ranked = sorted(found.values(), key=lambda one: (one[0], one[1], one[2].start))
    return [quote for _, _, quote in ranked[:most]]


def _whole(hit: Hit) -> Iterator[Quote]:
    for start, end in sentences(hit.text):
        quote = Quote(hit, start, end)
        if _WORDS[0] <= len(quote.text.split()) <= _WORDS[1] and states(quote.text):
            yield quote


def chosen(plan: Plan, quotes: Sequence[Quote], cosines: Sequence[float], vectors: NDArray[np.float32],
           fits: Mapping[str, float], most: int = MOST, of_one_paper: int = MOST) -> list[Quote]:
    """The sentences that answer best, best first, none of which says what another has said.

    A sentence scores its cosine to the question, relative to the nearest, plus the share of the question's weight
    that it holds in any form, plus how well its passage fits (`fits`, by passage id), plus what its form is worth
    (`agents.steps.cues`), plus a bonus where it is of the kind that the question wants (`agents.steps.wishes`). At most
    so many are `of_one_paper`. `vectors` are the sentences'.
    """
    if not quotes:
        return []
    nearest, wanted = max(*cosines, 1e-6), wish(plan.question)
    scores = [round(cosine / nearest + _COVERED * share(plan, quote.text) + _FITTING * fits[quote.hit.passage]
                    + telling(quote.text, quote.hit.section)
                    + (_WISHED if fulfils(wanted, plan.question, quote.text) else 0.0), 6)
              for quote, cosine in zip(quotes, cosines, strict=True)]
    order = sorted(range(len(quotes)), key=lambda at: (-scores[at], quotes[at].hit.passage, quotes[at].start))
    taken: list[int] = []
    papers: Counter[str] = Counter()
    for at in order:
        if len(taken) == most or scores[at] < scores[order[0]] - _WITHIN:
            break
        new = all(float(vectors[at] @ vectors[other]) < _SAME for other in taken)
        if new and papers[quotes[at].hit.paper] < of_one_paper:
            taken.append(at)
            papers[quotes[at].hit.paper] += 1
    return [quotes[at] for at in taken]
