"""The canonical dump into a file or to stdout."""

from __future__ import annotations

import os
import tempfile
from io import StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from kg import export
from kg.errors import UsageError
from ui.terminal import write_bytes

if TYPE_CHECKING:
    from kg.library import Library

_LINES_AT_ONCE = 500


def to_stdout(library: Library, vectors: bool, everything: bool = False) -> None:
    """Writes the dump to stdout. Raises OutputClosed when nobody reads it."""
    lines = export.dump(library.store, vectors, everything)
    while part := list(islice(lines, _LINES_AT_ONCE)):
        text = StringIO()
        export.write(part, text)
        write_bytes(text.getvalue().encode())


def to_file(library: Library, file: Path, vectors: bool, everything: bool = False) -> None:
    """Writes the dump into a file, which is there whole or not at all. Raises UsageError when it cannot be made."""
    store = library.store
    if file.is_dir():
        raise UsageError(f"{file} is a folder. Name a file to write to.")
    try:
        number, name = tempfile.mkstemp(prefix=f".{file.name[:100]}.", dir=file.parent)
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}. Name a file in a folder that exists.") from None
    temporary = Path(name)
    try:
        with os.fdopen(number, "w", encoding="utf-8", newline="\n") as out:
            export.write(export.dump(store, vectors, everything), out)
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
