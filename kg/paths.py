"""Paths: how two concepts hang together over what papers state."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Literal

from kg.errors import UsageError, not_found
from kg.model import Concept, Hop, Path, Relation
from kg.scope import EVERYWHERE, Scope, counts_in

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.named_together import Companion
    from kg.relation_graph import Numbers, RelationGraph
    from kg.routes import Weighed
    from kg.stores.graph_store import GraphStore

MOST_HOPS = 8

Order = Literal["telling", "short"]
"""`telling`: beside the length counts what a hop rests on, how much its predicate says, and how common the concepts on
the way are, and what repeats an earlier path comes later. `short`: the shortest first, and of those equally long the
best supported."""

_HOP = 1.0  # what each hop costs beside its own weakness
_DENIED = 6.0  # more for a hop that sentences only deny: it is taken where nothing else joins
_HEDGED, _RETRACTED = 0.5, 0.1  # of a piece of evidence that is stated, in a paper that stands
_HALF_LIFE = 50.0  # years in which evidence that nobody has repeated loses half of its weight
_HUB = 0.45  # of ln(1 + neighbours) of a concept on the way,
_COMMON = 0.25  # and of ln(1 + papers that mention it)
_GENERAL = 0.35  # and of ln(1 + names that end with it: "activity" is the last word of many)
_STUDY = 1.5  # and that every study has such a thing
_HEAD = 0.6  # of what it costs to pass the concept that a name's last word is, at least
_SHORT_HOP = 1000.0  # so that no sum of weaknesses outweighs a hop
_LEAST_HUB, _HUBS = 10, 0.005  # neighbours of a hub at least, and their share of all concepts that are joined,
_SMALL = 2000  # where there are so many
_AVOIDED = 1000.0  # so that no path is so long that one through another hub is cheaper
_NAMED = 1.0  # more for a hop that no sentence states, though sentences name both,
_FEW = 2.0  # and of ln(1 + 2 / papers that do)
_APART = 3.0  # of how unlike the passages are that a path with such a hop begins and ends in
_POOL = 12  # times as many paths as asked for are found, to choose different ones from
_REPEATS = 1.2  # what it costs a path to have the concepts on its way in common with one before it

# How far a predicate carries an argument, 1 where it says what one thing does to the other; others .6. Set by hand, by
# what the predicate means.
_STRONG = """
    causes, increases, decreases, improves, worsens, promotes, inhibits, prevents, protects, regulates, treats,
    produces, contributes to, converts, becomes, releases, binds, targets, enables, requires, depends on, encodes,
    expresses
"""
_MIDDLING = """
    affects, contains, part of, consists of, is a, same as, derived from, interacts with, correlated with, explains,
    inversely correlated with, predicts, indicates, transports, removes, maintains, replaces, treated with
