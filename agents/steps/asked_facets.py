"""A hypothesis that a language model writes out, from the same sentences, checked in the same way; and two of them
compared by one."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any, Literal

from agents.hypothesis import Facet, Hypothesis, Said
from agents.steps import asked
from agents.steps.asked import fenced, line
from agents.steps.ranking import bradley_terry
from agents.steps.supporting import numbers
from kg.language_model import Ask, fitting, quoted, room
from kg.model import Evidence

MOST = 4
"""Sentences of a facet."""
LONGEST = 500
"""Characters of a sentence."""

Check = Callable[[str, Sequence[str]], str | None]
"""Why a sentence does not rest on quotes, None where it does."""

_WRITTEN = frozenset({"outcome", "mechanisms", "design principles", "unexpected properties", "comparison"})


class SaidSentence(asked.Said):
    """A sentence of a facet with the labels of what it rests on."""

    text: str
    rests: tuple[str, ...] = ()
    inference: bool = False


class SaidFacet(asked.Said):
    """A facet by its name."""

    name: str
    sentences: tuple[SaidSentence, ...] = ()


class SaidHypothesis(asked.Said):
    """A hypothesis written out."""

    statement: str
    facets: tuple[SaidFacet, ...] = ()


class SaidBetter(asked.Said):
    """Which of two is better."""

    better: Literal["first", "second", "neither"]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A hypothesis as the model wrote it, with what of that was not taken: (sentence, why)."""

    hypothesis: Hypothesis
    dropped: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> list[dict[str, str]]:
        """What the event tells of what was not taken."""
        return [{"text": text, "why": why} for text, why in self.dropped]


def written(one: Hypothesis, check: Check, ask: Ask) -> Written:
    """The hypothesis in the model's words, from the evidence that it has. What does not hold is dropped, and a facet of
    which nothing holds stays as it was composed; so do what says what the hypothesis is and whether it is new.

    Raises LanguageModelErrors.
    """
    pieces = list(one.evidence())
    about = fenced(f"{one.statement}\nOne end: {one.gap.subject}\nOther end: {one.gap.object}", "hypothesis")
    bare = asked.prompt("facets.v1").filled(hypothesis=about, sentences="", most=str(MOST))
    texts = [f"{quoted(asked.data(piece.quote), f'S{number}')}\n" for number, piece in enumerate(pieces, 1)]
    shown = pieces[: fitting(texts, room(ask, bare, SaidHypothesis))]
    said = asked.asked(
        ask, "facets.v1", SaidHypothesis, hypothesis=about, sentences="\n".join(texts[: len(shown)]), most=str(MOST)
    )
    dropped: list[tuple[str, str]] = []
    facets = {facet.name: facet for facet in one.facets}
    for facet in said.facets:
        if facet.name in _WRITTEN and facet.name in facets:
            kept = [
                told for each in facet.sentences[:MOST] if (told := _taken(each, shown, check, dropped)) is not None
            ]
            if kept:
                facets[facet.name] = Facet(facet.name, tuple(kept))
    statement = line(said.statement, LONGEST)
    if (why := _misstated(statement, one)) is not None:
        dropped.append((statement, why))
        statement = one.statement
    first = facets.get("hypothesis")
    if first is not None and first.sentences:
        opening = replace(first.sentences[0], text=statement)
        facets["hypothesis"] = replace(first, sentences=(opening, *first.sentences[1:]))
    done = replace(one, statement=statement, facets=tuple(facets[facet.name] for facet in one.facets))
    return Written(done, tuple(dropped))


def _taken(each: SaidSentence, shown: Sequence[Evidence], check: Check, dropped: list[tuple[str, str]]) -> Said | None:
    text = line(each.text, LONGEST)
    places = [label.strip().removeprefix("S") for label in dict.fromkeys(each.rests)]
    rests = [shown[int(place) - 1] for place in places if place.isdecimal() and 1 <= int(place[:6]) <= len(shown)]
    why = _unfit(text, each.inference, rests, check)
    if why is not None:
        dropped.append((text, why))
        return None
    return Said(text, tuple(rests), each.inference)


