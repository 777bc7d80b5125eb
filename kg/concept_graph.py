"""What the graph of concepts answers by computation: paths, what is shared, central, related how, disputed, new.

A concept is a node, by its label. Two are joined by the relations between them, in either direction; one that sentences
only deny joins nothing. In a scope, only evidence that stands in it counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from kg.model import ANY_TYPE, Concept, Evidence, Paper, Path, Relation
from kg.names import key_of
from kg.paths import paths, strength
from kg.scope import EVERYWHERE, Scope, counts_in
from kg.views import relations_of

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

End = Literal["subject", "object"]
Triple = tuple[str, str, str]

DAMPING = 0.85
_STEPS = 100  # of PageRank: what is left unsettled after them is under 1e-7
_NEAR_HOPS, _FAR_HOPS = 4, 6  # the second only where the first finds nothing
_MOST_NARROWER = 500  # names that hold another one


class Reading(NamedTuple):
    """A predicate, and which of its two ends is looked for when the other one is known."""

    predicate: str
    asked: End


@dataclass(frozen=True, slots=True)
class Shared:
    """A concept that is joined to two others, with the best supported relation to each of them."""

    label: str
    relations: tuple[Relation, Relation]


@dataclass(frozen=True, slots=True)
class Central:
    """A concept and its PageRank (shares of one), with how many others it is joined to and its best supported relation:
    to the one that the walk starts at, where there is any."""

    label: str
    rank: float
    neighbours: int
    relation: Relation


@dataclass(frozen=True, slots=True)
class New:
    """What no paper of an earlier year has: concepts with the year of the first paper that speaks of them, and
    relations, the best supported first."""

    concepts: tuple[tuple[str, int], ...]
    relations: tuple[Relation, ...]


class ConceptGraph:
    """The graph of a store, in a scope. Make one for each question: what it has read it keeps."""

    def __init__(self, store: GraphStore, scope: Scope = EVERYWHERE) -> None:
        self.store, self.scope = store, scope
        self._counts: Callable[[Evidence], bool] | None = None if scope.everywhere else counts_in(store, scope)

    # What is read

    def relations(self, concepts: Collection[str] | None = None) -> list[Relation]:
        """All relations in the scope, or those with one of these concepts (labels) at an end; denied ones too."""
        found = list(self.store.relations(concepts=concepts))
        if self._counts is None:
            return found
        if concepts is None:
            return relations_of(filter(self._counts, self.store.evidence()))
        ends = [(one.subject, one.predicate, one.object) for one in found]
        return relations_of(filter(self._counts, self.store.evidence(relations=ends))) if ends else []

    def evidence(self, relations: Iterable[Relation]) -> dict[Triple, list[Evidence]]:
        """The evidence of relations in the scope: for them first, stated before hedged, the most confident first."""
        ends = [(one.subject, one.predicate, one.object) for one in relations]
        found: dict[Triple, list[Evidence]] = {end: [] for end in ends}
        for one in self.store.evidence(relations=ends) if ends else ():
            if self._counts is None or self._counts(one):
                found[one.subject, one.predicate, one.object].append(one)
        for pieces in found.values():
            pieces.sort(key=lambda one: (one.polarity == "denies", one.certainty == "hedged", -one.confidence, one.id))
        return found

    # What is computed

    def shortest_paths(self, a: str, b: str, most: int = 3) -> list[Path]:
        """The shortest paths between two concepts (labels) over at most six relations, the best supported first; of
        those that are as short as the first, up to `most`."""
        for hops in (_NEAR_HOPS, _FAR_HOPS):
            if found := paths(self.store, a, b, most, hops, scope=self.scope, denied=False, order="short"):
                return [one for one in found if len(one.hops) == len(found[0].hops)]
        return []

    def neighbours(self, label: str) -> dict[str, list[Relation]]:
        """What a concept is joined to, with the relations between them: the best supported first, ties by label."""
        around: dict[str, list[Relation]] = defaultdict(list)
        for one in self.relations([label]):
            if one.supports:
                around[one.object if one.subject == label else one.subject].append(one)
        ordered = sorted(around.items(), key=lambda one: (-sum(each.supports for each in one[1]), one[0]))
        return {other: sorted(between, key=_by_support) for other, between in ordered}

    def common(self, a: str, b: str) -> list[Shared]:
        """The common neighbours of two concepts: those that both are well joined to first, ties by label."""
        one, other = self.neighbours(a), self.neighbours(b)
        shared = sorted(
            one.keys() & other.keys(),
            key=lambda label: (
                -min(_supports(one[label]), _supports(other[label])),
                -_supports(one[label]) - _supports(other[label]),
                label,
            ),
        )
        return [Shared(label, (one[label][0], other[label][0])) for label in shared]

    def central(self, around: str | None = None, most: int | None = None) -> list[Central]:
        """Concepts by PageRank, highest first, ties by label: where one who walks from concept to concept is found how
        often, over relations in either direction, the likelier the more sentences support them.

        With `around`, the walk starts anew at that concept alone (personalised PageRank), which is left out of what is
        found. Page et al. 1999 (Stanford InfoLab 1999-66), damping .85; Haveliwala 2002 (doi:10.1145/511446.511513).
        """
        weights: Counter[tuple[str, str]] = Counter()
        best: dict[str, Relation] = {}

        def ends_at(one: Relation) -> bool:
            return around in (one.subject, one.object)

        for one in self.relations():
            if one.supports:
                weights[min(one.subject, one.object), max(one.subject, one.object)] += one.supports
                for end in (one.subject, one.object):
                    best[end] = min(best.get(end, one), one, key=lambda it: (not ends_at(it), *_by_support(it)))
        if around is not None and around not in best:
            return []
        degrees = Counter(end for pair in weights for end in pair)
        ranks = page_rank(weights, around)
        ordered = sorted((label for label in ranks if label != around), key=lambda label: (-ranks[label], label))
        return [
            Central(label, ranks[label], degrees[label], best[label]) for label in ordered[:most] if ranks[label] > 0
        ]

    def related(self, label: str, readings: Sequence[Reading]) -> list[Relation]:
        """The relations of a concept that are read in one of these ways, in their order; in one way the best supported
        first, ties by label."""
        order = {reading: place for place, reading in reversed(list(enumerate(readings)))}
        found = []
        for one in self.relations([label]):
            asked: End = "object" if one.subject == label else "subject"
            place = order.get(Reading(one.predicate, asked))
            if place is not None and one.supports:
                found.append((place, _by_support(one), one))
        return [one for _, _, one in sorted(found)]

    def disputed(self, concepts: Collection[str] = (), both: bool = False) -> list[Relation]:
        """Relations that some sentences support and others deny: of one of these concepts (labels), with `both` those
        between two of them, or all; those with the most on the weaker side first."""
        found = [
            one
            for one in self.relations(concepts if concepts else None)
            if one.supports and one.denies and (not both or {one.subject, one.object} <= set(concepts))
        ]
        return sorted(found, key=lambda one: (-min(one.supports, one.denies), _by_support(one)))

    def since(self, year: int, label: str | None = None) -> New:
        """What is new since a year (inclusive), of a concept (its relations and neighbours) or of all: relations all of
        whose evidence, and concepts all of whose papers, are of that year or later. A paper without a year is none."""
        begin = year if self.scope.since is None else max(year, self.scope.since)
        late = self.store.passage_ids(replace(self.scope, since=begin))
        relations = self.relations(None if label is None else [label])
        if label is None:
            found = self.store.evidence(passages=late)
        else:
            found = self.store.evidence(relations=[(one.subject, one.predicate, one.object) for one in relations])
        inside = frozenset(late)
        pieces = Counter((one.subject, one.predicate, one.object) for one in found if one.passage in inside)
        new = [
            one
            for one in relations
            if one.supports and pieces[one.subject, one.predicate, one.object] == one.supports + one.denies
        ]
        concepts = self._new_concepts(late, None if label is None else self.neighbours(label).keys())
        return New(tuple(concepts), tuple(sorted(new, key=_by_support)))

    def _new_concepts(self, late: Sequence[str], among: Collection[str] | None) -> list[tuple[str, int]]:
        """The concepts that no passage but these mentions, with the year of the first paper that does; by year."""
        there = self._papers_by_concept(late)
        if self.scope.everywhere:
            papers = {one.id: one.papers for one in self.store.concepts()}
        else:
            told = self._papers_by_concept(self.store.passage_ids(self.scope))
            papers = {concept: len(years) for concept, years in told.items()}
        labels = {one.id: one.label for one in self.store.concepts()}
        found = [
            (labels[id], min(year for year in years.values() if year is not None))
            for id, years in there.items()
            if len(years) == papers[id] and (among is None or labels[id] in among)
        ]
        return sorted(found, key=lambda one: (one[1], one[0]))

    def _papers_by_concept(self, passages: Sequence[str]) -> dict[str, dict[str, int | None]]:
        """Concept (id) -> the papers whose passages mention it, among these passages, with their years."""
        paper_of = {one.passage.id: one.paper for one in self.store.passages(ids=passages)}
        found: dict[str, dict[str, int | None]] = defaultdict(dict)
        for mention, concept in self.store.mentions(passages=passages):
            if concept is not None:
                paper = paper_of[mention.passage]
                found[concept][paper.id] = paper.year
        return found

    def papers(self, concept: Concept) -> list[tuple[Paper, int]]:
        """The papers in the scope that speak of a concept and how often, those that do most first, ties by key."""
        inside = None if self.scope.everywhere else frozenset(self.store.passage_ids(self.scope))
        counts = Counter(
            mention.passage
            for mention, _ in self.store.mentions(concept=concept.id)
            if inside is None or mention.passage in inside
        )
        found: dict[str, Paper] = {}
        often: Counter[str] = Counter()
        for one in self.store.passages(ids=counts.keys()):
            found[one.paper.id] = one.paper
            often[one.paper.id] += counts[one.passage.id]
        return sorted(((paper, often[id]) for id, paper in found.items()), key=lambda one: (-one[1], one[0].key))

    # Names

    def narrower(self, label: str) -> list[str]:
        """The concepts whose name holds this one's as whole words: "stiffness of wood" for "stiffness"."""
        key = f" {key_of(label)} "
        if not key.strip():
            return []
        # Endings and hyphens differ between a key and the names that have it: looked for by part of its longest word.
        stem = max(key.split(), key=len).removesuffix("y")
        found = [one.label for one in self.store.concepts(stem) if key in f" {key_of(one.label)} "]
        return sorted(set(found) - {label})[:_MOST_NARROWER]

    def is_a(self, label: str, noun: str, types: Collection[str] = (), told: bool = False) -> bool:
        """Whether a concept is one of those that a noun names, as far as the graph tells: it is of one of these types,
        its name ends with the noun, or it "is a" concept of which that holds. A concept whose type nobody told may
        be of any of these types, unless `told`."""
        wanted = key_of(noun)
        seen, edge = {label}, [label]
        fitting = {*types} if told else {*types, ANY_TYPE}
        if types and (found := self.store.concepts_called(label)) and found[0].type in fitting:
            return True
        while edge:
            if any(f" {key_of(one)}".endswith(f" {wanted}") for one in edge):
                return True
            above = {
                one.object
                for one in self.relations(edge)
                if one.predicate == "is a" and one.supports and one.subject in edge
            }
            edge = sorted(above - seen)
            seen |= above
        return False


