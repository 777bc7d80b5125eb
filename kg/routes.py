"""Simple routes over a weighed graph, the cheapest first."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.relation_graph import Numbers

    Costs = NDArray[np.float64]

_LEGS = 100  # routes between two stops that are put together with others

DECIMALS = 9
"""Sums of logarithms in another order differ in their last digits, and must not decide."""


@dataclass(frozen=True, eq=False)
class Weighed:
    """An undirected graph in rows: the neighbours of node i are `others[starts[i]:starts[i + 1]]`, each with the cost
    of the edge and the relation that it stands for. `through` is what it costs to pass a node; its ends cost nothing.
    """

    starts: Numbers
    others: Numbers
    costs: Costs
    relations: Numbers
    through: Costs

    @classmethod
    def of(cls, nodes: int, one: Numbers, other: Numbers, costs: Costs, relations: Numbers, through: Costs) -> Weighed:
        """From edges, one for each pair of nodes."""
        rows, columns = np.concatenate([one, other]), np.concatenate([other, one])
        order = np.argsort(rows * nodes + columns, kind="stable")
        starts = np.zeros(nodes + 1, np.int64)
        np.cumsum(np.bincount(rows, minlength=nodes), out=starts[1:])
        return cls(
            starts,
            columns[order],
            np.concatenate([costs, costs])[order],
            np.concatenate([relations, relations])[order],
            through,
        )

    @cached_property
    def rows(self) -> Numbers:
        """The node whose neighbour each place is."""
        rows: Numbers = np.repeat(np.arange(len(self.through)), self.degrees)
        return rows

    @cached_property
    def degrees(self) -> Numbers:
        """How many neighbours each node has."""
        degrees: Numbers = np.asarray(np.diff(self.starts))
        return degrees

    def around(self, node: int) -> slice:
        """The places of a node's neighbours."""
        return slice(int(self.starts[node]), int(self.starts[node + 1]))

    def passing(self, through: Costs) -> Weighed:
        """The same graph with other costs of passing its nodes."""
        return replace(self, through=through)

    def relation(self, one: int, other: int) -> int:
        """The relation between two neighbours."""
        return int(self.relations[self._place(one, other)])

    def cost(self, one: int, other: int) -> float:
        """What the edge between two neighbours costs."""
        return float(self.costs[self._place(one, other)])

    def _place(self, one: int, other: int) -> int:
        row = self.around(one)
        return int(self.starts[one]) + int(np.searchsorted(self.others[row], other))

    def rest(self, goal: int, hops: int) -> list[Costs]:
        """For 0, 1, … `hops`: the least cost of walking from each node to the goal in at most so many edges, what the
        nodes on the way cost included and the first one's not; infinite where it cannot be done."""
        found = np.full(len(self.through), math.inf)
        found[goal] = 0.0
        told = [found]
        entering = self.through.copy()
        entering[goal] = 0.0
        for _ in range(hops):
            near = np.isfinite(told[-1])[self.others]
            better = told[-1].copy()
            walked = self.costs[near] + (told[-1] + entering)[self.others[near]]
            np.minimum.at(better, self.rows[near], walked)
            told.append(better)
        return told


@dataclass
class _Places:
    """A node's neighbours in the order in which going on over them is cheapest, as far as they lead to the goal."""

    nodes: list[int]
    steps: list[float]
    """What it costs to go to each."""
    whole: list[float]
    """That, and from there to the goal."""


