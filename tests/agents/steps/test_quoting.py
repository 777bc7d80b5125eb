from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.steps.planning import Plan, plan
from agents.steps.quoting import MOST, Quote, candidates, chosen
from tests.agents.made import hit

ASKED = plan("Is silk tough?", ["silk", "tough"], [4, 4], 100)
TEXT = "Silk is a very tough fibre. Why is silk so tough? Steel rusts in salt water. See Table 1 for silk."


def apart(count: int) -> NDArray[np.float32]:
    """Vectors of sentences that have nothing in common."""
    return np.eye(count, dtype=np.float32)


def choose(asked: Plan, quotes: list[Quote], cosines: list[float], vectors: NDArray[np.float32]) -> list[str]:
    fits = {quote.hit.passage: 1.0 for quote in quotes}
    return [quote.text for quote in chosen(asked, quotes, cosines, vectors, fits)]


def test_candidates_are_whole_sentences_that_state_something_the_fullest_first() -> None:
    found = candidates(ASKED, [hit(f"Steel is not so bad. {TEXT}")])
    assert [quote.text for quote in found] == [
        "Silk is a very tough fibre.", "Steel is not so bad.", "Steel rusts in salt water."]
    assert all(quote.hit.text[quote.start : quote.end] == quote.text for quote in found)


def test_a_sentence_that_stands_in_two_passages_is_one_candidate() -> None:
    assert len(candidates(ASKED, [hit("Silk is a tough fibre."), hit("Silk  is a TOUGH fibre.", "p-2")])) == 1


def test_fragments_and_endless_sentences_are_no_candidates() -> None:
    assert candidates(ASKED, [hit("Silk is tough. " + "silk and " * 50 + "more silk.")]) == []


def test_the_nearest_comes_first_and_the_far_is_left_out() -> None:
    quotes = candidates(ASKED, [hit("Steel rusts in salt water. Silk is a very tough fibre.")])
    assert choose(ASKED, quotes, [0.8, 0.1], apart(2)) == ["Silk is a very tough fibre."]


def test_what_was_said_is_not_said_again() -> None:
    quotes = candidates(ASKED, [hit("Silk is a very tough fibre. Silk is a really tough fibre.")])
    alike = np.array([[1, 0], [0.95, 0.3122]], np.float32)
    assert len(choose(ASKED, quotes, [0.8, 0.79], alike)) == 1
    assert len(choose(ASKED, quotes, [0.8, 0.79], apart(2))) == 2


def test_at_most_five_are_quoted() -> None:
    quotes = candidates(ASKED, [hit(" ".join(f"Silk is a tough fibre of kind {number}." for number in range(9)))])
    assert len(choose(ASKED, quotes, [0.5] * 9, apart(9))) == MOST


def test_a_finding_comes_before_an_aim() -> None:
    quotes = candidates(ASKED, [hit("To measure how tough silk is. Tough silk had more crystals than weak silk.")])
    cosines = {True: 0.6, False: 0.7}
    near = [cosines[quote.text.startswith("Tough")] for quote in quotes]
    assert choose(ASKED, quotes, near, apart(2))[0].startswith("Tough")


def test_a_better_fitting_passage_comes_first() -> None:
    quotes = candidates(ASKED, [hit("Silk is a very tough fibre.", "p-1"), hit("Silk can be a tough fibre.", "p-2")])
    for better in ("p-1", "p-2"):
        fits = {"p-1": 1.0, "p-2": 1.0} | {better: 1.4}
        assert chosen(ASKED, quotes, [0.5, 0.5], apart(2), fits)[0].hit.passage == better


def test_of_nothing_nothing_is_chosen() -> None:
    assert candidates(ASKED, []) == []
    assert chosen(ASKED, [], [], apart(0), {}) == []


@pytest.mark.parametrize("cosine", [0.0, 0.7])
def test_equals_are_ordered_by_passage_and_place(cosine: float) -> None:
    quotes = candidates(ASKED, [hit("Silk is a very tough fibre.", "p-2"), hit("Silk is a tough fibre now.", "p-1")])
    fits = {"p-1": 1.0, "p-2": 1.0}
    picked = chosen(ASKED, quotes, [cosine] * 2, apart(2), fits)
    assert [quote.hit.passage for quote in picked] == ["p-1", "p-2"]
