"""Ask: a question, and the sentences in the papers that answer it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from kg.model import PaperPassage
from ui.web import frame, messages, quotes
from ui.web.quotes import Quote
from ui.web.served import served
from ui.web.spoken import most_spoken_of
from ui.web.tables import table
from ui.web.text import html, label

if TYPE_CHECKING:
    from agents.answer import Answer, Citation

NEAREST = 3


def page() -> None:
    """Reads the question, asks, and draws the answer."""
    library = served().library
    frame.heading("Ask", "Answers are made of sentences that stand in your papers. Where they say nothing, so does "
                         "Hypograph.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    if (given := st.query_params.get("q")) is not None:
        st.session_state["question"] = given
    st.session_state.setdefault("asked", st.session_state.get("question", ""))
    with st.form("question-form", border=False, enter_to_submit=True):
        left, middle, right = st.columns([6, 1.3, 1], vertical_alignment="bottom")
        asked = left.text_input("Your question", key="asked", max_chars=1000,
                                placeholder="What limits the toughness of spider silk?")
        until = middle.number_input("As of year", min_value=1500, max_value=2200, value=None, step=1, format="%d",
                                    placeholder="any",
                                    help="Leaves out papers of later years, and those without a year.")
        if right.form_submit_button("Ask", type="primary", width="stretch"):
            st.session_state["question"] = st.query_params["q"] = asked
    question = st.session_state.get("question", "").strip()
    if not question:
        suggestions()
        return
    with st.spinner("Looking through your papers"):
        answer = answered(str(library.address), library.info().revision, question,
                          None if until is None else int(until))
    show(answer)


@st.cache_data(max_entries=50, show_spinner=False)
def answered(address: str, revision: str, question: str, until: int | None) -> Answer:
    """The answer, kept for when the page runs again; what is added to the library makes another revision."""
    found: Answer = served().library.ask(question, until=until)
    return found


def suggestions() -> None:
    """Questions to begin with, about what is spoken of most."""
    telling = [name for name in most_spoken_of()[:40] if " " in name][:4]
    if not telling:
        return
    st.caption("For example")
    for number, name in enumerate(telling):
        text = f"What is known about {name}?"
        st.button(label(text), key=f"example-{number}", type="tertiary", on_click=wish_to_ask, args=(text,))


def wish_to_ask(question: str) -> None:
    """Puts a question where a person would have typed it, and asks it."""
    st.session_state["asked"] = st.query_params["q"] = question


def show(answer: Answer) -> None:
    """The answer with its numbered quotes; else that there is none, and what comes nearest."""
    library = served().library
    cited = [one for sentence in answer.sentences for one in sentence.citations]
    wanted = {one.passage for one in cited} | {hit.passage for hit in answer.hits}
    there = {one.passage.id: one for one in library.store.passages(ids=wanted)} if wanted else {}
    left, right = st.columns([5, 3], gap="large")
    with left:
        main(answer, cited, there)
    with right:
        beside(answer, {one.passage for one in cited}, there)


def main(answer: Answer, cited: Sequence[Citation], there: Mapping[str, PaperPassage]) -> None:
    """What the papers say, or that they say nothing."""
    st.subheader(label(answer.question, None), anchor=False)
    if answer.answered:
        if any(sentence.text not in [one.quote for one in sentence.citations] for sentence in answer.sentences):
            prose(answer)
        for number, one in enumerate(cited, start=1):
            if one.passage in there:
                quotes.draw(Quote(one.start, one.end, there[one.passage]), number)
    else:
        st.warning("**Your papers do not answer this.** No sentence in them fits the question well enough, and nothing "
                   "is made up.")


def beside(answer: Answer, used: Collection[str], there: Mapping[str, PaperPassage]) -> None:
    """The passages that come nearest and were not quoted, and how all was found."""
    near = [there[hit.passage] for hit in answer.hits if hit.passage not in used and hit.passage in there][:NEAREST]
    if near:
        st.markdown("##### Also near the question" if answer.answered else "##### The nearest passages")
    for one in near:
        quotes.passage(one)
    with st.expander("How this was found"):
        st.caption(f"Run {answer.run} · " + (f"with {label(answer.model)}" if answer.model is not None
                                             else "without a language model: every sentence is a quote"))
        table([{"step": one.step, "what came of it": _short(one.outputs)} for one in answer.steps])


def prose(answer: Answer) -> None:
    """The answer in its own words, each sentence with the numbers of the quotes that it rests on."""
    number, parts = 0, []
    for sentence in answer.sentences:
        marks = []
        for _ in sentence.citations:
            number += 1
            marks.append(f"<sup>{number}</sup>")
        parts.append(html(sentence.text) + "".join(marks))
    st.html(f'<p class="hg-answer">{" ".join(parts)}</p>')


def _short(value: object) -> str:
    """What a step gave, for people: numbers with two decimals, and of lists how long they are."""
    match value:
        case Mapping():
            return ", ".join(f"{name}: {_short(inner)}" for name, inner in value.items())
        case float():
            return f"{value:.2f}"
        case list() | tuple():
            return str(len(value))
        case _:
            return str(value)


if __name__ == "__main__":
    page()
