"""Scores into orders: plain functions over (passage id -> score)."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

LEXICAL_WEIGHT = 0.35
"""Of BM25 against the cosines. Weighted scores found more than rank fusion on every development set."""

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

    return {passage: LEXICAL_WEIGHT * words(passage) + (1 - LEXICAL_WEIGHT) * meaning(passage)
            for passage in lexical.keys() | cosines.keys()}


def ordered(scores: Mapping[str, float] | Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    """The `most` best, best first, rounded; ties by id."""
    pairs = scores.items() if isinstance(scores, Mapping) else scores
    rounded = sorted(((passage, round(score, DECIMALS)) for passage, score in pairs), key=lambda one: (-one[1], one[0]))
    return rounded[: max(0, most)]


def sharpened(scores: Iterable[tuple[str, float]], sharpness: float) -> dict[str, float]:
    """Shares that add up to 1, in proportion to exp(sharpness · score)."""
    weights = {passage: math.exp(sharpness * score) for passage, score in scores}
    total = sum(weights.values())
    return {passage: weight / total for passage, weight in weights.items()}
