from __future__ import annotations

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