@dataclass
class Routes:
    """Simple routes of at most `hops` edges from `start` to `goal`, the cheapest first, ties by the nodes' numbers.

    Best first over partial routes (A*, Hart et al. 1968, doi:10.1109/TSSC.1968.300136) with the exact cost of the
    cheapest walk that is left as the bound, so that what cannot end in time is never begun. Routes through one of
    `without` are none. Each step takes a route's next best neighbour only, so a hub's many are not all put in line.
    """

    graph: Weighed
    start: int
    goal: int
    hops: int
    without: frozenset[int] = frozenset()
    _rest: list[Costs] = field(init=False)
    _known: dict[tuple[int, int], _Places] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._rest = self.graph.rest(self.goal, self.hops)

    def __iter__(self) -> Iterator[tuple[float, tuple[int, ...]]]:
        if self.start == self.goal or not math.isfinite(self._rest[self.hops][self.start]):
            return
        waiting: list[tuple[float, tuple[int, ...], float, int]] = []
        self._wait(waiting, (self.start,), 0.0, 0)
        while waiting:
            bound, to, spent, place = heapq.heappop(waiting)
            route = to[:-1]
            self._wait(waiting, route, spent, place + 1)
            node = to[-1]
            if node in route or node in self.without:
                continue
            if node == self.goal:
                yield bound, to
                continue
            left = self.hops - len(route) + 1
            self._wait(waiting, to, spent + self._places(route[-1], left).steps[place], 0)

    def _wait(
        self, waiting: list[tuple[float, tuple[int, ...], float, int]], route: tuple[int, ...], spent: float, place: int
    ) -> None:
        left = self.hops - len(route) + 1
        known = self._places(route[-1], left) if left > 0 else None
        if known is not None and place < len(known.nodes):
            bound = round(spent + known.whole[place], DECIMALS)
            heapq.heappush(waiting, (bound, (*route, known.nodes[place]), spent, place))

    def _places(self, node: int, left: int) -> _Places:
        """How to go on from a node with so many edges left."""
        found = self._known.get((node, left))
        if found is None:
            place = self.graph.around(node)
            others = self.graph.others[place]
            entering = np.where(others == self.goal, 0.0, self.graph.through[others])
            steps = self.graph.costs[place] + entering
            whole = np.round(steps + self._rest[left - 1][others], DECIMALS)
            order = np.lexsort((others, whole))
            order = order[np.isfinite(whole[order])]
            found = _Places(others[order].tolist(), steps[order].tolist(), whole[order].tolist())
            self._known[node, left] = found
        return found


def through(graph: Weighed, stops: Sequence[int], hops: int) -> Iterator[tuple[float, tuple[int, ...]]]:
    """Simple routes of at most `hops` edges over all stops in their order, the cheapest first.

    The legs are found one by one and put together, the cheapest sums first; of each leg the first hundred count.
    """
    legs = [
        list(islice(Routes(graph, one, other, hops - len(stops) + 2, frozenset(stops) - {one, other}), _LEGS))
        for one, other in zip(stops, stops[1:], strict=False)
    ]
    if not all(legs):
        return
    stopped = [float(graph.through[node]) for node in stops[1:-1]]
    passed = sum(cost for cost in stopped if math.isfinite(cost))

    def whole(places: tuple[int, ...]) -> tuple[float, tuple[int, ...]]:
        chosen = [leg[place] for leg, place in zip(legs, places, strict=True)]
        nodes = (stops[0], *(node for _, route in chosen for node in route[1:]))
        return round(sum(cost for cost, _ in chosen) + passed, DECIMALS), nodes

    first = (0,) * len(legs)
    waiting, seen = [(*whole(first), first)], {first}
    while waiting:
        cost, route, places = heapq.heappop(waiting)
        if len(route) - 1 <= hops and len(set(route)) == len(route):
            yield cost, route
        for leg, place in enumerate(places):
            following = (*places[:leg], place + 1, *places[leg + 1 :])
            if place + 1 < len(legs[leg]) and following not in seen:
                seen.add(following)
                heapq.heappush(waiting, (*whole(following), following))


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The share of nodes that two routes have in common (Jaccard), 0…1; 1 where neither has any."""
    both = {*one}, {*other}
    return len(both[0] & both[1]) / len(both[0] | both[1]) if both[0] | both[1] else 1.0
