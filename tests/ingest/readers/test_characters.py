from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers.characters import clean, clean_line, decode
from kg.errors import UnusableInput

# Surrogates too: JSON can hold half a pair.
ANY_TEXT = st.text(st.characters(exclude_categories=()))


@given(ANY_TEXT)
def test_cleaned_text_holds_nothing_that_cannot_be_seen_or_stored_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not any(ord(letter) < 32 and letter != "\n" or 0x7F <= ord(letter) < 0xA0 for letter in cleaned)
    assert not set(cleaned) & set("\u00ad\u200b\u202e\u2066\u2028\ufeff\U000e0041")
    assert clean(cleaned) == cleaned


@given(ANY_TEXT)
def test_a_clean_line_is_one_line_of_bounded_length(text: str) -> None:
    line = clean_line(text, 40)
    assert "\n" not in line
    assert line == line.strip()
    assert len(line) <= 40


def test_words_stay_as_they_are_written() -> None:
    assert clean("Café α-helix Ca²⁺ 蚕丝\tx\r\ny") == "Café α-helix Ca²⁺ 蚕丝 x\ny"
    assert clean("half \ud800 a pair") == "half \ufffd a pair"
    assert clean("cafe\u0301 tough\u00adness \u202eodd\u202c") == "café toughness odd"
    assert clean_line("silk " * 1000, 23) == "silk silk silk silk…"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("Müller".encode(), "Müller"),
        ("Müller".encode("utf-8-sig"), "Müller"),
        ("Müller".encode("utf-16"), "Müller"),
        ("Müller’s".encode("cp1252"), "Müller’s"),
    ],
)
def test_text_is_read_in_the_encodings_that_people_save_it_in(content: bytes, text: str) -> None:
    assert decode(content) == text


@pytest.mark.parametrize("content", [b"silk\0\0", bytes(range(256)) * 4, b"\xff\xfes\x00\xd8"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(UnusableInput):
        decode(content)
