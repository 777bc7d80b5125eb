"""Settings of a library, from the places they may come from.

What was said in the call counts most, then the environment (`HYPOGRAPH_WORKERS=4`), then the library's
`hypograph.toml`, then the defaults. This is the one module that reads the environment and that file.

A library in a folder has its `hypograph.toml` in that folder; for a library on a server it is looked for in the
current folder. Secrets come from the environment alone.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from kg.errors import UsageError

FILE = "hypograph.toml"
PREFIX = "HYPOGRAPH_"
PROVIDERS = ("openai", "anthropic", "ollama")
_OLLAMA_PROMPT = 8192  # tokens
KEYS = {"openai": "OPENAI_API_KEY", "anthropic": "ANTHROPIC_API_KEY"}


class Settings(BaseSettings):
    """What a library works with; every field can be set as `HYPOGRAPH_` and its name in capitals."""

    # A language model's own name holds a colon and may begin with `model_`, which pydantic would keep for itself.
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, protected_namespaces=()
    )

    embedder: str = Field(default="minilm", min_length=1, description="what turns text into vectors")
    extractor: str = Field(default="science", min_length=1, description="what finds concepts and relations")
    workers: int | None = Field(
        default=None,
        ge=1,
        le=1024,
        description="processes that read papers; unset: as the work and the processors ask for",
    )
    file_mb: int = Field(default=256, ge=1, description="MiB that a file may have")
    file_seconds: float = Field(default=60, gt=0, description="seconds that reading a file may take")
    file_memory_mb: int = Field(default=1024, ge=64, description="MiB of memory that reading a file may take")
    llm: str | None = Field(default=None, description="a chat model as PROVIDER:NAME; unset means none")
    llm_base_url: str | None = Field(default=None, description="the address of its server, if not its provider's own")
    llm_api_key: SecretStr | None = Field(default=None, description="its key, from the environment alone")
    llm_temperature: float = Field(default=0, ge=0, le=2, description="0: as much the same each time as can be had")
    llm_reply_tokens: int = Field(default=4096, ge=64, description="tokens that one reply may have")
    llm_context_tokens: int | None = Field(
        default=None, ge=1024, description="tokens that prompt and reply may have together; unset: as the server says"
    )
    llm_timeout: float = Field(default=120, gt=0, description="seconds that one call may take")
    llm_retries: int = Field(default=4, ge=0, le=20, description="how often a call that failed is tried again")
    llm_calls: int = Field(default=4, ge=1, le=256, description="calls that one process makes at once")
    llm_budget_tokens: int | None = Field(default=None, ge=1, description="tokens that one job or run may take")
    llm_budget_money: float | None = Field(default=None, gt=0, description="what one job or run may cost")
    llm_budget_seconds: float | None = Field(default=None, gt=0, description="seconds in which one job or run may ask")
    llm_prices: str | None = Field(
        default=None, description="a table of prices; unset: prices.toml in the library's folder, else in your own"
    )
    neo4j_user: str = Field(default="neo4j", description="who logs in to a neo4j:// or bolt:// library")
    neo4j_password: SecretStr | None = Field(default=None, description="its password, from the environment alone")
    neo4j_patience: float = Field(default=30, ge=0, description="seconds that a write to a server is tried again for")
    vector_index: Literal["faiss", "server"] = Field(
        default="faiss", description="where the nearest vectors are looked for: faiss, on this machine, or server"
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The values handed over alone: `read` has put the places together, so that it can say which one was taken."""
        return (init_settings,)

    def chat_model(self) -> ChatModel | None:
        """The language model that `llm` names; UsageError when nobody offers one under that name."""
        if self.llm is None:
            return None
        provider, colon, name = self.llm.partition(":")
        if provider not in PROVIDERS or not colon or not name.strip():
            raise UsageError(
                f"No language model can be had as {self.llm!r} (HYPOGRAPH_LLM). It is written PROVIDER:NAME, and the "
                f"provider is one of {', '.join(PROVIDERS)}; unset means none, and everything still works."
            )
        return ChatModel(
            provider,
            name,
            self.llm_base_url,
            self._key(provider),
            self.llm_temperature,
            self.llm_reply_tokens,
            self.llm_context_tokens,
            self.llm_timeout,
            self.llm_retries,
            self.llm_calls,
        )

    def _key(self, provider: str) -> SecretStr | None:
        """HYPOGRAPH_LLM_API_KEY, else the provider's own variable; this one is not sent to another's server."""
        if self.llm_api_key is not None or self.llm_base_url is not None or provider not in KEYS:
            return self.llm_api_key
        return SecretStr(found) if (found := os.environ.get(KEYS[provider])) else None


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A language model and how to ask it. Values of pydantic hide the key where this is printed."""

    provider: str
    name: str
    base_url: str | None = None
    key: SecretStr | None = None
    temperature: float = 0
    reply_tokens: int = 4096
    context_tokens: int | None = None
    timeout: float = 120
    retries: int = 4
    calls: int = 4

    def __str__(self) -> str:
        return f"{self.provider}:{self.name}"

    @property
    def window(self) -> int | None:
        """Tokens that prompt and reply may have together; None leaves it to the server. Ollama cuts prompts short,
        without a word, at a few thousand tokens unless it is told otherwise, so it always is."""
        if self.context_tokens is not None or self.provider != "ollama":
            return self.context_tokens
        return _OLLAMA_PROMPT + self.reply_tokens


class Effective(NamedTuple):
    """Settings, and for each of them the place it came from."""

    settings: Settings
    sources: Mapping[str, str]


def read(folder: Path | None = None, given: Mapping[str, Any] | None = None) -> Effective:
    """The settings that hold for a library in `folder` (None: the current folder), where `given` ones count most;
    those given as None count as not given.

    Raises UsageError that names the place when a value cannot be used.
    """
    file = (Path.cwd() if folder is None else folder) / FILE
    said = {name: value for name, value in (given or {}).items() if value is not None}
    environment = {name: value for name, value in EnvSettingsSource(Settings)().items() if value is not None}
    written = _toml(file)
    sources = dict.fromkeys(Settings.model_fields, "default")
    sources |= dict.fromkeys(written, str(file))
    sources |= {name: f"environment ({PREFIX}{name.upper()})" for name in environment}
    sources |= dict.fromkeys(said, "this call")
    values = written | environment | said
    if sources["llm_base_url"] == str(file) and "llm_api_key" in values:
        # The library may be somebody else's: their file does not decide where a person's key goes.
        del values["llm_api_key"]
        sources["llm_api_key"] = f"set, but not used: {file} names the address. Set {PREFIX}LLM_BASE_URL to trust it"
    try:
        return Effective(Settings(**values), sources)
    except ValidationError as error:
        raise UsageError(_told(error, sources)) from None


def shown(effective: Effective) -> dict[str, dict[str, Any]]:
    """Name -> value, source and meaning, without secrets: of those only whether they are set."""
    rows = {}
    for name, field in Settings.model_fields.items():
        value = getattr(effective.settings, name)
        if isinstance(value, SecretStr):
            value = "(set, not shown)"
        elif name == "llm_base_url" and value is not None:
            value = without_password(value)
        rows[name] = {"value": value, "source": effective.sources[name], "meaning": field.description}
    return rows


def without_password(address: str) -> str:
    """An address without who logs in there and how."""
    return re.sub(r"//[^/@]*@", "//…@", address)


def _toml(file: Path) -> dict[str, Any]:
    try:
        text = file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read as text ({_reason(error)}). Mend it, or remove it.") from None
    try:
        written = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"{file} is not TOML: {error}. Mend that line (as in `workers = 4`), or remove the file."
        ) from None
    fields = Settings.model_fields
    for name in written:
        if name not in fields:
            near = get_close_matches(name, fields, n=1)
            raise UsageError(
                f"{file} sets {name!r}, which is no setting."
                f"{f' Is {near[0]!r} meant?' if near else ''} There are: {', '.join(fields)}."
            )
        if fields[name].annotation == SecretStr | None:
            raise UsageError(
                f"{file} holds {name!r}. Secrets come from the environment alone: take it out, and set "
                f"{PREFIX}{name.upper()}."
            )
    return written


def _reason(error: OSError | UnicodeDecodeError) -> str:
    return os.strerror(error.errno) if isinstance(error, OSError) and error.errno else "it is not UTF-8"


def _told(error: ValidationError, sources: Mapping[str, str]) -> str:
    told = []
    for one in error.errors(include_url=False):
        name = str(one["loc"][0])
        if name not in Settings.model_fields:
            told.append(f"{name!r} is no setting. There are: {', '.join(Settings.model_fields)}.")
            continue
        secret = Settings.model_fields[name].annotation == SecretStr | None
        value = "" if secret else f" = {str(one['input'])[:80]!r}"
        told.append(f"{name}{value}, from {sources[name]}, cannot be used: {one['msg']}.")
    return " ".join(told)
