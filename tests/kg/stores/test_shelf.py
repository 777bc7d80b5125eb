"""Shelves in memory and in a folder: the contract, and several processes at once."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.errors import LibraryError
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.stores.sqlite_connections import Connections
from kg.stores.sqlite_shelf import FILE, SqliteShelf
from kg.stores.sqlite_store import SqliteStore
from tests.contracts.shelf import ShelfContract, version

TOP = Path(__file__).resolve().parents[3]

WRITER = """
import sys
from pathlib import Path
from kg.stores.shelf import Version
from kg.stores.sqlite_shelf import SqliteShelf

name, folder = sys.argv[1:]
shelf = SqliteShelf(Path(folder), "note")
for turn in range(25):
    assert shelf.append(Version(f"note-{name}-{turn}", 1, "now", {"by": name}))
    while True:
        history = shelf.history("note-shared")
        told = [*history[-1].body["told"], f"{name}-{turn}"] if history else [f"{name}-{turn}"]
        if shelf.append(Version("note-shared", len(history) + 1, "now", {"told": told})):
            break
"""


class TestMemoryShelf(ShelfContract):
    @pytest.fixture
    def store(self) -> GraphStore:
        return MemoryStore()

    @pytest.fixture
    def again(self, store: GraphStore) -> Callable[[], GraphStore]:
        return lambda: store  # what lives in memory has one way in


class TestSqliteShelf(ShelfContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[GraphStore]:
        with closing(SqliteStore(tmp_path, create=True)) as store:
            yield store

    @pytest.fixture
    def again(self, tmp_path: Path) -> Callable[[], GraphStore]:
        return lambda: SqliteStore(tmp_path)

    def test_looking_makes_no_file(self, tmp_path: Path) -> None:
        shelf = SqliteShelf(tmp_path, "note")
        assert shelf.latest() == shelf.history("note-1") == []
        shelf.forget("note-1")
        assert list(tmp_path.iterdir()) == []

    def test_a_file_of_a_newer_version_is_refused(self, tmp_path: Path) -> None:
        SqliteShelf(tmp_path, "note").append(version("note-1", text="here"))
        with Connections(tmp_path / FILE).one() as connection:
            connection.execute("PRAGMA user_version = 99")
        with pytest.raises(LibraryError, match="newer Hypograph"):
            SqliteShelf(tmp_path, "note").latest()

    def test_a_file_that_is_damaged_is_said(self, tmp_path: Path) -> None:
        (tmp_path / FILE).write_bytes(b"no database at all" * 100)
        with pytest.raises(LibraryError, match="damaged"):
            SqliteShelf(tmp_path, "note").latest()


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    """They make the file together, too."""
    names = ("a", "b", "c")
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, name, str(tmp_path)], cwd=TOP, env=os.environ, stderr=subprocess.PIPE
        )
        for name in names
    ]
    for one in running:
        _, told = one.communicate(timeout=120)
        assert one.returncode == 0, told.decode()
    shelf = SqliteShelf(tmp_path, "note")
    assert len(shelf.latest()) == 3 * 25 + 1
    assert sorted(shelf.history("note-shared")[-1].body["told"]) == sorted(
        f"{name}-{turn}" for name in names for turn in range(25)
    )
