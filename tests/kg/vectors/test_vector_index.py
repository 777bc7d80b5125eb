from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import pytest

from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.vectors.faiss_index import FILE, FaissIndex
from tests.contracts.vector_index import SILK, SILK_QUERY, STEEL, Make, VectorIndexContract
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, paper, store_of
from tests.fakes.vector_index import PlainIndex

TOP = Path(__file__).resolve().parents[3]


class TestPlainIndex(VectorIndexContract):
    @pytest.fixture
    def made(self) -> Make:
        return lambda store, embedder: PlainIndex(store, embedder.name)


class TestFaissIndexInMemory(VectorIndexContract):
    @pytest.fixture
    def made(self) -> Make:
        return lambda store, embedder: FaissIndex(store, embedder.name, embedder.dimensions)


class TestFaissIndexInAFolder(VectorIndexContract):
    @pytest.fixture
    def made(self, tmp_path: Path) -> Make:
        folders = count()

        def make(store: GraphStore, embedder: WordEmbedder) -> FaissIndex:
            return FaissIndex(store, embedder.name, embedder.dimensions, tmp_path / f"index-{next(folders)}")

        return make


class CountingStore(MemoryStore):
    """Remembers how many vectors it was asked for."""

    asked = 0

    def vectors(self, embedder: str, passages: object) -> list[bytes | None]:
        ids = list(passages)  # type: ignore[call-overload]
        self.asked += len(ids)
        return super().vectors(embedder, ids)


def many(papers: int) -> CountingStore:
    store = CountingStore()
    for number in range(papers):
        store.add(paper(f"p{number}", f"silk number {number}", f"web number {number}"), f"corpus:p{number}")
    return store


def opened(store: GraphStore, folder: Path, embedder: WordEmbedder = WORDS) -> FaissIndex:
    return FaissIndex(store, embedder.name, embedder.dimensions, folder)


