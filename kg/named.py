"""What a sentence names: the concepts mentioned there, capitalised names, and the works it cites."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.citations import cited
from kg.model import Mention
from kg.names import key_of
from kg.proper_names import proper_names
from kg.sentences import sentences

_BRACKETS = re.compile(r"\(([^()]*)\)")
_AT_THE_END = re.compile(r"\s*\([^()]*\)\s*$")


@dataclass(frozen=True, slots=True)
class NamedSentence:
    """`text[start:end]` of a passage is a sentence that names these, by key."""

    start: int
    end: int
    names: frozenset[str]


def named_sentences(text: str, mentions: Iterable[Mention]) -> list[NamedSentence]:
    """The sentences of a passage with what they name; `mentions` are the passage's. "Aspen, Colorado" names both and
    the whole."""
    spans = sentences(text)
    mentioned: dict[int, set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.key and (place := _place(spans, mention.start, mention.end)) is not None:
            mentioned[place].add(mention.key)
    return [
        NamedSentence(start, end, frozenset(_capitalised(text[start:end]) | mentioned[place]))
        for place, (start, end) in enumerate(spans)
    ]


def first_name(text: str) -> str:
    """The key of the first capitalised name of a text's first sentence, which is what a text without a title is
    mostly about; "" where there is none. A single word that opens the sentence must stand elsewhere in the text with a
    capital: else it may have one for its place alone."""
    spans = sentences(text)
    if not spans:
        return ""
    inside = {name.key for start, end in spans for name in proper_names(text[start:end]) if name.start > 0}
    (start, end), *_ = spans
    for name in proper_names(text[start:end]):
        if name.start > 0 or " " in name.key or name.key in inside:
            return name.key
    return ""


def called(title: str) -> str:
    """What others call a paper: the key of its title without what stands in brackets at its end."""
    return key_of(_AT_THE_END.sub("", title))


def beside(title: str) -> set[str]:
    """The keys of what stands in brackets in a title: "Alien (film)" tells of a film."""
    return {key_of(inside) for inside in _BRACKETS.findall(title)} - {""}


def _capitalised(sentence: str) -> set[str]:
    names = list(proper_names(sentence))
    found = {name.key for name in names} | cited(sentence)
    for one, other in pairwise(names):
        if sentence[one.end : other.start] == ", ":
            found.add(f"{one.key} {other.key}")
    return found


def _place(spans: Sequence[tuple[int, int]], start: int, end: int) -> int | None:
    return next((place for place, (low, high) in enumerate(spans) if low <= start and end <= high), None)
