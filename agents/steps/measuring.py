"""How testable and how specific a claim is, and how well each of its relations stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from agents.critique import Claim, HopCritique, Measure
from agents.steps.anticipating import Named
from agents.steps.arguing import Pleaded, strength, weight
from agents.steps.phrases import is_generic
from kg.concept_graph import ConceptGraph
from kg.model import Concept, Evidence, Paper, Relation
from kg.names import key_of
from kg.predicates import GENERAL

_OLD = 20  # years before the newest paper of the library
_READ = 300  # relations of a concept that are looked at for quantities
_SHOWN = 3

_VAGUE: Mapping[str, float] = {
    GENERAL: 0.6, "associated with": 0.7, "affects": 0.8, "involved in": 0.8, "contributes to": 0.9, "regulates": 0.9,
    "interacts with": 0.9,
}  # fmt: skip
_HEDGED = 0.8


# Hops ----------------------------------------------------------------------------------------------------------------


def judged(
    claim: Claim,
    pleaded: Pleaded,
    newer: Callable[[int], bool],
    *,
    reversed: bool = False,
    gap: bool = False,
) -> HopCritique:
    """One relation with its evidence: how many papers of how many groups of authors say it, how surely, since when, and
    what speaks against it. `newer` tells whether there are papers later than a year."""
    said = {one.paper: pleaded.papers.get(one.paper) for one in pleaded.for_}
    retracted = sorted({_key(one, pleaded) for one in pleaded.for_ if _is_retracted(one, pleaded)})
    standing = [id for id, paper in said.items() if paper is None or paper.status != "retracted"]
    groups = {pleaded.groups.get(id, -1) for id in standing}
    years = sorted(one.year for one in pleaded.for_ if one.year is not None)
    hedges = sum(one.certainty == "hedged" for one in pleaded.for_)
    hop = HopCritique(
        claim.subject, claim.predicate, claim.object, reversed, gap, len(standing), len(groups), len(pleaded.for_),
        len(pleaded.against), hedges, tuple(retracted), years[0] if years else None, years[-1] if years else None,
        round(strength(weight(pleaded.for_, pleaded), weight(pleaded.against, pleaded)), 4) if pleaded.for_ else 0.0,
        (), (*pleaded.for_, *pleaded.against),
    )  # fmt: skip
    return _with_notes(hop, pleaded, standing, newer)


def _with_notes(
    hop: HopCritique, pleaded: Pleaded, standing: Sequence[str], newer: Callable[[int], bool]
) -> HopCritique:
    notes = []
    if not pleaded.for_:
        notes.append("no sentence says this" if hop.gap else "no sentence in this scope says this")
    elif not standing:
        notes.append("every paper that says this was retracted")
    elif len(standing) == 1:
        notes.append("one paper alone says this")
    elif hop.groups == 1:
        known = all(pleaded.papers[id].authors for id in standing if id in pleaded.papers)
        notes.append("all papers that say this share authors" if known else "the papers' authors are not known")
    if hop.retracted and standing:
        notes.append(f"retracted: {', '.join(hop.retracted)}")
    if hop.hedges and hop.hedges == hop.supports:
        notes.append("said only with doubt")
    if hop.denies:
        notes.append(f"{hop.denies} {'sentence says' if hop.denies == 1 else 'sentences say'} otherwise")
    if hop.last is not None and newer(hop.last + _OLD):
        notes.append(f"last said in {hop.last}")
    return replace(hop, notes=tuple(notes))


def _is_retracted(one: Evidence, pleaded: Pleaded) -> bool:
    paper = pleaded.papers.get(one.paper)
    return paper is not None and paper.status == "retracted"


def _key(one: Evidence, pleaded: Pleaded) -> str:
    paper: Paper | None = pleaded.papers.get(one.paper)
    return one.key if paper is None else paper.key


# Testability ---------------------------------------------------------------------------------------------------------


def testability(
    claim: Claim, subject: Named, object: Named, graph: ConceptGraph, counts: Callable[[Evidence], bool]
) -> Measure:
    """Whether the library has a method that measures what the claim is about, or amounts of it.

    1 where a method measures the object, .8 the subject, .7 and .6 where there are amounts of them, .5 where what the
    name of either ends with or begins with is measured (toughness, for toughness of bone), .2 where nothing is found.
    """
    for end, label, measured, amounts in ((object, claim.object, 1.0, 0.7), (subject, claim.subject, 0.8, 0.6)):
        if found := _methods(graph.relations(sorted(end.labels)), end.labels):
            pieces = _evidence(graph, found, counts)
            if pieces:
                names = ", ".join(dict.fromkeys(_method(one) for one in pieces))
                return Measure(measured, f"{label} is measured with {names}.", pieces)
        if pieces := _amounts(graph, end.labels, counts):
            return Measure(amounts, f"Papers give amounts of {label}.", pieces)
    for end, label in ((object, claim.object), (subject, claim.subject)):
        heads = _heads(label, graph) - end.labels
        found = _methods(graph.relations(sorted(heads)), heads) if heads else []
        if pieces := _evidence(graph, found, counts):
            names = ", ".join(dict.fromkeys(_method(one) for one in pieces))
            return Measure(0.5, f"{label} is not measured itself; {_measured(pieces[0])} is, with {names}.", pieces)
    return Measure(0.2, f"No method that measures {claim.object} or {claim.subject} is in the library.")


_MEASURES = {"measured with": True, "detects": False}  # whether what is measured is the subject


def _methods(relations: Iterable[Relation], labels: Collection[str]) -> list[Relation]:
    found = [
        one
        for one in relations
        if one.supports
        and one.predicate in _MEASURES
        and (one.subject if _MEASURES[one.predicate] else one.object) in labels
    ]
    return sorted(found, key=lambda one: (one.predicate != "measured with", -one.papers, one.subject, one.object))[
        :_SHOWN
    ]


def _method(one: Evidence) -> str:
    return one.object if _MEASURES[one.predicate] else one.subject


def _measured(one: Evidence) -> str:
    return one.subject if _MEASURES[one.predicate] else one.object


def _evidence(
    graph: ConceptGraph, relations: Sequence[Relation], counts: Callable[[Evidence], bool]
) -> tuple[Evidence, ...]:
    pieces = graph.evidence(relations)
    first = (
        next((one for one in found if one.polarity == "supports" and counts(one)), None) for found in pieces.values()
    )
    return tuple(one for one in first if one is not None)


def _amounts(graph: ConceptGraph, labels: Collection[str], counts: Callable[[Evidence], bool]) -> tuple[Evidence, ...]:
    relations = graph.relations(sorted(labels))[:_READ]
    found = [
        one
        for pieces in graph.evidence(relations).values()
        for one in pieces
        if counts(one)
        and any(quantity.measures in labels or quantity.property in labels for quantity in one.quantities)
    ]
    return tuple(found[:_SHOWN])


def _heads(label: str, graph: ConceptGraph) -> set[str]:
    head, of, rest = label.partition(" of ")
    words = label.split()
    parts = {head, rest} if of else {" ".join(words[at:]) for at in range(1, len(words))}
    keys = {key for part in parts if (key := key_of(part))}
    return set(graph.store.concept_keys(sorted(keys)).values()) if keys else set()


# Specificity ---------------------------------------------------------------------------------------------------------


def specificity(claim: Claim, concepts: Mapping[str, Concept], papers: int) -> Measure:
    """How much a claim says: the mean information content of its two ends, 1 - log(1 + n) / log(1 + N) for a concept in
    n of N papers (after Resnik 1995, arXiv:cmp-lg/9511007), less for a predicate that says little, and for doubt."""
    parts, contents = [], []
    for label in (claim.subject, claim.object):
        concept = concepts.get(label)
        if concept is None:
            return Measure(None, f"The library has no concept {label!r}.")
        content = max(0.0, 1 - math.log1p(concept.papers) / math.log1p(max(papers, concept.papers, 1)))
        if is_generic(label):
            content /= 2
            parts.append(f"{label} says only of what kind something is")
        parts.append(f"{label} is in {concept.papers} of {papers} papers")
        contents.append(content)
    value = sum(contents) / 2
    if (factor := _VAGUE.get(claim.predicate)) is not None:
        value *= factor
        parts.append(f"“{claim.predicate}” says little")
    if claim.hedged:
        value *= _HEDGED
        parts.append("it is said with doubt")
    return Measure(round(value, 4), f"{'; '.join(parts)}.")
