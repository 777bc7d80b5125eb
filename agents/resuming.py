"""Going on with a run that was kept, and making one again to see that it comes out the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from pydantic import BaseModel

from agents.run_logs import MemoryLog, RunLog
from agents.runs import Asked, Event, Model, Record, RunChanged
from kg.errors import LanguageModelError, UsageError
from kg.language_model import Prompt, Reply
from kg.scope import Scope

if TYPE_CHECKING:
    from agents.library import Library

T = TypeVar("T", bound=BaseModel)


class Outcome(Protocol):
    """What a workflow gives back."""

    def as_json(self) -> dict[str, Any]: ...

    def outcome(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Once:
    """What it takes to make a run once more, beside what stands in its record."""

    record: Record
    library: Library
    log: RunLog
    on_event: Callable[[Event], None] | None
    model: Model | None


Again = Callable[[Once], Outcome]
"""A workflow that is called with the inputs of a record."""


def _ask(once: Once) -> Outcome:
    from agents.answer import Remembered
    from agents.asking import STEPS
    from agents.steps.following import Turn
    from agents.workflows import ask

    inputs = once.record.inputs
    return ask(
        inputs["question"],
        once.library,
        inputs["k"],
        _scope(inputs["scope"]),
        inputs["seed"],
        once.on_event,
        once.log,
        model=once.model,
        interactive=inputs["interactive"],
        earlier=[Turn(question, answer) for question, answer in inputs["earlier"]],
        after=inputs["after"],
        override=inputs["override"],
        report=inputs["report"],
        marked=inputs["marked"],
        notes=[Remembered(**told) for told in inputs.get("notes", ())],
        steps=[step for step in STEPS if step not in inputs["without"]],
        record=once.record,
    )


def _criticize(once: Once) -> Outcome:
    from agents.critic import Kept, criticised

    inputs = once.record.inputs
    claim = inputs["statement"] if inputs["hypothesis"] is None else Kept.read(inputs["hypothesis"])
    return criticised(
        claim,
        once.library,
        _scope(inputs["scope"]),
        once.on_event,
        once.log,
        model=once.model,
        record=once.record,
    )


def _hypothesize(once: Once) -> Outcome:
    from agents.hypothesizing import hypothesize

    inputs = once.record.inputs
    return hypothesize(
        once.library,
        inputs["from"],
        inputs["to"],
        inputs["question"],
        inputs["statement"],
        inputs["n"],
        _scope(inputs["scope"]),
        inputs["seed"],
        once.on_event,
        once.log,
        model=once.model,
        rounds=inputs["rounds"],
        without=inputs.get("without", ()),
        across=inputs.get("across", False),
        record=once.record,
    )


def _scope(told: Mapping[str, Any]) -> Scope:
    """The scope whose arguments these are."""
    return Scope(told["since"], told["until"], tuple(told["within"]), tuple(told["sections"]), tuple(told["venues"]))


WORKFLOWS: Mapping[str, Again] = {
    "ask": _ask,
    "criticize": _criticize,
    "hypothesize": _hypothesize,
}
"""By the `kind` of a run's inputs."""


def answered(log: RunLog, run: str, text: str) -> None:
    """Writes down what the person says to the question that a run stopped with. UsageError where it waits for none, and
    for what is not among the options."""
    record = Record.read(log, run)
    if record.asked is None:
        raise UsageError(f"{run} waits for no answer: it is {record.state}.")
    log.append(run, {"said": _chosen(record.asked, text), "name": record.asked.name})


def _chosen(asked: Asked, text: str) -> str:
    said = " ".join(text.split())
    if not said:
        raise UsageError(f"Nothing was said to: {asked.question}")
    if not asked.options:
        return said
    numbered = {str(number): option for number, option in enumerate(asked.options, 1)}
    folded = {option.casefold(): option for option in asked.options}
    if (option := folded.get(said.casefold(), numbered.get(said))) is None:
        listed = "; ".join(f"{number}. {option}" for number, option in numbered.items())
        raise UsageError(f"{said!r} is none of the options: {listed}. Give one of them, or its number.")
    return option


def resumed(
    log: RunLog,
    run: str,
    library: Library,
    model: Model | None,
    on_event: Callable[[Event], None] | None = None,
) -> Outcome:
    """Goes on with a run from its record: what was replied and said is not asked again. One that is done comes out as
    it was. UsageError for one that somebody is making right now; RunChanged where library, settings or program have
    changed."""
    record = Record.read(log, run)
    if record.is_open:
        raise UsageError(f"{run} is being made right now. Wait for it, or cancel it (`hypograph cancel {run}`).")
    return _workflow(record)(Once(record, library, log, on_event, model))


def replayed(log: RunLog, run: str, library: Library, on_event: Callable[[Event], None] | None = None) -> Outcome:
    """Makes a run again from its record alone, without any model, and writes nothing. RunChanged where a step or what
    came of it does not come out as it stands there; UsageError for a run that has not come to its end."""
    record = Record.read(log, run)
    if record.state != "done":
        raise UsageError(
            f"{run} is {record.state}: only what is done can be replayed. `hypograph resume {run}` goes on."
        )
    copy = MemoryLog()
    copy.begin(run, record.inputs)
    for line in record.lines:
        copy.append(run, line)
    asked = record.inputs["model"]
    model = None if asked is None else Model(asked["name"], _nobody, asked["parameters"], asked["room"])
    outcome = _workflow(record)(Once(record, library, copy, on_event, model))
    again = Record.read(copy, run)
    if record.end is None or again.end is None or record.end.get("outcome") != again.end.get("outcome"):
        raise RunChanged(
            f"{run} does not come out as it stands in the record: the program has changed since. Ask anew."
        )
    return outcome


def _workflow(record: Record) -> Again:
    kind = str(record.inputs.get("kind"))
    if kind not in WORKFLOWS:
        raise UsageError(f"{record.run} is of a kind ({kind}) that cannot be made again by this version.")
    return WORKFLOWS[kind]


def _nobody(prompt: Prompt, reply_type: type[T]) -> Reply[T]:
    raise LanguageModelError(f"The reply to {prompt.name} is not in the record.")
