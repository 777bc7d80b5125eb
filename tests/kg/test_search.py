from __future__ import annotations

import time
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.errors import LibraryError, UsageError
from kg.scope import Scope
from kg.search import MODES, STOP_WORDS, Mode, Search, words
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.stores.sqlite_store import SqliteStore
from kg.vectors.faiss_index import FaissIndex
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, paper, store_of
from tests.fakes.vector_index import PlainIndex

CONCEPTS = ["silk", "toughness", "beta sheets", "steel", "rust"]
PAPERS = [
    paper("silk", "Spider silk is tough.", "Toughness comes from beta sheets.", title="On silk", year=2017,
          concepts=CONCEPTS),
    paper("steel", "Steel is strong.", "Steel fails by rust.", title="On steel", year=2001, concepts=CONCEPTS),
    paper("undated", "Silk was known of old.", title="Of old", concepts=CONCEPTS),
    paper("sheets", "Beta sheets stack in crystals.", title="Crystals", year=2010, concepts=CONCEPTS),
]


def search_in(store: GraphStore, embedder: WordEmbedder = WORDS) -> Search:
    return Search(store, lambda: PlainIndex(store, embedder.name), lambda: embedder)


@pytest.fixture
def search() -> Search:
    return search_in(store_of(*PAPERS))


class TestWords:
    def test_stop_words_and_repetitions_are_left_out(self) -> None:
        assert words("What is the Toughness of silk, of SILK?") == ["toughness", "silk"]

    def test_unless_nothing_else_is_there(self) -> None:
        assert words("the of and the") == ["the", "of", "and"]

    def test_compatibility_forms_are_folded(self) -> None:
        assert words("ſilk ﬁbre Ｓｉｌｋ spi\u00adder") == ["silk", "fibre", "spider"]

    def test_text_without_letters_and_digits_has_none(self) -> None:
        assert words("") == words(" ?!.,; \ud800 \0 🧬") == []

    def test_at_most_so_many(self) -> None:
        assert len(words(" ".join(f"w{number}" for number in range(1000)))) == 64

    @given(st.text())
    def test_they_are_plain_whatever_the_query(self, query: str) -> None:
        found = words(query)
        assert len(set(found)) == len(found)
        assert all(word.isalnum() and word.encode() for word in found)
        assert not STOP_WORDS & set(found) or STOP_WORDS.issuperset(found)


@pytest.mark.parametrize("mode", MODES)
class TestEveryMode:
    def test_the_best_passage_comes_first(self, search: Search, mode: Mode) -> None:
        first, *_ = search.hits("Is spider silk tough?", 3, mode)
        assert (first.key, first.title, first.year, first.section) == ("silk", "On silk", 2017, "Results")
        assert first.text == "Spider silk is tough."

    def test_hits_are_best_first_without_repetition(self, search: Search, mode: Mode) -> None:
        hits = search.hits("silk toughness", 100, mode)
        assert [(-hit.score, hit.passage) for hit in hits] == sorted((-hit.score, hit.passage) for hit in hits)
        assert len({hit.passage for hit in hits}) == len(hits)

    @pytest.mark.parametrize("k", [0, -1, 1, 2, 10**12])
    def test_at_most_k_are_given(self, search: Search, mode: Mode, k: int) -> None:
        assert len(search.hits("silk", k, mode)) <= max(0, k)

    def test_later_papers_and_those_without_a_year_are_hidden(self, search: Search, mode: Mode) -> None:
        found = search.hits("silk steel beta sheets", 100, mode, Scope(until=2010))
        assert {hit.key for hit in found} <= {"steel", "sheets"}
        assert search.hits("silk steel", 100, mode, Scope(until=1900)) == []
        assert search.hits("silk steel", 100, mode, Scope(until=-5)) == []

    def test_the_order_of_arrival_does_not_matter(self, search: Search, mode: Mode) -> None:
        other = search_in(store_of(*reversed(PAPERS)))
        assert other.hits("silk steel", 10, mode) == search.hits("silk steel", 10, mode)

    def test_an_empty_library_has_no_hits(self, mode: Mode) -> None:
        assert search_in(MemoryStore()).hits("silk", 10, mode) == []

    @pytest.mark.parametrize("query", ["", "  ", "?!", "\ud800", "\0", "🧬"])
    def test_a_query_without_a_word_is_refused(self, search: Search, mode: Mode, query: str) -> None:
        with pytest.raises(UsageError, match="no letter"):
            search.hits(query, 10, mode)

    @pytest.mark.parametrize("query", [
        '"unclosed', "AND OR NOT NEAR(", "NEAR(a b, 5)", "silk*", "^silk", "title:silk", "-silk",
        "';DROP TABLE papers;--", "a\0b", "the of and", "\u202esilk", "silk\ud800", "a" * 10_000, "silk " * 10_000,
        "蚕丝 强度", "-1",
    ])
    def test_odd_queries_are_answered(self, tmp_path: Path, mode: Mode, query: str) -> None:
        store = SqliteStore(tmp_path, create=True)
        for one in PAPERS:
            store.add(one, f"corpus:{one.name}")
        for hit in search_in(store).hits(query, 10, mode):
            assert hit.text
        store.close()

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors])
    @given(st.text().filter(lambda text: any(letter.isalnum() for letter in text)))
    def test_any_text_with_a_word_is_answered(self, search: Search, mode: Mode, query: str) -> None:
        assert all(hit.passage for hit in search.hits(query, 5, mode))

    def test_a_very_long_query_is_answered_soon(self, search: Search, mode: Mode) -> None:
        begun = time.monotonic()
        search.hits("silk toughness " * 70_000, 10, mode)
        assert time.monotonic() - begun < 5


