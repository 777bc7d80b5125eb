"""What an embedder promises. Subclass with a fixture `embedder`."""

from __future__ import annotations

import numpy as np
import pytest

from kg.vectors.embedder import TITLE_PIECES, Embedder, passage_text

TEXTS = ["Spider silk is tough.", "", "Β-sheet crystals \ud800 \0 limit it.\n\nYes.", "word " * 600, "蚕丝 🧬"]


class EmbedderContract:
    @pytest.fixture
    def embedder(self) -> Embedder:
        raise NotImplementedError

    def test_rows_are_unit_length_float32_one_a_text(self, embedder: Embedder) -> None:
        for rows in (embedder.documents(TEXTS), embedder.queries(TEXTS)):
            assert rows.shape == (len(TEXTS), embedder.dimensions)
            assert rows.dtype == np.float32
            assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)

    def test_no_texts_give_no_rows(self, embedder: Embedder) -> None:
        assert embedder.documents([]).shape == (0, embedder.dimensions)
        assert embedder.queries([]).shape == (0, embedder.dimensions)

    def test_a_row_depends_on_its_own_text_alone(self, embedder: Embedder) -> None:
        together = embedder.documents(TEXTS)
        for text, row in zip(TEXTS, together, strict=True):
            assert (embedder.documents([text])[0] == row).all()

    def test_more_pieces_than_the_model_reads_are_cut(self, embedder: Embedder) -> None:
        room = embedder.max_pieces
        assert embedder.pieces("word " * room) == room
        texts = ["word " * room, "word " * room + "silk silk", "word " * (room - 1) + "silk"]
        full, fuller, less = embedder.documents(texts)
        assert (full == fuller).all()
        assert not (full == less).all()

    def test_pieces_count_words_at_least_once_and_nothing_for_nothing(self, embedder: Embedder) -> None:
        assert embedder.pieces("") == 0
        assert embedder.pieces("one two three") >= 3

    def test_a_passage_within_its_room_is_read_to_the_end_whatever_its_title(self, embedder: Embedder) -> None:
        text = "word " * (embedder.max_pieces - TITLE_PIECES - 1) + "end"
        whole = passage_text("A long title on immunohistochemistry " * 40, text, embedder.pieces)
        assert whole.endswith(text)
        assert embedder.pieces(whole) <= embedder.max_pieces

    def test_the_same_text_is_near_itself(self, embedder: Embedder) -> None:
        query = embedder.queries(["spider silk is tough"])[0]
        near, far = embedder.documents(["spider silk is tough", "planets orbit the sun"]) @ query
        assert near > far
