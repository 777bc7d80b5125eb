"""What every shelf must do: the meaning of the port `kg.stores.shelf`.

A shelf's tests subclass `ShelfContract`, and say how a store is made and how one more way into the same is opened.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from kg.stores.graph_store import GraphStore
from kg.stores.shelf import Shelf, Version
from tests.contracts.graph_store import NACRE, SILK, dumped, filled

WHEN = "2026-11-21T10:00:00.000001+00:00"


def version(id: str, number: int = 1, **body: object) -> Version:
    return Version(id, number, WHEN, body)


class ShelfContract:
    @pytest.fixture
    def store(self) -> GraphStore:
        raise NotImplementedError

    @pytest.fixture
    def shelf(self, store: GraphStore) -> Shelf:
        return store.shelf("note")

    def test_an_empty_shelf_has_nothing(self, shelf: Shelf) -> None:
        assert shelf.latest() == shelf.versions() == shelf.history("note-1") == []
        shelf.forget("note-1")

    def test_every_version_comes_back_as_it_was(self, shelf: Shelf) -> None:
        first = version(
            "note-1", text="Silk — \U0001f578 'quoted' \\ \"twice\"\n\nand more", tags=[], run=None, seen=True
        )
        second = version("note-1", 2, text="changed", tags=["a", "b"], run="run-1", links=[{"key": "silk"}], weight=0.5)
        assert shelf.append(first) and shelf.append(second)
        assert shelf.history("note-1") == [first, second] == shelf.versions()
        assert shelf.latest() == [second]

    def test_things_come_by_id_whatever_the_order_in_which_they_were_written(self, shelf: Shelf) -> None:
        for id in ("note-c", "note-a", "note-b"):
            assert shelf.append(version(id, text=id))
        assert shelf.append(version("note-a", 2, text="again"))
        assert [one.id for one in shelf.latest()] == ["note-a", "note-b", "note-c"]
        assert [(one.id, one.number) for one in shelf.versions()] == [
            ("note-a", 1),
            ("note-a", 2),
            ("note-b", 1),
            ("note-c", 1),
        ]

    @pytest.mark.parametrize("number", [0, 1, 3])
    def test_nothing_is_written_over_and_no_version_left_out(self, shelf: Shelf, number: int) -> None:
        assert shelf.append(version("note-1", text="mine"))
        assert not shelf.append(version("note-1", number, text="yours"))
        assert [one.body for one in shelf.history("note-1")] == [{"text": "mine"}]

    def test_a_second_version_needs_a_first(self, shelf: Shelf) -> None:
        assert not shelf.append(version("note-1", 2, text="the end"))
        assert shelf.versions() == []

    def test_what_is_forgotten_is_gone_and_does_not_come_back_in_part(self, shelf: Shelf) -> None:
        for id in ("note-1", "note-2"):
            shelf.append(version(id, text=id))
        shelf.forget("note-1")
        assert [one.id for one in shelf.versions()] == ["note-2"]
        assert not shelf.append(version("note-1", 2, text="an edit that comes too late"))
        assert shelf.history("note-1") == []

    def test_what_a_caller_does_to_its_values_later_changes_nothing(self, shelf: Shelf) -> None:
        tags = ["a"]
        shelf.append(version("note-1", tags=tags))
        tags.append("b")
        assert shelf.history("note-1")[0].body == {"tags": ["a"]}

    def test_each_kind_has_a_shelf_of_its_own(self, store: GraphStore) -> None:
        notes, hypotheses = store.shelf("note"), store.shelf("hypothesis")
        assert notes.append(version("x-1", text="a note")) and hypotheses.append(version("x-1", text="a guess"))
        assert [one.body for one in notes.latest()] == [{"text": "a note"}]
        hypotheses.forget("x-1")
        assert len(notes.latest()) == 1

    def test_many_writers_at_once_lose_nothing(self, shelf: Shelf) -> None:
        """Each adds its name to one list, as an edit does: read, and write the next version until nobody was faster."""
        shelf.append(version("note-1", names=[]))

        def add(name: str) -> None:
            while True:
                newest = shelf.history("note-1")[-1]
                if shelf.append(version("note-1", newest.number + 1, names=[*newest.body["names"], name])):
                    return

        threads = [threading.Thread(target=add, args=(f"w{n}",)) for n in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert sorted(shelf.latest()[0].body["names"]) == [f"w{n}" for n in range(8)]
        assert [one.number for one in shelf.history("note-1")] == list(range(1, 10))

    def test_it_is_no_fact(self, store: GraphStore) -> None:
        filled(store, SILK, NACRE)
        before, revision = dumped(store), store.revision()
        shelf = store.shelf("note")
        shelf.append(version("note-1", text="Spider silk decreases toughness.", concepts=["spider silk"]))
        assert dumped(store) == before and store.revision() == revision
        assert store.lexical(["decreases"], 5) == []
        store.rebuild()
        store.remove([one.id for one in store.papers()])
        assert store.check() == []
        assert len(shelf.latest()) == 1

    def test_another_way_into_the_same_library_sees_it(
        self, store: GraphStore, again: Callable[[], GraphStore]
    ) -> None:
        store.shelf("note").append(version("note-1", text="kept"))
        other = again()
        assert other.shelf("note").append(version("note-1", 2, text="kept on"))
        other.close()
        assert [one.body["text"] for one in store.shelf("note").history("note-1")] == ["kept", "kept on"]
