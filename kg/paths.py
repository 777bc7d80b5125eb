"""Paths: how two concepts hang together over what papers state."""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import UsageError, not_found
from kg.model import Concept, Evidence, Hop, Path, Relation
from kg.scope import EVERYWHERE, Scope, counts_in
from kg.views import relations_of

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

MOST_HOPS = 8


def paths(
    store: GraphStore,
    a: str,
    b: str,
    n: int = 5,
    max_hops: int = 4,
    seed: int = 0,
    scope: Scope = EVERYWHERE,
    denied: bool = True,
) -> list[Path]:
    """Up to `n` simple paths from `a` to `b`, over relations in either direction: the shortest first, and of those
    equally long the best supported; ties by label.

    A hop is the best supported of the relations between its two concepts: its strength is (1 + s) / (2 + s + d) with
    s pieces of evidence for it (hedged ones count half) and d against, the share of support to be expected after that
    evidence (Laplace's rule of succession). A path's score is 1 / (1 + hops - g), where g is the geometric mean of its
    hops' strengths: between 0 and 1, and higher for every shorter path. In a scope, only evidence that stands in it
    counts. Without `denied`, relations that sentences only deny are no hops.

    Equal calls have equal answers; `seed` is taken for the sake of samplers and changes nothing here. Concepts are
    named by id, label or alias: NotFound when one is unknown. No path within `max_hops` (1 to 8): an empty list.
    """
    if n < 1:
        raise UsageError(f"n = {n}: at least one path must be asked for.")
    if not 1 <= max_hops <= MOST_HOPS:
        raise UsageError(f"max_hops = {max_hops}: a path has 1 to {MOST_HOPS} hops.")
    with store.reading():
        start, goal = concept_named(store, a).label, concept_named(store, b).label
        if start == goal:
            return []
        counts = counts_in(store, scope)
        graph = _Neighbourhood(store, None if scope.everywhere else counts, denied)
        hops = graph.between(start, goal, max_hops)
        found: list[Path] = []
        for length in range(1, max_hops + 1):
            for route in _routes(hops, start, goal, length):
                found.append(_path(store, route, hops, counts))
                if len(found) == n:
                    return found
    return found


def concept_named(store: GraphStore, name: str) -> Concept:
    """The concept that `name` means best; NotFound with the nearest labels when there is none."""
    found = store.concepts_called(name) if name.strip() else []
    if not found:
        raise not_found("concept", name, store.concept_labels(), "Look names up with `hypograph concepts TEXT`.")
    return found[0]


def strength(relation: Relation) -> float:
    """(1 + s) / (2 + s + d): the share of support to be expected of a relation, between 0 and 1.

    >>> strength(Relation("silk", "has property", "toughness", papers=1, supports=1))
    0.6666666666666666
    """
    # Counts do not tell how many of the hedged sentences deny: they are taken from the supporting ones first.
    supports = relation.supports - min(relation.hedges, relation.supports) / 2
    return (1 + supports) / (2 + supports + relation.denies)


@dataclass(frozen=True, slots=True)
class _Edge:
    """The best supported relation between two concepts."""

    relation: Relation
    cost: float

    @classmethod
    def best(cls, relations: Iterable[Relation]) -> _Edge:
        relation = min(relations, key=lambda one: (-strength(one), -one.papers, one.subject, one.predicate, one.object))
        return cls(relation, -math.log(strength(relation)))


