"""What every step that asks a model has in common: strict replies, passages shown as data, and what stands in them."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from kg.language_model import Ask, Prompt, Reply, T, careful_tokens, fitting, quoted, room
from kg.model import Hit
from kg.prompts import PromptFile, prompt_file
from kg.quotes import Places, Span
from kg.sentences import sentences

LONGEST_QUESTION = 500
"""Characters. What is longer than any question is none."""

_HALF_A_PAIR = dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")
"""Half a pair of surrogates is no character, and no request can hold it; what stands for it is as long."""
_LEAST_QUOTE = 3  # words


class Said(BaseModel):
    """What a model says: of the types asked for, and nothing beside."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")


S = TypeVar("S", bound=Said)


class Roomed:
    """An `Ask` whose prompts may have so many tokens, with the forms of their replies and without these."""

    def __init__(self, ask: Ask, tokens: int) -> None:
        self._ask, self._tokens = ask, tokens

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        return self._ask(prompt, reply_type)

    def room(self, prompt: Prompt, reply_type: type[BaseModel]) -> int:
        """Tokens that a prompt may still grow by."""
        told = (prompt.system, prompt.user, json.dumps(reply_type.model_json_schema()))
        return self._tokens - sum(map(careful_tokens, told))


@dataclass(frozen=True, slots=True)
class Shown:
    """Passages as a model sees them. `hits` are those that have room; of the last ones `left_out` have none."""

    text: str
    hits: tuple[Hit, ...]
    left_out: int = 0

    def named(self, label: str) -> Hit | None:
        """The passage of that label, None for a label that none has."""
        number = label.strip().removeprefix("P")
        if not number.isdecimal() or len(number) > 4 or not 1 <= int(number) <= len(self.hits):
            return None
        return self.hits[int(number) - 1]


@cache
def prompt(name: str) -> PromptFile:
    """A prompt of the agents."""
    return prompt_file("agents", name)


def asked(ask: Ask, name: str, reply_type: type[S], **words: str) -> S:
    """The checked reply to a prompt that holds no passages. Raises LanguageModelErrors."""
    return ask(prompt(name).filled(**words), reply_type).value


def asked_of(ask: Ask, name: str, reply_type: type[S], hits: Sequence[Hit], **words: str) -> tuple[S, Shown]:
    """The checked reply to a prompt about passages, as many as the model has room for, and those that it saw."""
    bare = prompt(name).filled(passages="", **words)
    shown = show(hits, room(ask, bare, reply_type))
    return ask(prompt(name).filled(passages=shown.text, **words), reply_type).value, shown


def show(hits: Sequence[Hit], tokens: int | None = None) -> Shown:
    """The passages with their titles, each between fences of its own; from the first on, as many as have room."""
    texts = [_fenced(f"P{number}", hit) for number, hit in enumerate(hits, 1)]
    count = fitting(texts, tokens)
    return Shown("\n".join(texts[:count]), tuple(hits[:count]), len(hits) - count)


def _fenced(label: str, hit: Hit) -> str:
    title = f"Title: {line(hit.title, 300)}\n\n" if hit.title else ""
    return quoted(f"{title}{data(hit.text)}", label) + "\n"


def fenced(text: str, name: str) -> str:
    """A text of others as data for a prompt; nothing for no text."""
    return quoted(data(text), name) if text.strip() else ""


def data(text: str) -> str:
    """A text that every request can hold."""
    return text.translate(_HALF_A_PAIR)


def line(text: str, most: int = LONGEST_QUESTION) -> str:
    """A text on one line, of so many characters at most, without what no request can hold or no screen shows."""
    return "".join(one for one in " ".join(data(text).split()) if one.isprintable())[:most].strip()


# Quotes


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole sentences of a passage: `hit.text[start:end]`."""

    hit: Hit
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.hit.text[self.start : self.end]


def stretch(hit: Hit, words: str) -> Stretch | None:
    """The sentences that hold these words of a passage, whole: so that none loses its "not". None for words that do not
    stand there, or are fewer than three."""
    if len(words.split()) < _LEAST_QUOTE:
        return None
    places = Places(hit.text).of(words)
    if not places:
        return None
    start, end = _whole(places[0], sentences(hit.text))
    return Stretch(hit, start, end)


def _whole(span: Span, every: Sequence[Span]) -> Span:
    starts = [start for start, _ in every]
    first = max(bisect_right(starts, span[0]) - 1, 0)
    last = max(bisect_right(starts, span[1] - 1) - 1, 0)
    return min(every[first][0], span[0]), max(every[last][1], span[1])
