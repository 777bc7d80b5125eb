"""Sentences that name two concepts together and state no relation between them.

What an extractor finds is a part of what sentences say. Where relations do not join two concepts, a sentence that names
both is a reason to look, and no more than that: it states nothing of the two (`supports` of such a hop is 0).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.model import Evidence, Mention, PaperPassage, content_id
from kg.names import key_of
from kg.scope import EVERYWHERE, Scope
from kg.search import words
from kg.sentences import sentences

if TYPE_CHECKING:
    from kg.relation_graph import RelationGraph
    from kg.stores.graph_store import GraphStore

PREDICATE = "named with"
"""Stands in a hop that no sentence states; no predicate of the vocabulary."""

_PASSAGES = 250  # that are read for a concept
_SHOWN = 5  # sentences of a hop


@dataclass(frozen=True, slots=True)
class Companion:
    """A concept that sentences name with another one: in how many papers, and the first few of the sentences.

    `chance` is ln(expected / papers) where more papers were to be expected by chance, from how many speak of each of
    the two, else 0.
    """

    papers: int
    chance: float
    evidence: tuple[Evidence, ...]


@dataclass
class _Found:
    papers: set[str] = field(default_factory=set)
    evidence: list[Evidence] = field(default_factory=list)


def companions(store: GraphStore, graph: RelationGraph, label: str, scope: Scope = EVERYWHERE) -> dict[int, Companion]:
    """What sentences name together with a concept (label), of the concepts (numbers in `graph`) that have a relation.

    A sentence names a concept, too, that a longer name in it holds: "Raynaud's phenomenon" names Raynaud. Concepts one
    of whose names holds the other are no companions. At most 250 passages are read: those that mention the concept, by
    id, then those that are most about its rarest word.
    """
    key = key_of(label)
    called = store.concepts_called(label)
    if not called or not key:
        return {}
    own = called[0].id
    passages = _passages(store, own, label, scope)
    by_passage: dict[str, list[tuple[Mention, str]]] = defaultdict(list)
    for mention, concept in store.mentions(passages=[one.passage.id for one in passages]):
        if concept is not None:
            by_passage[mention.passage].append((mention, concept))
    found: dict[int, _Found] = defaultdict(_Found)
    speaking: set[str] = set()
    numbers = graph.by_id
    for one in passages:
        told = by_passage[one.passage.id]
        if not any(concept == own or holds(mention.key, key) for mention, concept in told):
            continue
        for start, end in sentences(one.passage.text):
            inside = [(mention, concept) for mention, concept in told if start <= mention.start and mention.end <= end]
            if not any(concept == own or holds(mention.key, key) for mention, concept in inside):
                continue
            speaking.add(one.paper.id)
            quote = one.passage.text[start:end]
            for number in sorted(
                {numbers[concept] for mention, concept in inside if concept in numbers and concept != own}
            ):
                other = graph.labels[number]
                if holds(key_of(other), key) or holds(key, key_of(other)):
                    continue
                found[number].papers.add(one.paper.id)
                if len(found[number].evidence) < _SHOWN:
                    found[number].evidence.append(
                        Evidence(
                            content_id("n", one.passage.id, start, end, label, other),
                            one.paper.id,
                            one.paper.key,
                            one.passage.id,
                            start,
                            end,
                            quote,
                            label,
                            PREDICATE,
                            other,
                            "supports",
                            "hedged",
                            one.paper.year,
                            ("named together",),
                            0.0,
                        )
                    )
    whole = max(graph.whole, 1)

    def chance(number: int, papers: int) -> float:
        expected = len(speaking) * int(graph.mentioned[number]) / whole
        return max(0.0, math.log(expected / papers)) if expected else 0.0

    return {
        number: Companion(len(one.papers), chance(number, len(one.papers)), tuple(one.evidence))
        for number, one in sorted(found.items())
    }


def _passages(store: GraphStore, concept: str, label: str, scope: Scope) -> list[PaperPassage]:
    """The passages that are read: never one that is quarantined."""
    mentioning = sorted({mention.passage for mention, _ in store.mentions(concept=concept)})
    if not scope.everywhere:
        allowed = set(store.passage_ids(scope))
        mentioning = [one for one in mentioning if one in allowed]
    if len(mentioning) >= _PASSAGES:
        return list(store.passages(ids=mentioning[:_PASSAGES]))
    # A longer name that holds this one holds its rarest word.
    told = words(label)
    frequencies = store.frequencies(told)
    rarest = min(zip(told, frequencies, strict=True), key=lambda one: (one[1], one[0]))[0]
    searched = [id for id, _ in store.lexical([rarest], _PASSAGES, scope)]
    found = store.passages(ids=list(dict.fromkeys([*mentioning, *searched]))[:_PASSAGES])
    # Keys are singular: the beginnings of their words stand in the text in any number.
    stems = [word[: max(4, len(word) - 2)] for word in key_of(label).split()]
    own = set(mentioning)
    return [one for one in found if one.passage.id in own or _has(one.passage.text, stems)]


def _has(text: str, stems: Sequence[str]) -> bool:
    folded = text.casefold()
    return all(stem in folded for stem in stems)


def holds(key: str, other: str) -> bool:
    """Whether a name has the other one in it, as whole words."""
    return f" {other} " in f" {key} "
