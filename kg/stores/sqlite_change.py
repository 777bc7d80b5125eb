"""What one transaction changes in the embedded store: facts as they come, views folded anew where they are touched.

The functions of `kg.views` and `kg.identity` do the folding; here stands only which records, keys and statements a
change touches. So any order of changes ends in the same state.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import asdict

from kg import identity, views
from kg.model import Decision, RecordHead, SourceRecord
from kg.stores.encoding import as_json, parts, quantities_json
from kg.stores.revision import Revision
from kg.stores.sqlite_rows import (
    FROM_PASSAGES,
    OF_RECORD_MENTIONS,
    STATEMENT,
    TEXTS_OF_RECORD,
    as_statement,
    head_of,
    told_of_relations,
)


class Change:
    """One transaction's work on the views: what it touches is noted while facts change and folded anew at the end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._sql = connection
        self.revision = Revision.parse(connection.execute("SELECT sum FROM revision").fetchone()[0])
        self._identities: set[str] = set()
        self._records: set[int] = set()
        self.keys: set[str] = set()
        self._triples: set[tuple[str, str, str]] = set()

    # Facts

    def met(self, origin: str) -> int | None:
        """The record (its number) that was met at an origin before."""
        row = self._sql.execute("SELECT record FROM sources WHERE origin = ?", (origin,)).fetchone()
        return None if row is None else row[0]

    def _number(self, record: str) -> int:
        return int(self._sql.execute("SELECT number FROM records WHERE id = ?", (record,)).fetchone()[0])

    def insert(self, record: SourceRecord, origin: str) -> None:
        head = record.head
        self._sql.execute(
            "INSERT INTO records (id, name, digest, versions, corpus, facts, fullness, counted) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.id,
                record.name,
                record.digest,
                as_json(record.versions),
                record.corpus,
                as_json(asdict(record.facts)),
                head.fullness,
                sum(not one.candidate for one in record.statements),
            ),
        )
        number = self._number(record.id)
        self._sql.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (origin, number))
        self._sql.executemany(
            "INSERT INTO passages (id, record, place, text, start, section, kind, page, boxes) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    one.id,
                    number,
                    place,
                    one.text,
                    one.start,
                    one.section,
                    one.kind,
                    one.page,
                    as_json([(box.page, box.left, box.bottom, box.right, box.top) for box in one.boxes]),
                )
                for place, one in enumerate(record.passages)
            ),
        )
        numbers = dict(self._sql.execute("SELECT id, number FROM passages WHERE record = ?", (number,)))
        size = len(record.vectors) // max(1, len(record.passages))
        if record.embedder is not None and size:
            self._sql.executemany(
                "INSERT INTO vectors VALUES (?, ?, ?)",
                (
                    (numbers[one.id], record.embedder, record.vectors[place * size : (place + 1) * size])
                    for place, one in enumerate(record.passages)
                ),
            )
        self._sql.executemany(
            "INSERT INTO mentions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (numbers[one.passage], one.start, one.end, one.key, one.label, one.name, one.confidence)
                for one in record.mentions
            ),
        )
        self._sql.executemany(
            "INSERT INTO statements VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    numbers[one.passage],
                    one.start,
                    one.end,
                    one.subject,
                    one.predicate,
                    one.object,
                    one.words,
                    one.polarity,
                    one.certainty,
                    one.confidence,
                    as_json(one.extractors),
                    one.candidate,
                    quantities_json(one.quantities),
                )
                for one in record.statements
            ),
        )
        self.note(record.id, head)
        self.revision += Revision.of(record.id)

    def note(self, record: str, head: RecordHead) -> None:
        """Notes that a record is there and has to find its paper."""
        number = self._number(record)
        keys = identity.keys_of(head)
        self._sql.executemany("INSERT OR IGNORE INTO record_keys VALUES (?, ?)", ((key, number) for key in keys))
        self._identities.update(keys)
        self._records.add(number)

    def forget_if_unmet(self, record: int) -> None:
        """Forgets a record that no source leads to any more."""
        if not self._sql.execute("SELECT 1 FROM sources WHERE record = ?", (record,)).fetchone():
            self.delete(record)

    def delete(self, record: int) -> None:
        leading, name, paper = self._sql.execute(
            "SELECT leading, id, paper FROM records WHERE number = ?", (record,)
        ).fetchone()
        if leading:
            self._lead(record, False)
        self._identities.update(
            key for (key,) in self._sql.execute("SELECT key FROM record_keys WHERE record = ?", (record,))
        )
        self._sql.execute("DELETE FROM papers WHERE id = ?", (paper,))
        for table in ("vectors", "mentions", "statements"):
            self._sql.execute(
                f"DELETE FROM {table} WHERE passage IN (SELECT number FROM passages WHERE record = ?)", (record,)
            )
        for table in ("passages", "record_keys", "sources"):
            self._sql.execute(f"DELETE FROM {table} WHERE record = ?", (record,))
        self._sql.execute("DELETE FROM records WHERE number = ?", (record,))
        self._records.discard(record)
        self.revision -= Revision.of(name)

    def touch_statement(self, statement: str) -> None:
        """Notes the relation of one piece of evidence, by its id: looked for among all, since rejections are rare."""
        for row in self._sql.execute(
            f"SELECT {STATEMENT} {FROM_PASSAGES} JOIN statements ON passage = passages.number"
        ):
            one = as_statement(*row)
            if one.id == statement:
                self._triples.add((one.subject, one.predicate, one.object))
                return

    def touch_paper(self, id: str) -> None:
        """Notes the paper that has that id, else those that had it: looked for among all, since that is rare."""
        for papers in ("papers.id = ?", "EXISTS (SELECT 1 FROM json_each(ids) WHERE value = ?)"):
            keys = self._sql.execute(
                "SELECT record_keys.key FROM papers JOIN records ON paper = papers.id "
                f"JOIN record_keys ON record = number WHERE {papers}",
                (id,),
            ).fetchall()
            self._identities.update(key for (key,) in keys)
            if keys:
                return

    # Views

    def finish(self) -> None:
        """Folds anew all that was touched."""
        self._refresh_papers()
        self._refresh_relations(*self._refresh_concepts())
        self._sql.execute("UPDATE revision SET sum = ?", (str(self.revision),))

    def _refresh_papers(self) -> None:
        records, waiting = set(self._records), set(self._identities)
        known: set[str] = set()
        while waiting:
            known |= waiting
            near = {
                row[0]
                for row in self._sql.execute(
                    "SELECT DISTINCT record FROM json_each(?) JOIN record_keys ON record_keys.key = value",
                    (as_json(sorted(waiting)),),
                )
            } - records
            records |= near
            waiting = {
                row[0]
                for row in self._sql.execute(
                    "SELECT DISTINCT record_keys.key FROM json_each(?) JOIN record_keys ON record = value",
                    (as_json(sorted(near)),),
                )
            } - known
        before = {
            number: (id, paper, bool(leading))
            for number, id, paper, leading in self._sql.execute(
                "SELECT number, records.id, paper, leading FROM json_each(?) JOIN records ON number = value",
                (as_json(sorted(records)),),
            )
        }
        papers = identity.papers(head_of(self._sql, id) for id, _, _ in before.values())
        tags = self._sql.execute(
            "SELECT kind, a, b FROM json_each(?) JOIN decisions ON kind = 'tag' AND a = value",
            (as_json(sorted({id for paper in papers for id in paper.ids})),),
        )
        found = identity.with_tags(papers, [Decision(*row) for row in tags])
        number_of = {id: number for number, (id, _, _) in before.items()}
        self._sql.executemany("DELETE FROM papers WHERE id = ?", {(paper,) for _, paper, _ in before.values() if paper})
        for paper in found:
            self._sql.execute(
                "INSERT INTO papers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    paper.id,
                    paper.key,
                    paper.title,
                    paper.year,
                    paper.doi,
                    as_json(paper.authors),
                    paper.venue,
                    paper.status,
                    as_json(paper.records),
                    number_of[paper.leader],
                    as_json(paper.tags),
                    as_json(paper.ids),
                ),
            )
            for id in paper.records:
                leads = id == paper.leader
                led = before[number_of[id]][2]
                self._sql.execute(
                    "UPDATE records SET paper = ?, leading = ? WHERE number = ?", (paper.id, leads, number_of[id])
                )
                if leads != led:
                    self._lead(number_of[id], leads)

    def _lead(self, record: int, begins: bool) -> None:
        """A record begins or ends to count: its forms, its full text, and what its statements touch."""
        forms: Counter[tuple[str, str, str, str]] = Counter(
            self._sql.execute(
                'SELECT key, name, substr(text, mentions.start + 1, "end" - mentions.start),'
                f" label {OF_RECORD_MENTIONS}",
                (record,),
            )
        )
        if begins:
            self._sql.executemany(
                "INSERT INTO forms VALUES (?, ?, ?, ?, ?) "
                "ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions",
                ((*form, count) for form, count in forms.items()),
            )
            self._sql.executemany(
                "INSERT OR IGNORE INTO key_records VALUES (?, ?)", {(form[0], record) for form in forms}
            )
            self._sql.execute(f"INSERT INTO fulltext (rowid, title, text) {TEXTS_OF_RECORD}", (record,))
        else:
            self._sql.executemany(
                "UPDATE forms SET mentions = mentions - ? WHERE key = ? AND name = ? AND text = ? AND label = ?",
                ((count, *form) for form, count in forms.items()),
            )
            self._sql.executemany("DELETE FROM forms WHERE key = ? AND mentions = 0", {(form[0],) for form in forms})
            self._sql.execute(
                "DELETE FROM key_records WHERE record = ?1 AND key IN "
                f"(SELECT key {OF_RECORD_MENTIONS.replace('?', '?1')})",
                (record,),
            )
            self._sql.execute(
                "INSERT INTO fulltext (fulltext, rowid, title, text) "
                + TEXTS_OF_RECORD.replace("SELECT", "SELECT 'delete',"),
                (record,),
            )
        self.keys.update(form[0] for form in forms)
        self._triples.update(
            self._sql.execute(
                "SELECT DISTINCT subject, predicate, object FROM passages JOIN statements ON passage = number "
                "WHERE record = ? AND NOT candidate",
                (record,),
            )
        )

    def _refresh_concepts(self) -> tuple[Collection[str], Collection[str]]:
        """Folds the concepts of the touched keys. Returns the ids of concepts that came, went or have other keys than
        before, and the keys of those that keep something of what was there: their statements lie elsewhere now."""
        decisions = [Decision(*row) for row in self._sql.execute("SELECT kind, a, b FROM decisions")]
        components, pins = views.merged(decisions), views.pinned(decisions)
        asked = set(self.keys)
        asked.update(key for start in self.keys if start in components for key in components[start])
        before: dict[str, tuple[str, ...]] = {}
        for part in parts(sorted(asked)):
            for id, keys in self._sql.execute(
                "SELECT DISTINCT concept, keys FROM json_each(?) JOIN concept_keys ON concept_keys.key = value "
                "JOIN concepts ON concepts.id = concept",
                (as_json(part),),
            ):
                before[id] = tuple(json.loads(keys))
        asked.update(key for keys in before.values() for key in keys)
        forms: dict[str, Counter[views.Form]] = defaultdict(Counter)
        papers: dict[str, int] = {}
        for part in parts(sorted(asked)):
            for key, name, text, label, mentions in self._sql.execute(
                "SELECT forms.key, name, text, label, mentions FROM json_each(?) JOIN forms ON forms.key = value",
                (as_json(part),),
            ):
                forms[key][views.Form(key, name, text, label)] = mentions
            papers.update(
                self._sql.execute(
                    "SELECT value, count(*) FROM json_each(?) JOIN key_records ON key_records.key = value "
                    "GROUP BY value",
                    (as_json(part),),
                )
            )
        after = [
            views.concept(
                sum((forms[key] for key in keys), Counter()),
                papers[next(iter(keys))] if len(keys) == 1 else self._papers_with(keys),
                pins,
            )
            for keys in views.clusters(papers, components)
        ]
        kept = {one.id for one in after if before.get(one.id) == one.keys}
        known = {key for keys in before.values() for key in keys}
        self._sql.executemany("DELETE FROM concepts WHERE id = ?", ((id,) for id in before))
        self._sql.executemany("DELETE FROM concept_names WHERE concept = ?", ((id,) for id in before))
        self._sql.executemany("DELETE FROM concept_keys WHERE key = ?", ((key,) for key in known - papers.keys()))
        self._sql.executemany(
            "INSERT INTO concepts VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (one.id, one.label, one.type, as_json(one.aliases), one.papers, one.mentions, as_json(one.keys))
                for one in after
            ),
        )
        self._sql.executemany(
            "INSERT OR REPLACE INTO concept_keys VALUES (?, ?)",
            ((key, one.id) for one in after if one.id not in kept for key in one.keys),
        )
        self._sql.executemany(
            "INSERT OR IGNORE INTO concept_names VALUES (?, ?)",
            ((name.casefold(), one.id) for one in after for name in (one.label, *one.aliases)),
        )
        changed = [one for one in after if one.id not in kept]
        return (
            {*before, *(one.id for one in changed)} - kept,
            {key for one in changed if known.intersection(one.keys) for key in one.keys},
        )

    def _papers_with(self, keys: Collection[str]) -> int:
        return int(
            self._sql.execute(
                "SELECT count(DISTINCT record) FROM json_each(?) JOIN key_records ON key_records.key = value",
                (as_json(sorted(keys)),),
            ).fetchone()[0]
        )

    def _refresh_relations(self, changed: Collection[str], moved: Collection[str]) -> None:
        """Counts anew the relations of the touched statements, of concepts that changed and of keys that moved."""
        self._sql.executemany("DELETE FROM relations WHERE subject = ?1 OR object = ?1", ((id,) for id in changed))
        for end in ("subject", "object") if moved else ():
            self._triples.update(
                self._sql.execute(
                    "SELECT DISTINCT subject, predicate, object FROM json_each(?) "
                    f"JOIN statements ON {end} = value WHERE NOT candidate",
                    (as_json(sorted(moved)),),
                )
            )
        concept_of: dict[str, str] = {}
        for part in parts(sorted({end for one in self._triples for end in (one[0], one[2])})):
            concept_of.update(
                self._sql.execute(
                    "SELECT value, concept FROM json_each(?) JOIN concept_keys ON concept_keys.key = value",
                    (as_json(part),),
                )
            )
        touched = {
            (concept_of[s], p, concept_of[o]) for s, p, o in self._triples if s in concept_of and o in concept_of
        }
        self._sql.executemany("DELETE FROM relations WHERE subject = ? AND predicate = ? AND object = ?", touched)
        labels = dict(
            self._sql.execute(
                "SELECT value, label FROM json_each(?) JOIN concepts ON concepts.id = value",
                (as_json(sorted({end for one in touched for end in (one[0], one[2])})),),
            )
        )
        id_of = {label: id for id, label in labels.items()}
        found = told_of_relations(self._sql, {(labels[s], p, labels[o]) for s, p, o in touched})
        self._sql.executemany(
            "INSERT INTO relations VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (id_of[one.subject], one.predicate, id_of[one.object], one.papers, one.supports, one.denies, one.hedges)
                for one in views.relations_of(found)
            ),
        )
