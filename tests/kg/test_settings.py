"""Where settings come from, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import settings
from kg.errors import UsageError


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in settings.Settings.model_fields:
        monkeypatch.delenv(f"HYPOGRAPH_{name.upper()}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_the_call_counts_more_than_the_environment_more_than_the_file_more_than_the_defaults(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def workers(**given: object) -> tuple[object, str]:
        effective = settings.read(tmp_path, given)
        return effective.settings.workers, effective.sources["workers"]

    assert workers() == (None, "default")
    (tmp_path / "hypograph.toml").write_text("workers = 2\n")
    assert workers() == (2, str(tmp_path / "hypograph.toml"))
    monkeypatch.setenv("HYPOGRAPH_WORKERS", "3")
    assert workers() == (3, "environment (HYPOGRAPH_WORKERS)")
    assert workers(workers=4) == (4, "this call")
    assert workers(workers=None) == (3, "environment (HYPOGRAPH_WORKERS)")


def test_each_setting_is_taken_from_its_own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hypograph.toml").write_text('embedder = "from-file"\n')
    monkeypatch.setenv("HYPOGRAPH_EXTRACTOR", "from-environment")
    found = settings.read(tmp_path, {"workers": 5}).settings
    assert (found.embedder, found.extractor, found.workers) == ("from-file", "from-environment", 5)


def test_an_empty_variable_is_as_if_it_were_not_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM", "")
    monkeypatch.setenv("HYPOGRAPH_WORKERS", "")
    found = settings.read(tmp_path)
    assert found.settings.llm is None
    assert found.sources["workers"] == "default"


def test_without_a_folder_the_file_is_looked_for_in_the_current_one(tmp_path: Path) -> None:
    (tmp_path / "hypograph.toml").write_text("workers = 7\n")
    assert settings.read(None).settings.workers == 7


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("workers = 2\nthis is = = no TOML\n", "line 2"),
        ("wokers = 2\n", "Is 'workers' meant"),
        ("workers = 0\n", "workers = '0'"),
        ('workers = "many"\n', "workers = 'many'"),
        ('neo4j_password = "hunter2"\n', "HYPOGRAPH_NEO4J_PASSWORD"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_wrong(tmp_path: Path, written: str, told: str) -> None:
    (tmp_path / "hypograph.toml").write_text(written)
    with pytest.raises(UsageError) as caught:
        settings.read(tmp_path)
    assert str(tmp_path / "hypograph.toml") in str(caught.value)
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_where_no_folder_can_be_there_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "a-file").write_text("workers = 2\n")
    assert settings.read(tmp_path / "a-file").settings.workers is None


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "hypograph.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match=r"hypograph\.toml cannot be read as text"):
        settings.read(tmp_path)


def test_a_wrong_variable_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYPOGRAPH_WORKERS", "many")
    with pytest.raises(UsageError, match=r"workers = 'many', from environment \(HYPOGRAPH_WORKERS\)"):
        settings.read(tmp_path)


def test_an_unknown_argument_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'wrokers' is no setting\. There are: .*workers"):
        settings.read(tmp_path, {"wrokers": 2})


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HYPOGRAPH_NEO4J_PASSWORD", "hunter2")
    monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", "https://me:hunter2@models.example/v1")
    effective = settings.read(tmp_path)
    shown = settings.shown(effective)
    assert effective.settings.neo4j_password is not None
    assert effective.settings.neo4j_password.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(shown) + repr(effective)[: repr(effective).index("llm_base_url")]
    assert shown["neo4j_password"]["value"] == "(set, not shown)"
    assert shown["llm_base_url"]["value"] == "https://…@models.example/v1"
    assert shown["neo4j_password"]["source"] == "environment (HYPOGRAPH_NEO4J_PASSWORD)"


def test_how_a_language_model_is_asked_comes_from_its_settings(tmp_path: Path) -> None:
    given = {"llm": "openai:gpt", "llm_temperature": 0.5, "llm_reply_tokens": 100, "llm_timeout": 3, "llm_calls": 2}
    model = settings.read(tmp_path, given).settings.chat_model()
    assert model is not None
    assert (model.temperature, model.reply_tokens, model.timeout, model.calls) == (0.5, 100, 3, 2)


def test_a_key_comes_from_its_own_variable_else_from_the_provider_s(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def key(llm: str, **given: str) -> str | None:
        model = settings.read(tmp_path, {"llm": llm, **given}).settings.chat_model()
        assert model is not None
        assert "sk-" not in repr(model)
        return None if model.key is None else model.key.get_secret_value()

    monkeypatch.delenv("ANTHROPIC_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-provider")
    assert key("openai:gpt") == "sk-provider"
    assert key("anthropic:claude") is None
    assert key("openai:gpt", llm_base_url="http://another.example/v1") is None, "it is not another server's"
    monkeypatch.setenv("HYPOGRAPH_LLM_API_KEY", "sk-own")
    assert key("openai:gpt") == key("openai:gpt", llm_base_url="http://another.example/v1") == "sk-own"
    shown = settings.shown(settings.read(tmp_path))
    assert shown["llm_api_key"]["value"] == "(set, not shown)"


def test_a_key_is_not_sent_to_an_address_that_the_library_names(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def key() -> object:
        model = settings.read(tmp_path).settings.chat_model()
        assert model is not None
        return None if model.key is None else model.key.get_secret_value()

    (tmp_path / "hypograph.toml").write_text('llm = "openai:m"\nllm_base_url = "http://somewhere.example/v1"\n')
    monkeypatch.setenv("HYPOGRAPH_LLM_API_KEY", "sk-own")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-provider")
    assert key() is None
    assert "not used" in settings.shown(settings.read(tmp_path))["llm_api_key"]["source"]
    monkeypatch.setenv("HYPOGRAPH_LLM_BASE_URL", "http://somewhere.example/v1")
    assert key() == "sk-own"


def test_a_key_in_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "hypograph.toml").write_text('llm_api_key = "sk-secret"\n')
    with pytest.raises(UsageError, match="HYPOGRAPH_LLM_API_KEY") as caught:
        settings.read(tmp_path)
    assert "sk-secret" not in str(caught.value)


def test_a_language_model_is_a_provider_and_a_name(tmp_path: Path) -> None:
    def model(llm: str | None) -> settings.ChatModel | None:
        return settings.read(tmp_path, {"llm": llm}).settings.chat_model()

    assert model(None) is None
    assert model("ollama:llama3:8b") == settings.ChatModel("ollama", "llama3:8b")
    assert str(model("ollama:llama3:8b")) == "ollama:llama3:8b"
    for wrong in ("no-such-provider:x", "openai", "openai:", ":gpt"):
        with pytest.raises(UsageError) as caught:
            model(wrong)
        assert wrong in str(caught.value)
        assert "anthropic" in str(caught.value)
