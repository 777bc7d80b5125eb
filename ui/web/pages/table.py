"""Table: papers by questions, each cell a sentence of the paper or empty; saved as CSV and as Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import streamlit as st

from ui.web import frame, messages
from ui.web.served import served
from ui.web.tables import MOST
from ui.web.text import counted, html

if TYPE_CHECKING:
    from agents.table import Row, Table

_MOST_QUESTIONS = 20


def page() -> None:
    """Reads the questions, asks the papers, draws the table."""
    library = served().library
    frame.heading("Table", "Every paper is asked the same questions. A cell is a sentence of the paper, or empty where "
                           "the paper does not say.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    with st.form("table-form", border=False):
        written = st.text_area("Questions, one on each line", height=110, max_chars=5000, key="table-questions",
                               placeholder="Which animals were studied?\nWhat reduces mortality?")
        left, right = st.columns([6, 1], vertical_alignment="bottom")
        names = sorted(library.tags()) + [paper.key for paper in library.papers()]
        within = left.multiselect("Papers and tags", names, placeholder="All papers")
        if right.form_submit_button("Fill the table", type="primary", width="stretch"):
            st.session_state["table-asked"] = written.splitlines(), within
    asked = st.session_state.get("table-asked")
    if asked is None:
        return
    questions = list(dict.fromkeys(" ".join(one.split()) for one in asked[0] if one.strip()))
    if not questions:
        st.info("Write at least one question.")
        return
    if len(questions) > _MOST_QUESTIONS:
        st.info(f"At most {_MOST_QUESTIONS} questions at a time.")
        return
    show(told(questions, asked[1]))


def told(questions: list[str], within: list[str]) -> Table:
    """The table, with a bar while papers are asked; kept for when the page runs again."""
    library = served().library
    key = (str(library.address), library.info().revision, tuple(questions), tuple(within))
    kept: tuple[Any, Table] | None = st.session_state.get("table")
    if kept is not None and kept[0] == key:
        return kept[1]
    bar = st.progress(0.0, "Asking the papers")

    def tell(done: int, total: int) -> None:
        bar.progress(done / total if total else 1.0, f"{done:,} of {counted(total, 'paper')} asked")

    made: Table = library.table(questions, within=within, on_progress=tell)
    bar.empty()
    st.session_state["table"] = key, made
    return made


def show(made: Table) -> None:
    """The table, its order to choose, and buttons that save it."""
    filled = [sum(row.cells[at] is not None for row in made.rows) for at in range(len(made.questions))]
    orders: dict[str, str | int] = {"Most answers": "filled", "Key": "key", "Title": "title", "Year": "year"}
    orders |= {f"Question {number}": number for number in range(1, len(made.questions) + 1)}
    left, middle, right = st.columns([3, 1, 1], vertical_alignment="bottom")
    chosen = left.selectbox("Order", list(orders))
    ordered = made.sorted(orders[chosen])
    middle.download_button("Save as CSV", "\ufeff" + ordered.to_csv(), "table.csv", "text/csv", width="stretch",
                           on_click="ignore")
    right.download_button("Save as Markdown", ordered.to_markdown(), "table.md", "text/markdown", width="stretch",
                          on_click="ignore")
    if not ordered.rows:
        st.info("No paper is in that scope.")
        return
    heads = ["paper", "year"]
    heads += [f"{number}. {question} ({filled[number - 1]:,} of {counted(len(made.rows), 'paper')})"
              for number, question in enumerate(made.questions, 1)]
    head = "".join(f'<th scope="col">{html(one)}</th>' for one in heads)
    body = "".join(f"<tr>{_row(row)}</tr>" for row in ordered.rows[:MOST])
    st.html(f'<div class="hg-table hg-literature" tabindex="0"><table><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>")
    if len(ordered.rows) > MOST:
        st.caption(f"and {counted(len(ordered.rows) - MOST, 'paper')} more, which the saved tables hold")


def _row(row: Row) -> str:
    paper = row.paper
    year = "" if paper.year is None else str(paper.year)
    return (f"<td>{_way(paper.id, None, paper.title or paper.key)}</td><td>{year}</td>"
            + "".join("<td></td>" if cell is None else f"<td>“{html(cell.quote)}” "
                      f"{_way(paper.id, cell.citation.passage, cell.where or paper.key)}</td>" for cell in row.cells))


def _way(paper: str, passage: str | None, words: str) -> str:
    """A link to a paper, or to a passage in it."""
    to = urlencode({"id": paper} | ({} if passage is None else {"passage": passage}))
    return f'<a href="paper?{html(to)}" target="_self">{html(words)}</a>'


if __name__ == "__main__":
    page()
