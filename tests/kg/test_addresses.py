"""What may be a library's address, and what is said when there is none."""

from __future__ import annotations

import socket
from contextlib import closing
from pathlib import Path

import pytest

from kg import addresses
from kg.addresses import Folder, Server
from kg.errors import LibraryError, NoLibrary, UsageError
from kg.stores.memory_store import MemoryStore
from kg.stores.sqlite_store import SqliteStore


def test_folders_are_absolute_and_the_home_folder_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert addresses.parse("silk") == Folder(tmp_path / "silk")
    assert addresses.parse("a/../silk") == Folder(tmp_path / "silk")
    assert addresses.parse("~/silk") == Folder(tmp_path / "silk")
    assert addresses.parse(Path("silk")) == Folder(tmp_path / "silk")


@pytest.mark.parametrize(
    ("address", "server"),
    [
        ("neo4j://localhost", Server("neo4j", "localhost", 7687)),
        ("bolt://10.0.0.1:7777/papers", Server("bolt", "10.0.0.1", 7777, "papers")),
        ("NEO4J+S://graphs.example/", Server("neo4j+s", "graphs.example", 7687)),
        ("bolt://[::1]:7688", Server("bolt", "::1", 7688)),
    ],
)
def test_servers_have_a_host_a_port_and_perhaps_a_database(address: str, server: Server) -> None:
    assert addresses.parse(address) == server
    assert addresses.parse(str(server)) == server


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://localhost/papers", "mysql"),
        ("https://localhost", "https"),
        ("neo4j://", "names no host"),
        ("bolt://:7687", "names no host"),
        ("bolt://host:many", r"HOST\[:PORT\]"),
        ("bolt://host:70000", r"HOST\[:PORT\]"),
        ("neo4j://host/a/b", r"HOST\[:PORT\]"),
        ("neo4j://host/db?x=1", r"HOST\[:PORT\]"),
        ("", "names no place"),
        (" ", "names no place"),
        ("a\0b", "names no place"),
    ],
)
def test_what_can_be_no_address_is_refused(address: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        addresses.parse(address)


@pytest.mark.parametrize("address", ["neo4j://neo4j:hunter2@host", "mysql://me:hunter2@host", "bolt://me:hunter2@"])
def test_a_password_in_an_address_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        addresses.parse(address)
    assert "hunter2" not in str(caught.value)


def test_the_named_library_counts_more_than_the_variable_more_than_the_data_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("HYPOGRAPH_LIBRARY", raising=False)
    assert addresses.chosen() == Folder(tmp_path / "data" / "hypograph" / "library")
    monkeypatch.setenv("HYPOGRAPH_LIBRARY", str(tmp_path / "mine"))
    assert addresses.chosen() == Folder(tmp_path / "mine")
    assert addresses.chosen(tmp_path / "other") == Folder(tmp_path / "other")


def test_a_store_that_is_handed_over_tells_where_it_is(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "library", create=True)) as store:
        assert addresses.of(store) == Folder(tmp_path / "library")
    assert str(addresses.of(MemoryStore())) == "memory"
    assert addresses.of(MemoryStore()) != addresses.of(MemoryStore())
    with pytest.raises(NoLibrary):
        addresses.open_store(addresses.of(MemoryStore()))


def test_reading_makes_no_library(tmp_path: Path) -> None:
    with pytest.raises(NoLibrary, match="never-made"):
        addresses.open_store(Folder(tmp_path / "never-made"))
    assert not (tmp_path / "never-made").exists()


def test_a_file_is_no_library(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("I am no library.\n")
    with pytest.raises(LibraryError, match="a-file"):
        addresses.open_store(Folder(tmp_path / "a-file"), create=True)


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_server_that_nobody_runs_is_named(scheme: str) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        with pytest.raises(LibraryError, match=f"127.0.0.1:{port}"):
            addresses.open_store(Server(scheme, "127.0.0.1", port), user="neo4j", password="hunter2")
