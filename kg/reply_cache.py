"""Replies of language models, kept so that nothing is asked, and paid for, twice.

The key is a hash of the model, its parameters, the prompt and the form of the reply. The file may be deleted at any
time: what was in it is asked again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import LibraryError

FILE = "replies.sqlite"


@dataclass(frozen=True, slots=True)
class Kept:
    """The text of a reply, and the tokens that it once took."""

    text: str
    read: int
    written: int


_TABLE = (
    "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, "
    "text TEXT NOT NULL, read INTEGER NOT NULL, written INTEGER NOT NULL) WITHOUT ROWID"
)


@dataclass(frozen=True)
class ReplyCache:
    """Replies in a file, made with the first that is kept. Threads and processes may share it.

    The file is opened anew each time: beside the seconds that a model takes, that is nothing, and nobody holds it.
    """

    path: Path

    def get(self, key: str) -> Kept | None:
        """The reply that was kept under that key. Where there is no file yet, none is made."""
        if not self.path.exists():
            return None
        with self._opened() as database:
            row = database.execute("SELECT text, read, written FROM replies WHERE key = ?", (key,)).fetchone()
        return None if row is None else Kept(*row)

    def count(self) -> int:
        """How many replies there are."""
        if not self.path.exists():
            return 0
        with self._opened() as database:
            return int(database.execute("SELECT count(*) FROM replies").fetchone()[0])

    def keep(self, key: str, model: str, prompt: str, kept: Kept) -> None:
        """Keeps a reply; `model` and `prompt` (its name) are for people who look into the file."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as database:
            database.execute(
                "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)",
                (key, model, prompt, kept.text, kept.read, kept.written),
            )

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=60, isolation_level=None)) as database:
                database.execute(_TABLE)
                yield database
        except sqlite3.DatabaseError as error:
            raise LibraryError(
                f"The replies of the language model in {self.path} cannot be read or written ({error}). Free space if "
                "the disk is full; else delete that file: nothing is lost but what asking again costs."
            ) from None
