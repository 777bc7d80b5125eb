"""Who makes records out of files and lines: this process, or several others."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from types import TracebackType
from typing import Any, Protocol, Self

from ingest.child import Child, Failure, answered
from ingest.pipeline import Made, Pipeline
from ingest.readers import corpus
from ingest.reading import Limits, ReadingChild, Request
from kg.errors import HypographError, UnusableInput

log = logging.getLogger(__name__)

MakePipeline = Callable[[], Pipeline]


@dataclass(frozen=True, slots=True)
class Task:
    """One record to be made: of a file, or of a line of a corpus."""

    name: str
    digest: str
    versions: tuple[str, ...]
    file: Request | None = None
    row: Mapping[str, Any] | None = None


Result = Made | Failure


class Workers(Protocol):
    """Takes tasks while it is not full, and gives their results in any order. Use it as a context."""

    @property
    def full(self) -> bool: ...

    def submit(self, ticket: int, task: Task) -> None: ...

    def take(self, wait: bool = True) -> Iterator[tuple[int, Result]]:
        """The results that are there: at least one, which is waited for, unless `wait` is False. Raises HypographError
        where no task could be done (a model is not installed)."""

    def close(self) -> None: ...


class Maker:
    """Makes a record of a task, in whatever process it is called."""

    def __init__(self, make_pipeline: MakePipeline, limits: Limits) -> None:
        self._pipeline = make_pipeline()
        self._limits = limits
        self._reading = ReadingChild(limits)

    def __call__(self, task: Task) -> Result:
        if task.file is not None:
            paper = self._reading.read(task.file)
            if isinstance(paper, Failure):
                return paper
        elif task.row is not None:
            paper = corpus.paper_text(task.row)
        else:
            raise ValueError("a task has neither a file nor a line")
        if (length := sum(len(section.text) for section in paper.sections)) > self._limits.characters:
            raise UnusableInput(
                f"it has {length:,} characters of text, and a paper of at most {self._limits.characters:,} "
                "is read; split it into several"
            )
        return self._pipeline.made(paper, task.name, task.digest, task.versions, corpus=task.row is not None)

    def close(self) -> None:
        self._reading.close()


class Here:
    """One worker: this process itself, with a reading child for files."""

    def __init__(self, make_pipeline: MakePipeline, limits: Limits) -> None:
        self._maker = Maker(make_pipeline, limits)
        self._results: deque[tuple[int, Result]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def full(self) -> bool:
        return bool(self._results)

    def submit(self, ticket: int, task: Task) -> None:
        result = answered(self._maker, task)
        if isinstance(result, HypographError):
            raise result
        self._results.append((ticket, result))

    def take(self, wait: bool = True) -> Iterator[tuple[int, Result]]:
        while self._results:
            yield self._results.popleft()

    def close(self) -> None:
        self._maker.close()


class Pool:
    """Several processes, each with a pipeline of its own, started as they are needed; one that dies is replaced."""

    def __init__(self, make_pipeline: MakePipeline, limits: Limits, size: int) -> None:
        self._make = partial(Maker, make_pipeline, limits)
        self._size = size
        self._idle: list[Child] = []
        self._busy: dict[Child, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def full(self) -> bool:
        return len(self._busy) >= self._size

    def submit(self, ticket: int, task: Task) -> None:
        child = self._idle.pop() if self._idle else Child(self._make)
        self._busy[child] = ticket
        child.ask(task)

    def take(self, wait: bool = True) -> Iterator[tuple[int, Result]]:
        ready = connection.wait([child.connection for child in self._busy], None if wait else 0)
        for child in [child for child in self._busy if child.connection in ready]:
            ticket = self._busy.pop(child)
            try:
                result = child.receive()
            except EOFError:
                log.warning("worker %s %s", child.pid, child.how_it_ended())
                yield (
                    ticket,
                    Failure(f"its worker {child.how_it_ended()}; ingest it again, or leave it out", lasting=False),
                )
                continue
            self._idle.append(child)
            yield ticket, result

    def close(self) -> None:
        for child in [*self._idle, *self._busy]:
            child.kill()
        self._idle.clear()
        self._busy.clear()
