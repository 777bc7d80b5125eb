"""The short answer to a question that another one waits for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from agents.steps.asked import Said, Stretch, asked_of, fenced, line, stretch
from agents.steps.covering import holds
from agents.steps.supporting import numbers
from kg.language_model import Ask
from kg.model import Hit
from kg.names import key_of
from kg.search import words

LONGEST = 120
"""Characters of a short answer."""


class SaidFinding(Said):
    """A short answer, and where it stands."""

    answer: str = Field(default="", max_length=400)
    passage: str = ""
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A short answer with the sentences that say so."""

    answer: str
    stretch: Stretch


def finding(question: str, hits: Sequence[Hit], ask: Ask) -> Finding | str:
    """The short answer to a question in these passages, or why there is none.

    Its quote stands in the passage that it names, and each of its words there or in the title. Raises
    LanguageModelErrors.
    """
    said, shown = asked_of(ask, "finding.v1", SaidFinding, hits, question=fenced(question, "question"))
    answer = line(said.answer, LONGEST + 1)
    if not key_of(answer):
        return "the passages do not say"
    if len(answer) > LONGEST:
        return "the answer is no short one"
    hit = shown.named(said.passage)
    if hit is None:
        return "its passage was not shown"
    there = stretch(hit, said.quote)
    if there is None:
        return "its quote does not stand in the passage"
    ground = f"{there.text}\n{hit.title}"
    if not holds(" ".join(words(answer)), ground) or not set(numbers(answer)) <= set(numbers(ground)):
        return "its quote does not say so"
    return Finding(answer, there)