def test_lexical_search_needs_neither_index_nor_embedder() -> None:
    def never() -> Any:
        raise AssertionError("asked for what words alone do not need")

    assert Search(store_of(*PAPERS), never, never).hits("silk", 5, "lexical")


def test_vectors_by_another_embedder_stop_the_dense_modes_but_not_the_lexical_one() -> None:
    search = search_in(store_of(*PAPERS), WordEmbedder(name="others@2"))
    for mode in ("hybrid", "dense", "graph"):
        with pytest.raises(LibraryError, match="lexical"):
            search.hits("silk", 5, mode)  # type: ignore[arg-type]
    assert search.hits("silk", 5, "lexical")


def test_an_unknown_mode_is_refused_with_those_there_are(search: Search) -> None:
    with pytest.raises(UsageError, match="hybrid, lexical, dense, graph"):
        search.hits("silk", 5, "fuzzy")  # type: ignore[arg-type]


def test_hybrid_finds_what_either_finds(search: Search) -> None:
    both = {hit.passage for hit in search.hits("spider silk", 100)}
    assert both == {hit.passage for mode in ("lexical", "dense") for hit in search.hits("spider silk", 100, mode)}  # type: ignore[arg-type]


def test_the_graph_lifts_what_hangs_together_with_the_first_hits(search: Search) -> None:
    def share(mode: Mode) -> float:
        scores = {hit.key: hit.score for hit in search.hits("Toughness", 100, mode)}
        return scores["sheets"] / (scores["undated"] + scores["steel"])

    assert share("graph") > share("hybrid")


def test_what_is_added_is_found_by_the_same_search() -> None:
    store = store_of(*PAPERS)
    search = search_in(store)
    for mode in MODES:
        search.hits("nacre is a composite", 5, mode, Scope(until=1995))
        search.hits("nacre is a composite", 5, mode)
    store.add(paper("nacre", "Nacre is a composite.", year=1990, concepts=["nacre"]), "corpus:nacre")
    for mode in MODES:
        assert search.hits("nacre is a composite", 5, mode)[0].key == "nacre"
        assert search.hits("nacre is a composite", 5, mode, Scope(until=1995))[0].key == "nacre"


def test_hits_of_a_paper_that_goes_while_it_is_searched_are_dropped() -> None:
    class Losing(MemoryStore):
        def passages(self, ids: Collection[str] | None = None, paper: str | None = None) -> Any:
            return (one for one in super().passages(ids, paper) if one.paper.key != "silk")

    store = Losing()
    for one in PAPERS:
        store.add(one, f"corpus:{one.name}")
    assert {hit.key for hit in search_in(store).hits("silk", 100)} == {"steel", "undated", "sheets"}


def test_threads_share_a_search_on_a_library_on_disk(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, create=True)
    for one in PAPERS:
        store.add(one, f"corpus:{one.name}")
    index = FaissIndex(store, WORDS.name, WORDS.dimensions, tmp_path / "index")
    search = Search(store, lambda: index, lambda: WORDS)
    alone = {mode: search.hits("silk steel", 10, mode) for mode in MODES}
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda mode: (mode, search.hits("silk steel", 10, mode)), list(MODES) * 8))
    assert all(hits == alone[mode] for mode, hits in answers)
    store.close()
