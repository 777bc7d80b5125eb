"""Replies of language models, kept so that nothing is asked, and paid for, twice.

The key is a hash of the model, its parameters, the prompt and the form of the reply. The file may be deleted at any
time: what was in it is asked again.
"""

from __future__ import annotations

import sqlite3
import threading
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


class ReplyCache:
    """Replies in a file, made with the first that is kept. Threads and processes may share it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._guard = threading.Lock()
        self._database: sqlite3.Connection | None = None

    def get(self, key: str) -> Kept | None:
        """The reply that was kept under that key. Where there is no file yet, none is made."""
        with self._guard:
            if self._database is None and not self.path.exists():
                return None
            try:
                row = self._opened().execute("SELECT text, read, written FROM replies WHERE key = ?", (key,)).fetchone()
            except sqlite3.DatabaseError as error:
                raise self._unusable(error) from None
        return None if row is None else Kept(*row)

    def keep(self, key: str, model: str, prompt: str, kept: Kept) -> None:
        """Keeps a reply; `model` and `prompt` (its name) are for people who look into the file."""
        with self._guard:
            try:
                self._opened().execute(
                    "INSERT OR REPLACE INTO replies VALUES (?, ?, ?, ?, ?, ?)",
                    (key, model, prompt, kept.text, kept.read, kept.written),
                )
            except sqlite3.DatabaseError as error:
                raise self._unusable(error) from None

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(self.path, timeout=60, isolation_level=None, check_same_thread=False)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute(
                "CREATE TABLE IF NOT EXISTS replies (key TEXT PRIMARY KEY, model TEXT NOT NULL, prompt TEXT NOT NULL, "
                "text TEXT NOT NULL, read INTEGER NOT NULL, written INTEGER NOT NULL) WITHOUT ROWID"
            )
            self._database = database
        return self._database

    def _unusable(self, error: sqlite3.DatabaseError) -> LibraryError:
        return LibraryError(
            f"The replies of the language model in {self.path} cannot be read or written ({error}). Free space if the "
            "disk is full; else delete that file: nothing is lost but what asking again costs."
        )
