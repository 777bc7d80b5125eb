"""Which model is asked, where, and with which key; and what it costs."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest
from pydantic import SecretStr

from kg.budget import Budget, Price
from kg.chat_models import Access, chat_model, price_of
from kg.errors import ModelNotUsable, UsageError
from kg.settings import ChatModel

MINI = ChatModel("openai", "mini", key=SecretStr("sk-secret"))


def test_a_model_is_made_with_what_is_set_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE", "ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL"):
        monkeypatch.setenv(name, "http://elsewhere.example/v1")
    for name in ("OPENAI_PROXY", "ANTHROPIC_PROXY"):
        monkeypatch.setenv(name, "http://elsewhere.example:3128")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    monkeypatch.setenv("LANGSMITH_GATEWAY", "true")
    made = chat_model(MINI)
    assert "elsewhere" not in str(made.root_client.base_url)  # type: ignore[attr-defined]
    assert "openai.com" in str(made.root_client.base_url)  # type: ignore[attr-defined]
    assert made.root_client.api_key == "sk-secret"  # type: ignore[attr-defined]
    assert made.root_client.max_retries == 0  # type: ignore[attr-defined]
    assert made.openai_proxy is None  # type: ignore[attr-defined]
    other = chat_model(ChatModel("openai", "local", "http://127.0.0.1:9/v1"))
    assert other.root_client.api_key == "none"  # type: ignore[attr-defined]
    claude = chat_model(ChatModel("anthropic", "claude", key=SecretStr("sk-secret")))
    assert "anthropic.com" in str(claude._client.base_url)  # type: ignore[attr-defined]
    assert claude.anthropic_proxy is None  # type: ignore[attr-defined]
    llama = chat_model(ChatModel("ollama", "llama", "http://127.0.0.1:9", reply_tokens=500))
    assert llama.num_predict == 500  # type: ignore[attr-defined]
    assert llama.num_ctx == 8692  # type: ignore[attr-defined]


def test_a_model_without_its_key_is_refused_before_it_is_asked() -> None:
    with pytest.raises(ModelNotUsable, match="OPENAI_API_KEY"):
        Access(ChatModel("openai", "mini")).check()
    with pytest.raises(ModelNotUsable, match="ANTHROPIC_API_KEY"):
        Access(ChatModel("anthropic", "claude")).check()
    with pytest.raises(ModelNotUsable, match="no price"):
        Access(MINI, budget=Budget(money=1)).check()
    with pytest.raises(ModelNotUsable, match="HYPOGRAPH_LLM_CONTEXT_TOKENS"):
        Access(ChatModel("ollama", "llama", context_tokens=2048, reply_tokens=2048)).check()
    Access(ChatModel("openai", "local", "http://127.0.0.1:9/v1")).check()
    Access(ChatModel("ollama", "llama")).check()
    Access(MINI).check()


def test_the_key_is_not_shown_and_reaches_another_process() -> None:
    access = Access(MINI)
    assert "sk-secret" not in repr(access) + str(access.open().__dict__["name"])
    again = pickle.loads(pickle.dumps(access))
    assert again == access
    assert again.model.key.get_secret_value() == "sk-secret"


def test_prices_come_from_the_first_table_that_names_the_model(tmp_path: Path) -> None:
    near, far = tmp_path / "near.toml", tmp_path / "far.toml"
    far.write_text('["openai:mini"]\nread = 1\nwritten = 4\n["openai:big"]\nread = 10.5\nwritten = 40\n')
    assert price_of("openai:mini", [near, far]) == Price(1, 4)
    near.write_text('["openai:mini"]\nread = 0.5\nwritten = 2\n')
    assert price_of("openai:mini", [near, far]) == Price(0.5, 2)
    assert price_of("openai:big", [near, far]) == Price(10.5, 40)
    assert price_of("openai:unknown", [near, far]) is None
    assert price_of("ollama:llama", [near, far]) == Price(0, 0)


@pytest.mark.parametrize(
    "text", ["not toml at all", '["openai:mini"]\nread = 1\n', '["openai:mini"]\nread = -1\nwritten = 1\n']
)
def test_a_table_that_is_none_is_named_with_how_one_looks(tmp_path: Path, text: str) -> None:
    (tmp_path / "prices.toml").write_text(text)
    with pytest.raises(UsageError, match=r"prices\.toml is no table of prices.*read = 0\.5"):
        price_of("openai:mini", [tmp_path / "prices.toml"])


def test_nobody_is_asked_while_a_model_is_made() -> None:
    Access(ChatModel("openai", "mini", "http://127.0.0.1:9/v1")).open()
