"""Ask: a question, and the sentences in the papers that answer it; and what is asked after it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from kg.model import PaperPassage
from kg.scope import Scope
from ui import steps
from ui.web import frame, messages, quotes
from ui.web.quotes import Quote
from ui.web.scope import controls
from ui.web.served import served
from ui.web.spoken import most_spoken_of
from ui.web.text import html, label

if TYPE_CHECKING:
    from agents.answer import Answer, Citation
    from agents.runs import Event

NEAREST = 3
_MOST_KEPT = 50  # answers, for when the page runs again
CONVERSATION = "conversation"
"""Where the questions of the conversation stand in the session, the first one in the address too."""


def page() -> None:
    """Reads the question, asks, draws the answer, and takes what is asked after it."""
    library = served().library
    frame.heading("Ask", "Answers are made of sentences that stand in your papers. Where they say nothing, so does "
                         "Hypograph.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    if (given := st.query_params.get("q")) is not None and given != st.session_state.get("question"):
        begin(given)
    st.session_state.setdefault("asked", st.session_state.get("question", ""))
    with st.form("question-form", border=False, enter_to_submit=True):
        left, right = st.columns([7.3, 1], vertical_alignment="bottom")
        asked = left.text_input("Your question", key="asked", max_chars=1000,
                                placeholder="What limits the toughness of spider silk?")
        if right.form_submit_button("Ask", type="primary", width="stretch"):
            begin(asked)
            st.query_params["q"] = asked
    where = controls("ask")
    if not st.session_state.get("question", "").strip():
        suggestions()
        return
    with messages.told():
        converse(where)


def begin(question: str) -> None:
    """Starts a conversation with its first question."""
    st.session_state["question"] = question
    st.session_state[CONVERSATION] = []


def converse(where: Scope) -> None:
    """The answers of the conversation, those before the last one folded; below them a place to ask on."""
    before: Answer | None = None
    questions = [st.session_state["question"].strip(), *st.session_state.get(CONVERSATION, [])]
    for number, question in enumerate(questions):
        answer = answered(question, where, before)
        if number == len(questions) - 1:
            show(answer)
        else:
            with st.expander(label(answer.completed, None)):
                show(answer)
        before = answer
    with st.form("follow-up-form", border=False, clear_on_submit=True, enter_to_submit=True):
        left, right = st.columns([7.3, 1], vertical_alignment="bottom")
        more = left.text_input("Ask on", key="follow-up", max_chars=1000, placeholder="And in nacre?")
        if right.form_submit_button("Ask on", width="stretch") and more.strip():
            st.session_state[CONVERSATION] = [*questions[1:], more.strip()]
            st.rerun()


def answered(question: str, where: Scope, before: Answer | None) -> Answer:
    """The answer, its steps told while they are taken; kept for when the page runs again. What is added to the library
    makes another revision."""
    library = served().library
    kept: dict[tuple[object, ...], Answer] = st.session_state.setdefault("answers", {})
    reason: str | None = st.session_state.get("reasons", {}).get(question)
    key = (str(library.address), library.info().revision, question, where, None if before is None else before.run,
           reason)
    if key in kept:
        return kept[key]
    place = st.empty()
    with place.status("Looking through your papers"):
        def tell(event: Event) -> None:
            st.html(f"<p>{html(steps.words(event.step, event.outputs))}</p>")

        answer: Answer = library.ask(question, after=before, override=reason, on_event=tell, **where.arguments())
    place.empty()  # the same steps stand beside the answer
    while len(kept) >= _MOST_KEPT:
        kept.pop(next(iter(kept)))
    kept[key] = answer
    return answer


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
        main(answer, there)
    with right:
        beside(answer, {one.passage for one in cited}, there)


def main(answer: Answer, there: Mapping[str, PaperPassage]) -> None:
    """What the papers say, or that they say nothing."""
    st.subheader(label(answer.completed, None), anchor=False)
    if answer.completed != answer.question:
        st.caption(f"Asked as: {label(answer.question)}")
    for note in answer.notes:
        st.info(label(note, None))
    if not answer.answered:
        refused(answer)
        return
    number = 0
    for part in answer.parts:
        if len(answer.parts) > 1:
            st.markdown(f"##### {label(part.question, None)}")
            if not part.answered:
                st.caption("Not in your papers.")
        sentences = answer.sentences[part.first : part.first + part.sentences]
        cited = [one for sentence in sentences for one in sentence.citations]
        if any(sentence.text not in [one.quote for one in sentence.citations] for sentence in sentences):
            prose([(sentence.text, len(sentence.citations)) for sentence in sentences], number)
        number = drawn(cited, there, number)
    stem = answer.run
    report, references = st.columns(2)
    report.download_button("Report (Markdown)", answer.report(), f"{stem}.md", "text/markdown", key=f"report-{stem}")
    references.download_button("BibTeX", answer.bibtex(), f"{stem}.bib", "text/plain", key=f"bibtex-{stem}")


def drawn(cited: Sequence[Citation], there: Mapping[str, PaperPassage], number: int) -> int:
    """The quotes with their numbers, which go on from `number`; the last one."""
    for at, one in enumerate(cited, start=number + 1):
        if one.passage in there:
            quotes.draw(Quote(one.start, one.end, there[one.passage]), at)
    return number + len(cited)


def refused(answer: Answer) -> None:
    """That there is no answer; after an advisory, a way to go on with a reason."""
    advised = any(event.step == "advise" for event in answer.steps)
    if not advised:
        st.warning("**Your papers do not answer this.** No sentence in them fits the question well enough, and nothing "
                   "is made up.")
        return
    with st.form(f"override-{answer.run}", border=False):
        reason = st.text_input("A reason to go on; it is kept with the run", max_chars=500)
        if st.form_submit_button("Go on") and reason.strip():
            st.session_state.setdefault("reasons", {})[answer.question] = reason.strip()
            st.rerun()


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
        told = "".join(f"<li>{html(steps.words(one.step, one.outputs))}</li>" for one in answer.steps)
        st.html(f"<ol>{told}</ol>")


def prose(sentences: Sequence[tuple[str, int]], number: int) -> None:
    """Sentences in their own words, each with the numbers of the quotes that it rests on, which go on from `number`."""
    parts = []
    for text, count in sentences:
        marks = "".join(f"<sup>{one}</sup>" for one in range(number + 1, number + count + 1))
        number += count
        parts.append(html(text) + marks)
    st.html(f'<p class="hg-answer">{" ".join(parts)}</p>')


if __name__ == "__main__":
    page()
