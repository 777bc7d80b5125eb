from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.tagging import Span, Tags

LABELS = 3


@st.composite
def apart(draw: st.DrawFn) -> tuple[list[Span], int]:
    """Spans that do not overlap, and how many words there are."""
    spans, at = [], 0
    for _ in range(draw(st.integers(0, 5))):
        low = at + draw(st.integers(0, 3))
        at = low + draw(st.integers(1, 4))
        spans.append(Span(low, at, draw(st.integers(0, LABELS - 1))))
    return spans, at + draw(st.integers(0, 3))


@given(apart())
def test_spans_become_tags_and_come_back(given_: tuple[list[Span], int]) -> None:
    spans, words = given_
    tags = Tags(LABELS)
    scores = np.full((words, tags.count), -20.0, dtype=np.float32)
    scores[np.arange(words), tags.of(spans, words)] = 0.0
    assert tags.best(scores) == spans


@given(st.integers(0, 12), st.integers(0, 2**32 - 1))
def test_the_best_tags_are_spans_whatever_the_scores(words: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(words, Tags(LABELS).count)).astype(np.float32)
    scores -= np.log(np.exp(scores).sum(1, keepdims=True))
    found = Tags(LABELS).best(scores)
    assert all(one.high <= other.low for one, other in zip(found, found[1:], strict=False))
    assert all(0 <= one.low < one.high <= words and 0 < one.confidence <= 1 for one in found)


def test_a_span_goes_on_only_where_one_of_its_label_began() -> None:
    # Each word's likeliest tag by itself: begin label 0, go on with label 1. The second cannot follow the first.
    scores = np.log(np.array([[0.3, 0.6, 0.04, 0.03, 0.03], [0.2, 0.05, 0.1, 0.05, 0.6]], dtype=np.float32))
    assert [(one.low, one.high, one.label) for one in Tags(2).best(scores)] == [(0, 1, 0)]
