"""What one transaction changes in a library on a server: facts as they come, views folded anew where they are touched.

The functions of `kg.views` and `kg.identity` do the folding; here stands which papers, concepts and relations a change
touches, and how they are written. Ids of concepts stand for their labels while evidence is folded: a concept's label
changes with every paper, and its evidence need not.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from kg import identity, views
from kg.model import Concept, Decision, Evidence, Paper, RecordHead, SourceRecord
from kg.stores.encoding import PassageFacts, as_json, packed, parts, quantities_json
from kg.stores.neo4j_rows import (
    CONCEPT,
    HEAD,
    HEAD_WIDTH,
    PAPER,
    PAPER_WIDTH,
    PASSAGE,
    as_concept,
    as_head,
    as_paper,
    as_passage_facts,
    paper_properties,
)
from kg.stores.neo4j_schema import relation_type
from kg.stores.revision import Revision

# Statements here find their nodes by constraints and indexes alone (but for rare ones that look at all on purpose), so
# that the plan which is made for an empty library is the right one for a large one. Without this, a growing library has
# all plans made anew every few seconds, which costs the server a third of its time.
_PLANNED_ONCE = "CYPHER replan=skip "

_BEGIN = """
MATCH (l:Library {name: 'library'})
CALL () { MATCH (d:Decision) RETURN collect([d.kind, d.a, d.b]) AS decisions }
RETURN l.revision AS revision, decisions
"""
_INSERT_RECORD = """
CREATE (r:SourceRecord {id: $id}) SET r += $properties
WITH r
CALL (r) {
    MERGE (o:Origin {origin: $origin})
    WITH r, o
    OPTIONAL MATCH (o)-[before:LEADS_TO]->()
    DELETE before
    CREATE (o)-[:LEADS_TO]->(r)
}
CALL (r) {
    UNWIND $keys AS key
    MERGE (k:WorkKey {key: key})
    CREATE (r)-[:IDENTIFIED_BY]->(k)
}
UNWIND $rows AS row
CREATE (r)-[:HOLDS]->(p:SourcePassage {id: row.id}) SET p += row
"""
_INSERT_PASSAGES = """
MATCH (r:SourceRecord {id: $record})
UNWIND $rows AS row
CREATE (r)-[:HOLDS]->(p:SourcePassage {id: row.id}) SET p += row
"""
_NOTE = """
MATCH (r:SourceRecord {id: $record})
UNWIND $keys AS key
MERGE (k:WorkKey {key: key})
MERGE (r)-[:IDENTIFIED_BY]->(k)
"""
_DELETE_RECORD = """
MATCH (r:SourceRecord {id: $record})
CALL (r) { MATCH (r)-[:HOLDS]->(p) DETACH DELETE p }
CALL (r) { MATCH (o:Origin)-[:LEADS_TO]->(r) DETACH DELETE o }
CALL (r) {
    MATCH (r)-[:IDENTIFIED_BY]->(k)
    WHERE NOT EXISTS { (k)<-[:IDENTIFIED_BY]-(other) WHERE other <> r }
    DETACH DELETE k
}
DETACH DELETE r
"""
_RECORDS_OF_KEYS = f"""
UNWIND $rows AS key
MATCH (:WorkKey {{key: key}})<-[:IDENTIFIED_BY]-(r)
WITH DISTINCT r
OPTIONAL MATCH (w:Paper)-[:READ_FROM]->(r)
RETURN {HEAD}, {PAPER}
"""
_UNLEAD = """
MATCH (:SourceRecord {id: $record})-[:HOLDS]->(p:Passage)
CALL (p) { MATCH (p)-[:STATES]->(e) DETACH DELETE e }
CALL (p) { MATCH (p)-[m:MENTIONS]->() DELETE m }
CALL (p) { MATCH (p)<-[h:HAS_PASSAGE]-() DELETE h }
REMOVE p:Passage, p.title, p.embedding
"""
_LEAD = """
UNWIND $rows AS row
MATCH (w:Paper {id: row.paper})
MATCH (:SourceRecord {id: row.record})-[:HOLDS]->(p:SourcePassage)
CREATE (w)-[:HAS_PASSAGE]->(p)
SET p:Passage, p.title = row.title
"""
_WRITE_PAPERS = """
UNWIND $rows AS row
MERGE (w:Paper {id: row.id}) SET w = row
WITH w, row
CALL (w) { MATCH (w)-[old:READ_FROM]->() DELETE old }
WITH w, row
UNWIND row.records AS record
MATCH (r:SourceRecord {id: record})
CREATE (w)-[:READ_FROM {leads: record = row.leader}]->(r)
"""
_MENTION = """
UNWIND $rows AS row
MATCH (p:Passage {id: row.passage})
UNWIND row.concepts AS told
MATCH (c:Concept {id: told[0]})
CREATE (p)-[:MENTIONS {count: told[1], keys: told[2]}]->(c)
"""
_STATE = """
UNWIND $rows AS row
MATCH (p:Passage {id: row.passage})
MATCH (s:Concept {id: row.subject})
MATCH (o:Concept {id: row.object})
CREATE (p)-[:STATES]->(e:$(row.label))-[:SUBJECT]->(s)
CREATE (e)-[:OBJECT]->(o)
SET e = row.properties
"""
_UNLINK = """
UNWIND $passages AS id
MATCH (p:Passage {id: id})
CALL (p) { MATCH (p)-[:STATES]->(e) DETACH DELETE e }
CALL (p) { MATCH (p)-[m:MENTIONS]->() DELETE m }
"""
# The hint, and the path of length one, are for a library that has just been filled: a plan made when it was empty would
# otherwise read all evidence and all relationships for each relation.
_COUNT_RELATIONS = """
UNWIND $rows AS row
CALL (row) {
    MATCH (e:Evidence)
    USING INDEX e:Evidence(relation)
    WHERE e.relation = row.relation
    RETURN count(e) AS pieces, {
        papers: count(DISTINCT e.paper),
        supports: count(CASE e.polarity WHEN 'supports' THEN 1 END),
        denies: count(CASE e.polarity WHEN 'denies' THEN 1 END),
        hedges: count(CASE e.certainty WHEN 'hedged' THEN 1 END),
        first_year: min(e.year),
        last_year: max(e.year)
    } AS counted
}
MATCH (s:Concept {id: row.subject})
MATCH (o:Concept {id: row.object})
CALL (s, o, row) {
    OPTIONAL MATCH (s)-[path*1..1]->(o) WHERE head(path).predicate = row.predicate
    RETURN collect(head(path)) AS there
}
WITH row, pieces, counted {.*, predicate: row.predicate} AS counted, s, o, there,
    [r IN there WHERE pieces > 0 AND type(r) = row.type] AS kept
