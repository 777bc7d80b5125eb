"""The seven facets of a hypothesis, composed from what the library states about the concepts on its path.

A sentence that only tells what evidence states is cited; one that goes further is marked as inference. What was cited
in a hypothesis before is not used again for the facets beside the path, so that hypotheses of one run differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agents.critique import Critique
from agents.hypothesis import Facet, Gap, Said
from agents.steps.prose import base, clause, counted, is_plural, listed, quote, sentence
from kg.compositions import LOWERING, RAISING
from kg.concept_graph import ConceptGraph
from kg.model import Evidence, Hop, Path, Relation
from kg.named_together import PREDICATE as NAMED_WITH
from kg.study_words import is_of_any_study

_RAISES = frozenset({*RAISING, "causes", "contributes to", "enables", "produces", "maintains"})
_LOWERS = frozenset({*LOWERING, "prevents", "removes"})
_ACTS = _RAISES | _LOWERS | {"affects", "regulates", "treats", "protects", "acts on", "targets", "binds"}
_SERVES = frozenset({"used for", "uses", "evaluated on", "measured with", "detects", "predicts", "represents"})
_IS = frozenset({"is a", "part of", "contains", "consists of", "located in", "same as", "has property", "derived from"})

_NEEDED_BY_SUBJECT = frozenset({"depends on", "requires", "treated with", "consists of", "uses", "measured with"})
_NEEDED_BY_OBJECT = frozenset({"regulates", "enables", "affects", "increases", "decreases", "promotes", "inhibits"})
_COMPARED = frozenset({"outperforms", "compared with", "similar to", "differs from", "exceeds", "replaces"})
_TIME = re.compile(r"\b(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|min|h|s)\.?$", re.IGNORECASE)
_EACH = 2  # sentences from relations in a facet
_LONGEST = 320  # characters of a quote that is preferred


@dataclass
class Material:
    """What is read of a library for the hypotheses of one run, and what they have cited by now."""

    graph: ConceptGraph
    used: set[str] = field(default_factory=set)
    _read: dict[str, list[Relation]] = field(default_factory=dict)

    def relations(self, label: str) -> list[Relation]:
        """The relations of a concept that sentences support."""
        if label not in self._read:
            self._read[label] = [one for one in self.graph.relations([label]) if one.supports]
        return self._read[label]

    def cited(self, relations: Iterable[Relation], without: Collection[str], most: int = _EACH) -> list[Evidence]:
        """The best sentence of each of the best of these relations: one that was not used before and is not too long,
        of another paper each where possible."""
        found = list(relations)
        pieces = self.graph.evidence(found)
        ranked = []
        for place, one in enumerate(found):
            told = [
                piece
                for piece in pieces[one.subject, one.predicate, one.object]
                if piece.polarity == "supports" and piece.id not in self.used and piece.id not in without
            ]
            if told:
                best = min(told, key=lambda it: (not it.quantities, len(it.quote) > _LONGEST, -it.confidence, it.id))
                ranked.append(((-one.papers, not best.quantities, len(best.quote) > _LONGEST, place), best))
        chosen: list[Evidence] = []
        quotes: set[str] = set()
        for _, best in sorted(ranked, key=lambda one: one[0]):
            if best.quote not in quotes and len(chosen) < most:
                quotes.add(best.quote)
                chosen.append(best)
        self.used.update(one.id for one in chosen)
        return chosen


def statement(gap: Gap, path: Path | None) -> str:
    """The hypothesis in a sentence: "Fish oil may decrease vasospasm, by way of platelet aggregation."."""
    way = () if path is None else path.concepts[1:-1]
    if way and path is not None and path.concepts[0] != gap.subject:
        way = way[::-1]
    by_way = f", by way of {listed(way)}" if way else ""
    return sentence(f"{gap.subject} may {base(gap.predicate)} {gap.object}{by_way}")


def facets(said: str, gap: Gap, path: Path | None, critique: Critique | None, material: Material) -> tuple[Facet, ...]:
    """All seven, in their order."""
    hops = _in_order(gap, path)
    way = [] if path is None else list(path.concepts[1:-1])
    stood = [one for hop in hops for one in hop.evidence]
    material.used.update(one.id for one in stood)
    ends = (gap.subject, gap.object)
    on_path = {*ends, *way}
    return (
        Facet("hypothesis", tuple(_hypothesis(said, gap, hops))),
        Facet("outcome", tuple(_outcome(gap, way, hops, material))),
        _facet("mechanisms", _mechanisms(hops), f"no path was found that joins {ends[0]} and {ends[1]}"),
        _facet(
            "design principles",
            _design(gap, way, material, on_path, stood),
            f"the papers do not say what governs {listed([*way, gap.object], 'or')}, or is needed for that",
        ),
        _facet(
            "unexpected properties",
            _unexpected(gap, way, material, on_path, stood),
            f"the papers name nothing else that {listed([gap.subject, *way], 'or')} acts on",
        ),
        _facet(
            "comparison",
            _comparison(gap, way, material, on_path, stood),
            f"the papers name nothing else that acts on {listed([*way, gap.object], 'or')}",
        ),
        Facet("novelty", tuple(_novelty(gap, hops, critique, material))),
    )


def _facet(name: str, sentences: Iterable[Said], silent: str) -> Facet:
    told = tuple(sentences)
    return Facet(name, told) if told else Facet(name, (), f"{silent[0].upper()}{silent[1:]}.")  # type: ignore[arg-type]


def _in_order(gap: Gap, path: Path | None) -> list[Hop]:
    """The hops from the gap's subject to its object."""
    if path is None:
        return []
    return list(path.hops) if path.concepts[0] == gap.subject else list(reversed(path.hops))


