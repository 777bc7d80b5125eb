"""What a language model says of a passage, and what of it stands there.

A reply is data: names and quotes are looked up in the passage, and what is not found there is dropped and counted.
Offsets are found here; a model is never asked for them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict, Field

from ingest.extract.extractor import FoundMention, FoundRelation
from kg.model import ANY_TYPE
from kg.predicates import PREDICATES
from kg.quotes import Places, Span
from kg.sentences import sentences

TYPES: Mapping[str, str] = {
    "Material": "what things are made of",
    "Chemical": "a substance, a molecule",
    "Gene": "or a protein",
    "Variant": "of a gene",
    "Organism": "a species",
    "Cell line": "",
    "Disease": "or a symptom",
    "Form": "the shape that a material has",
    "Device": "",
    "Instrument": "",
    "Method": "a technique, a model",
    "Process": "what happens or is done",
    "Property": "what can be measured of a thing",
    "Metric": "what results are measured by",
    "Task": "a problem that is worked on",
    "Data": "a data set",
    "Concept": "anything else",
}
"""The types a model may give, with a word on each."""

RELATION_CONFIDENCE = 0.75
MENTION_CONFIDENCE = 0.75
"""Priors, for any model: what a model says of its own confidence says little."""

_LONGEST_NAME = 120


class SaidConcept(BaseModel):
    """A concept as a model names it."""

    model_config = ConfigDict(frozen=True)

    text: str = Field(description="copied from the passage")
    type: str = Field(default=ANY_TYPE, description="one of the types")


class SaidRelation(BaseModel):
    """A relation as a model reads it."""

    model_config = ConfigDict(frozen=True)

    quote: str = Field(description="the words of one sentence that state it, copied from the passage")
    subject: str = Field(description="copied from that sentence")
    predicate: str = Field(description="one of the predicates")
    object: str = Field(description="copied from that sentence")
    words: str = Field(default="", description="the words that stand for the predicate")
    denied: bool = False
    hedged: bool = False


class Reading(BaseModel):
    """What a model says of one passage."""

    concepts: list[SaidConcept] = Field(default_factory=list)
    relations: list[SaidRelation] = Field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a reading stands in its passage; relations count the mentions from 0. `dropped` counts by reason."""

    mentions: tuple[FoundMention, ...]
    relations: tuple[FoundRelation, ...]
    dropped: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Relation:
    said: SaidRelation
    sentence: Span
    subject: Span
    object: Span
    predicate: str


def standing(reading: Reading, passage: int, text: str, long_forms: Mapping[str, str], extractor: str) -> Standing:
    """Looks a reading up in its passage, whose place among the paper's is `passage`; `long_forms` are those of the
    paper's abbreviations."""
    dropped: Counter[str] = Counter()
    place = _Text(text)
    labels = _labels(reading, place, dropped)
    relations = [one for said in reading.relations if (one := _relation(said, place, dropped)) is not None]
    ends = {end for one in relations for end in (one.subject, one.object)}
    taken = _without_overlaps(ends, set(labels) - ends)
    mentions = tuple(
        FoundMention(
            passage,
            start,
            end,
            labels.get((start, end), ANY_TYPE),
            _name(text[start:end], long_forms),
            MENTION_CONFIDENCE,
        )
        for start, end in taken
    )
    found: dict[tuple[Span, int, int, str], FoundRelation] = {}
    for one in relations:
        subject, object_ = nearest(one.subject, taken), nearest(one.object, taken)
        if subject is None or object_ is None or subject == object_:
            dropped["the ends of a relation overlap"] += 1
            continue
        found.setdefault(
            (one.sentence, subject, object_, one.predicate),
            FoundRelation(
                passage,
                *one.sentence,
                subject,
                object_,
                one.predicate,
                " ".join(one.said.words.split()),
                "denies" if one.said.denied else "supports",
                "hedged" if one.said.hedged else "stated",
                RELATION_CONFIDENCE,
                extractor,
            ),
        )
    return Standing(mentions, tuple(found[key] for key in sorted(found)), dropped)


def nearest(span: Span, among: Sequence[Span]) -> int | None:
    """The place of the span that shares the most characters with `span`, the first of equals; None where none does."""
    best, place = 0, None
    for at, (start, end) in enumerate(among):
        shared = min(end, span[1]) - max(start, span[0])
        if shared > best:
            best, place = shared, at
    return place