def _unfit(text: str, inference: bool, rests: Sequence[Evidence], check: Check) -> str | None:
    if not any(one.isalnum() for one in text) or len(text) >= LONGEST:
        return "it says nothing, or too much at once"
    quotes = [one.quote for one in rests]
    if inference:
        there = set(numbers("\n".join(quotes)))
        strange = [one for one in numbers(text) if one not in there]
        return f"no sentence has the number {strange[0]}" if strange else None
    return check(text, quotes) if rests else "it rests on no sentence that was shown"


def _misstated(statement: str, one: Hypothesis) -> str | None:
    folded = statement.casefold()
    subject, object = folded.find(one.gap.subject.casefold()), folded.find(one.gap.object.casefold())
    if subject < 0 or object < 0:
        return "it does not name both ends"
    if " may " not in f" {folded} ":
        return "it states what is supposed"
    return (
        "it turns the two ends round"
        if one.statement.casefold().find(one.gap.object.casefold()) > 0 and (object < subject)
        else None
    )


# Comparing -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """What was made of comparisons: the worth of each hypothesis (they sum to 1); the share of pairs in which the model
    said the same when the two were shown the other way round; and how alike two rankings are that are made from one
    half of the pairs each (Spearman's rank correlation, stretched to the whole by the formula of Spearman and Brown),
    None where there are too few."""

    worth: tuple[float, ...]
    pairs: int
    swapped_alike: float
    split_half: float | None

    def as_json(self) -> dict[str, Any]:
        """What the event tells."""
        return {
            "worth": list(self.worth),
            "pairs": self.pairs,
            "swapped_alike": self.swapped_alike,
            "split_half": self.split_half,
        }


def compared(found: Sequence[Hypothesis], ask: Ask, seed: int = 0, most: int = 60) -> Compared:
    """Hypotheses by how often the model prefers them: each pair in both orders, at most so many pairs, drawn evenly.
    Where it contradicts itself, each has half of the win. Raises LanguageModelErrors."""
    rng = random.Random(seed)
    pairs = list(combinations(range(len(found)), 2))
    rng.shuffle(pairs)
    texts = [_shown(one) for one in found]
    won: list[tuple[int, int, float]] = []
    alike = 0
    for one, other in pairs[:most]:
        forth = _better(texts[one], texts[other], ask)
        back = _better(texts[other], texts[one], ask)
        turned = {"first": "second", "second": "first", "neither": "neither"}[back]
        alike += forth == turned
        for said in (forth, turned):
            share = {"first": 1.0, "second": 0.0, "neither": 0.5}[said] / 2
            won += [(one, other, share), (other, one, 0.5 - share)]
    asked_pairs = min(len(pairs), most)
    half = 4 * (asked_pairs // 2)  # rows of the first half: four for each pair
    split = _split(bradley_terry(len(found), won[:half]), bradley_terry(len(found), won[half:]))
    agreed = round(alike / asked_pairs, 4) if asked_pairs else 1.0
    return Compared(tuple(bradley_terry(len(found), won)), asked_pairs, agreed, split if asked_pairs > 3 else None)


def _better(first: str, second: str, ask: Ask) -> str:
    return asked.asked(ask, "pair.v1", SaidBetter, first=fenced(first, "first"), second=fenced(second, "second")).better


def _shown(one: Hypothesis) -> str:
    facets = "\n".join(said.text for facet in one.facets for said in facet.sentences[:3])
    card = "\n".join(measured.how.text for measured in one.falsification.measurements[:2])
    return f"{one.statement}\n{facets}\nTo measure:\n{card}"[:6000]


def _split(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman and Brown: 2 r / (1 + r)."""
    if len(one) < 3:
        return None
    ranks = [[sorted(side).index(value) for value in side] for side in (one, other)]
    middle = [sum(side) / len(side) for side in ranks]
    spread = [sum((value - mean) ** 2 for value in side) for side, mean in zip(ranks, middle, strict=True)]
    if not all(spread):
        return None
    both = sum((a - middle[0]) * (b - middle[1]) for a, b in zip(*ranks, strict=True))
    r = both / (spread[0] * spread[1]) ** 0.5
    return round(2 * r / (1 + r), 4) if r > -1 else -1.0
