"""Runs: recorded pieces of agent work.

A workflow is plain code that does the same each time it is given the same; what it cannot foresee are a language
model's replies and a person's answers. A run writes these down as they come, and each step as it was taken. So a run
that was cut off is made again from its record: what was replied and said is read back, nobody is asked twice, and the
steps must come out as they stand there.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel

from agents.run_logs import MemoryLog, RunLog
from kg.budget import Usage
from kg.errors import BudgetSpent, HypographError, LanguageModelError, ModelNotReached, ModelNotUsable, NoReply
from kg.language_model import Ask, Prompt, Reply
from kg.model import content_id

T = TypeVar("T", bound=BaseModel)
State = Literal["done", "waiting", "cancelled", "failed", "running", "interrupted"]

_FAILURES: dict[str, Callable[[str, str], LanguageModelError]] = {
    "ModelNotUsable": lambda told, _: ModelNotUsable(told),
    "ModelNotReached": lambda told, _: ModelNotReached(told),
    "NoReply": NoReply,
    "BudgetSpent": lambda told, _: BudgetSpent(told),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken: its name, a digest of what went in, what came out (plain JSON), and what it cost.

    `money` is None where a price is not known. `replies` are digests of what language models were asked and replied for
    it, in no order that means anything.
    """

    number: int
    step: str
    inputs: str
    outputs: Mapping[str, Any]
    tokens: int = 0
    money: float | None = 0.0
    replies: tuple[str, ...] = ()
    run: str = field(default="", compare=False)

    def __str__(self) -> str:
        """What was done in words: `on_event=print` tells a run in a notebook."""
        from agents.event_words import words

        return words(self.step, self.outputs)

    def as_json(self) -> dict[str, Any]:
        """The event as one line of the run's log."""
        return {
            "number": self.number,
            "step": self.step,
            "inputs": self.inputs,
            "outputs": dict(self.outputs),
            "cost": {"tokens": self.tokens, "money": self.money},
            "replies": list(self.replies),
        }


@dataclass(frozen=True, slots=True)
class Model:
    """A language model as runs use it. `name` and `parameters` decide about its replies; `room` is how many tokens a
    prompt may have."""

    name: str
    ask: Ask
    parameters: Mapping[str, Any] = field(default_factory=dict)
    room: int = 16_000

    def as_json(self) -> dict[str, Any]:
        """What a run's inputs tell of it."""
        return {"name": self.name, "parameters": dict(self.parameters), "room": self.room}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a run asks the person. `name` says what for; an answer is one of the `options`, where there are any, or
    anything."""

    name: str
    question: str
    options: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As a line of the log, and as the outside face tells it."""
        return {"name": self.name, "question": self.question, "options": list(self.options)}


class Waiting(Exception):
    """The run stops until the person has answered."""

    def __init__(self, asked: Asked) -> None:
        super().__init__(asked.question)
        self.asked = asked


class Cancelled(HypographError):
    """The run was stopped by a person's wish."""

    exit_status = 130


class RunChanged(HypographError):
    """A run cannot be made again as it was: the library, the settings or the program are not the same."""

    exit_status = 2


@dataclass(frozen=True, slots=True)
class Record:
    """What is kept of a run. `events`, `replies` and `failures` are lines as they were written; `said` is what the
    person answered, by the name of what was asked; `asked` what waits for an answer; `end` the last word."""

    run: str
    inputs: Mapping[str, Any]
    events: tuple[Mapping[str, Any], ...] = ()
    replies: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    failures: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    asked: Asked | None = None
    end: Mapping[str, Any] | None = None
    is_open: bool | None = False
    lines: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def read(cls, log: RunLog, run: str) -> Record:
        """Raises NotFound for a run that is not kept."""
        inputs, *lines = log.read(run)
        return cls.of(run, inputs, lines, log.is_open(run))

    @classmethod
    def of(
        cls, run: str, inputs: Mapping[str, Any], lines: Sequence[Mapping[str, Any]], is_open: bool | None = False
    ) -> Record:
        """A record by its lines."""
        events: list[Mapping[str, Any]] = []
        replies: dict[str, Mapping[str, Any]] = {}
        failures: dict[str, Mapping[str, Any]] = {}
        said: dict[str, str] = {}
        asked: Asked | None = None
        end: Mapping[str, Any] | None = None
        for line in lines:
            match line:
                case {"step": _}:
                    events.append(line)
                case {"reply": key}:
                    replies[key] = line
                case {"failure": key}:
                    failures[key] = line
                case {"asked": {"name": name, "question": question, "options": options}}:
                    asked = Asked(name, question, tuple(options))
                case {"said": text, "name": name}:
                    said[name] = text
                    asked = None if asked is not None and asked.name == name else asked
                case {"end": _}:
                    end = line
        return cls(run, inputs, tuple(events), replies, failures, said, asked, end, is_open, tuple(lines))

    @property
    def state(self) -> State:
        """How the run stands. One that nobody is making and that has not ended was interrupted: it can be resumed."""
        if self.is_open:
            return "running"
        if self.asked is not None:
            return "waiting"
        if self.end is None or self.end["end"] == "waiting":  # what it waited for has been said since
            return "interrupted"
        state: State = self.end["end"]
        return state

    @property
    def usage(self) -> Usage:
        """What language models have cost it."""
        return sum((_usage(line) for line in (*self.replies.values(), *self.failures.values())), Usage())

    def as_json(self) -> dict[str, Any]:
        """The run whole, as the outside face tells it."""
        return {
            "kind": "run",
            "id": self.run,
            "state": self.state,
            "inputs": dict(self.inputs),
            "steps": [dict(event) for event in self.events],
            "replies": [*map(dict, self.replies.values()), *map(dict, self.failures.values())],
            "said": dict(self.said),
            "waiting": None if self.asked is None else self.asked.as_json(),
            "end": None if self.end is None else dict(self.end),
            "cost": {"tokens": self.usage.tokens, "money": self.usage.money},
        }