def _first(hop: Hop) -> tuple[Evidence, ...]:
    told = [one for one in hop.evidence if one.polarity == "supports"]
    return tuple(sorted(told, key=lambda one: (one.certainty == "hedged", len(one.quote) > _LONGEST, one.id))[:1])


# The facets ----------------------------------------------------------------------------------------------------------


def _hypothesis(said: str, gap: Gap, hops: Sequence[Hop]) -> Iterator[Said]:
    basis = tuple(one for hop in hops for one in _first(hop))
    yield Said(said, basis, inference=True)
    stated = [clause(hop.subject, hop.predicate, hop.object) for hop in hops if hop.supports]
    if stated:
        together = f", and {', and '.join(stated[1:])}" if stated[1:] else ""
        yield Said(
            sentence(f"It is drawn from what is stated apart: {stated[0]}{together}"),
            tuple(one for hop in hops if hop.supports for one in _first(hop)),
        )
    named = [hop for hop in hops if not hop.supports and not hop.denies]
    if named:
        first, *others = named
        told = f"{first.subject} {'are' if is_plural(first.subject) else 'is'} named together with {first.object}"
        more = "".join(f", and {hop.subject} with {hop.object}" for hop in others)
        yield Said(
            sentence(f"{told}{more}, in sentences that do not state how they are related"),
            tuple(one for hop in named for one in hop.evidence[:1]),
            inference=True,
        )


def _outcome(gap: Gap, way: Sequence[str], hops: Sequence[Hop], material: Material) -> Iterator[Said]:
    basis = tuple(one for hop in hops for one in _first(hop))
    yield Said(expectation(gap, way), basis, inference=True)
    seen: set[str] = set()
    measured = [one for hop in hops for one in hop.evidence if _amount(one) and one.polarity == "supports"]
    for label in (gap.object, *way, gap.subject):
        if len(measured) < _EACH:
            pieces = material.graph.evidence(material.relations(label))
            measured += [
                one
                for told in pieces.values()
                for one in told
                if one.polarity == "supports"
                and one.id not in material.used
                and _amount(one)
                and any(label in (amount.measures, amount.property) for amount in one.quantities)
            ]
    for one in measured:
        if one.quote in seen or len(seen) == _EACH:
            continue
        seen.add(one.quote)
        material.used.add(one.id)
        amounts = listed(list(dict.fromkeys(_amount(one))))
        yield Said(f"Figures to start from, {amounts}: {quote(one)}.", (one,))


def _amount(one: Evidence) -> list[str]:
    """The amounts of a sentence in words; how long something took or when it was says nothing of its size."""
    told = [amount for amount in one.quantities if not _TIME.search(amount.text)]
    return [f"{amount.text} for {what}" if (what := amount.what()) else amount.text for amount in told]


def expectation(gap: Gap, way: Sequence[str]) -> str:
    """What should be seen if the hypothesis holds."""
    subject, object = gap.subject, gap.object
    through = f", and {listed(way)} should change first" if way else ""
    if gap.predicate in _RAISES:
        return sentence(f"As {subject} {_goes(subject)} up, {object} should go up{through}")
    if gap.predicate in _LOWERS:
        return sentence(f"As {subject} {_goes(subject)} up, {object} should go down{through}")
    if gap.predicate in _ACTS:
        return sentence(f"Where {subject} is changed, {object} should change with it{through}")
    if gap.predicate in _SERVES:
        return sentence(f"Work on {object} should gain from {subject}, measured against the same work without it")
    if gap.predicate in _IS:
        return sentence(f"Whoever looks for {subject} in connection with {object} should find it there")
    return sentence(f"{subject} and {object} should be found together more often than chance has it")


def _goes(label: str) -> str:
    return "go" if is_plural(label) else "goes"


def _mechanisms(hops: Sequence[Hop]) -> Iterator[Said]:
    for hop in hops:
        first = _first(hop)
        if hop.predicate == NAMED_WITH:
            papers = "One paper names" if hop.papers == 1 else f"{counted(hop.papers, 'paper').capitalize()} name"
            yield Said(
                f"{papers} {hop.subject} and {hop.object} in one sentence, without a stated relation: "
                f"{quote(hop.evidence[0])}.",
                hop.evidence[:1],
                inference=True,
            )
            continue
        if first:
            hedged = " perhaps" if all(one.certainty == "hedged" for one in hop.evidence) else ""
            more = f" ({counted(hop.papers, 'paper')})" if hop.papers > 1 else ""
            told = clause(hop.subject, hop.predicate, hop.object)
            yield Said(f"{sentence(told)[:-1]}{hedged}{more}: {quote(first[0])}.", first)
        for one in [one for one in hop.evidence if one.polarity == "denies"][:1]:
            yield Said(f"A sentence speaks against this step: {quote(one)}.", (one,))


