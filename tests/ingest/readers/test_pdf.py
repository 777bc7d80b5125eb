from __future__ import annotations

import pytest

from ingest.readers.paper_text import PaperText
from ingest.readers.pdf import PdfReader
from kg.errors import UnusableInput
from tests.ingest.made_pdf import Placed, column, made_pdf

LEFT, RIGHT = 50.0, 320.0
FILL = "Many more words of this paper stand here so that"
HEAD = (50.0, 780.0, 9.0, "Journal of Silk 7 (2017)", False)


SMALL_PRINT = ["1 This is a footnote about money in small print.", "It goes on for another line of small print."]
BROKEN = ["Spiders and light-", "weight silk are well-", "known. The light-weight kind is best known."]


def foot(number: int) -> Placed:
    return (300.0, 20.0, 9.0, str(number), False)


def filled(count: int) -> list[str]:
    return ["the columns of it are now all very full." if number % 4 == 3 else FILL for number in range(count)]


def paper() -> bytes:
    """Two pages of two columns, as journals print them."""
    first = [
        HEAD, foot(1),
        (60.0, 740.0, 18.0, "On the toughness of spider silk", True),
        (60.0, 720.0, 18.0, "under a load", True),
        (200.0, 690.0, 11.0, "Ada Byron, Bo Li", False),
        (200.0, 676.0, 9.0, "University of Webs, Italy", False),
        (LEFT, 640.0, 12.0, "Abstract", True),
        *column(LEFT, 620, ["Silk is a very strong and light fibre that spi-", "ders make. It is studied here."]),
        (LEFT, 580.0, 12.0, "1 Introduction", True),
        *column(LEFT, 560, ["The left column speaks of spiders. It ends", *filled(30), "with words that go on in"]),
        *column(LEFT, 90, SMALL_PRINT, 8),
        *column(RIGHT, 640, ["the right column of this page.", *filled(20), "Figure 1 shows how silk is pulled."]),
        *column(RIGHT, 340, ["Figure 1. A web under load.", "The scale bar is one millimetre long."], 8),
        *column(RIGHT, 300, ["0.2 0.4 0.6", "a b"], 8),
        *column(RIGHT, 250, ["The right column goes on after the figure with", "the last words of the first page."]),
    ]  # fmt: skip
    second = [
        HEAD, foot(2),
        (LEFT, 740.0, 12.0, "2 Results", True),
        *column(LEFT, 720, [*BROKEN, *filled(20)]),
        (LEFT, 420.0, 12.0, "References", True),
        *column(LEFT, 400, ["Byron, A. (2001). An older paper about webs and", "threads. Journal of Webs, 3, 1-9."]),
        (RIGHT, 740.0, 12.0, "Appendix", True),
        *column(RIGHT, 720, ["The appendix has further words about silk and", "its makers.", *filled(20)]),
    ]  # fmt: skip
    third = [HEAD, foot(3), *column(LEFT, 740, ["Yet more words on the last page of the paper."])]
    return made_pdf([first, second, third], title="untitled", author="Ada Byron; Bo Li")


def read() -> PaperText:
    return PdfReader().read(paper())


def text_of(heading: str) -> str:
    return next(section.text for section in read().sections if section.heading == heading)


def test_facts_stand_on_the_first_page() -> None:
    facts = read().facts
    assert facts.title == "On the toughness of spider silk under a load"
    assert facts.authors == ("Ada Byron", "Bo Li")
    assert facts.year == 2017


@pytest.mark.parametrize(("stated", "authors"), [("The silk consortium", ("The silk consortium",)), ("some user", ())])
def test_an_author_who_is_no_person_is_believed_where_the_page_shows_the_whole_name(
    stated: str, authors: tuple[str, ...]
) -> None:
    page = [
        (60.0, 740.0, 18.0, "On the toughness of spider silk", True),
        (60.0, 700.0, 11.0, "by the silk consortium", False),
        *column(LEFT, 640, ["Silk is a very strong and light fibre.", *filled(8)]),
    ]
    assert PdfReader().read(made_pdf([page], author=stated)).facts.authors == authors


def test_sections_follow_each_other_in_the_order_of_the_columns() -> None:
    assert [(section.heading, section.kind) for section in read().sections] == [
        ("Abstract", "abstract"), ("1 Introduction", "introduction"), ("Figure 1", "caption"), ("2 Results", "results"),
        ("Appendix", "appendix")]  # fmt: skip
    introduction = text_of("1 Introduction")
    assert "with words that go on in the right column of this page." in introduction
    assert introduction.endswith("with the last words of the first page.")


def test_words_broken_at_a_lines_end_are_whole_again_but_keep_their_own_hyphens() -> None:
    assert "fibre that spiders make." in text_of("Abstract")
    assert text_of("2 Results").startswith("Spiders and light-weight silk are well-known.")


def test_heads_feet_footnotes_references_and_axes_are_left_out() -> None:
    everything = " ".join(section.text for section in read().sections)
    for litter in ("Journal", "footnote", "small print", "older paper", "0.2", "University", "Byron"):
        assert litter not in everything


def test_a_caption_stands_apart_and_a_sentence_about_a_figure_does_not() -> None:
    assert text_of("Figure 1") == "Figure 1. A web under load. The scale bar is one millimetre long."
    assert "Figure 1 shows how silk is pulled. The right column goes on" in text_of("1 Introduction").replace(
        "\n\n", " "
    )


def test_every_line_knows_its_page_and_place() -> None:
    for section in read().sections:
        assert section.lines
        assert section.lines[0].start == 0
        assert section.lines[-1].end == len(section.text)
        for one, other in zip(section.lines, section.lines[1:], strict=False):
            assert one.end <= other.start
        for line in section.lines:
            assert 0 <= line.box.left < line.box.right <= 600
            assert 0 <= line.box.bottom < line.box.top <= 800
    (abstract,) = (section for section in read().sections if section.heading == "Abstract")
    assert [abstract.text[line.start : line.end] for line in abstract.lines] == [
        "Silk is a very strong and light fibre that spi", "ders make. It is studied here."]  # fmt: skip
    assert {line.box.page for line in abstract.lines} == {1}


def test_the_numbers_of_manuscript_lines_are_left_out() -> None:
    page = [(40.0, 740.0 - 12 * number, 10.0, f"{number + 1} {FILL} it goes on.", False) for number in range(40)]
    text = " ".join(section.text for section in PdfReader().read(made_pdf([page])).sections)
    assert text.count("it goes on.") == 40
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<!DOCTYPE html><html></html>", "no PDF"),
        (b"%PDF-1.5\nnothing", "damaged"),
        (made_pdf([[], []]), "2 pages hold no text"),
    ],
)
def test_what_holds_no_text_is_refused_with_the_reason(content: bytes, says: str) -> None:
    with pytest.raises(UnusableInput, match=says):
        PdfReader().read(content)
