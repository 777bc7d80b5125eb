"""The settings page: what is set and by whom, without secrets; and a model that is tried."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kg.settings import Settings
from tests.fakes.chat_server import ChatServer, Fails, Says
from tests.fakes.web import htmls, opened, small, texts

GOOD = Says('{"answer": "<b>Proteins</b> called fibroins."}')


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "library"):
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    with ChatServer([GOOD]).running() as running:
        monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
        monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", running.url.replace("//", "//me:word@"))
        monkeypatch.setenv("HYPOGRAPH_LLM_API_KEY", "sk-secret")
        monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "50000")
        yield running


def try_it(app: AppTest) -> None:
    next(one for one in app.button if one.label == "Try it").click().run()
    assert not app.exception


def test_every_setting_is_shown_with_where_it_comes_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOGRAPH_WORKERS", "3")
    (tmp_path / "hypograph.toml").write_text("file_mb = 12\n")
    monkeypatch.setenv("HYPOGRAPH_NEO4J_PASSWORD", "hush")
    app = opened(small(tmp_path), "settings")
    shown = htmls(app)
    assert "<td>workers</td><td>3</td><td>environment (HYPOGRAPH_WORKERS)</td>" in shown
    assert f"<td>file_mb</td><td>12</td><td>{tmp_path / 'hypograph.toml'}</td>" in shown
    assert "<td>embedder</td><td>minilm</td><td>default</td>" in shown
    assert shown.index("<td>workers</td>") < shown.index("<td>embedder</td>"), "what somebody has set comes first"
    assert "hush" not in shown and "(set, not shown)" in shown


def test_without_a_model_the_page_says_how_to_set_one(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "settings")
    assert "none is needed" in app.info[0].value
    assert "ollama pull" in app.code[0].value
    assert "Try it" not in [one.label for one in app.button]


def test_the_model_is_shown_with_price_budget_and_source_but_not_its_key(tmp_path: Path, server: ChatServer) -> None:
    (tmp_path / "prices.toml").write_text('["openai:gpt-test"]\nread = 1\nwritten = 10\n')
    app = opened(small(tmp_path), "settings")
    shown = htmls(app) + "".join(texts(app.caption))
    assert "<td>openai:gpt-test</td><td>environment (HYPOGRAPH_LLM)</td>" in shown
    assert "set, not shown" in shown
    assert f"1 for a million tokens read and 10 for a million written, by {tmp_path / 'prices.toml'}" in shown
    assert "<td>50,000 tokens</td><td>environment (HYPOGRAPH_LLM_BUDGET_TOKENS)</td>" in shown
    assert "<td>0 replies</td>" in shown
    assert "sk-secret" not in shown and "me:word" not in shown
    assert server.asked == [], "to look is to ask nobody"


def test_trying_it_shows_answer_seconds_tokens_and_cost(tmp_path: Path, server: ChatServer) -> None:
    app = opened(small(tmp_path), "settings")
    try_it(app)
    assert "\\<b\\>Proteins" in app.success[0].value, "what a model says is text"
    numbers = {one.label: one.value for one in app.metric}
    assert (numbers["Tokens read"], numbers["Tokens written"], numbers["Cost"]) == ("100", "20", "no price known")
    assert float(numbers["Seconds"]) < 20
    assert len(server.asked) == 1
    app.run()
    assert app.success and len(server.asked) == 1, "it stays, and is not asked again"


def test_trying_it_shows_the_error_that_teaches(tmp_path: Path, server: ChatServer) -> None:
    server.script = [Fails(401, "Incorrect API key provided: sk-secret")]
    app = opened(small(tmp_path), "settings")
    try_it(app)
    assert "key is not accepted" in app.error[0].value
    assert "sk-secret" not in app.error[0].value
    server.script = [GOOD]
    try_it(app)
    assert app.success and not app.error


def test_what_is_wrong_with_the_settings_of_a_model_is_said(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "prices.toml").write_text("nonsense")
    app = opened(small(tmp_path), "settings")
    assert "is no table of prices" in app.error[0].value
    assert "<td>llm</td><td>openai:gpt-test</td>" in htmls(app), "the rest of the page stands"


def test_what_is_missing_is_said_beside_what_is_there(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("HYPOGRAPH_LLM_BASE_URL")
    monkeypatch.delenv("HYPOGRAPH_LLM_API_KEY")
    app = opened(small(tmp_path), "settings")
    assert "OPENAI" in app.error[0].value
    assert "<td>openai:gpt-test</td><td>environment (HYPOGRAPH_LLM)</td>" in htmls(app)
    try_it(app)
    assert len(app.error) == 2 and not app.success
