from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from agents.answer import UNANSWERED, Answer, Citation, Part, Sentence
from agents.report import markdown, plain, reference
from kg.model import Paper

SILK = Paper("w-1", "silk", "On silk & <b>webs</b>", 2001, "10.1/s_1", ("Webber, Ada", "Bo Spinner"), "J. Silk")
NACRE = Paper("w-2", "nacre", "On nacre", None, status="retracted")


def sentence(text: str, *papers: Paper) -> Sentence:
    return Sentence(text, tuple(Citation(one.id, one.key, f"p-{one.key}", 0, len(text), text) for one in papers))


ANSWER = Answer(
    "run-1",
    "Is it *tough*?",
    True,
    "",
    (sentence("Silk is tough.", SILK), sentence("Both are.", NACRE, SILK)),
    (),
    (),
    completed="Is it *tough*?",
    parts=(Part("Is it *tough*?", True, 0, 2),),
    notes=("Your papers disagree on this: a – b – c.",),
    papers=(SILK, NACRE),
)


def shown(text: str) -> str:
    """What a reader sees of Markdown."""
    html = MarkdownIt().render(text)
    return (
        re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html))
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
        .replace("&quot;", '"')
        .strip()
    )


def test_quotes_have_the_numbers_of_their_references() -> None:
    lines = markdown(ANSWER).split("\n")
    assert "> Silk is tough. [1]" in lines
    assert "> Both are. [2, 1]" in lines
    assert next(line for line in lines if line.startswith("1. ")).endswith("doi:10.1/s\\_1.")
    assert any(line.startswith("2. On nacre. **retracted**") for line in lines)


def test_notes_bibtex_and_run_are_there() -> None:
    report = markdown(ANSWER)
    assert "- Your papers disagree on this: a – b – c." in report
    assert "@article{webber2001silk," in report
    assert "run-1" in report


def test_sentences_in_other_words_come_with_their_quotes() -> None:
    computed = Sentence("silk – contains – fibroin", (Citation("w-1", "silk", "p-1", 0, 5, "Silk contains fibroin."),))
    report = markdown(replace(ANSWER, sentences=(computed,), parts=(Part("?", True, 0, 1),)))
    assert "silk – contains – fibroin [1]" in report
    assert "> Silk contains fibroin." in report


def test_several_questions_have_headings_and_say_where_nothing_is() -> None:
    parts = (Part("Is silk tough?", True, 0, 2), Part("What is mercury?", False, 2, 0))
    report = markdown(replace(ANSWER, parts=parts))
    assert "## Is silk tough?" in report
    assert "## What is mercury?\n\nNot in your papers." in report


def test_no_answer_is_said() -> None:
    report = markdown(Answer("run-2", "Is it?", False, UNANSWERED, (), (), (), completed="Is it?"))
    assert UNANSWERED in report
    assert "References" not in report


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "**bold** _it_ `code`",
        "1. list",
        "- item",
        "# heading",
        "![x](http://evil.example)",
        "> quote",
        "| a | b |",
        "\\# $x^2$ &amp;",
        "+ item",
    ],
)
def test_text_is_shown_as_it_stands(text: str) -> None:
    assert shown(plain(text)) == text


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=60))
def test_any_text_is_shown_as_it_stands(text: str) -> None:
    assert MarkdownIt().render(plain(text)).count("<") in (0, 2)  # a paragraph, and nothing in it


def test_many_authors_are_cut_and_unknown_facts_left_out() -> None:
    many = replace(SILK, authors=tuple(f"Author {number}" for number in range(9)))
    assert "Author 5 et al. (2001)." in reference(many)
    assert reference(Paper("w-3", "k", "")) == "k."


def test_a_fence_in_a_title_does_not_end_the_bibtex() -> None:
    report = markdown(replace(ANSWER, papers=(replace(SILK, title="A ``` title"), NACRE)))
    assert "````bibtex" in report
