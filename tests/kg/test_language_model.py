"""Asking a model: through the real provider package and a scripted server, and through chat models of a few lines."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, SecretStr

from kg.budget import Budget, MemoryPurse, Price, Usage
from kg.chat_models import Access
from kg.errors import BudgetSpent, LanguageModelError, ModelNotReached, ModelNotUsable, NoReply
from kg.language_model import LanguageModel, Prompt, Reply, quoted
from kg.settings import ChatModel
from tests.fakes.chat_server import Asked, ChatServer, Fails, HangsUp, Says, Step

PROMPT = Prompt("greet@1", "You greet.", "Greet the world.")
GOOD = Says('{"words": "good morning", "times": 2}')


class Greeting(BaseModel):
    words: str
    times: int


class Asking:
    """Servers for one test, and models that ask them."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self.slept: list[float] = []

    def server(self, script: list[Step] | Callable[[Asked], Step]) -> ChatServer:
        return self._stack.enter_context(ChatServer(script).running())

    def model(self, server: ChatServer, *, key: str | None = None, timeout: float = 20, **given: Any) -> LanguageModel:
        access = Access(ChatModel("openai", "gpt-test", server.url, SecretStr(key) if key else None, timeout=timeout))
        model = access.open()
        options = {"failures": model._provider_failures, "hidden": key, "sleep": self.slept.append} | given
        return LanguageModel(access.name, model._make, **options)


@pytest.fixture
def asking() -> Iterator[Asking]:
    with ExitStack() as stack:
        yield Asking(stack)


def test_a_reply_is_a_checked_value_with_what_it_has_cost(asking: Asking) -> None:
    server = asking.server([GOOD])
    reply = asking.model(server, price=Price(1.0, 10.0))(PROMPT, Greeting)
    assert reply.value == Greeting(words="good morning", times=2)
    assert reply.model == "openai:gpt-test"
    assert reply.usage == Usage(1, 0, 100, 20, pytest.approx(0.0003))
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions"
    assert (asked.system, asked.user) == ("You greet.", "Greet the world.")
    assert asked.body["model"] == "gpt-test"
    assert asked.body["temperature"] == 0
    assert asked.body["max_completion_tokens"] == 4096
    assert asked.body["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize(
    "content",
    [
        '```json\n{"words": "good morning", "times": 2}\n```',
        'Of course!\n{"words": "good morning", "times": 2}\nAnything else?',
        '<think>{"words": is it?</think>{"words": "good morning", "times": 2}',
    ],
)
def test_what_stands_around_the_json_is_left_out(asking: Asking, content: str) -> None:
    server = asking.server([Says(content)])
    assert asking.model(server)(PROMPT, Greeting).value.words == "good morning"
    assert len(server.asked) == 1


def test_a_broken_reply_is_sent_back_once_to_be_mended(asking: Asking) -> None:
    server = asking.server([Says('{"words": "good morning", "times": '), GOOD])
    reply = asking.model(server)(PROMPT, Greeting)
    assert reply.value.times == 2
    assert reply.usage.calls == 2
    assert reply.usage.tokens == 240
    first, second = server.asked
    assert second.body["messages"][: len(first.body["messages"])] == first.body["messages"]
    assert second.body["messages"][-2] == {"role": "assistant", "content": '{"words": "good morning", "times": '}
    assert "Reply again" in second.user


def test_the_model_is_told_what_is_wrong_with_its_reply(asking: Asking) -> None:
    server = asking.server([Says('{"words": "good morning", "times": "often"}'), GOOD])
    asking.model(server)(PROMPT, Greeting)
    assert "times: Input should be a valid integer" in server.asked[1].user


def test_a_reply_that_is_broken_twice_is_none(asking: Asking) -> None:
    server = asking.server([Says("Good morning, world!")])
    with pytest.raises(NoReply, match="replied twice") as caught:
        asking.model(server)(PROMPT, Greeting)
    assert caught.value.reason == "broken"
    assert caught.value.usage is not None
    assert caught.value.usage.calls == len(server.asked) == 2


