from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from agents.steps.asked_plan import MOST_AGAIN, Change
from agents.steps.outlining import Outline, SubQuestion
from agents.steps.pursuing import ROUNDS, Ledger, pursued


class World:
    """Knows some questions, how many passages they lead to and what their answer is; notes what was looked up."""

    def __init__(self, known: Mapping[str, str], *changes: Sequence[SubQuestion]) -> None:
        self.known, self.changes = known, list(changes)
        self.levels: list[list[str]] = []
        self.ledgers: list[Ledger] = []

    def search(self, subs: Sequence[SubQuestion]) -> list[int]:
        self.levels.append([sub.question for sub in subs])
        return [2 if sub.question in self.known else 0 for sub in subs]

    def answers(self, subs: Sequence[SubQuestion]) -> dict[int, str]:
        return {sub.number: self.known[sub.question] for sub in subs if self.known[sub.question]}

    def replan(self, ledger: Ledger) -> Change:
        self.ledgers.append(ledger)
        return Change(tuple(self.changes.pop(0)) if self.changes else ())

    def pursue(self, *subs: SubQuestion) -> tuple[Outline, Ledger]:
        return pursued(Outline("passages", subs), self.search, self.answers, self.replan)


AUTHOR = SubQuestion(1, "Who wrote Brand?", "part")
BORN = SubQuestion(2, "Where was #1 born?", "part", (1,))
BORN_IBSEN = "Where was Henrik Ibsen born?"


def test_the_answer_of_one_question_is_filled_into_the_next() -> None:
    world = World({"Who wrote Brand?": "Henrik Ibsen", BORN_IBSEN: ""})
    outline, ledger = world.pursue(AUTHOR, BORN)
    assert world.levels == [["Who wrote Brand?"], [BORN_IBSEN]]
    assert [one.question for one in outline.questions] == ["Who wrote Brand?", BORN_IBSEN]
    assert ledger.answers == {1: "Henrik Ibsen"}
    assert world.ledgers == []


def test_what_found_nothing_is_asked_otherwise_before_what_waits_for_it() -> None:
    other = SubQuestion(1, "Whose play is Brand?", "part")
    world = World({"Whose play is Brand?": "Henrik Ibsen", BORN_IBSEN: ""}, [other])
    outline, ledger = world.pursue(AUTHOR, BORN)
    assert world.levels == [["Who wrote Brand?"], ["Whose play is Brand?"], [BORN_IBSEN]]
    assert [one.question for one in outline.questions] == ["Whose play is Brand?", BORN_IBSEN]
    assert [one.kept for one in ledger.tries] == [0, 2, 2]


def test_passages_without_the_answer_that_is_waited_for_are_a_failure() -> None:
    world = World({"Who wrote Brand?": "", "Where was (Who wrote Brand) born?": ""})
    _, ledger = world.pursue(AUTHOR, BORN)
    assert [one.number for one in world.ledgers[0].failed] == [1]
    assert world.levels[-1] == ["Where was (Who wrote Brand) born?"]
    assert "2 passages, but no answer" in ledger.in_words()


def test_a_question_beyond_the_plan_comes_last() -> None:
    extra = SubQuestion(3, "Which plays did Henrik Ibsen write?", "part", (1,))
    world = World({"Who wrote Brand?": "Henrik Ibsen"}, [extra])
    outline, _ = world.pursue(AUTHOR, BORN)
    assert [one.number for one in outline.questions] == [1, 2, 3]


def test_without_places_and_changes_levels_are_looked_up_as_they_are() -> None:
    side = SubQuestion(2, "How tough is #1 silk?", "side", (1,))
    world = World({})
    assert world.pursue(SubQuestion(1, "Is it?"))[0].questions == (SubQuestion(1, "Is it?"),)
    outline, _ = World({}).pursue(SubQuestion(1, "Silk or steel?"), SubQuestion(2, "How tough is silk?", "side", (1,)))
    assert [one.question for one in outline.questions] == ["Silk or steel?", "How tough is silk?"]
    assert side.question not in world.levels


@given(st.lists(st.lists(st.tuples(st.integers(1, 5), st.text("ab", max_size=3)), max_size=MOST_AGAIN), max_size=9))
def test_there_is_an_end_to_every_change_of_plan(changes: list[list[tuple[int, str]]]) -> None:
    world = World({}, *([SubQuestion(n, f"What is {word}?", "part") for n, word in one] for one in changes))
    outline, ledger = world.pursue(AUTHOR, BORN)
    assert len(world.ledgers) <= ROUNDS
    assert len(ledger.tries) <= 2 + ROUNDS * MOST_AGAIN
    assert {one.number for one in outline.questions} == ledger.numbers
