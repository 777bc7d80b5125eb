"""What a run may spend: the settings' budget is one run's, all of its steps and goings-on together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.runs import Cancelled, Event
from kg.library import Library
from kg.settings import Settings
from tests.fakes.chat_server import ChatServer
from tests.fakes.helpful_model import helpful
from tests.fakes.web import small

QUESTION = "What does spider silk contain, and how tough is it?"
CALL = 1050  # tokens that each call of the fake takes


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[ChatServer]:
    for name in (*Settings.model_fields, "library"):
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
    monkeypatch.setenv("HYPOGRAPH_LLM_REPLY_TOKENS", "64")
    with ChatServer(helpful).running() as running:
        monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", running.url)
        yield running


def cost(library: Library, run: str) -> int:
    return int(library.run(run)["cost"]["tokens"])


def test_a_run_keeps_to_its_budget_says_so_and_ends(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "4000")
    library = small(tmp_path)
    answer = library.ask(QUESTION)
    assert answer.answered
    assert cost(library, answer.run) == answer.cost.tokens == CALL * len(server.asked) <= 4000
    whys = {str(event.outputs["why"]) for event in answer.steps if event.outputs.get("why")}
    assert any("Of the budget of 4,000 tokens" in why for why in whys)
    assert {event.outputs["form"] for event in answer.steps if "form" in event.outputs} == {"model", "without"}


def test_another_run_has_a_budget_of_its_own(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "4000")
    library = small(tmp_path)
    library.ask(QUESTION)
    first = len(server.asked)
    library.ask("What does humidity decrease, and what is a composite?")
    assert len(server.asked) > first


def test_what_was_spent_before_a_run_was_resumed_counts(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "4000")
    library = small(tmp_path)
    stopped: list[str] = []

    def stop(event: Event) -> None:
        if event.step == "search" and not stopped:
            stopped.append(event.run)
            library.cancel(event.run)

    with pytest.raises(Cancelled):
        library.ask(QUESTION, on_event=stop)
    assert len(server.asked) >= 2
    answer = library.resume(stopped[0])
    assert cost(library, answer.run) == CALL * len(server.asked) <= 4000


def test_a_run_with_no_budget_left_asks_nobody(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_SECONDS", "0.000001")
    answer = small(tmp_path).ask("What contains beta sheets?")
    assert server.asked == []
    assert answer.answered and answer.cost.tokens == 0


def test_passages_without_room_in_the_window_are_left_out_and_said(
    tmp_path: Path, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM_CONTEXT_TOKENS", "1300")
    answer = small(tmp_path).ask("What does spider silk increase?")
    left_out = [event.outputs["left_out"] for event in answer.steps if event.outputs.get("left_out")]
    assert left_out, [event.outputs for event in answer.steps]
    assert answer.answered
    longest = max(len(str(asked.body["messages"])) for asked in server.asked)
    assert longest / 3 < 1300
