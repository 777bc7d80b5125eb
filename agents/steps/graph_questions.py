"""Questions that the graph answers by computation: recognised in plain language, computed, and told in lines that carry
their evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from agents.steps.graph_wordings import Kind, Wording, wordings
from kg.concept_graph import ConceptGraph, Reading
from kg.errors import NotFound, not_found
from kg.model import Evidence, Relation, shortened
from kg.scope import EVERYWHERE, Scope

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

MOST_LINES = 20
"""Things found that are told; the summary says how many there are."""
_CENTRAL = 10
_OF_LINE = 4  # pieces of evidence of a line; as many for a relation as against it
_NAMED = 6  # things that a summary names
_NEAR = 0.8  # how like a name must be, 0…1, to be taken for one that was misspelt

_TYPES = {
    "material": ("Material", "Chemical", "Form"),
    "substance": ("Material", "Chemical"),
    "chemical": ("Chemical", "Material"),
    "compound": ("Chemical", "Material"),
    "molecule": ("Chemical", "Material"),
    "property": ("Property", "Metric"),
    "process": ("Process",),
    "method": ("Method", "Instrument", "Device"),
    "technique": ("Method", "Instrument", "Device"),
    "disease": ("Disease",),
    "gene": ("Gene",),
    "organism": ("Organism",),
    "species": ("Organism",),
    "task": ("Task",),
}
_FAMILY_NOUNS = {"properties": "property", "processes": "process", "species": "species"}


class Library(Protocol):
    """What a graph question needs of a library."""

    @property
    def store(self) -> GraphStore: ...


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """A question that the graph answers.

    `concepts` are labels as the library has them. `readings` are the predicates that are asked for, with the end that
    is looked for; `noun` is what is looked for ("proteins"), "" for anything; `counted`: how many there are; `of` is
    what is counted, or new, where that is no concept. `since` and `until` are years, both inclusive. `unknown` are
    names in the question that are nearly, and not quite, those of concepts.
    """

    kind: Kind
    question: str
    concepts: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    noun: str = ""
    most: int | None = None
    counted: bool = False
    of: str = ""
    since: int | None = None
    until: int | None = None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """One thing that was found, in words, with the evidence it rests on; none where it is a number alone."""

    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Computation:
    """What was computed: `how` in words, `summary` in a sentence, and a line for each thing found, the best first. No
    lines: the graph does not say, and passages may. `found` are the concepts and relations behind the lines, all of
    them, for programs: labels, and (subject, predicate, object) by label."""

    question: GraphQuestion
    how: str
    summary: str
    lines: tuple[ComputedLine, ...] = ()
    found: tuple[str | tuple[str, str, str], ...] = ()


# Recognising


def recognised(question: str, library: Library) -> GraphQuestion | None:
    """What the graph is asked for; None where it is not surely a question for it.

    The words for concepts must be names of concepts as a whole: "cracks in old bone" is no question about cracks.
    """
    unsure: GraphQuestion | None = None
    resolved: dict[str, str | None] = {}
    with library.store.reading():
        for wording in wordings(question):
            for name in wording.names:
                if name not in resolved:
                    resolved[name] = _concept(library.store, name)
            labels = [resolved[name] for name in wording.names]
            if None not in labels and len(set(labels)) == len(labels):
                return _question(question, wording, tuple(label for label in labels if label is not None))
            if unsure is None and wording.kind != "relations" and len(wording.names) > labels.count(None):
                unsure = _misspelt(question, library.store, wording, labels)
            elif unsure is None and wording.kind != "relations" and len(wording.names) == 1:
                unsure = _misspelt(question, library.store, wording, labels)
    return unsure


def _question(question: str, one: Wording, labels: tuple[str, ...]) -> GraphQuestion:
    return GraphQuestion(
        one.kind, question, labels, one.readings, one.noun, one.most, one.counted, one.of, one.since, one.until
    )


_DETERMINER = re.compile(r"\b(?:the|a|an|any|some|our|my|this|these|those|all|each|every)\s+", re.IGNORECASE)
_CALLED = re.compile(r"^(?:concepts?|terms?|words?|notion|topic|subject|idea) (?:of |called )?", re.IGNORECASE)


def _concept(store: GraphStore, name: str) -> str | None:
    """The label of the concept that is meant, if any: "nacre's toughness" and "nacre toughness" are "toughness of
    nacre"."""
    for way in _ways_to_say(name):
        if found := store.concepts_called(way):
            return found[0].label
    return None


