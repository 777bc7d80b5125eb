"""A hypothesis in a model's words, and two compared by one: what holds is taken, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from agents.hypothesis import Gap, Hypothesis
from agents.hypothesizing import hypothesize
from agents.run_logs import MemoryLog
from agents.runs import Model
from agents.steps.asked_facets import compared, written
from kg.errors import BudgetSpent, ModelNotReached
from kg.language_model import Prompt
from tests.agents.made import Library
from tests.agents.test_hypothesizing import library  # noqa: F401
from tests.fakes.scripted_ask import ScriptedAsk, between_fences


def check(text: str, quotes: Sequence[str]) -> str | None:
    return None if any(quote.rstrip(".") in text for quote in quotes) else "no quote says so"


@pytest.fixture
def one(library: Library) -> Hypothesis:  # noqa: F811
    return hypothesize(library, "humidity", "toughness")[0]


def said(statement: str, **facets: list[tuple[str, list[str], bool]]) -> dict[str, Any]:
    return {
        "statement": statement,
        "facets": [
            {"name": name.replace("_", " "), "sentences": [{"text": text, "rests": rests, "inference": inference}
                                                          for text, rests, inference in told]}
            for name, told in facets.items()
        ],
    }  # fmt: skip


GOOD = "In moist air, humidity may lower toughness."


def test_what_holds_is_taken_in_the_models_words(one: Hypothesis) -> None:
    quote = one.evidence()[0].quote.rstrip(".")
    told = said(GOOD, mechanisms=[(f"It is known that {quote}.", ["S1"], False)],
                outcome=[("Dry silk should be tougher.", ["S1", "S2"], True)])  # fmt: skip
    found = written(one, check, ScriptedAsk(facets=told))
    assert found.hypothesis.statement == GOOD == found.hypothesis.facet("hypothesis").sentences[0].text
    (mechanism,) = found.hypothesis.facet("mechanisms").sentences
    assert mechanism.evidence == one.evidence()[:1] and not mechanism.inference
    (outcome,) = found.hypothesis.facet("outcome").sentences
    assert outcome.inference and len(outcome.evidence) == 2
    assert found.hypothesis.facet("comparison") == one.facet("comparison")
    assert (found.hypothesis.id, found.dropped) == (one.id, ())


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (said(GOOD, mechanisms=[("Silk is known from Mars.", ["S1"], False)]), "no quote"),
        (said(GOOD, mechanisms=[("Silk is tough.", ["S99"], False)]), "no sentence that was shown"),
        (said(GOOD, outcome=[("It should fall by 42 %.", ["S1"], True)]), "42"),
        (said("Humidity lowers toughness."), "states what is supposed"),
        (said("Silk may rust."), "both ends"),
        (said("Toughness may lower humidity."), "round"),
    ],
)
def test_what_does_not_hold_is_dropped_and_said(one: Hypothesis, told: dict[str, Any], why: str) -> None:
    found = written(one, check, ScriptedAsk(facets=told))
    assert [facet for facet in found.hypothesis.facets if facet.name != "hypothesis"] == [
        facet for facet in one.facets if facet.name != "hypothesis"
    ]
    ((_, reason),) = found.dropped
    assert why in reason


def test_whether_it_is_new_is_not_for_the_model_to_say(one: Hypothesis) -> None:
    told = said(GOOD, novelty=[("Nobody ever thought of it.", ["S1"], True)])
    assert written(one, check, ScriptedAsk(facets=told)).hypothesis.facet("novelty") == one.facet("novelty")


def longer(prompt: Prompt) -> dict[str, str]:
    told = between_fences(prompt)
    return {"better": "first" if len(told["first"]) > len(told["second"]) else "second"}


def test_comparing_in_both_orders_finds_the_order_and_tells_a_model_that_looks_at_places(library: Library) -> None:  # noqa: F811
    found = list(hypothesize(library, "humidity", n=4))
    steady = compared(found, ScriptedAsk(pair=longer))
    assert steady.swapped_alike == 1 and sum(steady.worth) == pytest.approx(1)
    biased = compared(found, ScriptedAsk(pair={"better": "first"}))
    assert biased.swapped_alike == 0
    assert max(biased.worth) - min(biased.worth) < 0.01


def many(number: int) -> list[Hypothesis]:
    return [Hypothesis(f"{'x' * place} may be.", Gap(f"a{place}", "causes", f"b{place}")) for place in range(number)]


def test_it_compares_until_the_intervals_are_as_narrow_as_wanted() -> None:
    ask = ScriptedAsk(pair=longer)
    narrow, wider = compared(many(24), ask, wide=0.6), compared(many(24), ScriptedAsk(pair=longer), wide=0.75)
    assert (narrow.stopped, wider.stopped) == ("narrow", "narrow")
    assert 24 / 2 <= wider.pairs < narrow.pairs < 24 * 23 / 2
    assert len(ask.asked) == len({prompt.user for prompt in ask.asked}) == 2 * narrow.pairs
    assert all(low < high <= low + 0.6 for low, high in narrow.chances)
    order = sorted(range(24), key=lambda place: narrow.worth[place])
    assert all(abs(place - at) <= 5 for at, place in enumerate(order))
    assert narrow.split_half is not None and narrow.split_half > 0.8
    assert compared(many(24), ScriptedAsk(pair=longer), wide=0.6) == narrow


def test_where_it_cannot_be_as_narrow_it_says_what_ended_it() -> None:
    few = compared(many(4), ScriptedAsk(pair=longer), wide=0.1)
    assert (few.stopped, few.pairs) == ("all", 6)
    capped = compared(many(9), ScriptedAsk(pair=longer), wide=0.1, most=7)
    assert (capped.stopped, capped.pairs) == ("most", 7)


def purse(calls: int) -> ScriptedAsk:
    """A model that is asked so often, and then costs too much."""
    left = iter(range(calls))

    def said(prompt: Prompt) -> dict[str, str]:
        if next(left, None) is None:
            raise BudgetSpent("Enough.")
        return longer(prompt)

    return ScriptedAsk(pair=said)


def test_what_was_compared_before_the_budget_ended_counts_if_it_is_of_all() -> None:
    told = compared(many(6), purse(9), wide=0.1)
    assert (told.stopped, told.pairs) == ("budget", 4)
    with pytest.raises(BudgetSpent):
        compared(many(6), purse(4), wide=0.1)


def test_a_run_with_a_model_writes_compares_and_says_so(library: Library) -> None:  # noqa: F811
    ask = ScriptedAsk(facets=said("Silk may rust."), pair=longer)
    found = hypothesize(library, "humidity", n=3, model=Model("fake", ask))
    assert found.model == "fake"
    assert any("comparisons by the model" in note for note in found.notes)
    assert [one.rank for one in found] == [1, 2, 3][: len(found)]
    steps = {event.step: event.outputs for event in found.steps}
    assert steps["write"]["form"] == "model" and steps["write"]["dropped"]
    assert steps["compare"]["swapped_alike"] == 1


def test_a_model_that_is_not_there_stops_nothing(library: Library) -> None:  # noqa: F811
    down = ScriptedAsk(facets=ModelNotReached("The model is asleep."), pair=ModelNotReached("Still asleep."))
    found = hypothesize(library, "humidity", n=2, model=Model("fake", down), log=MemoryLog())
    plain = hypothesize(library, "humidity", n=2)
    assert [one.as_json() for one in found] == [one.as_json() for one in plain]
    assert any("asleep" in note for note in found.notes)
