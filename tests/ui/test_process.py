"""The installed program as a process: what only a process can show."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.fakes.libraries import ONE, THREE, TWO, fill
from tests.kg.made import record

pytestmark = pytest.mark.slow

PROGRAM = Path(sys.executable).with_name("hypograph")
PAPER = "# Silk\n\n## Results\n\nThe toughness of spider silk is limited by humidity. Spider silk contains spidroin.\n"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith("HYPOGRAPH_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return fill(tmp_path / "library", ONE, TWO, THREE)


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "esc\x1b[31m.md").write_text(PAPER)
    (folder / "two.jsonl").write_text(
        '{"id": "line\\u001b[1m", "text": "Cobalt improves hardness."}\n{"id": "torn", "text": "silk\n'
    )
    return folder


def hypograph(
    *args: str | Path, input: bytes | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [PROGRAM, *args], input=input, capture_output=True, timeout=120, env={**os.environ, **(env or {})}
    )


def test_a_reader_who_goes_away_is_no_mistake(tmp_path: Path) -> None:
    many = [record(f"paper-{number}", (f"thing {number}", "is a", "x" * 200)) for number in range(300)]
    library = fill(tmp_path / "many", *many)
    for args in (["export", "-"], ["papers", "--json"], ["papers"], ["search", "x", "-k", "300", "--mode", "lexical"]):
        process = subprocess.Popen(
            [PROGRAM, *args, "--library", library], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) in (0, 141)  # 0 where all of it went into the pipe at once
        process.stderr.close()


def test_ingest_reports_writes_a_line_for_each_commit_and_says_what_failed(papers: Path, tmp_path: Path) -> None:
    done = hypograph("ingest", papers, "--library", tmp_path / "library", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)
    assert told["papers"] == {"added": 2, "unchanged": 0, "replaced": 0, "duplicate": 0, "failed": 1}
    lines = done.stderr.decode().splitlines()
    assert [line for line in lines if line.startswith("committed ")] == ["committed esc[31m.md", "committed line[1m"]
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", done.stderr)
    again = hypograph("ingest", papers, "--library", tmp_path / "library", "--quiet")
    assert (again.returncode, again.stderr) == (1, b"")
    assert "2 unchanged, 1 failed" in again.stdout.decode()
    assert not re.search(rb"[\x00-\x08\x0b-\x1f\x7f]", again.stdout)


def test_on_a_terminal_ingest_draws_a_bar_and_no_commit_lines(papers: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [PROGRAM, "ingest", papers, "--library", tmp_path / "library", "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,
        env={**os.environ, "TERM": "xterm"},
    )
    os.close(theirs)
    seen = b""
    while part := _read(ours):
        seen += part
    assert process.stdout is not None
    assert json.loads(process.stdout.read())["papers"]["added"] == 2
    process.wait(timeout=60)
    process.stdout.close()
    os.close(ours)
    assert b"Reading" in seen
    assert b"committed" not in seen
    assert b"esc\x1b[31m" not in seen


def _read(end: int) -> bytes:
    try:
        return os.read(end, 4096)
    except OSError:  # the other end was closed
        return b""


def test_nothing_is_made_by_an_ingest_that_cannot_begin(papers: Path, tmp_path: Path) -> None:
    for args in ([papers, "--extractor", "no-such-extractor"], [papers, papers / "gone.pdf"]):
        done = hypograph("ingest", *args, "--library", tmp_path / "library")
        assert done.returncode in (2, 3)
        assert not (tmp_path / "library").exists()
    done = hypograph("ingest", papers, "--dry-run", "--library", tmp_path / "library", "--json")
    assert json.loads(done.stdout)["papers"]["added"] == 2
    assert not (tmp_path / "library").exists()


def test_ctrl_c_ends_with_130_and_keeps_what_was_committed(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus.jsonl"
    corpus.write_text(
        "".join(
            json.dumps({"id": str(number), "text": f"Silk {number} improves toughness. " * 40}) + "\n"
            for number in range(400)
        )
    )
    process = subprocess.Popen(
        [PROGRAM, "ingest", corpus, "--library", tmp_path / "library", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    first = [process.stderr.readline() for _ in range(3)]
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert all(line.startswith("committed ") for line in first)
    assert "Traceback" not in err
    assert "Interrupted" in err
    reported = json.loads(out)["papers"]["added"]
    there = json.loads(hypograph("info", "--json", "--library", tmp_path / "library").stdout)["papers"]
    assert 3 <= reported == there < 400


def test_extract_answers_line_by_line() -> None:
    lines: list[dict[str, str | int]] = [
        {"id": 1, "text": "Spidroin does not increase the humidity."},
        {"id": "ü", "text": ""},
        {"id": 3, "text": "\N{DNA DOUBLE HELIX} \ud800 silk contains spidroin."},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "no JSON\n"
    done = hypograph("extract", "-", "--json", input=text.encode())
    assert done.returncode == 1
    answers = [json.loads(line) for line in done.stdout.decode().splitlines()]
    assert [answer["id"] for answer in answers] == [1, "ü", 3, None]
    assert "line 4" in answers[3]["error"]
    for line, answer in zip(lines, answers, strict=False):
        mentions = answer["mentions"]
        assert all(str(line["text"])[one["start"] : one["end"]] == one["text"] for one in mentions)
        assert all({one["subject"], one["object"]} <= set(range(len(mentions))) for one in answer["relations"])
    (relation,) = (one for one in answers[0]["relations"] if one["extractor"] == "pattern")
    assert (relation["predicate"], relation["polarity"], relation["certainty"]) == ("increases", "denies", "stated")
    assert {answer["head"] for answer in answers[:3]} <= {"scierc", "stm", "bio", "materials"}


def test_extract_answers_in_the_labels_of_the_head_that_was_asked() -> None:
    line = json.dumps({"id": 1, "text": "Aspirin prevents stroke in patients."}) + "\n"
    done = hypograph("extract", "-", "--head", "bio", "--json", input=line.encode())
    answer = json.loads(done.stdout)
    assert answer["head"] == "bio"
    assert {"ChemicalEntity", "DiseaseOrPhenotypicFeature"} <= {one["label"] for one in answer["mentions"]}


def test_a_mistake_in_the_program_shows_no_traceback() -> None:
    code = "import sys; from ui import cli; sys.excepthook = cli._unexpected; {}['a key that is not there']"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "a key that is not there" in done.stderr
    assert "HYPOGRAPH_DEBUG=1" in done.stderr
    told = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "HYPOGRAPH_DEBUG": "1"},
    )
    assert "Traceback" in told.stderr


def test_output_is_utf_8_in_any_locale(library: Path) -> None:
    fill(library, record("uml", ("Seide", "hält", "Zähigkeit"), title="Über Seide"))
    for env in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        rows = hypograph("papers", "--json", "--library", library, env=env).stdout.decode("utf-8")
        assert "Über Seide" in rows
        assert hypograph("papers", "--library", library, env=env).returncode == 0


def test_info_is_light(library: Path) -> None:
    """The whole process, start to end, in processor time, which others at work on the machine do not add to."""
    before = os.times()
    assert hypograph("info", "--json", "--library", library).returncode == 0
    after = os.times()
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.7


@pytest.mark.parametrize("scheme", ["neo4j", "bolt"])
def test_a_server_that_is_not_there_is_told_in_time(scheme: str) -> None:
    begun = time.monotonic()
    done = hypograph("info", "--library", f"{scheme}://127.0.0.1:1", env={"HYPOGRAPH_NEO4J_PASSWORD": "hunter2"})
    assert done.returncode == 4
    assert b"127.0.0.1:1" in done.stderr
    assert b"hunter2" not in done.stderr
    assert len(done.stderr.splitlines()) <= 10
    assert time.monotonic() - begun < 30
