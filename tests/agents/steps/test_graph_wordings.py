"""What questions may mean, whatever a library holds."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.steps.graph_wordings import Wording, wordings
from agents.steps.predicate_words import lemmas, readings, verbs_at
from kg.concept_graph import Reading
from kg.predicates import PREDICATES


def meant(question: str) -> Wording:
    return next(wordings(question))


@pytest.mark.parametrize(
    ("word", "lemma"),
    [("increases", "increase"), ("carries", "carry"), ("led", "lead"), ("stopped", "stop"), ("measuring", "measure"),
     ("bound", "bind"), ("presses", "press"), ("caused", "cause"), ("is", "be"), ("assess", "assess")],
)  # fmt: skip
def test_forms_of_verbs(word: str, lemma: str) -> None:
    assert lemma in lemmas(word)


@pytest.mark.parametrize(
    ("said", "predicate", "turned"),
    [("increases", "increases", False), ("leads to", "causes", False), ("results from", "causes", True),
     ("can be used for", "used for", False), ("is increased by", "increases", True),
     ("has been shown to inhibit", "inhibits", False), ("are known to be caused by", "causes", True),
     ("is measured by", "measured with", False), ("measures", "measured with", True),
     ("may help to prevent", "prevents", False)],
)  # fmt: skip
def test_verbs_are_read_as_predicates(said: str, predicate: str, turned: bool) -> None:
    words = [*said.split(), "silk"]
    found = next(one for one in verbs_at(words, 0) if one.end == len(words) - 1)
    assert (found.frame.predicate, found.frame.turned) == (predicate, turned)


def test_readings_turn_round_what_is_said_from_the_other_side() -> None:
    assert readings("consists of", "object") == (
        Reading("consists of", "object"), Reading("contains", "object"), Reading("part of", "subject")
    )  # fmt: skip
    assert set(readings("binds", "object")) >= {Reading("binds", "object")}
    known = {one.name for one in PREDICATES}
    assert {reading.predicate for one in known for reading in readings(one, "subject")} <= known


@pytest.mark.parametrize(
    ("question", "name", "predicate", "asked"),
    [
        ("What increases toughness?", "toughness", "increases", "subject"),
        ("what is increased by water", "water", "increases", "object"),
        ("What does water increase?", "water", "increases", "object"),
        ("By what is toughness increased?", "toughness", "increases", "subject"),
        ("Toughness is increased by what?", "Toughness", "increases", "subject"),
        ("Please list everything that causes cracks in my papers.", "cracks", "causes", "subject"),
        ("What are the known causes of cracks?", "cracks", "causes", "subject"),
        ("What is silk used for?", "silk", "used for", "object"),
        ("What is silk a kind of?", "silk", "is a", "object"),
        ("Which materials contain water?", "water", "contains", "subject"),
        ("How can hidden length be measured?", "hidden length", "measured with", "object"),
        ("What does a microscope measure?", "a microscope", "measured with", "subject"),
        ("Where is collagen found?", "collagen", "located in", "object"),
    ],
)
def test_both_directions_and_the_passive(question: str, name: str, predicate: str, asked: str) -> None:
    found = meant(question)
    assert (found.kind, found.names[0], found.readings[0]) == ("relations", name, Reading(predicate, asked))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What has changed since 2019?", 2019, None),
        ("What has changed about silk after 2019?", 2020, None),
        ("Since 2019, what is new on silk?", 2019, None),
        ("What has been learned about silk between 2015 and 2019?", 2015, 2019),
        ("How many papers published until 2010 mention silk?", None, 2010),
        ("What increases toughness in papers from 2012 on?", 2012, None),
    ],
)
def test_years(question: str, since: int | None, until: int | None) -> None:
    assert (meant(question).since, meant(question).until) == (since, until)


def test_what_two_names_are_is_left_to_the_library() -> None:
    pairs = [one.names for one in wordings("How are salt and pepper and sugar connected?")]
    assert pairs == [("salt", "pepper and sugar"), ("salt and pepper", "sugar")]


def test_what_does_not_do_something_is_not_asked_of_the_graph() -> None:
    assert list(wordings("What does not increase toughness?")) == []
    assert list(wordings("Which things don't contain water?")) == []


@given(st.text(max_size=400))
def test_any_text_is_read_quickly(text: str) -> None:
    begun = time.perf_counter()
    list(wordings(text))
    assert time.perf_counter() - begun < 1
