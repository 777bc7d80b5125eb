"""Words that somebody says to be in a text are looked up in it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kg.quotes import Places


def test_what_is_written_exactly_so_comes_first() -> None:
    places = Places("silk is Silk")
    assert places.of("Silk") == [(8, 12), (0, 4)]


def test_case_blanks_dashes_and_quotation_marks_may_differ() -> None:
    text = "The “beta‑sheet”\n  content of SILK"
    (start, end), *others = Places(text).of('the "beta-sheet" content')
    assert (text[start:end], others) == ("The “beta‑sheet”\n  content", [])


def test_other_words_stand_nowhere() -> None:
    assert Places("Silk is tough.").of("Silk is very tough.") == []
    assert Places("Silk is tough.").of("  ") == []


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_every_piece_of_a_text_is_found_where_it_stands(text: str, one: int, other: int) -> None:
    start, end = sorted((min(one, len(text)), min(other, len(text))))
    wanted = text[start:end].strip()
    if wanted:
        found = Places(text).of(wanted)
        assert any(text[first:last] == wanted for first, last in found)
        assert all(Places(text[first:last]).of(wanted) for first, last in found)
