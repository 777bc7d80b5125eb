from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.passages import MOST_CHARACTERS, MOST_WORDS, Cut, split
from ingest.readers.paper_text import Line, Section, whole_text
from kg.model import Box
from kg.sentences import sentences


def pieces(text: str) -> int:
    """A word piece for every four letters of a word."""
    return sum((len(word) + 3) // 4 for word in text.split())


WORDS = st.text("abcdefgh", min_size=1, max_size=12)
SENTENCES = st.lists(WORDS, min_size=1, max_size=60).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=6).map(" ".join)
TEXTS = st.lists(PARAGRAPHS, min_size=1, max_size=8).map("\n\n".join)
ANY_TEXTS = st.one_of(TEXTS, st.text(), st.text("ab \n.", max_size=3000), st.integers(1, 5000).map("x".__mul__))
SECTIONS = st.lists(ANY_TEXTS.map(lambda text: Section("Results", "results", text)), max_size=5)


def of_section(section: Section, offset: int, cuts: list[Cut]) -> list[Cut]:
    return [cut for cut in cuts if cut.section is section and offset <= cut.start <= offset + len(section.text)]


@given(SECTIONS, st.integers(16, 300))
def test_passages_stand_in_the_text_and_leave_out_nothing_but_blanks(sections: list[Section], room: int) -> None:
    whole, covered = whole_text(sections), 0
    for cut in split(sections, pieces, room):
        assert whole[cut.start : cut.end] == cut.text == cut.text.strip() != ""
        assert not whole[covered : cut.start].strip()
        assert cut.text in cut.section.text
        covered = cut.end
    assert not whole[covered:].strip()


@given(SECTIONS, st.integers(16, 300))
def test_no_passage_is_more_than_there_is_room_for(sections: list[Section], room: int) -> None:
    for cut in split(sections, pieces, room):
        assert pieces(cut.text) <= room
        assert len(cut.text.split()) <= MOST_WORDS
        assert len(cut.text) <= MOST_CHARACTERS


@given(st.lists(TEXTS, max_size=3))
def test_passages_begin_and_end_where_sentences_do(texts: list[str]) -> None:
    sections = [Section(None, None, text) for text in texts]
    offset = 0
    cuts = split(sections, pieces, 300)
    for section in sections:
        borders = sentences(section.text)
        for cut in of_section(section, offset, cuts):
            assert cut.start - offset in {start for start, _ in borders}
            assert cut.end - offset in {end for _, end in borders}
        offset += len(section.text) + 2


@given(TEXTS)
def test_the_passages_of_a_section_are_about_equally_long(text: str) -> None:
    cuts = split([Section(None, None, text)], pieces, 300)
    if len(cuts) > 1:
        longest = max(end - start for start, end in sentences(text))
        assert max(len(cut.text) for cut in cuts) - min(len(cut.text) for cut in cuts) <= 2 * longest + 200


def test_a_little_too_much_for_one_passage_makes_two_halves_and_no_tail() -> None:
    text = " ".join(f"Sentence number {number} is about silk and its great strength." for number in range(25))
    one, other = split([Section(None, None, text)], pieces, 10_000)
    assert abs(len(one.text.split()) - len(other.text.split())) <= 20


@pytest.mark.parametrize("count", range(20, 140, 7))
def test_sentences_are_never_cut_where_they_need_not_be(count: int) -> None:
    text = " ".join(f"Sentence number {number} is about silk and its great strength." for number in range(count))
    for cut in split([Section(None, None, text)], pieces, 300):
        assert cut.text.startswith("Sentence")
        assert cut.text.endswith("strength.")


def test_passages_rather_end_where_paragraphs_do() -> None:
    longer, shorter = (" ".join(["Silk is a strong and light fibre."] * count) for count in (24, 20))
    text = f"{longer}\n\n{shorter}"
    assert [cut.text for cut in split([Section(None, None, text)], pieces, 10_000)] == text.split("\n\n")


def test_a_passage_knows_the_lines_it_stands_on() -> None:
    boxes = [Box(page, 1, 2, 3, 4) for page in (1, 1, 2)]
    section = Section(
        None, None, "Silk is\nstrong.\nIt holds.", (Line(0, 7, boxes[0]), Line(8, 15, boxes[1]), Line(16, 25, boxes[2]))
    )
    (cut,) = split([section], pieces, 16)
    assert cut.boxes == tuple(boxes)
    long = Section(None, None, "Silk " * 300 + "end.", (Line(0, 4, boxes[0]), Line(1500, 1504, boxes[2])))
    first, *_, last = split([long], pieces, 100)
    assert (first.boxes, last.boxes) == ((boxes[0],), (boxes[2],))


def test_too_little_room_is_refused() -> None:
    with pytest.raises(ValueError, match="too little"):
        split([], pieces, 3)
