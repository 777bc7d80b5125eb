"""Asking a language model: a prompt and the form of the reply go in, a checked value comes out.

`Ask` is what steps take, so that a function of three lines can stand for a model in tests. `LanguageModel` is an `Ask`
made from any chat model of langchain-core: it asks again what is worth asking again, checks the reply against its form
and has it mended once, keeps to a budget, and asks nothing twice.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

from pydantic import BaseModel, ValidationError

from kg.budget import MemoryPurse, Price, Purse, Sum, Usage
from kg.errors import LanguageModelError, ModelNotReached, ModelNotUsable, NoReply
from kg.reply_cache import Kept

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

    from kg.reply_cache import ReplyCache

log = logging.getLogger(__name__)

T = TypeVar("T", bound=BaseModel)

_LONGEST_WAIT = 90.0
"""Seconds. A server that asks for a longer pause is taken for not reachable."""
_PATIENCE = 300.0
"""Seconds that one question waits, in all, because the server says so, before such a pause counts as a failure."""
_LEAST_PAUSE = 5.0
"""Seconds that such a pause is counted for at least."""
_FAILURES_IN_A_ROW = 3
_PAUSE_AFTER_FAILURES = 60.0
"""Seconds in which nothing is asked once so many questions in a row went without an answer."""

_CALLS_AT_ONCE = 4
_LIKELY_WINDOW = 32_768  # tokens

# Ollama says -1 where a stream that began well tells of an error.
_PASSING = frozenset({-1, 408, 409, 425, 429, 500, 502, 503, 504, 529})
_CUT_OFF = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_REFUSED = frozenset({"content_filter", "refusal"})
_TOO_LONG = re.compile(
    r"context[ _](length|size|window)|maximum context|prompt is too long|too many tokens", re.IGNORECASE
)
"""How servers say that a prompt is too long for their model, where their package has no error of its own for it."""
_REASONS = {
    "cut off": "had not come to an end of its reply at the most tokens it may have (HYPOGRAPH_LLM_REPLY_TOKENS).",
    "refused": "refused to answer.",
    "too long": "cannot take a prompt that long.",
}


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked. `name` says which prompt it is, with its version; `system` is the same for every call of
    it, `user` is this one's."""

    name: str
    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Reply(Generic[T]):
    """A reply in the form that was asked for. `text` is as the model wrote it, and what `value` was made from."""

    value: T
    text: str
    model: str
    usage: Usage = field(default_factory=Usage)


class Ask(Protocol):
    """Asks a model. Raises the LanguageModelErrors of `kg.errors`; each caller has a way on without a model."""

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]: ...


@runtime_checkable
class Measured(Protocol):
    """An `Ask` that knows how long its prompts may be."""

    def room(self, prompt: Prompt, reply_type: type[BaseModel]) -> int | None:
        """Tokens that the prompt may still grow by, its reply's own set aside; None where that is not known, negative
        where it is too long already."""


# What goes in ---------------------------------------------------------------------------------------------------------


