from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.steps.asked_passages import Judged, judged
from agents.steps.fitting import sifted
from kg.errors import NoReply
from kg.language_model import Ask
from kg.model import Hit
from tests.agents.made import hit
from tests.fakes.scripted_ask import ScriptedAsk

SILK, WEB, STEEL = hit("Silk is tough.", "p-1"), hit("A web is made of silk.", "p-2"), hit("Steel rusts.", "p-3")
FITS = {"p-1": 1.0, "p-2": 0.9, "p-3": 0.1}
NEEDED = 0.8


def grades(**scores: int) -> dict[str, Any]:
    return {"scores": [{"passage": label, "score": score} for label, score in scores.items()]}


@dataclass(frozen=True)
class Scores:
    """Has passages judged."""

    hits: Sequence[Hit]
    fits: Mapping[str, float] | None = None

    def __call__(self, ask: Ask) -> Judged:
        fits = {one.passage: 0.5 for one in self.hits} if self.fits is None else self.fits
        return judged("Is silk tough?", self.hits, fits, NEEDED, ask)


THREE = Scores([SILK, WEB, STEEL], FITS)


def kept(found: Judged) -> list[tuple[str, float]]:
    return [(one.passage, score) for one, score in found.fit.kept]


def test_the_best_must_be_judged_to_answer_a_part_at_least() -> None:
    assert kept(THREE(ScriptedAsk(passages=grades(P1=1, P2=1, P3=0)))) == []
    assert kept(THREE(ScriptedAsk(passages=grades(P1=1, P2=2, P3=0)))) == [("p-2", 0.8), ("p-1", 0.4)]


def test_a_passage_that_speaks_of_something_else_is_never_kept() -> None:
    assert [one for one, _ in kept(THREE(ScriptedAsk(passages=grades(P1=3, P2=0, P3=0))))] == ["p-1"]


def test_of_equal_grades_that_comes_first_which_fits_better_without_the_model() -> None:
    assert [one for one, _ in kept(THREE(ScriptedAsk(passages=grades(P1=2, P2=2, P3=2))))] == ["p-1", "p-2", "p-3"]


def test_what_is_not_judged_keeps_its_own_score() -> None:
    found = THREE(ScriptedAsk(passages=grades(P3=3)))
    assert found.grades == {"p-3": 3}
    assert kept(found) == [("p-3", pytest.approx(1.2)), ("p-1", 1.0), ("p-2", 0.9)]
    assert THREE(ScriptedAsk(passages=grades())).fit == sifted(THREE.hits, FITS, FITS, NEEDED)


def test_labels_that_nothing_has_are_counted_and_the_first_grade_counts() -> None:
    twice = {"scores": [*grades(P1=3)["scores"], *grades(P1=0, P9=3, Q1=3)["scores"]]}
    found = THREE(ScriptedAsk(passages=twice))
    assert (found.grades, found.unknown) == ({"p-1": 3}, 3)


@pytest.mark.parametrize("score", [4, -1, "3", 2.5, None])
def test_other_grades_are_no_reply(score: object) -> None:
    with pytest.raises(NoReply):
        THREE(ScriptedAsk(passages={"scores": [{"passage": "P1", "score": score}]}))


def test_nothing_is_asked_where_nothing_was_found() -> None:
    assert not Scores([])(ScriptedAsk()).fit.kept


@given(st.lists(st.tuples(st.sampled_from(["P1", "P2", "P3", "P4", "x"]), st.integers(0, 3)), max_size=8))
def test_whatever_is_said_only_passages_found_are_kept_once_each(said: list[tuple[str, int]]) -> None:
    ask = ScriptedAsk(passages={"scores": [{"passage": label, "score": score} for label, score in said]})
    found = THREE(ask)
    names = [one for one, _ in kept(found)]
    assert len(set(names)) == len(names)
    assert set(names) <= FITS.keys()
    assert not {one for one, grade in found.grades.items() if grade == 0} & set(names)
    assert len(said) == len(found.grades) + found.unknown
