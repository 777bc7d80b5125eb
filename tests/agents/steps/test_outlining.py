from __future__ import annotations

import pytest

from agents.steps.outlining import Outline, SubQuestion, outline
from agents.steps.questions import Comparison
from agents.steps.readings import Reading

PAIR = Comparison(("a", "b"), ("How is a?", "How is b?"))
READINGS = (Reading("one?", "X", "ex", frozenset({"w-1"}), 2), Reading("two?", "X", "eks", frozenset({"w-2"}), 1))


def test_parts_that_point_back_wait_for_the_one_before() -> None:
    planned = outline("?", ["one?", "two?", "three?"], [False, False, True])
    assert [[one.number for one in level] for level in planned.levels] == [[1, 2], [3]]
    assert [one.role for one in planned.questions] == ["part"] * 3


def test_a_reading_leaves_out_papers_of_the_others() -> None:
    planned = outline("?", readings=READINGS)
    assert [one.not_in for one in planned.questions] == [frozenset({"w-2"}), frozenset({"w-1"})]


def test_a_comparison_is_asked_as_a_whole_and_on_each_side() -> None:
    planned = outline("Is a like b?", compared=PAIR)
    assert planned.route == "comparison"
    assert [one.question for one in planned.questions] == ["Is a like b?", "How is a?", "How is b?"]


@pytest.mark.parametrize(
    ("planned", "route"),
    [
        (outline("?", ["one?", "two?"], [False, False], READINGS, PAIR, "topic", True, True), "passages"),
        (outline("?", ["?"], [False], (), PAIR, "topic", True, True), "computation"),
        (outline("?", compared=PAIR, topic="topic", fact=True), "comparison"),
        (outline("?", topic="topic", fact=True), "survey"),
        (outline("?", fact=True), "fact"),
        (outline("?"), "passages"),
    ],
)
def test_the_first_way_that_fits_is_taken(planned: Outline, route: str) -> None:
    assert planned.route == route


def test_every_question_has_its_turn_once() -> None:
    planned = Outline(
        "passages", (SubQuestion(1, "a", needs=(3,)), SubQuestion(2, "b"), SubQuestion(3, "c", needs=(2,)))
    )
    assert [[one.number for one in level] for level in planned.levels] == [[2], [3], [1]]
