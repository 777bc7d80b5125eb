"""The page that asks, with a language model behind a server on this machine: what is shown, paid and left to choose."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kg.settings import Settings
from tests.fakes.chat_server import ChatServer, Fails
from tests.fakes.helpful_model import form_of, helpful
from tests.fakes.web import htmls, opened, small, texts
from ui.web.text import label

QUESTION = "What does spider silk contain, and how tough is it?"
BACK = {"standing": QUESTION, "back": "Which silk is <b>meant</b>?", "options": ["of spiders", "of silkworms"]}


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChatServer]:
    for name in (*Settings.model_fields, "library"):
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "prices.toml").write_text('["openai:gpt-test"]\nread = 1\nwritten = 10\n')
    with ChatServer(helpful).running() as running:
        monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
        monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", running.url)
        monkeypatch.setenv("HYPOGRAPH_LLM_RETRIES", "0")
        yield running


def said(app: AppTest) -> str:
    kinds = (app.info, app.warning, app.error, app.caption, app.subheader)
    return "\n".join([*(text for kind in kinds for text in texts(kind)), htmls(app)])


def test_the_answer_tells_its_model_and_its_cost(tmp_path: Path, server: ChatServer) -> None:
    library = small(tmp_path)
    app = opened(library, "ask", q=QUESTION)
    assert "hg-number" in htmls(app)
    (run,) = library.runs()
    assert run["state"] == "done"
    tokens = run["cost"]["tokens"]
    assert tokens == 1050 * len(server.asked) > 0
    spent = label(f"{tokens:,} tokens for {run['cost']['money']:.4g}")
    assert f"With {label('openai:gpt-test')}: {spent}" in said(app)
    assert "by the language model" in htmls(app)


def test_without_the_model_nobody_is_asked(tmp_path: Path, server: ChatServer) -> None:
    app = opened(small(tmp_path), "ask")
    assert "10 for a million written" in app.toggle(key="with-model").help
    app.toggle(key="with-model").set_value(False).run()
    app.text_input[0].set_value(QUESTION)
    next(one for one in app.button if one.label == "Ask").click().run()
    assert server.asked == []
    assert "without a language model" in said(app)


def test_a_question_back_is_shown_with_its_options_and_the_run_goes_on(tmp_path: Path, server: ChatServer) -> None:
    server.script = lambda asked: helpful(asked, SaidUnderstood=BACK)
    library = small(tmp_path)
    app = opened(library, "ask", q=QUESTION)
    assert "\\<b\\>meant" in app.info[0].value, "what a model asks is text"
    assert list(app.radio[0].options) == ["of spiders", "of silkworms"]
    assert "hg-number" not in htmls(app)
    before = len(server.asked)
    app.radio[0].set_value("of silkworms")
    next(one for one in app.button if one.label == "Go on").click().run()
    assert "hg-number" in htmls(app)
    assert "of silkworms" in library.run(library.runs()[0]["run"])["said"].values()
    assert [form_of(one) for one in server.asked[before:]].count("SaidUnderstood") <= 1, "nobody is asked twice"


def test_a_model_that_is_out_of_order_is_done_without_and_said(tmp_path: Path, server: ChatServer) -> None:
    server.script = [Fails(500, "out of order")]
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    assert "hg-number" in htmls(app)
    assert "out of order" in htmls(app), "the steps tell why they were taken without it"


def test_a_wrong_set_up_is_said_and_the_question_can_go_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: ChatServer
) -> None:
    monkeypatch.delenv("HYPOGRAPH_LLM_BASE_URL")
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    assert "OPENAI" in app.error[0].value.replace("\\", "")
    app.toggle(key="with-model").set_value(False).run()
    assert "hg-number" in htmls(app)


def test_uploads_tell_where_their_text_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "nothing is sent anywhere" in said(opened(small(tmp_path)))
    monkeypatch.setenv("HYPOGRAPH_EXTRACTOR", "syntax+llm")
    assert f"sent to the language model that is set, {label('openai:gpt-test')}" in said(opened(small(tmp_path)))
