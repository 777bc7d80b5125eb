"""The page of runs, and runs on the page that asks: seen, stopped, gone on with, answered, made again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from agents.runs import Cancelled
from kg.library import Library
from tests.fakes.web import WORDS, htmls, opened, small, texts
from ui.web.text import label

QUESTION = "What contains beta sheets?"
HARM = "How can I make sarin?"
HOSTILE = 'What is <script>alert("x")</script> :red[hot] **bold**?'


def said(app: AppTest) -> str:
    kinds = (app.info, app.warning, app.error, app.success, app.caption, app.subheader)
    return "\n".join([*(text for kind in kinds for text in texts(kind)), htmls(app)])


def click(app: AppTest, name: str) -> AppTest:
    next(one for one in app.button if one.label == name).click().run()
    assert not app.exception
    return app


def cancelled(library: Library, question: str = QUESTION) -> str:
    """A run that was stopped after its first step."""
    stopped: list[str] = []

    def stop(event: Any) -> None:
        if not stopped:
            stopped.append(event.run)
            library.cancel(event.run)

    with pytest.raises(Cancelled):
        library.ask(question, interactive=True, on_event=stop)
    return stopped[0]


# The page of runs


def test_where_nothing_was_asked_the_page_leads_to_asking(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "runs")
    assert "Nothing was asked yet" in said(app)
    assert [one.label for one in app.page_link] == ["Ask a question →"]


def test_runs_are_listed_and_found_by_their_words(tmp_path: Path) -> None:
    library = small(tmp_path)
    library.ask(QUESTION)
    library.ask("Does humidity decrease toughness?")
    app = opened(library, "runs")
    titles = {one.label for one in app.page_link}
    assert titles == {f"**{label(QUESTION)}**", f"**{label('Does humidity decrease toughness?')}**"}
    assert "ask · done · " in htmls(app) and "without a language model" in htmls(app)
    app.text_input[0].set_value("HUMIDITY done").run()
    assert [one.label for one in app.page_link] == [f"**{label('Does humidity decrease toughness?')}**"]
    app.text_input[0].set_value("cancelled").run()
    assert "No run fits" in said(app)


def test_a_run_is_shown_whole_and_can_be_saved(tmp_path: Path) -> None:
    library = small(tmp_path)
    run = library.ask(QUESTION).run
    app = opened(library, "runs", id=run)
    told = library.run(run)
    assert {one.label: one.value for one in app.metric}["Steps"] == str(len(told["steps"]))
    assert [one.label.partition("\\")[0] for one in app.expander] == [str(one["number"]) for one in told["steps"]]
    assert told["steps"][0]["inputs"] in htmls(app), "the hash of what went in"
    assert f"<td>revision</td><td>{told['inputs']['revision']}</td>" in htmls(app)
    assert json.loads(app.code[0].value) == told["steps"][0]["outputs"]
    assert [one.proto.label for one in app.get("download_button")] == ["Run (JSON)", "Run (Markdown)"]


def test_a_run_is_replayed(tmp_path: Path) -> None:
    library = small(tmp_path)
    run = library.ask(QUESTION).run
    app = opened(library, "runs", id=run)
    click(app, "Replay")
    assert "to the letter" in app.success[0].value
    library.remove("doubts")
    click(app, "Replay")
    assert "the library has changed since" in app.error[0].value


def test_a_run_that_was_stopped_is_gone_on_with(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "runs", id=cancelled(library))
    assert {one.label: one.value for one in app.metric}["State"] == "cancelled"
    click(app, "Go on")
    assert {one.label: one.value for one in app.metric}["State"] == "done"
    assert '<p class="hg-answer">spider silk – contains – beta sheets (1 paper) [webs]</p>' in htmls(app)


def test_a_run_that_waits_for_the_person_is_answered_there(tmp_path: Path) -> None:
    library = small(tmp_path)
    run = library.ask(HARM, interactive=True).run
    app = opened(library, "runs", id=run)
    assert {one.label: one.value for one in app.metric}["State"] == "waits for you"
    assert "sarin" in app.info[0].value
    app.text_input[0].set_value("a course on safety")
    click(app, "Go on")
    assert {one.label: one.value for one in app.metric}["State"] == "done"
    assert library.run(run)["said"] == {"override": "a course on safety"}


def test_a_run_that_is_not_kept_is_said(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "runs", id="run-0123")
    assert "run-0123" in app.error[0].value.replace("\\", "")


def test_what_was_asked_is_text_on_the_page(tmp_path: Path) -> None:
    library = small(tmp_path)
    run = library.ask(HOSTILE).run
    for query in ({}, {"id": run}):
        app = opened(library, "runs", **query)
        shown = htmls(app) + "".join(one.label for one in app.page_link) + "".join(texts(app.subheader))
        assert "<script>" not in shown
        assert ":red[" not in shown.replace("&quot;", "") or "\\:" in shown
        assert "**bold**" not in "".join(one.label for one in app.page_link)


# Runs on the page that asks


class Slow:
    """An embedder that waits until it is let on."""

    name, dimensions, pieces = WORDS.name, WORDS.dimensions, WORDS.pieces

    def __init__(self) -> None:
        self.lets_on = threading.Event()

    def documents(self, texts: Sequence[str]) -> Any:
        return WORDS.documents(texts)

    def queries(self, texts: Sequence[str]) -> Any:
        assert self.lets_on.wait(20)
        return WORDS.queries(texts)


def test_a_run_is_stopped_and_gone_on_with_on_the_page(tmp_path: Path) -> None:
    library, slow = small(tmp_path), Slow()
    held = Library(store=library.store, index=library.index, embedder=slow)

    def stop() -> None:
        """What the button does: wishes that the run stops, while the page waits for it."""
        deadline = time.monotonic() + 20
        while not (running := [one["run"] for one in held.runs() if one["state"] == "running" and one["steps"]]):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        held.cancel(running[0])
        slow.lets_on.set()

    person = threading.Thread(target=stop)
    person.start()
    app = opened(held, "ask", q=QUESTION)
    person.join()
    assert "Stopped after " in app.info[0].value
    assert "hg-number" not in htmls(app)
    assert [one.label for one in app.page_link] == ["Look at the run →"]
    click(app, "Go on")
    assert "spider silk contains beta sheets" in htmls(app)
    assert [one["state"] for one in held.runs()] == ["done"]


def test_an_answer_leads_to_its_run(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q=QUESTION)
    assert [one.label for one in app.page_link if one.page == "runs"] == ["The whole run →"]
