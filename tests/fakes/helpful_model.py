"""A model for tests that a server of `tests.fakes.chat_server` plays: it does honestly what each prompt asks."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fakes.chat_server import Asked, Says

_FENCED = re.compile(r"<(\w+) ([0-9a-f]{24})>\n(.*?)\n</\1 \2>", re.DOTALL)
_SENTENCE = re.compile(r"[^.!?]+[.!?]")


def form_of(asked: Asked) -> str:
    """The name of the form that the reply shall have, as each provider is told it."""
    match asked.body:
        case {"response_format": {"json_schema": {"name": name}}}:
            return str(name)
        case {"tools": [{"name": name}]}:
            return str(name)
        case _:
            return str(asked.body["format"]["title"])


def helpful(asked: Asked, **instead: Any) -> Says:
    """A reply to one request; `instead` are replies by the names of their forms."""
    quoted = {name: text for name, _, text in _FENCED.findall(asked.user)}
    form = form_of(asked)
    said = instead[form] if form in instead else _said(form, quoted)
    return Says(json.dumps(said), usage=(1000, 50))


def _said(form: str, quoted: dict[str, str]) -> Any:
    question = quoted.get("question", "")
    passages = {name: text for name, text in quoted.items() if re.fullmatch(r"P\d+", name)}
    match form:
        case "SaidUnderstood":
            return {"standing": question}
        case "SaidPlan":
            return {"questions": [{"number": 1, "question": question}]}
        case "SaidScores":
            return {"scores": [{"passage": name, "score": 3} for name in passages]}
        case "SaidAnswer":
            sentence = _first(passages["P1"]) if passages else ""
            quotes = [{"id": "Q1", "passage": "P1", "text": sentence}]
            return {"quotes": quotes, "sentences": [{"text": sentence, "quotes": ["Q1"], "part": 1}]}
        case "SaidGaps":
            return {"missing": []}
        case "Word":
            return {"answer": "Proteins."}
        case _:
            return {}


def _first(passage: str) -> str:
    """The first sentence, after the title."""
    text = passage.partition("\n\n")[2] if passage.startswith("Title: ") else passage
    found = _SENTENCE.search(text)
    return text.strip() if found is None else found[0].strip()
