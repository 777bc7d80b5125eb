from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.asides import asides, plainer


def shown(text: str) -> str:
    """The sentence as the parser sees it, blanks folded."""
    for aside in reversed(asides(text, 0, len(text))):
        text = text[: aside.start] + " " + text[aside.end :]
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Silk is tough [12, 14-16] and light [Smith 2010].", "Silk is tough and light ."),
        ("Silk (Fig. 2A) is tough (Smith et al., 2010; p < 0.05).", "Silk is tough ."),
        ("Poly(A) tails and NAD(P)H stay.", "Poly(A) tails and NAD(P)H stay."),
        ("The alloy not only bends but also breaks.", "The alloy bends but also breaks."),
        ("It is nothing but a protease.", "It is a protease."),
        ("Without exception, they failed.", "they failed."),
        ("Whether or not it rains, it grows.", "Whether it rains, it grows."),
        ("(All of it stands in brackets.)", "(All of it stands in brackets.)"),
    ],
)
def test_what_the_parser_is_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


def test_brackets_that_name_things_are_told_from_those_that_refer() -> None:
    text = "Granulocyte factor (GM-CSF) rose (Fig. 2) in mice (Smith, 2010)."
    assert [(aside.telling, aside.reference) for aside in asides(text, 0, len(text))] == [
        (True, False),
        (False, False),
        (False, True),
    ]


@given(st.text("ab ()[]12,.= not only", max_size=60))
def test_asides_lie_apart_and_in_order(text: str) -> None:
    last = 0
    for aside in asides(text, 0, len(text)):
        assert last <= aside.start < aside.end <= len(text)
        last = aside.end


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is by no means solved.", "It is not         solved."),
        ("In no way does it help.", "In no way does it help."),
        ("Not only salt but also ice melts.", "Not only salt and      ice melts."),
        ("The gene — a kinase — acts.", "The gene , a kinase , acts."),
        ("Highlights • It grows. ► It dies.", "Highlights ; It grows. ; It dies."),
    ],
)
def test_signs_and_set_phrases_are_made_plain_in_place(text: str, expected: str) -> None:
    assert plainer(text) == expected
    assert len(plainer(text)) == len(text)


def test_the_heading_of_a_list_is_left_out() -> None:
    assert shown("Highlights ; It grows.") == "It grows."
    assert shown("Conclusion Live bacteria are present.") == "Live bacteria are present."
    assert shown("Results of the test vary.") == "Results of the test vary."