class Run:
    """A run that is being made, as a context: its end is written when the block ends.

    Its id is a hash of its inputs: the same work on the same library is the same run. With a `record` it is made again:
    replies and answers in it are used, nothing that stands there is written again, and a step that comes out
    differently raises RunChanged. `model` None: steps take the form that needs none. Where `interactive`, a step may
    ask the person. Steps are taken in one thread; models may be asked from several.
    """

    def __init__(
        self,
        inputs: Mapping[str, Any],
        log: RunLog | None = None,
        on_event: Callable[[Event], None] | None = None,
        *,
        model: Model | None = None,
        interactive: bool = False,
        record: Record | None = None,
    ) -> None:
        self.inputs, self.model, self.interactive = inputs, model, interactive
        self.log: RunLog = MemoryLog() if log is None else log
        self.events: list[Event] = []
        self.id = content_id("run", digest(inputs))
        self._on_event, self._record = on_event, Record(self.id, inputs) if record is None else record
        self._lines: list[Mapping[str, Any]] = list(self._record.lines)
        self._guard = threading.Lock()
        self._pending: dict[str, Usage] = {}  # of replies since the last step, by key
        self._spent: BudgetSpent | None = None
        self._outcome: Mapping[str, Any] | None = None
        self._began = time.monotonic()
        if record is None:
            self._writes = self.log.begin(self.id, inputs)
        else:
            self._same_inputs(record)
            self._writes = self.log.resume(self.id)

    # A run from beginning to end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            match error:
                case None:
                    self._ends("done")
                case Waiting():
                    self._write({"asked": error.asked.as_json()})
                    self._ends("waiting")
                case Cancelled():
                    self._ends("cancelled")
                case RunChanged():
                    pass  # the record stays as it was
                case HypographError():
                    self._ends("failed", str(error))
                # Anything else (Ctrl-C too) cuts the run off as a kill would: it can be resumed.
        finally:
            if self._writes:
                self.log.close(self.id)

    def did(self, step: str, inputs: object, outputs: Mapping[str, Any]) -> Event:
        """Notes a step that was taken, with what the models asked since the last one have cost, and tells whoever
        listens. Raises what `check` does."""
        self.check()
        with self._guard:
            pending, self._pending = self._pending, {}
        usage = sum((pending[key] for key in sorted(pending)), Usage())
        number = len(self.events) + 1
        money = None if usage.money is None else round(usage.money, 9)
        event = Event(number, step, digest(inputs), outputs, usage.tokens, money, tuple(sorted(pending)), self.id)
        if number <= len(self._record.events):
            self._same(event, self._record.events[number - 1])
        else:
            self._write(event.as_json() | {"seconds": self._seconds()})
        self.events.append(event)
        if self._on_event is not None:
            self._on_event(event)
        return event

    @property
    def record(self) -> Record:
        """The run as it stands by now."""
        return Record.of(self.id, self.inputs, self._lines, True)

    def concludes(self, outcome: Mapping[str, Any]) -> None:
        """What came of the run, for its last line."""
        self._outcome = outcome

    def check(self) -> None:
        """Raises Cancelled when a person has wished so."""
        if self._writes and self.log.is_cancelled(self.id):
            raise Cancelled(f"{self.id} was cancelled. `hypograph resume {self.id}` goes on from where it stopped.")

    # What cannot be foreseen

    @property
    def ask(self) -> Ask | None:
        """The run's model, every reply of which is recorded; None without one. Once the budget is spent, it is not
        asked again in this run."""
        return None if self.model is None else self._asked

    def _asked(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        assert self.model is not None
        key = digest([prompt.name, prompt.system, prompt.user, reply_type.__name__])
        if (known := self._record.replies.get(key)) is not None:
            self._count(key, _usage(known))
            text = json.dumps(known["value"])
            return Reply(reply_type.model_validate_json(text), text, known["model"], _usage(known))
        if (failed := self._record.failures.get(key)) is not None:
            self._count(key, _usage(failed))
            raise self._noted(_FAILURES[failed["error"]](failed["message"], failed["reason"]))
        self.check()
        began = time.monotonic()
        told = {"prompt": prompt.name, "model": self.model.name, "begun": round(time.time(), 4)}
        try:
            if self._spent is not None:
                raise BudgetSpent(str(self._spent))
            reply = self.model.ask(prompt, reply_type)
        except LanguageModelError as error:
            usage = Usage() if error.usage is None else error.usage
            kind = next((name for name in _FAILURES if name == type(error).__name__), "ModelNotReached")
            self._write(
                {
                    "failure": key,
                    **told,
                    "error": kind,
                    "message": str(error),
                    "reason": getattr(error, "reason", ""),
                    "usage": _as_json(usage),
                    "seconds": round(time.monotonic() - began, 3),
                }
            )
            self._count(key, usage)
            raise self._noted(error) from error.__cause__
        value = reply.value.model_dump(mode="json")
        self._write(
            {
                "reply": key,
                **told,
                "value": value,
                "text": digest(reply.text),
                "usage": _as_json(reply.usage),
                "seconds": round(time.monotonic() - began, 3),
            }
        )
        self._count(key, reply.usage)
        return reply

    def _noted(self, error: LanguageModelError) -> LanguageModelError:
        if isinstance(error, BudgetSpent):
            self._spent = error
        return error

    def person(self, name: str, question: str, options: Sequence[str] = ()) -> str | None:
        """What the person says to a question; None where the run is not interactive. The run stops with the question
        (raises Waiting) until it is resumed with an answer."""
        if name in self._record.said:
            return self._record.said[name]
        if not self.interactive:
            return None
        raise Waiting(Asked(name, question, tuple(options)))

    # Writing

    def _count(self, key: str, usage: Usage) -> None:
        with self._guard:
            self._pending[key] = usage

    def _write(self, line: Mapping[str, Any]) -> None:
        with self._guard:
            self._lines.append(line)
            if self._writes:
                self.log.append(self.id, line)

    def _ends(self, end: str, message: str = "") -> None:
        outcome = {} if self._outcome is None else {"outcome": dict(self._outcome)}
        self._write({"end": end, "message": message, "seconds": self._seconds(), **outcome})

    def _seconds(self) -> float:
        return round(time.monotonic() - self._began, 4)

    # Being the same

    def _same_inputs(self, record: Record) -> None:
        then, now = _canonical(record.inputs), _canonical(self.inputs)
        if then == now:
            return
        changed = sorted(name for name in then.keys() | now.keys() if then.get(name) != now.get(name))
        what = {
            "revision": "the library has changed since",
            "embedder": "another embedder is set",
            "model": "another language model is set",
        }
        why = "; ".join(what.get(name, f"{name} differs") for name in changed)
        raise RunChanged(
            f"{record.run} cannot be made again: {why}. What it said is kept (`hypograph show {record.run}`); ask anew "
            "for what the library says now."
        )

    def _same(self, event: Event, recorded: Mapping[str, Any]) -> None:
        now = _canonical(event.as_json())
        then = {name: value for name, value in recorded.items() if name in now}
        if now != then:
            raise RunChanged(
                f"{self.id} cannot be made again: step {event.number} ({event.step}) does not come out as it stands in "
                "the record, so the program or its models have changed since. Ask anew."
            )


def digest(value: object) -> str:
    """A hash of plain values: lists, mappings, texts, numbers, None."""
    return content_id("in", json.dumps(value, sort_keys=True, ensure_ascii=True))


def _canonical(value: Mapping[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(value, sort_keys=True))
    return plain


def _as_json(usage: Usage) -> dict[str, Any]:
    return {
        "calls": usage.calls,
        "cached": usage.cached,
        "read": usage.read,
        "written": usage.written,
        "money": usage.money,
    }


def _usage(line: Mapping[str, Any]) -> Usage:
    return Usage(**line["usage"])
