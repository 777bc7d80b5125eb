"""Hypotheses in order: by score, with an interval for it; by a model that compares two at a time."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agents.critique import Critique
from agents.hypothesis import Hypothesis
from kg.model import Path

_RESAMPLES = 200
_TELLING = 4.0
_MIDDLE = 0.95


def hop_strength(supports: float, denies: float, hedges: float = 0.0) -> float:
    """(1 + s) / (2 + s + d), hedged sentences counting half: the share of support to be expected of a relation."""
    told = supports - min(hedges, supports) / 2
    return (1 + told) / (2 + told + denies)


def path_strength(path: Path | None) -> float:
    """The geometric mean of the hops' strengths, 0…1; .5 without a path, which is what is known of nothing."""
    if path is None or not path.hops:
        return 0.5
    return _mean([hop_strength(hop.supports, hop.denies, hop.hedges) for hop in path.hops])


def scored(critique: Critique, path: Path | None) -> float:
    """The critique's score, weighed with how telling the path is: from half of it for one that says nothing to the
    whole for one whose own score is .25 or more, which is two hops that stand well."""
    telling = 0.0 if path is None else min(1.0, _TELLING * path.score)
    return round(critique.score * (1 + telling) / 2, 4)


def interval(score: float, path: Path | None, seed: int = 0, resamples: int = _RESAMPLES) -> tuple[float, float]:
    """The middle 95 % of the score over bootstrap samples of the papers that the path rests on (Efron 1979,
    doi:10.1214/aos/1176344552): drawn with replacement, a hop's sentences count as often as their paper was drawn.

    The score moves in proportion to the path's strength; it stays between 0 and 1. A path that rests on one paper has
    no width by that: its interval then reaches down to where that paper is gone, and no higher than the score. Where no
    paper states anything, nothing is known of it: 0 to 1.
    """
    if path is None:
        return 0.0, 1.0
    told = [[(one.paper, one.polarity == "denies", one.certainty == "hedged") for one in hop.evidence] if hop.supports
            or hop.denies else [] for hop in path.hops]  # fmt: skip
    papers = sorted({paper for hop in told for paper, _, _ in hop})
    whole = _drawn(told, dict.fromkeys(papers, 1))
    if not papers:
        return 0.0, 1.0
    if len(papers) < 2:
        return round(score * _drawn(told, {}) / whole, 4), round(score, 4)
    rng = random.Random(f"{seed} {' '.join(path.concepts)}")
    found = []
    for _ in range(resamples):
        drawn: dict[str, int] = defaultdict(int)
        for paper in rng.choices(papers, k=len(papers)):
            drawn[paper] += 1
        found.append(min(1.0, score * _drawn(told, drawn) / whole))
    found.sort()
    outside = (1 - _MIDDLE) / 2
    low, high = found[int(outside * resamples)], found[min(resamples - 1, int((1 - outside) * resamples))]
    return round(low, 4), round(high, 4)


def _drawn(told: Sequence[Sequence[tuple[str, bool, bool]]], times: dict[str, int]) -> float:
    strengths = []
    for hop in told:
        weights = [(times.get(paper, 0) * (0.5 if hedged else 1.0), denies) for paper, denies, hedged in hop]
        strengths.append(
            hop_strength(sum(weight for weight, denies in weights if not denies), sum(w for w, d in weights if d))
        )
    return _mean(strengths)


def _mean(strengths: Sequence[float]) -> float:
    return math.exp(sum(map(math.log, strengths)) / len(strengths))


def ranked(found: Sequence[Hypothesis]) -> list[Hypothesis]:
    """The best first, with their ranks; of equal ones that with the better path, then by id."""

    def order(one: Hypothesis) -> tuple[float, float, str]:
        return -one.score, 0.0 if one.path is None else -one.path.score, one.id

    ordered = sorted(found, key=order)
    return [replace(one, rank=rank) for rank, one in enumerate(ordered, 1)]


# Two at a time -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Compared:
    """What was made of comparisons: the ranking's worth for each item (they sum to 1), how often an answer stayed the
    same when the two were shown the other way round, and how well two halves of the comparisons agree (Spearman's rank
    correlation, corrected by Spearman and Brown); None where too little was compared to tell."""

    worth: tuple[float, ...]
    swapped_alike: float | None
    split_half: float | None


def bradley_terry(items: int, won: Sequence[tuple[int, int, float]], steps: int = 500) -> list[float]:
    """The worth of each item, summing to 1, from (winner, loser, weight), by the minorise-maximise steps of Hunter 2004
    (doi:10.1214/aos/1079120141). Half a win and half a loss against an item of middling worth are added to each, so
    that one that always won has a finite worth."""
    wins = [0.5] * items
    games: dict[tuple[int, int], float] = defaultdict(float)
    for winner, loser, weight in won:
        wins[winner] += weight
        games[min(winner, loser), max(winner, loser)] += weight
    worth = [1.0] * items
    for _ in range(steps):
        expected = [1.0 / (one + 1.0) for one in worth]
        for (one, other), played in games.items():
            share = played / (worth[one] + worth[other])
            expected[one] += share
            expected[other] += share
        worth = [own / more for own, more in zip(wins, expected, strict=True)]
        middle = math.exp(sum(map(math.log, worth)) / items)
        worth = [one / middle for one in worth]
    whole = sum(worth)
    return [round(one / whole, 9) for one in worth]
