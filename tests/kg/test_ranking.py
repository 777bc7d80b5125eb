from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.ranking import LEXICAL_WEIGHT, diverse, fused, ordered

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


ALIKE = np.array([1.0, 0.0], np.float32)
OTHER = np.array([0.0, 1.0], np.float32)


def test_what_repeats_the_best_comes_after_what_is_nearly_as_good() -> None:
    found = [("a", 0.90), ("again", 0.88), ("else", 0.86), ("far", 0.1)]
    vectors = {"a": ALIKE, "again": ALIKE, "else": OTHER, "far": OTHER}
    assert [id for id, _ in diverse(found, vectors, {})] == ["a", "else", "again", "far"]


def test_what_repeats_keeps_its_place_before_what_is_much_worse() -> None:
    vectors = {"a": ALIKE, "again": ALIKE, "else": OTHER}
    assert [id for id, _ in diverse([("a", 0.9), ("again", 0.8), ("else", 0.5)], vectors, {})] == ["a", "again", "else"]


def test_the_third_passage_of_a_paper_waits_for_other_papers() -> None:
    found = [("a1", 0.9), ("a2", 0.9), ("a3", 0.9), ("b", 0.85), ("c", 0.5)]
    papers = {"a1": "a", "a2": "a", "a3": "a", "b": "b", "c": "c"}
    assert [id for id, _ in diverse(found, {}, papers)] == ["a1", "a2", "b", "a3", "c"]


@given(st.lists(st.tuples(ids, st.floats(0, 50)), unique_by=lambda one: one[0]), st.randoms())
def test_nothing_is_lost_and_scores_fall(found: list[tuple[str, float]], random: random.Random) -> None:
    found = ordered(found, len(found))
    vectors = {id: random.choice([ALIKE, OTHER]) for id, _ in found[::2]}
    papers = {id: random.choice("xy") for id, _ in found}
    again = diverse(found, vectors, papers)
    assert {id for id, _ in again} == {id for id, _ in found}
    scores = [score for _, score in again]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
