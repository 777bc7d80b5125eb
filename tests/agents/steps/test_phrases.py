from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.steps.phrases import alike, names_in, noun_phrases, opposed, phrases, predicate_in, stem

LABELS = {"spider silk": "spider silk", "toughness": "toughness", "poly vinyl alcohol": "PVOH", "heat": "heat"}


def texts(question: str) -> list[tuple[str, str | None, str]]:
    return [(one.text, one.label, one.before) for one in phrases(question, LABELS)]


def test_the_longest_names_of_the_library_come_first() -> None:
    assert texts("What increases the toughness of spider silk?") == [
        ("toughness", "toughness", ""),
        ("spider silk", "spider silk", "of"),
    ]


def test_other_runs_of_words_are_phrases_without_a_label() -> None:
    assert texts("How wide are osteons in the old bone?") == [
        ("wide", None, ""),
        ("osteons", None, ""),
        ("old bone", None, "in"),
    ]


def test_a_name_may_hold_brackets() -> None:
    assert texts("Is poly(vinyl alcohol) tough?")[0] == ("poly(vinyl alcohol", "PVOH", "")


@pytest.mark.parametrize(
    ("question", "named"), [("Does heat increase toughness?", True), ("What does water heat?", False)]
)
def test_a_verb_of_a_relation_is_a_noun_where_it_stands_as_one(question: str, named: bool) -> None:
    assert (
        "heat" in [one.text for one in phrases(question.replace("heat", "the heat") if named else question, {})]
    ) is named


def test_noun_phrases_are_joined_by_of() -> None:
    question = "Does the toughness of the spider silk depend on water?"
    (first, *_) = noun_phrases(question, phrases(question, LABELS))
    assert question[first[0].start : first[-1].end] == "toughness of the spider silk"


@given(st.text(max_size=80))
def test_phrases_are_stretches_of_the_question_in_order(question: str) -> None:
    names = names_in(question)
    end = 0
    for one in phrases(question, dict.fromkeys(names, "x")):
        assert question[one.start : one.end] == one.text
        assert end <= one.start < one.end
        end = one.end


@pytest.mark.parametrize(
    ("words", "predicate"),
    [
        ("a good predictor of", "predicts"),
        ("does increase the", "increases"),
        ("inhibition of", "inhibits"),
        ("is causing", "causes"),
        ("and also the", None),
    ],
)
def test_verbs_and_nouns_made_of_them_mean_predicates(words: str, predicate: str | None) -> None:
    assert predicate_in(words) == predicate


def test_stems_of_forms_are_equal() -> None:
    assert stem("predicts") == stem("predictor") == stem("predicted") == "predict"
    assert stem("stiff")[:5] == stem("stiffness")[:5]


def test_directions() -> None:
    assert opposed("increases", "decreases")
    assert opposed("prevents", "causes")
    assert not opposed("increases", "contains")
    assert alike("improves", "increases")
    assert not alike("improves", "worsens")
