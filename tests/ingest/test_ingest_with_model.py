"""Whole jobs with a language model: workers in their own processes, budgets, what is said at the end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from kg.errors import ModelNotUsable, UsageError
from kg.library import Library
from kg.settings import Settings
from tests.fakes.chat_server import Asked, ChatServer, Fails, Says, Step
from tests.fakes.reader_model import passage_of, reading

Serve = Callable[..., ChatServer]


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """A server that is the configured model."""
    with ExitStack() as stack:

        def started(script: list[Step] | Callable[[Asked], Step]) -> ChatServer:
            server = stack.enter_context(ChatServer(script).running())
            monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
            monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", server.url)
            monkeypatch.setenv("HYPOGRAPH_LLM_RETRIES", "0")
            monkeypatch.setenv("HYPOGRAPH_LLM_REPLY_TOKENS", "500")
            return server

        yield started


def reads(asked: Asked) -> Step:
    return Says(reading(passage_of(asked.user)), usage=(300, 100))


def corpus(tmp_path: Path, papers: int) -> Path:
    """A paper a line; each has a sentence that the patterns over the parse read too."""
    lines = [
        {"id": f"p{n}", "title": f"Paper {n}", "text": f"Heat{n} improves Silk{n}. Humidity reduces strength."}
        for n in range(papers)
    ]
    path = tmp_path / "corpus.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return path


def extractors(library: Library) -> dict[str, set[str]]:
    """Paper → who found its evidence."""
    found: dict[str, set[str]] = {}
    for one in library.evidence():
        found.setdefault(one.key, set()).update(one.extractors)
    return found


@pytest.mark.parametrize("workers", [1, 2])
def test_papers_are_read_by_the_model_in_whatever_process(tmp_path: Path, serve: Serve, workers: int) -> None:
    server = serve(reads)
    with Library(tmp_path / "library") as library:
        report = library.add(corpus(tmp_path, 5), extractor="llm", workers=workers)
        assert report.papers["added"] == 5
        assert extractors(library) == {f"p{n}": {"llm:openai:gpt-test"} for n in range(5)}
    told = report.as_json()["language_model"]
    assert len(server.asked) == 5
    assert told == {
        "model": "openai:gpt-test",
        "calls": 5,
        "cached": 0,
        "tokens": {"read": 1500, "written": 500},
        "money": None,
        "papers": 5,
        "passages": 5,
        "dropped": {},
        "without": {},
    }


def test_a_second_time_nothing_is_asked_and_a_second_library_is_the_same(tmp_path: Path, serve: Serve) -> None:
    server = serve(reads)
    papers = corpus(tmp_path, 3)
    with Library(tmp_path / "one") as library, Library(tmp_path / "two") as other:
        library.add(papers, extractor="syntax+llm", workers=1)
        again = library.add(papers, extractor="syntax+llm", workers=1)
        assert again.papers["unchanged"] == 3
        assert len(server.asked) == 3
        (tmp_path / "two").mkdir(exist_ok=True)
        (tmp_path / "one" / "replies.sqlite").rename(tmp_path / "two" / "replies.sqlite")
        report = other.add(papers, extractor="syntax+llm", workers=1)
        assert len(server.asked) == 3, "all of it was in the cache"
        assert report.account is not None
        assert report.account.usage.cached == 3
        assert list(map(repr, library.evidence())) == list(map(repr, other.evidence()))
        assert {name for names in extractors(library).values() for name in names} == {"pattern", "llm:openai:gpt-test"}
        assert library.info().revision == other.info().revision


@pytest.mark.parametrize("workers", [1, 2])
def test_a_budget_is_kept_by_all_workers_together_and_the_rest_is_read_without(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    # A call sets aside some 3,000 tokens and takes 1,400: four fit, and workers with a budget each would make more.
    server = serve(lambda asked: Says(reading(passage_of(asked.user)), usage=(1000, 400)))
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_TOKENS", "7000")
    papers = corpus(tmp_path, 12)
    with Library(tmp_path / "library") as library:
        report = library.add(papers, extractor="syntax+llm", workers=workers)
        told = report.as_json()["language_model"]
        assert 1400 * len(server.asked) <= 7000
        assert 1 <= told["papers"] < 12
        assert told["without"] == {"the budget was spent": 12 - told["papers"]}
        assert report.papers["added"] == 12
        read = {key for key, names in extractors(library).items() if "llm:openai:gpt-test" in names}
        assert len(read) == told["papers"]
        monkeypatch.delenv("HYPOGRAPH_LLM_BUDGET_TOKENS")
    with Library(tmp_path / "library") as library:
        more = library.add(papers, extractor="syntax+llm", workers=1)
        assert more.papers["unchanged"] == told["papers"]
        assert more.papers["replaced"] == 12 - told["papers"]
        assert len(server.asked) == 12
    with Library(tmp_path / "library") as library, Library(tmp_path / "whole") as whole:
        whole.add(papers, extractor="syntax+llm", workers=1)
        assert list(map(repr, library.evidence())) == list(map(repr, whole.evidence()))


def test_what_was_read_without_the_model_is_as_if_it_had_not_been_asked_for(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve([Fails(500, "out of order")])
    papers = corpus(tmp_path, 2)
    with Library(tmp_path / "one") as library, Library(tmp_path / "two") as other:
        report = library.add(papers, extractor="syntax+llm", workers=1)
        other.add(papers, extractor="syntax", workers=1)
        assert library.info().revision == other.info().revision
    assert report.account is not None
    ((reason, count),) = report.account.without.items()
    assert "out of order" in reason
    assert count == 2
    assert report.failed is False


def test_trying_asks_nothing_and_tells_the_cost(tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    server = serve(reads)
    prices = tmp_path / "prices.toml"
    prices.write_text('["openai:gpt-test"]\nread = 1\nwritten = 10\n')
    monkeypatch.setenv("HYPOGRAPH_LLM_PRICES", str(prices))
    with Library(tmp_path / "library") as library:
        report = library.add(corpus(tmp_path, 3), extractor="syntax+llm", dry_run=True)
    told: dict[str, Any] = report.as_json()["estimate"]
    assert server.asked == []
    assert not (tmp_path / "library").exists()
    cost = told["language_model"]
    assert (cost["calls"], cost["cached"]) == (3, 0)
    tokens = cost["tokens"]
    assert cost["money"] == pytest.approx(tokens["read"] / 1e6 + tokens["written"] / 1e5, abs=1e-4)
    with Library(tmp_path / "library") as library:
        plain = library.add(corpus(tmp_path, 3), extractor="syntax", dry_run=True)
    assert "language_model" not in plain.as_json()["estimate"]


def test_money_is_counted_by_the_table_beside_the_library(
    tmp_path: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(reads)
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "prices.toml").write_text('["openai:gpt-test"]\nread = 1\nwritten = 10\n')
    monkeypatch.setenv("HYPOGRAPH_LLM_BUDGET_MONEY", "10")
    with Library(tmp_path / "library") as library:
        report = library.add(corpus(tmp_path, 2), extractor="llm", workers=1)
    assert report.as_json()["language_model"]["money"] == pytest.approx(2 * (300 / 1e6 + 100 / 1e5))


def test_what_is_missing_is_said_before_anything_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    papers = corpus(tmp_path, 1)
    with Library(tmp_path / "library") as library:
        with pytest.raises(UsageError, match="HYPOGRAPH_LLM"):
            library.add(papers, extractor="llm")
        assert not (tmp_path / "library").exists()
    monkeypatch.setenv("HYPOGRAPH_LLM", "openai:gpt-test")
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with Library(tmp_path / "library") as library, pytest.raises(ModelNotUsable, match="OPENAI_API_KEY"):
        library.add(papers, extractor="llm")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_key_that_is_not_accepted_ends_the_job_with_its_reason(tmp_path: Path, serve: Serve, workers: int) -> None:
    serve([Fails(401, "wrong key")])
    with Library(tmp_path / "library") as library, pytest.raises(ModelNotUsable, match="key is not accepted"):
        library.add(corpus(tmp_path, 3), extractor="llm", workers=workers)