FOREACH (gone IN [r IN there WHERE pieces = 0 OR type(r) <> row.type] | DELETE gone)
FOREACH (r IN kept | SET r = counted)
WITH row, pieces, counted, s, o, kept
WHERE pieces > 0 AND size(kept) = 0
CREATE (s)-[r:$(row.type)]->(o)
SET r = counted
"""
_COUNT_PAPERS = """
UNWIND $rows AS id
MATCH (c:Concept {id: id})
CALL (c) {
    MATCH (c)<-[:MENTIONS]-(:Passage)<-[:HAS_PASSAGE]-(w:Paper)
    RETURN count(DISTINCT w) AS papers
}
SET c.papers = papers
"""


@dataclass(slots=True)
class _Told:
    """What a concept's node keeps of one of its keys: how it is written, how often, in how many papers."""

    forms: Counter[views.Form] = field(default_factory=Counter)
    papers: int = 0


class Change:
    """One transaction's work on the views: what it touches is noted while facts change and folded anew at the end."""

    def __init__(self, tx: Any) -> None:
        self._tx = tx
        ((revision, decisions),) = self._run(_BEGIN)
        self._revision_before = self.revision = Revision.parse(revision)
        self._decisions = [Decision(*one) for one in decisions]
        self._identities: set[str] = set()
        self._papers_before: set[str] = set()
        self._inserted: dict[str, Sequence[PassageFacts]] = {}
        self.keys: set[str] = set()
        self.papers: dict[str, Paper] = {}  # those of the records that are near what was touched, once it is finished
        self._told: dict[str, _Told] = defaultdict(_Told)  # what is added to, or taken from, each key
        self._waiting: dict[str, tuple[Paper, PassageFacts]] = {}  # passages to be linked to their concepts
        self._relations: set[tuple[str, str, str]] = set()  # by ids

    def _run(self, query: str, /, **values: object) -> list[Any]:
        return [tuple(row.values()) for row in self._tx.run(_PLANNED_ONCE + query, values)]

    def _each(self, query: str, values: Sequence[object], /) -> list[Any]:
        """The rows of a query that is asked for `$rows`, a part of them at a time; none where there are none."""
        return [row for part in parts(values) for row in self._run(query, rows=part)]

    # Facts

    def insert(self, record: SourceRecord, origin: str) -> None:
        head = record.head
        facts = facts_of(record)
        size = len(record.vectors) // max(1, len(facts)) if record.embedder is not None else 0
        rows = [
            {
                "id": one.passage.id,
                "text": one.passage.text,
                "start": one.passage.start,
                "section": one.passage.section,
                "kind": one.passage.kind,
                "page": one.passage.page,
                "place": place,
                "facts": packed(one),
                "vector": record.vectors[place * size : (place + 1) * size] if size else None,
                "embedder": record.embedder if size else None,
            }
            for place, one in enumerate(facts)
        ]
        keys = identity.keys_of(head)
        first, *others = parts(rows) if rows else [()]
        self._run(
            _INSERT_RECORD,
            id=record.id,
            origin=origin,
            keys=keys,
            rows=first,
            properties={
                "name": record.name,
                "digest": record.digest,
                "versions": list(record.versions),
                "corpus": record.corpus,
                "facts": as_json(asdict(record.facts)),
                "fullness": head.fullness,
            },
        )
        for part in others:
            self._run(_INSERT_PASSAGES, record=record.id, rows=part)
        self._inserted[record.id] = facts
        self._identities.update(keys)
        self.revision += Revision.of(record.id)

    def note(self, head: RecordHead) -> None:
        """Notes that a record is there and has to find its paper."""
        keys = identity.keys_of(head)
        self._run(_NOTE, record=head.id, keys=keys)
        self._identities.update(keys)

    def meet(self, record: str, origin: str) -> None:
        """Notes that a record that is there was met at an origin."""
        self._run(
            "MATCH (r:SourceRecord {id: $record}) MERGE (o:Origin {origin: $origin}) WITH r, o "
            "OPTIONAL MATCH (o)-[before:LEADS_TO]->() DELETE before CREATE (o)-[:LEADS_TO]->(r)",
            record=record,
            origin=origin,
        )

    def forget_if_unmet(self, record: str) -> None:
        """Forgets a record that no source leads to any more."""
        if not self._run("MATCH (:Origin)-[:LEADS_TO]->(:SourceRecord {id: $id}) RETURN 1 LIMIT 1", id=record):
            self.delete(record)

    def delete(self, record: str) -> None:
        papers = self._run(
            "MATCH (:SourceRecord {id: $id})<-[read:READ_FROM]-(w:Paper) RETURN w.id, read.leads", id=record
        )
        self._papers_before.update(paper for paper, _ in papers)
        if any(leads for _, leads in papers):
            self._unlead(record)
        self._identities.update(
            key for (key,) in self._run("MATCH (:SourceRecord {id: $id})-[:IDENTIFIED_BY]->(k) RETURN k.key", id=record)
        )
        self._run(_DELETE_RECORD, record=record)
        self._inserted.pop(record, None)
        self.revision -= Revision.of(record)

    def decided(self, decision: Decision, made: bool) -> None:
        """Notes a decision that was made, or withdrawn, in this transaction."""
        moved = Revision.of(decision)
        self.revision = self.revision + moved if made else self.revision - moved
        if decision.kind == "reject":
            self._touch_statement(decision.a)
        elif decision.kind == "tag":
            self._touch_paper(decision.a)
        else:
            self.keys |= {decision.a, decision.b} - {""}

    def _touch_paper(self, id: str) -> None:
        """Notes the paper that has that id, else those that had it: looked for among all, since that is rare."""
        for papers in ("(w:Paper {id: $id})", "(w:Paper) WHERE $id IN w.ids"):
            keys = self._run(
                f"MATCH {papers} MATCH (w)-[:READ_FROM]->()-[:IDENTIFIED_BY]->(k) RETURN DISTINCT k.key", id=id
            )
            self._identities.update(key for (key,) in keys)
            if keys:
                return

    def _touch_statement(self, statement: str) -> None:
        """Has the passage of a statement linked anew. One that is no evidence now is looked for among all, since
        rejections are rare."""
        found = self._run(
            "MATCH (p:Passage)-[:STATES]->(e) WHERE (e:Evidence OR e:Candidate) AND e.id = $id RETURN p.id",
            id=statement,
        )
        ids = [passage for (passage,) in found]
        if not ids:
            ids = [
                facts.passage.id
                for facts in map(as_passage_facts, self._run(f"MATCH (p:Passage) RETURN {PASSAGE}"))
                if any(one.id == statement for one in facts.statements)
            ]
        self._relink(ids)

    # Views

    def finish(self) -> None:
        """Folds anew all that was touched."""
        self._refresh_papers()
        several = self._refresh_concepts()
        self._link()
        self._each(_COUNT_PAPERS, sorted(several))
        self._refresh_relations()
        if self.revision != self._revision_before:
            self._run("MATCH (l:Library {name: 'library'}) SET l.revision = $sum", sum=str(self.revision))

    def _refresh_papers(self) -> None:
        heads: dict[str, RecordHead] = {}
        before: dict[str, Paper] = {}
        known: set[str] = set()
        waiting = set(self._identities)
        while waiting:
            known |= waiting
            rows = self._each(_RECORDS_OF_KEYS, sorted(waiting))
            new = [head for row in rows if (head := as_head(row[:HEAD_WIDTH])).id not in heads]
            heads.update((head.id, head) for head in new)
            led_to = [as_paper(row[HEAD_WIDTH:]) for row in rows if row[HEAD_WIDTH] is not None]
            before.update((paper.id, paper) for paper in led_to)
            waiting = {key for head in new for key in identity.keys_of(head)} - known
        gone = sorted(self._papers_before - before.keys())
        rows = self._each(f"UNWIND $rows AS id MATCH (w:Paper {{id: id}}) RETURN {PAPER}", gone)
        before.update((paper.id, paper) for paper in map(as_paper, rows))
        tagged = identity.with_tags(identity.papers(heads.values()), self._decisions)
        self.papers = found = {paper.id: paper for paper in tagged}
        led = {paper.leader: paper for paper in before.values()}
        leads = {paper.leader: paper for paper in found.values()}
        for record, paper in led.items():
            if record in heads and (record not in leads or _stamp(paper) != _stamp(leads[record])):
                self._unlead(record)
        self._each("UNWIND $rows AS id MATCH (w:Paper {id: id}) DETACH DELETE w", sorted(before.keys() - found.keys()))
        changed = [paper for paper in found.values() if before.get(paper.id) != paper]
        self._each(_WRITE_PAPERS, [paper_properties(paper) for paper in changed])
        begun = [
            (record, paper)
            for record, paper in leads.items()
            if record not in led or _stamp(paper) != _stamp(led[record])
        ]
        self._each(
            _LEAD,
            [{"record": record, "paper": paper.id, "title": heads[record].facts.title} for record, paper in begun],
        )
        for record, paper in begun:
            facts = self._passages_of(record)
            self._tell(facts, 1)
            self._waiting.update((one.passage.id, (paper, one)) for one in facts)

    def _passages_of(self, record: str) -> Sequence[PassageFacts]:
        if record in self._inserted:
            return self._inserted[record]
        rows = self._run(
            f"MATCH (:SourceRecord {{id: $record}})-[:HOLDS]->(p) RETURN {PASSAGE} ORDER BY p.place", record=record
        )
        return [as_passage_facts(row) for row in rows]

    def _unlead(self, record: str) -> None:
        facts = self._passages_of(record)
        self._tell(facts, -1)
        self._touch_relations([one.passage.id for one in facts])
        self._run(_UNLEAD, record=record)

    def _tell(self, facts: Iterable[PassageFacts], times: int) -> None:
        """Adds the forms of a record's mentions to those of their keys, or takes them away."""
        keys = set()
        for one in facts:
            for mention in one.mentions:
                if mention.key:
                    keys.add(mention.key)
                    self._told[mention.key].forms[views.form_of(mention)] += times
        for key in keys:
            self._told[key].papers += times
        self.keys |= keys

    def _touch_relations(self, passages: Sequence[str]) -> None:
        self._relations.update(
            self._each(
                "UNWIND $rows AS id MATCH (:Passage {id: id})-[:STATES]->(e:Evidence) "
                "MATCH (e)-[:SUBJECT]->(s), (e)-[:OBJECT]->(o) RETURN DISTINCT s.id, e.predicate, o.id",
                passages,
            )
        )

    def _relink(self, passages: Collection[str]) -> None:
        """Has leading passages linked anew: their concepts have changed, or what is rejected."""
        todo = sorted(set(passages) - self._waiting.keys())
        for part in parts(todo):
            self._touch_relations(part)
            for row in self._run(
                f"UNWIND $ids AS id MATCH (w:Paper)-[:HAS_PASSAGE]->(p:Passage {{id: id}}) RETURN {PAPER}, {PASSAGE}",
                ids=part,
            ):
                facts = as_passage_facts(row[PAPER_WIDTH:])
                self._waiting[facts.passage.id] = (as_paper(row[:PAPER_WIDTH]), facts)
            self._run(_UNLINK, passages=part)

    # Concepts

    def _refresh_concepts(self) -> list[str]:
        """Folds the concepts of the touched keys, and has the passages of those that came, went or have other keys than
        before linked anew. Gives back the ids of concepts of several keys."""
        components, pins = views.merged(self._decisions), views.pinned(self._decisions)
        told: dict[str, _Told] = defaultdict(_Told)
        before: dict[str, Concept] = {}
        asked: set[str] = set()
        waiting = {one for key in self.keys for one in components.get(key, (key,))}
        while waiting:
            asked |= waiting
            found = self._concepts_of_keys(waiting)
            for concept, stored in found:
                before[concept.id] = concept
                told.update(stored)
            met = {key for concept, _ in found for key in concept.keys}
            waiting = {one for key in met for one in components.get(key, (key,))} - asked
        for key, more in self._told.items():
            one = told[key]
            one.papers += more.papers
            one.forms.update(more.forms)
            one.forms = +one.forms
        present = {key: one for key, one in told.items() if one.papers > 0}
        after = [
            views.concept(
                sum((present[key].forms for key in keys), Counter()),
                present[next(iter(keys))].papers if len(keys) == 1 else 0,
                pins,
            )
            for keys in views.clusters(present, components)
        ]
        kept = {one.id for one in after if one.id in before and before[one.id].keys == one.keys}
        moved = sorted(before.keys() - kept)
        for part in parts(moved):
            passages = self._run(
                "UNWIND $rows AS id MATCH (:Concept {id: id})<-[:MENTIONS]-(p:Passage) RETURN DISTINCT p.id", rows=part
            )
            self._relink([id for (id,) in passages])
        gone = sorted(before.keys() - {one.id for one in after})
        self._each("UNWIND $rows AS id MATCH (c:Concept {id: id}) DETACH DELETE c", gone)
        self._relations = {one for one in self._relations if not {one[0], one[2]} & set(gone)}
        self._write_concepts(after, before, present)
        self._concept_of = {key: one.id for one in after for key in one.keys}
        return [one.id for one in after if len(one.keys) > 1]

    def _concepts_of_keys(self, keys: Collection[str]) -> list[tuple[Concept, dict[str, _Told]]]:
        """The concepts that have these keys, with what is told of each of theirs. A concept's id comes from its
        smallest key, which is one of those that the keys are or were merged with."""
        found = []
        ids = sorted({views.concept_id(key) for key in keys})
        for row in self._each(f"UNWIND $rows AS id MATCH (c:Concept {{id: id}}) RETURN {CONCEPT}, c.forms", ids):
            stored = {
                key: _Told(
                    Counter({views.Form(key, name, text, label): count for name, text, label, count in forms}), papers
                )
                for key, (papers, forms) in json.loads(row[-1]).items()
            }
            found.append((as_concept(row[:-1]), stored))
        return found

    def _write_concepts(self, after: Sequence[Concept], before: dict[str, Concept], told: dict[str, _Told]) -> None:
        """Writes what has changed of concepts, since names go into a full-text index each time they are written."""
        rows = []
        for one in after:
            row: dict[str, Any] = {
                "id": one.id,
                "mentions": one.mentions,
                "forms": as_json(
                    {
                        key: (
                            told[key].papers,
                            sorted((form.name, form.text, form.label, n) for form, n in told[key].forms.items()),
                        )
                        for key in one.keys
                    }
                ),
            }
            if len(one.keys) == 1:
                row["papers"] = one.papers
            old = before.get(one.id)
            if old is None or (old.label, old.aliases) != (one.label, one.aliases):
                names = sorted({name.casefold() for name in (one.label, *one.aliases)})
                row |= {"label": one.label, "aliases": list(one.aliases), "names": names}
            if old is None or old.type != one.type:
                row["type"] = one.type
            if old is None or old.keys != one.keys:
                row["keys"] = list(one.keys)
            rows.append(row)
        self._each("UNWIND $rows AS row MERGE (c:Concept {id: row.id}) SET c += row", rows)

    # Links

    def _link(self) -> None:
        """Joins the waiting passages to the concepts they mention, with what they state of them."""
        if not self._waiting:
            return
        facts = [facts for _, facts in self._waiting.values()]
        named = self._named({mention.key for one in facts for mention in one.mentions} - {""})
        mentions = []
        for one in facts:
            keys: dict[str, Counter[str]] = defaultdict(Counter)
            for mention in one.mentions:
                if mention.key:
                    keys[named[mention.key]][mention.key] += 1
            if keys:
                told = [(id, counts.total(), sorted(counts)) for id, counts in keys.items()]
                mentions.append({"passage": one.passage.id, "concepts": told})
        self._each(_MENTION, mentions)
        evidence = views.evidence_of(
            ((statement, one.passage, paper) for paper, one in self._waiting.values() for statement in one.statements),
            named,
            views.rejected(self._decisions),
        )
        self._each(_STATE, [_evidence_row(one) for one in evidence])
        self._relations.update((one.subject, one.predicate, one.object) for one in evidence if not one.candidate)

    def _named(self, keys: Collection[str]) -> dict[str, str]:
        """Key -> id of its concept. Keys that this change does not touch keep the concept they have."""
        known = {key: self._concept_of[key] for key in keys if key in self._concept_of}
        components = views.merged(self._decisions)
        alone = {key for key in keys if key not in known and key not in components}
        known |= {key: views.concept_id(key) for key in alone}
        merged = {one for key in keys - known.keys() for one in components[key]}
        known |= {key: concept.id for concept, _ in self._concepts_of_keys(merged) for key in concept.keys}
        return known

    def _refresh_relations(self) -> None:
        rows = [
            {
                "subject": subject,
                "predicate": predicate,
                "object": object,
                "relation": relation_of(subject, predicate, object),
                "type": relation_type(predicate),
            }
            for subject, predicate, object in sorted(self._relations)
            if subject != object
        ]
        self._each(_COUNT_RELATIONS, rows)


