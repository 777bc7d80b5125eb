from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ranking import LEXICAL_WEIGHT, fused, ordered, sharpened

ids = st.sampled_from([f"p-{number}" for number in range(12)])
bm25 = st.dictionaries(ids, st.floats(0.001, 50))
cosines = st.dictionaries(ids, st.floats(-1, 1))


def test_the_best_in_words_and_meaning_has_one() -> None:
    scores = fused({"a": 9.0, "b": 3.0}, {"a": 0.8, "c": 0.4}, least=0.0)
    assert scores["a"] == pytest.approx(1)
    assert scores["b"] == pytest.approx(LEXICAL_WEIGHT / 3)
    assert scores["c"] == pytest.approx((1 - LEXICAL_WEIGHT) / 2)


def test_nothing_found_gives_nothing() -> None:
    assert fused({}, {}, least=0.0) == {}


def test_one_passage_alone_is_not_divided_by_zero() -> None:
    assert fused({}, {"a": 0.3}, least=0.3) == {"a": pytest.approx(1 - LEXICAL_WEIGHT)}


@given(bm25, cosines)
def test_fused_scores_lie_between_zero_and_one(words: dict[str, float], meaning: dict[str, float]) -> None:
    scores = fused(words, meaning, least=min(meaning.values(), default=0.0))
    assert scores.keys() == words.keys() | meaning.keys()
    assert all(-1e-9 <= score <= 1 + 1e-9 for score in scores.values())


@given(bm25, cosines, st.integers(1, 5))
def test_looking_at_fewer_passages_does_not_change_the_scores_of_the_best(
    words: dict[str, float], meaning: dict[str, float], most: int
) -> None:
    whole = fused(words, meaning, least=-1.0)
    fewer = fused(dict(ordered(words, most)), meaning, least=-1.0)
    assert all(fewer[id] == pytest.approx(whole[id], abs=1e-4) for id, _ in ordered(words, most))


def test_order_is_by_score_then_id_after_rounding() -> None:
    scores = {"c": 0.5, "b": 0.5000000001, "a": 0.1, "d": 0.9}
    assert ordered(scores, 10) == [("d", 0.9), ("b", 0.5), ("c", 0.5), ("a", 0.1)]
    assert ordered(scores, 2) == [("d", 0.9), ("b", 0.5)]
    assert ordered(scores.items(), 0) == ordered({}, 5) == ordered(scores, -1) == []


def test_sharpened_shares_are_in_proportion_to_the_exponentials() -> None:
    shares = sharpened([("a", 0.5), ("b", 0.25)], 4.0)
    assert sum(shares.values()) == pytest.approx(1)
    assert shares["a"] / shares["b"] == pytest.approx(math.e)
    assert sharpened([], 4.0) == {}
