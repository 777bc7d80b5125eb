"""A graph store on a Neo4j server: a library in one database, which many people and programs may use at once.

Facts are kept as they come; the graph that people look at (`docs/neo4j.md`) is kept up to date by folding anew what a
change touches. All text of queries is constant, and all values are parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from neo4j.exceptions import Neo4jError

from kg.errors import LibraryError, NoLibrary, UsageError
from kg.facts import checked
from kg.model import (
    Concept,
    Counts,
    Decision,
    Evidence,
    Mention,
    Paper,
    PaperPassage,
    RecordHead,
    Relation,
    Source,
    SourceRecord,
    content_id,
)
from kg.names import key_of
from kg.scope import EVERYWHERE, Scope
from kg.stores.differences import differences
from kg.stores.encoding import MANY, paper_facts, parts
from kg.stores.graph_store import Added, outcome
from kg.stores.neo4j_change import Change
from kg.stores.neo4j_connections import Connections
from kg.stores.neo4j_lock import HOLD_S, WriterLock
from kg.stores.neo4j_rows import (
    CONCEPT,
    EVIDENCE,
    EVIDENCE_ORDER,
    HEAD,
    IN_SCOPE,
    PAPER,
    PASSAGE,
    RELATION,
    SEARCHED,
    as_concept,
    as_evidence,
    as_head,
    as_paper,
    as_paper_passage,
    as_passage_facts,
    as_relation,
    measured_by,
    scope_values,
)
from kg.stores.neo4j_runs import RunShelf
from kg.stores.neo4j_schema import MIGRATIONS, PASSAGE_TEXT, RELATIONS
from kg.stores.neo4j_shelf import Neo4jShelf
from kg.stores.revision import Revision
from kg.stores.shelf import Kind, Shelf
from kg.views import concept_id

if TYPE_CHECKING:
    from kg.addresses import Server
    from kg.vectors.vector_index import VectorIndex

LEAST_VERSION = (5, 26)
_TITLE_WEIGHT = 2  # of the title against the text, as in the embedded store
_EMPTY = str(Revision())
_OF = f"(s:Concept)-[r:{RELATIONS}]->(o:Concept)"


class Neo4jStore:
    """The library in a database of a server. With `create`, a database that is empty becomes one; else NoLibrary is
    raised.

    Safe to use from several threads and processes at once. `patience` is for how many seconds a write is tried again
    after errors that may pass, `hold` after how many without a sign of life a writer counts as dead.
    """

    def __init__(
        self,
        server: Server,
        user: str,
        password: str | None,
        create: bool = False,
        patience: float = 30.0,
        hold: float = HOLD_S,
    ) -> None:
        self.address = str(server)
        self._connections = Connections(server, user, password, patience)
        self._lock = WriterLock(self._connections, hold)
        self.runs = RunShelf(self._connections)
        try:
            self._require_version()
            self._migrate(create)
        except BaseException:
            self._connections.close()
            raise

    def _require_version(self) -> None:
        (row,) = self._connections.plain(
            "CALL dbms.components() YIELD name, versions WITH * WHERE name = 'Neo4j Kernel' "
            "RETURN versions[0] AS version"
        )
        version = tuple(int(part) for part in row["version"].split("-")[0].split(".")[:2] if part.isdigit())
        if version < LEAST_VERSION:
            raise LibraryError(
                f"The server at {self.address} is Neo4j {row['version']}, and 5.26 (which has long-term support) "
                "is the least that a library needs. Update the server; docker-compose.yml names one."
            )

    def _migrate(self, create: bool) -> None:
        version = self._version()
        if version is None:
            if not create:
                raise NoLibrary(
                    f"There is no library at {self.address}. Make one with `hypograph ingest PAPERS --library "
                    f"{self.address}`, or name another address."
                )
            self._require_empty()
        elif version == len(MIGRATIONS):
            return
        elif version > len(MIGRATIONS):
            raise LibraryError(
                f"The library at {self.address} was made by a newer Hypograph (schema {version}, this one knows "
                f"{len(MIGRATIONS)}). Update Hypograph to open it."
            )
        for number, commands in enumerate(MIGRATIONS[version or 0 :], (version or 0) + 1):
            for command in commands:
                self._connections.plain(command)
            self._connections.plain("CALL db.awaitIndexes(300)")
            self._connections.plain(
                "MERGE (g:Gate {name: 'library'}) MERGE (l:Library {name: 'library'}) "
                "ON CREATE SET l.revision = $revision SET l.schema = $number",
                revision=_EMPTY,
                number=number,
            )

    def _version(self) -> int | None:
        rows = self._connections.plain("MATCH (l:Library {name: 'library'}) RETURN l.schema AS version")
        return rows[0]["version"] if rows else None

    def _require_empty(self) -> None:
        """A library is not mixed with what somebody else keeps in the database."""
        if rows := self._connections.plain(
            "MATCH (n) WHERE NOT n:Gate AND NOT n:Lock RETURN labels(n) AS labels LIMIT 1"
        ):
            raise LibraryError(
                f"The database at {self.address} holds other data (such as a node labelled "
                f"{', '.join(rows[0]['labels']) or 'nothing'}), and a library needs one of its own. Name another "
                "database, or empty this one."
            )

    @contextmanager
    def writing(self, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        with self._lock.held(on_wait):
            if self._connections.plain("MATCH (l:Library {name: 'library'}) WHERE l.rebuilding RETURN 1"):
                self.rebuild()  # another one was cut off
            yield

    def reading(self) -> AbstractContextManager[Any]:
        return self._connections.reading()

    def _write(self, work: Callable[[Any], Any]) -> Any:
        def alone(tx: Any) -> Any:
            begun = self._lock.confirm(tx)
            done = work(tx)
            self._lock.prolong(tx, begun)
            return done

        return self._connections.write(alone)

    # Facts ----------------------------------------------------------------------------------------------------------

    def add(self, record: SourceRecord, origin: str) -> Added:
        checked(record)

        def work(tx: Any) -> Added:
            there = _place(tx, record.id, origin)
            if there["record"] is not None:
                return _met(tx, record.id, origin, there)
            change = Change(tx)
            change.insert(record, origin)
            if (before := there["met"]) is not None:
                change.forget_if_unmet(before)
            change.finish()
            paper = next(one for one in change.papers.values() if record.id in one.records)
            return Added(outcome(False, before is not None, len(paper.records) > 1), paper.id, paper.key)

        added: Added = self._write(work)
        return added

    def has(self, record: str, origin: str) -> Added | None:
        (there,) = self._connections.all(_PLACE, record=record, origin=origin)
        if there["record"] is None:
            return None
        if there["met"] == record:
            return Added("unchanged", there["paper"], there["key"])

        def work(tx: Any) -> Added | None:
            now = _place(tx, record, origin)
            return None if now["record"] is None else _met(tx, record, origin, now)

        met: Added | None = self._write(work)
        return met

    def remove(self, papers: Collection[str]) -> None:
        def work(tx: Any) -> None:
            change = Change(tx)
            found = tx.run(
                "UNWIND $papers AS id MATCH (:Paper {id: id})-[:READ_FROM]->(r) RETURN r.id AS id ORDER BY id",
                papers=sorted(papers),
            )
            for record in [row["id"] for row in found]:
                change.delete(record)
            change.finish()

        self._write(work)

    def decide(self, decision: Decision) -> None:
        self._decided(
            decision,
            True,
            "OPTIONAL MATCH (there:Decision {id: $id}) WITH there WHERE there IS NULL "
            "CREATE (:Decision {id: $id, kind: $kind, a: $a, b: $b}) RETURN 1",
        )

    def withdraw(self, decision: Decision) -> None:
        self._decided(decision, False, "MATCH (d:Decision {id: $id}) DELETE d RETURN 1")

    def _decided(self, decision: Decision, made: bool, query: str) -> None:
        def work(tx: Any) -> None:
            id = content_id("d", decision.kind, decision.a, decision.b)
            if list(tx.run(query, id=id, kind=decision.kind, a=decision.a, b=decision.b)):
                change = Change(tx)
                change.decided(decision, made)
                change.finish()

        self._write(work)

    def records(self) -> Iterator[SourceRecord]:
        ids = [row["id"] for row in self._connections.all("MATCH (r:SourceRecord) RETURN r.id AS id ORDER BY id")]
        for id in ids:
            if found := self._record(id):
                yield found

    def _record(self, id: str) -> SourceRecord | None:
        """The whole record; None when it has gone meanwhile."""
        rows = self._connections.all(
            "MATCH (r:SourceRecord {id: $id}) OPTIONAL MATCH (r)-[:HOLDS]->(p) WITH r, p ORDER BY p.place "
            f"WITH r, [row IN collect([{PASSAGE}, p.embedder, p.vector]) WHERE row[1] IS NOT NULL] AS passages "
            "RETURN r.name, r.digest, r.versions, r.corpus, r.facts, passages",
            id=id,
        )
        if not rows:
            return None
        name, digest, versions, corpus, facts, passages = rows[0].values()
        read = [as_passage_facts(row[:7]) for row in passages]
        embedders, vectors = {row[7] for row in passages}, [row[8] for row in passages]
        embedder = embedders.pop() if len(embedders) == 1 else None
        return SourceRecord(
            id,
            name,
            digest,
            tuple(versions),
            corpus,
            paper_facts(facts),
            tuple(one.passage for one in read),
            tuple(mention for one in read for mention in one.mentions),
            tuple(statement for one in read for statement in one.statements),
            embedder,
            b"".join(vectors) if embedder is not None else b"",
        )

    def sources(self) -> Iterator[Source]:
        return self._made(Source, "MATCH (o:Origin)-[:LEADS_TO]->(r) RETURN o.origin, r.id ORDER BY o.origin")

    def decisions(self) -> Iterator[Decision]:
        return self._made(Decision, "MATCH (d:Decision) RETURN d.kind, d.a, d.b ORDER BY d.kind, d.a, d.b")

    def vectors(self, embedder: str, passages: Sequence[str]) -> list[bytes | None]:
        known: dict[str, bytes] = {}
        for part in parts(passages):
            rows = self._connections.all(
                "UNWIND $ids AS id MATCH (p:SourcePassage {id: id}) WHERE p.embedder = $embedder RETURN id, p.vector",
                ids=part,
                embedder=embedder,
            )
            known.update((row[0], row[1]) for row in rows)
        return [known.get(passage) for passage in passages]

    def embedders(self) -> dict[str, int]:
        rows = self._connections.all(
            "MATCH (p:Passage) WHERE p.embedder IS NOT NULL RETURN p.embedder AS embedder, count(*) AS passages"
        )
        return {row["embedder"]: row["passages"] for row in rows}

    def embed(self, embedder: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        def work(tx: Any) -> None:
            for part in parts(vectors):
                tx.run(
                    "UNWIND $rows AS row MATCH (p:SourcePassage {id: row[0]}) "
                    "SET p.embedder = $embedder, p.vector = row[1] REMOVE p.embedding",
                    rows=[list(row) for row in part],
                    embedder=embedder,
                ).consume()

        self._write(work)

    # Views ----------------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        (row,) = self._connections.all(
            "RETURN COUNT { (:Paper) } AS papers, COUNT { (:Passage) } AS passages, COUNT { (:Concept) } AS concepts, "
            "COUNT { (:Concept)-[]->() } AS relations, COUNT { (:Evidence) } AS evidence"
        )
        return Counts(*row.values())

    def revision(self) -> str:
        (row,) = self._connections.all("MATCH (l:Library {name: 'library'}) RETURN l.revision AS revision")
        return str(row["revision"])

    def extractors(self) -> list[str]:
        rows = self._connections.all("MATCH (e:Evidence) UNWIND e.extractors AS name RETURN DISTINCT name")
        return sorted(row["name"] for row in rows)

    def papers(self, ids: Collection[str] | None = None, concept: str | None = None) -> Iterator[Paper]:
        if concept is not None:
            found = self._few(
                "MATCH (:Concept {id: $concept})<-[:MENTIONS]-(:Passage)<-[:HAS_PASSAGE]-(w:Paper) WITH DISTINCT w "
                f"WHERE $ids IS NULL OR w.id IN $ids RETURN {PAPER} ORDER BY w.id",
                concept=concept,
                ids=None if ids is None else sorted(ids),
            )
        elif ids is not None:
            found = self._few(
                f"UNWIND $ids AS id MATCH (w:Paper {{id: id}}) RETURN {PAPER} ORDER BY w.id", ids=sorted(set(ids))
            )
        else:
            found = self._rows(f"MATCH (w:Paper) WHERE w.id > '' RETURN {PAPER} ORDER BY w.id")
        return map(as_paper, found)

    def papers_called(self, name: str) -> list[Paper]:
        rows = self._connections.all(
            f"MATCH (w:Paper) WHERE w.id = $name OR w.key = $name RETURN {PAPER} ORDER BY w.id", name=name
        )
        return [as_paper(row.values()) for row in rows]

    def passage_ids(self, scope: Scope = EVERYWHERE, most: int | None = None) -> list[str]:
        if scope.everywhere:
            found = f"MATCH (p:Passage) WHERE p.id > '' AND {SEARCHED}"
        else:
            found = f"MATCH (w:Paper)-[:HAS_PASSAGE]->(p:Passage) WHERE {IN_SCOPE}"
        few = "" if most is None else " LIMIT $most"
        rows = self._connections.all(f"{found} RETURN p.id ORDER BY p.id{few}", most=most, **scope_values(scope))
        return [row[0] for row in rows]

    def passages(self, ids: Collection[str] | None = None, paper: str | None = None) -> Iterator[PaperPassage]:
        asked = None if ids is None else sorted(set(ids))
        if paper is not None:
            found = self._few(
                "MATCH (w:Paper {id: $paper})-[:HAS_PASSAGE]->(p:Passage) WHERE $ids IS NULL OR p.id IN $ids "
                f"RETURN {PAPER}, {PASSAGE} ORDER BY p.place",
                paper=paper,
                ids=asked,
            )
        elif asked is not None:
            found = self._few(
                "UNWIND $ids AS id MATCH (p:Passage {id: id})<-[:HAS_PASSAGE]-(w:Paper) "
                f"RETURN {PAPER}, {PASSAGE} ORDER BY p.id",
                ids=asked,
            )
        else:
            found = self._rows(
                "MATCH (p:Passage) WHERE p.id > '' MATCH (p)<-[:HAS_PASSAGE]-(w:Paper) "
                f"RETURN {PAPER}, {PASSAGE} ORDER BY p.id"
            )
        return map(as_paper_passage, found)

    def mentions(
        self, passages: Collection[str] | None = None, concept: str | None = None
    ) -> Iterator[tuple[Mention, str | None]]:
        asked = None if passages is None else sorted(set(passages))
        linked = "[(p)-[m:MENTIONS]->(c) | [c.id, m.keys]]"
        if concept is not None:
            found = self._rows(
                "MATCH (:Concept {id: $concept})<-[m:MENTIONS]-(p:Passage) WHERE $ids IS NULL OR p.id IN $ids "
                f"RETURN {PASSAGE}, [[$concept, m.keys]] ORDER BY p.id",
                concept=concept,
                ids=asked,
            )
        elif asked is not None:
            found = self._few(
                f"UNWIND $ids AS id MATCH (p:Passage {{id: id}}) RETURN {PASSAGE}, {linked} ORDER BY p.id", ids=asked
            )
        else:
            found = self._rows(f"MATCH (p:Passage) WHERE p.id > '' RETURN {PASSAGE}, {linked} ORDER BY p.id")
        for *row, told in found:
            of = {key: id for id, keys in told for key in keys}
            for mention in as_passage_facts(row).mentions:
                if concept is None or mention.key in of:
                    yield mention, of.get(mention.key)

    def concepts(self, text: str | None = None) -> Iterator[Concept]:
        if text is None:
            found = self._rows(f"MATCH (c:Concept) WHERE c.label >= '' RETURN {CONCEPT} ORDER BY c.label")
        else:
            found = self._rows(
                "MATCH (c:Concept) WHERE any(name IN c.names WHERE name CONTAINS $text) "
                f"RETURN {CONCEPT} ORDER BY c.label",
                text=text.casefold(),
            )
        return map(as_concept, found)

    def concepts_called(self, name: str) -> list[Concept]:
        for query, value in (
            ("MATCH (c:Concept) WHERE c.id = $value OR c.label = $value", name),
            (_CALLED_AFTER_DECISIONS, key_of(name)),
            ("MATCH (c:Concept {id: $id}) WHERE $value IN c.keys", key_of(name)),
            ("MATCH (c:Concept) WHERE $value IN c.names", name.casefold()),
        ):
            rows = self._connections.all(
                f"{query} RETURN {CONCEPT} ORDER BY c.mentions DESC, c.label", value=value, id=concept_id(value)
            )
            if rows:
                return [as_concept(row.values()) for row in rows]
        return []

    def concept_labels(self) -> list[str]:
        rows = self._connections.all("MATCH (c:Concept) WHERE c.label >= '' RETURN c.label ORDER BY c.label")
        return [row[0] for row in rows]

    def concept_keys(self, keys: Collection[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        with self.reading():
            merged = {key for one in self.decisions() if one.kind == "merge" for key in (one.a, one.b)}
            for part in parts(sorted(set(keys) - merged)):
                rows = self._connections.all(
                    "UNWIND $rows AS row MATCH (c:Concept {id: row[1]}) WHERE row[0] IN c.keys RETURN row[0], c.label",
                    rows=[[key, concept_id(key)] for key in part],
                )
                found.update((row[0], row[1]) for row in rows)
            if asked := sorted(merged & set(keys)):
                rows = self._connections.all(
                    "MATCH (c:Concept) WHERE size(c.keys) > 1 OR c.keys[0] IN $keys UNWIND c.keys AS key "
                    "WITH c, key WHERE key IN $keys RETURN key, c.label",
                    keys=asked,
                )
                found.update((row[0], row[1]) for row in rows)
        return found

    def relations(
        self, text: str | None = None, concept: str | None = None, concepts: Collection[str] | None = None
    ) -> Iterator[Relation]:
        order = "ORDER BY s.label, r.predicate, o.label"
        if concept is not None or concepts is not None:
            asked = sorted(set(concepts or ())) if concept is None else [concept]
            rows = self._few(
                "UNWIND $labels AS label MATCH (c:Concept {label: label}) CALL (c) { "
                f"MATCH (c)-[r:{RELATIONS}]->(o:Concept) RETURN c AS s, r, o UNION ALL "
                f"MATCH (s:Concept)-[r:{RELATIONS}]->(c) RETURN s, r, c AS o }} "
                f"WITH DISTINCT s, r, o RETURN {RELATION} {order}",
                labels=asked,
            )
        else:
            rows = self._rows(f"MATCH (s:Concept) WHERE s.label >= '' MATCH {_OF} RETURN {RELATION} {order}")
        found: Iterator[Relation] = map(as_relation, rows)
        if concept is not None and concepts is not None:
            found = filter(lambda one: one.subject in concepts or one.object in concepts, found)
        if text is None:
            return found
        part = text.casefold()
        return (one for one in found if part in one.subject.casefold() or part in one.object.casefold())

    def evidence(
        self, relations: Collection[tuple[str, str, str]] | None = None, passages: Collection[str] | None = None
    ) -> Iterator[Evidence]:
        return self._evidence("Evidence", relations, passages, None)

    def candidates(
        self,
        relations: Collection[tuple[str, str, str]] | None = None,
        passages: Collection[str] | None = None,
        concepts: Collection[str] | None = None,
    ) -> Iterator[Evidence]:
        return self._evidence("Candidate", relations, passages, concepts)

    def _evidence(
        self,
        label: str,
        relations: Collection[tuple[str, str, str]] | None,
        passages: Collection[str] | None,
        concepts: Collection[str] | None,
    ) -> Iterator[Evidence]:
        ends = "(e)-[:SUBJECT]->(s:Concept), (e)-[:OBJECT]->(o:Concept)"
        asked: dict[str, Any] = {
            "relations": None if relations is None else [list(one) for one in sorted(set(relations))],
            "passages": None if passages is None else sorted(set(passages)),
            "concepts": None if concepts is None else sorted(set(concepts)),
        }
        wanted = (
            "WHERE ($passages IS NULL OR e.passage IN $passages) "
            "AND ($concepts IS NULL OR s.label IN $concepts OR o.label IN $concepts)"
        )
        if relations is not None:
            found = (
                "UNWIND $relations AS one MATCH (s:Concept {label: one[0]}) MATCH (o:Concept {label: one[2]}) "
                f"MATCH (e:{label} {{relation: s.id + '|' + one[1] + '|' + o.id}}) {wanted} WITH e, s, o"
            )
        elif passages is not None:
            found = (
                f"UNWIND $passages AS id MATCH (:Passage {{id: id}})-[:STATES]->(e:{label}) MATCH {ends} {wanted} "
                "WITH e, s, o"
            )
        elif concepts is not None:
            found = (
                "UNWIND $concepts AS name MATCH (:Concept {label: name})"
                f"<-[:SUBJECT|OBJECT]-(e:{label}) WITH DISTINCT e MATCH {ends} WITH e, s, o"
            )
        else:
            found = f"MATCH (s:Concept) WHERE s.label >= '' MATCH (s)<-[:SUBJECT]-(e:{label})-[:OBJECT]->(o:Concept)"
        read = self._rows if relations is None and passages is None and concepts is None else self._few
        rows = read(f"{found} RETURN {EVIDENCE} ORDER BY {EVIDENCE_ORDER}", **asked)
        return self._with_labels(rows)

    def _with_labels(self, rows: Iterator[Sequence[Any]]) -> Iterator[Evidence]:
        """Rows as evidence, a few hundred at a time, with the labels of what their quantities measure."""
        while part := [row for _, row in zip(range(MANY), rows, strict=False)]:
            ids = sorted(measured_by(part))
            named = "UNWIND $ids AS id MATCH (c:Concept {id: id}) RETURN id, c.label"
            labels = dict(self._pairs(named, ids=ids)) if ids else {}
            yield from (as_evidence(row, labels) for row in part)

    def lexical(self, words: Sequence[str], most: int, scope: Scope = EVERYWHERE) -> list[tuple[str, float]]:
        query = " OR ".join(_both_fields(word) for word in words if _telling(word))
        if not query or most <= 0:
            return []
        # The index leaves the order of equals to itself, and knows no scope: more are taken until none that is left
        # out could belong to those asked for.
        count = min(most, 2**20)
        while True:
            count = min(2 * count + 16, 2**30)
            rows = self._connections.all(
                "CALL db.index.fulltext.queryNodes($index, $query, {limit: $count}) YIELD node AS p, score "
                f"RETURN p.id, score, EXISTS {{ (p)<-[:HAS_PASSAGE]-(w:Paper) WHERE {IN_SCOPE} }} AS inside",
                index=PASSAGE_TEXT,
                query=query,
                count=count,
                **scope_values(scope),
            )
            scored = [(id, round(score, 6)) for id, score, inside in (row.values() for row in rows) if inside]
            best = sorted(scored, key=lambda one: (-one[1], one[0]))[:most]
            if len(rows) < count or (len(best) == most and round(rows[-1]["score"], 6) < best[-1][1]):
                return best

    def frequencies(self, words: Sequence[str], scope: Scope = EVERYWHERE) -> list[int]:
        queries = [(place, _both_fields(word)) for place, word in enumerate(words) if _telling(word)]
        among = SEARCHED if scope.everywhere else f"EXISTS {{ (p)<-[:HAS_PASSAGE]-(w:Paper) WHERE {IN_SCOPE} }}"
        rows = self._connections.all(
            "UNWIND $queries AS asked CALL (asked) { "
            f"CALL db.index.fulltext.queryNodes($index, asked[1]) YIELD node AS p WHERE {among} "
            "RETURN count(p) AS passages } RETURN asked[0] AS place, passages",
            queries=[list(one) for one in queries],
            index=PASSAGE_TEXT,
            **scope_values(scope),
        )
        found = {row["place"]: row["passages"] for row in rows}
        return [found.get(place, 0) for place in range(len(words))]

    # Care -----------------------------------------------------------------------------------------------------------

    def check(self) -> list[str]:
        with self.reading():
            if self._connections.all("MATCH (l:Library {name: 'library'}) WHERE l.rebuilding RETURN 1"):
                return ["the views were being made anew when that was cut off: make them anew with --repair"]
            return [*differences(self), *self._strays(), *self._indexes()]

    def _strays(self) -> Iterator[str]:
        """What people would see in the graph, and no verb of the port reads."""
        for row in self._connections.all(
            f"MATCH {_OF} CALL (s, r, o) {{ MATCH (e:Evidence {{relation: s.id + '|' + r.predicate + '|' + o.id}}) "
            "RETURN min(e.year) AS first, max(e.year) AS last } "
            "WITH * WHERE coalesce(r.first_year, -1) <> coalesce(first, -1) "
            "OR coalesce(r.last_year, -1) <> coalesce(last, -1) "
            "RETURN s.label, type(r), o.label LIMIT 20"
        ):
            yield f"relation view: the years of {' – '.join(row.values())} do not follow from its evidence"
        for row in self._connections.all(
            "MATCH (n:Evidence|Candidate|Passage) WHERE NOT EXISTS { (n)<-[:STATES|HAS_PASSAGE]-() } "
            "RETURN labels(n) AS labels, n.id AS id LIMIT 20"
        ):
            yield f"graph: {'/'.join(row['labels'])} {row['id']} belongs to nothing"

    def _indexes(self) -> Iterator[str]:
        query = "SHOW INDEXES YIELD name, state WHERE state <> 'ONLINE' RETURN name, state"
        for row in self._connections.plain(query):
            yield f"index: {row['name']} is {row['state'].lower()} on the server"

    def rebuild(self) -> None:
        self._write(lambda tx: tx.run("MATCH (l:Library {name: 'library'}) SET l.rebuilding = true").consume())
        for label in ("Evidence", "Candidate", "Paper", "Concept", "WorkKey"):
            self._in_parts(f"MATCH (n:{label}) WITH n LIMIT $most DETACH DELETE n RETURN count(*) AS done")
        self._in_parts(
            "MATCH (p:Passage) WITH p LIMIT $most REMOVE p:Passage, p.title, p.embedding RETURN count(*) AS done"
        )
        self._write(
            lambda tx: tx.run("MATCH (l:Library {name: 'library'}) SET l.revision = $sum", sum=_EMPTY).consume()
        )
        rows = self._connections.all(f"MATCH (r:SourceRecord) RETURN {HEAD} ORDER BY r.id")
        for head in [as_head(row.values()) for row in rows]:
            self._write(partial(_noted, head))
        self._write(_decisions_counted)
        self._write(lambda tx: tx.run("MATCH (l:Library {name: 'library'}) REMOVE l.rebuilding").consume())

    def _in_parts(self, query: str) -> None:
        while self._write(lambda tx: tx.run(query, most=2 * MANY).single(strict=True)["done"]):
            pass

    def optimize(self) -> None: ...

    def vector_index(self, embedder: str) -> VectorIndex:
        """The server's own index of the vectors by one embedder."""
        from kg.stores.neo4j_vectors import ServerIndex

        return ServerIndex(self, self._connections, embedder)

    def shelf(self, kind: Kind) -> Shelf:
        return Neo4jShelf(self._connections, kind)

    def close(self) -> None:
        self._connections.close()

    def cypher(self, query: str, values: dict[str, Any], most: int | None = None) -> tuple[list[str], list[list[Any]]]:
        """The columns and rows of somebody's own query, which may read alone."""
        try:
            columns, rows = self._connections.looked(query, values, most)
        except Neo4jError as error:
            raise UsageError(f"The server does not take this query: {error.message}") from error
        return columns, [list(row.data().values()) for row in rows]

    def _rows(self, query: str, /, **values: object) -> Iterator[Sequence[Any]]:
        return (row.values() for row in self._connections.rows(query, **values))

    def _few(self, query: str, /, **values: object) -> Iterator[Sequence[Any]]:
        """Rows of what was asked for by name, read in one round trip."""
        return (row.values() for row in self._connections.all(query, **values))

    def _pairs(self, query: str, /, **values: object) -> Iterator[tuple[str, str]]:
        return ((row[0], row[1]) for row in self._connections.all(query, **values))

    def _made(self, kind: Callable[..., Any], query: str) -> Iterator[Any]:
        return (kind(*row) for row in self._rows(query))