class TestTheFile:
    def test_it_is_found_again_without_asking_the_store(self, tmp_path: Path) -> None:
        store = many(20)
        first = opened(store, tmp_path).search(SILK_QUERY, 50)
        store.asked = 0
        assert opened(store, tmp_path).search(SILK_QUERY, 50) == first
        assert store.asked == 0

    def test_it_holds_no_text_and_is_alone(self, tmp_path: Path) -> None:
        opened(store_of(SILK, STEEL), tmp_path).search(SILK_QUERY, 5)
        (file,) = tmp_path.iterdir()
        assert file.name == FILE
        assert b"silk" not in file.read_bytes().lower()

    def test_its_bytes_do_not_depend_on_the_history(self, tmp_path: Path) -> None:
        store = store_of(STEEL)
        opened(store, tmp_path / "one").search(SILK_QUERY, 5)
        store.add(paper("passing", "Nothing to see."), "corpus:passing")
        opened(store, tmp_path / "one").search(SILK_QUERY, 5)
        store.remove([next(one.id for one in store.papers() if one.key == "passing")])
        store.add(SILK, "corpus:silk")
        opened(store, tmp_path / "one").search(SILK_QUERY, 5)
        opened(store_of(SILK, STEEL), tmp_path / "other").search(SILK_QUERY, 5)
        assert (tmp_path / "one" / FILE).read_bytes() == (tmp_path / "other" / FILE).read_bytes()

    def test_it_is_mapped_into_memory(self, tmp_path: Path) -> None:
        maps = Path("/proc/self/maps")
        if not maps.exists():
            pytest.skip("this system does not tell what a process has mapped")
        index = opened(many(5), tmp_path)
        index.search(SILK_QUERY, 5)
        assert FILE in maps.read_text()

    def test_another_program_can_read_it_with_faiss(self, tmp_path: Path) -> None:
        opened(many(5), tmp_path).search(SILK_QUERY, 5)
        code = f"import faiss; print(faiss.read_index({str(tmp_path / FILE)!r}).ntotal)"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout == "10\n"

    @pytest.mark.parametrize(
        ("what", "damage"),
        [
            ("cut in half", lambda content: content[: len(content) // 2]),
            ("cut by a byte", lambda content: content[:-1]),
            ("emptied", lambda _: b""),
            ("a byte changed in front", lambda content: b"\xff" + content[1:]),
            ("a bit changed in a vector", lambda content: content[:60] + bytes([content[60] ^ 1]) + content[61:]),
            ("a byte changed in the ids", lambda content: content[:-150] + b"\xff" + content[-149:]),
            ("overwritten", lambda content: random.Random(1).randbytes(len(content))),
            ("more at the end", lambda content: content + b"more"),
        ],
    )
    def test_damage_is_noticed_and_mended(self, tmp_path: Path, what: str, damage: Callable[[bytes], bytes]) -> None:
        store = many(10)
        before, file = opened(store, tmp_path).search(SILK_QUERY, 50), tmp_path / FILE
        whole = file.read_bytes()
        file.write_bytes(damage(whole))
        index = opened(store, tmp_path)
        assert index.search(SILK_QUERY, 50) == before, what
        assert index.check() == []
        assert file.read_bytes() == whole

    def test_a_folder_in_its_place_is_survived(self, tmp_path: Path) -> None:
        (tmp_path / FILE).mkdir()
        assert len(opened(many(3), tmp_path).search(SILK_QUERY, 50)) == 6

    def test_where_it_cannot_be_written_it_stays_in_memory(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        store = many(3)
        index = opened(store, tmp_path / "file" / "index")
        assert len(index.search(SILK_QUERY, 50)) == 6
        store.asked = 0
        index.search(SILK_QUERY, 50)
        assert store.asked == 0

    def test_an_older_file_put_back_is_brought_up_to_date(self, tmp_path: Path) -> None:
        store = many(10)
        opened(store, tmp_path).search(SILK_QUERY, 5)
        older = (tmp_path / FILE).read_bytes()
        for number in range(10, 20):
            store.add(paper(f"p{number}", f"silk number {number}"), f"corpus:p{number}")
        now = opened(store, tmp_path).search(SILK_QUERY, 50)
        assert (tmp_path / FILE).read_bytes() != older
        (tmp_path / FILE).write_bytes(older)
        store.asked = 0
        assert opened(store, tmp_path).search(SILK_QUERY, 50) == now
        assert store.asked == 10

    def test_a_small_change_takes_only_what_is_new_and_leaves_the_file(self, tmp_path: Path) -> None:
        store = many(50)
        index = opened(store, tmp_path)
        index.search(SILK_QUERY, 5)
        written = (tmp_path / FILE).read_bytes()
        store.add(paper("new", "spider silk"), "corpus:new")
        store.remove([next(iter(store.papers())).id])
        store.asked = 0
        assert index.search(SILK_QUERY, 500) == PlainIndex(store, WORDS.name).search(SILK_QUERY, 500)
        store.asked = 0
        assert opened(store, tmp_path).search(SILK_QUERY, 1)[0][1] == 1.0
        assert store.asked == 1
        assert (tmp_path / FILE).read_bytes() == written
        assert index.check() == []

    def test_one_by_another_embedder_is_made_anew(self, tmp_path: Path) -> None:
        opened(store_of(SILK), tmp_path).search(SILK_QUERY, 5)
        others = WordEmbedder(name="others@2")
        again = paper("silk", *(passage.text for passage in SILK.passages), year=2017, embedder=others)
        assert again.id == SILK.id  # the same revision, with other vectors
        vector = others.queries(["spider silk"])[0]
        assert opened(store_of(again), tmp_path, others).search(vector, 5) == PlainIndex(
            store_of(again), others.name
        ).search(vector, 5)

    def test_what_a_killed_process_left_is_removed_later(self, tmp_path: Path) -> None:
        import os

        for name, age in ((".new-old", 7200), (".new-young", 60)):
            (tmp_path / name).mkdir()
            (tmp_path / name / FILE).write_bytes(b"half")
            then = (tmp_path / name).stat().st_mtime - age
            os.utime(tmp_path / name, (then, then))
        opened(many(3), tmp_path).search(SILK_QUERY, 5)
        assert {path.name for path in tmp_path.iterdir()} == {".new-young", FILE}

    def test_many_indexes_on_one_folder_at_once(self, tmp_path: Path) -> None:
        store = many(30)
        expected = PlainIndex(store, WORDS.name).search(SILK_QUERY, 20)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: opened(store, tmp_path).search(SILK_QUERY, 20), range(24)))
        assert answers == [expected] * 24

    def test_check_says_what_differs(self, tmp_path: Path) -> None:
        store = many(3)
        index = opened(store, tmp_path)
        index.search(SILK_QUERY, 5)
        record = next(store.records())
        first, second = (passage.id for passage in record.passages)
        # The revision is of records, not of their vectors: this is what the index cannot notice by itself.
        swapped = store.vectors(WORDS.name, [second, first])
        store.embed(WORDS.name, [(id, vector) for id, vector in zip((first, second), swapped, strict=True) if vector])
        assert sorted(index.check()) == sorted(
            f"the vector index holds another vector for the passage {id}" for id in (first, second)
        )
        index.rebuild()
        assert index.check() == []
