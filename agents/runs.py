"""Runs: recorded pieces of agent work, as logs of events. They are kept apart from the facts of a library."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from kg.errors import LibraryError, NotFound
from kg.model import content_id

_RUN = re.compile(r"run-[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Event:
    """One step that was taken: its name, a digest of what went in, what came out (plain JSON), and what it cost."""

    number: int
    step: str
    inputs: str
    outputs: Mapping[str, Any]
    tokens: int = 0
    money: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The event as one object of the run's log."""
        return {"number": self.number, "step": self.step, "inputs": self.inputs, "outputs": dict(self.outputs),
                "cost": {"tokens": self.tokens, "money": self.money}}


class RunLog(Protocol):
    """Where the events of runs are kept. A run that is made again replaces its log."""

    def begin(self, run: str, inputs: Mapping[str, Any]) -> None: ...

    def append(self, run: str, event: Event) -> None: ...

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        """The inputs, then the events, as they were written. Raises NotFound for a run that was never made."""


class MemoryLog:
    """Keeps runs as long as the program lives."""

    def __init__(self) -> None:
        self._runs: dict[str, list[dict[str, Any]]] = {}

    def begin(self, run: str, inputs: Mapping[str, Any]) -> None:
        self._runs[run] = [dict(inputs)]

    def append(self, run: str, event: Event) -> None:
        self._runs[run].append(event.as_json())

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        if run not in self._runs:
            raise _no_run(run)
        return iter(self._runs[run])


class FolderLog:
    """Keeps each run as JSON lines in a file of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, run: str, inputs: Mapping[str, Any]) -> None:
        try:
            self._folder.mkdir(exist_ok=True)
            self._file(run).write_text(_line(inputs), encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def append(self, run: str, event: Event) -> None:
        try:
            with self._file(run).open("a", encoding="utf-8") as file:
                file.write(_line(event.as_json()))
        except OSError as error:
            raise self._unwritable(error) from error

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        try:
            text = self._file(run).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise _no_run(run) from None
        # A last line without its end was being written when the program was killed.
        return (json.loads(line) for line in text.split("\n")[:-1])

    def _file(self, run: str) -> Path:
        if not _RUN.fullmatch(run):
            raise _no_run(run)
        return self._folder / f"{run}.jsonl"

    def _unwritable(self, error: OSError) -> LibraryError:
        return LibraryError(f"The run cannot be written to {self._folder}: {error.strerror}. Make room or give "
                            "permission, or ask without keeping runs.")


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=True, sort_keys=True) + "\n"


def _no_run(run: str) -> NotFound:
    return NotFound(f"No run {run[:60]!r}. Its id stands in the answer that it gave.")


@dataclass(slots=True)
class Run:
    """A run that is being made. Its id is a hash of its inputs: the same work on the same library is the same run."""

    inputs: Mapping[str, Any]
    log: RunLog = field(default_factory=MemoryLog)
    on_event: Callable[[Event], None] | None = None
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.log.begin(self.id, self.inputs)

    @property
    def id(self) -> str:
        return content_id("run", digest(self.inputs))

    def did(self, step: str, inputs: object, outputs: Mapping[str, Any], tokens: int = 0, money: float = 0.0) -> None:
        """Notes a step that was taken, and tells whoever listens."""
        event = Event(len(self.events) + 1, step, digest(inputs), outputs, tokens, money)
        self.events.append(event)
        self.log.append(self.id, event)
        if self.on_event is not None:
            self.on_event(event)


def digest(value: object) -> str:
    """A hash of plain values: lists, mappings, texts, numbers, None."""
    return content_id("in", json.dumps(value, sort_keys=True, ensure_ascii=True))
