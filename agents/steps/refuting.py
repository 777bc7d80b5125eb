"""The falsification card: what would refute a hypothesis, what to measure and how, and what would tell most."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence

from agents.hypothesis import Falsification, Gap, Measurement, Said
from agents.steps.facets import Material, expectation
from agents.steps.prose import clause, counted, is_plural, listed, quote, sentence
from agents.steps.ranking import hop_strength
from kg.compositions import LOWERING, RAISING
from kg.model import Evidence, Hop, Path, Relation
from kg.names import key_of

_OPPOSITE = {
    **dict.fromkeys((*RAISING, "causes", "contributes to", "enables", "produces", "maintains"), "down"),
    **dict.fromkeys((*LOWERING, "prevents", "removes"), "up"),
}
_OF_CHANGE = frozenset({*_OPPOSITE, "affects", "regulates", "treats", "protects", "depends on", "acts on"})
_MEASURED_BY = {"measured with": True, "detects": False, "evaluated on": True}
"""Whether what is measured is the subject."""

_METHODS = frozenset({"Method", "Instrument", "Process", "Metric"})
_MOST = 4
_WHY = {
    1: "read again: sentences that may tell it are in the library",
    2: "a method that papers in the library use for it",
    3: "a method that the library knows for something like it",
    4: "no method for it is in the library: an experiment of its own",
}


def card(gap: Gap, path: Path | None, material: Material, together: Sequence[Evidence] = ()) -> Falsification:
    """The card of a hypothesis. `together` are sentences that name both of its ends, the cheapest thing to read."""
    hops = () if path is None else path.hops
    way = () if path is None else path.concepts[1:-1]
    return Falsification(
        tuple(_refuted(gap, way, hops)),
        tuple(sorted(_measurements(gap, way, material, together), key=lambda one: (one.effort, one.what)))[:_MOST],
        _decisive(gap, hops),
    )


def _refuted(gap: Gap, way: Sequence[str], hops: Sequence[Hop]) -> Iterator[Said]:
    basis = tuple(one for hop in hops for one in hop.evidence[:1])
    subject, object = gap.subject, gap.object
    between = listed(way) if way else ""
    if gap.predicate in _OPPOSITE:
        turns = "go" if is_plural(object) else "goes"
        rises = "go" if is_plural(subject) else "goes"
        told = f"{object} {turns} {_OPPOSITE[gap.predicate]}, or nowhere, as {subject} {rises} up"
    elif gap.predicate in ("used for", "uses", "evaluated on"):
        told = f"Work on {object} is no better with {subject} than without it, on the same data"
    elif gap.predicate in _OF_CHANGE:
        stays = "stay" if is_plural(object) else "stays"
        told = f"{object} {stays} the same although a change is made to {subject}, and to nothing else"
    elif gap.predicate in ("part of", "contains", "consists of", "located in", "has property", "is a", "derived from"):
        told = f"A search made for it finds {subject} without {object}, in all of several independent samples"
    else:
        told = f"{subject} and {object} are found together no more often than chance has it"
    yield Said(sentence(told), basis, inference=True)
    if between and gap.predicate in _OF_CHANGE:
        verb = "do" if len(way) > 1 or is_plural(way[0]) else "does"
        changes = "do change" if is_plural(object) else "does change"
        told = f"{object} {changes} with {subject}, yet {between} {verb} not: then the way is another one"
        yield Said(sentence(told), basis, inference=True)
    elif between:
        told = f"{subject} and {object} go together just as well where {between} can play no part"
        yield Said(sentence(told), basis, inference=True)
    for hop in hops:
        for one in [one for one in hop.evidence if one.polarity == "denies"][:1]:
            told = (
                f"One of its steps is denied already ({clause(hop.subject, hop.predicate, hop.object)}): {quote(one)}"
            )
            yield Said(f"{told}.", (one,))


def _measurements(
    gap: Gap, way: Sequence[str], material: Material, together: Sequence[Evidence]
) -> Iterator[Measurement]:
    if together:
        papers = len({one.paper for one in together})
        verb = "names" if papers == 1 else "name"
        told = f"{counted(papers, 'paper').capitalize()} {verb} {gap.subject} and {gap.object} in one sentence"
        how = Said(f"{told}: {quote(together[0])}.", tuple(together[:1]), inference=True)
        yield Measurement(f"what is reported of {gap.subject} and {gap.object} together", None, how, 1, _WHY[1])
    for label in dict.fromkeys((gap.object, *way, gap.subject)):
        effort, found = _method(label, material)
        if found is not None:
            method = _by(found)
            measured = found.subject if _MEASURED_BY[found.predicate] else found.object
            near = "" if measured == label else f", which is near to {label}"
            told = f"{method} serves to measure {measured}{near}: {quote(found)}."
            yield Measurement(label, method, Said(told, (found,)), effort, _WHY[effort])
        elif label == gap.object:
            how = Said(expectation(gap, way), inference=True)
            yield Measurement(label, None, how, 4, _WHY[4])


def _method(label: str, material: Material) -> tuple[int, Evidence | None]:
    """The best sentence that names a method for a concept, or for one that its name ends with."""
    direct = _pieces(material, material.relations(label), {label})
    if direct:
        return 2, direct[0]
    for key in _shorter(label):
        labels = set(material.graph.store.concept_keys([key]).values()) - {label}
        near = _pieces(material, (one for other in sorted(labels) for one in material.relations(other)), labels)
        if (found := next((one for one in near if _is_method(_by(one), material)), None)) is not None:
            return 3, found
    return 4, None


def _pieces(material: Material, relations: Iterable[Relation], labels: Collection[str]) -> list[Evidence]:
    found = [
        one
        for one in relations
        if one.predicate in _MEASURED_BY and (one.subject if _MEASURED_BY[one.predicate] else one.object) in labels
    ]
    told = [one for pieces in material.graph.evidence(found).values() for one in pieces if one.polarity == "supports"]
    order = list(_MEASURED_BY)
    return sorted(
        told, key=lambda one: (order.index(one.predicate), one.certainty == "hedged", -one.confidence, one.id)
    )


def _by(one: Evidence) -> str:
    return one.object if _MEASURED_BY[one.predicate] else one.subject


def _is_method(label: str, material: Material) -> bool:
    called = material.graph.store.concepts_called(label)
    return bool(called) and called[0].type in _METHODS


def _shorter(label: str) -> list[str]:
    """The names that a longer one ends with, and what stands before its "of"."""
    head, of, _ = label.partition(" of ")
    words = label.split()
    parts = [head] if of else [" ".join(words[at:]) for at in range(1, len(words))]
    return [key for part in parts if (key := key_of(part))]


def _decisive(gap: Gap, hops: Sequence[Hop]) -> Said | None:
    """Which single result would move the score of the path most, up or down."""
    if not hops:
        return Said(
            sentence(
                f"A first paper that states whether {clause(gap.subject, gap.predicate, gap.object)} decides most"
            ),
            inference=True,
        )

    def score(strengths: Sequence[float]) -> float:
        return math.exp(sum(map(math.log, strengths)) / len(strengths))

    now = [hop_strength(hop.supports, hop.denies, hop.hedges) for hop in hops]
    moves: list[tuple[float, int, bool]] = []
    for place, hop in enumerate(hops):
        for denied in (True, False):
            then = hop_strength(hop.supports + (not denied), hop.denies + denied, hop.hedges)
            moves.append((score([*now[:place], then, *now[place + 1 :]]) - score(now), place, denied))
    change, place, denied = max(moves, key=lambda one: (round(abs(one[0]), 9), one[2], -one[1]))
    hop = hops[place]
    told = clause(hop.subject, hop.predicate, hop.object)
    if not hop.supports:
        told = f"{hop.subject} and {hop.object} have to do with each other"
    verb = "denies" if denied else "states"
    return Said(
        f"Most would change with one more paper that {verb} that {told}: the path's strength would go from "
        f"{score(now):.2f} to {score(now) + change:.2f}.",
        hop.evidence[:1],
        inference=True,
    )