"""
_FAINT = "acts on, has property, similar to, differs from, compared with"
_CARRIES = {
    name.strip(): share
    for names, share in ((_STRONG, 1.0), (_MIDDLING, 0.8), (_FAINT, 0.4))
    for name in names.split(",")
}
_CARRIES_ELSE = 0.6


def paths(
    store: GraphStore,
    a: str,
    b: str,
    n: int = 5,
    max_hops: int = 4,
    seed: int = 0,
    scope: Scope = EVERYWHERE,
    denied: bool = True,
    *,
    via: Sequence[str] = (),
    order: Order = "telling",
    graph: RelationGraph | None = None,
) -> list[Path]:
    """Up to `n` simple paths from `a` to `b`, over relations in either direction, the best first; ties by label.

    A hop is the best of the relations between its two concepts. Its strength is (1 + s) / (2 + s + d) with s papers
    for it and d against, the share of support to be expected after that evidence (Laplace's rule of succession); a
    paper with hedged evidence alone counts half, one that was retracted a tenth, an old one less. A hop costs more the
    weaker it is and the less its predicate says; a concept on the way costs more the more neighbours it has, the more
    papers mention it and the more names end with it, and where every study has such a thing, since what goes with
    everything joins nothing. A path's score is
    1 / (1 + its cost). Of the cheapest those come first that are unlike the ones before them (maximal marginal
    relevance, Carbonell and Goldstein 1998, doi:10.1145/290941.291025), so scores need not fall. With `order` "short"
    the score is 1 / (1 + hops - g), where g is the geometric mean of the strengths, counted in sentences, and nothing
    else counts.

    No path leads through a hub, one of the .5 % of concepts with the most neighbours (ten at least, in a library with
    2,000 concepts that are joined), unless there is no other: then the best one of those through as few as can be
    stands alone. Where relations give fewer than `n`, those follow that begin or end with a hop no sentence states,
    though sentences name its two concepts together (`kg.named_together`; "named with", supports 0); they cost more
    where the passages at their two ends are unlike.

    A path goes through all of `via`, in their order. In a scope, only evidence that stands in it counts. Without
    `denied`, relations that sentences only deny are no hops; with it, they are taken last. Equal calls have equal
    answers, and `seed` changes nothing here. `graph` is the store's, if it is known.

    Concepts are named by id, label or alias: NotFound when one is unknown. No path within `max_hops` (1 to 8): an
    empty list.
    """
    with store.reading():
        ends = [concept_named(store, name).label for name in (a, *via, b)]
        _checked(n, max_hops, ends)
        if ends[0] == ends[-1]:
            return []
        return PathGraph(store, scope, denied, order, graph).between(ends[0], ends[-1], n, max_hops, ends[1:-1])


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


def _checked(n: int, max_hops: int, ends: Sequence[str]) -> None:
    if n < 1:
        raise UsageError(f"n = {n}: at least one path must be asked for.")
    if not 1 <= max_hops <= MOST_HOPS:
        raise UsageError(f"max_hops = {max_hops}: a path has 1 to {MOST_HOPS} hops.")
    if len(set(ends[1:-1])) < len(ends[1:-1]) or {ends[0], ends[-1]} & {*ends[1:-1]}:
        raise UsageError(f"A path passes no concept twice: {' – '.join(ends)}. Name each waypoint once.")


class PathGraph:
    """The relations of a store in a scope, weighed for finding paths. Make one for each question, or for many that are
    asked of one state of the store."""

    def __init__(
        self,
        store: GraphStore,
        scope: Scope = EVERYWHERE,
        denied: bool = True,
        order: Order = "telling",
        graph: RelationGraph | None = None,
    ) -> None:
        if graph is None:
            from kg.relation_graph import relation_graph

            graph = relation_graph(store)
        self.store, self.graph, self.order = store, graph, order
        self.scope, self._denied = scope, denied
        self.companions: list[Companion] = []
        self._named: dict[str, dict[int, Companion]] = {}

    # The weighed graph

    @cached_property
    def counts(self) -> Numbers:
        """(relations, 4): papers, supports, denies and hedges of each relation in the scope."""
        import numpy as np

        graph = self.graph
        inside = graph.inside(self.store, self.scope)
        kept = slice(None) if inside is None else np.flatnonzero(inside)
        relation, paper = graph.relation[kept], graph.paper[kept]
        denies, hedged = graph.denies[kept], graph.hedged[kept]
        most = len(graph.ends)
        place = relation * (len(graph.papers) + 1) + paper  # rising, as the evidence is in its order
        by_paper = place[np.flatnonzero(np.diff(place, prepend=-1))] // (len(graph.papers) + 1)
        columns = (by_paper, relation[~denies], relation[denies], relation[hedged])
        return np.stack([np.bincount(one, minlength=most) for one in columns], axis=1).astype(np.int64)

    @cached_property
    def strengths(self) -> NDArray[np.float64]:
        """Of each relation in the scope, 0…1, by papers: see `paths`."""
        import numpy as np

        graph = self.graph
        inside = graph.inside(self.store, self.scope)
        kept = np.arange(len(graph.relation)) if inside is None else np.flatnonzero(inside)
        year = graph.year[kept]
        dated = year < np.iinfo(np.int16).max
        newest = int(year[dated].max()) if dated.any() else 0
        age = np.where(dated, np.maximum(newest - year, 0), 0).astype(np.float64)
        weight = np.where(graph.hedged[kept], _HEDGED, 1.0).astype(np.float64) * 0.5 ** (age / _HALF_LIFE)
        weight *= np.where(graph.retracted[graph.paper[kept]], _RETRACTED, 1.0)
        sums = []
        for side in (False, True):
            on = graph.denies[kept] == side
            place = graph.relation[kept][on] * (len(graph.papers) + 1) + graph.paper[kept][on]
            # Evidence stands in the order of its relations and papers, so what belongs together stands together.
            starts = np.flatnonzero(np.diff(place, prepend=-1))
            best = np.maximum.reduceat(weight[on], starts) if len(starts) else np.zeros(0)
            sums.append(np.bincount(place[starts] // (len(graph.papers) + 1), best, minlength=len(graph.ends)))
        supports, denies = sums
        return np.asarray((1 + supports) / (2 + supports + denies), np.float64)

    @cached_property
    def weighed(self) -> Weighed:
        """One edge for each two concepts that are joined: the cheapest relation."""
        import numpy as np

        from kg.routes import Weighed

        graph = self.graph
        papers, supports, denies, hedges = self.counts.T
        there = np.flatnonzero((supports > 0) | ((denies > 0) & self._denied))
        if self.order == "short":
            halved = supports - np.minimum(hedges, supports) / 2
            costs = _SHORT_HOP - np.log((1 + halved) / (2 + halved + denies))
        else:
            carries = np.array([_CARRIES.get(name, _CARRIES_ELSE) for name in graph.predicates])
            says = carries[graph.ends[:, 1]] if len(graph.ends) else np.zeros(0)
            costs = _HOP - np.log(self.strengths) - np.log(says) + np.where(supports > 0, 0.0, _DENIED)
        costs = np.round(costs, 12)
        ends = np.sort(graph.ends[:, [0, 2]], axis=1)
        pair = ends[:, 0] * (len(graph.labels) + 1) + ends[:, 1]
        order = there[np.lexsort((-papers[there], costs[there], pair[there]))]
        first = np.ones(len(order), np.bool_)
        first[1:] = pair[order][1:] != pair[order][:-1]
        best = order[first]
        nodes = len(graph.labels)
        bare = Weighed.of(nodes, ends[best, 0], ends[best, 1], costs[best], best, np.zeros(nodes))
        return bare if self.order == "short" else bare.passing(self._through(bare.degrees))

    @cached_property
    def hubs(self) -> frozenset[int]:
        """Concepts with so many neighbours that a path through them says nothing; none in a small library, where they
        are what it is about."""
        import numpy as np

        degrees = self.weighed.degrees
        joined = np.sort(degrees[degrees > 0])[::-1]
        if len(joined) < _SMALL:
            return frozenset()
        least = max(_LEAST_HUB, int(joined[int(_HUBS * len(joined))]))
        return frozenset(np.flatnonzero(degrees >= least).tolist())

    @cached_property
    def clear(self) -> Weighed:
        """The weighed graph in which no hub can be passed."""
        import numpy as np

        shut = self.weighed.through.copy()
        shut[np.fromiter(self.hubs, np.int64, len(self.hubs))] = math.inf
        return self.weighed.passing(shut)

    def named_with(self, label: str) -> dict[int, Companion]:
        """What sentences in the scope name together with a concept (label); read once."""
        if label not in self._named:
            from kg.named_together import companions

            self._named[label] = companions(self.store, self.graph, label, self.scope)
        return self._named[label]

    def with_companions(self, *labels: str) -> PathGraph:
        """The same with hops from these concepts to those that sentences name together with them, where no relation
        joins the two (`kg.named_together`)."""
        import numpy as np

        from kg.routes import Weighed

        made = PathGraph(self.store, self.scope, self._denied, self.order, self.graph)
        made._named = self._named
        made.__dict__ |= {"counts": self.counts, "strengths": self.strengths, "hubs": self.hubs}
        base = self.weighed
        new: dict[tuple[int, int], Companion] = {}
        costs: list[float] = []
        for label in labels:
            node = self.graph.numbers.get(label, -1)
            if node < 0:
                continue
            joined = set(base.others[base.around(node)].tolist())
            for other, companion in self.named_with(label).items():
                if other not in joined and other != node:
                    pair = min(node, other), max(node, other)
                    if pair not in new:
                        new[pair] = companion
                        costs.append(_HOP + _NAMED + math.log1p(_FEW / companion.papers) + companion.chance)
        made.companions = list(new.values())
        ends = np.array(list(new), np.int64).reshape(-1, 2)
        one_way = base.rows < base.others
        made.__dict__["weighed"] = Weighed.of(
            len(self.graph.labels),
            np.concatenate([base.rows[one_way], ends[:, 0]]),
            np.concatenate([base.others[one_way], ends[:, 1]]),
            np.concatenate([base.costs[one_way], np.round(np.array(costs, np.float64), 12)]),
            np.concatenate([base.relations[one_way], -1 - np.arange(len(new))]),
            base.through,
        )
        return made

    def _through(self, degrees: Numbers) -> NDArray[np.float64]:
        """What it costs to pass each concept."""
        import numpy as np

        graph = self.graph
        headed = graph.heads >= 0
        ending = np.bincount(graph.heads[headed], minlength=len(graph.labels))
        own = _HUB * np.log1p(degrees) + _COMMON * np.log1p(graph.mentioned) + _GENERAL * np.log1p(ending)
        own += np.where(graph.common, _STUDY, 0.0)
        of_head = np.where(headed, own[graph.heads], 0.0) if len(own) else own
        return np.asarray(np.round(np.maximum(own, _HEAD * of_head), 12), np.float64)

    # Paths

    def between(self, a: str, b: str, n: int, max_hops: int, via: Sequence[str] = ()) -> list[Path]:
        """Up to `n` paths between two concepts (labels); none where one of them has no relation."""
        numbers = self.graph.numbers
        ends = [numbers.get(label, -1) for label in (a, *via, b)]
        if min(ends) < 0:
            return []
        if self.order == "short":
            return [self.path(route) for _, route in islice(_routes(self.weighed, ends, max_hops), n)]
        stated = self.diverse(islice(_routes(self.clear, ends, max_hops), n * _POOL), n)
        found = [self.path(route) for _, route in stated]
        if len(found) < n:
            known = {route for _, route in stated}
            wider = self.with_companions(a, b)
            more = [one for one in islice(_routes(wider.clear, ends, max_hops), n * _POOL) if one[1] not in known]
            away = wider.apart([route for _, route in more])
            pool = [
                (cost + (_APART * apart if apart is not None and len(route) > 2 else 0.0), route)
                for (cost, route), apart in zip(more, away, strict=True)
            ]
            chosen = self.diverse(pool, n - len(found))
            found += [replace(wider.path(route), score=round(1 / (1 + cost), 6)) for cost, route in chosen]
        if not found:
            found = [self.path(route) for _, route in islice(self._over_hubs(ends, max_hops), 1)]
        return found

    def _over_hubs(self, ends: Sequence[int], max_hops: int) -> Iterator[tuple[float, tuple[int, ...]]]:
        """Routes through the fewest hubs that can be, the cheapest first; then those through more."""
        dear = self.weighed.through.copy()
        dear[list(self.hubs)] += _AVOIDED
        return _routes(self.weighed.passing(dear), ends, max_hops)

    def diverse(self, pool: Iterable[tuple[float, tuple[int, ...]]], n: int) -> list[tuple[float, tuple[int, ...]]]:
        """Up to `n` of these routes, with their costs: the cheapest, then always the one that is cheapest when what it
        has in common with one before it is added to its cost."""
        from kg.routes import likeness

        left = list(pool)
        chosen: list[tuple[float, tuple[int, ...]]] = []
        most = [0.0] * len(left)
        while left and len(chosen) < n:
            place = min(range(len(left)), key=lambda at: (round(left[at][0] + _REPEATS * most[at], 9), left[at][1]))
            chosen.append(left.pop(place))
            del most[place]
            last = chosen[-1][1][1:-1]
            most = [max(one, likeness(route[1:-1], last)) for one, (_, route) in zip(most, left, strict=True)]
        return chosen

    def apart(self, routes: Sequence[Sequence[int]]) -> list[float | None]:
        """How unlike the passages are that the first and the last hop of each route stand in: 1 - cosine, 0…2, by the
        vectors of the library; 1 where there are none, None where it is one passage. A word that means one thing here
        and another there joins passages that have little else in common."""
        import numpy as np

        ends = [(self._passage(*route[:2]), self._passage(*route[-2:])) for route in routes]
        ids = sorted({id for pair in ends for id in pair})
        embedder = self.graph.embedder
        vectors = self.store.vectors(embedder, ids) if embedder and ids else [None] * len(ids)
        known = {id: np.frombuffer(told, "<f4") for id, told in zip(ids, vectors, strict=True) if told is not None}

        def distance(one: str, other: str) -> float | None:
            if one == other:
                return None
            return 1 - round(float(known[one] @ known[other]), 6) if one in known and other in known else 1.0

        return [distance(one, other) for one, other in ends]

    def _passage(self, one: int, other: int) -> str:
        """The first passage that the hop between two neighbours rests on."""
        relation = self.weighed.relation(one, other)
        if relation < 0:
            return self.companions[-1 - relation].evidence[0].passage
        return self.graph.passages[int(self.graph.first_passage[relation])]

    def path(self, route: Sequence[int]) -> Path:
        """The path of a route, with all evidence in the scope."""
        counts = counts_in(self.store, self.scope)
        labels = tuple(self.graph.labels[node] for node in route)
        relations = [self.weighed.relation(one, other) for one, other in zip(route, route[1:], strict=False)]
        hops = []
        for label, relation in zip(labels, relations, strict=False):
            if relation < 0:
                companion = self.companions[-1 - relation]
                first = companion.evidence[0]
                turned = first.object == label
                hops.append(
                    Hop(
                        first.subject,
                        first.predicate,
                        first.object,
                        turned,
                        companion.papers,
                        0,
                        0,
                        0,
                        companion.evidence,
                    )
                )
                continue
            triple = self.graph.triple(relation)
            evidence = tuple(filter(counts, self.store.evidence(relations=[triple])))
            papers, supports, denies, hedges = self.counts[relation].tolist()
            hops.append(Hop(*triple, triple[2] == label, papers, supports, denies, hedges, evidence))
        return Path(self._score(route, relations), labels, tuple(hops))

    def _score(self, route: Sequence[int], relations: Sequence[int]) -> float:
        costs = self._costs(route)
        if self.order == "short":
            mean = math.exp(-sum(cost - _SHORT_HOP for cost in costs) / len(costs))
            return round(1 / (1 + len(costs) - mean), 6)
        passed = sum(float(self.weighed.through[node]) for node in route[1:-1])
        return round(1 / (1 + sum(costs) + passed), 6)

    def _costs(self, route: Sequence[int]) -> list[float]:
        return [self.weighed.cost(one, other) for one, other in zip(route, route[1:], strict=False)]


def _routes(weighed: Weighed, ends: Sequence[int], max_hops: int) -> Iterator[tuple[float, tuple[int, ...]]]:
    from kg.routes import Routes, through

    return iter(Routes(weighed, ends[0], ends[1], max_hops)) if len(ends) == 2 else through(weighed, ends, max_hops)
