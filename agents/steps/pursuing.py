"""The questions of a plan, one level after the other: what each has led to, and what is looked up instead of what was
found nowhere.

The same loop serves with and without a language model: without one nothing is filled in and no plan is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from agents.steps.asked_plan import Change, filled, places
from agents.steps.outlining import Outline, SubQuestion
from kg.names import key_of

ROUNDS = 2
"""Changes that a plan may have."""


@dataclass(frozen=True, slots=True)
class Try:
    """A question as it was looked up, how many passages were kept for it, and its short answer: "" for none."""

    sub: SubQuestion
    kept: int
    answer: str = ""
    wanted: bool = False

    @property
    def number(self) -> int:
        return self.sub.number

    @property
    def failed(self) -> bool:
        """Whether it has led to nothing: no passage, or no answer where one is `wanted`."""
        return self.kept == 0 or (self.wanted and not self.answer)

    def as_json(self) -> dict[str, Any]:
        """What an event tells."""
        return {"number": self.number, "question": self.sub.question, "kept": self.kept, "answer": self.answer}


@dataclass(frozen=True)
class Ledger:
    """All that was looked up, in order."""

    tries: tuple[Try, ...] = ()

    @cached_property
    def latest(self) -> dict[int, Try]:
        """The last try of each question."""
        return {one.number: one for one in self.tries}

    @property
    def numbers(self) -> set[int]:
        return set(self.latest)

    @property
    def failed(self) -> tuple[Try, ...]:
        """Those whose last try has led to nothing."""
        return tuple(one for one in self.latest.values() if one.failed)

    @property
    def answers(self) -> dict[int, str]:
        """The short answers by number."""
        return {one.number: one.answer for one in self.latest.values() if one.answer}

    def has_asked(self, question: str) -> bool:
        """Whether the same words were looked up before."""
        return any(key_of(one.sub.question) == key_of(question) for one in self.tries)

    def in_words(self) -> str:
        """A line for each try."""
        return "\n".join(f"{one.number}. {one.sub.question} – {_led_to(one)}" for one in self.tries)

    def as_json(self) -> list[dict[str, Any]]:
        """What an event tells."""
        return [one.as_json() for one in self.tries]


def _led_to(one: Try) -> str:
    if one.answer:
        return f"answer: {one.answer}"
    if one.kept == 0:
        return "found nothing"
    return f"{one.kept} passages, but no answer" if one.wanted else f"{one.kept} passages"


Search = Callable[[Sequence[SubQuestion]], Sequence[int]]
"""Looks questions up side by side, and says how many passages were kept for each."""
Answers = Callable[[Sequence[SubQuestion]], Mapping[int, str]]
"""The short answers of questions that were looked up, by number; those without one are left out."""
Replan = Callable[[Ledger], Change]
"""What is looked up instead of what failed."""


def pursued(outline: Outline, search: Search, answers: Answers, replan: Replan) -> tuple[Outline, Ledger]:
    """The questions as they were looked up in the end, and how it went.

    Each level is looked up as a whole, after all that it needs. Where a question fails, others are looked up instead or
    beside it, `ROUNDS` times in all: with `MOST_QUESTIONS` and `MOST_AGAIN` of a plan there is an end to it.
    """
    waiting = {sub.number: sub for sub in outline.questions}
    ledger, rounds = Ledger(), 0
    wanted = {number for sub in outline.questions for number in places(sub.question)}
    while waiting:
        level = [sub for sub in waiting.values() if not waiting.keys() & set(sub.needs)]
        ledger = _looked_up(level, ledger, wanted, search, answers)
        for sub in level:
            del waiting[sub.number]
        while ledger.failed and rounds < ROUNDS:
            rounds += 1
            more = replan(ledger).questions
            if not more:
                break
            wanted |= {sub.number for sub in more if wanted and sub.number not in ledger.latest}
            ledger = _looked_up(more, ledger, wanted, search, answers)
    order = dict.fromkeys([*(sub.number for sub in outline.questions), *ledger.latest])
    return replace(outline, questions=tuple(ledger.latest[number].sub for number in order)), ledger


def _looked_up(
    level: Sequence[SubQuestion], ledger: Ledger, wanted: Collection[int], search: Search, answers: Answers
) -> Ledger:
    ready = [replace(sub, question=_whole(sub, ledger)) for sub in level]
    kept = dict(zip([sub.number for sub in ready], search(ready), strict=True))
    found = answers([sub for sub in ready if kept[sub.number] and sub.number in wanted])
    tries = [Try(sub, kept[sub.number], found.get(sub.number, ""), sub.number in wanted) for sub in ready]
    return Ledger((*ledger.tries, *tries))


def _whole(sub: SubQuestion, ledger: Ledger) -> str:
    """The question with what it needs filled in: the answers, and where there is none the question asked for it."""
    if not places(sub.question):
        return sub.question
    asked = {number: f"({one.sub.question.rstrip('?')})" for number, one in ledger.latest.items()}
    return filled(sub.question, asked | ledger.answers)
