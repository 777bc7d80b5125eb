"""Nearest vectors by the server's own index: the same answers as comparing all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from kg.errors import LibraryError, UsageError
from kg.library import Library
from kg.stores.memory_store import MemoryStore
from kg.stores.neo4j_store import Neo4jStore
from kg.stores.neo4j_vectors import FEW
from kg.vectors.vector_index import VectorIndex
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, paper
from tests.fakes.vector_index import PlainIndex
from tests.kg.made import origin
from tests.server.library import Place

SILK = paper("silk", "Spider silk is tough.", "Silk is a protein.", year=2017)
STEEL = paper("steel", "Steel is strong.", "Steel is not tough.", "Iron rusts.", year=2001)
TIES = [paper(f"p{number}", "spider silk", f"other words {number}") for number in range(9)]
QUERY = WORDS.queries(["spider silk"])[0]


@pytest.fixture
def store(neo4j_place: Place) -> Iterator[Neo4jStore]:
    with closing(neo4j_place.emptied()) as made:
        for one in (SILK, STEEL, *TIES):
            made.add(one, origin(one))
        yield made


@pytest.fixture
def index(store: Neo4jStore) -> VectorIndex:
    return store.vector_index(WORDS.name)


def test_the_nearest_come_first_with_their_cosine_ties_by_id(store: Neo4jStore, index: VectorIndex) -> None:
    plain = PlainIndex(store, WORDS.name)
    for most in (1, 7, 16, 100):
        assert index.search(QUERY, most) == plain.search(QUERY, most)
    assert index.search(QUERY, 0) == []
    assert index.check() == []


def test_only_allowed_passages_are_found_few_or_many(store: Neo4jStore, index: VectorIndex) -> None:
    plain = PlainIndex(store, WORDS.name)
    few = frozenset(passage.id for passage in STEEL.passages[1:])
    many = frozenset([*store.passage_ids()[::2], *(f"p-elsewhere-{number}" for number in range(FEW))])
    for allowed in (few, many, frozenset[str]()):
        assert index.search(QUERY, 10, allowed) == plain.search(QUERY, 10, allowed)
    asked = [SILK.passages[0].id, "p-elsewhere"]
    assert index.similarities(QUERY, asked) == plain.similarities(QUERY, asked)


def test_it_follows_what_comes_and_goes(store: Neo4jStore, index: VectorIndex) -> None:
    assert index.search(QUERY, 3)
    more = paper("more", "spider silk spider silk", "quite another thing")
    store.add(more, origin(more))
    store.remove([one.id for one in store.papers_called("silk")])
    assert index.search(QUERY, 50) == PlainIndex(store, WORDS.name).search(QUERY, 50)
    assert index.check() == []


def test_a_wrong_number_is_found_and_mended(store: Neo4jStore, index: VectorIndex, neo4j_place: Place) -> None:
    assert index.check() == []
    neo4j_place.run("MATCH (p:Passage) WITH p ORDER BY p.id LIMIT 1 SET p.embedding = [1.0, 2.0]")
    assert len(index.check()) == 1
    index.rebuild()
    assert index.check() == []


def test_vectors_of_another_embedder_are_refused(store: Neo4jStore) -> None:
    with pytest.raises(LibraryError, match="were not made by the embedder"):
        store.vector_index("another@1").search(QUERY, 3)


def test_it_is_a_setting_of_a_library_on_a_server(store: Neo4jStore) -> None:
    with Library(store=store, embedder=WORDS, vector_index="server") as library:
        found = library.search("spider silk", 3, "dense")
        assert [hit.passage for hit in found] == [id for id, _ in PlainIndex(store, WORDS.name).search(QUERY, 3)]
    with pytest.raises(UsageError, match="for libraries on a server"):
        _ = Library(store=MemoryStore(), embedder=WordEmbedder(), vector_index="server").index
