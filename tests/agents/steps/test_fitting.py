from __future__ import annotations

import pytest

from agents.steps.fitting import ENOUGH, ENOUGH_BY_WORDS, fit, is_calibrated
from agents.steps.planning import plan
from kg.vectors.embedder import MiniLM
from tests.agents.made import hit
from tests.fakes.embedder import WordEmbedder

ASKED = plan("Is silk tough?", ["silk", "tough"], [4, 4], 100)
SILK, WEB = hit("Silk is tough.", "p-1"), hit("A web is made of silk.", "p-2")


def test_what_holds_the_question_and_is_near_fits() -> None:
    found = fit(ASKED, [WEB, SILK], {"p-1": 0.6, "p-2": 0.4})
    assert found.score == pytest.approx(1.6)
    assert found.kept == ((SILK, 1.6), (WEB, 0.9))


def test_nothing_is_kept_when_nothing_fits() -> None:
    found = fit(ASKED, [hit("Planets orbit.", "p-3")], {"p-3": 0.1})
    assert (found.kept, found.score, found.needed) == ((), 0.1, ENOUGH)
    assert fit(ASKED, [], {}).kept == ()


def test_a_word_that_the_library_does_not_know_counts_against_it() -> None:
    invented = plan("Is velotrazine silk tough?", ["velotrazine", "silk", "tough"], [0, 4, 4], 100)
    assert fit(ASKED, [SILK], {"p-1": 0.5}).kept
    assert not fit(invented, [SILK], {"p-1": 0.5}).kept


def test_the_title_of_the_paper_counts_too() -> None:
    assert fit(ASKED, [hit("It is tough.", title="On silk")], {"p-1": 0.0}).score == 1


def test_without_cosines_words_decide_by_their_own_limit() -> None:
    found = fit(ASKED, [WEB], None)
    assert found.score == 0.5
    assert found.needed == ENOUGH_BY_WORDS
    assert found.kept


def test_what_fits_much_worse_than_the_best_is_left_out_beyond_the_first_three() -> None:
    worse = [hit("Nothing of it.", f"p-{number}") for number in range(2, 9)]
    assert [one.passage for one, _ in fit(ASKED, [*worse, SILK], {"p-1": 0.9}).kept] == ["p-1", "p-2", "p-3"]


def test_the_limit_is_the_default_embedders() -> None:
    assert is_calibrated(MiniLM().name)
    assert is_calibrated("sentence-transformers/all-MiniLM-L6-v2@1234")
    assert not is_calibrated(WordEmbedder().name)
    assert not is_calibrated("multi-all-MiniLM-L6-v2@1234")
