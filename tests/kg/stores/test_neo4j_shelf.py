"""The shelf of a library on a server: the contract, and what a person sees of it there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from kg.stores.graph_store import GraphStore
from tests.contracts.shelf import ShelfContract, version
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
