from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.steps.planning import coverage, plan
from kg.names import key_of


def test_rare_words_weigh_more() -> None:
    planned = plan("?", ["silk", "protein"], [2, 90], 100)
    weights = dict(planned.weights)
    assert weights["silk"] == pytest.approx(math.log(1 + 100.5 / 2.5))
    assert weights["silk"] > weights["protein"] > 0
    assert planned.unknown == 0


def test_unknown_is_the_weight_of_words_that_stand_nowhere() -> None:
    planned = plan("?", ["silk", "velotrazine"], [1, 0], 10)
    weights = dict(planned.weights)
    assert planned.unknown == pytest.approx(weights["velotrazine"] / sum(weights.values()))
    assert planned.unknown > 0.5


def test_forms_of_one_word_count_once() -> None:
    assert len(plan("?", ["silk", "silks", "fibre"], [3, 3, 1], 10).weights) == 2


def test_of_no_words_all_is_unknown() -> None:
    assert plan("?", [], [], 10).unknown == 1
    assert plan("?", [], [], 0).weights == ()


def test_coverage_is_the_share_of_the_weight_that_stands_in_the_text() -> None:
    weights = [("silk", 3.0), ("toughness", 1.0)]
    assert coverage(weights, "Silks are proteins.") == 0.75
    assert coverage(weights, "The TOUGHNESS of silk") == 1
    assert coverage(weights, "milk") == coverage(weights, "") == coverage([], "silk") == 0


@given(st.text())
def test_words_of_a_text_are_those_of_its_normal_form(text: str) -> None:
    for key in key_of(text).split():
        assert coverage([(key, 1.0)], text) == 1, key


@given(st.dictionaries(st.sampled_from(["silk", "web", "iron", "rust"]), st.integers(0, 5), min_size=1), st.text())
def test_all_shares_lie_between_zero_and_one(counts: dict[str, int], text: str) -> None:
    planned = plan("?", list(counts), list(counts.values()), 5)
    assert 0 <= planned.unknown <= 1
    assert 0 <= coverage(planned.weights, text) <= 1 + 1e-9
    assert coverage(planned.weights, " ".join(counts)) == pytest.approx(1)
