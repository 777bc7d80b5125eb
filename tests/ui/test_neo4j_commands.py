"""The commands on a library on a server, as processes; and a server that is killed while they run."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.library import Library
from kg.stores.neo4j_store import Neo4jStore
from kg.stores.sqlite_store import SqliteStore
from tests.contracts.graph_store import DOUBTFUL, NACRE, SILK, UNDATED, dumped, filled
from tests.fakes.vector_index import PlainIndex
from tests.fakes.web import WORDS, opened
from tests.kg.made import origin
from tests.server.library import Place
from tests.server.neo4j_server import Unavailable

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).with_name("hypograph")


@pytest.fixture
def environment(neo4j_place: Place, tmp_path: Path) -> dict[str, str]:
    """That of a command: nothing of Hypograph's but the way to the server, and a cache of its own."""
    neo4j_place.emptied().close()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HYPOGRAPH_")}
    return kept | neo4j_place.environment | {"XDG_CACHE_HOME": str(tmp_path / "cache")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with closing(SqliteStore(tmp_path / "library", create=True)) as store:
        filled(store, SILK, NACRE, UNDATED, DOUBTFUL)
    return tmp_path / "library"


def hypograph(*words: object, env: dict[str, str], status: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [str(PROGRAM), *map(str, words)], env=env, capture_output=True, text=True, timeout=240, stdin=subprocess.DEVNULL
    )
    assert done.returncode == status, done.stderr
    return done


def exported(library: object, env: dict[str, str]) -> str:
    return hypograph("export", "-", "--vectors", "--library", library, env=env).stdout


def lines(path: Path, count: int) -> Path:
    rows = [
        {"id": f"n{number}", "title": f"On silk {number}", "year": 1990 + number % 30, "text": text}
        for number in range(count)
        for text in [f"Spider silk contains spidroin {number}. Humidity reduces the toughness of fibre {number % 7}."]
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_library_is_copied_there_and_back_without_loss(
    folder: Path, neo4j_place: Place, environment: dict[str, str], tmp_path: Path
) -> None:
    uri, before = neo4j_place.server.uri, exported(folder, environment)
    told = json.loads(hypograph("copy", folder, uri, "--json", env=environment).stdout)
    assert told["papers"] == 4 and told["store"] == uri
    assert exported(uri, environment) == before
    hypograph("copy", uri, tmp_path / "back", env=environment)
    assert exported(tmp_path / "back", environment) == before
    again = json.loads(hypograph("copy", folder, uri, "--json", env=environment).stdout)
    assert again["revision"] == told["revision"]
    assert json.loads(hypograph("info", "--json", "--library", uri, env=environment).stdout)["papers"] == 4


def test_a_copy_that_was_cut_off_goes_on(folder: Path, neo4j_place: Place, environment: dict[str, str]) -> None:
    with closing(neo4j_place.opened()) as half:
        filled(half, NACRE)
    uri = neo4j_place.server.uri
    hypograph("copy", folder, uri, env=environment)
    assert exported(uri, environment) == exported(folder, environment)


def test_a_copy_does_not_mix_two_libraries(folder: Path, neo4j_place: Place, environment: dict[str, str]) -> None:
    with closing(neo4j_place.opened()) as other:
        filled(other, DOUBTFUL)
        other.remove([one.id for one in other.papers()])
        from tests.kg.made import record

        filled(other, record("stranger", ("silk", "is a", "fibre")))
    said = hypograph("copy", folder, neo4j_place.server.uri, env=environment, status=2).stderr
    assert "1 source records that are not in" in said


def test_papers_are_read_found_and_removed_on_a_server(
    neo4j_place: Place, environment: dict[str, str], tmp_path: Path
) -> None:
    uri, corpus = neo4j_place.server.uri, lines(tmp_path / "papers.jsonl", 4)
    report = json.loads(hypograph("ingest", corpus, "--library", uri, "--json", env=environment).stdout)
    assert report["papers"]["added"] == 4
    hypograph("ingest", corpus, "--library", tmp_path / "beside", env=environment)
    assert exported(uri, environment) == exported(tmp_path / "beside", environment)
    for mode in ("lexical", "hybrid"):
        found = hypograph("search", "spidroin", "--mode", mode, "-k", "4", "--library", uri, "--json", env=environment)
        assert {hit["key"] for hit in json.loads(found.stdout)["hits"]} == {"n0", "n1", "n2", "n3"}
    asked = json.loads(
        hypograph("ask", "What does humidity reduce?", "--library", uri, "--json", env=environment).stdout
    )
    (kept,) = map(json.loads, hypograph("runs", "--library", uri, "--json", env=environment).stdout.splitlines())
    assert kept["run"] == asked["run"]
    assert json.loads(hypograph("show", asked["run"], "--library", uri, "--json", env=environment).stdout)["steps"]
    hypograph("remove", "n0", "n1", "n2", "n3", "--library", uri, env=environment)
    assert exported(uri, environment) == ""


def test_two_people_read_papers_in_and_ask_at_once(
    neo4j_place: Place, environment: dict[str, str], tmp_path: Path
) -> None:
    uri = neo4j_place.server.uri
    rows = lines(tmp_path / "all.jsonl", 8).read_text().splitlines(keepends=True)
    for name, part in (("mine", rows[:4]), ("yours", rows[4:])):
        (tmp_path / f"{name}.jsonl").write_text("".join(part), encoding="utf-8")
    writers = [
        subprocess.Popen(
            [str(PROGRAM), "ingest", str(tmp_path / f"{name}.jsonl"), "--library", uri, "--json"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for name in ("mine", "yours")
    ]
    counts = []
    while any(writer.poll() is None for writer in writers):
        done = hypograph("info", "--json", "--library", uri, env=environment)
        told = json.loads(done.stdout)
        counts.append(told["papers"])
        assert told["passages"] == told["papers"], "each has one passage, and is there whole"
    reports = [json.loads(writer.communicate()[0]) for writer in writers]
    assert [report["papers"]["added"] for report in reports] == [4, 4]
    assert counts == sorted(counts)
    hypograph("ingest", tmp_path / "all.jsonl", "--library", tmp_path / "beside", env=environment)
    assert exported(uri, environment) == exported(tmp_path / "beside", environment)


def test_doctor_says_what_is_wrong_with_the_way_to_a_server(neo4j_place: Place, environment: dict[str, str]) -> None:
    def told(**more: str) -> dict[str, str]:
        done = subprocess.run(
            [str(PROGRAM), "doctor", "--json", "--library", neo4j_place.server.uri],
            env=environment | more,
            capture_output=True,
            text=True,
            timeout=120,
        )
        return {check["name"]: check["message"] for check in json.loads(done.stdout)["checks"]}

    assert "0 papers" in told()["library"]
    assert "does not let 'neo4j' in" in told(HYPOGRAPH_NEO4J_PASSWORD="hunter2hunter2")["library"]


def test_a_server_that_is_killed_while_papers_are_read_loses_nothing(
    neo4j_place: Place, environment: dict[str, str], tmp_path: Path
) -> None:
    uri, corpus = neo4j_place.server.uri, lines(tmp_path / "papers.jsonl", 25)
    environment["HYPOGRAPH_NEO4J_PATIENCE"] = "1"
    writer = subprocess.Popen(
        [str(PROGRAM), "ingest", str(corpus), "--library", uri, "--json"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert writer.stderr is not None
    said: list[str] = []
    while sum(line.startswith("committed ") for line in said) < 4:
        line = writer.stderr.readline()
        assert line, "".join(said)
        said.append(line)
    try:
        neo4j_place.server.kill()
    except Unavailable as error:
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        pytest.skip(f"needs {error}")
    said += writer.stderr.read().splitlines(keepends=True)
    assert writer.wait() == 4, "".join(said)
    writer.stderr.close()
    assert "Neo4j server" in said[-1] and "Traceback" not in "".join(said)
    committed = {line.split(maxsplit=1)[1].strip() for line in said if line.startswith("committed ")}
    down = time.monotonic()
    assert "No Neo4j server answers" in hypograph("info", "--library", uri, env=environment, status=4).stderr
    assert time.monotonic() - down < 60
    neo4j_place.server.start()
    with closing(neo4j_place.opened()) as store:
        there = {paper.key for paper in store.papers()}
        assert committed <= there and len(there) <= len(committed) + 1
        assert store.check() == []
    hypograph("ingest", corpus, "--library", uri, "--resume", env=environment)
    hypograph("ingest", corpus, "--library", tmp_path / "beside", env=environment)
    assert exported(uri, environment) == exported(tmp_path / "beside", environment)


def test_a_restart_of_the_server_is_told_by_the_web_app_and_outlasted_by_a_writer(
    neo4j_place: Place, environment: dict[str, str]
) -> None:
    begun, down = threading.Event(), threading.Event()

    def write(patient: Neo4jStore) -> None:
        with patient.writing():
            begun.set()
            down.wait()
            assert patient.has(NACRE.id, origin(NACRE)) is None
            patient.add(NACRE, origin(NACRE))

    with closing(neo4j_place.emptied()) as store, closing(neo4j_place.opened(patience=120)) as patient:
        filled(store, SILK)
        before = dumped(store)
        app = opened(Library(store=store, index=PlainIndex(store, WORDS.name), embedder=WORDS))
        assert not app.error
        writer = threading.Thread(target=write, args=[patient])
        writer.start()
        begun.wait()
        try:
            neo4j_place.server.kill()
        except Unavailable as error:
            down.set()
            writer.join()
            pytest.skip(f"needs {error}")
        down.set()
        assert "No Neo4j server answers" in app.run().error[0].value and not app.exception
        neo4j_place.server.start()
        assert not app.run().error and not app.exception
        writer.join()
        assert store.counts().papers == 2 and store.check() == []
        store.remove([paper.id for paper in store.papers_called("nacre")])
        assert dumped(store) == before


def test_a_notebook_asks_in_the_language_of_the_store(folder: Path, neo4j_place: Place) -> None:
    with closing(neo4j_place.emptied()) as store:
        filled(store, SILK, NACRE)
        library = Library(store=store)
        frame = library.cypher(
            "MATCH (c:Concept) WHERE c.papers >= $least RETURN c.label AS label, c.papers AS papers ORDER BY label",
            least=2,
        )
        assert frame.to_dict("records") == [{"label": "Spider silk", "papers": 2}, {"label": "toughness", "papers": 2}]
        with pytest.raises(UsageError, match="does not take"):
            library.cypher("MATCH (n) DETACH DELETE n")
        with pytest.raises(UsageError, match="does not take"):
            library.cypher("MATCH (n RETURN n")
        with pytest.raises(UsageError, match=r"use library\.cypher"):
            library.sql("SELECT 1")
        assert store.counts().papers == 2
    with Library(folder) as library:
        frame = library.sql("SELECT key, year FROM papers WHERE year > :since ORDER BY key", since=2002)
        assert frame.to_dict("records") == [{"key": "doubtful", "year": 2003}, {"key": "silk", "year": 2017}]
        with pytest.raises(UsageError, match="does not take"):
            library.sql("DELETE FROM papers")
        with pytest.raises(UsageError, match=r"use library\.sql"):
            library.cypher("MATCH (n) RETURN n")
