"""What holds of every run, told by its record alone, so that a program can see whether a trace keeps to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from agents.runs import Record
from kg.errors import HypographError


class RuleBroken(HypographError):
    """A run did what no run may do: a mistake in the program, and nothing of the run is shown."""


_CLOCK = 0.005  # seconds by which times in a record may be off


@dataclass(frozen=True, slots=True)
class Rule:
    """`says` what must hold; `breaches` finds where it does not, in words."""

    says: str
    breaches: Callable[[Record], Iterator[str]]


def broken(record: Record) -> list[str]:
    """The rules that a run breaks, each with where."""
    return [f"{rule.says}: {where}" for rule in RULES for where in rule.breaches(record)]


def kept(record: Record) -> None:
    """Raises RuleBroken where a run breaks a rule."""
    if found := broken(record):
        raise RuleBroken(
            f"{record.run} broke a rule of its own, so what it found is not shown: {'; '.join(found)[:500]}. This is a "
            f"mistake in Hypograph: please report it with `hypograph show {record.run} --json`."
        )


def _steps(record: Record) -> list[str]:
    return [event["step"] for event in record.events]


def _numbered(record: Record) -> Iterator[str]:
    numbers = [event["number"] for event in record.events]
    if numbers != list(range(1, len(numbers) + 1)):
        yield f"the numbers are {numbers}"


def _filtered(record: Record) -> Iterator[str]:
    steps = _steps(record)
    if record.inputs.get("kind") == "ask" and "answer" in steps and "filter" not in steps[: steps.index("answer")]:
        yield f"step {steps.index('answer') + 1} answers"


def _within_budget(record: Record) -> Iterator[str]:
    refused = [line["begun"] + line["seconds"] for line in record.failures.values() if line["error"] == "BudgetSpent"]
    for line in record.replies.values():
        # A call that was under way when another one was refused had its share of the budget set aside.
        if refused and line["usage"]["calls"] and line["begun"] > min(refused) + _CLOCK:
            yield f"{line['prompt']} was asked"


def _retrieved(record: Record) -> Iterator[str]:
    found: set[str] = set()
    for event in record.events:
        outputs: Mapping[str, Any] = event["outputs"]
        found.update(outputs.get("passages", ()))
        for passage in outputs.get("cited", ()):
            if passage not in found:
                yield f"step {event['number']} cites {passage}"


def _warned(record: Record) -> Iterator[str]:
    for event in record.events:
        if event["step"] == "advise" and event["outputs"]["override"] is None and len(record.events) > event["number"]:
            yield f"step {event['number'] + 1} follows the advisory"


def _paid(record: Record) -> Iterator[str]:
    known = record.replies.keys() | record.failures.keys()
    for event in record.events:
        if missing := set(event.get("replies", ())) - known:
            yield f"step {event['number']} names {len(missing)} replies that are not in the record"
        tokens = sum(
            line["usage"]["read"] + line["usage"]["written"]
            for key in event.get("replies", ())
            if (line := record.replies.get(key, record.failures.get(key))) is not None
        )
        if not missing and tokens != event["cost"]["tokens"]:
            yield f"step {event['number']} says {event['cost']['tokens']} tokens, its replies {tokens}"


RULES = (
    Rule("steps are numbered from 1 without a gap", _numbered),
    Rule("no answer before a filter", _filtered),
    Rule("no call after the budget is spent", _within_budget),
    Rule("every cited passage was retrieved in the run", _retrieved),
    Rule("nothing follows an advisory without a reason to go on", _warned),
    Rule("a step costs what its replies cost", _paid),
)
