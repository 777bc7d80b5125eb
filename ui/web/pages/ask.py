"""Ask: a question, and the sentences in the papers that answer it; and what is asked after it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from kg.model import PaperPassage
from kg.scope import Scope
from ui import asked as prices
from ui import compose, run_report
from ui.web import frame, messages, quotes
from ui.web.making import Making
from ui.web.quotes import Quote
from ui.web.scope import controls
from ui.web.served import served
from ui.web.spoken import most_spoken_of
from ui.web.text import counted, html, label
from ui.web.watched import watch

if TYPE_CHECKING:
    from agents.answer import Answer, Citation
    from agents.runs import Asked, Event

RUNS_PAGE = "web/pages/runs.py"
NOTES_PAGE = "web/pages/notes.py"
NEAREST = 3
_MOST_KEPT = 50  # answers, for when the page runs again
CONVERSATION = "conversation"
"""Where the questions of the conversation stand in the session, the first one in the address too."""


def page() -> None:
    """Reads the question, asks, draws the answer, and takes what is asked after it."""
    library = served().library
    frame.heading("Ask", "Answers rest on sentences of your papers, which stand with them. Where they say nothing, so "
                         "does Hypograph.")
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
    with messages.told():
        choose_model()
        choose_notes()
    if not st.session_state.get("question", "").strip():
        suggestions()
        return
    with messages.told():
        converse(where)


def begin(question: str) -> None:
    """Starts a conversation with its first question."""
    st.session_state["question"] = question
    st.session_state[CONVERSATION] = []


def choose_model() -> None:
    """Where a language model is set: whether it is asked, at what price and within which budget."""
    access = compose.language_model(served().library)
    if access is None:
        return
    limits = access.budget
    limit = "no budget is set" if limits.unlimited else f"at most {prices.budget(limits)} for each question"
    st.toggle(f"With {label(access.name)}", value=True, key="with-model",
              help=f"It plans, writes and checks; every sentence still has its quotes. Price: "
                   f"{label(prices.price(access), None)}; {limit}. Without it, answers are made of quotes alone.")


def choose_notes() -> None:
    """Where there are notes: whether those that belong to a question stand beside its answer."""
    if len(served().library.notes):
        st.toggle("With my notes", key="with-notes",
                  help="Those that belong to the question stand beside its answer. Nothing is cited from them.")


def converse(where: Scope) -> None:
    """The answers of the conversation, those before the last one folded; below them a place to ask on."""
    before: Answer | None = None
    answer: Answer | None = None
    questions = [st.session_state["question"].strip(), *st.session_state.get(CONVERSATION, [])]
    for number, question in enumerate(questions):
        answer = answered(question, where, before)
        if answer is None:
            return
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


def answered(question: str, where: Scope, before: Answer | None) -> Answer | None:
    """The answer, its steps told while they are taken; None where the run waits for the person, or was stopped, which
    the page says. Kept for when the page runs again. What is added to the library makes another revision."""
    library = served().library
    kept: dict[Any, Making[Answer]] = st.session_state.setdefault("answers", {})
    with_model = bool(st.session_state.get("with-model", True))
    with_notes = bool(st.session_state.get("with-notes", False))
    key = (str(library.address), library.info().revision, question, where, None if before is None else before.run,
           with_model, with_notes)
    if key not in kept:
        while len(kept) >= _MOST_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = making(lambda heard: library.ask(question, after=before, interactive=True, with_model=with_model,
                                                     notes=with_notes, on_event=heard, **where.arguments()))
    made = kept[key]
    if not made.over:
        watch(made, "Looking through your papers", "cancel-run", preview)
    if made.result is None:
        stopped(key, made)
        return None
    if made.result.waiting is not None:
        turn(key, made.result, made.result.waiting)
        return None
    return made.result


def making(make: Callable[[Callable[[Event], None]], Answer]) -> Making[Answer]:
    """A run that is started now."""
    return Making(make, served().library.cancel)


def preview(events: Sequence[Event]) -> list[str]:
    """The sentences of the answer as they stand by now; they are still held against the papers."""
    found = [one.outputs["sentences"] for one in events if one.step == "answer" and "sentences" in one.outputs]
    return [str(sentence) for sentence in found[-1]] if found else []


def stopped(key: object, made: Making[Answer]) -> None:
    """That a run has ended without an answer, why, and how to go on."""
    library = served().library
    run = made.run
    can_go_on = run is not None and library.run(run)["state"] in ("cancelled", "interrupted")
    if can_go_on:
        st.info(f"Stopped after {counted(len(made.events), 'step')}. What was found and replied is kept, and nobody is "
                "asked twice.")
    else:
        st.error(label("Nothing came of it." if made.error is None else made.error, None))
    if st.button("Go on" if can_go_on else "Try again", key="go-on"):
        kept: dict[Any, Making[Answer]] = st.session_state["answers"]
        kept.pop(key, None)
        if can_go_on:
            kept[key] = making(lambda heard: library.resume(str(run), on_event=heard))
        st.rerun()
    if run is not None:
        st.page_link(RUNS_PAGE, label="Look at the run →", query_params={"id": run})


def turn(key: object, answer: Answer, asked: Asked) -> None:
    """The person's turn: the question that a run stopped with, and a way to answer it."""
    library = served().library
    st.subheader(label(answer.question, None), anchor=False)
    st.info(label(asked.question, None))
    with st.form(f"turn-{answer.run}", border=False):
        if asked.options:
            said = st.radio("Your answer", asked.options, format_func=lambda one: label(one, None))
        else:
            wanted = "A reason to go on; it is kept with the run" if asked.name == "override" else "Your answer"
            said = st.text_input(wanted, max_chars=500)
        if st.form_submit_button("Go on") and said.strip():
            text = said.strip()
            kept: dict[Any, Making[Answer]] = st.session_state["answers"]
            kept[key] = making(lambda heard: library.answer(answer.run, text, on_event=heard))
            st.rerun()


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
    if answer.model is not None:
        spent = run_report.cost({"tokens": answer.cost.tokens, "money": answer.cost.money})
        st.caption(f"With {label(answer.model)}: {label(spent)}")
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
    """That there is no answer."""
    if not any(event.step == "advise" for event in answer.steps):
        st.warning("**Your papers do not answer this.** No sentence in them fits the question well enough, and nothing "
                   "is made up.")


