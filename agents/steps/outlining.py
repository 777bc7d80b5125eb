"""How a question is answered: by which way, and as which questions, each with those that must be answered before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from agents.steps.questions import Comparison
from agents.steps.readings import Reading

Route = Literal["fact", "computation", "passages", "comparison", "survey"]

Role = Literal["whole", "part", "side", "reading"]


@dataclass(frozen=True, slots=True)
class SubQuestion:
    """One question that is searched for and answered by itself. `needs` are the numbers of those whose answers it
    waits for; `not_in` are papers (ids) that use a word of it in another sense."""

    number: int
    question: str
    role: Role = "whole"
    needs: tuple[int, ...] = ()
    not_in: frozenset[str] = frozenset()

    def as_json(self) -> dict[str, Any]:
        """What an event tells of it."""
        return {"number": self.number, "question": self.question, "role": self.role, "needs": list(self.needs)}


@dataclass(frozen=True, slots=True)
class Outline:
    """The way, and the questions in the order in which their answers are told."""

    route: Route
    questions: tuple[SubQuestion, ...]

    def as_json(self) -> dict[str, Any]:
        """What the event tells."""
        return {"route": self.route, "questions": [one.as_json() for one in self.questions]}

    @property
    def levels(self) -> tuple[tuple[SubQuestion, ...], ...]:
        """The questions in groups that can be searched for side by side, each after what it needs."""
        levels: list[tuple[SubQuestion, ...]] = []
        done: set[int] = set()
        left = list(self.questions)
        while left:
            ready = tuple(one for one in left if done.issuperset(one.needs))
            levels.append(ready)
            done.update(one.number for one in ready)
            left = [one for one in left if one.number not in done]
        return tuple(levels)


def outline(
    question: str,
    parts: Sequence[str] = (),
    leaning: Sequence[bool] = (),
    readings: Sequence[Reading] = (),
    compared: Comparison | None = None,
    topic: str | None = None,
    computed: bool = False,
    fact: bool = False,
) -> Outline:
    """The first of these that a question is: several questions (`leaning` tells which of them point back to the one
    before, and so wait for it), one with several readings, one that the graph has `computed`, a comparison, a survey of
    a topic, a fact of the graph; else it is looked for in passages."""
    if len(parts) > 1:
        return Outline(
            "passages",
            tuple(
                SubQuestion(number, part, "part", (number - 1,) if leaning[number - 1] and number > 1 else ())
                for number, part in enumerate(parts, 1)
            ),
        )
    if readings:
        every = frozenset[str]().union(*(one.papers for one in readings))
        return Outline(
            "passages",
            tuple(
                SubQuestion(number, one.question, "reading", (), every - one.papers)
                for number, one in enumerate(readings, 1)
            ),
        )
    if computed:
        return Outline("computation", (SubQuestion(1, question),))
    if compared is not None:
        return Outline(
            "comparison",
            (
                SubQuestion(1, question),
                *(SubQuestion(number, one, "side", (1,)) for number, one in enumerate(compared.questions, 2)),
            ),
        )
    if topic is not None:
        return Outline("survey", (SubQuestion(1, topic),))
    return Outline("fact" if fact else "passages", (SubQuestion(1, question),))
