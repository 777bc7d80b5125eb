"""Hypotheses in order: by score, with an interval for it; by a model that compares two at a time."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from agents.critique import Critique
from agents.hypothesis import Hypothesis
from kg.model import Path

_RESAMPLES = 200
_TELLING = 4.0
_MIDDLE = 0.95
_BEYOND = 1.959964  # standard deviations that leave 2.5 % of a normal distribution outside on each side


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


Span = tuple[float, float]


def chances(worth: Sequence[float], won: Sequence[tuple[int, int, float]]) -> list[Span]:
    """The 95 % interval of each item's chance to be preferred over one of middling worth, for worths that
    `bradley_terry` made of these comparisons."""
    places, covered = _logs(worth, won)
    spans = []
    for place, variance in zip(places, (row[at] for at, row in enumerate(covered)), strict=True):
        reach = _BEYOND * math.sqrt(max(0.0, variance))
        spans.append((round(_chance(place - reach), 4), round(_chance(place + reach), 4)))
    return spans


def telling(
    pairs: Sequence[tuple[int, int]], worth: Sequence[float], won: Sequence[tuple[int, int, float]]
) -> list[tuple[int, int]]:
    """Those of some pairs whose comparison would tell most now, the most telling first, each item once: by how
    uncertain the difference of the two is, and how open the outcome. Of equal ones the first."""
    places, covered = _logs(worth, won)

    def gain(pair: tuple[int, int]) -> float:
        one, other = pair
        chance = _chance(places[one] - places[other])
        unsure = covered[one][one] + covered[other][other] - 2 * covered[one][other]
        return round(chance * (1 - chance) * unsure, 9)

    chosen: list[tuple[int, int]] = []
    taken: set[int] = set()
    for pair in sorted(pairs, key=lambda one: -gain(one)):
        if not taken & {*pair}:
            chosen.append(pair)
            taken |= {*pair}
    return chosen


def _logs(worth: Sequence[float], won: Sequence[tuple[int, int, float]]) -> tuple[list[float], list[list[float]]]:
    """The logarithms of worths, 0 in the middle, and their covariance: the inverse of Fisher's information, that of the
    half win and half loss included which each item has beside what was compared."""
    import numpy as np

    logs = np.log(np.asarray(worth, float))
    logs -= logs.mean()
    alone = 1 / (1 + np.exp(-logs))
    known = np.diag(alone * (1 - alone))
    for one, other, weight in won:
        chance = _chance(float(logs[one] - logs[other]))
        told = weight * chance * (1 - chance)
        known[[one, other], [one, other]] += told
        known[[one, other], [other, one]] -= told
    centred = np.eye(len(logs)) - 1 / len(logs)
    return logs.tolist(), (centred @ np.linalg.inv(known) @ centred).tolist()


def _chance(log: float) -> float:
    """Of being preferred, from the difference of two logarithms of worth."""
    return 1 / (1 + math.exp(-log))