def _ways_to_say(name: str) -> Iterator[str]:
    said: dict[str, None] = {}
    bare = " ".join(name.strip(" \"'.,;:()").split())
    plain = " ".join(_DETERMINER.sub("", f"{bare} ").split())
    for text in (bare, plain, _CALLED.sub("", plain)):
        said[text] = None
        if owner := re.fullmatch(r"(.+?)(?:'s|s')\s+(.+)", text):
            said[f"{owner[2]} of {owner[1]}"] = None
        if (parts := text.split(" of ")) and len(parts) == 2:
            said[f"{parts[1]} {parts[0]}"] = None
        words = text.split()
        if len(words) <= 4 and "of" not in words:
            said.update(
                (f"{' '.join(words[cut:])} of {' '.join(words[:cut])}", None) for cut in range(len(words) - 1, 0, -1)
            )
    return (one for one in said if one)


def _misspelt(question: str, store: GraphStore, one: Wording, labels: Sequence[str | None]) -> GraphQuestion | None:
    """The question where each name that is unknown is nearly one that there is; else None."""
    known = {label.casefold() for label in store.concept_labels()}
    wrong = tuple(name for name, label in zip(one.names, labels, strict=True) if label is None)
    for name in wrong:
        plain = " ".join(_DETERMINER.sub("", f"{name} ").split()).casefold()
        begins = {word[:3] for word in plain.split()}
        alike = [  # comparing with all of a large library takes seconds
            label
            for label in known
            if abs(len(label) - len(plain)) <= max(2, len(plain) // 5)
            and any(word[:3] in begins for word in label.split())
        ]
        if not get_close_matches(plain, alike, n=1, cutoff=_NEAR):
            return None
    named = tuple(label for label in labels if label is not None)
    return replace(_question(question, one, named), unknown=wrong)


# Computing


def computed(question: GraphQuestion, library: Library, scope: Scope = EVERYWHERE) -> Computation | None:
    """What the graph says, resting on evidence in the scope alone, and on papers of the years that the question names;
    None where it cannot be computed."""
    store = library.store
    with store.reading():
        if question.unknown:
            return Computation(question, "nothing, since a name is unknown", _unknown(store, question.unknown[0]))
        if question.kind != "changes":
            scope = _narrowed(scope, question.since, question.until)
        else:
            scope = _narrowed(scope, None, question.until)
        if scope.since is not None and scope.until is not None and scope.since > scope.until:
            return None
        return _COMPUTE[question.kind](question, ConceptGraph(store, scope))


def _narrowed(scope: Scope, since: int | None, until: int | None) -> Scope:
    begins = [year for year in (scope.since, since) if year is not None]
    ends = [year for year in (scope.until, until) if year is not None]
    return replace(scope, since=max(begins, default=None), until=min(ends, default=None))


def _unknown(store: GraphStore, name: str) -> str:
    try:
        raise not_found("concept", name, store.concept_labels(), "Look names up with `hypograph concepts TEXT`.")
    except NotFound as error:
        return str(error)


def _path(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    a, b = asked.concepts
    found = graph.shortest_paths(a, b)
    over = _counted(graph.store.counts().relations, "relation") if graph.scope.everywhere else "the relations in scope"
    how = f"shortest path over {over} in either direction, denied ones left out"
    if not found:
        return Computation(asked, how, f"No path of up to six relations joins {a} and {b}.")
    best = found[0]
    lines = [
        ComputedLine(f"{_told(hop.subject, hop.predicate, hop.object)} ({_papers(hop.papers)})", _first(hop.evidence))
        for hop in best.hops
    ]
    lines += [
        ComputedLine(
            f"As short: {' – '.join(other.concepts)}", tuple(hop.evidence[0] for hop in other.hops if hop.evidence)
        )
        for other in found[1:]
    ]
    steps = _counted(len(best.hops), "relation")
    summary = f"{a} and {b} are joined by {steps}: {' – '.join(best.concepts)}."
    triples = tuple((hop.subject, hop.predicate, hop.object) for hop in best.hops)
    return Computation(asked, how, summary, tuple(lines), triples)


def _common(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    a, b = asked.concepts
    found = graph.common(a, b)
    how = (
        f"common neighbours of {a} and {b} in the graph: concepts with a relation to both, in either direction, denied "
        "ones left out"
    )
    evidence = graph.evidence(relation for one in found[:MOST_LINES] for relation in one.relations)
    lines = [
        ComputedLine(
            f"{one.label}: {'; '.join(map(_of_relation, one.relations))}",
            tuple(piece for relation in one.relations for piece in _first(evidence[_triple(relation)], _OF_LINE // 2)),
        )
        for one in found[:MOST_LINES]
    ]
    summary = f"{a} and {b} have {_counted(len(found), 'neighbour')} in common{_names([one.label for one in found])}."
    return Computation(asked, how, summary, _cut(lines), tuple(one.label for one in found))


def _central(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    around = asked.concepts[0] if asked.concepts else None
    most = _CENTRAL if asked.most is None else asked.most
    found = graph.central(around)
    if asked.noun:
        types = _types(asked.noun)
        found = [one for one in found[: 50 * most] if graph.is_a(one.label, asked.noun, types, told=True)]
    found = found[:most]
    place = "over all relations" if around is None else f"of walks that start anew at {around}"
    how = f"PageRank {place}, in either direction, weighted by supporting sentences, damping .85, denied ones left out"
    evidence = graph.evidence(one.relation for one in found)
    lines = [
        ComputedLine(
            f"{one.label}: PageRank {one.rank:.3f}, {_counted(one.neighbours, 'neighbour')}, most of all "
            f"{_of_relation(one.relation)}",
            _first(evidence[_triple(one.relation)], 2),
        )
        for one in found
    ]
    where = "" if around is None else f" around {around}"
    summary = f"The most central {asked.noun or 'concepts'}{where}{_names([one.label for one in found], most)}."
    return Computation(asked, how, summary, tuple(lines), tuple(one.label for one in found))


def _relations(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    (label,) = asked.concepts
    found = graph.related(label, asked.readings)
    wider = ""
    if not found:
        names = graph.narrower(label)
        found = [one for name in names for one in graph.related(name, asked.readings)]
        found = list({_triple(one): one for one in found}.values())
        wider = f", and since there is none, those of the {_counted(len(names), 'concept')} whose name holds it"
    there = len(found)
    if asked.noun:
        types = _types(asked.noun)
        found = [one for one in found if graph.is_a(_asked_for(one, asked), asked.noun, types)]
    read = list(dict.fromkeys(reading.predicate for reading in asked.readings))
    near = f" or, next to it, {_listed([repr(one) for one in read[1:]], 4)}" if len(read) > 1 else ""
    how = f"relations of {label} with the predicate {read[0]!r}{near}{wider}; denied ones left out"
    if asked.noun:
        how += f"; {len(found)} of {there} are {asked.noun}"
    evidence = graph.evidence(found[:MOST_LINES])
    lines = [ComputedLine(_with_counts(one), _first(evidence[_triple(one)])) for one in found[:MOST_LINES]]
    things = list(dict.fromkeys(_asked_for(one, asked) for one in found))
    what = f"{len(things)} {asked.noun}" if asked.noun else _counted(len(things), "answer")
    summary = f"The graph has {what} to this{_names(things)}." if things else "The graph has no answer to this."
    return Computation(asked, how, summary, _cut(lines), tuple(map(_triple, found)))


def _asked_for(one: Relation, asked: GraphQuestion) -> str:
    """The end of a relation that was looked for."""
    ends = {"subject": one.subject, "object": one.object}
    known = asked.concepts[0]
    if known in ends.values():
        return one.object if one.subject == known else one.subject
    return ends[next(reading.asked for reading in asked.readings if reading.predicate == one.predicate)]


def _disagreement(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    several = len(asked.concepts) > 1
    found = graph.disputed(asked.concepts, both=several)
    wider = ""
    if not found and len(asked.concepts) == 1:
        names = graph.narrower(asked.concepts[0])
        found = graph.disputed(names) if names else []
        wider = f", and since there is none, of the {_counted(len(names), 'concept')} whose name holds it"
    about = (
        f" of {asked.concepts[0]}"
        if len(asked.concepts) == 1
        else f" between {' and '.join(asked.concepts)}"
        if several
        else ""
    )
    how = f"relations{about}{wider} that at least one sentence supports and at least one denies"
    evidence = graph.evidence(found[:MOST_LINES])
    lines = []
    for one in found[:MOST_LINES]:
        pieces = evidence[_triple(one)]
        sides = [[piece for piece in pieces if piece.polarity == side] for side in ("supports", "denies")]
        papers = [", ".join(dict.fromkeys(piece.key for piece in side)) for side in sides]
        text = f"{_of_relation(one)}: {one.supports} for ({papers[0]}), {one.denies} against ({papers[1]})"
        lines.append(ComputedLine(text, tuple(piece for side in sides for piece in side[: _OF_LINE // 2])))
    verb = "is" if len(found) == 1 else "are"
    summary = (
        f"{_counted(len(found), 'relation')}{about} {verb} disputed{_names([_of_relation(one) for one in found], 3)}."
    )
    return Computation(asked, how, summary, _cut(lines), tuple(map(_triple, found)))


def _changes(asked: GraphQuestion, graph: ConceptGraph) -> Computation | None:
    if asked.since is None:
        return None
    label = asked.concepts[0] if asked.concepts else None
    new = graph.since(asked.since, label)
    about = "" if label is None else f" of {label}" if asked.of else f" about {label}"
    how = f"relations and concepts{about} of which all evidence and papers are of {asked.since} or later"
    evidence = graph.evidence(new.relations[:MOST_LINES])
    told = [ComputedLine(_with_counts(one), _first(evidence[_triple(one)])) for one in new.relations[:MOST_LINES]]
    begun = [ComputedLine(f"{name}: first spoken of in {year}") for name, year in new.concepts]
    lines = begun if asked.of == "concepts" else told if asked.of == "relations" else [*told, *begun]
    found: list[str | tuple[str, str, str]] = []
    if asked.of != "concepts":
        found += map(_triple, new.relations)
    if asked.of != "relations":
        found += [name for name, _ in new.concepts]
    relations, concepts = _counted(len(new.relations), "relation"), _counted(len(new.concepts), "concept")
    said = (
        concepts if asked.of == "concepts" else relations if asked.of == "relations" else f"{relations} and {concepts}"
    )
    return Computation(asked, how, f"New{about} since {asked.since}: {said}.", _cut(lines), tuple(found))


def _count(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    if not asked.concepts:
        return _total(asked, graph)
    (label,) = asked.concepts
    concept = graph.store.concepts_called(label)[0]
    papers = graph.papers(concept)
    relations = sorted(graph.relations([label]), key=lambda one: (-one.supports, _triple(one)))
    said: dict[str, Evidence] = {}
    for pieces in graph.evidence(relations).values():
        for piece in pieces:
            said.setdefault(piece.paper, piece)
    # Papers of which a sentence can be shown come before those that only name it.
    papers = sorted(papers, key=lambda one: one[0].id not in said)
    lines = [
        ComputedLine(
            f"{paper.key}{f' ({paper.year})' if paper.year is not None else ''}, {shortened(paper.title)}: "
            f"{_counted(often, 'mention')}",
            (said[paper.id],) if paper.id in said else (),
        )
        for paper, often in papers
    ]
    how = f"papers whose passages mention {label}, by any of its names"
    verb = "speaks" if len(papers) == 1 else "speak"
    mentions = _counted(sum(often for _, often in papers), "mention")
    summary = f"{_papers(len(papers))} {verb} of {label}: {mentions}."
    if papers:
        told = [said[paper.id] for paper, _ in papers if paper.id in said]
        lines = [ComputedLine(summary, tuple(told[:_OF_LINE])), *lines]
    return Computation(asked, how, summary, _cut(lines), tuple(paper.key for paper, _ in papers))


def _total(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    if graph.scope.everywhere:
        counts = graph.store.counts()
        number = {"papers": counts.papers, "passages": counts.passages, "concepts": counts.concepts}.get(
            asked.of, counts.relations
        )
    elif asked.of == "relations":
        number = len(graph.relations())
    else:
        inside = graph.store.passage_ids(graph.scope)
        if asked.of == "passages":
            number = len(inside)
        elif asked.of == "papers":
            number = len({one.paper.id for one in graph.store.passages(ids=inside)})
        else:
            number = len({concept for _, concept in graph.store.mentions(passages=inside)} - {None})
    what = _counted(number, asked.of.removesuffix("s"))
    return Computation(
        asked,
        f"{asked.of} counted",
        f"There are {what}." if number != 1 else f"There is {what}.",
        (ComputedLine(what),),
        (str(number),),
    )


def _neighbours(asked: GraphQuestion, graph: ConceptGraph) -> Computation:
    (label,) = asked.concepts
    found = graph.neighbours(label)
    evidence = graph.evidence(one for other in list(found)[:MOST_LINES] for one in found[other])
    lines = [
        ComputedLine(
            f"{other}: {'; '.join(map(_of_relation, between))}",
            tuple(piece for one in between for piece in _first(evidence[_triple(one)], 2))[:_OF_LINE],
        )
        for other, between in list(found.items())[:MOST_LINES]
    ]
    how = f"neighbours of {label}: concepts with a relation to it, in either direction, denied ones left out"
    summary = f"{label} has {_counted(len(found), 'neighbour')}{_names(list(found))}."
    return Computation(asked, how, summary, _cut(lines), tuple(found))


_COMPUTE = {
    "path": _path,
    "common": _common,
    "central": _central,
    "relations": _relations,
    "disagreement": _disagreement,
    "changes": _changes,
    "count": _count,
    "neighbours": _neighbours,
}


def _types(noun: str) -> tuple[str, ...]:
    folded = noun.casefold()
    return _TYPES.get(_FAMILY_NOUNS.get(folded, folded.removesuffix("s")), ())


# Words


def _triple(one: Relation) -> tuple[str, str, str]:
    return one.subject, one.predicate, one.object


def _told(subject: str, predicate: str, object: str) -> str:
    return f"{subject} – {predicate} – {object}"


def _of_relation(one: Relation) -> str:
    return _told(*_triple(one))


def _with_counts(one: Relation) -> str:
    against = f", {one.denies} against" if one.denies else ""
    hedged = f", {one.hedges} hedged" if one.hedges else ""
    return f"{_of_relation(one)} ({_papers(one.papers)}{against}{hedged})"


def _papers(number: int) -> str:
    return _counted(number, "paper")


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _names(names: Sequence[str], most: int = _NAMED) -> str:
    """`: silk, nacre and 3 more`; nothing where there are none."""
    return f": {_listed(names, most)}" if names else ""


def _listed(names: Sequence[str], most: int) -> str:
    rest = len(names) - most
    return f"{', '.join(names[:most])}{f' and {rest} more' if rest > 0 else ''}"


def _first(evidence: Iterable[Evidence], most: int = _OF_LINE) -> tuple[Evidence, ...]:
    """The first pieces, of different papers before several of one."""
    seen: set[str] = set()
    firsts: list[Evidence] = []
    others: list[Evidence] = []
    for one in evidence:
        (others if one.paper in seen else firsts).append(one)
        seen.add(one.paper)
    return (*firsts, *others)[:most]


def _cut(lines: Sequence[ComputedLine]) -> tuple[ComputedLine, ...]:
    return tuple(lines[:MOST_LINES])
