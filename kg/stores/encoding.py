"""Parts of facts as text and bytes, for stores that keep them in one column or property."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from typing import Any, TypeVar

from kg.model import Box, Mention, PaperFacts, Passage, Quantity, Statement

T = TypeVar("T")

MANY = 500  # rows sent or asked for at once


def as_json(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parts(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Runs of at most MANY values: a parameter may not grow without end."""
    return (values[start : start + MANY] for start in range(0, len(values), MANY))


def paper_facts(stored: str) -> PaperFacts:
    """From the JSON of their fields."""
    read = json.loads(stored)
    return PaperFacts(
        read["title"],
        tuple(read["authors"]),
        read["year"],
        read["venue"],
        tuple((scheme, value) for scheme, value in read["identifiers"]),
        read["status"],
    )


def quantities_json(quantities: Sequence[Quantity]) -> str:
    """What `quantities` reads again."""
    return as_json([astuple(one) for one in quantities])


def quantities(stored: str) -> tuple[Quantity, ...]:
    """From `quantities_json`."""
    return tuple(Quantity(*one) for one in json.loads(stored))


@dataclass(frozen=True, slots=True)
class PassageFacts:
    """A passage and what was read in it; mentions and statements by their place in it."""

    passage: Passage
    mentions: tuple[Mention, ...]
    statements: tuple[Statement, ...]


def packed(facts: PassageFacts) -> bytes:
    """Boxes, mentions and statements as compressed JSON; the texts of mentions and quotes stand in the passage."""
    told = {
        "boxes": [astuple(box) for box in facts.passage.boxes],
        "mentions": [(one.start, one.end, one.key, one.label, one.name, one.confidence) for one in facts.mentions],
        "statements": [
            (
                one.start,
                one.end,
                one.subject,
                one.predicate,
                one.object,
                one.words,
                one.polarity,
                one.certainty,
                one.confidence,
                one.extractors,
                one.candidate,
                [astuple(quantity) for quantity in one.quantities],
            )
            for one in facts.statements
        ],
    }
    return zlib.compress(as_json(told).encode("utf-8", "surrogatepass"), 6)


def unpacked(
    stored: bytes, id: str, text: str, start: int, section: str | None, kind: str | None, page: int | None
) -> PassageFacts:
    """From `packed` and the passage's own fields."""
    told = json.loads(zlib.decompress(stored).decode("utf-8", "surrogatepass"))
    return PassageFacts(
        Passage(id, text, start, section, kind, page, tuple(Box(*box) for box in told["boxes"])),
        tuple(_mention(id, text, *one) for one in told["mentions"]),
        tuple(_statement(id, text, *one) for one in told["statements"]),
    )


def _mention(
    passage: str, text: str, start: int, end: int, key: str, label: str, name: str, confidence: float
) -> Mention:
    return Mention(passage, start, end, text[start:end], label, name, key, confidence)


def _statement(
    passage: str, text: str, start: int, end: int, subject: str, predicate: str, object: str, *rest: Any
) -> Statement:
    words, polarity, certainty, confidence, extractors, candidate, measured = rest
    return Statement(
        passage,
        start,
        end,
        text[start:end],
        subject,
        predicate,
        object,
        words,
        polarity,
        certainty,
        confidence,
        tuple(extractors),
        candidate,
        tuple(Quantity(*one) for one in measured),
    )