def page_rank(weights: Mapping[tuple[str, str], float], around: str | None = None) -> dict[str, float]:
    """Shares of one for the nodes of an undirected graph, rounded to nine decimals; see `ConceptGraph.central`."""
    import numpy as np
    from scipy import sparse

    labels = sorted({label for pair in weights for label in pair})
    if not labels:
        return {}
    place = {label: number for number, label in enumerate(labels)}
    ends = np.array([(place[one], place[other]) for one, other in weights])
    values = np.array(list(weights.values()), float)
    size = (len(labels), len(labels))
    rows, columns = np.concatenate([ends[:, 0], ends[:, 1]]), np.concatenate([ends[:, 1], ends[:, 0]])
    joined = sparse.csr_array((np.concatenate([values, values]), (rows, columns)), size)
    steps = (joined / joined.sum(axis=0)).tocsr()
    start = np.full(len(labels), 1 / len(labels))
    if around is not None:
        start = np.zeros(len(labels))
        start[place[around]] = 1
    there = start
    for _ in range(_STEPS):
        there = DAMPING * (steps @ there) + (1 - DAMPING) * start
    return {label: round(float(share), 9) for label, share in zip(labels, there, strict=True)}


def _supports(relations: Iterable[Relation]) -> int:
    return sum(one.supports for one in relations)


def _by_support(one: Relation) -> tuple[float, float, int, str, str, str]:
    return -one.supports, -strength(one), -one.papers, one.subject, one.predicate, one.object
