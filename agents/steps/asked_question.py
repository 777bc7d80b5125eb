"""A question as a language model understands it: completed, made clear, told apart; or what to ask back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import Field

from agents.steps.asked import LONGEST_QUESTION, Said, asked, fenced, line
from agents.steps.covering import holds
from agents.steps.following import Completed, Turn
from agents.steps.supporting import names, numbers
from kg.language_model import Ask
from kg.names import key_of

MOST_QUESTIONS = 5
"""That may be asked at once."""
_TURNS = 6  # of a conversation that are shown
_OPTIONS = 5
_LONGEST_BACK, _LONGEST_OPTION, _LONGEST_NOTE = 300, 100, 1500  # characters


class SaidUnderstood(Said):
    """What a model makes of a question."""

    standing: str = Field(min_length=1)
    questions: tuple[str, ...] = ()
    back: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Back:
    """A question to the person who asked, with answers to choose from."""

    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """A question as it stands by itself, and the questions in it: one at least. `back` is only proposed: whoever runs
    the workflow knows whether there is anybody to ask. `refused` are wordings that were not taken, with why."""

    whole: Completed
    parts: tuple[str, ...]
    back: Back | None = None
    refused: tuple[tuple[str, str], ...] = ()


def understood(question: str, earlier: Sequence[Turn], ask: Ask, notes: Sequence[str] = ()) -> Understood:
    """The question as a model understands it after these turns, the latest last, and with the person's `notes`, which
    may say what a word of it means.

    Another wording is taken where it adds no number and no name that nobody said, and keeps a word of what was said;
    else the question stays as it was written. Raises LanguageModelErrors.
    """
    noted = "\n\n".join(note[:_LONGEST_NOTE] for note in notes)
    told = "\n".join(f"Question: {turn.question}\nAnswer: {turn.answer}" for turn in earlier[-_TURNS:])
    words = {
        "question": fenced(question, "question"),
        "earlier": fenced(told, "earlier"),
        "notes": fenced(noted, "notes"),
    }
    said = asked(ask, "question.v2", SaidUnderstood, **words)
    known = f"{told}\n{noted}\n{question}"
    refused: list[tuple[str, str]] = []

    def taken(wording: str) -> bool:
        if (why := _foreign(wording, known)) is not None:
            refused.append((wording, why))
        return why is None

    standing = line(said.standing)
    if key_of(standing) == key_of(question) or not taken(standing):
        whole = Completed(question)
    else:
        whole = Completed(standing, "in other words, by the language model")
    parts = tuple(dict.fromkeys(filter(None, map(line, said.questions))))
    if not 1 < len(parts) <= MOST_QUESTIONS or not all(taken(part) for part in parts):
        parts = (whole.question,)
    asked_back = line(said.back, _LONGEST_BACK)
    options = tuple(dict.fromkeys(filter(None, (line(one, _LONGEST_OPTION) for one in said.options))))[:_OPTIONS]
    return Understood(whole, parts, Back(asked_back, options) if asked_back else None, tuple(refused))


def _foreign(wording: str, known: str) -> str | None:
    """Why a wording is not one of what was asked; None where it may be."""
    if not key_of(wording):
        return "it asks nothing"
    if len(wording) >= LONGEST_QUESTION:
        return "it is too long"
    if new := [one for one in numbers(wording) if one not in set(numbers(known))]:
        return f"nobody has said {new[0]}"
    if new := [one for one in names(wording) if not holds(one, known)]:
        return f"nobody has said {new[0]}"
    if not any(holds(word, known) for word in key_of(wording).split() if len(word) > 3):
        return "it has no word of what was asked"
    return None
