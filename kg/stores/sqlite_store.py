"""The embedded graph store: one SQLite file in the library's folder.

Facts are written as they come; views are kept up to date by folding anew just what a change touches (the paper's
records, the concepts of its keys, the relations of its statements), with the functions of `kg.views`, so that any order
of changes ends in the same state.
"""

from __future__ import annotations

import json
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any

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
    Relation,
    Source,
    SourceRecord,
)
from kg.names import key_of
from kg.scope import EVERYWHERE, Scope
from kg.stores.differences import differences
from kg.stores.encoding import MANY, as_json, parts
from kg.stores.graph_store import Added, outcome
from kg.stores.revision import Revision
from kg.stores.shelf import Kind, Shelf
from kg.stores.sqlite_change import Change
from kg.stores.sqlite_connections import Connections
from kg.stores.sqlite_rows import (
    CONCEPT,
    FROM_PASSAGES,
    MENTION,
    PAPER,
    PASSAGE,
    RECORDS_OF_CONCEPT,
    SEARCHED,
    as_concept,
    as_mention,
    as_paper,
    as_paper_passage,
    head_of,
    in_scope,
    keys_of,
    labels_of,
    told_of_relations,
    told_where,
    whole_record,
    within,
)
from kg.stores.sqlite_schema import MIGRATIONS
from kg.stores.sqlite_shelf import SqliteShelf

FILE = "library.sqlite"
LOCK = "writer.lock"
_VIEWS = ("papers", "forms", "key_records", "concepts", "concept_keys", "concept_names", "relations")
_TITLE_WEIGHT = 2.0  # of the title against the text in BM25; chosen on the development sets of benchmarks/RESULTS.md

_log = logging.getLogger(__name__)


