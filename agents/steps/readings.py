"""Short names that stand for different things in different papers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from kg.model import Mention, PaperPassage
from kg.names import key_of

_SHORT = re.compile(r"(?<![\w-])(?=[\w-]*[A-Z][\w-]*[A-Z])[A-Za-z][A-Za-z0-9-]{1,7}(?![\w-])")


_SAME_SPELLING = 0.9  # ratio from which on two long forms are one: leukaemia, leukemia


@dataclass(frozen=True, slots=True)
class Reading:
    """A question with a short name written out: `name` stands for `means` in these papers (ids), defined or used so in
    so many `places`."""

    question: str
    name: str
    means: str
    papers: frozenset[str]
    places: int


def short_names(question: str) -> tuple[str, ...]:
    """The words of a question that look like abbreviations: two capitals at least, eight characters at most."""
    return tuple(dict.fromkeys(_SHORT.findall(question)))


def readings(
    question: str, name: str, passages: Iterable[tuple[PaperPassage, Sequence[Mention]]]
) -> tuple[Reading, ...]:
    """The question in each sense that a short name has in these passages (with their mentions): the most frequent
    first, ties by what it means. None where it has one sense at most, or where the question says which is meant.

    It stands for what a mention of it is short for, and for the mention that it follows in brackets.
    """
    forms: dict[str, Counter[str]] = {}
    papers: dict[str, set[str]] = {}
    for one, mentions in passages:
        text = one.passage.text
        for mention in mentions:
            key = key_of(mention.name)
            short = mention.text == name and key != key_of(name)
            defines = re.match(rf"\s?\({re.escape(name)}\)", text[mention.end :]) is not None
            if mention.name.count("(") != mention.name.count(")"):
                continue  # a piece of a name that has brackets inside it
            if key and (short or defines):
                forms.setdefault(key, Counter())[mention.name] += 1
                papers.setdefault(key, set()).add(one.paper.id)
    forms, papers = _senses(forms, papers)
    asked = f" {key_of(question)} "
    if len(forms) < 2 or any(f" {key} " in asked for key in forms):
        return ()
    found = []
    for key, written in forms.items():
        means = min(written, key=lambda form: (-written[form], form))
        spelled = re.sub(rf"(?<![\w-]){re.escape(name)}(?![\w-])", f"{means} ({name})".replace("\\", r"\\"), question)
        found.append(Reading(spelled, name, means, frozenset(papers[key]), written.total()))
    return tuple(sorted(found, key=lambda one: (-one.places, one.means)))


def _senses(
    forms: dict[str, Counter[str]], papers: dict[str, set[str]]
) -> tuple[dict[str, Counter[str]], dict[str, set[str]]]:
    """Long forms that are spelled nearly alike, or of which one holds all words of the other, taken together; also
    where only a third joins two of them."""
    groups: list[list[str]] = []
    for key in sorted(forms, key=lambda one: (-forms[one].total(), one)):
        near = [group for group in groups if any(_alike(one, key) for one in group)]
        groups = [group for group in groups if group not in near] + [[*(one for group in near for one in group), key]]
    return (
        {group[0]: Counter(name for one in group for name in forms[one].elements()) for group in groups},
        {group[0]: {paper for one in group for paper in papers[one]} for group in groups},
    )


def _alike(one: str, other: str) -> bool:
    words, others = set(one.split()), set(other.split())
    return words <= others or others <= words or SequenceMatcher(None, one, other).ratio() >= _SAME_SPELLING
