from __future__ import annotations

import threading

import pytest

from agents.steps.forms import Forms, Taken
from kg.errors import BudgetSpent, LanguageModelError, ModelNotReached, ModelNotUsable, NoReply, UsageError
from kg.language_model import Ask
from tests.fakes.scripted_ask import ScriptedAsk


def raising(error: Exception) -> str:
    raise error


def test_without_a_model_steps_are_taken_without() -> None:
    assert Forms(None).taken(lambda ask: "with", lambda: "without") == ("without", Taken("without"))


def test_with_a_model_it_is_asked() -> None:
    model = ScriptedAsk()
    seen: list[Ask] = []
    assert Forms(model).taken(lambda ask: seen.append(ask) or "with", lambda: "without") == ("with", Taken("model"))
    assert seen == [model]


def test_a_reply_of_no_use_costs_the_model_one_step() -> None:
    forms = Forms(ScriptedAsk())
    assert forms.taken(lambda _: raising(NoReply("it refused")), lambda: "x") == ("x", Taken("without", "it refused"))
    assert forms.asks
    assert forms.taken(lambda _: "with", lambda: "x") == ("with", Taken("model"))


@pytest.mark.parametrize("error", [BudgetSpent("spent"), ModelNotReached("away"), ModelNotUsable("no key")])
def test_a_model_that_cannot_be_asked_is_not_asked_again(error: LanguageModelError) -> None:
    forms = Forms(ScriptedAsk())
    assert forms.taken(lambda _: raising(error), lambda: "x") == ("x", Taken("without", str(error)))
    assert not forms.asks
    assert forms.taken(lambda _: "with", lambda: "x") == ("x", Taken("without", str(error)))


def test_other_errors_are_nobodys_to_mend() -> None:
    with pytest.raises(UsageError):
        Forms(ScriptedAsk()).taken(lambda _: raising(UsageError("no words")), lambda: "x")


def test_tasks_side_by_side_each_have_their_own_try_and_keep_their_order() -> None:
    together = threading.Barrier(3, timeout=10)

    def said(what: str, error: Exception | None = None) -> str:
        together.wait()  # which only ends where all three are at work at once
        return what if error is None else raising(error)

    forms = Forms(ScriptedAsk())
    assert forms.side_by_side(
        [
            (lambda _: said("first"), lambda: "x"),
            (lambda _: said("", ModelNotReached("away")), lambda: "second"),
            (lambda _: said("third"), lambda: "z"),
        ]
    ) == [("first", Taken("model")), ("second", Taken("without", "away")), ("third", Taken("model"))]
    assert not forms.asks
    left = forms.side_by_side([(lambda _: "with", lambda: "x"), (lambda _: "with", lambda: "y")])
    assert left == [("x", Taken("without", "away")), ("y", Taken("without", "away"))]
