"""A model for tests that says what was scripted for each prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from kg.budget import Usage
from kg.errors import LanguageModelError, NoReply
from kg.language_model import Prompt, Reply, T

_FENCED = re.compile(r"<(\w+) ([0-9a-f]{24})>\n(.*?)\n</\1 \2>", re.DOTALL)

Script = Callable[[Prompt], Any] | LanguageModelError | str | dict[str, Any]


def between_fences(prompt: Prompt) -> dict[str, str]:
    """What a prompt quotes, by the name of its fence."""
    return {name: text for name, _, text in _FENCED.findall(prompt.user)}


class ScriptedAsk:
    """An `Ask`. Scripts go by the prompt's name: a text, an object, a function of the prompt, an error to raise."""

    def __init__(self, **scripts: Script) -> None:
        self.scripts = scripts
        self.asked: list[Prompt] = []

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        self.asked.append(prompt)
        script = self.scripts[prompt.name.partition("@")[0]]
        said = script(prompt) if callable(script) else script
        if isinstance(said, LanguageModelError):
            raise said
        text = said if isinstance(said, str) else json.dumps(said)
        try:
            return Reply(reply_type.model_validate_json(text), text, "fake:scripted", Usage(1, 0, 100, 20))
        except ValidationError as error:
            raise NoReply(f"fake:scripted replied with what was not asked for: {error.error_count()} faults") from None