# A concept's id comes from its smallest key: a key that was merged with a smaller one is looked for among all.
_CALLED_AFTER_DECISIONS = (
    "CALL () { MATCH (d:Decision) RETURN collect(d.a) + collect(d.b) AS decided } "
    "WITH decided WHERE $value IN decided MATCH (c:Concept) WHERE $value IN c.keys"
)
# The record where it is there, with its paper, and the record that was met at the origin.
_PLACE = (
    "OPTIONAL MATCH (r:SourceRecord {id: $record}) OPTIONAL MATCH (r)<-[:READ_FROM]-(w:Paper) "
    "OPTIONAL MATCH (:Origin {origin: $origin})-[:LEADS_TO]->(met) "
    "RETURN r.id AS record, w.id AS paper, w.key AS key, met.id AS met"
)


def _place(tx: Any, record: str, origin: str) -> Any:
    return tx.run(_PLACE, record=record, origin=origin).single(strict=True)


def _met(tx: Any, record: str, origin: str, there: Any) -> Added:
    """Notes that a record that is there was met at an origin."""
    before = there["met"]
    if before != record:
        change = Change(tx)
        change.meet(record, origin)
        if before is not None:
            change.forget_if_unmet(before)
        change.finish()
        there = _place(tx, record, origin)
    return Added(outcome(before == record, before is not None, True), there["paper"], there["key"])


def _noted(head: RecordHead, tx: Any) -> None:
    change = Change(tx)
    change.revision += Revision.of(head.id)
    change.note(head)
    change.finish()


def _decisions_counted(tx: Any) -> None:
    change = Change(tx)
    for row in tx.run("MATCH (d:Decision) RETURN d.kind, d.a, d.b"):
        change.revision += Revision.of(Decision(*row.values()))
    change.finish()


def _telling(word: str) -> bool:
    return any(character.isalnum() for character in word)


def _both_fields(word: str) -> str:
    """A word as Lucene takes it, whatever is in it: a phrase in title or text."""
    phrase = word.replace("\0", "").replace("\\", "\\\\").replace('"', '\\"')
    return f'title:"{phrase}"^{_TITLE_WEIGHT} OR text:"{phrase}"'
