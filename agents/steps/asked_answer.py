"""An answer that a language model writes: evidence first, then sentences that rest on it; of both only what holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import Field

from agents.answer import Citation, Sentence
from agents.steps.asked import Said, Stretch, asked_of, fenced, line, stretch
from agents.steps.outlining import SubQuestion
from kg.language_model import Ask
from kg.model import Hit

MOST = 8
"""Sentences of an answer."""
LONGEST = 600
"""Characters of a sentence."""

Check = Callable[[str, Sequence[str], Sequence[str]], str | None]
"""Why a sentence does not rest on quotes (the second) and titles (the third), None where it does: see
`agents.steps.supporting`."""


class SaidQuote(Said):
    """Words of a passage, by its label."""

    id: str = Field(min_length=1)
    passage: str
    text: str


class SaidSentence(Said):
    """A sentence with the quotes it rests on, and the number of the question that it answers."""

    text: str
    quotes: tuple[str, ...] = ()
    part: int = 0


class SaidAnswer(Said):
    """Evidence, and what is made of it."""

    quotes: tuple[SaidQuote, ...] = ()
    sentences: tuple[SaidSentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A sentence that was not taken, and why."""

    text: str
    why: str

    def as_json(self) -> dict[str, str]:
        """What an event tells."""
        return {"text": self.text, "why": self.why}


@dataclass(frozen=True, slots=True)
class Written:
    """The sentences that hold, by the number of the question they answer; those that do not; how many quotes were
    dropped by reason; and passages for which there was no room. `silent`: the model found no answer, and said so."""

    sentences: Mapping[int, tuple[Sentence, ...]]
    unsupported: tuple[Unsupported, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    left_out: int = 0
    silent: bool = False

    def as_json(self) -> dict[str, Any]:
        """What the event of the answer tells beside the sentences."""
        return {
            "unsupported": [one.as_json() for one in self.unsupported],
            "dropped_quotes": dict(self.dropped),
            "left_out": self.left_out,
        }


def written(question: str, parts: Sequence[SubQuestion], hits: Sequence[Hit], check: Check, ask: Ask) -> Written:
    """The model's answer to a question that was made into parts, from these passages, the best first.

    A quote is taken with the whole sentences that hold its words, where the passage that it names has them. A sentence
    is taken that names quotes which were taken, and rests on them by `check`. Raises LanguageModelErrors.
    """
    listed = "\n".join(f"{one.number}. {one.question}" for one in parts)
    said, shown = asked_of(
        ask,
        "answer.v1",
        SaidAnswer,
        hits,
        question=fenced(question, "question"),
        parts=fenced(listed, "parts"),
        most=str(MOST),
    )
    dropped: Counter[str] = Counter()
    quotes: dict[str, Stretch] = {}
    for one in said.quotes:
        hit = shown.named(one.passage)
        there = None if hit is None else stretch(hit, one.text)
        if one.id in quotes:
            dropped["its id is taken"] += 1
        elif hit is None:
            dropped["its passage was not shown"] += 1
        elif there is None:
            dropped["it does not stand in its passage"] += 1
        else:
            quotes[one.id] = there
    sentences: dict[int, list[Sentence]] = {one.number: [] for one in parts}
    unsupported: list[Unsupported] = []
    seen: set[str] = set()
    for each in said.sentences[:MOST]:
        text = line(each.text, LONGEST)
        rests = [quotes[id] for id in dict.fromkeys(each.quotes) if id in quotes]
        why = unfit(text, rests, check)
        if why is None and text.casefold() in seen:
            continue
        seen.add(text.casefold())
        if why is not None:
            unsupported.append(Unsupported(text, why))
        else:
            number = each.part if each.part in sentences else parts[-1].number
            sentences[number].append(cited(text, rests))
    unsupported += [Unsupported(line(each.text, LONGEST), "there are too many") for each in said.sentences[MOST:]]
    kept = {number: tuple(some) for number, some in sentences.items()}
    return Written(kept, tuple(unsupported), dropped, shown.left_out, not said.sentences)


def unfit(text: str, rests: Sequence[Stretch], check: Check) -> str | None:
    """Why a sentence is not taken, None where it is."""
    if not any(one.isalnum() for one in text):
        return "it says nothing"
    if len(text) >= LONGEST:
        return "it is too long"
    if not rests:
        return "it rests on no quote that holds"
    return check(text, [one.text for one in rests], [one.hit.title for one in rests])


def cited(text: str, rests: Sequence[Stretch]) -> Sentence:
    """A sentence with the places of its quotes."""
    return Sentence(
        text,
        tuple(
            dict.fromkeys(
                Citation(one.hit.paper, one.hit.key, one.hit.passage, one.start, one.end, one.text) for one in rests
            )
        ),
    )
