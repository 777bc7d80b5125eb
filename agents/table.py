"""A literature table: papers by questions, in each cell what the paper itself says, as a quote, or nothing.

A cell depends on its paper, its question and the library alone: it says the same whichever papers and questions stand
beside it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agents.answer import Citation
from agents.findings import as_hit
from agents.steps import guarding
from agents.steps.covering import share
from agents.steps.fitting import fit, is_calibrated
from agents.steps.planning import Plan, plan
from agents.steps.quoting import candidates, chosen
from kg.errors import UsageError
from kg.model import Paper, PaperPassage
from kg.scope import EVERYWHERE, Scope
from kg.search import MOST_CHARACTERS, words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from pandas import DataFrame

    from agents.library import Library

_PASSAGES = 3  # of a paper, from which a quote is taken: those that fit best
_CANDIDATES = 8  # sentences that are embedded for a cell
_HELD = 0.4  # share of the question's weight that a quote itself holds, at least,
_NEAR = 0.35  # and its cosine to the question, by the default embedder


@dataclass(frozen=True, slots=True)
class Cell:
    """What a paper says to a question: `citation.quote` is a whole sentence of its passage. `score` tells how well the
    passage fits the question; comparable within one column."""

    citation: Citation
    section: str | None
    page: int | None
    score: float

    def __repr__(self) -> str:
        return f"<Cell {self.citation.quote!r}>"

    @property
    def quote(self) -> str:
        return self.citation.quote

    @property
    def where(self) -> str:
        """The place for people: `Results, p. 3`; "" where the paper tells neither."""
        page = f"p. {self.page}" if self.page is not None else ""
        return ", ".join(part for part in (self.section or "", page) if part)


@dataclass(frozen=True, slots=True)
class Row:
    """A paper with its cells, in the order of the questions; None where it does not say."""

    paper: Paper
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Papers by questions."""

    questions: tuple[str, ...]
    rows: tuple[Row, ...]

    def __repr__(self) -> str:
        filled = sum(cell is not None for row in self.rows for cell in row.cells)
        return f"<Table of {len(self.rows)} papers by {len(self.questions)} questions: {filled} cells say something>"

    def sorted(self, by: str | int = "key", descending: bool = False) -> Table:
        """The same rows by `key`, `title` or `year` of the paper, by how many cells are `filled` (most first), or by
        the cells of a question (its number, from 1): those that fit it best first. Papers without a year, and empty
        cells, come last."""
        if isinstance(by, int):
            if not 1 <= by <= len(self.questions):
                raise UsageError(f"There is no question {by} among {len(self.questions)}: they count from 1.")
            cells = [row.cells[by - 1] for row in self.rows]
            values: list[Any] = [None if cell is None else -cell.score for cell in cells]
        elif by == "filled":
            values = [-sum(cell is not None for cell in row.cells) for row in self.rows]
        elif by in ("key", "title", "year"):
            values = [getattr(row.paper, by) for row in self.rows]
        else:
            raise UsageError(f"A table is sorted by key, title, year, filled or a question's number, not {by!r}.")
        told = [at for at, value in enumerate(values) if value is not None]
        told.sort(key=lambda at: values[at], reverse=descending)
        missing = [at for at, value in enumerate(values) if value is None]
        return replace(self, rows=tuple(self.rows[at] for at in [*told, *missing]))

    def as_json(self) -> dict[str, Any]:
        """The table with the keys of the outside face."""
        return {
            "questions": list(self.questions),
            "rows": [
                {"paper": row.paper.id, "key": row.paper.key, "title": row.paper.title, "year": row.paper.year,
                 "cells": [None if cell is None else _cell_json(cell) for cell in row.cells]} for row in self.rows],
        }

    def to_frame(self) -> DataFrame:
        """A pandas table: key, title, year, and a column of quotes for each question, missing where a paper is
        silent."""
        import pandas

        records = [(row.paper.key, row.paper.title, row.paper.year, *(cell and cell.quote for cell in row.cells))
                   for row in self.rows]
        frame = pandas.DataFrame.from_records(records, columns=["key", "title", "year", *self.questions])
        return frame.astype({"year": "Int64"})

    def to_csv(self) -> str:
        """The table for spreadsheets, with a column after each question that tells where its quotes stand.

        What a spreadsheet would take for a formula begins with an apostrophe.
        """
        told = io.StringIO()
        writer = csv.writer(told, lineterminator="\r\n")
        heads = [head for question in self.questions for head in (question, f"where: {question}")]
        writer.writerow(map(_safe, ["key", "title", "year", *heads]))
        for row in self.rows:
            paper = row.paper
            cells = [part for cell in row.cells for part in (("", "") if cell is None else (cell.quote, _place(cell)))]
            year = "" if paper.year is None else str(paper.year)
            writer.writerow(map(_safe, [paper.key, paper.title, year, *cells]))
        return told.getvalue()

    def to_markdown(self) -> str:
        """The table in Markdown, each quote with its paper's key and its place."""
        lines = [_line(["paper", *self.questions]), "| " + " | ".join(["---"] * (1 + len(self.questions))) + " |"]
        for row in self.rows:
            paper = row.paper
            year = f" ({paper.year})" if paper.year is not None else ""
            named = f"{paper.title or paper.key}{year}"
            cells = ["" if cell is None else f"“{cell.quote}” ({_place(cell)})" for cell in row.cells]
            lines.append(_line([named, *cells]))
        return "\n".join(lines) + "\n"


