"""Prompts as files: what a model is told can be read, compared and reviewed like anything else.

A file `NAME.vN.md` holds what is the same for every call, a line `=== user ===`, and what is said each time; `$words`
stand for what is filled in. A change of what it says is a new file with the next number.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from kg.language_model import Prompt

_SEPARATOR = "\n=== user ===\n"


@dataclass(frozen=True, slots=True)
class PromptFile:
    """A prompt to be filled in. `name` is NAME@N-DIGEST, so that an edit without a new number does not go unseen."""

    name: str
    system: str
    user: str

    def filled(self, **values: str) -> Prompt:
        """The prompt with these words. Raises KeyError for one that is missing; a value is never filled in itself."""
        return Prompt(self.name, Template(self.system).substitute(values), Template(self.user).substitute(values))


def prompt_file(package: str, name: str) -> PromptFile:
    """The file `name` ("relations.v1") in the folder `prompts` of a package."""
    text = files(package).joinpath("prompts", f"{name}.md").read_text(encoding="utf-8")
    system, separator, user = text.partition(_SEPARATOR)
    if not separator:
        raise ValueError(f"the prompt {name} of {package} has no line {_SEPARATOR.strip()!r}")
    stem, _, number = name.rpartition(".v")
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return PromptFile(f"{stem}@{number}-{digest}", system.strip(), user.strip())