class SqliteStore:
    """A library in `folder`. With `create`, the folder is made where there is none; else NoLibrary is raised.

    Safe to use from several threads and processes at once.
    """

    def __init__(self, folder: str | Path, create: bool = False) -> None:
        self.folder = Path(folder).expanduser().absolute()
        self.address = str(self.folder)
        file = self.folder / FILE
        if self.folder.exists() and not self.folder.is_dir():
            raise LibraryError(f"{self.folder} is a file, not a library. Name a folder with --library.")
        if not file.exists() and not create:
            raise NoLibrary(
                f"There is no library in {self.folder}. Make one with `hypograph ingest PAPERS --library "
                f"{self.folder}`, or name another folder."
            )
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The folder {self.folder} cannot be made: {error.strerror}. Name another one."
            ) from error
        self._connections = Connections(file)
        self._shelves: dict[Kind, SqliteShelf] = {}
        self._migrate()

    def _migrate(self) -> None:
        with self._connections.one() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version == len(MIGRATIONS):
                return
            if version > len(MIGRATIONS):
                raise LibraryError(
                    f"{self.folder} was made by a newer Hypograph (schema {version}, this one knows "
                    f"{len(MIGRATIONS)}). Update Hypograph to open it."
                )
            connection.execute("PRAGMA journal_mode = WAL")
        with self._connections.transaction() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            for number, script in enumerate(MIGRATIONS[version:], version + 1):
                for command in script.split(";\n"):
                    connection.execute(command)
                connection.execute(f"PRAGMA user_version = {number:d}")

    @contextmanager
    def writing(self, on_wait: Callable[[str], None] | None = None) -> Iterator[None]:
        from filelock import FileLock, Timeout

        lock = FileLock(self.folder / LOCK)
        try:
            lock.acquire(timeout=0)
        except Timeout:
            if on_wait is not None:
                on_wait(f"Another program is writing to {self.folder}: waiting for it to end.")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def reading(self) -> AbstractContextManager[Any]:
        return self._connections.reading()

    # Facts ----------------------------------------------------------------------------------------------------------

    def add(self, record: SourceRecord, origin: str) -> Added:
        checked(record)
        with self._connections.transaction() as connection:
            known = self._meet(connection, record.id, origin)
            if known is not None:
                return known
            change = Change(connection)
            before = change.met(origin)
            change.insert(record, origin)
            if before is not None:
                change.forget_if_unmet(before)
            change.finish()
            return _added(connection, record.id, replaces=before is not None)

    def has(self, record: str, origin: str) -> Added | None:
        with self._connections.one() as connection:
            number, before = _place(connection, record, origin)
            if number is None:
                return None
            if number == before:
                return _added(connection, record, same=True)
        with self._connections.transaction() as connection:
            return self._meet(connection, record, origin)

    def _meet(self, connection: sqlite3.Connection, record: str, origin: str) -> Added | None:
        """Notes that a record that is there was met at an origin; None when it is not there."""
        number, before = _place(connection, record, origin)
        if number is None:
            return None
        if number != before:
            connection.execute("INSERT OR REPLACE INTO sources VALUES (?, ?)", (origin, number))
            if before is not None:
                change = Change(connection)
                change.forget_if_unmet(before)
                change.finish()
        return _added(connection, record, same=number == before, replaces=before is not None, known=True)

    def remove(self, papers: Collection[str]) -> None:
        with self._connections.transaction() as connection:
            change = Change(connection)
            for (record,) in connection.execute(
                "SELECT number FROM records WHERE paper IN (SELECT value FROM json_each(?))", (as_json(list(papers)),)
            ).fetchall():
                change.delete(record)
            change.finish()

    def decide(self, decision: Decision) -> None:
        with self._connections.transaction() as connection:
            row = decision.kind, decision.a, decision.b
            if connection.execute("INSERT OR IGNORE INTO decisions VALUES (?, ?, ?)", row).rowcount:
                self._decided(connection, decision, Revision.__add__)

    def withdraw(self, decision: Decision) -> None:
        with self._connections.transaction() as connection:
            row = decision.kind, decision.a, decision.b
            if connection.execute("DELETE FROM decisions WHERE kind = ? AND a = ? AND b = ?", row).rowcount:
                self._decided(connection, decision, Revision.__sub__)

    def _decided(
        self, connection: sqlite3.Connection, decision: Decision, moved: Callable[[Revision, Revision], Revision]
    ) -> None:
        change = Change(connection)
        change.revision = moved(change.revision, Revision.of(decision))
        if decision.kind == "reject":
            change.touch_statement(decision.a)
        elif decision.kind == "tag":
            change.touch_paper(decision.a)
        else:
            change.keys |= {decision.a, decision.b}
        change.finish()

    def records(self) -> Iterator[SourceRecord]:
        with self._connections.one() as connection:
            ids = [row[0] for row in connection.execute("SELECT id FROM records ORDER BY id")]
        for record in ids:
            with self.reading(), self._connections.one() as connection:
                if found := whole_record(connection, record):
                    yield found

    def sources(self) -> Iterator[Source]:
        return self._rows(Source, "SELECT origin, id FROM sources JOIN records ON number = record ORDER BY origin")

    def decisions(self) -> Iterator[Decision]:
        return self._rows(Decision, "SELECT kind, a, b FROM decisions ORDER BY kind, a, b")

    def vectors(self, embedder: str, passages: Sequence[str]) -> list[bytes | None]:
        known: dict[str, bytes] = {}
        with self._connections.one() as connection:
            for part in parts(passages):
                known.update(
                    connection.execute(
                        "SELECT passages.id, vector FROM json_each(?) JOIN passages ON passages.id = value "
                        "JOIN vectors ON passage = number "
                        "WHERE embedder = ?",
                        (as_json(part), embedder),
                    )
                )
        return [known.get(passage) for passage in passages]

    def embedders(self) -> dict[str, int]:
        with self._connections.one() as connection:
            return dict(
                connection.execute(
                    "SELECT embedder, count(*) FROM records JOIN passages ON record = records.number "
                    "JOIN vectors ON passage = passages.number WHERE leading GROUP BY embedder"
                )
            )

    def embed(self, embedder: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        with self._connections.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO vectors SELECT number, ?, ? FROM passages WHERE id = ?",
                ((embedder, vector, passage) for passage, vector in vectors),
            )

    # Views ----------------------------------------------------------------------------------------------------------

    def counts(self) -> Counts:
        with self.reading(), self._connections.one() as connection:
            papers, passages, concepts, relations = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in (
                    "papers",
                    "records JOIN passages ON record = records.number WHERE leading",
                    "concepts",
                    "relations",
                )
            )
            # Each statement is one piece of evidence, as long as nobody merged concepts or rejected one.
            plain = connection.execute("SELECT ifnull(sum(counted), 0) FROM records WHERE leading").fetchone()[0]
            joined = connection.execute("SELECT 1 FROM decisions WHERE kind <> 'tag' LIMIT 1").fetchone()
            return Counts(papers, passages, concepts, relations, sum(1 for _ in self.evidence()) if joined else plain)

    def revision(self) -> str:
        with self._connections.one() as connection:
            return str(connection.execute("SELECT sum FROM revision").fetchone()[0])

    def extractors(self) -> list[str]:
        with self._connections.one() as connection:
            rows = connection.execute(
                "SELECT DISTINCT extractors FROM statements JOIN passages ON passage = passages.number "
                "JOIN records ON record = records.number WHERE leading AND NOT candidate"
            ).fetchall()
        return sorted({name for row in rows for name in json.loads(row[0])})

    def papers(self, ids: Collection[str] | None = None, concept: str | None = None) -> Iterator[Paper]:
        among = "TRUE" if ids is None else "papers.id IN (SELECT value FROM json_each(:ids))"
        speaking = "TRUE" if concept is None else f"leader IN ({RECORDS_OF_CONCEPT})"
        return self._rows(
            as_paper,
            f"SELECT {PAPER} FROM papers JOIN records ON number = leader WHERE {among} AND {speaking} "
            "ORDER BY papers.id",
            {"ids": as_json(sorted(ids or ())), "concept": concept},
        )

    def papers_called(self, name: str) -> list[Paper]:
        return list(
            self._rows(
                as_paper,
                f"SELECT {PAPER} FROM papers JOIN records ON number = leader "
                "WHERE papers.id = ?1 OR papers.key = ?1 ORDER BY papers.id",
                (name,),
            )
        )

    def passage_ids(self, scope: Scope = EVERYWHERE, most: int | None = None) -> list[str]:
        inside, values = in_scope(scope)
        with self._connections.one() as connection:
            return [
                row[0]
                for row in connection.execute(
                    f"SELECT passages.id FROM papers JOIN passages ON record = leader WHERE {inside} "
                    "ORDER BY passages.id LIMIT :most",
                    values | {"most": -1 if most is None else most},
                )
            ]

    def passages(self, ids: Collection[str] | None = None, paper: str | None = None) -> Iterator[PaperPassage]:
        among = "TRUE" if ids is None else "passages.id IN (SELECT value FROM json_each(:ids))"
        of = "TRUE" if paper is None else "papers.id = :paper"
        order = "passages.id" if paper is None else "place"
        return self._rows(
            as_paper_passage,
            f"SELECT {PASSAGE}, {PAPER} {FROM_PASSAGES} WHERE {among} AND {of} ORDER BY {order}",
            {"ids": as_json(sorted(ids or ())), "paper": paper},
        )

    def mentions(
        self, passages: Collection[str] | None = None, concept: str | None = None
    ) -> Iterator[tuple[Mention, str | None]]:
        among = "TRUE" if passages is None else "passages.id IN (SELECT value FROM json_each(:ids))"
        of = "TRUE" if concept is None else f"papers.leader IN ({RECORDS_OF_CONCEPT}) AND concept = :concept"
        return self._rows(
            lambda *row: (as_mention(*row[:-1]), row[-1]),
            f"SELECT {MENTION}, concept {FROM_PASSAGES} JOIN mentions ON passage = passages.number "
            f"LEFT JOIN concept_keys ON concept_keys.key = mentions.key WHERE {among} AND {of} "
            'ORDER BY passages.id, mentions.start, mentions."end", mentions.key',
            {"ids": as_json(sorted(passages or ())), "concept": concept},
        )

    def concepts(self, text: str | None = None) -> Iterator[Concept]:
        if text is None:
            return self._rows(as_concept, f"SELECT {CONCEPT} FROM concepts ORDER BY label")
        return self._rows(
            as_concept,
            f"SELECT {CONCEPT} FROM concepts WHERE id IN (SELECT concept FROM concept_names "
            "WHERE instr(folded, ?)) ORDER BY label",
            (text.casefold(),),
        )

    def concepts_called(self, name: str) -> list[Concept]:
        for where, value in (
            ("id = ?1 OR label = ?1", name),
            ("id IN (SELECT concept FROM concept_keys WHERE key = ?)", key_of(name)),
            ("id IN (SELECT concept FROM concept_names WHERE folded = ?)", name.casefold()),
        ):
            if found := list(
                self._rows(
                    as_concept, f"SELECT {CONCEPT} FROM concepts WHERE {where} ORDER BY mentions DESC, label", (value,)
                )
            ):
                return found
        return []

    def concept_labels(self) -> list[str]:
        with self._connections.one() as connection:
            return [row[0] for row in connection.execute("SELECT label FROM concepts ORDER BY label")]

    def concept_keys(self, keys: Collection[str]) -> dict[str, str]:
        with self._connections.one() as connection:
            return labels_of(connection, keys)

    def relations(
        self, text: str | None = None, concept: str | None = None, concepts: Collection[str] | None = None
    ) -> Iterator[Relation]:
        holds = "TRUE" if text is None else "(instr(casefold(s.label), :text) OR instr(casefold(o.label), :text))"
        ids = "(SELECT id FROM concepts WHERE label = :concept)"
        of = "TRUE" if concept is None else f"(subject IN {ids} OR object IN {ids})"
        any_of = "(SELECT id FROM concepts WHERE label IN (SELECT value FROM json_each(:concepts)))"
        among = "TRUE" if concepts is None else f"(subject IN {any_of} OR object IN {any_of})"
        return self._rows(
            Relation,
            "SELECT s.label, predicate, o.label, relations.papers, supports, denies, hedges FROM relations "
            "JOIN concepts s ON s.id = subject JOIN concepts o ON o.id = object "
            f"WHERE {holds} AND {of} AND {among} ORDER BY s.label, predicate, o.label",
            {"text": (text or "").casefold(), "concept": concept, "concepts": as_json(sorted(concepts or ()))},
        )

    def evidence(
        self, relations: Collection[tuple[str, str, str]] | None = None, passages: Collection[str] | None = None
    ) -> Iterator[Evidence]:
        return iter(self._told(relations, passages, candidates=False))

    def candidates(
        self,
        relations: Collection[tuple[str, str, str]] | None = None,
        passages: Collection[str] | None = None,
        concepts: Collection[str] | None = None,
    ) -> Iterator[Evidence]:
        # With the evidence, since a sentence that counts for a relation is no candidate for it.
        if relations is None and passages is None and concepts is not None:
            with self.reading(), self._connections.one() as connection:
                keys = sorted(key for known in keys_of(connection, concepts).values() for key in known)
                at_an_end = " OR ".join(f"{end} IN (SELECT value FROM json_each(?1))" for end in ("subject", "object"))
                found = told_where(connection, f"WHERE {at_an_end}", (as_json(keys),), candidates=True)
        else:
            found = self._told(relations, passages, candidates=True)
        return (
            one
            for one in found
            if one.candidate and (concepts is None or one.subject in concepts or one.object in concepts)
        )

    def _told(
        self,
        relations: Collection[tuple[str, str, str]] | None,
        passages: Collection[str] | None,
        candidates: bool,
    ) -> list[Evidence]:
        with self.reading(), self._connections.one() as connection:
            if relations is None:
                return told_where(connection, *within(passages), candidates)
            found = told_of_relations(connection, relations, candidates)
            return found if passages is None else [one for one in found if one.passage in passages]

    def lexical(self, words: Sequence[str], most: int, scope: Scope = EVERYWHERE) -> list[tuple[str, float]]:
        if not words or most <= 0:
            return []
        inside, values = in_scope(scope)
        asked = {"query": " OR ".join(map(_quoted, words)), "most": min(most, 2**31)}
        with self._connections.one() as connection:
            return connection.execute(
                f"SELECT passages.id, round(-bm25(fulltext, {_TITLE_WEIGHT}, 1.0), 9) AS score FROM fulltext "
                "JOIN passages ON number = fulltext.rowid JOIN papers ON leader = record "
                f"WHERE fulltext MATCH :query AND {inside} ORDER BY score DESC, passages.id LIMIT :most",
                values | asked,
            ).fetchall()

    def frequencies(self, words: Sequence[str], scope: Scope = EVERYWHERE) -> list[int]:
        inside, values = in_scope(scope)
        counted = "SELECT count(*) FROM fulltext WHERE fulltext MATCH :word"
        if not scope.everywhere:
            counted = (
                "SELECT count(*) FROM fulltext JOIN passages ON number = fulltext.rowid "
                f"JOIN papers ON leader = record WHERE fulltext MATCH :word AND {inside}"
            )
        with self._connections.one() as connection:
            return [connection.execute(counted, values | {"word": _quoted(word)}).fetchone()[0] for word in words]

    # Care -----------------------------------------------------------------------------------------------------------

    def check(self) -> list[str]:
        with self.reading(), self._connections.one() as connection:
            wrong = [
                f"the database file: {row[0]}" for row in connection.execute("PRAGMA quick_check") if row[0] != "ok"
            ]
            if wrong:
                return wrong
            return [*differences(self), *_wrong_fulltext(connection)]

    def rebuild(self) -> None:
        with self._connections.transaction() as connection:
            for table in _VIEWS:
                connection.execute(f"DELETE FROM {table}")
            connection.execute("INSERT INTO fulltext (fulltext) VALUES ('delete-all')")
            connection.execute("UPDATE records SET paper = NULL, leading = 0")
            connection.execute("DELETE FROM record_keys")
            change = Change(connection)
            change.revision = Revision()
            for record in connection.execute("SELECT id FROM records ORDER BY id").fetchall():
                head = head_of(connection, record[0])
                change.note(record[0], head)
                change.revision += Revision.of(head.id)
            for decision in list(self.decisions()):
                change.revision += Revision.of(decision)
            change.finish()

    def optimize(self) -> None:
        with self._connections.one() as connection:
            connection.execute("PRAGMA optimize")
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def sql(self, query: str, values: Mapping[str, Any]) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The columns and rows of somebody's own query, which may read alone."""
        with closing(sqlite3.connect(f"{(self.folder / FILE).as_uri()}?mode=ro", uri=True)) as connection:
            try:
                found = connection.execute(query, values)
                return [column[0] for column in found.description or ()], found.fetchall()
            except (sqlite3.Error, sqlite3.Warning) as error:
                raise UsageError(f"SQLite does not take this query: {error}.") from error

    def shelf(self, kind: Kind) -> Shelf:
        return self._shelves.setdefault(kind, SqliteShelf(self.folder, kind))

    def close(self) -> None:
        self._connections.close()
        for shelf in self._shelves.values():
            shelf.close()

    def _rows(
        self, made: Callable[..., Any], query: str, values: Sequence[object] | Mapping[str, object] = ()
    ) -> Iterator[Any]:
        """Streams the rows of a query as values."""
        with self._connections.one() as connection:
            cursor = connection.execute(query, values)
            while rows := cursor.fetchmany(MANY):
                for row in rows:
                    yield made(*row)


