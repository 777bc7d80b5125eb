"""Whether what was found fits the question, and which of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

from agents.steps.planning import Plan, coverage
from kg.model import Hit

ENOUGH = 0.83
"""Coverage + cosine - unknown of the best passage, from which on a question is answered; for the default embedder."""

ENOUGH_BY_WORDS = 0.39
"""The same without the cosine, for embedders whose cosines mean something else."""

_CALIBRATED = "all-MiniLM-L6-v2@"
_DEVIATIONS = 0.5  # a passage is kept that fits as well as the mean less so many standard deviations,
_FLOOR = 0.5  # and at least this share of what the best must reach;
_LEAST = 3  # so many are kept in any case


@dataclass(frozen=True, slots=True)
class Fit:
    """How well the best passage fits, how well it had to, and the passages to quote from with their
    own fits, best first.

    `kept` is empty when nothing fits: then the question is not answered. A passage was kept from the `bar` on, which
    follows from the `mean` and the standard `deviation` of all that were found.
    """

    score: float
    needed: float
    kept: tuple[tuple[Hit, float], ...]
    bar: float = 0.0
    mean: float = 0.0
    deviation: float = 0.0


def is_calibrated(embedder: str) -> bool:
    """Whether `ENOUGH` holds for cosines by the embedder of that name."""
    return embedder.rpartition("/")[2].startswith(_CALIBRATED)


def fit(plan: Plan, hits: Sequence[Hit], cosines: Mapping[str, float] | None) -> Fit:
    """Of each passage: the share of the question's weight that it holds, plus its cosine to the question, less the
    share that the whole library does not know.

    A question on a thing that the library never mentions is thus not answered by passages on its neighbours. The
    limits were chosen on questions that are and are not answered by a collection (see benchmarks). `cosines` is None
    where they are not those of the default embedder.
    """
    scores = fits(plan, hits, cosines)
    return sifted(hits, scores, scores, enough(cosines is not None))


def enough(calibrated: bool) -> float:
    """What the best passage must reach, by the default embedder's cosines or by words alone."""
    return ENOUGH if calibrated else ENOUGH_BY_WORDS


def fits(plan: Plan, hits: Sequence[Hit], cosines: Mapping[str, float] | None) -> dict[str, float]:
    """How well each passage fits, by its id: see `fit`."""
    return {
        hit.passage: coverage(plan.weights, f"{hit.title}\n{hit.text}")
        + (0.0 if cosines is None else cosines.get(hit.passage, 0.0))
        - plan.unknown
        for hit in hits
    }


def sifted(
    hits: Sequence[Hit],
    scores: Mapping[str, float],
    among_equals: Mapping[str, float],
    needed: float,
    never: Collection[str] = (),
) -> Fit:
    """The passages whose scores (by id) are high enough; of equal ones that first which is higher `among_equals`.
    `never` are those (ids) that are not kept whatever is."""
    best = max(scores.values(), default=0.0)
    mean, deviation = (fmean(scores.values()), pstdev(scores.values())) if scores else (0.0, 0.0)
    bar = round(max(mean - _DEVIATIONS * deviation, _FLOOR * needed), 6)
    told = bar, round(mean, 6), round(deviation, 6)
    if not hits or round(best, 6) < needed:
        return Fit(round(best, 6), needed, (), *told)

    def order(hit: Hit) -> tuple[float, float, str]:
        return -round(scores[hit.passage], 6), -round(among_equals[hit.passage], 6), hit.passage

    ranked = sorted((hit for hit in hits if hit.passage not in never), key=order)
    kept = [(hit, round(scores[hit.passage], 6)) for place, hit in enumerate(ranked)
            if place < _LEAST or round(scores[hit.passage], 6) >= bar]
    return Fit(round(best, 6), needed, tuple(kept), *told)
