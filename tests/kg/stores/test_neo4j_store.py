"""The store on a server: the contract, and what a server that many use adds to it, all on a real one."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from neo4j.exceptions import Neo4jError

from agents.run_logs import RunLog
from kg.addresses import Server
from kg.errors import DiskFull, LibraryError, NoLibrary, NotFound
from kg.model import Decision
from kg.stores import neo4j_change
from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from kg.stores.neo4j_connections import translated
from kg.stores.neo4j_schema import MIGRATIONS, OTHER, RELATIONS, TYPES
from kg.stores.neo4j_store import Neo4jStore
from tests.contracts.graph_store import DOUBTFUL, NACRE, SILK, UNDATED, GraphStoreContract, dumped, filled
from tests.contracts.run_log import RunLogContract
from tests.kg.made import origin, record
from tests.server.library import Place


class TestNeo4jStore(GraphStoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls, neo4j_place: Place) -> Callable[[], GraphStore]:
        return neo4j_place.emptied


@pytest.fixture
def store(neo4j_place: Place) -> Iterator[Neo4jStore]:
    with closing(neo4j_place.emptied()) as made:
        filled(made, SILK, NACRE)
        yield made


def waited_for(there: Callable[[], object], seconds: float = 20) -> bool:
    until = time.monotonic() + seconds
    while not there() and time.monotonic() < until:
        time.sleep(0.1)
    return bool(there())


# The graph that people see


def test_a_relation_has_its_own_type_with_its_counts_and_years(store: Neo4jStore, neo4j_place: Place) -> None:
    (row,) = neo4j_place.run(
        "MATCH (s:Concept {label: 'Spider silk'})-[r:INCREASES]->(o:Concept) RETURN o.label AS label, r{.*} AS r"
    )
    assert row["label"] == "toughness"
    assert row["r"] == {
        "predicate": "increases",
        "papers": 2,
        "supports": 1,
        "denies": 1,
        "hedges": 1,
        "first_year": 2001,
        "last_year": 2017,
    }
    store.remove([paper.id for paper in store.papers_called("silk")])
    (row,) = neo4j_place.run(
        "MATCH (:Concept)-[r:INCREASES]->({label: 'toughness'}) WHERE r.denies = 1 RETURN r{.*} AS r"
    )
    assert (row["r"]["first_year"], row["r"]["last_year"], row["r"]["papers"]) == (2001, 2001, 1)


def test_evidence_is_reached_from_papers_and_from_concepts(store: Neo4jStore, neo4j_place: Place) -> None:
    rows = neo4j_place.run(
        "MATCH (w:Paper)-[:HAS_PASSAGE]->(p:Passage)-[:STATES]->(e:Evidence)-[:SUBJECT]->(s:Concept), "
        "(e)-[:OBJECT]->(o:Concept) RETURN w.key AS key, p.text AS text, e{.*} AS e, s.label AS s, o.label AS o"
    )
    assert len(rows) == store.counts().evidence == 4
    assert all(row["text"][row["e"]["start"] : row["e"]["end"]] == row["e"]["quote"] for row in rows)
    assert {row["key"] for row in rows} == {"silk", "nacre"}


def test_every_predicate_has_a_type_of_its_own_that_is_no_type_of_anything_else() -> None:
    others = {
        "HAS_PASSAGE",
        "READ_FROM",
        "HOLDS",
        "MENTIONS",
        "STATES",
        "SUBJECT",
        "OBJECT",
        "LEADS_TO",
        "IDENTIFIED_BY",
    }
    assert len(set(TYPES.values())) == len(TYPES)
    assert not {*TYPES.values(), OTHER} & others
    assert all(name.replace("_", "").isalnum() and name.isascii() for name in RELATIONS.split("|"))


def test_a_predicate_of_no_vocabulary_keeps_its_words(store: Neo4jStore, neo4j_place: Place) -> None:
    filled(store, record("odd", ("silk", "is spun by }]->() DELETE n //", "spider"), year=2003))
    (row,) = neo4j_place.run(f"MATCH ()-[r:{OTHER}]->() RETURN r.predicate AS predicate")
    assert row["predicate"] == "is spun by }]->() DELETE n //"
    assert [one.predicate for one in store.relations(concept="spider")] == [row["predicate"]]
    assert store.check() == []


def test_strings_come_in_the_order_that_python_has(store: Neo4jStore) -> None:
    names = ["z", "\N{LATIN SMALL LIGATURE FFI}x", "\N{MATHEMATICAL BOLD SMALL A}x", "é", "Z", "a-b", "a b c"]
    filled(store, *(record(f"n{n}", (name, "is a", "sign")) for n, name in enumerate(names)))
    labels = [one.label for one in store.concepts()]
    assert labels == sorted(labels) == store.concept_labels()
    oracle = MemoryStore(store.records())
    assert list(store.relations()) == list(oracle.relations())


def test_a_wrong_view_is_found_and_mended(store: Neo4jStore, neo4j_place: Place) -> None:
    right = dumped(store)
    neo4j_place.run("MATCH ()-[r:INCREASES]->() SET r.supports = 7, r.first_year = 1900")
    neo4j_place.run("MATCH (c:Concept {label: 'toughness'}) SET c.mentions = 99")
    neo4j_place.run("CREATE (:Evidence {id: 'e-stray', extractors: []})")
    told = store.check()
    assert {line.split(" view")[0] for line in told} >= {"relation", "concept"}
    assert any("years of Spider silk" in line for line in told) and any("e-stray" in line for line in told)
    store.rebuild()
    assert store.check() == [] and dumped(store) == right


def test_a_rebuild_that_was_cut_off_is_told_and_finished_by_the_next_writer(
    store: Neo4jStore, neo4j_place: Place
) -> None:
    right = dumped(store)
    neo4j_place.run("MATCH (l:Library) SET l.rebuilding = true WITH l MATCH (n:Evidence|Paper) DETACH DELETE n")
    assert "made anew" in store.check()[0]
    with store.writing():
        pass
    assert store.check() == [] and dumped(store) == right


def operators(plan: dict[str, Any]) -> Iterator[str]:
    yield plan["operatorType"].partition("@")[0]
    for part in plan.get("children", ()):
        yield from operators(part)


def test_what_is_written_finds_its_nodes_by_indexes_even_as_planned_for_an_empty_library(neo4j_place: Place) -> None:
    """Plans of writes are made once, and stay while the library grows."""
    neo4j_place.emptied().close()
    read_whole = {"AllNodesScan", "NodeByLabelScan", "DirectedAllRelationshipsScan", "DirectedRelationshipTypeScan"}
    for query, most in (
        (neo4j_change._BEGIN, 1),  # all decisions are read
        *((one, 0) for name, one in vars(neo4j_change).items() if name.isupper() and "\n" in str(one) and "$" in one),
    ):
        found = [one for one in operators(neo4j_place.plan(query)) if one in read_whole or one.endswith("IndexScan")]
        assert len(found) <= most, (found, query)


# Whose database it is


def test_a_library_that_is_not_there_is_not_made_by_asking(neo4j_place: Place) -> None:
    neo4j_place.emptied().close()
    neo4j_place.run("MATCH (n) DETACH DELETE n")
    with pytest.raises(NoLibrary, match=r"no library at bolt://.*hypograph ingest"):
        neo4j_place.opened()
    assert neo4j_place.run("MATCH (n) RETURN n") == []


def test_a_database_with_other_data_is_left_alone(neo4j_place: Place) -> None:
    neo4j_place.emptied().close()
    neo4j_place.run("MATCH (n) DETACH DELETE n")
    neo4j_place.run("CREATE (:Invoice {number: 1})")
    with pytest.raises(LibraryError, match=r"other data.*Invoice.*another database"):
        neo4j_place.opened(create=True)
    assert neo4j_place.run("MATCH (n) RETURN labels(n) AS labels") == [{"labels": ["Invoice"]}]
    neo4j_place.run("MATCH (n) DETACH DELETE n")


def test_a_library_of_a_newer_version_is_left_alone(store: Neo4jStore, neo4j_place: Place) -> None:
    neo4j_place.run("MATCH (l:Library) SET l.schema = $newer", newer=len(MIGRATIONS) + 1)
    with pytest.raises(LibraryError, match="newer Hypograph"):
        neo4j_place.opened()


def test_migrations_can_be_run_twice(store: Neo4jStore, neo4j_place: Place) -> None:
    before = dumped(store)
    neo4j_place.run("MATCH (l:Library) SET l.schema = 0")
    with closing(neo4j_place.opened()) as again:
        assert dumped(again) == before
    assert neo4j_place.run("MATCH (l:Library) RETURN l.schema AS schema") == [{"schema": len(MIGRATIONS)}]


# Writers and readers


def test_a_second_writer_waits_and_says_for_whom(store: Neo4jStore, neo4j_place: Place) -> None:
    said: list[str] = []
    order: list[str] = []

    def write() -> None:
        with closing(neo4j_place.opened()) as other, other.writing(said.append):
            order.append("second")

    with store.writing():
        second = threading.Thread(target=write)
        second.start()
        assert waited_for(lambda: said)
        order.append("first")
    second.join()
    assert order == ["first", "second"]
    assert "process" in said[0] and "waiting" in said[0] and len(said) == 1


def test_a_dead_writers_place_is_taken_over(store: Neo4jStore, neo4j_place: Place) -> None:
    neo4j_place.run(
        "MERGE (l:Lock {name: 'writer'}) SET l.holder = 'gone', l.who = 'process 1', l.until = timestamp() + 1000"
    )
    said: list[str] = []
    begun = time.monotonic()
    with store.writing(said.append):
        assert time.monotonic() - begun > 0.9 and "process 1" in said[0]
        filled(store, UNDATED)
    assert neo4j_place.run("MATCH (l:Lock) RETURN l.holder AS holder") == [{"holder": None}]


def test_a_writer_that_was_away_for_too_long_does_not_write(store: Neo4jStore, neo4j_place: Place) -> None:
    with store.writing():
        neo4j_place.run("MATCH (l:Lock) SET l.holder = 'another', l.until = timestamp() + 60000")
        with pytest.raises(LibraryError, match="taken over by another program"):
            store.add(UNDATED, origin(UNDATED))
    assert store.counts().papers == 2
    assert neo4j_place.run("MATCH (l:Lock) RETURN l.holder AS holder") == [{"holder": "another"}]


def test_a_writer_that_works_long_keeps_its_place(neo4j_place: Place) -> None:
    neo4j_place.emptied().close()
    with closing(neo4j_place.opened(hold=0.8)) as store, store.writing():
        (before,) = neo4j_place.run("MATCH (l:Lock) RETURN l.holder AS holder, l.until AS until")
        assert waited_for(
            lambda: neo4j_place.run("MATCH (l:Lock) RETURN l.until AS until")[0]["until"] > before["until"] + 800
        )
        assert neo4j_place.run("MATCH (l:Lock) RETURN l.holder AS holder")[0]["holder"] == before["holder"]


def test_what_is_half_read_does_not_keep_its_own_thread_from_writing(store: Neo4jStore) -> None:
    found = store.mentions()
    first = next(found)
    store.remove([paper.id for paper in store.papers()])
    assert len([first, *found]) == 8, "it goes on with what was there when it began"
    assert store.counts().papers == 0


def test_readers_of_one_state_do_not_see_what_is_written_meanwhile(store: Neo4jStore, neo4j_place: Place) -> None:
    with closing(neo4j_place.opened()) as other:
        with other.reading():
            before = dumped(other)
            writer = threading.Thread(target=lambda: filled(store, UNDATED))
            writer.start()
            time.sleep(0.5)
            assert dumped(other) == before
        writer.join()
        assert other.counts().papers == 3


# When things fail


def test_a_wrong_password_is_said_and_not_repeated(neo4j_place: Place) -> None:
    with pytest.raises(LibraryError, match=r"does not let 'neo4j' in.*HYPOGRAPH_NEO4J_PASSWORD") as told:
        Neo4jStore(neo4j_place.address, "neo4j", "hunter2hunter2")
    assert "hunter2" not in str(told.value)


def test_a_database_that_is_not_there_is_said(neo4j_place: Place) -> None:
    address = neo4j_place.address
    missing = Server(address.scheme, address.host, address.port, "papers")
    with pytest.raises(LibraryError, match="no database 'papers'"):
        Neo4jStore(missing, neo4j_place.server.user, neo4j_place.server.password, create=True)


def test_a_server_that_nobody_runs_is_said() -> None:
    with pytest.raises(LibraryError, match=r"No Neo4j server answers at bolt://127\.0\.0\.1:1"):
        Neo4jStore(Server("bolt", "127.0.0.1", 1), "neo4j", "hunter2hunter2")


def test_a_closed_store_says_that_it_is_closed(store: Neo4jStore) -> None:
    store.close()
    with pytest.raises(LibraryError, match="was closed"):
        store.counts()


def test_an_error_in_the_middle_of_a_paper_leaves_nothing_of_it(store: Neo4jStore, neo4j_place: Place) -> None:
    before = dumped(store)
    neo4j_place.run("CREATE (:Candidate {id: $id})", id=DOUBTFUL.statements[0].id)  # in the way of the last step
    with pytest.raises(Exception, match="already exists"):
        store.add(DOUBTFUL, origin(DOUBTFUL))
    neo4j_place.run("MATCH (c:Candidate) DELETE c")
    assert dumped(store) == before and store.check() == []


def test_a_paper_is_written_again_from_its_beginning_after_a_deadlock(
    store: Neo4jStore, neo4j_place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    before, written = dumped(store), record("web", ("silk", "increases", "toughness"), year=2004)

    def blocked(count: int) -> bool:
        query = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN status"
        return waited_for(lambda: len(neo4j_place.run(query)) == count)

    neo4j_place.run("UNWIND range(1, 500) AS n CREATE (:Scratch)")
    with neo4j_place.transaction() as delay:
        delay.run("CREATE (:Origin {origin: $origin})", origin=origin(written)).consume()
        writer = threading.Thread(target=lambda: filled(store, written))
        writer.start()
        assert blocked(1), "the writer has the lock of writers"
        with neo4j_place.transaction() as theirs:
            # Of two in a deadlock, the server ends the one that holds less.
            theirs.run("MATCH (n:Scratch|Concept) SET n.looked_at = true").consume()
            wish = threading.Thread(target=lambda: theirs.run("MATCH (l:Lock) SET l.looked_at = true").consume())
            wish.start()
            assert blocked(2), "the other has a concept, and wants the lock"
            delay.rollback()
            wish.join()
            theirs.rollback()
        writer.join()
    assert any("DeadlockDetected" in line and "retried" in line for line in caplog.messages)
    assert store.counts().papers == 3 and store.check() == []
    store.remove([paper.id for paper in store.papers_called("web")])
    assert dumped(store) == before


# Apart from facts


class TestRunShelf(RunLogContract):
    @pytest.fixture
    def log(self, store: Neo4jStore) -> RunLog:
        return store.runs


def test_runs_lie_apart_and_change_no_fact(store: Neo4jStore, neo4j_place: Place) -> None:
    before, revision = dumped(store), store.revision()
    store.runs.begin("run-1", {"question": "why?"})
    store.runs.append("run-1", {"number": 1, "step": "plan"})
    assert list(store.runs.read("run-1")) == [{"question": "why?"}, {"number": 1, "step": "plan"}]
    assert list(store.runs.written()) == ["run-1"]
    assert (dumped(store), store.revision()) == (before, revision)
    store.rebuild()
    store.remove([paper.id for paper in store.papers()])
    assert len(list(store.runs.read("run-1"))) == 2
    with pytest.raises(NotFound):
        store.runs.read("run-2")


def test_merges_of_many_keys_come_apart_again(store: Neo4jStore) -> None:
    filled(store, UNDATED, DOUBTFUL)
    before = dumped(store)
    made = [
        Decision("merge", one, other)
        for one, other in zip(["silk", "toughness", "protein"], ["toughness", "protein", "nacre"], strict=True)
    ]
    for one in made:
        store.decide(one)
    assert store.check() == []
    store.withdraw(made[1])
    assert (
        store.check() == []
        and store.concept_keys(["silk", "protein"])["protein"] == store.concept_keys(["nacre"])["nacre"]
    )
    for one in made:
        store.withdraw(one)
    assert dumped(store) == before


@pytest.mark.parametrize(
    ("code", "message", "kind", "told"),
    [
        (
            "Neo.DatabaseError.Transaction.TransactionLogError",
            "Could not append transaction: Transaction #101 {…} to log.",
            DiskFull,
            "disk is full, or failed.*restart the server",
        ),
        (
            "Neo.DatabaseError.Transaction.TransactionCommitFailed",
            "Could not apply the transaction: Transaction #179 {…} to the store after written to log.",
            DiskFull,
            "disk is full, or failed",
        ),
        (
            "Neo.DatabaseError.Transaction.TransactionStartFailed",
            "The database has encountered a critical error, and needs to be restarted.",
            LibraryError,
            "has stopped.*restart the server",
        ),
        (
            "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
            "…",
            LibraryError,
            "ran out of memory.*HYPOGRAPH_NEO4J",
        ),
        ("Neo.ClientError.Security.Forbidden", "Create node is not allowed", LibraryError, "right to write"),
        ("Neo.ClientError.Cluster.NotALeader", "No longer leader", LibraryError, "cannot do it now"),
    ],
)
def test_what_a_server_refuses_is_told_with_what_to_do(
    code: str, message: str, kind: type[LibraryError], told: str
) -> None:
    # The one way to make the error that the driver makes of these words of a server.
    refused = Neo4jError._hydrate_neo4j(code=code, message=message)
    with pytest.raises(kind, match=told) as said, translated("bolt://graphs.example:7687", "neo4j", None):
        raise refused
    assert "bolt://graphs.example:7687" in str(said.value)