def beside(answer: Answer, used: Collection[str], there: Mapping[str, PaperPassage]) -> None:
    """The passages that come nearest and were not quoted, and how all was found."""
    near = [there[hit.passage] for hit in answer.hits if hit.passage not in used and hit.passage in there][:NEAREST]
    if near:
        st.markdown("##### Also near the question" if answer.answered else "##### The nearest passages")
    for one in near:
        quotes.passage(one)
    remembered(answer)
    with st.expander("How this was found"):
        st.caption(f"Run {answer.run} · " + (f"with {label(answer.model)}" if answer.model is not None
                                             else "without a language model: every sentence is a quote"))
        told = "".join(f"<li>{html(str(one))}</li>" for one in answer.steps)
        st.html(f"<ol>{told}</ol>")
        st.page_link(RUNS_PAGE, label="The whole run →", query_params={"id": answer.run})


def remembered(answer: Answer) -> None:
    """The person's notes that belong to the question; and a way to keep the answer as one."""
    if answer.remembered:
        st.markdown("##### Your notes")
    for one in answer.remembered:
        title = f'<p class="hg-title">{html(one.title)}</p>' if one.title else ""
        with st.container(border=True, gap=None):
            st.html(f'{title}<p class="hg-note">{html(one.text)}</p>')
            st.page_link(NOTES_PAGE, label="Open the note →", query_params={"id": one.id})
    if answer.answered:
        st.button("Keep this answer as a note", key=f"keep-{answer.run}", type="tertiary", on_click=keep,
                  args=(answer,))


def keep(answer: Answer) -> None:
    """Notes an answer down, linked to its run and to the papers that it cites."""
    notes = served().library.notes
    if not notes.all(run=answer.run):
        notes.add(answer.answer, answer.completed[:200], papers=[one.id for one in answer.papers], run=answer.run,
                  by="run")
    st.toast("It stands among your notes.")


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
