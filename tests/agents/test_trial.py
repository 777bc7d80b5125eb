"""A tiny question to a language model: what it says, how long it took and what it cost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from agents.trial import QUESTION, Trial, tried
from kg.budget import Budget, Price
from kg.chat_models import Access
from kg.errors import BudgetSpent, ModelNotReached, ModelNotUsable
from kg.settings import ChatModel
from tests.fakes.chat_server import ChatServer, Fails, Says

GOOD = Says('{"answer": "Proteins called fibroins."}')


def access(server: ChatServer, **given: object) -> Access:
    model = ChatModel("openai", "gpt-test", server.url, SecretStr("sk-secret"))
    return Access(model, Price(1, 10), **given)  # type: ignore[arg-type]


def ticking() -> Callable[[], float]:
    seconds = iter([10.0, 11.5])
    return lambda: next(seconds)


def test_a_trial_tells_answer_seconds_and_cost() -> None:
    with ChatServer([GOOD]).running() as server:
        told = tried(access(server), clock=ticking())
    assert isinstance(told, Trial)
    assert (told.model, told.answer, told.seconds) == ("openai:gpt-test", "Proteins called fibroins.", 1.5)
    assert (told.usage.tokens, told.usage.money) == (120, pytest.approx(0.0003))
    assert server.asked[0].user == told.question == QUESTION


def test_a_trial_does_not_wait_longer_than_its_limit() -> None:
    with ChatServer([Says(GOOD.content, after=3)]).running() as server:
        with pytest.raises(ModelNotReached, match="1 attempt"):
            tried(access(server), limit=0.3)
        assert len(server.asked) == 1, "it is not made again"


def test_a_trial_keeps_to_the_budget_and_says_what_is_missing() -> None:
    with ChatServer([GOOD, Fails(401, "wrong: sk-secret")]).running() as server:
        with pytest.raises(BudgetSpent):
            tried(access(server, budget=Budget(tokens=50)))
        with pytest.raises(ModelNotUsable, match="OPENAI_API_KEY"):
            tried(Access(ChatModel("openai", "gpt-test")))
        assert server.asked == []
