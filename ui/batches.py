"""Batches: JSON lines in, one JSON line out for each, in the same order."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kg.errors import NotFound, UnusableInput, UsageError
from ui.terminal import say, write_json

STDIN = "-"
Line = dict[str, Any]


def answer(source: str, fields: Sequence[str], one: Callable[[Line], Line], quiet: bool = False) -> int:
    """Answers each line of a file (`-`: stdin) that holds the text `fields` by `one`, and writes `{id, …}`, or
    `{id, error}` for a line that cannot be answered. Returns the exit status: 1 when there was such a line."""
    asked = failed = 0
    for number, text in lines(source):
        asked += 1
        key: Any = None
        try:
            line = _object(text)
            key = line.get("id")
            _need(line, fields)
            reply = {"id": key} | one(line)
        except (UsageError, NotFound) as error:
            failed += 1
            reply = {"id": key, "error": f"line {number} of {_named(source)}: {error}"}
        write_json(reply)
    if failed and not quiet:
        say(f"{failed} of {asked} lines of {_named(source)} could not be answered: see `error` in their answers.")
    return 1 if failed else 0


def read(source: str, fields: Sequence[str]) -> Iterator[tuple[Line, str | None]]:
    """Each line of a file (`-`: stdin) that shall hold the text `fields`, with what is wrong with it, or None."""
    for number, text in lines(source):
        line: Line = {}
        try:
            line = _object(text)
            _need(line, fields)
        except UsageError as error:
            yield line, f"line {number} of {_named(source)}: {error}"
        else:
            yield line, None


def lines(source: str) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1. Raises NotFound or UnusableInput when there is no such
    file or it holds no text."""
    with _opened(source) as file:
        for number, line in enumerate(file, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
            except UnicodeDecodeError as error:
                raise UnusableInput(
                    f"{_named(source)} is not text in UTF-8: line {number} has the byte "
                    f"0x{line[error.start]:02x}. Expected are JSON lines."
                ) from None
            if text:
                yield number, text


@contextmanager
def _opened(source: str) -> Iterator[IO[bytes]]:
    if source == STDIN:
        yield sys.stdin.buffer
        return
    try:
        file = Path(source).open("rb")  # noqa: SIM115 – what happens inside the block is not about opening
    except FileNotFoundError:
        raise NotFound(f"There is no file {source}. Name a file of JSON lines, or - for stdin.") from None
    except OSError as error:
        raise UnusableInput(
            f"{source} cannot be read: {error.strerror}. Name a file of JSON lines, or - for stdin."
        ) from None
    with file:
        yield file


def _object(text: str) -> Line:
    try:
        line = json.loads(text)
    except json.JSONDecodeError as error:
        raise UnusableInput(f"it is not JSON ({error.msg}, character {error.colno}).") from None
    except (ValueError, RecursionError):
        raise UnusableInput("it is JSON that nobody means: a number too long, or nested too deeply.") from None
    if not isinstance(line, dict):
        raise UnusableInput("it is JSON, but not an object {…}.")
    return line


def _need(line: Line, fields: Sequence[str]) -> None:
    for field in fields:
        if field not in line:
            raise UnusableInput(f"{field!r} is missing. A line is written {_example(fields)}.")
        if not isinstance(line[field], str):
            raise UnusableInput(f"{field!r} must be a text in quotation marks. A line is written {_example(fields)}.")


def _example(fields: Sequence[str]) -> str:
    return json.dumps({"id": "1"} | dict.fromkeys(fields, "…"), ensure_ascii=False)


def _named(source: str) -> str:
    return "stdin" if source == STDIN else source
