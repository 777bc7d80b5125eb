"""Scores into orders: plain functions over (passage id -> score)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEXICAL_WEIGHT = 0.35
"""Of BM25 against the cosines. Weighted scores found more than rank fusion on every development set."""

_DIVERSE = 40
_LIKENESS = 0.05  # of MMR: more lost answers, less let repetitions through (benchmarks/RESULTS.md)
_CROWD = 0.1

DECIMALS = 6
"""Scores are rounded to so many before they are compared, so that no last bit decides an order."""


def fused(lexical: Mapping[str, float], cosines: Mapping[str, float], least: float) -> dict[str, float]:
    """0…1 for each passage that either has: .35 · BM25 / greatest + .65 · cosine, stretched from `least` to greatest.

    `least` is the cosine of the passage that is least alike in the whole library, so that a score does not depend on
    how many others were looked at. A passage without words in common has 0 for the first part, one without a vector 0
    for the second.
    """
    best_words, best_meaning = max(lexical.values(), default=0.0), max(cosines.values(), default=least)

    def words(passage: str) -> float:
        return lexical.get(passage, 0.0) / best_words if best_words > 0 else 0.0

    def meaning(passage: str) -> float:
        if passage not in cosines:
            return 0.0
        return (cosines[passage] - least) / (best_meaning - least) if best_meaning > least else 1.0

    return {
        passage: LEXICAL_WEIGHT * words(passage) + (1 - LEXICAL_WEIGHT) * meaning(passage)
        for passage in lexical.keys() | cosines.keys()
    }


def ordered(scores: Mapping[str, float] | Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """The `most` best, best first, rounded; ties by id."""
    pairs = scores.items() if isinstance(scores, Mapping) else scores
    rounded = sorted(((passage, round(score, DECIMALS)) for passage, score in pairs), key=lambda one: (-one[1], one[0]))
    return rounded[: max(0, most)]


def diverse(
    found: Sequence[tuple[str, float]],
    vectors: Mapping[str, NDArray[np.float32]],
    paper_of: Mapping[str, str],
) -> list[tuple[str, float]]:
    """The same passages in an order that repeats less, with scores relative to the best (0…1), best first.

    Maximal marginal relevance (Carbonell & Goldstein 1998, doi:10.1145/290941.291025): of the first 40, one after the
    other is taken, by its relative score less .05 · the cosine to what was taken that is most like it, and less .1 for
    each passage of its own paper beyond two. `vectors` are of unit length; a passage without one is like no other.
    """
    best = max((score for _, score in found), default=0.0)
    relative = [(passage, score / best if best > 0 else 0.0) for passage, score in found]
    left, rest = relative[:_DIVERSE], relative[_DIVERSE:]
    likeness, of_paper = dict.fromkeys((passage for passage, _ in left), 0.0), Counter[str]()
    taken: list[tuple[str, float]] = []

    def value(one: tuple[str, float]) -> float:
        passage, score = one
        crowd = max(0, of_paper[paper_of.get(passage, passage)] - 1)
        return round(score - _LIKENESS * likeness[passage] - _CROWD * crowd, DECIMALS)

    while left:
        one = max(left, key=value)  # of equals the first, which scored best
        taken.append((one[0], value(one)))
        left.remove(one)
        of_paper[paper_of.get(one[0], one[0])] += 1
        if (vector := vectors.get(one[0])) is not None:
            for passage, _ in left:
                if (other := vectors.get(passage)) is not None:
                    likeness[passage] = max(likeness[passage], float(vector @ other))
    least = min((score for _, score in taken), default=0.0)
    taken += [(passage, round(min(least, score - _LIKENESS), DECIMALS)) for passage, score in rest]
    lowest = min((score for _, score in taken), default=0.0)
    low = min(lowest, 0.0)
    return [(passage, round((score - low) / (1 - low), DECIMALS)) for passage, score in taken]
