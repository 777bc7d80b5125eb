"""Which questions a language model would have looked up, each with those that must be answered before."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from agents.steps.asked import Said, asked, fenced, line
from agents.steps.outlining import Outline, SubQuestion
from kg.language_model import Ask
from kg.names import key_of

if TYPE_CHECKING:
    from agents.steps.pursuing import Ledger

MOST_QUESTIONS = 6
"""Of a plan."""
MOST_AGAIN = 4
"""Of what a plan is changed to."""

_PLACE = re.compile(r"#(\d{1,2})(?!\w)")


class SaidQuestion(Said):
    """A question of a plan. `#1` in it stands for the answer of question 1."""

    number: int = Field(ge=1, le=99)
    question: str = Field(min_length=1)
    needs: tuple[int, ...] = ()

    @property
    def needed(self) -> tuple[int, ...]:
        """All numbers that it waits for, named or in its words."""
        return tuple(sorted({*self.needs, *places(self.question)}))


class SaidPlan(Said):
    """A plan: its numbers are there once each, and no question waits for itself."""

    questions: tuple[SaidQuestion, ...] = Field(min_length=1, max_length=MOST_QUESTIONS)

    @model_validator(mode="after")
    def _is_a_plan(self) -> SaidPlan:
        numbers = [one.number for one in self.questions]
        if len(set(numbers)) < len(numbers):
            raise ValueError("a number stands twice")
        if len({key_of(one.question) for one in self.questions}) < len(numbers):
            raise ValueError("a question stands twice")
        if unknown := {need for one in self.questions for need in one.needed} - set(numbers):
            raise ValueError(f"there is no question {min(unknown)} that one could wait for")
        done: set[int] = set()
        while ready := [one for one in self.questions if one.number not in done and done.issuperset(one.needed)]:
            done.update(one.number for one in ready)
        if waiting := set(numbers) - done:
            raise ValueError(f"question {min(waiting)} waits for itself")
        return self


class SaidChange(Said):
    """What to look up instead of what was found nowhere."""

    questions: tuple[SaidQuestion, ...] = Field(default=(), max_length=MOST_AGAIN)


@dataclass(frozen=True, slots=True)
class Change:
    """Questions to look up next; `refused` are those that were not taken, with why."""

    questions: tuple[SubQuestion, ...]
    refused: tuple[tuple[str, str], ...] = ()


def planned(question: str, ask: Ask) -> Outline:
    """The model's plan for a question, numbered anew in an order in which each comes after what it needs.

    Raises LanguageModelErrors; NoReply as well for a plan whose questions have no words.
    """
    said = asked(ask, "plan.v1", SaidPlan, question=fenced(question, "question"), most=str(MOST_QUESTIONS))
    if len(said.questions) == 1 or not all(key_of(_without_places(one.question)) for one in said.questions):
        return Outline("passages", (SubQuestion(1, question),))
    ordered: list[SaidQuestion] = []
    while left := [one for one in said.questions if one not in ordered]:
        done = {one.number for one in ordered}
        ordered += [one for one in left if done.issuperset(one.needed)]
    new = {one.number: number for number, one in enumerate(ordered, 1)}
    return Outline("passages", tuple(_sub(one, new) for one in ordered))


def changed(question: str, ledger: Ledger, ask: Ask) -> Change:
    """What the model would look up instead of what found nothing.

    Taken is what waits for nothing but answers that are there, takes the number of a question that found nothing or
    one beyond, and was not looked up before. Raises LanguageModelErrors.
    """
    said = asked(
        ask,
        "replan.v1",
        SaidChange,
        question=fenced(question, "question"),
        progress=fenced(ledger.in_words(), "progress"),
        most=str(MOST_AGAIN),
    )
    failed = {one.number: one.sub for one in ledger.failed}
    highest = max(one.number for one in ledger.tries)
    taken: dict[int, SubQuestion] = {}
    refused: list[tuple[str, str]] = []
    for one in said.questions:
        wording = line(one.question)
        if not key_of(_without_places(wording)):
            refused.append((wording, "it asks nothing"))
        elif not ledger.answers.keys() >= set(places(wording)):
            refused.append((wording, "it waits for an answer that is not there"))
        elif one.number in ledger.numbers - failed.keys():
            refused.append((wording, "its number is taken"))
        elif ledger.has_asked(filled(wording, ledger.answers)):
            refused.append((wording, "it was looked up before"))
        else:
            number = one.number if one.number in failed else highest + 1
            needs = tuple(need for need in one.needed if need in ledger.numbers - failed.keys())
            if number in taken or any(key_of(wording) == key_of(other.question) for other in taken.values()):
                refused.append((wording, "it stands twice"))
                continue
            highest = max(highest, number)
            before = failed.get(number, SubQuestion(number, wording, "part"))
            taken[number] = replace(before, question=wording, needs=needs)
    return Change(tuple(taken.values()), tuple(refused))


def places(question: str) -> tuple[int, ...]:
    """The numbers of the answers that a question has places for: #1, #2."""
    return tuple(dict.fromkeys(int(one) for one in _PLACE.findall(question)))


def filled(question: str, answers: Mapping[int, str]) -> str:
    """The question with answers in their places; those that are not there stay open."""
    return line(_PLACE.sub(lambda at: answers.get(int(at[1]), at[0]), question))


def _without_places(question: str) -> str:
    return _PLACE.sub(" ", question)


def _sub(said: SaidQuestion, new: Mapping[int, int]) -> SubQuestion:
    """A question with the numbers that questions have now."""
    question = _PLACE.sub(lambda at: f"#{new[int(at[1])]}", line(said.question))
    return SubQuestion(new[said.number], question, "part", tuple(new[need] for need in said.needed))
