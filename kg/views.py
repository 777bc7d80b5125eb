"""Views as pure folds over facts: nothing here stores, and nothing depends on the order of arrival.

`fold` makes all views of a whole library; the functions it is made of are what stores use to keep theirs up to date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from kg import identity
from kg.model import (
    ANY_TYPE,
    Concept,
    Decision,
    Evidence,
    Mention,
    Paper,
    PaperPassage,
    Passage,
    Quantity,
    Relation,
    SourceRecord,
    Statement,
    content_id,
)
from kg.names import key_of


@dataclass(frozen=True, slots=True, order=True)
class Form:
    """One way in which a concept is written: what a mention tells of its concept."""

    key: str
    name: str
    text: str
    label: str


@dataclass(frozen=True, slots=True)
class Views:
    """All views of a library, each in its canonical order."""

    papers: tuple[Paper, ...]
    passages: tuple[PaperPassage, ...]
    mentions: tuple[tuple[Mention, str | None], ...]
    concepts: tuple[Concept, ...]
    evidence: tuple[Evidence, ...]
    candidates: tuple[Evidence, ...]
    relations: tuple[Relation, ...]


def fold(records: Iterable[SourceRecord], decisions: Iterable[Decision] = ()) -> Views:
    """The views that follow from these facts."""
    by_id = {record.id: record for record in records}
    decided = frozenset(decisions)
    papers = identity.with_tags(identity.papers(record.head for record in by_id.values()), decided)
    leading = [(by_id[paper.leader], paper) for paper in papers]
    mentions = [mention for record, _ in leading for mention in record.mentions]
    forms: dict[str, Counter[Form]] = defaultdict(Counter)
    met: dict[str, set[str]] = defaultdict(set)
    for record, _ in leading:
        for mention in record.mentions:
            if mention.key:
                forms[mention.key][form_of(mention)] += 1
                met[mention.key].add(record.id)
    pins = pinned(decided)
    concepts = [
        concept(sum((forms[key] for key in keys), Counter()), len(set().union(*(met[key] for key in keys))), pins)
        for keys in clusters(met, merged(decided))
    ]
    concept_of = {key: one for one in concepts for key in one.keys}
    told = evidence_of(
        ((statement, passage, paper) for record, paper in leading for statement, passage in _statements(record)),
        {key: one.label for key, one in concept_of.items()},
        rejected(decided),
    )
    evidence = [one for one in told if not one.candidate]
    return Views(
        papers=tuple(papers),
        passages=tuple(
            sorted(
                (PaperPassage(passage, paper) for record, paper in leading for passage in record.passages),
                key=lambda one: one.passage.id,
            )
        ),
        mentions=tuple(
            (mention, concept_of[mention.key].id if mention.key else None)
            for mention in sorted(mentions, key=mention_order)
        ),
        concepts=tuple(sorted(concepts, key=lambda one: one.label)),
        evidence=tuple(evidence),
        candidates=tuple(one for one in told if one.candidate),
        relations=tuple(relations_of(evidence)),
    )


def _statements(record: SourceRecord) -> Iterable[tuple[Statement, Passage]]:
    passages = {passage.id: passage for passage in record.passages}
    return ((statement, passages[statement.passage]) for statement in record.statements)


# Concepts -----------------------------------------------------------------------------------------------------------


def form_of(mention: Mention) -> Form:
    """How a mention writes its concept."""
    return Form(mention.key, mention.name, mention.text, mention.label)


def mention_order(mention: Mention) -> tuple[str, int, int, str, str]:
    """The canonical order of mentions."""
    return mention.passage, mention.start, mention.end, mention.key, mention.label


def merged(decisions: Iterable[Decision]) -> dict[str, frozenset[str]]:
    """Key -> all keys that decisions make one concept with it: the connected components of the merges without the
    pairs that were split. Keys that no paper uses count too, so that a merge outlives the papers it was made for."""
    apart = {frozenset((one.a, one.b)) for one in decisions if one.kind == "split"}
    component: dict[str, frozenset[str]] = {}
    for one in sorted(one for one in decisions if one.kind == "merge"):
        if frozenset((one.a, one.b)) not in apart:
            whole = component.get(one.a, frozenset((one.a,))) | component.get(one.b, frozenset((one.b,)))
            component.update(dict.fromkeys(whole, whole))
    return component


def clusters(keys: Collection[str], components: Mapping[str, frozenset[str]]) -> list[frozenset[str]]:
    """The keys that are there, grouped into concepts."""
    present = frozenset(keys)
    return list({components[key] & present if key in components else frozenset((key,)) for key in present})


def concept(forms: Counter[Form], papers: int, pins: Mapping[str, str]) -> Concept:
    """The concept that these forms make, counted over all mentions.

    The label is the most frequent name, ties by code point, unless one is pinned. A name belongs to one key and a key
    to one concept, so no two concepts have the same label. The type is the most frequent label of its mentions other
    than ANY_TYPE, ties by code point: one mention that tells a type outweighs any number that tell none.
    """
    keys = tuple(sorted({form.key for form in forms}))
    names, types = Counter[str](), Counter[str]()
    for form, count in forms.items():
        names[form.name] += count
        types[form.label] += count
    told = Counter({label: count for label, count in types.items() if label != ANY_TYPE})
    chosen = [pins[key] for key in keys if key in pins and key_of(pins[key]) in keys]
    label = chosen[0] if chosen else _commonest(names)
    others = {*names, *(form.text for form in forms)} - {label}
    return Concept(
        concept_id(keys[0]), label, _commonest(told or types), tuple(sorted(others)), papers, forms.total(), keys
    )


def concept_id(key: str) -> str:
    """The id of a concept whose smallest key this is."""
    return content_id("c", key)


def pinned(decisions: Iterable[Decision]) -> dict[str, str]:
    """Key -> label; of several pins of one key the last by code point holds."""
    return {one.a: one.b for one in sorted(one for one in decisions if one.kind == "pin")}


def rejected(decisions: Iterable[Decision]) -> frozenset[str]:
    """Ids of the evidence that does not count."""
    return frozenset(one.a for one in decisions if one.kind == "reject")


def _commonest(counts: Counter[str]) -> str:
    return min(counts, key=lambda one: (-counts[one], one))


# Evidence and relations ---------------------------------------------------------------------------------------------


def evidence_of(
    statements: Iterable[tuple[Statement, Passage, Paper]], labels: Mapping[str, str], without: Collection[str] = ()
) -> list[Evidence]:
    """Statements as evidence, in its canonical order: what counts, and candidates among it.

    Statements of one sentence that say the same of the same concepts under different names are one piece: the most
    confident, ties by id, with the quantities of all. Where one of them counts, candidates add nothing to it.
    """
    best: dict[tuple[str, int, int, str, str, str], Evidence] = {}
    for statement, passage, paper in statements:
        if statement.id in without:
            continue
        found = Evidence(
            id=statement.id,
            paper=paper.id,
            key=paper.key,
            passage=passage.id,
            start=statement.start,
            end=statement.end,
            quote=passage.text[statement.start : statement.end],
            subject=labels[statement.subject],
            predicate=statement.predicate,
            object=labels[statement.object],
            polarity=statement.polarity,
            certainty=statement.certainty,
            year=paper.year,
            extractors=statement.extractors,
            confidence=statement.confidence,
            words=statement.words,
            candidate=statement.candidate,
            quantities=_labelled(statement.quantities, labels),
        )
        place = (found.passage, found.start, found.end, found.subject, found.predicate, found.object)
        other = best.get(place)
        best[place] = found if other is None else _one_piece(found, other)
    return sorted(best.values(), key=evidence_order)


def _one_piece(one: Evidence, other: Evidence) -> Evidence:
    if one.candidate != other.candidate:
        return other if one.candidate else one
    return replace(
        min(one, other, key=lambda it: (-it.confidence, it.id)),
        extractors=tuple(sorted({*one.extractors, *other.extractors})),
        quantities=tuple(sorted({*one.quantities, *other.quantities}, key=quantity_order)),
    )


def _labelled(quantities: Iterable[Quantity], labels: Mapping[str, str]) -> tuple[Quantity, ...]:
    """Quantities with labels in place of keys."""
    named = {
        replace(one, measures=labels.get(one.measures, ""), property=labels.get(one.property, "")) for one in quantities
    }
    return tuple(sorted(named, key=quantity_order))


def quantity_order(one: Quantity) -> tuple[int, int, str, str, str, str]:
    """The canonical order of the quantities of a sentence."""
    return one.start, one.end, one.measures, one.property, one.unit, f"{one.low} {one.high}"


def evidence_order(one: Evidence) -> tuple[str, str, str, str, str, int, int]:
    """The canonical order of evidence."""
    return one.subject, one.predicate, one.object, one.paper, one.passage, one.start, one.end


def relations_of(evidence: Iterable[Evidence]) -> list[Relation]:
    """Evidence with two different ends, grouped and counted; by subject, predicate, object."""
    groups: dict[tuple[str, str, str], list[Evidence]] = defaultdict(list)
    for one in evidence:
        if one.subject != one.object:
            groups[one.subject, one.predicate, one.object].append(one)
    return [
        Relation(
            *ends,
            papers=len({one.paper for one in group}),
            supports=sum(one.polarity == "supports" for one in group),
            denies=sum(one.polarity == "denies" for one in group),
            hedges=sum(one.certainty == "hedged" for one in group),
        )
        for ends, group in sorted(groups.items())
    ]
