"""Language models by provider and name: which package speaks with which, and what their failures mean.

The model that the settings name is the only one that is ever asked, at the address they name: nothing in the
environment but its provider's key is listened to. Packages of providers are loaded with the first question.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from kg.budget import Budget, FilePurse, MemoryPurse, Price, Purse
from kg.errors import ModelNotUsable, UsageError
from kg.language_model import Failures, LanguageModel
from kg.reply_cache import FILE, ReplyCache
from kg.settings import KEYS, ChatModel, Settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langchain_core.language_models import BaseChatModel

PRICES = "prices.toml"
_NO_KEY = "none"  # what is sent to a server that wants none
_FREE = Price(0, 0)

_PACKAGES = {"openai": "langchain_openai", "anthropic": "langchain_anthropic", "ollama": "langchain_ollama"}
_ADDRESSES = {"openai": "https://api.openai.com/v1", "anthropic": "https://api.anthropic.com"}


@dataclass(frozen=True, slots=True)
class Access:
    """Everything it takes to ask a model, as a plain value: another process can open the same one.

    `cache` is the file of its replies, `priced_by` the table that holds the price. `purse` holds a budget for several
    processes; without it, `budget` is for each opening alone.
    """

    model: ChatModel
    price: Price | None = None
    budget: Budget = field(default_factory=Budget)
    cache: Path | None = None
    purse: FilePurse | None = None
    priced_by: Path | None = None

    @property
    def name(self) -> str:
        """PROVIDER:NAME."""
        return str(self.model)

    def sharing(self, folder: Path) -> Access:
        """The same with a full purse for several processes, in a new file in `folder`."""
        return replace(self, purse=FilePurse.made(folder / "purse.sqlite", self.budget))

    def check(self) -> None:
        """Raises ModelNotUsable for what can be seen without asking: a missing package, key or price."""
        package = _PACKAGES[self.model.provider]
        if find_spec(package) is None:
            raise ModelNotUsable(
                f"The language model {self.name} needs the package {package.replace('_', '-')}, which is not "
                f"installed. Install it with `pip install 'hypograph[{self.model.provider}]'`, or unset HYPOGRAPH_LLM."
            )
        if self.model.key is None and self.model.base_url is None and self.model.provider in KEYS:
            raise ModelNotUsable(
                f"The language model {self.name} needs a key. Set {KEYS[self.model.provider]} or HYPOGRAPH_LLM_API_KEY "
                "in the environment, or HYPOGRAPH_LLM_BASE_URL for a server that needs none."
            )
        window = self.model.window
        if window is not None and window <= self.model.reply_tokens:
            raise ModelNotUsable(
                f"The language model {self.name} has no room for a prompt: of the {window:,} tokens of its window "
                f"(HYPOGRAPH_LLM_CONTEXT_TOKENS) a reply may take {self.model.reply_tokens:,} "
                "(HYPOGRAPH_LLM_REPLY_TOKENS). Set the first higher, or the second lower."
            )
        self.open()

    def open(self) -> LanguageModel:
        """The model, ready to be asked; nothing is loaded or called before the first question."""
        model = self.model
        purse: Purse = MemoryPurse(self.budget) if self.purse is None else self.purse
        return LanguageModel(
            self.name,
            lambda: chat_model(model),
            failures=lambda: _failures(model.provider),
            parameters={"temperature": model.temperature, "reply_tokens": model.reply_tokens},
            price=self.price,
            purse=purse,
            cache=None if self.cache is None else ReplyCache(self.cache),
            retries=model.retries,
            reply_tokens=model.reply_tokens,
            context_tokens=model.window,
            calls=model.calls,
            seconds=model.timeout,
            hidden=None if model.key is None else model.key.get_secret_value(),
        )


def access(settings: Settings, folder: Path | None) -> Access | None:
    """The way to the model that the settings name, for a library in `folder` (None: it is in none); None without one.

    Replies are kept in that folder where it exists, else in the user's cache. Raises UsageError for a table of prices
    that is none.
    """
    model = settings.chat_model()
    if model is None:
        return None
    from platformdirs import user_cache_path, user_config_path

    if settings.llm_prices is not None:
        tables = [Path(settings.llm_prices).expanduser()]
        if not tables[0].exists():
            raise UsageError(f"There is no table of prices {tables[0]} (HYPOGRAPH_LLM_PRICES).")
    else:
        tables = [user_config_path("hypograph", appauthor=False) / PRICES]
        if folder is not None:
            tables.insert(0, folder / PRICES)
    kept = folder if folder is not None and folder.is_dir() else user_cache_path("hypograph", appauthor=False)
    budget = Budget(settings.llm_budget_tokens, settings.llm_budget_money, settings.llm_budget_seconds)
    price, table = price_and_table(str(model), tables)
    return Access(model, price, budget, kept / FILE, priced_by=table)


def chat_model(model: ChatModel) -> BaseChatModel:
    """langchain's chat model for it. It does not retry, does not stream, and has its address and key from `model`."""
    key = _NO_KEY if model.key is None else model.key.get_secret_value()
    address = model.base_url if model.base_url is not None else _ADDRESSES.get(model.provider)
    made: dict[str, Any] = {"model": model.name, "temperature": model.temperature, "base_url": address}
    asked: dict[str, Any] = {
        "api_key": key,
        "max_tokens": model.reply_tokens,
        "timeout": model.timeout,
        "max_retries": 0,
    }
    match model.provider:
        case "openai":
            from langchain_openai import ChatOpenAI

            return ChatOpenAI(**made, **asked, openai_proxy=None)
        case "anthropic":
            from langchain_anthropic import ChatAnthropic

            return ChatAnthropic(**made, **asked, anthropic_proxy=None)
        case "ollama":
            from langchain_ollama import ChatOllama

            headers = {} if model.key is None else {"headers": {"Authorization": f"Bearer {key}"}}
            return ChatOllama(
                **made,
                num_predict=model.reply_tokens,
                num_ctx=model.window,
                client_kwargs={"timeout": model.timeout, **headers},
            )
    raise ModelNotUsable(f"No language model can be had from {model.provider!r}.")


