"""How well passages answer a question, in a language model's judgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from agents.steps.asked import Said, asked_of, fenced
from agents.steps.fitting import Fit, sifted
from kg.language_model import Ask
from kg.model import Hit

_ANSWERS = 2
"""The least grade with which a passage is worth what the best must reach; others are worth in proportion."""


class SaidScore(Said):
    """A grade of a passage."""

    passage: str
    score: int = Field(ge=0, le=3)


class SaidScores(Said):
    """Grades of passages."""

    scores: tuple[SaidScore, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What fits by the model's judgement. `grades` are those given, by passage (id); `unknown` counts grades of
    passages that were not shown, or graded already, and `left_out` passages for which there was no room."""

    fit: Fit
    grades: Mapping[str, int]
    unknown: int = 0
    left_out: int = 0

    def as_json(self) -> dict[str, Any]:
        """What the event of the filter tells beside the fit."""
        return {"grades": dict(self.grades), "unknown_labels": self.unknown, "left_out": self.left_out}


def judged(question: str, hits: Sequence[Hit], fits: Mapping[str, float], needed: float, ask: Ask) -> Judged:
    """The passages that fit a question, where those that the model grades are worth their grades (0…3), and the others
    what they are worth without it: `fits`, by passage (id).

    Grade 2 is worth what the best passage must reach (`needed`), 3 half as much again, 1 half of it; grade 0 is never
    kept. Raises LanguageModelErrors.
    """
    if not hits:
        return Judged(sifted(hits, fits, fits, needed), {})
    ranked = sorted(hits, key=lambda hit: (-round(fits[hit.passage], 6), hit.passage))
    said, shown = asked_of(ask, "passages.v1", SaidScores, ranked, question=fenced(question, "question"))
    grades: dict[str, int] = {}
    unknown = 0
    for one in said.scores:
        hit = shown.named(one.passage)
        if hit is None or hit.passage in grades:
            unknown += 1
        else:
            grades[hit.passage] = one.score
    worth = {
        hit.passage: needed * grades[hit.passage] / _ANSWERS if hit.passage in grades else fits[hit.passage]
        for hit in hits
    }
    never = frozenset(passage for passage, grade in grades.items() if grade == 0)
    return Judged(sifted(hits, worth, fits, needed, never), grades, unknown, shown.left_out)