@pytest.mark.parametrize(
    ("step", "reason"),
    [
        (Says('{"words": "good mor', finish="length"), "cut off"),
        (Says(None, refusal="I do not greet."), "refused"),
        (Says(None, finish="content_filter"), "refused"),
        (Fails(400, "This model's maximum context length is 10: context_length_exceeded"), "too long"),
    ],
)
def test_a_cut_off_reply_and_a_refusal_are_not_asked_for_again(asking: Asking, step: Step, reason: str) -> None:
    server = asking.server([step, GOOD])
    with pytest.raises(NoReply) as caught:
        asking.model(server)(PROMPT, Greeting)
    assert caught.value.reason == reason
    assert len(server.asked) == 1


def test_a_cut_off_reply_is_paid_for(asking: Asking) -> None:
    purse = MemoryPurse(Budget(tokens=100_000))
    with pytest.raises(NoReply):
        asking.model(asking.server([Says("{", finish="length", usage=(100, 4096))]), purse=purse)(PROMPT, Greeting)
    assert purse.spent().tokens == 4196


def test_too_many_requests_are_waited_for_as_long_as_the_server_says(asking: Asking) -> None:
    server = asking.server([Fails(429, "slow down", {"Retry-After": "7"}), GOOD])
    assert asking.model(server)(PROMPT, Greeting).value.times == 2
    assert asking.slept[0] == 7
    assert len(server.asked) == 2


def test_where_the_server_does_not_say_the_waits_grow(asking: Asking) -> None:
    server = asking.server([Fails(500), Fails(503), HangsUp(), GOOD])
    assert asking.model(server, first_wait=1.0)(PROMPT, Greeting).usage.calls == 4
    first, second, third = asking.slept
    assert 1 <= first <= 1.5
    assert 2 <= second <= 3
    assert 4 <= third <= 6


def test_a_server_that_stays_away_is_given_up(asking: Asking) -> None:
    server = asking.server([Fails(500, "out of order")])
    with pytest.raises(ModelNotReached, match=r"out of order.*3 attempts"):
        asking.model(server, retries=2)(PROMPT, Greeting)
    assert len(server.asked) == 3


def test_a_pause_of_an_hour_is_not_waited_for(asking: Asking) -> None:
    server = asking.server([Fails(429, "quota", {"Retry-After": "3600"})])
    with pytest.raises(ModelNotReached, match="a pause of 3600 seconds"):
        asking.model(server)(PROMPT, Greeting)
    assert (len(server.asked), asking.slept) == (1, [])


def test_a_time_out_is_tried_again_and_counted_as_read(asking: Asking) -> None:
    server = asking.server([Says(GOOD.content, after=3), GOOD])
    purse = MemoryPurse(Budget(tokens=100_000))
    reply = asking.model(server, timeout=0.3, purse=purse)(PROMPT, Greeting)
    assert reply.usage.calls == 2
    assert purse.spent().tokens > 120


def test_after_three_silences_nothing_is_asked_for_a_while(asking: Asking) -> None:
    server = asking.server([Fails(500)])
    model = asking.model(server, retries=0)
    for _ in range(3):
        with pytest.raises(ModelNotReached):
            model(PROMPT, Greeting)
    with pytest.raises(ModelNotReached, match="is not asked again for"):
        model(PROMPT, Greeting)
    assert len(server.asked) == 3


def test_nobody_there_is_said(asking: Asking) -> None:
    gone = ChatServer([GOOD])
    url_of_nobody = gone
    gone._http.server_close()
    with pytest.raises(ModelNotReached, match="Is its server up"):
        asking.model(url_of_nobody, retries=1)(PROMPT, Greeting)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        (Fails(401, "Incorrect API key provided: sk-secret"), "key is not accepted"),
        (Fails(404, "The model `gpt-test` does not exist"), "knows no such model"),
        (Fails(400, "Unsupported value: 'temperature' does not support 0"), "HYPOGRAPH_LLM_TEMPERATURE=1"),
    ],
)
def test_a_wrong_set_up_is_said_at_once_and_without_the_key(asking: Asking, step: Step, told: str) -> None:
    server = asking.server([step])
    with pytest.raises(ModelNotUsable, match=told) as caught:
        asking.model(server, key="sk-secret")(PROMPT, Greeting)
    assert "sk-secret" not in str(caught.value)
    assert asking.slept == []
    assert server.asked[0].headers["authorization"] == "Bearer sk-secret"


