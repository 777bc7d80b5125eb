"""Conversations: runs, each after another one."""

from __future__ import annotations

from agents.answer import Answer
from agents.run_logs import RunLog
from agents.runs import Record
from agents.steps.following import Turn

_MOST = 20  # turns that are read back


def turn(answer: Answer) -> Turn:
    """A question as it was understood, with what its answer begins with."""
    return Turn(answer.completed, answer.sentences[0].text if answer.sentences else "")


def turns(log: RunLog, run: str) -> tuple[Turn, ...]:
    """A run and those that it came after, the latest last. Raises NotFound when it was never made or not kept; where an
    earlier one is gone, the conversation begins after it."""
    found: list[Turn] = []
    at: str | None = run
    while at is not None and len(found) < _MOST:
        told = _turn_of(log, at) if not found else _turn_if_there(log, at)
        if told is None:
            break
        found.append(told[0])
        at = told[1]
    return tuple(reversed(found))


def _turn_of(log: RunLog, run: str) -> tuple[Turn, str | None]:
    record = Record.read(log, run)
    outputs = {event["step"]: event["outputs"] for event in record.events}
    question = outputs.get("complete", {}).get("completed", record.inputs["question"])
    sentences = outputs.get("answer", {}).get("sentences", [])
    return Turn(question, sentences[0] if sentences else ""), record.inputs.get("after")


def _turn_if_there(log: RunLog, run: str) -> tuple[Turn, str | None] | None:
    from kg.errors import NotFound

    try:
        return _turn_of(log, run)
    except NotFound:
        return None