def _design(
    gap: Gap, way: Sequence[str], material: Material, on_path: Collection[str], stood: Sequence[Evidence]
) -> Iterator[Said]:
    found = []
    for label in (*way, gap.object):
        for one in material.relations(label):
            needed = one.subject == label and one.predicate in _NEEDED_BY_SUBJECT
            governs = one.object == label and one.predicate in _NEEDED_BY_OBJECT
            other = one.object if one.subject == label else one.subject
            if (needed or governs) and other not in on_path and not is_of_any_study(other):
                found.append(one)
    cited = material.cited(found, {one.id for one in stood})
    yield from (Said(_told(one), (one,)) for one in cited)
    if cited:
        others = list(dict.fromkeys(one.object if one.subject in on_path else one.subject for one in cited))
        verb = "has" if len(others) == 1 else "have"
        yield Said(
            sentence(f"So {listed(others)} {verb} to be held the same, or varied on purpose, in a test of it"),
            tuple(cited),
            inference=True,
        )


def _unexpected(
    gap: Gap, way: Sequence[str], material: Material, on_path: Collection[str], stood: Sequence[Evidence]
) -> Iterator[Said]:
    found = [
        one
        for label in (*way, gap.subject)
        for one in material.relations(label)
        if one.subject == label
        and one.predicate in _ACTS | {"has property"}
        and one.object not in on_path
        and not is_of_any_study(one.object)
    ]
    cited = material.cited(found, {one.id for one in stood})
    yield from (Said(_told(one), (one,)) for one in cited)
    if cited:
        others = list(dict.fromkeys(one.object for one in cited))
        yield Said(
            sentence(f"If the link is real, {listed(others)} may change along with it, wanted or not"),
            tuple(cited),
            inference=True,
        )


def _comparison(
    gap: Gap, way: Sequence[str], material: Material, on_path: Collection[str], stood: Sequence[Evidence]
) -> Iterator[Said]:
    rivals = [
        one
        for label in (gap.object, *way)
        for one in material.relations(label)
        if one.object == label
        and one.predicate in _ACTS | {"used for"}
        and one.subject not in on_path
        and not is_of_any_study(one.subject)
    ]
    set_beside = [one for one in material.relations(gap.subject) if one.predicate in _COMPARED]
    cited = material.cited([*set_beside, *rivals], {one.id for one in stood})
    yield from (Said(_told(one), (one,)) for one in cited)
    if cited:
        others = [one.object if one.subject == gap.subject else one.subject for one in cited]
        yield Said(
            sentence(
                f"A test has to tell what {gap.subject} does from what {listed(list(dict.fromkeys(others)))} may do"
            ),
            tuple(cited),
            inference=True,
        )


def _told(one: Evidence) -> str:
    return f"{sentence(clause(one.subject, one.predicate, one.object))[:-1]}: {quote(one)}."


def _novelty(gap: Gap, hops: Sequence[Hop], critique: Critique | None, material: Material) -> Iterator[Said]:
    if critique is not None:
        novelty = critique.novelty
        read = sum(one.read for one in novelty.searched)
        looked = f" after a search that read {counted(read, 'sentence')}" if read else ""
        if novelty.verdict == "anticipated":
            yield Said(f"It is anticipated: {novelty.reason}", novelty.sentences[:1], inference=not novelty.sentences)
            return
        found = "looks new to this library" if novelty.verdict == "novel-looking" else "is not known to be new"
        yield Said(
            sentence(f"That {clause(gap.subject, gap.predicate, gap.object)} {found}{looked}"), (), inference=True
        )
        fresh = [one for one in novelty.sentences if one.id not in material.used]
        for one in fresh[:1]:
            material.used.add(one.id)
            yield Said(f"The nearest sentence says: {quote(one)}.", (one,))
    years = [[one.year for one in hop.evidence if one.year is not None] for hop in hops]
    if len(hops) > 1 and all(years):
        firsts = [min(told) for told in years]
        since = max(firsts)
        evidence = tuple(
            min((e for e in hop.evidence if e.year is not None), key=lambda e: (e.year, e.id)) for hop in hops
        )
        if len({one.paper for one in evidence}) > 1:
            told = [
                f"{hop.subject} and {hop.object} are named together since {first}"
                if not hop.supports
                else f"it is stated since {first} that {clause(hop.subject, hop.predicate, hop.object)}"
                for hop, first in zip(hops, firsts, strict=True)
            ]
            yield Said(
                sentence(f"{', and '.join(told)}: in different papers, which could be put together since {since}"),
                evidence,
            )
