"""From what a claim would follow that nobody states: two relations, one after the other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from agents.critique import Claim
from kg.compositions import Step, along, implied
from kg.concept_graph import ConceptGraph
from kg.model import Hop, Path, Relation
from kg.paths import strength

LEAST = 0.5
"""Strength of a composition below which it is no more than a reason to look."""


def derived(claim: Claim, graph: ConceptGraph, subject: Collection[str], object: Collection[str]) -> Path | None:
    """The path of two hops from which a claim follows best: by the composition's strength and the share of support of
    its hops, ties by label. None where no path gives the claim's predicate. `subject` and `object` are the labels of
    the two ends."""
    forth = _by_neighbour(graph.relations(sorted(subject)), subject)
    back = _by_neighbour(graph.relations(sorted(object)), object)
    best: tuple[tuple[float, str, str, str], Path] | None = None
    for middle in sorted(forth.keys() & back.keys() - set(subject) - set(object)):
        for first in forth[middle]:
            for second in back[middle]:
                steps = [
                    Step(first.predicate, first.object in subject),
                    Step(second.predicate, second.subject in object),
                ]
                chain = along(steps)
                if (
                    chain is None
                    or chain.strength < LEAST
                    or Step(claim.predicate) not in implied(Step(chain.predicate))
                ):
                    continue
                value = chain.strength * strength(first) * strength(second)
                rank = (-value, middle, first.predicate, second.predicate)
                if best is None or rank < best[0]:
                    hops = tuple(_hop(one, step) for one, step in zip((first, second), steps, strict=True))
                    best = rank, Path(round(value, 6), (claim.subject, middle, claim.object), hops)
    return None if best is None else best[1]


def _by_neighbour(relations: Iterable[Relation], ends: Collection[str]) -> dict[str, list[Relation]]:
    """The relations that sentences state, by the concept at their other end."""
    found: dict[str, list[Relation]] = defaultdict(list)
    for one in relations:
        if one.supports:
            found[one.object if one.subject in ends else one.subject].append(one)
    return found


def _hop(one: Relation, step: Step) -> Hop:
    return Hop(
        one.subject, one.predicate, one.object, step.turned, one.papers, one.supports, one.denies, one.hedges, ()
    )
