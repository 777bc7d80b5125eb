"""Trying a language model: one tiny question, to see whether the set-up works, how fast it is and what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from kg.budget import Usage
from kg.prompts import prompt_file

if TYPE_CHECKING:
    from kg.chat_models import Access

QUESTION = "What is spider silk made of?"
LIMIT = 60.0
"""Seconds: a model on one's own machine may have to be loaded first."""


class Word(BaseModel):
    """The form of the reply."""

    answer: str = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Trial:
    """What a model said to the question, within how many seconds, and what that has cost."""

    model: str
    question: str
    answer: str
    seconds: float
    usage: Usage


def tried(access: Access, limit: float = LIMIT, clock: Callable[[], float] = time.monotonic) -> Trial:
    """Asks a model, not its cache, within its budget and about `limit` seconds: no call takes longer, none begins
    later, and one that fails is not made again. Raises LanguageModelErrors, which say what to do."""
    access.check()
    seconds = limit if access.budget.seconds is None else min(limit, access.budget.seconds)
    hasty = replace(access.model, timeout=min(access.model.timeout, limit), retries=0)
    model = replace(access, model=hasty, cache=None, budget=replace(access.budget, seconds=seconds)).open()
    begun = clock()
    reply = model(prompt_file("agents", "trial.v1").filled(question=QUESTION), Word)
    return Trial(reply.model, QUESTION, reply.value.answer, clock() - begun, reply.usage)
