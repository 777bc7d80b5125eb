"""Nodes of a library on a server as values, and the columns they are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.model import QUARANTINED, Concept, Evidence, Paper, PaperPassage, RecordHead, Relation
from kg.scope import Scope, folded
from kg.stores.encoding import PassageFacts, paper_facts, quantities, unpacked
from kg.views import quantity_order

PAPER = (
    "w.id, w.key, w.title, w.year, w.doi, w.authors, w.venue, w.status, w.records, w.leader, "
    "w.tags, w.ids"
)
PASSAGE = "p.facts, p.id, p.text, p.start, p.section, p.kind, p.page"
CONCEPT = "c.id, c.label, c.type, c.aliases, c.papers, c.mentions, c.keys"
HEAD = "r.id, r.name, r.digest, r.corpus, r.facts, r.fullness"
HEAD_WIDTH = 6
"""How many columns HEAD has."""
RELATION = "s.label, r.predicate, o.label, r.papers, r.supports, r.denies, r.hedges"
EVIDENCE = (
    "e.id, e.paper, e.key, e.passage, e.start, e.`end`, e.quote, s.label, e.predicate, o.label, e.polarity, "
    "e.certainty, e.year, e.extractors, e.confidence, e.words, e.candidate, e.quantities, e.measured"
)
EVIDENCE_ORDER = "s.label, e.predicate, o.label, e.paper, e.passage, e.start, e.`end`"
PAPER_WIDTH = 12
"""How many columns PAPER has."""

SEARCHED = f"coalesce(p.kind, '') <> '{QUARANTINED}'"
"""Whether a passage is among those that are searched."""
IN_SCOPE = (
    f"{SEARCHED} "
    "AND ($since IS NULL OR w.year >= $since) AND ($until IS NULL OR w.year <= $until) "
    "AND ($papers IS NULL OR w.id IN $papers OR toLower(w.key) IN $papers "
    "OR any(tag IN w.tags WHERE toLower(tag) IN $papers)) "
    "AND ($venues IS NULL OR toLower(w.venue) IN $venues) "
    "AND ($sections IS NULL OR toLower(p.kind) IN $sections "
    "OR any(part IN $sections WHERE toLower(p.section) CONTAINS part))"
)
"""Whether a passage `p` of the paper `w` is in the scope whose parameters are `scope_values`."""


def scope_values(scope: Scope) -> dict[str, Any]:
    """The parameters of IN_SCOPE."""
    return {
        "since": scope.since,
        "until": scope.until,
        "papers": folded(scope.papers) if scope.papers else None,
        "venues": folded(scope.venues) if scope.venues else None,
        "sections": folded(scope.sections) if scope.sections else None,
    }


def as_paper(row: Sequence[Any]) -> Paper:
    """From the columns PAPER."""
    id, key, title, year, doi, authors, venue, status, records, leader, tags, ids = row
    by, of, called, known_as = (tuple(one or ()) for one in (authors, records, tags, ids))
    return Paper(id, key, title, year, doi, by, venue, status, of, leader, called, known_as)


def paper_properties(one: Paper) -> dict[str, Any]:
    """What `as_paper` reads again."""
    return {
        "id": one.id,
        "key": one.key,
        "title": one.title,
        "year": one.year,
        "doi": one.doi,
        "authors": list(one.authors),
        "venue": one.venue,
        "status": one.status,
        "records": list(one.records),
        "leader": one.leader,
        "tags": list(one.tags),
        "ids": list(one.ids),
    }


def as_passage_facts(row: Sequence[Any]) -> PassageFacts:
    """From the columns PASSAGE."""
    return unpacked(*row)


def as_paper_passage(row: Sequence[Any]) -> PaperPassage:
    """From the columns PAPER and PASSAGE."""
    return PaperPassage(as_passage_facts(row[PAPER_WIDTH:]).passage, as_paper(row[:PAPER_WIDTH]))


def as_concept(row: Sequence[Any]) -> Concept:
    """From the columns CONCEPT."""
    id, label, type, aliases, papers, mentions, keys = row
    return Concept(id, label, type, tuple(aliases), papers, mentions, tuple(keys))


def as_head(row: Sequence[Any]) -> RecordHead:
    """From the columns HEAD."""
    id, name, digest, corpus, facts, fullness = row
    return RecordHead(id, name, digest, corpus, paper_facts(facts), fullness)


def as_relation(row: Sequence[Any]) -> Relation:
    """From the columns RELATION."""
    return Relation(*row)


def as_evidence(row: Sequence[Any], labels: Mapping[str, str]) -> Evidence:
    """From the columns EVIDENCE; `labels` are those of the concepts that its quantities measure, by id."""
    *told, extractors, confidence, words, candidate, stored, _ = row
    measured = (
        replace(one, measures=labels.get(one.measures, ""), property=labels.get(one.property, ""))
        for one in (quantities(stored) if stored else ())
    )
    found: Any = (*told, tuple(extractors), confidence, words, candidate, tuple(sorted(measured, key=quantity_order)))
    return Evidence(*found)


def measured_by(rows: Iterable[Sequence[Any]]) -> set[str]:
    """The ids of all concepts that quantities of these rows (EVIDENCE) measure."""
    return {id for row in rows for id in row[-1] or ()}
