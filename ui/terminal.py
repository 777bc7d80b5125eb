"""What reaches the terminal: JSON on stdout, tables for people, and everything else on stderr.

Text from papers is data: control characters and marks that turn the direction of writing are taken out before a
terminal sees them, and no markup in it is obeyed. JSON escapes what must be escaped by itself.
"""

from __future__ import annotations

import io
import json
import logging
import os
import re
import sys
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

# C0 without tab and newline, DEL, C1, marks and overrides of direction, and the separators that end a line.
_UNSEEN: dict[int, str | None] = {
    **dict.fromkeys(
        (
            *range(0x09),
            *range(0x0B, 0x20),
            *range(0x7F, 0xA0),
            0x061C,
            0x200E,
            0x200F,
            *range(0x202A, 0x202F),
            *range(0x2066, 0x206A),
        )
    ),
    0x2028: " ",
    0x2029: " ",
}
# The same in JSON, where C0 is escaped already; and halves of surrogate pairs.
_ESCAPED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LINES_AT_ONCE = 500
_LEAST_WIDTH = 120  # columns of a table that no terminal limits


class OutputClosed(Exception):
    """Whoever read the output has gone away, as `head` does."""


def clean(text: object) -> str:
    """The text without what a terminal would obey."""
    return str(text).translate(_UNSEEN).encode("utf-8", "replace").decode()


def one_line(text: object) -> str:
    """The same on a single line."""
    return " ".join(clean(text).split())


def speak_utf8() -> None:
    """Output that cannot be written in the terminal's encoding is escaped instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def log_to_stderr(quiet: bool) -> None:
    """Sends logs and warnings to stderr: from warnings up, with `quiet` from errors up."""
    logging.captureWarnings(True)
    logging.basicConfig(level=logging.ERROR if quiet else logging.WARNING, handlers=[_Handler()], force=True)
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)  # what goes wrong there comes as an error anyway


class _Handler(logging.Handler):
    """Writes to what is stderr at the time, one clean line a record."""

    def emit(self, record: logging.LogRecord) -> None:
        say(f"{record.levelname.lower()}: {one_line(record.getMessage())}")


def say(message: object) -> None:
    """A message to the person, on stderr."""
    _write(sys.stderr, clean(message) + "\n")


def write_json(value: Any) -> None:
    """One JSON value on a line of stdout, in UTF-8; what no terminal should get, and no UTF-8 can hold, is escaped."""
    write_bytes(_line(value))


def write_json_lines(values: Iterable[Any]) -> None:
    """The same for each value of a list that may be long."""
    left = iter(values)
    while part := b"".join(map(_line, islice(left, _LINES_AT_ONCE))):
        write_bytes(part)


def _line(value: Any) -> bytes:
    text = _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
    return text.encode() + b"\n"


def write_bytes(encoded: bytes) -> None:
    """Bytes to stdout. Raises OutputClosed when nobody reads them."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(encoded)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise OutputClosed from None


def write(text: object = "") -> None:
    """A line for people on stdout."""
    _write(sys.stdout, clean(text) + "\n")


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]], numbers: Sequence[str] = ()) -> None:
    """A table for people on stdout; the columns in `numbers` are aligned to the right."""
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text("" if cell is None else one_line(cell)) for cell in row))
    console = _console()
    with console.capture() as captured:
        console.print(table)
    _write(sys.stdout, captured.get())


def _console() -> Console:
    from rich.console import Console

    terminal = sys.stdout.isatty()
    width = None if terminal or os.environ.get("COLUMNS") else _LEAST_WIDTH
    return Console(file=sys.stdout, width=width, markup=False, emoji=False, highlight=False)


def _write(stream: Any, text: str) -> None:
    try:
        stream.write(text)
        stream.flush()
    except BrokenPipeError:
        if stream is sys.stdout:
            raise OutputClosed from None
