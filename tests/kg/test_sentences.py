from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.sentences import LONGEST, sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Growth was slow (Fig. 1). | It stopped at 37 °C. | Nothing else changed.",
        "As Smith et al. (2010) showed, S. cerevisiae grows in glucose, e.g. at 30 °C. | We agree.",
        "Silk is tough, i.e. it absorbs energy vs. steel. | See Fig. 2A and Eq. 3 in Ref. 12. | Then stop.",
        "The ratio was 3.5 to 4.25. | The next was .75 of it.",
        "This was reported before (Smith et al., 2010; cf. Jones, 2011). | Others differ (Fig 2A). | So do we.",
        "Patients with hepatitis B. | The others had vitamin C. | Patients recovered.",
        "The model of J. A. Brown and M. Heil works. | E. Coli did not.",
        "The U. S. Government and the U.S. Army paid. | Nobody else did.",
        "It was clear.[12] | The next was not.[3,4] | A third was.12 | Fourth came this.",
        "It was shown. [12] | The rest was not.",
        "p53 binds DNA. | mRNA levels rose. | α-Synuclein fell.",
        "He said so (and he meant it. Really.) in the end. | Then he left.",
        "Values were 6.61 +/- 2.02 (257.7 +/- 107.8%) after 2 h. | They rose.",
        "There is no. 5 here. | There is no. | The others are.",
        "Was it so? | Yes! | It was … | Then it ended.",
        "(a) Image under light. | (b) Image in the dark.",
        "We used mice, rats, etc. in all trials. | Controls had none.",
        "Samples (Sigma, St. Louis, MO, U.S.A.) were dried. | They were weighed.",
        "1. Introduction and scope",
    ],
)
def test_sentences_end_where_a_reader_ends_them(marked: str) -> None:
    assert split(marked.replace(" | ", " ")) == marked.split(" | ")


def test_a_blank_line_ends_a_sentence_and_a_line_break_does_not() -> None:
    text = "A heading\n\nText that is\nwrapped here.\n \nMore"
    assert split(text) == [
        "A heading",
        "Text that is\nwrapped here.",
        "More",
    ]


def test_each_point_of_a_list_is_a_sentence() -> None:
    text = "Points:\n- one thing\n* two things\n  • three"
    assert split(text) == [
        "Points:",
        "- one thing",
        "* two things",
        "• three",
    ]


def test_what_has_no_full_stop_is_cut_between_words() -> None:
    pieces = split("word " * 2000)
    assert all(len(piece) <= LONGEST and re.fullmatch(r"(?:word )*word", piece) for piece in pieces)
    assert sum(piece.count("word") for piece in pieces) == 2000
    assert split("x" * 5000) == ["x" * 5000]


@given(st.text(st.sampled_from("ab Z.?!()[]12,\n\t\"'§…é𝒳\ud800- "), max_size=200))
def test_sentences_cover_all_that_is_not_blank_in_order_and_cut_no_word(text: str) -> None:
    last = 0
    for start, end in sentences(text):
        assert last <= start < end <= len(text)
        assert not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        if last == start and start:
            pytest.fail(f"a word is cut at {start}")
        last = end
    assert not text[last:].strip()


def test_it_is_fast() -> None:
    text = (
        "The toughness of silk (Fig. 2A) was 1.2 times that of steel [3]. Smith et al. found less, e.g. in moths. "
        * 2000
    )
    begin = time.process_time()
    sentences(text)
    assert len(text.split()) / (time.process_time() - begin) > 100_000


def test_unclosed_brackets_take_no_longer() -> None:
    begin = time.process_time()
    sentences("Open (bracket. And so " * 5000)
    assert time.process_time() - begin < 3