class _Neighbourhood:
    """The part of the graph that paths between two concepts can lie in, read from the store as far as needed."""

    def __init__(self, store: GraphStore, counts: Callable[[Evidence], bool] | None, denied: bool = True) -> None:
        """`counts` tells which evidence does; None: all. Without `denied`, there are no relations that are only that.
        """
        self._store, self._counts, self._denied = store, counts, denied
        self._read: dict[str, list[Relation]] = {}

    def between(self, start: str, goal: str, max_hops: int) -> dict[str, dict[str, _Edge]]:
        """Label -> neighbour -> edge, of all edges on paths of at most `max_hops` from `start` to `goal`, and more.

        On such a path every edge has an end fewer than half its hops away from one of the two, so only the relations
        of those concepts are read.
        """
        forth, back = max_hops - max_hops // 2, max_hops // 2
        for centre, radius in ((start, forth), (goal, back)):
            edge = {centre}
            seen = {centre}
            for _ in range(radius):
                self._read_relations(edge)
                edge = {other for label in edge for other in self._neighbours(label)} - seen
                seen |= edge
        pairs: dict[tuple[str, str], set[Relation]] = defaultdict(set)
        for relations in self._read.values():
            for relation in relations:
                pairs[min(relation.subject, relation.object), max(relation.subject, relation.object)].add(relation)
        hops: dict[str, dict[str, _Edge]] = defaultdict(dict)
        for (one, other), between in pairs.items():
            hops[one][other] = hops[other][one] = _Edge.best(between)
        return hops

    def _read_relations(self, labels: Collection[str]) -> None:
        """Reads the relations of these concepts, all that are not known yet at once."""
        new = set(labels) - self._read.keys()
        if not new:
            return
        relations = list(self._store.relations(concepts=new))
        if self._counts is not None:
            ends = [(one.subject, one.predicate, one.object) for one in relations]
            relations = relations_of(filter(self._counts, self._store.evidence(relations=ends)))
        self._read.update((label, []) for label in new)
        for relation in relations if self._denied else [one for one in relations if one.supports]:
            for end in {relation.subject, relation.object} & new:
                self._read[end].append(relation)

    def _neighbours(self, label: str) -> set[str]:
        return {end for relation in self._read[label] for end in (relation.subject, relation.object)} - {label}


def _routes(hops: dict[str, dict[str, _Edge]], start: str, goal: str, length: int) -> Iterator[tuple[str, ...]]:
    """Simple paths of exactly `length` edges as labels, the cheapest first, ties by label.

    Best first over partial paths, guided by the least cost of walking from each concept to the goal in the edges that
    are left, so that what cannot end in time is never begun.
    """
    rest: list[dict[str, float]] = [{goal: 0.0}]
    for _ in range(length):
        reached: dict[str, float] = {}
        for label, cost in rest[-1].items():
            for other, edge in hops.get(label, {}).items():
                reached[other] = min(reached.get(other, math.inf), cost + edge.cost)
        rest.append(reached)
    if start not in rest[length]:
        return
    waiting: list[tuple[float, tuple[str, ...], float]] = [(rest[length][start], (start,), 0.0)]
    while waiting:
        _, route, spent = heapq.heappop(waiting)
        left = length - len(route) + 1
        if left == 0:
            yield route
            continue
        for other, edge in hops[route[-1]].items():
            if other not in route and other in rest[left - 1] and (other != goal or left == 1):
                cost = spent + edge.cost
                # Sums of logarithms in another order differ in their last digits, and must not decide.
                heapq.heappush(waiting, (round(cost + rest[left - 1][other], 9), (*route, other), cost))


def _path(
    store: GraphStore,
    route: tuple[str, ...],
    hops: dict[str, dict[str, _Edge]],
    counts: Callable[[Evidence], bool],
) -> Path:
    edges = [hops[one][other] for one, other in zip(route, route[1:], strict=False)]
    made = []
    for label, edge in zip(route, edges, strict=False):
        one = edge.relation
        evidence = tuple(filter(counts, store.evidence(relations=[(one.subject, one.predicate, one.object)])))
        made.append(
            Hop(
                one.subject,
                one.predicate,
                one.object,
                one.object == label,
                one.papers,
                one.supports,
                one.denies,
                one.hedges,
                evidence,
            )
        )
    mean = math.exp(-sum(edge.cost for edge in edges) / len(edges))
    return Path(round(1 / (1 + len(edges) - mean), 6), route, tuple(made))