def facts_of(record: SourceRecord) -> list[PassageFacts]:
    """A record's facts, passage by passage, mentions and statements by their place."""
    mentions, statements = defaultdict(list), defaultdict(list)
    for mention in sorted(record.mentions, key=views.mention_order):
        mentions[mention.passage].append(mention)
    for one in sorted(record.statements, key=lambda it: (it.start, it.end, it.subject, it.predicate, it.object)):
        statements[one.passage].append(one)
    return [
        PassageFacts(passage, tuple(mentions[passage.id]), tuple(statements[passage.id])) for passage in record.passages
    ]


def relation_of(subject: str, predicate: str, object: str) -> str:
    """What evidence of one relation shares, made of the ids of its concepts."""
    return f"{subject}|{predicate}|{object}"


def _stamp(paper: Paper) -> tuple[str, str, int | None]:
    """What evidence repeats of its paper."""
    return paper.id, paper.key, paper.year


def _evidence_row(one: Evidence) -> dict[str, Any]:
    measured = {id for quantity in one.quantities for id in (quantity.measures, quantity.property)} - {""}
    properties: dict[str, Any] = {
        "id": one.id,
        "relation": relation_of(one.subject, one.predicate, one.object),
        "paper": one.paper,
        "key": one.key,
        "passage": one.passage,
        "start": one.start,
        "end": one.end,
        "quote": one.quote,
        "predicate": one.predicate,
        "words": one.words,
        "polarity": one.polarity,
        "certainty": one.certainty,
        "year": one.year,
        "extractors": list(one.extractors),
        "confidence": one.confidence,
        "candidate": one.candidate,
    }
    if one.quantities:
        properties |= {
            "quantities": quantities_json(one.quantities),
            "amounts": [quantity.text for quantity in one.quantities],
            "measured": sorted(measured),
        }
    return {
        "passage": one.passage,
        "subject": one.subject,
        "object": one.object,
        "label": "Candidate" if one.candidate else "Evidence",
        "properties": properties,
    }
