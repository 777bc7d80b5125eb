"""Spans as tags of words and back: BIO tags, and the best sequence of them that is one (Viterbi 1967)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NEVER = np.float32(-1e4)


@dataclass(frozen=True, slots=True)
class Span:
    """Words `low`…`high` (exclusive) with a label, as a number; `confidence` is 0…1."""

    low: int
    high: int
    label: int
    confidence: float = 1.0


class Tags:
    """The tags of some labels: 0 is outside, 1 + 2·label begins a span, 2 + 2·label goes on with it."""

    def __init__(self, labels: int) -> None:
        self.count = 1 + 2 * labels
        allowed = np.zeros((self.count, self.count), dtype=np.float32)
        for label in range(labels):
            inside = 2 + 2 * label
            allowed[:, inside] = _NEVER
            allowed[[inside - 1, inside], inside] = 0.0
        self._first = np.where(np.arange(self.count) % 2 == 0, _NEVER, np.float32(0.0))
        self._first[0] = 0.0
        self.transitions = allowed

    def of(self, spans: Sequence[Span], words: int) -> NDArray[np.int64]:
        """The tags of spans that do not overlap."""
        tags = np.zeros(words, dtype=np.int64)
        for span in spans:
            tags[span.low] = 1 + 2 * span.label
            tags[span.low + 1 : span.high] = 2 + 2 * span.label
        return tags

    def best(self, scores: NDArray[np.float32]) -> list[Span]:
        """The spans of the likeliest sequence of tags, from (words, tags) log probabilities.

        A span's confidence is the geometric mean of the probabilities of its tags.
        """
        words = len(scores)
        if not words:
            return []
        reached = scores[0] + self._first
        back = np.empty((words, self.count), dtype=np.int64)
        every = np.arange(self.count)
        for at in range(1, words):
            through = reached[:, None] + self.transitions
            back[at] = through.argmax(0)
            reached = through[back[at], every] + scores[at]
        tag = int(reached.argmax())
        tags = [tag]
        for at in range(words - 1, 0, -1):
            tag = int(back[at, tag])
            tags.append(tag)
        tags.reverse()
        return _spans(tags, scores)


def _spans(tags: Sequence[int], scores: NDArray[np.float32]) -> list[Span]:
    found: list[Span] = []
    at = 0
    while at < len(tags):
        if tags[at] == 0:
            at += 1
            continue
        low, label = at, (tags[at] - 1) // 2
        at += 1
        while at < len(tags) and tags[at] == 2 + 2 * label:
            at += 1
        mean = sum(float(scores[place, tags[place]]) for place in range(low, at)) / (at - low)
        found.append(Span(low, at, label, float(np.exp(mean))))
    return found
