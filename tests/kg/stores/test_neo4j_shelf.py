"""The shelf of a library on a server: the contract, and what a person sees of it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.library import Library
from kg.stores.graph_store import GraphStore
from kg.stores.shelf import KINDS
from tests.contracts.graph_store import NACRE, SILK
from tests.contracts.shelf import ShelfContract, version
from tests.fakes.libraries import fill
from tests.server.library import Place


class TestNeo4jShelf(ShelfContract):
    @pytest.fixture
    def store(self, neo4j_place: Place) -> Iterator[GraphStore]:
        with closing(neo4j_place.emptied()) as store:
            yield store

    @pytest.fixture
    def again(self, neo4j_place: Place) -> Callable[[], GraphStore]:
        return neo4j_place.opened

    def test_a_note_is_a_node_with_the_properties_of_its_newest_version(
        self, store: GraphStore, neo4j_place: Place
    ) -> None:
        shelf = store.shelf("note")
        shelf.append(version("note-1", title="On silk", tags=["a"], run="run-1", links=[{"key": "silk"}]))
        shelf.append(version("note-1", 2, title="On nacre", tags=["a", "b"], run=None, links=[]))
        (row,) = neo4j_place.run("MATCH (n:Note) RETURN n{.id, .title, .tags, .run} AS n, labels(n) AS labels")
        assert row == {"n": {"id": "note-1", "title": "On nacre", "tags": ["a", "b"], "run": None}, "labels": ["Note"]}
        assert neo4j_place.run("MATCH (n:Note)--() RETURN n") == []


def test_a_copy_carries_notes_and_judgements_to_a_server_and_back(neo4j_place: Place, tmp_path: Path) -> None:
    fill(tmp_path / "one", SILK, NACRE)
    with (
        Library(tmp_path / "one") as one,
        Library(store=neo4j_place.emptied()) as server,
        Library(tmp_path / "two") as two,
    ):
        note = one.notes.add("Ask Ada — \U0001f578.", concepts=["spider silk"], papers=["silk"], tags=["todo"])
        one.notes.edit(note.id, "Ask Bo.")
        one.store.shelf("hypothesis").append(version("h-0123456789", standing="kept", score=0.5, parts=[{"a": [1]}]))
        one.copy_to(server)
        server.notes.link(note.id, tags=["done"])
        server.copy_to(two)
        assert [each.text for each in two.notes.history(note.id)] == ["Ask Ada — \U0001f578.", "Ask Bo.", "Ask Bo."]
        assert two.notes.get(note.id).tags == ("todo", "done")
        (told,) = server.notes.told(server.notes)
        assert [each["label"] for each in told["concepts"]] == [one.concept("spider silk").label]
        for kind in KINDS:
            assert two.store.shelf(kind).versions() == server.store.shelf(kind).versions()
