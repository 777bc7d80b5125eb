"""Runs on the command line: what comes of one is drawn by its kind; a person's turn is taken at the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from ui import criticised, drawn, hypothesized
from ui.terminal import say, write, write_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.runs import Asked, Event
    from kg.library import Library


def outcome(told: dict[str, Any], as_json: bool) -> None:
    """What a workflow gave back, as it would have been drawn at once."""
    if as_json:
        write_json(told)
    elif told.get("waiting") is not None:
        _waiting(told["run"], told["waiting"])
    elif "answered" in told:
        drawn.answer(told)
    elif "critique" in told:
        criticised.draw(told)
    elif "hypotheses" in told:
        hypothesized.draw(told)
    else:
        drawn.shown(told)


def talked(library: Library, answer: Any, on_event: Callable[[Event], None] | None) -> Any:
    """The answer once the person, at a terminal, has said what it waits for; elsewhere as it is."""
    while answer.waiting is not None and sys.stdin.isatty():
        try:
            answer = library.answer(answer.run, _said(answer.waiting), on_event=on_event)
        except UsageError as error:
            say(str(error))
    return answer


def _said(asked: Asked) -> str:
    say(asked.question)
    for number, option in enumerate(asked.options, 1):
        say(f"  {number}. {option}")
    return input("> ")


def _waiting(run: str, asked: dict[str, Any]) -> None:
    write(asked["question"])
    for number, option in enumerate(asked["options"], 1):
        write(f"  {number}. {option}")
    write()
    write(f'Answer with: hypograph answer {run} "…"')
