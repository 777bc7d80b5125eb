"""What people and agents wrote about the library in a folder: a file of its own beside that of the facts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import LibraryError
from kg.stores.encoding import as_json
from kg.stores.shelf import Kind, Version
from kg.stores.sqlite_connections import Connections

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "shelf.sqlite"
_SCHEMA = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS versions (
    kind TEXT NOT NULL,
    id TEXT NOT NULL,
    number INTEGER NOT NULL,
    written TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kind, id, number)
) WITHOUT ROWID
"""
_ALL = "SELECT id, number, written, body FROM versions WHERE kind = ?"


class SqliteShelf:
    """The shelf of one kind in a folder (`kg.stores.shelf.Shelf`); its file is made by the first version."""

    def __init__(self, folder: Path, kind: Kind) -> None:
        self._file, self._kind = folder / FILE, kind
        self._connections = Connections(self._file)
        self._ready = False

    def append(self, version: Version) -> bool:
        self._make()
        with self._connections.transaction() as connection:
            done = connection.execute(
                "INSERT INTO versions SELECT ?1, ?2, ?3, ?4, ?5 "
                "WHERE (SELECT coalesce(max(number), 0) FROM versions WHERE kind = ?1 AND id = ?2) = ?3 - 1",
                (self._kind, version.id, version.number, version.written, as_json(dict(version.body))),
            )
            return done.rowcount == 1

    def history(self, id: str) -> list[Version]:
        return self._read(f"{_ALL} AND id = ? ORDER BY number", id)

    def latest(self) -> list[Version]:
        return self._read(
            f"{_ALL} AND number = (SELECT max(number) FROM versions AS other "
            "WHERE other.kind = versions.kind AND other.id = versions.id) ORDER BY id"
        )

    def versions(self) -> list[Version]:
        return self._read(f"{_ALL} ORDER BY id, number")

    def forget(self, id: str) -> None:
        if not self._file.exists():
            return
        self._make()
        with self._connections.transaction() as connection:
            connection.execute("PRAGMA secure_delete = ON")  # what is thrown away for good can be read nowhere
            connection.execute("DELETE FROM versions WHERE kind = ? AND id = ?", (self._kind, id))

    def close(self) -> None:
        self._connections.close()

    def _read(self, query: str, *values: object) -> list[Version]:
        if not self._file.exists():
            return []
        self._make()
        with self._connections.one() as connection:
            rows: Sequence[Any] = connection.execute(query, (self._kind, *values)).fetchall()
        return [Version(id, number, written, json.loads(body)) for id, number, written, body in rows]

    def _make(self) -> None:
        if self._ready:
            return
        with self._connections.one() as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if version > _SCHEMA:
                raise LibraryError(
                    f"{self._file} was made by a newer Hypograph (schema {version}, this one knows {_SCHEMA}). Update "
                    "Hypograph to open it."
                )
            if version < _SCHEMA:
                connection.execute("PRAGMA journal_mode = WAL")
                connection.execute(_TABLE)
                connection.execute(f"PRAGMA user_version = {_SCHEMA}")
        self._ready = True
