from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import LibraryError
from kg.stores.memory_store import MemoryStore
from kg.stores.sqlite_store import SqliteStore
from kg.vectors.embedding import reembed, require_same
from kg.vectors.faiss_index import FaissIndex
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, paper, store_of

SILK = paper("silk", "Spider silk is tough.", "Silk is a protein.", title="On silk")
STEEL = paper("steel", "Steel is strong.", title="On steel")
OTHERS = WordEmbedder(name="others@2", dimensions=8)


def test_vectors_by_the_embedder_that_is_set_are_fine() -> None:
    require_same(store_of(SILK, STEEL), WORDS.name)
    require_same(MemoryStore(), "any@1")


def test_vectors_by_another_are_refused_with_what_to_do() -> None:
    with pytest.raises(LibraryError) as refused:
        require_same(store_of(SILK, STEEL), OTHERS.name)
    told = str(refused.value)
    assert all(word in told for word in ("words@1", "others@2", "3", "hypograph rebuild", "HYPOGRAPH_EMBEDDER"))


def test_vectors_by_two_are_refused_whichever_is_set() -> None:
    store = store_of(SILK, paper("steel", "Steel is strong.", embedder=OTHERS))
    for name in (WORDS.name, OTHERS.name):
        with pytest.raises(LibraryError):
            require_same(store, name)


def test_reembedding_gives_what_the_new_embedder_would_have_given(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, create=True)
    for one in (SILK, STEEL):
        store.add(one, f"corpus:{one.name}")
    told: list[tuple[int, int]] = []
    with store.writing():
        assert reembed(store, OTHERS, lambda done, total: told.append((done, total))) == 3
    assert store.embedders() == {OTHERS.name: 3}
    assert max(told) == (3, 3)
    fresh = store_of(
        paper("silk", "Spider silk is tough.", "Silk is a protein.", title="On silk", embedder=OTHERS),
        paper("steel", "Steel is strong.", title="On steel", embedder=OTHERS))
    ids = fresh.passage_ids()
    assert store.vectors(OTHERS.name, ids) == fresh.vectors(OTHERS.name, ids)
    vector = OTHERS.queries(["spider silk"])[0]
    index = FaissIndex(store, OTHERS.name, OTHERS.dimensions, tmp_path / "index")
    assert index.search(vector, 1)[0][0] == SILK.passages[0].id
    store.close()


def test_what_is_by_the_embedder_already_is_left_alone() -> None:
    store = store_of(SILK, STEEL)
    assert reembed(store, WORDS) == 0
    assert store.embedders() == {WORDS.name: 3}


def test_an_interrupted_change_is_taken_up_again() -> None:
    store = store_of(SILK, STEEL)

    class InterruptedError(Exception):
        pass

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        reembed(store, OTHERS, stop)
    assert OTHERS.name in store.embedders()
    assert 0 < reembed(store, OTHERS) < 3
    assert store.embedders() == {OTHERS.name: 3}


def test_an_index_of_before_is_not_taken_for_one_of_now(tmp_path: Path) -> None:
    store = store_of(SILK, STEEL)
    FaissIndex(store, WORDS.name, WORDS.dimensions, tmp_path).search(WORDS.queries(["silk"])[0], 1)
    reembed(store, OTHERS)
    with pytest.raises(LibraryError, match=r"others@2"):
        FaissIndex(store, WORDS.name, WORDS.dimensions, tmp_path).search(WORDS.queries(["silk"])[0], 1)
    assert len(FaissIndex(store, OTHERS.name, OTHERS.dimensions, tmp_path).search(OTHERS.queries(["silk"])[0], 5)) == 3
