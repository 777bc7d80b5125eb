"""What a question asks for, as words with weights."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.names import key_of

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Plan:
    """A question taken apart. `weights` says how much each telling word (in its normal form) tells: its inverse
    document frequency, ln(1 + (N + .5) / (n + .5)) with n of N passages that hold it. `unknown` is the share (0…1) of
    the whole weight on words that stand in no passage of the library."""

    question: str
    weights: tuple[tuple[str, float], ...]
    unknown: float


def plan(question: str, words: Sequence[str], frequencies: Sequence[int], passages: int) -> Plan:
    """The plan for a question with these telling words, which stand in so many of the library's `passages`."""
    weights: dict[str, float] = {}
    unknown = 0.0
    for word, frequency in zip(words, frequencies, strict=True):
        if (key := key_of(word)) and key not in weights:
            weights[key] = math.log(1 + (passages + 0.5) / (frequency + 0.5))
            unknown += weights[key] if frequency == 0 else 0.0
    total = sum(weights.values())
    return Plan(question, tuple(weights.items()), unknown / total if total > 0 else 1.0)


def coverage(weights: Iterable[tuple[str, float]], text: str) -> float:
    """The share (0…1) of the weight whose words stand in a text, whatever their number and case."""
    there = _keys(text)
    total = held = 0.0
    for word, weight in weights:
        total += weight
        held += weight if there.issuperset(word.split()) else 0.0
    return held / total if total > 0 else 0.0


def _keys(text: str) -> set[str]:
    # Word by word: keys are remembered, and whole texts are not worth remembering.
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    return {part for word in _WORD.findall(folded) for part in key_of(word).split()}