def _labels(reading: Reading, place: _Text, dropped: Counter[str]) -> dict[Span, str]:
    """Every place where a concept's name stands, with its type; of two concepts of one name the first counts."""
    known = {name.casefold(): name for name in TYPES}
    labels: dict[Span, str] = {}
    for said in dict.fromkeys(reading.concepts):  # a model may say one thing many times
        spans = [span for span in place.names(said.text) if place.sentence(span) is not None]
        if not spans:
            dropped["a concept's name is not in the passage"] += 1
        for span in spans:
            labels.setdefault(span, known.get(said.type.strip().casefold(), ANY_TYPE))
    return labels


def _relation(said: SaidRelation, place: _Text, dropped: Counter[str]) -> _Relation | None:
    """A relation with its places, or None with the reason counted."""
    predicate = _predicate(said.predicate)
    if predicate is None:
        dropped["a predicate is not in the vocabulary"] += 1
        return None
    quotes = place.quotes(said.quote)
    if not quotes:
        dropped["a quote is not in the passage"] += 1
        return None
    held = [(quote, sentence) for quote in quotes if (sentence := place.sentence(quote)) is not None]
    if not held:
        dropped["a quote is more than one sentence"] += 1
        return None
    quote, sentence = held[0]
    subjects, objects = (_within(sentence, quote, place.names(end)) for end in (said.subject, said.object))
    if not subjects or not objects:
        dropped["an end of a relation is not in its sentence"] += 1
        return None
    name, turned = predicate
    for subject in subjects:
        for object_ in objects:
            if subject[1] <= object_[0] or object_[1] <= subject[0]:
                one, other = (object_, subject) if turned else (subject, object_)
                return _Relation(said, sentence, one, other, name)
    dropped["the ends of a relation overlap"] += 1
    return None


def _within(sentence: Span, quote: Span, names: Sequence[Span]) -> list[Span]:
    """The names in the sentence, those in the quote first."""
    inside = [name for name in names if sentence[0] <= name[0] and name[1] <= sentence[1]]
    return sorted(inside, key=lambda name: not (quote[0] <= name[0] and name[1] <= quote[1]))


def _without_overlaps(first: set[Span], then: set[Span]) -> list[Span]:
    """As many spans as fit side by side, by place: the ends of relations before others, longer before shorter."""
    taken: list[Span] = []
    for group in (first, then):
        for start, end in sorted(group, key=lambda span: (span[0] - span[1], span)):
            if all(end <= other[0] or other[1] <= start for other in taken):
                taken.append((start, end))
    return sorted(taken)


def _name(text: str, long_forms: Mapping[str, str]) -> str:
    """The text as a name, an abbreviation of the paper as its long form."""
    whole = " ".join(text.split())
    return " ".join(long_forms.get(whole, " ".join(long_forms.get(word, word) for word in whole.split())).split())


# Predicates -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _vocabulary() -> dict[str, tuple[str, bool]]:
    """Words → predicate, and whether subject and object change places. Names count before inverses before verbs."""
    words: dict[str, tuple[str, bool]] = {one.name: (one.name, False) for one in PREDICATES}
    for one in PREDICATES:
        if one.inverse is not None:
            words.setdefault(one.inverse, (one.name, True))
    for one in PREDICATES:
        for verb in one.verbs:
            words.setdefault(verb, (one.name, False))
        for verb in one.reversed_verbs:
            words.setdefault(verb, (one.name, True))
    return words


def _predicate(said: str) -> tuple[str, bool] | None:
    return _vocabulary().get(" ".join(re.sub(r"[\s_-]+", " ", said).split()).lower())


# Places ---------------------------------------------------------------------------------------------------------------


class _Text:
    """A passage in which words are looked up."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._places = Places(text)
        self._sentences = sentences(text)
        self._starts = [start for start, _ in self._sentences]
        self._known: dict[str, list[Span]] = {}

    def sentence(self, span: Span) -> Span | None:
        """The sentence that holds the span whole."""
        at = bisect_right(self._starts, span[0]) - 1
        return self._sentences[at] if at >= 0 and span[1] <= self._sentences[at][1] else None

    def quotes(self, words: str) -> list[Span]:
        """Where these words stand: as they are written first, then but for case, blanks and dashes."""
        if words not in self._known:
            self._known[words] = self._places.of(words)
        return self._known[words]

    def names(self, words: str) -> list[Span]:
        """The same for a name: whole words only, and none that is too long for a name."""
        if len(words.strip()) > _LONGEST_NAME:
            return []
        return [span for span in self.quotes(words) if not (self._in_a_word(span[0]) or self._in_a_word(span[1]))]

    def _in_a_word(self, at: int) -> bool:
        return 0 < at < len(self.text) and self.text[at - 1].isalnum() and self.text[at].isalnum()
