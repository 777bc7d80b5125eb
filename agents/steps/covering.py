"""What of a question its quotes do not cover."""

from __future__ import annotations

import re
from collections.abc import Iterable

from agents.steps.phrases import stem
from agents.steps.planning import Plan

_WORD = re.compile(r"[^\W_]+")
_SAME_BEGINNING = 5  # letters from which on two forms are one word's: starving, starvation
_MATTERS = 0.12  # share of the question's weight from which on a word that is left out counts


def share(plan: Plan, text: str) -> float:
    """The share (0…1) of the question's weight whose words stand in a text in any form: starving, starvation."""
    there = {_form(word) for word in _WORD.findall(text)}
    total = sum(weight for _, weight in plan.weights)
    held = sum(weight for word, weight in plan.weights if all(_form(part) in there for part in word.split()))
    return held / total if total > 0 else 0.0


def left_out(plan: Plan, texts: Iterable[str]) -> tuple[str, ...]:
    """The telling words (in their normal form) that stand in none of the texts in any form, weightiest first; those
    that hardly weigh are passed over."""
    there = {_form(word) for text in texts for word in _WORD.findall(text)}
    total = sum(weight for _, weight in plan.weights)
    missing = [
        (weight, word)
        for word, weight in plan.weights
        if weight >= _MATTERS * total and not all(_form(part) in there for part in word.split())
    ]
    return tuple(word for _, word in sorted(missing, key=lambda one: (-one[0], one[1])))


def holds(word: str, text: str) -> bool:
    """Whether a text has a word in any form."""
    there = {_form(one) for one in _WORD.findall(text)}
    return all(_form(part) in there for part in word.split())


def _form(word: str) -> str:
    return stem(word)[:_SAME_BEGINNING]
