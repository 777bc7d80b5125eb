"""What people see of a language model: settings, checks, what a job would cost and what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.trial import QUESTION
from kg.settings import Settings
from tests.fakes.chat_server import Asked, ChatServer, Fails, Says, Step
from tests.fakes.reader_model import passage_of, reading
from tests.ui.test_cli import Shell
from ui import asked


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in (*Settings.model_fields, "library"):
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shell(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Shell:
    return Shell(capsysbinary, tmp_path / "library")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    def invents(request: Asked) -> Step:
        if QUESTION in request.user:
            return Says('{"answer": "Proteins called fibroins."}')
        said = json.loads(reading(passage_of(request.user)))
        said["concepts"].append({"text": "Unobtainium"})
        return Says(json.dumps(said), usage=(1200, 100))

    with ChatServer(invents).running() as running:
        monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
        monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", running.url)
        monkeypatch.setenv("HYPOGRAPH_LLM_API_KEY", "sk-secret")
        yield running


def check(shell: Shell, *more: str) -> dict[str, object]:
    said = shell("doctor", "--json", *more)
    assert "sk-secret" not in said.out + said.err
    (found,) = (one for one in said.json()["checks"] if one["name"] == "language model")
    return dict(found)


def test_config_shows_the_model_and_not_its_key(shell: Shell, server: ChatServer) -> None:
    said = shell("config", "--json")
    told = said.json()
    assert told["llm"] == {
        "value": "openai:gpt-test",
        "source": "environment (HYPOGRAPH_LLM)",
        "meaning": told["llm"]["meaning"],
    }
    assert told["llm_base_url"]["value"] == server.url
    assert told["llm_api_key"]["value"] == "(set, not shown)"
    assert "sk-secret" not in said.out + said.err + shell("config").out


def test_doctor_asks_the_model_a_tiny_question(shell: Shell, server: ChatServer, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    prices = tmp_path / "library" / "prices.toml"
    prices.write_text('["openai:gpt-test"]\nread = 1\nwritten = 10\n')
    found = check(shell)
    assert found["ok"] is True
    told = str(found["message"])
    for words in ("openai:gpt-test", server.url, "a key set", f"10 for a million written, by {prices}"):
        assert words in told
    assert "It answered “Proteins called fibroins.” in " in told
    assert told.endswith(" s: 1 call, 100 tokens read and 20 written, for 0.0003")
    assert len(server.asked) == 1
    assert check(shell)["ok"] and len(server.asked) == 2, "it is asked each time, and not its cache"


def test_doctor_asks_it_nothing_where_that_is_wished(shell: Shell, server: ChatServer) -> None:
    found = check(shell, "--no-ask")
    assert found["ok"] is True
    assert "price: not known (a prices.toml beside the library may tell it). It was not" in str(found["message"])
    assert server.asked == []


def test_doctor_says_what_is_wrong_with_a_model_that_does_not_answer(
    shell: Shell, server: ChatServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.script = [Fails(404, "The model `gpt-test` does not exist")]
    found = check(shell)
    assert found["ok"] is False
    assert "knows no such model" in str(found["message"])
    server.script = [Fails(500, "out of order")]
    assert "out of order; 1 attempt" in str(check(shell)["message"])
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "10")
    assert "Of the budget of 10 tokens" in str(check(shell)["message"])
    assert len(server.asked) == 2


def test_doctor_says_what_is_missing(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "none is needed" in str(check(shell)["message"])
    monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
    found = check(shell)
    assert found["ok"] is False
    assert "OPENAI_API_KEY" in str(found["message"])


def test_an_ingest_tells_what_it_would_cost_and_what_came_of_it(
    shell: Shell, server: ChatServer, tmp_path: Path
) -> None:
    (tmp_path / "paper.md").write_text("# A paper\n\n## Results\n\nHeat improves Silk.\n")
    tried = shell("ingest", tmp_path / "paper.md", "--extractor", "llm", "--dry-run")
    assert tried.code == 0
    assert "The language model would likely take 1 call, " in tried.out
    assert "Nothing was stored." in tried.out
    assert server.asked == []
    done = shell("ingest", tmp_path / "paper.md", "--extractor", "llm")
    assert done.code == 0
    assert (
        "openai:gpt-test read 1 passage of 1 paper: 1 call, 1,200 tokens read and 100 written, "
        "at a price that is not known."
    ) in done.out
    assert "Not taken of what it said: a concept's name is not in the passage (1)." in done.out
    evidence = [json.loads(line) for line in shell("export", "-").out.splitlines()]
    assert [one["extractors"] for one in evidence if one["kind"] == "evidence"] == [["llm:openai:gpt-test"]]


def test_extract_reads_with_the_model_and_tells_its_cost(
    shell: Shell, server: ChatServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HYPOGRAPH_EXTRACTOR", "llm")
    (tmp_path / "texts.jsonl").write_text('{"id": 1, "text": "Heat improves Silk."}\n')
    (told,) = shell("extract", tmp_path / "texts.jsonl").lines()
    assert [one["extractor"] for one in told["relations"]] == ["llm:openai:gpt-test"]
    assert told["language_model"]["tokens"] == {"read": 1200, "written": 100}
    assert not shell.library.exists()


def test_without_a_model_the_extractor_says_what_to_set(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("# A paper\n\nHeat improves Silk.\n")
    said = shell("ingest", tmp_path / "paper.md", "--extractor", "llm")
    assert said.code == 2
    assert "HYPOGRAPH_LLM" in said.err
    assert not shell.library.exists()


def test_sentences_tell_kept_replies_money_and_papers_without_the_model() -> None:
    told = {
        "model": "openai:m",
        "calls": 2,
        "cached": 1,
        "tokens": {"read": 10, "written": 5},
        "money": 0.0125,
        "papers": 1,
        "passages": 3,
        "dropped": {},
        "without": {"the budget was spent": 4},
    }
    read, without = asked.sentences(told)
    cost = "2 calls, 1 reply kept from before, 10 tokens read and 5 written, for 0.0125"
    assert read == f"openai:m read 3 passages of 1 paper: {cost}."
    assert without == "Read without it: 4 papers (the budget was spent)."
