"""An answer and what it rests on, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.export import hit_json
from kg.model import Hit, shortened

if TYPE_CHECKING:
    from agents.runs import Event

UNANSWERED = "Not in your papers."


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a sentence stands: `text[start:end] == quote` of its passage, which was found in the same run."""

    paper: str
    key: str
    passage: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an answer with what it rests on: never nothing."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent on language models."""

    tokens: int = 0
    money: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question: quotes, or that it says nothing; then `hits` are the nearest passages.

    `model` names the language model that was used, None where there was none.
    """

    run: str
    question: str
    answered: bool
    answer: str
    sentences: tuple[Sentence, ...]
    hits: tuple[Hit, ...]
    steps: tuple[Event, ...]
    model: str | None = None
    cost: Cost = Cost()

    def __repr__(self) -> str:
        return f"<Answer to {shortened(self.question, 40)!r}: {shortened(self.answer, 90)!r}>"

    def as_json(self) -> dict[str, Any]:
        """The answer with the keys of the outside face."""
        return {
            "run": self.run, "question": self.question, "answered": self.answered, "answer": self.answer,
            "sentences": [
                {"text": sentence.text,
                 "citations": [{"paper": one.paper, "key": one.key, "passage": one.passage, "start": one.start,
                                "end": one.end, "quote": one.quote} for one in sentence.citations]}
                for sentence in self.sentences],
            "hits": [hit_json(hit) for hit in self.hits],
            "steps": [event.as_json() for event in self.steps],
            "model": self.model, "cost": {"tokens": self.cost.tokens, "money": self.cost.money},
        }
