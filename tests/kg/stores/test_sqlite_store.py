"""The embedded store: the contract, and what a file on a disk adds to it."""

from __future__ import annotations

import itertools
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kg.errors import LibraryError, NoLibrary
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.stores.sqlite_schema import MIGRATIONS
from kg.stores.sqlite_store import FILE, SqliteStore
from tests.contracts.graph_store import DOUBTFUL, NACRE, SILK, GraphStoreContract, dumped, filled
from tests.kg.made import origin, record


class TestSqliteStore(GraphStoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], GraphStore]:
        folder, number = tmp_path_factory.mktemp("libraries"), itertools.count()
        return lambda: SqliteStore(folder / str(next(number)), create=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(SqliteStore(tmp_path / "library", create=True)) as store:
        filled(store, SILK, NACRE)
    return tmp_path / "library"


def test_a_library_that_is_not_there_is_not_made_by_asking(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match=r"no library in .*nowhere.*hypograph ingest"):
        SqliteStore(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("words")
    with pytest.raises(LibraryError, match="a-file is a file"):
        SqliteStore(tmp_path / "a-file", create=True)
    assert (tmp_path / "a-file").read_text() == "words"


def test_a_damaged_file_is_said_to_be_damaged(folder: Path) -> None:
    size = (folder / FILE).stat().st_size
    for beside in folder.glob(FILE + "-*"):
        beside.unlink()
    (folder / FILE).write_bytes(b"\xa5" * size)
    with pytest.raises(LibraryError, match="damaged or no library"):
        SqliteStore(folder)


def test_a_library_of_a_newer_version_is_left_alone(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(LibraryError, match="newer Hypograph"):
        SqliteStore(folder)


def test_a_library_of_before_candidates_keeps_all_it_held(folder: Path) -> None:
    with closing(SqliteStore(folder)) as store:
        before, counts = dumped(store), store.counts()
    with closing(sqlite3.connect(folder / FILE)) as connection:
        for column in ("candidate", "quantities"):
            connection.execute(f"ALTER TABLE statements DROP COLUMN {column}")
        connection.execute("ALTER TABLE records DROP COLUMN counted")
        for column in ("tags", "ids"):
            connection.execute(f"ALTER TABLE papers DROP COLUMN {column}")
        connection.execute("PRAGMA user_version = 1")
    with closing(SqliteStore(folder)) as store:
        assert dumped(store) == before and store.counts() == counts and store.check() == []
        store.add(DOUBTFUL, origin(DOUBTFUL))
        assert len(list(store.candidates())) == 2 and store.check() == []


def test_a_tampered_candidate_or_quantity_is_found(folder: Path) -> None:
    with closing(SqliteStore(folder)) as store:
        store.add(DOUBTFUL, origin(DOUBTFUL))
        for change, told in [
            ("UPDATE statements SET quantities = replace(quantities, '1.5 GPa', '9.5 GPa')", "does not stand"),
            ("UPDATE statements SET candidate = 0 WHERE predicate = 'part of'", "relation view: lacks"),
            ("UPDATE records SET counted = 99", "the counts are"),
        ]:
            with closing(sqlite3.connect(folder / FILE)) as connection:
                connection.execute(change)
                connection.commit()
            assert any(told in line for line in store.check()), told


def test_an_empty_file_left_by_a_kill_becomes_an_empty_library(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    with closing(SqliteStore(tmp_path)) as store:
        assert store.counts().papers == 0


COUNTER = (
    "import sys; from kg.stores.sqlite_store import SqliteStore as Store; print(Store(sys.argv[1]).counts().papers)"
)


def test_what_one_process_wrote_another_reads(folder: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", COUNTER, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "2"


def test_a_wrong_view_is_found_and_mended(folder: Path) -> None:
    with closing(SqliteStore(folder)) as store:
        right = dumped(store)
        with closing(sqlite3.connect(folder / FILE)) as connection:
            connection.execute("UPDATE relations SET supports = 7")
            connection.execute("UPDATE concepts SET mentions = 99 WHERE label = 'toughness'")
            connection.execute("INSERT INTO fulltext (rowid, title, text) VALUES (4711, '', 'stray')")
            connection.commit()
        told = store.check()
        assert {line.split(" view")[0] for line in told} >= {"relation", "concept"}
        assert any("full text has 1 passages too many" in line for line in told)
        store.rebuild()
        assert store.check() == [] and dumped(store) == right


def test_a_fact_that_was_tampered_with_is_found(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("UPDATE passages SET text = substr(text, 2)")
        connection.commit()
    with closing(SqliteStore(folder)) as store:
        assert any("does not" in line for line in store.check())


def test_a_second_writer_waits_and_says_so(folder: Path) -> None:
    store, said, order = SqliteStore(folder), [], []

    def write() -> None:
        with SqliteStore(folder).writing(said.append):
            order.append("second")

    with store.writing():
        second = threading.Thread(target=write)
        second.start()
        deadline = time.monotonic() + 10
        while not said and time.monotonic() < deadline:
            time.sleep(0.01)
        order.append("first")
    second.join()
    assert order == ["first", "second"] and "waiting" in said[0]
    store.close()


def test_a_closed_store_says_that_it_is_closed(folder: Path) -> None:
    store = SqliteStore(folder)
    store.close()
    with pytest.raises(LibraryError, match="was closed"):
        store.counts()


WRITER = """
import sys
from kg.stores.sqlite_store import SqliteStore
from tests.kg.made import origin, record
store = SqliteStore(sys.argv[1], create=True)
for number in range(10_000):
    one = record(f"n{number}", ("silk", "increases", f"thing {number % 7}"), ("nacre", "is a", "shell"), year=number)
    store.add(one, origin(one))
    print(one.name, flush=True)
"""


def test_a_kill_at_any_moment_loses_nothing_that_was_reported(tmp_path: Path) -> None:
    for turn in range(5):
        folder = tmp_path / str(turn)
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[3],
        )
        assert writer.stdout is not None
        reported = [writer.stdout.readline().strip() for _ in range(3 + 9 * turn)]
        os.kill(writer.pid, signal.SIGKILL)
        reported += writer.stdout.read().split()
        writer.wait()
        writer.stdout.close()
        with closing(SqliteStore(folder)) as store:
            there = {paper.key for paper in store.papers()}
            assert set(reported) <= there and len(there) <= len(reported) + 1
            assert store.check() == []
            oracle = MemoryStore(store.records())
            assert dumped(store) == dumped(oracle)


def test_a_full_disk_is_said_and_what_was_there_stays(folder: Path) -> None:
    from kg.errors import DiskFull

    store = SqliteStore(folder)
    before = dumped(store)
    with store._connections.one() as connection:  # the pool hands the same connection out again
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
    big = record("big", more="A long text. " * 50_000)
    with pytest.raises(DiskFull, match="No space left"):
        store.add(big, origin(big))
    assert dumped(store) == before and store.check() == []
    store.close()
