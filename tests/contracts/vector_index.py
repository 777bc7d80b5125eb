"""What a vector index promises. Subclass with a fixture `made`: how one is made for a store and an embedder.

Papers here are a sentence a passage; the plain index, which asks the store each time, is the oracle.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import LibraryError
from kg.model import SourceRecord
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.vectors.vector_index import VectorIndex
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, paper, store_of
from tests.fakes.vector_index import PlainIndex

Make = Callable[[GraphStore, WordEmbedder], VectorIndex]

SILK = paper("silk", "Spider silk is tough.", "Silk is a protein.", year=2017)
STEEL = paper("steel", "Steel is strong.", "Steel is not tough.", "Iron rusts.", year=2001)
SILK_QUERY = WORDS.queries(["spider silk"])[0]

words = st.sampled_from(["silk", "steel", "tough", "iron", "web"])
papers = st.builds(lambda name, texts: paper(name, *texts), st.sampled_from("abcdefgh"),
                   st.lists(st.lists(words, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4))


def paper_of(store: GraphStore, one: SourceRecord) -> str:
    return next(found.id for found in store.papers() if one.id in found.records)


class VectorIndexContract:
    @pytest.fixture
    def made(self) -> Make:
        raise NotImplementedError

    def test_the_nearest_come_first_with_their_cosine(self, made: Make) -> None:
        store = store_of(SILK, STEEL)
        found = made(store, WORDS).search(SILK_QUERY, 10)
        assert found == PlainIndex(store, WORDS.name).search(SILK_QUERY, 10)
        assert found[0][0] == SILK.passages[0].id
        assert [cosine for _, cosine in found] == sorted((cosine for _, cosine in found), reverse=True)

    def test_a_passage_finds_itself_with_one(self, made: Make) -> None:
        ((id, cosine),) = made(store_of(SILK), WORDS).search(WORDS.documents([SILK.passages[1].text])[0], 1)
        assert (id, cosine) == (SILK.passages[1].id, 1.0)

    @pytest.mark.parametrize("most", [0, -1])
    def test_none_are_found_when_none_are_asked_for(self, made: Make, most: int) -> None:
        assert made(store_of(SILK), WORDS).search(SILK_QUERY, most) == []

    def test_an_empty_library_has_none(self, made: Make) -> None:
        index = made(MemoryStore(), WORDS)
        assert index.search(SILK_QUERY, 5) == []
        assert index.similarities(SILK_QUERY, ["p-1"]) == {}
        assert index.check() == []

    def test_only_allowed_passages_are_found(self, made: Make) -> None:
        index = made(store_of(SILK, STEEL), WORDS)
        allowed = frozenset(passage.id for passage in STEEL.passages[1:])
        assert {id for id, _ in index.search(SILK_QUERY, 10, allowed)} == allowed
        assert index.search(SILK_QUERY, 10, frozenset()) == []
        assert index.search(SILK_QUERY, 10, frozenset(["elsewhere"])) == []
        assert len(index.search(SILK_QUERY, 10)) == 5

    def test_ties_are_settled_by_id_however_many_there_are(self, made: Make) -> None:
        store = store_of(*(paper(f"p{number}", "spider silk", "other words") for number in range(60)))
        index, ids = made(store, WORDS), sorted(one.passages[0].id for one in store.records())
        for most in (1, 7, 59, 60):
            assert [id for id, _ in index.search(SILK_QUERY, most)] == ids[:most]

    def test_vectors_that_differ_in_their_last_bits_tie(self, made: Make) -> None:
        store, dice = MemoryStore(), np.random.default_rng(0)
        for number in range(60):
            one = paper(f"p{number}", "spider silk")
            row = np.frombuffer(one.vectors, "<f4")
            near = np.where(dice.random(row.size) < 0.5, np.nextafter(row, np.float32(2)), row)
            store.add(replace(one, vectors=near.astype("<f4").tobytes()), f"corpus:p{number}")
        index, oracle = made(store, WORDS), PlainIndex(store, WORDS.name)
        assert len({cosine for _, cosine in oracle.search(SILK_QUERY, 60)}) == 1
        for most in (1, 7, 60):
            assert index.search(SILK_QUERY, most) == oracle.search(SILK_QUERY, most)

    def test_similarities_are_those_of_the_search(self, made: Make) -> None:
        index = made(store_of(SILK, STEEL), WORDS)
        found = dict(index.search(SILK_QUERY, 10))
        assert index.similarities(SILK_QUERY, list(found)) == found
        assert index.similarities(SILK_QUERY, [STEEL.passages[2].id, "p-unknown"]) == {
            STEEL.passages[2].id: found[STEEL.passages[2].id]}

    def test_it_follows_what_is_added_and_removed(self, made: Make) -> None:
        store = store_of(SILK)
        index = made(store, WORDS)
        before = index.search(SILK_QUERY, 10)
        store.add(STEEL, "corpus:steel")
        assert len(index.search(SILK_QUERY, 10)) == 5
        store.remove([paper_of(store, STEEL)])
        assert index.search(SILK_QUERY, 10) == before
        store.remove([paper_of(store, SILK)])
        assert index.search(SILK_QUERY, 10) == []

    def test_the_order_of_arrival_does_not_matter(self, made: Make) -> None:
        one, other = made(store_of(SILK, STEEL), WORDS), made(store_of(STEEL, SILK), WORDS)
        assert one.search(SILK_QUERY, 10) == other.search(SILK_QUERY, 10)

    def test_check_finds_nothing_wrong_and_rebuild_changes_nothing(self, made: Make) -> None:
        index = made(store_of(SILK, STEEL), WORDS)
        before = index.search(SILK_QUERY, 10)
        assert index.check() == []
        index.rebuild()
        assert index.search(SILK_QUERY, 10) == before
        assert index.check() == []

    def test_vectors_by_another_embedder_are_never_compared(self, made: Make) -> None:
        index = made(store_of(SILK), WordEmbedder(name="others@2"))
        with pytest.raises(LibraryError, match=r"words@1.*rebuild"):
            index.search(SILK_QUERY, 5)
        with pytest.raises(LibraryError, match=r"others@2"):
            index.similarities(SILK_QUERY, [SILK.passages[0].id])

    def test_threads_may_ask_while_papers_come(self, made: Make) -> None:
        store = store_of(SILK)
        index = made(store, WORDS)

        def ask(number: int) -> int:
            if number % 5 == 0:
                store.add(paper(f"more-{number}", f"Spider silk {number}."), f"corpus:more-{number}")
            return len(index.search(SILK_QUERY, 100))

        with ThreadPoolExecutor(4) as pool:
            counts = list(pool.map(ask, range(40)))
        assert min(counts) >= 2
        assert len(index.search(SILK_QUERY, 100)) == 10

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(st.lists(st.one_of(papers, st.integers(0, 9)), max_size=8), words, st.integers(1, 12))
    def test_it_says_what_the_plain_index_says(self, made: Make, steps: list[SourceRecord | int], query: str,
                                               most: int) -> None:
        store = MemoryStore()
        index, oracle = made(store, WORDS), PlainIndex(store, WORDS.name)
        vector = WORDS.queries([query])[0]
        for step in steps:
            if isinstance(step, SourceRecord):
                store.add(step, f"corpus:{step.name}")
            elif there := list(store.papers()):
                store.remove([there[step % len(there)].id])
            assert index.search(vector, most) == oracle.search(vector, most)
        assert index.check() == []
