"""Rows of the embedded store's tables as values, and the columns they are made of."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from kg import views
from kg.model import (
    QUARANTINED,
    Box,
    Concept,
    Evidence,
    Mention,
    Paper,
    PaperPassage,
    Passage,
    RecordHead,
    SourceRecord,
    Statement,
)
from kg.scope import Scope, folded
from kg.stores.encoding import MANY, as_json, paper_facts, parts, quantities

PAPER = (
    "papers.id, papers.key, papers.title, papers.year, papers.doi, papers.authors, papers.venue, papers.status, "
    "papers.records, records.id, papers.tags, papers.ids"
)
PASSAGE = "passages.id, passages.text, passages.start, passages.section, passages.kind, passages.page, passages.boxes"
MENTION = (
    'passages.id, mentions.start, mentions."end", '
    'substr(passages.text, mentions.start + 1, mentions."end" - mentions.start), '
    "mentions.label, mentions.name, mentions.key, mentions.confidence"
)
STATEMENT = (
    'passages.id, statements.start, statements."end", '
    'substr(passages.text, statements.start + 1, statements."end" - statements.start), '
    "subject, predicate, object, words, polarity, certainty, confidence, extractors, candidate, quantities"
)
CONCEPT = "id, label, type, aliases, papers, mentions, keys"
FROM_PASSAGES = (
    "FROM papers JOIN records ON records.number = papers.leader JOIN passages ON passages.record = papers.leader"
)
RECORDS_OF_CONCEPT = (
    "SELECT key_records.record FROM concept_keys JOIN key_records USING (key) WHERE concept_keys.concept = :concept"
)
OF_RECORD_MENTIONS = "FROM passages JOIN mentions ON passage = number WHERE record = ? AND mentions.key <> ''"
SEARCHED = f"passages.kind IS NOT '{QUARANTINED}'"
"""Whether a passage is among those that are searched."""
TEXTS_OF_RECORD = (
    "SELECT passages.number, json_extract(facts, '$.title'), text "
    f"FROM records JOIN passages ON record = records.number WHERE records.number = ? AND {SEARCHED}"
)


def in_scope(scope: Scope) -> tuple[str, dict[str, object]]:
    """A condition on papers and passages, and its parameters."""
    conditions, values = [SEARCHED], dict[str, object]()
    if scope.since is not None:
        conditions.append("papers.year >= :since")
        values["since"] = scope.since
    if scope.until is not None:
        conditions.append("papers.year <= :until")
        values["until"] = scope.until
    # Papers and venues are looked for once, whatever the number of passages.
    if scope.papers:
        named = "(SELECT value FROM json_each(:papers))"
        tagged = f"tags <> '[]' AND EXISTS (SELECT 1 FROM json_each(tags) WHERE casefold(value) IN {named})"
        conditions.append(
            f"papers.id IN (SELECT id FROM papers WHERE id IN {named} OR casefold(key) IN {named} OR {tagged})"
        )
        values["papers"] = as_json(folded(scope.papers))
    if scope.venues:
        named = "(SELECT value FROM json_each(:venues))"
        conditions.append(f"papers.id IN (SELECT id FROM papers WHERE casefold(ifnull(venue, '')) IN {named})")
        values["venues"] = as_json(folded(scope.venues))
    if scope.sections:
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(:sections) WHERE value = casefold(ifnull(passages.kind, '')) "
            "OR instr(casefold(ifnull(passages.section, '')), value))"
        )
        values["sections"] = as_json(folded(scope.sections))
    return " AND ".join(conditions), values


def within(passages: Collection[str] | None) -> tuple[str, tuple[str, ...]]:
    """A condition on the passages asked for, and its parameters."""
    if passages is None:
        return "", ()
    return "WHERE passages.id IN (SELECT value FROM json_each(?))", (as_json(sorted(passages)),)


def as_paper(
    id: str,
    key: str,
    title: str,
    year: int | None,
    doi: str | None,
    authors: str,
    venue: str | None,
    status: Any,
    records: str,
    leader: str,
    tags: str,
    ids: str,
) -> Paper:
    """From the columns PAPER."""
    several = (tuple(json.loads(one)) for one in (authors, records, tags, ids))
    by, of, called, known_as = several
    return Paper(id, key, title, year, doi, by, venue, status, of, leader, called, known_as)


def as_passage(
    id: str, text: str, start: int, section: str | None, kind: str | None, page: int | None, boxes: str
) -> Passage:
    """From the columns PASSAGE."""
    return Passage(id, text, start, section, kind, page, tuple(Box(*box) for box in json.loads(boxes)))


def as_paper_passage(*row: Any) -> PaperPassage:
    """From the columns PASSAGE and PAPER."""
    return PaperPassage(as_passage(*row[:7]), as_paper(*row[7:]))


def as_mention(*row: Any) -> Mention:
    """From the columns MENTION."""
    return Mention(*row)


def as_statement(*row: Any) -> Statement:
    """From the columns STATEMENT."""
    told, (extractors, candidate, measured) = row[:-3], row[-3:]
    return Statement(*(*told, tuple(json.loads(extractors)), bool(candidate), quantities(measured)))


def as_concept(id: str, label: str, type: str, aliases: str, papers: int, mentions: int, keys: str) -> Concept:
    """From the columns CONCEPT."""
    return Concept(id, label, type, tuple(json.loads(aliases)), papers, mentions, tuple(json.loads(keys)))


def head_of(connection: sqlite3.Connection, record: str) -> RecordHead:
    """What is needed of a record to find its paper."""
    name, digest, corpus, facts, fullness = connection.execute(
        "SELECT name, digest, corpus, facts, fullness FROM records WHERE id = ?", (record,)
    ).fetchone()
    return RecordHead(record, name, digest, bool(corpus), paper_facts(facts), fullness)


def whole_record(connection: sqlite3.Connection, record: str) -> SourceRecord | None:
    """The whole record; None when it has gone meanwhile."""
    row = connection.execute(
        "SELECT number, name, digest, versions, corpus, facts FROM records WHERE id = ?", (record,)
    ).fetchone()
    if row is None:
        return None
    number, name, digest, versions, corpus, facts = row
    passages = tuple(
        as_passage(*one)
        for one in connection.execute(f"SELECT {PASSAGE} FROM passages WHERE record = ? ORDER BY place", (number,))
    )
    vectors = connection.execute(
        "SELECT embedder, vector FROM passages JOIN vectors ON passage = number WHERE record = ? ORDER BY place",
        (number,),
    ).fetchall()
    embedders = {embedder for embedder, _ in vectors}
    whole = len(vectors) == len(passages) and len(embedders) == 1
    return SourceRecord(
        record,
        name,
        digest,
        tuple(json.loads(versions)),
        bool(corpus),
        paper_facts(facts),
        passages,
        tuple(
            as_mention(*one)
            for one in connection.execute(
                f"SELECT {MENTION} FROM passages JOIN mentions ON passage = number WHERE record = ? "
                'ORDER BY place, mentions.start, mentions."end", mentions.key',
                (number,),
            )
        ),
        tuple(
            as_statement(*one)
            for one in connection.execute(
                f"SELECT {STATEMENT} FROM passages JOIN statements ON passage = number WHERE record = ? "
                'ORDER BY place, statements.start, statements."end", subject, predicate, object',
                (number,),
            )
        ),
        embedders.pop() if whole else None,
        b"".join(vector for _, vector in vectors) if whole else b"",
    )


def labels_of(connection: sqlite3.Connection, keys: Collection[str]) -> dict[str, str]:
    """Key -> label of its concept, for the keys that have one."""
    found: dict[str, str] = {}
    for part in parts(sorted(keys)):
        found.update(
            connection.execute(
                "SELECT value, label FROM json_each(?) JOIN concept_keys ON concept_keys.key = value "
                "JOIN concepts ON concepts.id = concept",
                (as_json(part),),
            )
        )
    return found


def told_where(
    connection: sqlite3.Connection, where: str, values: Sequence[object], candidates: bool = False
) -> list[Evidence]:
    """The evidence of the leading passages that fit; with `candidates`, these too."""
    counted = "" if candidates else "AND NOT candidate"
    rows = connection.execute(
        f"SELECT {STATEMENT}, {PASSAGE}, {PAPER} {FROM_PASSAGES} "
        f"JOIN statements ON statements.passage = passages.number {counted} {where}",
        values,
    ).fetchall()
    return _as_evidence(connection, rows)


def told_of_relations(
    connection: sqlite3.Connection, relations: Collection[tuple[str, str, str]], candidates: bool = False
) -> list[Evidence]:
    """The evidence of relations that are named by labels; with `candidates`, these too."""
    keys = keys_of(connection, {end for one in relations for end in (one[0], one[2])})
    triples = [
        (s, p, o) for subject, p, object in relations for s in keys.get(subject, ()) for o in keys.get(object, ())
    ]
    counted = "" if candidates else "AND NOT candidate"
    rows: list[tuple[Any, ...]] = []
    for start in range(0, len(triples), MANY):
        rows += connection.execute(
            f"SELECT {STATEMENT}, {PASSAGE}, {PAPER} FROM json_each(?) AS asked CROSS JOIN statements "
            "ON subject = json_extract(asked.value, '$[0]') AND predicate = json_extract(asked.value, '$[1]') "
            f"AND object = json_extract(asked.value, '$[2]') {counted} CROSS "
            "JOIN passages ON passages.number = statements.passage "
            "CROSS JOIN papers ON papers.leader = passages.record JOIN records ON records.number = papers.leader",
            (as_json(triples[start : start + MANY]),),
        ).fetchall()
    return _as_evidence(connection, rows)


def keys_of(connection: sqlite3.Connection, labels: Collection[str]) -> dict[str, list[str]]:
    """Label -> keys of the concept, for the labels that there are."""
    found: dict[str, list[str]] = {}
    for part in parts(sorted(labels)):
        found.update(
            (label, json.loads(known))
            for label, known in connection.execute(
                "SELECT label, keys FROM json_each(?) JOIN concepts ON label = value", (as_json(part),)
            )
        )
    return found


def _as_evidence(connection: sqlite3.Connection, rows: Iterable[Sequence[Any]]) -> list[Evidence]:
    found = [(as_statement(*row[:14]), as_passage(*row[14:21]), as_paper(*row[21:])) for row in rows]
    ends = {end for one, _, _ in found for end in (one.subject, one.object)}
    measured = {
        key for one, _, _ in found for quantity in one.quantities for key in (quantity.measures, quantity.property)
    }
    labels = labels_of(connection, ends | measured)
    rejected = {row[0] for row in connection.execute("SELECT a FROM decisions WHERE kind = 'reject'")}
    return views.evidence_of(found, labels, rejected)
