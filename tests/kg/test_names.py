"""When two names mean the same concept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.names import key_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Spider-silk fibres", "spider silk fibre"),
        ("β-sheets", "Β sheet"),
        ("ﬁbre", "fibre"),
        ("studies", "study"),
        ("matrices of silk", "Matrices of Silk"),
        ("Raynaud's disease", "Raynaud disease"),
        ("classes", "class"),
        ("boxes", "box"),
        ("soft\u00adhyphen", "softhyphen"),
    ],
)
def test_writings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("mass", "mas"),
        ("virus", "viru"),
        ("analysis", "analysi"),
        ("IL-2", "IL-3"),
        ("H2O", "HO"),
        ("p53", "p5"),
        ("gas", "ga"),
    ],
)
def test_different_names_keep_different_keys(one: str, other: str) -> None:
    assert key_of(one) != key_of(other)


@given(st.text())
def test_a_key_is_its_own_key(name: str) -> None:
    once = key_of(name)
    assert once == once.strip() and "  " not in once
    assert not any(character.isupper() for character in once if character.lower() != character)


def test_what_has_no_letter_or_digit_names_nothing() -> None:
    assert key_of("–– () \N{DNA DOUBLE HELIX}") == ""