def _place(connection: sqlite3.Connection, record: str, origin: str) -> tuple[int | None, int | None]:
    """The numbers of the record, and of the one that was met at the origin; None where there is none."""
    found = connection.execute("SELECT number FROM records WHERE id = ?", (record,)).fetchone()
    met = connection.execute("SELECT record FROM sources WHERE origin = ?", (origin,)).fetchone()
    return found[0] if found else None, met[0] if met else None


def _added(
    connection: sqlite3.Connection, record: str, same: bool = False, replaces: bool = False, known: bool = False
) -> Added:
    paper, key, records = connection.execute(
        "SELECT papers.id, papers.key, papers.records FROM records JOIN papers ON papers.id = paper "
        "WHERE records.id = ?",
        (record,),
    ).fetchone()
    return Added(outcome(same, replaces, known or len(json.loads(records)) > 1), paper, key)


def _quoted(word: str) -> str:
    """A word as FTS5 takes it, whatever is in it."""
    return '"' + word.replace('"', '""').replace("\0", "") + '"'


def _wrong_fulltext(connection: sqlite3.Connection) -> list[str]:
    there = {row[0] for row in connection.execute("SELECT rowid FROM fulltext_docsize")}
    right = {
        row[0]
        for row in connection.execute(
            f"SELECT passages.number FROM papers JOIN passages ON record = leader WHERE {SEARCHED}"
        )
    }
    return (
        [f"the full text has {len(there - right)} passages too many and lacks {len(right - there)}"]
        if there != right
        else []
    )