def test_a_server_that_knows_no_forms_is_told_of_the_form_in_words(asking: Asking) -> None:
    def script(asked: Asked) -> Step:
        return Fails(400, "response_format is not supported") if "response_format" in asked.body else GOOD

    server = asking.server(script)
    model = asking.model(server)
    assert model(PROMPT, Greeting).value.times == 2
    assert '"times"' in server.asked[1].user
    model(Prompt("greet@1", "You greet.", "Greet the moon."), Greeting)
    assert len(server.asked) == 3, "it is remembered"


@pytest.mark.parametrize("body", ["<html>Bad gateway</html>", "{}", '{"choices": null}', "null"])
def test_an_answer_that_is_no_completion_is_an_error_of_the_server(asking: Asking, body: str) -> None:
    with pytest.raises(ModelNotReached):
        asking.model(asking.server([Fails(200, body=body)]), retries=1)(PROMPT, Greeting)


def test_a_server_that_does_not_count_is_counted_for(asking: Asking) -> None:
    usage = asking.model(asking.server([Says(GOOD.content, usage=None)]))(PROMPT, Greeting).usage
    assert usage.read >= 6
    assert usage.written == 10


# Other providers


class Elsewhere:
    """The same questions to a server of another provider."""

    def __init__(self, asking: Asking, provider: str) -> None:
        self._asking, self._provider = asking, provider

    def __call__(self, script: list[Step] | Callable[[Asked], Step], **given: Any) -> tuple[ChatServer, LanguageModel]:
        server = self._asking.server(script)
        root = server.url.removesuffix("/v1")
        access = Access(ChatModel(self._provider, "some-model", root, SecretStr("sk-secret"), timeout=20))
        model = access.open()
        options = {"failures": model._provider_failures, "sleep": self._asking.slept.append, "hidden": "sk-secret"}
        return server, LanguageModel(access.name, model._make, **(options | given))


@pytest.fixture(params=["anthropic", "ollama"])
def elsewhere(request: pytest.FixtureRequest, asking: Asking) -> Elsewhere:
    return Elsewhere(asking, request.param)


def test_other_providers_reply_and_count_too(elsewhere: Elsewhere) -> None:
    server, model = elsewhere([GOOD])
    reply = model(PROMPT, Greeting)
    assert reply.value == Greeting(words="good morning", times=2)
    assert (reply.usage.read, reply.usage.written) == (100, 20)
    assert server.asked[0].body["model"] == "some-model"
    assert "sk-secret" in (
        server.asked[0].headers.get("x-api-key", "") + server.asked[0].headers.get("authorization", "")
    )


def test_broken_replies_of_other_providers_are_mended(elsewhere: Elsewhere) -> None:
    server, model = elsewhere([Says("Good morning!"), GOOD])
    assert model(PROMPT, Greeting).value.times == 2
    assert len(server.asked) == 2


def test_replies_of_other_providers_are_cut_off_too(elsewhere: Elsewhere) -> None:
    _, model = elsewhere([Says("Good", finish="length")])
    with pytest.raises(NoReply) as caught:
        model(PROMPT, Greeting)
    assert caught.value.reason == "cut off"


@pytest.mark.parametrize("step", [Fails(500, "out of order"), Fails(429, "slow down"), HangsUp()])
def test_failures_of_other_providers_that_pass_are_tried_again(elsewhere: Elsewhere, step: Step) -> None:
    server, model = elsewhere([step, GOOD])
    assert model(PROMPT, Greeting).value.times == 2
    assert len(server.asked) == 2


@pytest.mark.parametrize("status", [401, 404])
def test_failures_of_other_providers_that_do_not_pass_are_said(elsewhere: Elsewhere, status: int) -> None:
    _, model = elsewhere([Fails(status, "no: sk-secret")])
    with pytest.raises(ModelNotUsable) as caught:
        model(PROMPT, Greeting)
    assert "sk-secret" not in str(caught.value)


# The cache


def test_nothing_is_asked_twice(asking: Asking, tmp_path: Path) -> None:
    from kg.reply_cache import ReplyCache

    server = asking.server([GOOD])
    first = asking.model(server, cache=ReplyCache(tmp_path / "replies.sqlite"), price=Price(1, 1))(PROMPT, Greeting)
    again = asking.model(server, cache=ReplyCache(tmp_path / "replies.sqlite"), price=Price(1, 1))(PROMPT, Greeting)
    assert (again.value, again.text) == (first.value, first.text)
    assert again.usage == Usage(cached=1)
    assert len(server.asked) == 1


