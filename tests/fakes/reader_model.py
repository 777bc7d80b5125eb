"""A model for tests that reads `A improves B` and `A harms B` out of the passage it is asked about."""

from __future__ import annotations

import json
import re

from kg.language_model import Prompt, Reply, T

_PASSAGE = re.compile(r"<passage (\w+)>\n(.*)\n</passage \1>", re.DOTALL)
_CLAIM = re.compile(r"\b(\w+) (improves|harms) (\w+)")


def passage_of(prompt: str) -> str:
    """The text between the fences of a prompt."""
    found = _PASSAGE.search(prompt)
    assert found is not None, prompt
    return found[2]


def reading(text: str) -> str:
    """What the model says of a passage, as JSON."""
    claims = list(_CLAIM.finditer(text))
    return json.dumps(
        {
            "concepts": [{"text": one[group], "type": "Method"} for one in claims for group in (1, 3)],
            "relations": [
                {
                    "quote": one[0],
                    "subject": one[1],
                    "predicate": "improves" if one[2] == "improves" else "worsens",
                    "object": one[3],
                    "words": one[2],
                    "denied": False,
                    "hedged": False,
                }
                for one in claims
            ],
        }
    )


def ask(prompt: Prompt, reply_type: type[T]) -> Reply[T]:
    """An `Ask` of that model."""
    said = reading(passage_of(prompt.user))
    return Reply(reply_type.model_validate_json(said), said, "fake:reader")