def table(
    questions: Sequence[str],
    library: Library,
    scope: Scope = EVERYWHERE,
    *,
    on_progress: Callable[[int, int], None] | None = None,
) -> Table:
    """Asks each paper that has a passage in the scope each of the questions, by itself; papers by key.

    `on_progress` is told how many papers are through, and how many there are. UsageError for no question, for one
    without a word, and for one that may serve harm: that has to be asked by itself, where a reason is recorded.
    """
    asked = tuple(dict.fromkeys(" ".join(question.split()) for question in questions if question.strip()))
    if not asked:
        raise UsageError("A table needs at least one question.")
    for question in asked:
        if (warned := guarding.advisory(question)) is not None:
            raise UsageError(f"{warned.message} A table records none: ask this question by itself.")
    store, embedder = library.store, library.embedder
    with store.reading():
        known = len(store.passage_ids(EVERYWHERE))
        plans = []
        for question in asked:
            telling = words(question)
            plans.append(plan(question, telling, store.frequencies(telling, EVERYWHERE), known))
        vectors = embedder.queries([question[:MOST_CHARACTERS] for question in asked])
        inside = store.passage_ids(scope)
        cosines = [library.index.similarities(vector, inside) for vector in vectors]
        papers: dict[str, list[PaperPassage]] = {}
        for one in store.passages(ids=inside) if inside else ():
            papers.setdefault(one.paper.id, []).append(one)
        rows = []
        ordered = sorted(papers.values(), key=lambda passages: (passages[0].paper.key, passages[0].paper.id))
        for number, passages in enumerate(ordered):
            if on_progress is not None:
                on_progress(number, len(ordered))
            passages.sort(key=lambda one: one.passage.start)
            cells = [_cell(planned, vector, near, passages, library)
                     for planned, vector, near in zip(plans, vectors, cosines, strict=True)]
            rows.append(Row(passages[0].paper, tuple(cells)))
    if on_progress is not None:
        on_progress(len(rows), len(rows))
    return Table(asked, tuple(rows))


def _cell(planned: Plan, vector: NDArray[np.float32], near: Mapping[str, float], passages: Sequence[PaperPassage],
          library: Library) -> Cell | None:
    """The sentence of a paper that answers best, where one of its passages fits the question."""
    calibrated = is_calibrated(library.embedder.name)
    hits = [as_hit(one, "in the paper") for one in passages]
    fitting = fit(planned, hits, near if calibrated else None)
    kept = fitting.kept[:_PASSAGES]
    quotes = [quote for quote in candidates(planned, [hit for hit, _ in kept])
              if share(planned, quote.text) >= _HELD][:_CANDIDATES]
    if not quotes:
        return None
    vectors = library.embedder.documents([quote.text for quote in quotes])
    nearness = [float(cosine) for cosine in vectors @ vector]
    close = [at for at, cosine in enumerate(nearness) if not calibrated or cosine >= _NEAR]
    fits = {hit.passage: score for hit, score in kept}
    best = chosen(planned, [quotes[at] for at in close], [nearness[at] for at in close], vectors[close], fits, 1)
    if not best:
        return None
    (quote,) = best
    hit = quote.hit
    citation = Citation(hit.paper, hit.key, hit.passage, quote.start, quote.end, quote.text)
    return Cell(citation, hit.section, hit.page, round(fits[hit.passage], 3))


def _cell_json(cell: Cell) -> dict[str, Any]:
    one = cell.citation
    return {"text": one.quote, "section": cell.section, "page": cell.page, "score": cell.score,
            "citations": [{"paper": one.paper, "key": one.key, "passage": one.passage, "start": one.start,
                           "end": one.end, "quote": one.quote}]}


def _place(cell: Cell) -> str:
    return ", ".join(part for part in (cell.citation.key, cell.where) if part)


_FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\r\n]")
_MARKED = re.compile(r"([\\`*_\[\]<>|~#$])")


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula, whose quoting cannot be left either."""
    return f"'{text}" if _FORMULA.match(text) else text


def _line(cells: Sequence[str]) -> str:
    plain = [_MARKED.sub(r"\\\1", " ".join(cell.split())) for cell in cells]
    return "| " + " | ".join(plain) + " |"