# What the packages raise where a server's answer is none at all, beside errors of their own.
_NO_ANSWER = (AttributeError, LookupError, TypeError, ValueError)


def _failures(provider: str) -> Failures:
    match provider:
        case "openai":
            import openai

            return Failures(
                errors=(openai.APIError,),
                passing=(openai.APIResponseValidationError, *_broken_off(), *_NO_ANSWER),
                cut_off=(openai.LengthFinishReasonError,),
                refused=(openai.ContentFilterFinishReasonError,),
            )
        case "anthropic":
            import anthropic

            return Failures(
                errors=(anthropic.APIError,),
                passing=(anthropic.APIResponseValidationError, *_broken_off(), *_NO_ANSWER),
            )
        case _:
            import ollama

            return Failures(errors=(ollama.ResponseError,), passing=(ConnectionError, *_broken_off(), *_NO_ANSWER))


def _broken_off() -> tuple[type[Exception], ...]:
    """A stream that ends before its end is told by the package below the provider's, which is one of these two."""
    there = [name for name in ("httpx", "httpx2") if find_spec(name) is not None]
    return tuple(import_module(name).HTTPError for name in there)


# Prices ---------------------------------------------------------------------------------------------------------------


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")

    read: float = Field(ge=0)
    written: float = Field(ge=0)


_TABLE = TypeAdapter(dict[str, _Row])


def price_of(model: str, files: Iterable[Path]) -> Price | None:
    """What PROVIDER:NAME costs by the first of the tables that names it; None where none does. What runs on Ollama
    costs nothing unless a table says so. Raises UsageError for a table that is none."""
    return price_and_table(model, files)[0]


def price_and_table(model: str, files: Iterable[Path]) -> tuple[Price | None, Path | None]:
    """The same, and the table that says so."""
    for file in files:
        try:
            text = file.read_text(encoding="utf-8")
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"The table of prices {file} cannot be read ({error}). Mend it, or remove it.") from None
        try:
            row = _TABLE.validate_python(tomllib.loads(text)).get(model)
        except (tomllib.TOMLDecodeError, ValidationError) as error:
            raise UsageError(
                f"{file} is no table of prices: {' '.join(str(error).split())[:300]}. A price is written so: "
                f'["{model}"] read = 0.5 written = 2.0, each on a line of its own, for a million tokens.'
            ) from None
        if row is not None:
            return Price(row.read, row.written), file
    return _FREE if model.startswith("ollama:") else None, None
