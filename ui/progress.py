"""How a job is watched: a bar on a terminal, plain lines in a log."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ui.terminal import one_line, say

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

    from ingest.report import Progress


@contextmanager
def watching(quiet: bool = False) -> Iterator[Callable[[Progress], None]]:
    """What to tell of each moment of a job. Where stderr is a terminal, a bar is drawn there; else each paper whose
    transaction has ended gets the line `committed KEY`. With `quiet`, nothing is said."""
    if quiet:
        yield lambda _: None
    elif sys.stderr.isatty():
        with _bar() as draw:
            yield draw
    else:
        yield _log


def _log(moment: Progress) -> None:
    match moment.step:
        case "committed":
            say(f"committed {one_line(moment.key or moment.path or '')}")
        case "failed":
            say(f"failed {one_line(moment.path or '')}: {one_line(moment.message or '')}")
        case "waiting":
            say(one_line(moment.message or "Waiting for another writer."))


@contextmanager
def counting(what: str, quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """What to tell how many are done, and of how many: a bar where stderr is a terminal, else nothing is said."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    with _progress() as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    with _progress() as bar:
        task = bar.add_task("Looking", total=None)

        def draw(moment: Progress) -> None:
            bar.update(task, completed=moment.done, total=moment.total or None)
            match moment.step:
                case "reading":
                    bar.update(task, description=f"Reading {_short(moment.path)}")
                case "waiting":
                    bar.update(task, description=one_line(moment.message or "Waiting for another writer"))
                case "failed":
                    bar.console.print(f"{_short(moment.path)}: {one_line(moment.message or 'failed')}")

        yield draw


def _short(path: str | None) -> str:
    name = one_line((path or "").rsplit("/", 1)[-1])
    return name if len(name) <= 40 else f"{name[:39]}…"


def _progress() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True, markup=False, emoji=False, highlight=False)
    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
    )
