"""An answer and what it rests on, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.export import hit_json, paper_json
from kg.model import Hit, Paper, shortened

if TYPE_CHECKING:
    from agents.runs import Asked, Event

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
class Part:
    """One of the questions that a question was made into, and how many of the sentences, from the `first` on, answer
    it."""

    question: str
    answered: bool
    first: int = 0
    sentences: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """Sentences of a report under a heading, "" for none."""

    heading: str
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What was spent on language models; `money` None where a price is not known."""

    tokens: int = 0
    money: float | None = 0.0


@dataclass(frozen=True, slots=True)
class Remembered:
    """A note that a run was told of, in the version that it was then. It is the person's, or what an earlier run
    concluded (`by`): no paper states it, and nothing is cited from it."""

    id: str
    version: int
    title: str
    text: str
    by: str = "person"

    def as_json(self) -> dict[str, Any]:
        """The note as plain values."""
        return {"id": self.id, "version": self.version, "title": self.title, "text": self.text, "by": self.by}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the library says to a question: quotes, or that it says nothing; then `hits` are the nearest passages.

    `completed` is the question as it was understood after those before it, `route` the way in which it was answered,
    `parts` the questions that it was made into, each with its run of the sentences. `notes` say what a reader should
    know: that papers deny what the question assumes, that all rests on one paper, what is not covered. `papers` are
    those cited, in the order of their first quote. `model` names the language model that was used, None where there
    was none. `waiting` is what the person is asked before there is an answer. `sections` are a report in connected
    sentences, where one was wished for and a language model has written it.
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
    completed: str = ""
    route: str = "passages"
    parts: tuple[Part, ...] = ()
    notes: tuple[str, ...] = ()
    papers: tuple[Paper, ...] = ()
    waiting: Asked | None = None
    sections: tuple[Section, ...] = ()
    remembered: tuple[Remembered, ...] = ()

    def __repr__(self) -> str:
        return f"<Answer to {shortened(self.question, 40)!r}: {shortened(self.answer, 90)!r}>"

    def report(self) -> str:
        """The answer as Markdown with numbered references and their BibTeX: see `agents.report`."""
        from agents.report import markdown

        return markdown(self)

    def bibtex(self) -> str:
        """The papers cited as BibTeX."""
        from kg.bibtex import bibliography

        return bibliography(self.papers)

    def as_json(self) -> dict[str, Any]:
        """The answer with the keys of the outside face."""
        return {
            "run": self.run, "question": self.question, "answered": self.answered, "answer": self.answer,
            "sentences": [_sentence_json(sentence) for sentence in self.sentences],
            "hits": [hit_json(hit) for hit in self.hits],
            "steps": [event.as_json() for event in self.steps],
            "model": self.model, "cost": {"tokens": self.cost.tokens, "money": self.cost.money},
            "completed": self.completed, "route": self.route, "notes": list(self.notes),
            "parts": [{"question": part.question, "answered": part.answered, "first": part.first,
                       "sentences": part.sentences} for part in self.parts],
            "papers": [paper_json(paper) for paper in self.papers],
            "waiting": None if self.waiting is None else self.waiting.as_json(),
            "sections": [{"heading": section.heading, "sentences": [_sentence_json(one) for one in section.sentences]}
                         for section in self.sections],
            "remembered": [one.as_json() for one in self.remembered],
        }

    def outcome(self) -> dict[str, Any]:
        """What a run keeps of it besides its steps: all but the passages."""
        told = self.as_json()
        return {name: told[name] for name in told if name not in ("run", "hits", "steps")}


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    return {"text": sentence.text,
            "citations": [{"paper": one.paper, "key": one.key, "passage": one.passage, "start": one.start,
                           "end": one.end, "quote": one.quote} for one in sentence.citations]}
