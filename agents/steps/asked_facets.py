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
from agents.steps.ranking import Span, bradley_terry, chances, telling
from agents.steps.supporting import numbers
from kg.errors import BudgetSpent
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


WIDE = 0.6
"""How wide the interval of a chance may be, of 1, at which comparing stops: .2 to .8 for one of middling worth."""
MOST_PAIRS = 500

Stopped = Literal["narrow", "all", "most", "budget"]
"""Why comparing ended: all intervals are as narrow as was wanted; those that are not belong to hypotheses that were
compared with all others, and a pair asked again gets the same reply; as many pairs as there may be were compared; the
budget was spent."""


@dataclass(frozen=True, slots=True)
class Compared:
    """What was made of comparisons: the worth of each hypothesis (they sum to 1); the 95 % interval of its chance to be
    preferred over a middling one; the share of pairs in which the model said the same when the two were shown the other
    way round; and how alike two rankings are that are made from one half of the pairs each (Spearman's rank
    correlation, stretched to the whole by the formula of Spearman and Brown), None where there are too few."""

    worth: tuple[float, ...]
    chances: tuple[Span, ...]
    pairs: int
    stopped: Stopped
    swapped_alike: float
    split_half: float | None

    def as_json(self) -> dict[str, Any]:
        """What the event tells."""
        return {
            "worth": list(self.worth),
            "chances": [list(one) for one in self.chances],
            "pairs": self.pairs,
            "stopped": self.stopped,
            "swapped_alike": self.swapped_alike,
            "split_half": self.split_half,
        }


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one pair: what the model said with the first one shown first, and with the second one shown first."""

    pair: tuple[int, int]
    forth: str
    back: str

    @property
    def alike(self) -> bool:
        return self.forth == self.back

    def rows(self) -> list[tuple[int, int, float]]:
        """(winner, loser, weight): one game, half of it for each order."""
        one, other = self.pair
        shares = [{"first": 1.0, "second": 0.0, "neither": 0.5}[said] / 2 for said in (self.forth, self.back)]
        return [row for share in shares for row in ((one, other, share), (other, one, 0.5 - share))]


def compared(
    found: Sequence[Hypothesis], ask: Ask, seed: int = 0, wide: float = WIDE, most: int = MOST_PAIRS
) -> Compared:
    """Hypotheses by how often the model prefers them: pairs in both orders, those first that tell most, until each
    one's chance to be preferred is known to within `wide`, or `most` pairs were compared. Where the model contradicts
    itself, each has half of the win. Raises LanguageModelErrors; where the budget ends after each hypothesis was
    compared, what was said till then counts."""
    left = list(combinations(range(len(found)), 2))
    random.Random(seed).shuffle(left)
    texts = [_shown(one) for one in found]
    told: list[_Outcome] = []
    stopped: Stopped | None = None
    while stopped is None:
        won = [row for one in told for row in one.rows()]
        worth = bradley_terry(len(found), won)
        spans = chances(worth, won)
        unsure = {place for place, (low, high) in enumerate(spans) if high - low > wide}
        if not unsure:
            stopped = "narrow"
        elif not (open_ := [pair for pair in left if unsure & {*pair}]):
            stopped = "all"
        elif len(told) >= most:
            stopped = "most"
        else:
            for one, other in telling(open_, worth, won)[: most - len(told)]:
                try:
                    forth, back = _better(texts[one], texts[other], ask), _better(texts[other], texts[one], ask)
                except BudgetSpent:
                    if {place for each in told for place in each.pair} != set(range(len(found))):
                        raise
                    stopped = "budget"
                    break
                told.append(_Outcome((one, other), forth, _TURNED[back]))
                left.remove((one, other))
    won = [row for one in told for row in one.rows()]
    worth = bradley_terry(len(found), won)
    halves = [[row for one in told[begin::2] for row in one.rows()] for begin in (0, 1)]
    split = _split(*(bradley_terry(len(found), half) for half in halves)) if len(told) > 3 else None
    agreed = round(sum(one.alike for one in told) / len(told), 4) if told else 1.0
    return Compared(tuple(worth), tuple(chances(worth, won)), len(told), stopped, agreed, split)


_TURNED = {"first": "second", "second": "first", "neither": "neither"}


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
