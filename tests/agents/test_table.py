from __future__ import annotations

import csv
import io

import pytest

from agents.answer import Citation
from agents.table import Cell, Row, Table, table
from kg.errors import UsageError
from kg.model import Paper
from kg.scope import Scope
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper

SILK = "Spider silk fibres contain fibroin proteins in their core. We bought the fibres from a shop in town."
NACRE = "The toughness of nacre depends on the layers of aragonite in it. Nacre fibres were not seen anywhere."
QUESTIONS = ["What do spider silk fibres contain?", "What does the toughness of nacre depend on?"]


@pytest.fixture
def library() -> Library:
    return library_of(
        paper("silk", SILK, title="On silk", year=2001),
        paper("nacre", NACRE, title="On nacre", year=2010),
        paper("wood", "Wood burns well in winter when it is dry.", title="On wood"),
    )


def quotes(made: Table) -> dict[str, list[str | None]]:
    return {row.paper.key: [None if cell is None else cell.quote for cell in row.cells] for row in made.rows}


def test_a_cell_quotes_what_its_paper_says_and_is_empty_where_it_is_silent(library: Library) -> None:
    assert quotes(table(QUESTIONS, library)) == {
        "nacre": [None, "The toughness of nacre depends on the layers of aragonite in it."],
        "silk": ["Spider silk fibres contain fibroin proteins in their core.", None],
        "wood": [None, None],
    }


def test_every_quote_stands_in_its_paper_at_its_place(library: Library) -> None:
    for row in table(QUESTIONS, library).rows:
        there = {one.passage.id: one.passage.text for one in library.store.passages(paper=row.paper.id)}
        for cell in filter(None, row.cells):
            one = cell.citation
            assert there[one.passage][one.start : one.end] == one.quote
            assert (one.paper, one.key) == (row.paper.id, row.paper.key)


def test_a_cell_says_the_same_whatever_stands_beside_it(library: Library) -> None:
    whole = quotes(table(QUESTIONS, library))
    for key, said in whole.items():
        for question, quote in zip(QUESTIONS, said, strict=True):
            assert quotes(table([question], library, Scope(papers=(key,)))) == {key: [quote]}


def test_only_papers_of_the_scope_have_rows(library: Library) -> None:
    assert [row.paper.key for row in table(QUESTIONS, library, Scope(since=2005)).rows] == ["nacre"]
    assert table(QUESTIONS, library, Scope(since=2050)).rows == ()


def test_progress_counts_papers(library: Library) -> None:
    told: list[tuple[int, int]] = []
    table(QUESTIONS, library, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_questions_are_asked_once_and_in_order(library: Library) -> None:
    assert table([f" {QUESTIONS[1]} ", "", QUESTIONS[1], QUESTIONS[0]], library).questions == tuple(QUESTIONS[::-1])


@pytest.mark.parametrize(("questions", "words"), [
    ([], "at least one"), (["  "], "at least one"), (["How to synthesise sarin?"], "ask this question by itself"),
])  # fmt: skip
def test_what_cannot_be_asked_is_told(library: Library, questions: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        table(questions, library)


def cell(quote: str, score: float = 1.0, section: str | None = "Results", page: int | None = 3) -> Cell:
    return Cell(Citation("w-1", "one", "p-1", 0, len(quote), quote), section, page, score)


def made(*rows: tuple[str, int | None, Cell | None]) -> Table:
    return Table(("What?",), tuple(Row(Paper(key, key, f"On {key}", year), (one,)) for key, year, one in rows))


def test_rows_are_sorted_and_what_is_missing_comes_last() -> None:
    told = made(("b", None, cell("x", 1.0)), ("a", 2010, None), ("c", 2001, cell("y", 1.5)))
    order = {by: [row.paper.key for row in told.sorted(by).rows] for by in ("key", "title", "year", "filled", 1)}
    assert order == {
        "key": ["a", "b", "c"],
        "title": ["a", "b", "c"],
        "year": ["c", "a", "b"],
        "filled": ["b", "c", "a"],
        1: ["c", "b", "a"],
    }
    assert [row.paper.key for row in told.sorted("year", descending=True).rows] == ["a", "c", "b"]
    for wrong in ("colour", 0, 2):
        with pytest.raises(UsageError):
            told.sorted(wrong)


@pytest.mark.parametrize("formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "|calc", "%0", "\r=1"])
def test_no_cell_of_the_csv_is_a_formula(formula: str) -> None:
    told = Table((formula,), (Row(Paper("w-1", formula, formula), (cell(formula, section=formula),)),))
    for line in csv.reader(io.StringIO(told.to_csv(), newline="")):
        assert all(not one or one[0] == "'" or one[0].isalpha() for one in line), line


def test_csv_holds_everything_whatever_is_written() -> None:
    odd = 'He said "so, what";\nand, wrote | it — π'
    rows = list(csv.reader(io.StringIO(made(("one", 2001, cell(odd)), ("two", None, None)).to_csv(), newline="")))
    assert rows == [
        ["key", "title", "year", "What?", "where: What?"],
        ["one", "On one", "2001", odd, "one, Results, p. 3"],
        ["two", "On two", "", "", ""],
    ]


def test_markdown_is_a_table_whatever_is_written() -> None:
    told = made(("one", 2001, cell("a | b\n*c* <b>d</b> [e](f) `g`")), ("two", None, None)).to_markdown()
    lines = told.splitlines()
    assert lines[:2] == ["| paper | What? |", "| --- | --- |"]
    assert lines[2] == r"| On one (2001) | “a \| b \*c\* \<b\>d\</b\> \[e\](f) \`g\`” (one, Results, p. 3) |"
    assert lines[3] == "| On two |  |"


def test_a_table_becomes_a_frame_and_json() -> None:
    told = made(("one", 2001, cell("Silk is strong.")), ("two", None, None))
    frame = told.to_frame()
    assert list(frame.columns) == ["key", "title", "year", "What?"]
    assert frame["What?"].tolist()[0] == "Silk is strong."
    assert frame["What?"].isna().tolist() == [False, True]
    assert frame["year"].tolist()[0] == 2001
    assert told.as_json()["rows"][0]["cells"][0]["citations"][0]["quote"] == "Silk is strong."
    assert told.as_json()["rows"][1]["cells"] == [None]
    assert repr(told) == "<Table of 2 papers by 1 questions: 1 cells say something>"
