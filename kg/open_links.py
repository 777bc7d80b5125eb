"""Links that no sentence states and that others suggest: A – B and B – C are stated, A – C is not.

Swanson 1986 (doi:10.1353/pbm.1986.0087) found new medical hypotheses so, by hand.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

from kg.compositions import Step, along
from kg.errors import UsageError
from kg.model import ANY_TYPE
from kg.named_together import holds
from kg.names import key_of
from kg.paths import PathGraph, concept_named
from kg.scope import EVERYWHERE, Scope

if TYPE_CHECKING:
    from kg.communities import Communities
    from kg.model import Path
    from kg.relation_graph import RelationGraph
    from kg.routes import Weighed
    from kg.stores.graph_store import GraphStore

_END = 0.2  # of what it costs to pass a concept, for one at the end of an open link
_UNTYPED = 0.7  # what it costs that nobody told what kind of thing an end is,
_ONCE = 0.7  # that one paper alone mentions it,
_COMMON = 2.0  # and that every study has such a thing, or that the last word of its name is one
_NOTHING_FOLLOWS = 1.6  # what it costs that the two predicates make no third one
_ONE_PAPER = 1.0  # what it costs that one paper states both hops
_APART = 3.0  # of how unlike the passages of the two hops are
_ONE_PASSAGE = 2.0  # and that one passage states both
_NOISE = 0.5  # of a Gumbel variable in the choice among all open links
_MIDDLES = 20_000  # concepts that are looked at as middles, drawn where there are more
_NEARBY = 15  # middles whose companions are read
_MANY = 0.7  # of ln(concepts that join the ends), beside that each adds to the weight
_LETTERS = 0.8  # of two words that are alike, by which they are forms of one: bacteria, bacterium
_AGAIN = 0.7  # what it costs that a concept stands in a link that was chosen before

Route = tuple[int, ...]


@dataclass
class _Open:
    """A pair of ends: how much joins them, and the best route."""

    weight: float = 0.0
    best: float = math.inf
    route: Route = ()
    middles: set[int] = field(default_factory=set)

    def add(self, cost: float, route: Route) -> None:
        self.weight += math.exp(-cost)
        self.middles.update(route[1:-1])
        if (cost, route) < (self.best, self.route) or not self.route:
            self.best, self.route = cost, route

    @property
    def cost(self) -> float:
        """Of all that joins the ends taken together: many links weigh more than one."""
        return -math.log(self.weight) - _MANY * math.log(len(self.middles))


def open_paths(
    store: GraphStore, a: str, n: int = 5, scope: Scope = EVERYWHERE, *, graph: RelationGraph | None = None
) -> list[Path]:
    """Up to `n` open links from a concept, each with its best path of two hops: see `from_one`. `graph` is the store's,
    if it is known. The concept is named by id, label or alias: NotFound when it is unknown."""
    if n < 1:
        raise UsageError(f"n = {n}: at least one path must be asked for.")
    with store.reading():
        label = concept_named(store, a).label
        return from_one(PathGraph(store, scope, denied=False, graph=graph), label, n)


def from_one(
    paths: PathGraph, label: str, n: int, avoided: Iterable[str] = (), across: Communities | None = None
) -> list[Path]:
    """Up to `n` open links from a concept (label), each with its best path of two hops, those first that most concepts
    join and that are unlike the ones before. `avoided` (labels) are no ends, and of the communities `across` the
    concept's own has none.

    Beside relations, hops count that no sentence states though sentences name the two together: of the concept, and of
    the middles that are nearest to it. What sentences name together with the concept is no end: that link is not open.
    """
    graph = paths.graph
    start = graph.numbers.get(label, -1)
    if start < 0:
        return []
    near = paths.named_with(label)
    shut = {*near, start, *paths.hubs, *(graph.numbers[one] for one in avoided if one in graph.numbers)}
    named = paths.with_companions(label)
    first = sorted(_steps(named.clear, start), key=lambda one: (one[1], one[0]))
    wider = paths.with_companions(label, *(graph.labels[middle] for middle, _ in first[:_NEARBY]))
    found = _around(wider, wider.clear, start, shut)
    if across is not None:
        found = {end: one for end, one in found.items() if not across.same(start, end)}
    return [wider.path(one.route) for one in _different(wider, found.values(), n)]


def everywhere(
    paths: PathGraph,
    n: int,
    seed: int = 0,
    fits: Callable[[str], bool] | None = None,
    across: Communities | None = None,
) -> list[Path]:
    """Up to `n` open links of the whole graph, drawn with `seed`: the better ones are the likelier. Their predicates
    make a third; those whose hops rest on different papers, in passages that are alike, are preferred; no concept
    stands in many of them, `fits` tells which labels may be ends, and the two ends belong to different ones of the
    communities `across`."""
    graph, clear = paths.graph, paths.clear
    rng = random.Random(seed)
    degrees = clear.degrees
    middles = [node for node in range(len(graph.labels)) if degrees[node] > 1 and math.isfinite(clear.through[node])]
    if len(middles) > _MIDDLES:
        middles = sorted(rng.sample(middles, _MIDDLES))
    papers = _papers(paths)
    joined: dict[int, set[int]] = {}
    found: dict[tuple[int, int], _Open] = defaultdict(_Open)
    ends: dict[int, bool] = {}

    def may_end(node: int) -> bool:
        if node not in ends:
            ends[node] = node not in paths.hubs and (fits is None or fits(graph.labels[node]))
        return ends[node]

    for middle in middles:
        around = [(other, cost) for other, cost in _edges(clear, middle) if may_end(other)]
        for place, (one, first) in enumerate(around):
            if one not in joined:
                joined[one] = set(clear.others[clear.around(one)].tolist())
            for other, second in around[place + 1 :]:
                if other in joined[one] or (across is not None and across.same(one, other)):
                    continue
                if names_within(graph.labels[one], graph.labels[other]):
                    continue
                if any(_names_kind(paths, clear, middle, end) for end in (one, other)):
                    continue
                route = (one, middle, other)
                unfit = _unfit(paths, route)
                if unfit < _NOTHING_FOLLOWS:
                    cost = first + second + float(clear.through[middle]) + _ends_cost(paths, one, other)
                    told = _ONE_PAPER if _share(papers, clear, route) else 0.0
                    found[one, other].add(cost + unfit + told, route)
    noisy = {
        pair: _NOISE * math.log(-math.log(rng.random() or 1e-12)) for pair in sorted(found)
    }  # so that -cost + Gumbel noise is drawn (Gumbel-max)
    chosen = _different(paths, found.values(), n, {one.route: noisy[pair] for pair, one in found.items()})
    return [paths.path(one.route) for one in chosen]


def _around(paths: PathGraph, weighed: Weighed, start: int, shut: set[int]) -> dict[int, _Open]:
    """The open ends two hops from a concept."""
    found: dict[int, _Open] = defaultdict(_Open)
    joined = {node for node, _ in _edges(weighed, start)}
    labels = paths.graph.labels
    for middle, first in _steps(weighed, start):
        for other, second in _edges(weighed, middle):
            if other in shut or other in joined or names_within(labels[start], labels[other]):
                continue
            if not _names_kind(paths, weighed, middle, other):
                route = (start, middle, other)
                found[other].add(first + second + _ends_cost(paths, other) + _unfit(paths, route), route)
    return dict(found)


def names_within(one: str, other: str) -> bool:
    """Whether one of two names is made of words of the other, in whatever form: then they name one thing, or a kind of
    it, and that they have to do with each other is no news.

    >>> names_within("marine bacteria", "native marine bacterium"), names_within("spider silk", "wood")
    (True, False)
    """
    shorter, longer = sorted((_words(one), _words(other)), key=len)
    left = longer - shorter
    return bool(shorter) and all(
        any(SequenceMatcher(None, word, near, autojunk=False).ratio() >= _LETTERS for near in left)
        for word in shorter - longer
    )


@lru_cache(maxsize=50_000)
def _words(name: str) -> frozenset[str]:
    return frozenset(key_of(name).split())


def _edges(weighed: Weighed, node: int) -> list[tuple[int, float]]:
    place = weighed.around(node)
    return list(zip(weighed.others[place].tolist(), weighed.costs[place].tolist(), strict=True))


def _steps(weighed: Weighed, node: int) -> list[tuple[int, float]]:
    """The neighbours that can be passed, with what it costs to go to and through them."""
    return [
        (other, cost + float(weighed.through[other]))
        for other, cost in _edges(weighed, node)
        if math.isfinite(weighed.through[other])
    ]


def _ends_cost(paths: PathGraph, *nodes: int) -> float:
    graph = paths.graph
    untyped = sum(graph.types[node] == ANY_TYPE for node in nodes)
    once = sum(int(graph.mentioned[node]) < 2 for node in nodes)
    common = sum(
        bool(graph.common[node] or (graph.heads[node] >= 0 and graph.common[graph.heads[node]])) for node in nodes
    )
    passed = sum(float(paths.weighed.through[node]) for node in nodes)
    return _END * passed + _UNTYPED * untyped + _ONCE * once + _COMMON * common


def _unfit(paths: PathGraph, route: Route) -> float:
    """What it costs that the predicates of a route make no other, or one that follows with little safety."""
    steps = []
    for one, other in zip(route, route[1:], strict=False):
        relation = paths.weighed.relation(one, other)
        if relation < 0:
            return _NOTHING_FOLLOWS
        subject, predicate, _ = paths.graph.ends[relation].tolist()
        steps.append(Step(paths.graph.predicates[predicate], subject != one))
    turned = [Step(one.predicate, not one.turned) for one in reversed(steps)]
    best = max((chain.strength for chain in (along(steps), along(turned)) if chain is not None), default=0.0)
    return min(_NOTHING_FOLLOWS, -math.log(best)) if best > 0 else _NOTHING_FOLLOWS


def _names_kind(paths: PathGraph, weighed: Weighed, middle: int, end: int) -> bool:
    """Whether the end only says of what kind the middle is: then the open link says nothing new of it."""
    relation = weighed.relation(middle, end)
    if relation < 0:
        return False
    subject, predicate, _ = paths.graph.ends[relation].tolist()
    name = paths.graph.predicates[predicate]
    return name == "same as" or (name == "is a" and bool(subject == middle))


def _papers(paths: PathGraph) -> dict[int, frozenset[int]]:
    """Relation -> its papers."""
    found: dict[int, set[int]] = defaultdict(set)
    for relation, paper in zip(paths.graph.relation.tolist(), paths.graph.paper.tolist(), strict=True):
        found[relation].add(paper)
    return {relation: frozenset(papers) for relation, papers in found.items()}


def _share(papers: Mapping[int, frozenset[int]], weighed: Weighed, route: Route) -> bool:
    first, second = (weighed.relation(one, other) for one, other in zip(route, route[1:], strict=False))
    return bool(papers[first] & papers[second])


def _different(
    paths: PathGraph, found: Iterable[_Open], n: int, noise: Mapping[Route, float] | None = None
) -> Sequence[_Open]:
    """The cheapest, each concept that stood in a chosen one making the next ones dearer; none whose one end is named
    with the other's words."""
    told = dict(noise) if noise is not None else {}
    left = sorted(found, key=lambda one: (round(one.cost + told.get(one.route, 0.0), 9), one.route))[: n * 8 + 50]
    for one, apart in zip(left, paths.apart([one.route for one in left]), strict=True):
        told[one.route] = told.get(one.route, 0.0) + (_ONE_PASSAGE if apart is None else _APART * apart)
    used: dict[int, int] = defaultdict(int)
    chosen: list[_Open] = []

    def cost(one: _Open) -> tuple[float, Route]:
        again = sum(used[node] for node in one.route)
        return round(one.cost + told.get(one.route, 0.0) + _AGAIN * again, 9), one.route

    while left and len(chosen) < n:
        best = min(left, key=cost)
        left.remove(best)
        start, end = (key_of(paths.graph.labels[node]) for node in (best.route[0], best.route[-1]))
        if holds(start, end) or holds(end, start):
            continue
        chosen.append(best)
        common = {best.route[0]} if all(one.route[0] == best.route[0] for one in left) else set()
        for node in {*best.route} - common:
            used[node] += 1
    return chosen