def quoted(text: str, name: str = "passage") -> str:
    """`text` between fences that it cannot contain, for a prompt that calls it data.

    A fence holds a hash of the text: to write a text that closes its own fence is to find a fixed point of SHA-256. As
    nobody can foresee them, these fences serve as random ones do, and the same text makes the same prompt.
    """
    mark = hashlib.sha256(f"{name}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
    return f"<{name} {mark}>\n{text}\n</{name} {mark}>"


def likely_tokens(text: str) -> int:
    """How many tokens a text has, by rule of thumb: four bytes each."""
    return -(-_bytes(text) // 4)


def most_tokens(text: str) -> int:
    """How many tokens are set aside for a text: two bytes each, which no prose comes near."""
    return -(-_bytes(text) // 2)


def careful_tokens(text: str) -> int:
    """How many tokens a text is taken for where a context window must hold it: three bytes each, so that formulas,
    numbers and names that no tokenizer knows fit too."""
    return -(-_bytes(text) // 3)


def room(ask: Ask, prompt: Prompt, reply_type: type[BaseModel]) -> int | None:
    """What `Measured.room` says, for any `Ask`; None where it knows nothing of it."""
    return ask.room(prompt, reply_type) if isinstance(ask, Measured) else None


def fitting(texts: Sequence[str], tokens: int | None) -> int:
    """How many of the texts, from the first on, have room in so many tokens together; None holds all.

    >>> fitting(["a short text", "another one", "and a third one"], 8)
    2
    """
    if tokens is None:
        return len(texts)
    for count, text in enumerate(texts):
        tokens -= careful_tokens(text)
        if tokens < 0:
            return count
    return len(texts)


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


# Chat models of langchain-core ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Failures:
    """What a provider's chat model raises besides langchain-core's own ModelErrors; other errors are not caught.

    `errors` are told apart by their `status_code`; those of `passing` are worth another attempt. `cut_off` and
    `refused` say that the model answered, but so.
    """

    errors: tuple[type[Exception], ...] = ()
    passing: tuple[type[Exception], ...] = ()
    cut_off: tuple[type[Exception], ...] = ()
    refused: tuple[type[Exception], ...] = ()

    @property
    def all(self) -> tuple[type[Exception], ...]:
        from langchain_core.exceptions import ModelError

        return (ModelError, *self.errors, *self.passing, *self.cut_off, *self.refused)


@dataclass(frozen=True, slots=True)
class _Answer:
    """One answer of a model. Where it cannot be used, `reason` is a word of NoReply."""

    text: str
    read: int
    written: int
    reason: str = ""


class _Again(Exception):
    """The call failed, and may go well the next time: not before `after` seconds, where the server has said so."""

    def __init__(self, told: str, after: float | None, perhaps_paid: bool) -> None:
        super().__init__(told)
        self.after, self.perhaps_paid = after, perhaps_paid


class _NotInThatForm(Exception):
    """The server takes no request for a reply of a given form; or it takes none at all."""


@dataclass(slots=True)
class _Bill:
    """What a question has cost so far."""

    usage: Usage = field(default_factory=Usage)


class LanguageModel:
    """An `Ask` for a chat model. May be used from several threads at once.

    `name` is PROVIDER:NAME, as replies are marked with. `make` gives the chat model at the first call that needs it; it
    must not retry by itself. `parameters` are what else decides about a reply (the temperature), for the cache.
    `reply_tokens` is the most that the chat model was told to write, and is set aside of the budget and of the
    `context_tokens` that prompt and reply may have together (None: as langchain's profile of the model says, if any).
    At most `calls` are made at once, and one may take `seconds`, where the provider streams, and else what the chat
    model itself allows. A call that fails for a passing reason is made again up to `retries` times, after as many
    seconds as the server says, else after about `first_wait`, twice that, and so on. `hidden` is left out of all
    messages (a key).
    """

    def __init__(
        self,
        name: str,
        make: Callable[[], BaseChatModel],
        *,
        failures: Callable[[], Failures] = Failures,
        parameters: Mapping[str, Any] | None = None,
        price: Price | None = None,
        purse: Purse | None = None,
        cache: ReplyCache | None = None,
        retries: int = 4,
        reply_tokens: int = 4096,
        context_tokens: int | None = None,
        calls: int = _CALLS_AT_ONCE,
        seconds: float | None = None,
        hidden: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
        first_wait: float = 1.0,
    ) -> None:
        self.name, self.price, self.cache = name, price, cache
        self.purse: Purse = MemoryPurse() if purse is None else purse
        if self.purse.budget.money is not None and price is None:
            raise ModelNotUsable(
                f"There is a budget of {self.purse.budget.money:g} for {name}, but no price of it. Write one into the "
                "table of prices (docs/language-models.md shows how), or limit tokens instead of money."
            )
        self._make, self._provider_failures = make, failures
        self._parameters = {} if parameters is None else dict(parameters)
        self._retries, self._reply_tokens, self._hidden = retries, reply_tokens, hidden
        self._context_tokens, self._seconds = context_tokens, seconds
        self._sleep, self._first_wait = sleep, first_wait
        self._guard = threading.Lock()
        self._slots = threading.BoundedSemaphore(calls)
        self._chat: BaseChatModel | None = None
        self._form: Literal["untried", "taken", "in words"] = "untried"
        self._not_before = 0.0
        self._failed_in_a_row = 0
        self._given_up_until = 0.0

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        """The reply; from the cache where it is there, which costs nothing. See `Ask`."""
        key = self.key(prompt, reply_type)
        kept = None if self.cache is None else self.cache.get(key)
        if kept is not None and (known := _fitting(kept.text, reply_type)) is not None:
            return Reply(known, kept.text, self.name, Usage(cached=1))
        bill = _Bill(self._usage(0, 0, 0))
        try:
            value, text = self._asked(prompt, reply_type, bill)
        except LanguageModelError as error:
            error.usage = bill.usage
            raise
        if self.cache is not None:
            self.cache.keep(key, self.name, prompt.name, Kept(text, bill.usage.read, bill.usage.written))
        return Reply(value, text, self.name, bill.usage)

    def key(self, prompt: Prompt, reply_type: type[BaseModel]) -> str:
        """What the cache calls a reply: a hash of model, parameters, prompt and form."""
        asked = [self.name, self._parameters, prompt.name, prompt.system, prompt.user, _form_of(reply_type)]
        return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()

    def expected(self, prompt: Prompt, reply_type: type[BaseModel], written: int) -> Usage:
        """What a reply of so many tokens would likely cost; nothing is asked."""
        if self.cache is not None and self.cache.get(self.key(prompt, reply_type)) is not None:
            return Usage(cached=1)
        read = likely_tokens(prompt.system) + likely_tokens(prompt.user) + likely_tokens(_form_of(reply_type))
        return self._usage(1, read, written)

    def window(self) -> int | None:
        """Tokens that prompt and reply may have together; None where nobody says."""
        if self._context_tokens is not None:
            return self._context_tokens
        known = self._opened().profile
        return None if known is None else known.get("max_input_tokens")

    @property
    def prompt_tokens(self) -> int:
        """Tokens that a prompt, with the form of its reply, may have. Where nobody knows the window, it is taken for as
        large as that of most models of the last years."""
        window = self.window()
        return max(0, (_LIKELY_WINDOW if window is None else window) - self._reply_tokens)

    def room(self, prompt: Prompt, reply_type: type[BaseModel]) -> int | None:
        """See `Measured`. Nothing is asked."""
        window = self.window()
        if window is None:
            return None
        taken = sum(careful_tokens(text) for text in (prompt.system, prompt.user, _form_of(reply_type)))
        return window - self._reply_tokens - taken

    def _usage(self, calls: int, read: int, written: int) -> Usage:
        return Usage(calls, 0, read, written, None if self.price is None else self.price.of(read, written))

    # A reply

    def _asked(self, prompt: Prompt, reply_type: type[T], bill: _Bill) -> tuple[T, str]:
        """The reply's value and text. One that does not fit its form is sent back once, to be mended."""
        from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

        messages: list[BaseMessage] = [SystemMessage(prompt.system), HumanMessage(prompt.user)]
        text = self._answer(messages, reply_type, bill)
        try:
            return _value(text, reply_type), text
        except ValidationError as error:
            messages += [
                AIMessage(text if text.strip() else "(nothing)"),
                HumanMessage(f"{_why(error)}\nReply again, with the whole JSON object and nothing else."),
            ]
        text = self._answer(messages, reply_type, bill)
        try:
            return _value(text, reply_type), text
        except ValidationError as error:
            raise NoReply(f"{self.name} replied twice with what was not asked for. {_why(error)}", "broken") from None

    def _answer(self, messages: Sequence[BaseMessage], reply_type: type[BaseModel], bill: _Bill) -> str:
        """The text of an answer, after as many attempts as it takes, within the budget."""
        prompt = _form_of(reply_type) + "".join(str(one.content) for one in messages)
        window = self.window()
        if window is not None and likely_tokens(prompt) + self._reply_tokens > window:
            raise NoReply(
                f"{self.name} {_REASONS['too long']} It has about {likely_tokens(prompt):,} tokens, a reply may have "
                f"{self._reply_tokens:,}, and both together {window:,} (HYPOGRAPH_LLM_CONTEXT_TOKENS).",
                "too long",
            )
        with self._slots:
            answer = self._attempted(messages, reply_type, prompt, bill)
        self._failed_in_a_row = 0
        if answer.reason:
            raise NoReply(f"{self.name} {_REASONS[answer.reason]}", answer.reason)
        return answer.text

    def _attempted(
        self, messages: Sequence[BaseMessage], reply_type: type[BaseModel], prompt: str, bill: _Bill
    ) -> _Answer:
        """An answer, however often it has to be asked for. A pause that the server wishes for is no failure, so that
        many threads at the edge of what it allows each get their turn; but not without end."""
        most = self._usage(1, most_tokens(prompt), self._reply_tokens)
        attempts = failures = 0
        patience = _PATIENCE if self._retries else 0.0
        while True:
            self._wait_for_its_turn()
            ticket = self.purse.reserve(_sum(most))
            cost = self._usage(1, 0, 0)
            try:
                answer = self._invoked(messages, reply_type)
                cost = self._usage(1, answer.read, answer.written)
                return answer
            except _Again as again:
                if again.perhaps_paid:
                    cost = self._usage(1, likely_tokens(prompt), 0)
                attempts += 1
                if again.after is not None and again.after <= patience:
                    patience -= max(again.after, _LEAST_PAUSE)
                else:
                    failures += 1
                self._put_off(again, failures, attempts)
            finally:
                self.purse.settle(ticket, _sum(cost))
                bill.usage += cost

    # Turns and pauses

    def _wait_for_its_turn(self) -> None:
        """Waits as long as the server has asked all callers to. Raises ModelNotReached where it was given up."""
        if (rest := self._given_up_until - time.monotonic()) > 0:
            raise ModelNotReached(
                f"{self.name} did not answer several times in a row, and is not asked again for {rest:.0f} seconds."
            )
        if (pause := self._not_before - time.monotonic()) > 0:
            self._sleep(pause)

    def _put_off(self, again: _Again, failures: int, attempts: int) -> None:
        """Waits before the next attempt, or gives up where there should be none."""
        wait = self._first_wait * 2 ** (failures - 1) * random.uniform(1, 1.5) if again.after is None else again.after
        left = self.purse.seconds_left()
        if failures > self._retries or wait > _LONGEST_WAIT or (left is not None and wait > left):
            with self._guard:
                self._failed_in_a_row += 1
                if self._failed_in_a_row >= _FAILURES_IN_A_ROW:
                    self._given_up_until = time.monotonic() + _PAUSE_AFTER_FAILURES
            too_long = again.after is not None and wait > _LONGEST_WAIT
            asks = f" and asks for a pause of {wait:.0f} seconds" if too_long else ""
            tried = f"{attempts} attempt{'' if attempts == 1 else 's'}"
            raise ModelNotReached(
                f"{self.name} did not answer ({again}{asks}; {tried}). Is its server up, and the address right? "
                "Replies that came are kept: the same command goes on from there."
            )
        log.info("%s: %s; the next attempt is in %.1f s", self.name, again, wait)
        if again.after is not None:
            self._not_before = time.monotonic() + wait
        self._sleep(wait)

    # One call

    def _invoked(self, messages: Sequence[BaseMessage], reply_type: type[BaseModel]) -> _Answer:
        if self._form == "in words":
            return self._called(messages, reply_type, in_words=True)
        try:
            answer = self._called(messages, reply_type, in_words=False)
        except (_NotInThatForm, NotImplementedError) as error:
            if self._form == "taken":
                raise self._not_usable(str(error)) from None
            try:
                answer = self._called(messages, reply_type, in_words=True)
            except _NotInThatForm as other:
                raise self._not_usable(str(other)) from None
            log.info("%s takes no form of a reply, and is told of it in words: %s", self.name, error)
            self._form = "in words"
        else:
            if self._form == "untried":
                self._form = "taken"
        return answer

    def _called(self, messages: Sequence[BaseMessage], reply_type: type[BaseModel], in_words: bool) -> _Answer:
        """One call. Raises _Again, _NotInThatForm, or what no second call would mend."""
        from langsmith import tracing_context

        chat, failures = self._opened(), self._provider_failures()
        watch = _watch(self._seconds)
        try:
            # What the papers say goes to the configured model and to nobody else, whatever the environment turns on.
            with tracing_context(enabled=False):
                if in_words:
                    sent = [*messages[:-1], _told_in_words(messages[-1], reply_type)]
                    raw = chat.invoke(sent, {"callbacks": [watch]})
                else:
                    formed = chat.with_structured_output(_schema(reply_type), include_raw=True)
                    raw = _raw(formed.invoke(list(messages), {"callbacks": [watch]}))
        except _NoEnd as error:
            raise _Again(str(error), None, perhaps_paid=True) from None
        except failures.all as error:
            return self._after(error, failures)
        return _read(raw, messages, reply_type)

    def _opened(self) -> BaseChatModel:
        with self._guard:
            if self._chat is None:
                self._chat = self._make()
            return self._chat

    def _after(self, error: Exception, failures: Failures) -> _Answer:
        """What to do about a call that failed; where the model did answer, its answer."""
        from langchain_core import exceptions as known

        told = self._told(error)
        if isinstance(error, failures.cut_off):
            usage = getattr(getattr(error, "completion", None), "usage", None)
            return _Answer("", getattr(usage, "prompt_tokens", 0), getattr(usage, "completion_tokens", 0), "cut off")
        if isinstance(error, failures.refused) or "content_filter" in told or "content_policy" in told:
            return _Answer("", 0, 0, "refused")
        status = getattr(error, "status_code", None)
        if isinstance(error, known.ContextOverflowError) or (status in {400, 413, 422} and _TOO_LONG.search(told)):
            return _Answer("", 0, 0, "too long")
        if getattr(error, "code", None) == "insufficient_quota" or status == 402:
            raise self._not_usable(f"there is no credit left for it ({told})") from None
        if getattr(error, "is_retryable", False) or status in _PASSING or isinstance(error, failures.passing):
            timed_out = isinstance(error, known.ModelTimeoutError) or "timed out" in told.lower()
            raise _Again(told, _pause_asked_for(error), perhaps_paid=timed_out) from None
        match status:
            case 401 | 403:
                raise self._not_usable(
                    f"its key is not accepted ({told}). See docs/language-models.md for where keys come from"
                ) from None
            case 404:
                provider, _, name = self.name.partition(":")
                fetch = f"; `ollama pull {name}` fetches it" if provider == "ollama" else ""
                raise self._not_usable(f"the server knows no such model, or is none ({told}){fetch}") from None
            case 400 | 413 | 415 | 422 | 501:
                raise _NotInThatForm(told) from None
            case _:
                raise self._not_usable(told) from None

    def _not_usable(self, why: str) -> ModelNotUsable:
        hint = " Newer models take no temperature but 1: HYPOGRAPH_LLM_TEMPERATURE=1." if "temperature" in why else ""
        return ModelNotUsable(f"The language model {self.name} cannot be used: {why}.{hint}")

    def _told(self, error: Exception) -> str:
        """What a failure says of itself, short, and without the key."""
        said = " ".join(str(error).split())
        if self._hidden:
            said = said.replace(self._hidden, "…")
        return said[:300] if said else type(error).__name__


def _sum(usage: Usage) -> Sum:
    return Sum(usage.tokens, 0.0 if usage.money is None else usage.money)


def _schema(reply_type: type[BaseModel]) -> dict[str, Any]:
    return {"title": reply_type.__name__, **reply_type.model_json_schema()}


def _form_of(reply_type: type[BaseModel]) -> str:
    return json.dumps(_schema(reply_type), sort_keys=True)


def _told_in_words(last: BaseMessage, reply_type: type[BaseModel]) -> BaseMessage:
    from langchain_core.messages import HumanMessage

    return HumanMessage(
        f"{last.content}\n\nReply with one JSON object and nothing else. Its JSON schema is:\n{_form_of(reply_type)}"
    )


def _raw(result: Any) -> AIMessage:
    """The message behind a structured output, whatever became of it."""
    message: AIMessage = result["raw"]
    return message


class _NoEnd(Exception):
    """A reply came and came, and did not end in time."""


def _watch(seconds: float | None) -> BaseCallbackHandler:
    """Ends a call whose tokens still come after so many seconds: time-outs of providers count from token to token."""
    from langchain_core.callbacks import BaseCallbackHandler

    class Watch(BaseCallbackHandler):
        raise_error = True
        over = None if seconds is None else time.monotonic() + seconds

        def on_llm_new_token(self, token: str | list[str | dict[str, Any]], **given: Any) -> None:
            if self.over is not None and time.monotonic() > self.over:
                raise _NoEnd(f"no end of the reply within {seconds:g} seconds")

    return Watch()


def _read(raw: AIMessage, messages: Sequence[BaseMessage], reply_type: type[BaseModel]) -> _Answer:
    """Text, tokens and end of an answer, wherever the provider has put them.

    Where a reply of a given form is the use of a tool, that one tool is all that was offered. The use of another is not
    read, and nothing in this module could start one.
    """
    text = str(raw.text)
    if used := [one["args"] for one in raw.tool_calls if one["name"] == reply_type.__name__]:
        text = json.dumps(used[0], ensure_ascii=False)
    elif broken := [one["args"] for one in raw.invalid_tool_calls if one["name"] == reply_type.__name__]:
        text = str(broken[0])
    read, written = (0, 0) if (usage := raw.usage_metadata) is None else (usage["input_tokens"], usage["output_tokens"])
    if not read:  # a server that does not count, or not what it still knew of the prompt
        read = likely_tokens(_form_of(reply_type)) + sum(likely_tokens(str(one.content)) for one in messages)
    if not written:
        written = likely_tokens(text)
    said = raw.response_metadata
    ends = {str(said.get(name)) for name in ("finish_reason", "stop_reason", "done_reason")}
    reason = ""
    if raw.additional_kwargs.get("refusal") or ends & _REFUSED:
        reason = "refused"
    elif ends & _CUT_OFF:
        reason = "cut off"
    return _Answer(text, read, written, reason)


def _value(text: str, reply_type: type[T]) -> T:
    """The reply as a value. What stands around the JSON object (a fence, a thought) is left out."""
    try:
        return reply_type.model_validate_json(text)
    except ValidationError:
        start, end = text.rfind("</think>") + 1, text.rfind("}") + 1
        start = text.find("{", start)
        if start < 0 or end <= start or text[start:end] == text:
            raise
        return reply_type.model_validate_json(text[start:end])


def _fitting(text: str, reply_type: type[T]) -> T | None:
    """The same for a text that was kept: None where it fits its form no more."""
    try:
        return _value(text, reply_type)
    except ValidationError:
        return None


def _why(error: ValidationError) -> str:
    """What is wrong with a reply, for the model and for people: the first few places."""
    found = error.errors(include_url=False, include_input=False, include_context=False)
    told = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" if one["loc"] else one["msg"] for one in found[:4]]
    return f"The reply cannot be used: {'; '.join(told)[:500]}."


def _pause_asked_for(error: Exception) -> float | None:
    """Seconds, where the server says how long to wait (Retry-After, RFC 9110 section 10.2.3)."""
    # Ollama's error holds no answer of the server, but what it was raised from does.
    response = getattr(error, "response", None)
    response = getattr(error.__context__, "response", None) if response is None else response
    headers = getattr(response, "headers", None)
    if headers is None:
        return None
    if (said := headers.get("retry-after-ms")) is not None and said.isdigit():
        return int(said) / 1000
    if (said := headers.get("retry-after")) is None:
        return None
    try:
        return max(0.0, float(said))
    except ValueError:
        pass
    from email.utils import parsedate_to_datetime

    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None
