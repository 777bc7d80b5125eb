from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.extract.word_pieces import SHAPES, WordPieces, shape

PIECES = WordPieces()


def cut(text: str) -> list[str]:
    words = PIECES.words(text)
    return [text[start:end] for start, end in zip(words.starts, words.ends, strict=True)]


def test_words_are_runs_of_letters_and_digits_and_a_number_is_apart_from_its_unit() -> None:
    assert cut("IL-2 rose (by 5nm) in BaTiO3.") == [
        "IL", "-", "2", "rose", "(", "by", "5", "nm", ")", "in", "BaTiO3", ".",
    ]  # fmt: skip


@given(st.text(max_size=80))
@example("0참")
@settings(max_examples=200, deadline=None)
def test_words_stand_in_the_text_in_order(text: str) -> None:
    words = PIECES.words(text)
    places = list(zip(words.starts.tolist(), words.ends.tolist(), strict=True))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert all(one[1] <= other[0] for one, other in zip(places, places[1:], strict=False))
    assert all(0 <= one < SHAPES for one in words.shapes.tolist())
    assert (np.diff(words.first) > 0).all()


@given(st.integers(1, 60), st.integers(8, 40))
@settings(max_examples=50, deadline=None)
def test_windows_hold_every_word_once_and_no_more_pieces_than_asked(sentences: int, most: int) -> None:
    sentence = "Dragline silk toughens. "
    words = PIECES.words(sentence * sentences)
    runs = words.windows(np.arange(sentences) * len(sentence), most)
    assert [low for low, _ in runs] == [0, *[high for _, high in runs[:-1]]]
    assert runs[-1][1] == len(words)
    for low, high in runs:
        window = words.window(low, high)
        assert len(window.pieces) - 2 <= most
        # Cut where sentences begin, as several fit.
        assert window.starts[0] % len(sentence) == 0
        assert PIECES.embedded(window.pieces).shape == (1, len(window.pieces), 384)


@pytest.mark.parametrize(
    ("word", "like"),
    [("silk", "wool"), ("Silk", "Wool"), ("DNA", "RNA"), ("mRNA", "tRNA"), ("42", "7"), ("H2O", "CO2"), ("(", "]")],
)
def test_words_of_one_look_have_one_shape(word: str, like: str) -> None:
    assert shape(word) == shape(like)


def test_what_the_vocabulary_folds_has_different_shapes() -> None:
    assert len({shape(word) for word in ("silk", "Silk", "SILK", "S", "siLk", "5", "s5", "(", "–")}) == SHAPES