def test_another_prompt_model_parameter_or_form_is_another_question(asking: Asking, tmp_path: Path) -> None:
    class Other(BaseModel):
        words: str

    server = asking.server([GOOD])
    one = asking.model(server, parameters={"temperature": 0})
    keys = [
        one.key(PROMPT, Greeting),
        one.key(PROMPT, Other),
        one.key(Prompt("greet@2", PROMPT.system, PROMPT.user), Greeting),
        one.key(Prompt("greet@1", PROMPT.system, "Greet the moon."), Greeting),
        asking.model(server, parameters={"temperature": 1}).key(PROMPT, Greeting),
        LanguageModel("openai:other", one._make, parameters={"temperature": 0}).key(PROMPT, Greeting),
    ]
    assert len(set(keys)) == len(keys)
    assert asking.model(server, parameters={"temperature": 0}).key(PROMPT, Greeting) == keys[0]


def test_what_could_not_be_used_is_not_kept(asking: Asking, tmp_path: Path) -> None:
    from kg.reply_cache import ReplyCache

    server = asking.server([Says("no"), Says("no"), GOOD])
    model = asking.model(server, cache=ReplyCache(tmp_path / "replies.sqlite"))
    with pytest.raises(NoReply):
        model(PROMPT, Greeting)
    assert model(PROMPT, Greeting).value.times == 2


# Budgets


def test_a_budget_of_tokens_is_kept_by_many_threads(asking: Asking) -> None:
    server = asking.server(lambda asked: Says(GOOD.content, usage=(50, 100), after=0.01))
    purse = MemoryPurse(Budget(tokens=2_000))
    model = asking.model(server, purse=purse, reply_tokens=100)
    ends: list[str] = []

    def ask(number: int) -> None:
        try:
            model(Prompt("greet@1", "You greet.", f"Greet {number}."), Greeting)
            ends.append("reply")
        except BudgetSpent:
            ends.append("stop")

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert purse.spent().tokens == 150 * len(server.asked) <= 2_000
    assert ends.count("reply") == len(server.asked) >= 10
    assert ends.count("stop") == 30 - len(server.asked)


def test_a_budget_of_money_needs_a_price(asking: Asking) -> None:
    server = asking.server([GOOD])
    with pytest.raises(ModelNotUsable, match="no price"):
        asking.model(server, purse=MemoryPurse(Budget(money=1)))
    model = asking.model(server, purse=MemoryPurse(Budget(money=0.0001)), price=Price(1, 1))
    with pytest.raises(BudgetSpent, match=r"budget of 0\.0001"):
        model(PROMPT, Greeting)
    assert server.asked == []


def test_a_wait_that_would_outlast_the_budget_is_not_begun(asking: Asking) -> None:
    server = asking.server([Fails(429, "slow down", {"Retry-After": "30"})])
    with pytest.raises(LanguageModelError):
        asking.model(server, purse=MemoryPurse(Budget(seconds=5)))(PROMPT, Greeting)
    assert asking.slept == []


# Chat models of a few lines


class Parrot(BaseChatModel):
    """Says what it is given; knows no tools and no forms, as the least of langchain's chat models."""

    says: str

    @property
    def _llm_type(self) -> str:
        return "parrot"

    def _generate(self, messages: list[BaseMessage], *args: Any, **given: Any) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self.says))])


def test_any_chat_model_can_be_asked() -> None:
    model = LanguageModel("fake:parrot", lambda: Parrot(says='{"words": "hello", "times": 1}'))
    reply: Reply[Greeting] = model(PROMPT, Greeting)
    assert reply.value.words == "hello"
    assert reply.usage.calls == 1
    assert reply.usage.money is None


@given(st.text(max_size=200))
def test_no_text_closes_its_own_fence(text: str) -> None:
    told = quoted(text)
    opening, *_, closing = told.split("\n")
    assert told == f"{opening}\n{text}\n{closing}"
    mark = opening.split()[1]
    assert mark not in text
    assert quoted(text) == told
    assert quoted(text + " ").split("\n")[0] != opening
