"""What an answer leaves out of its question, in a language model's judgement."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from agents.answer import Sentence
from agents.steps.asked import Said, asked, fenced, line
from kg.language_model import Ask
from kg.names import key_of

MOST = 3
"""Things that are looked up once more."""


class SaidGap(Said):
    """Something missing, and words to look it up by."""

    what: str
    search: str


class SaidGaps(Said):
    """All that is missing."""

    missing: tuple[SaidGap, ...] = ()


@dataclass(frozen=True, slots=True)
class Gap:
    """What an answer does not give, and what to look it up by."""

    what: str
    search: str

    def as_json(self) -> dict[str, Any]:
        """What an event tells."""
        return {"what": self.what, "search": self.search}


def gaps(question: str, sentences: Sequence[Sentence], asked_before: Collection[str], ask: Ask) -> tuple[Gap, ...]:
    """What is missing, `MOST` things at most, none to be looked up in words that were looked up before.

    Raises LanguageModelErrors.
    """
    answer = "\n".join(one.text for one in sentences)
    said = asked(
        ask, "gaps.v1", SaidGaps, question=fenced(question, "question"), answer=fenced(answer, "answer"), most=str(MOST)
    )
    before = {key_of(one) for one in asked_before}
    found: dict[str, Gap] = {}
    for one in said.missing:
        what, search = line(one.what), line(one.search)
        key = key_of(search)
        if key and key_of(what) and key not in before:
            found.setdefault(key, Gap(what, search))
    return tuple(found.values())[:MOST]
