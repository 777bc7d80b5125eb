from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.bibtex import bibliography, escaped, labels
from kg.model import Paper

SILK = Paper(
    "w-1", "silk", "The Silk of A. diadematus", 2001, "10.1000/silk_1%2", ("Webber, Ada", "Bo Spinner"), "Silk & Co"
)


def test_an_entry_has_what_is_known() -> None:
    assert bibliography([SILK]) == (
        "@article{webber2001silk,\n"
        "  title = {{The Silk of A. diadematus}},\n"
        "  author = {Webber, Ada and Bo Spinner},\n"
        "  year = {2001},\n"
        "  journal = {Silk \\& Co},\n"
        "  doi = {10.1000/silk_1%2},\n"
        "}\n"
    )


def test_what_is_not_known_is_left_out() -> None:
    assert bibliography([Paper("w-2", "k", "Webs")]) == "@misc{webs,\n  title = {{Webs}},\n}\n"
    assert bibliography([]) == ""


def test_a_retraction_is_noted() -> None:
    assert "note = {retracted}" in bibliography([Paper("w-2", "k", "Webs", status="retracted")])


def test_labels_are_ascii_and_unique() -> None:
    papers = [Paper(f"w-{n}", "k", "Über Seide", 2001, authors=("Jörg Müller",)) for n in range(3)]
    assert labels(papers) == ["muller2001uber", "muller2001uberb", "muller2001uberc"]
    assert labels([Paper("w-12", "k", "")]) == ["w12"]


@pytest.mark.parametrize(
    ("author", "written"),
    [
        ("Ada Webber", "Ada Webber"),
        ("Webber, Ada", "Webber, Ada"),
        ("Silk and Web Society", "{Silk and Web Society}"),
        ("Webber, Ada, PhD", "{Webber, Ada, PhD}"),
        ("A{d}a", "A\\textbraceleft{}d\\textbraceright{}a"),
    ],
)
def test_names_that_would_be_taken_apart_are_kept_together(author: str, written: str) -> None:
    assert f"author = {{{written}}}" in bibliography([Paper("w-1", "k", "Webs", authors=(author,))])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50 % & more", "50 \\% \\& more"),
        ("x_1^2", "x\\_1\\textasciicircum{}2"),
        ("a\\b~c", "a\\textbackslash{}b\\textasciitilde{}c"),
        ("one\n  two\u202e", "one two"),
        ("#1 costs $5", "\\#1 costs \\$5"),
    ],
)
def test_what_tex_would_obey_is_written_out(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text(), st.text(), st.text())
def test_braces_always_balance(title: str, author: str, venue: str) -> None:
    written = bibliography([Paper("w-1", "k", title, 2001, authors=(author,), venue=venue)])
    depth = 0
    for mark in re.sub(r"\\[&%$#_]", "", written):
        depth += {"{": 1, "}": -1}.get(mark, 0)
        assert depth >= 0
    assert depth == 0
    assert written.count("@") == 1 + title.count("@") + author.count("@") * bool(author.strip()) + venue.count("@")
