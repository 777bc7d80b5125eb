"""The command line, called in this process as a shell would call it."""

from __future__ import annotations

import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg.errors import LibraryError
from kg.library import Library
from kg.model import Relation
from kg.stores.memory_store import MemoryStore
from tests.fakes.libraries import DOUBTFUL, ONE, THREE, TWO, fill
from tests.kg.made import record
from ui import dumps
from ui.cli import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines()]


class Shell:
    """Calls the program on one library."""

    def __init__(self, capture: pytest.CaptureFixture[bytes], library: Path) -> None:
        self.capture, self.library = capture, library

    def __call__(self, *args: str | Path, library: str | Path | None = None) -> Said:
        words = [str(arg) for arg in args] + ["--library", str(self.library if library is None else library)]
        self.capture.readouterr()
        code = main(words)
        out, err = self.capture.readouterr()
        return Said(code, out.decode(), err.decode())


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("LIBRARY", "LLM", "WORKERS", "EMBEDDER", "EXTRACTOR"):
        monkeypatch.delenv(f"HYPOGRAPH_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def shell(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Shell:
    return Shell(capsysbinary, fill(tmp_path / "library", ONE, TWO, THREE))


def given(monkeypatch: pytest.MonkeyPatch, text: str | bytes) -> None:
    """Puts a text on stdin."""
    raw = text if isinstance(text, bytes) else text.encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))


# Listing and showing


def test_info(shell: Shell) -> None:
    said = shell("info", "--json")
    assert (said.code, said.err) == (0, "")
    told = said.json()
    assert {name: told[name] for name in ("papers", "passages", "concepts", "relations", "evidence")} == {
        "papers": 3,
        "passages": 4,
        "concepts": 5,
        "relations": 3,
        "evidence": 4,
    }
    assert set(told) >= {"revision", "store", "embedder", "extractors"}
    assert re.search(r"^papers +3$", shell("info").out, re.MULTILINE)


def test_lists_are_json_lines_or_tables(shell: Shell) -> None:
    assert [row["key"] for row in shell("papers", "--json").lines()] == ["one", "three", "two"]
    assert [row["label"] for row in shell("concepts", "NACRE", "--json").lines()] == ["nacre"]
    assert [row["denies"] for row in shell("relations", "tough", "--json").lines()] == [1]
    assert set(shell("relations", "--json").lines()[0]) >= {
        "subject",
        "predicate",
        "object",
        "papers",
        "supports",
        "denies",
        "hedges",
    }
    for name, row in (("papers", "one"), ("concepts", "fibroin"), ("relations", "contains")):
        assert re.search(rf"\b{row}\b", shell(name).out)


def test_options_for_all_commands_may_stand_before_the_command_too(shell: Shell) -> None:
    shell.capture.readouterr()
    assert main(["--library", str(shell.library), "--json", "info"]) == 0
    assert json.loads(shell.capture.readouterr()[0])["papers"] == 3
    assert main(["--quiet", "export", str(shell.library / "out"), "--library", str(shell.library)]) == 0
    assert shell.capture.readouterr()[1] == b""


def test_show(shell: Shell) -> None:
    passage = shell("search", "fibroin", "--mode", "lexical", "--json").json()["hits"][0]["passage"]
    assert shell("show", passage, "--json").json()["text"] == "silk contains fibroin."
    assert shell("show", "silk", "--json").json()["kind"] == "concept"
    assert shell("show", "one", "--json").json()["passages"][1]["text"] == "silk improves toughness."
    assert "silk improves toughness." in shell("show", "one").out
    said = shell("show", "no-such-thing-9f3a")
    assert (said.code, said.out) == (3, "")
    assert "no-such-thing-9f3a" in said.err
    assert shell("show", "").code == 3


def test_candidates_are_listed_and_shown_when_asked_for(shell: Shell) -> None:
    before = shell("relations", "toughness", "--json").lines()
    fill(shell.library, DOUBTFUL)
    assert shell("relations", "toughness", "--json").lines() == before
    (row,) = shell("relations", "TOUGH", "--candidates", "--json").lines()
    assert (row["subject"], row["predicate"], row["papers"], row["candidate"]) == ("nacre", "increases", 1, True)
    assert shell("relations", "silk", "--candidates", "--json").lines() == []
    assert re.search("nacre +increases +toughness", shell("relations", "--candidates").out)
    for name in ("nacre", "doubtful", row["id"]):
        (one,) = shell("show", name, "--candidates", "--json").json()["candidates"]
        assert (one["quote"], one["candidate"]) == ("nacre increases toughness.", True)
        assert "candidates:" in shell("show", name, "--candidates").out
        assert "nacre increases toughness" in shell("show", name, "--candidates").out
    assert "candidates" not in shell("show", "nacre", "--json").json()
    assert shell("show", row["id"]).code == 3


def test_quantities_are_shown_with_their_evidence(shell: Shell) -> None:
    fill(shell.library, DOUBTFUL)
    (relation,) = shell("relations", "strength", "--json").lines()
    ((one,),) = [piece["quantities"] for piece in shell("show", relation["id"], "--json").json()["evidence"]]
    assert (one["text"], one["low"], one["high"], one["unit"], one["of"]) == ("1.5 GPa", 1.5, 1.5, "GPa", "strength")
    assert "of 1.5 GPa.” (doubtful) [strength: 1.5 GPa]" in shell("show", relation["id"]).out
    assert "(doubtful) [strength: 1.5 GPa]" in shell("paths", "silk", "strength").out


def test_concepts_are_listed_by_type(shell: Shell) -> None:
    fill(shell.library, DOUBTFUL)
    assert [row["label"] for row in shell("concepts", "--type", "property", "--json").lines()] == ["strength"]
    assert shell("concepts", "nacre", "--type", "Property", "--json").lines() == []
    said = shell("concepts", "--type", "Proprety")
    assert (said.code, said.out) == (3, "")
    assert "There are: Thing, Property." in said.err


def test_disagreements(shell: Shell) -> None:
    (row,) = shell("disagreements", "--json").lines()
    assert [one["key"] for one in row["evidence_for"]] == ["one"]
    assert [one["polarity"] for one in row["evidence_against"]] == ["denies"]
    assert "against" in shell("disagreements", "silk").out
    assert shell("disagreements", "silkk").code == 3


# Searching and asking


def test_search(shell: Shell) -> None:
    told = shell("search", "fibroin", "-k", "1", "--mode", "lexical", "--json").json()
    assert told["query"] == "fibroin"
    (hit,) = told["hits"]
    assert set(hit) == {"passage", "paper", "key", "title", "year", "section", "page", "score", "text", "why"}
    assert shell("search", "fibroin", "--mode", "lexical", "--as-of", "1999", "--json").json()["hits"] == []
    assert "silk contains fibroin." in shell("search", "fibroin", "--mode", "lexical").out


def test_a_batch_answers_every_line_in_order(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given(
        monkeypatch,
        '\ufeff{"id": "a", "query": "silk"}\n\nno JSON\n{"id": 3, "query": "nacre"}\n{"id": 4}\n'
        '{"id": 5, "query": 7}\n[]\n' + "[" * 100_000 + "\n",
    )
    said = shell("search", "--queries", "-", "--mode", "lexical")
    assert said.code == 1
    answers = said.lines()
    assert [answer["id"] for answer in answers] == ["a", None, 3, 4, 5, None, None]
    assert ["error" in answer for answer in answers] == [False, True, False, True, True, True, True]
    assert "line 3 of stdin" in answers[1]["error"]
    assert "'query' is missing" in answers[3]["error"]
    assert answers[2]["hits"][0]["key"] == "three"
    assert "5 of 7 lines" in said.err

    fine = tmp_path / "fine.jsonl"
    fine.write_text('{"id": 1, "query": "silk"}\n')
    assert (shell("search", "--queries", fine, "--mode", "lexical").code) == 0


def test_paths(shell: Shell) -> None:
    (path,) = shell("paths", "fibroin", "toughness", "--json").json()["paths"]
    assert path["concepts"] == ["fibroin", "silk", "toughness"]
    assert [hop["reversed"] for hop in path["hops"]] == [True, False]
    assert path["hops"][1]["evidence"][0]["quote"] == "silk improves toughness."
    assert "fibroin – silk – toughness" in shell("paths", "fibroin", "toughness").out
    said = shell("paths", "toughnesss", "silk")
    assert said.code == 3
    assert "toughness," in said.err or "toughness." in said.err
    assert shell("paths", "silk", "nacre", "--json").json() == {"paths": []}


def test_paths_in_a_batch(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, '{"id": 1, "a": "silk", "b": "fibroin"}\n{"id": 2, "a": "silk", "b": "nothing like it"}\n')
    said = shell("paths", "--queries", "-")
    first, second = said.lines()
    assert (said.code, len(first["paths"]), second["id"]) == (1, 1, 2)
    assert "nothing like it" in second["error"]


def keys(told: Any) -> set[str]:
    return {hit["key"] for hit in told["hits"]}


def test_a_scope_limits_what_is_searched(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*options: str) -> set[str]:
        return keys(shell("search", "silk nacre", "--mode", "lexical", "--json", *options).json())

    fill(shell.library, record("four", more="Nacre is not silk.", year=2022, venue="Shells"))
    assert found() == {"one", "two", "three", "four"}
    assert found("--since", "2018") == {"four"}
    assert found("--in", "ONE", "--in", "four") == {"one", "four"}
    assert found("--venue", "shells") == {"four"}
    assert found("--section", "Results", "--as-of", "2001") == {"one"}

    given(
        monkeypatch,
        '{"id": 1, "query": "silk nacre"}\n{"id": 2, "query": "silk nacre", "in": ["one", "four"], "since": null}\n'
        '{"id": 3, "query": "silk", "in": "nobody"}\n{"id": 4, "query": "silk", "as_of": "2001"}\n'
        '{"id": 5, "query": "silk", "venue": [1]}\n{"id": 6, "query": "silk nacre", "in": [], "section": "results"}\n',
    )
    said = shell("search", "--queries", "-", "--mode", "lexical", "--since", "2018", "--in", "four")
    answers = said.lines()
    assert [keys(answer) if "hits" in answer else "error" for answer in answers] == [
        {"four"}, {"one", "four"}, *["error"] * 3, {"four"}
    ]
    assert "No paper or tag 'nobody' among 4" in answers[2]["error"]
    assert "'as_of' must be a year" in answers[3]["error"] and "'venue' must be a text" in answers[4]["error"]


@pytest.mark.parametrize("command", [("search", "silk"), ("ask", "What is silk?"), ("paths", "silk", "toughness")])
def test_what_names_nothing_in_a_scope_is_said(shell: Shell, command: tuple[str, ...]) -> None:
    said = shell(*command, "--in", "thre")
    assert (said.code, said.out) == (3, "")
    assert "No paper or tag 'thre' among 3. Nearest: three." in said.err
    said = shell(*command, "--section", "reslts")
    assert said.code == 3 and "Nearest: results." in said.err
    said = shell(*command, "--venue", "Nature")
    assert said.code == 3 and "No venue 'Nature'" in said.err
    said = shell(*command, "--since", "2018", "--as-of", "2017")
    assert said.code == 2 and "2018" in said.err


def test_papers_are_tagged(shell: Shell) -> None:
    row = shell("tag", "one", "three", "--add", "Thesis", "--add", " to  read ", "--json").lines()[0]
    assert (row["key"], row["tags"]) == ("one", ["Thesis", "to read"])
    assert "Thesis, to read" in " ".join(shell("papers").out.split())
    assert shell("show", "three", "--json").json()["tags"] == ["Thesis", "to read"]
    found = shell("search", "silk nacre", "--in", "THESIS", "--mode", "lexical", "--json").json()
    assert keys(found) == {"one", "three"}
    (row,) = shell("tag", "one", "--remove", "thesis", "--add", "To Read", "--json").lines()
    assert row["tags"] == ["to read"]
    assert shell("tag", "--json").lines() == [{"tag": "to read", "papers": 2}, {"tag": "Thesis", "papers": 1}]
    dumped = [line for line in shell("export", "-").lines() if line["kind"] == "decision"]
    assert [(line["decision"], line["b"]) for line in dumped].count(("tag", "to read")) == 2
    assert "tags" not in " ".join(shell("tag", "two").out.split())

    said = shell("tag", "one", "fuor", "--add", "new")
    assert said.code == 3 and "fuor" in said.err
    assert shell("tag", "one", "--add", "two").code == shell("tag", "one", "--add", " ").code == 2
    assert shell("tag", "--add", "new").code == 2
    assert shell("show", "one", "--json").json()["tags"] == ["to read"], "nothing was changed"


def test_a_copy_has_the_tags(shell: Shell, tmp_path: Path) -> None:
    shell("tag", "one", "--add", "thesis")
    assert shell("copy", shell.library, tmp_path / "copy").code == 0
    assert shell("export", "-").out == shell("export", "-", library=tmp_path / "copy").out


def test_paths_in_a_scope_rest_on_what_stands_in_it(shell: Shell) -> None:
    (path,) = shell("paths", "silk", "toughness", "--in", "one", "--json").json()["paths"]
    assert {piece["key"] for hop in path["hops"] for piece in hop["evidence"]} == {"one"}
    assert shell("paths", "silk", "toughness", "--in", "three", "--json").json() == {"paths": []}


def test_an_unknown_language_model_is_refused_where_it_would_be_asked(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LLM", "no-such-provider:x")
    said = shell("ask", "What limits toughness?")
    assert said.code == 2
    assert "no-such-provider" in said.err
    assert shell("info").code == 0


QUESTION = "What limits the toughness of spider silk?"


def test_ask_answers_with_quotes_and_keeps_the_run(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shell.library, record("four", more="The toughness of spider silk is limited by the humidity of the air."))
    assert shell("rebuild", "--json").json()["embedder"].startswith("all-MiniLM-L6-v2@")
    told = shell("ask", QUESTION, "--json").json()
    assert (told["answered"], told["model"]) == (True, None)
    texts = {hit["passage"]: hit["text"] for hit in told["hits"]}
    citations = [one for sentence in told["sentences"] for one in sentence["citations"]]
    assert citations
    assert all(texts[one["passage"]][one["start"] : one["end"]] == one["quote"] for one in citations)
    shown = shell("show", told["run"], "--json").json()
    assert [{name: value for name, value in step.items() if name != "seconds"} for step in shown["steps"]] == told[
        "steps"
    ]
    assert [(row["run"], row["state"]) for row in shell("runs", "--json").lines()] == [(told["run"], "done")]
    assert QUESTION in " ".join(shell("runs").out.split()), "a narrow table breaks lines"
    assert "search" in shell("show", told["run"]).out
    assert "**search** Searched" in shell("runs", told["run"]).out
    assert shell("runs", told["run"], "--json").json() == shown == shell("show", told["run"], "--json").json()
    assert shell("replay", told["run"], "--json").json() == told == shell("resume", told["run"], "--json").json()
    assert "limited by the humidity of the air.” (four, p-" in shell("ask", QUESTION).out

    given(monkeypatch, f'{{"id": 1, "query": "{QUESTION}"}}\n{{"id": 2, "query": "?"}}\n{{"id": 3}}\n')
    batch = shell("ask", "--queries", "-", "--no-keep", "--quiet")
    answers = batch.lines()
    assert (batch.code, batch.err, [answer["id"] for answer in answers]) == (1, "", [1, 2, 3])
    assert {key: value for key, value in answers[0].items() if key != "id"} == told
    assert "error" in answers[2]
    assert len(shell("runs", "--json").lines()) == 1


def test_a_question_is_asked_after_another_and_written_as_a_report(shell: Shell, tmp_path: Path) -> None:
    fill(
        shell.library,
        record("four", more="The toughness of spider silk is limited by the humidity of the air."),
        record("five", more="The toughness of nacre is limited by the waviness of its tablets.", title="On nacre"),
    )
    shell("rebuild")
    first = shell("ask", QUESTION, "--json")
    assert "Searched “What limits the toughness of spider silk?”: " in first.err
    report = tmp_path / "answer.md"
    said = shell("ask", "and of nacre?", "--after", first.json()["run"], "--report", str(report), "--quiet")
    assert said.err == ""
    assert "Understood as: What limits the toughness of nacre?" in said.out
    assert "waviness of its tablets.” (five, p-" in said.out
    assert "> The toughness of nacre is limited by the waviness of its tablets. [1]" in report.read_text()
    assert "title = {{On nacre}}" in report.read_text()
    lost = shell("ask", "and of nacre?", "--after", "run-0123")
    assert (lost.code, "No run 'run-0123'" in lost.err) == (3, True)
    refused = shell("ask", "--queries", str(report), "--report", str(report))
    assert (refused.code, "--report is for one QUESTION" in refused.err) == (2, True)


def test_a_line_of_a_batch_may_come_after_a_run(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shell.library, record("four", more="The toughness of spider silk is limited by the humidity of the air."))
    shell("rebuild")
    run = shell("ask", QUESTION, "--json").json()["run"]
    first = f'{{"id": 1, "query": "and of nacre?", "after": "{run}"}}'
    given(monkeypatch, f'{first}\n{{"id": 2, "query": "x", "after": 3}}\n')
    one, other = shell("ask", "--queries", "-", "--quiet").lines()
    assert one["completed"] == "What limits the toughness of nacre?"
    assert "'after' must be a text" in other["error"]


def test_a_question_that_may_serve_harm_needs_a_reason(shell: Shell) -> None:
    fill(shell.library, record("four", more="The toughness of spider silk is limited by the humidity of the air."))
    shell("rebuild")
    asked = ("ask", "How can I make sarin?", "--json")
    assert [step["step"] for step in shell(*asked).json()["steps"]] == ["advise"]
    steps = shell(*asked, "--override", "a course on safety").json()["steps"]
    assert steps[0]["outputs"]["override"] == "a course on safety"
    assert len(steps) > 1


def test_what_is_not_in_the_papers_is_not_answered(shell: Shell) -> None:
    shell("rebuild")
    told = shell("ask", "Who won the football match?", "--no-keep", "--json").json()
    assert (told["answered"], told["sentences"]) == (False, [])
    assert shell("ask", "Who won the football match?", "--no-keep").out.strip() == told["answer"]
    assert shell("runs", "--json").lines() == []


# Changing


def test_remove(shell: Shell) -> None:
    said = shell("remove", "two", "no-such-paper-9f3a", "--json")
    assert said.code == 3
    assert said.json() == {"removed": ["two"], "missing": ["no-such-paper-9f3a"]}
    assert "no-such-paper-9f3a" in said.err
    assert shell("info", "--json").json()["papers"] == 2
    assert shell("remove", "one").code == 0


def test_a_key_that_two_papers_share_is_refused_with_their_ids(shell: Shell, tmp_path: Path) -> None:
    twins = [record("p.md", ("a", "is a", "b"), corpus=False), record("p.md", ("c", "is a", "d"), corpus=False)]
    library = fill(tmp_path / "twins", *twins)
    ids = [row["id"] for row in shell("papers", "--json", library=library).lines()]
    for command in ("show", "remove"):
        said = shell(command, "p.md", library=library)
        assert said.code == 2
        assert all(id in said.err for id in ids)


def test_export(shell: Shell, tmp_path: Path) -> None:
    said = shell("export", "-", "--format", "jsonl")
    rows = said.lines()
    assert {row["kind"] for row in rows} == {"paper", "passage", "mention", "evidence", "concept", "relation"}
    assert all(list(row) == sorted(row) for row in rows)
    assert shell("export", tmp_path / "out.jsonl", "--quiet").err == ""
    assert (tmp_path / "out.jsonl").read_text() == said.out
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert any(row["kind"] == "vector" for row in shell("export", "-", "--vectors").lines())


def test_an_export_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    class Broken(MemoryStore):
        def relations(self, text: str | None = None, concept: str | None = None) -> Iterator[Relation]:
            raise LibraryError("the disk is gone")

    (tmp_path / "out.jsonl").write_text("an older export\n")
    with pytest.raises(LibraryError, match="the disk is gone"):
        dumps.to_file(Library(store=Broken([ONE])), tmp_path / "out.jsonl", vectors=False)
    assert [path.name for path in tmp_path.iterdir()] == ["out.jsonl"]
    assert (tmp_path / "out.jsonl").read_text() == "an older export\n"


def test_copy(shell: Shell, tmp_path: Path) -> None:
    shell.capture.readouterr()
    assert main(["copy", str(shell.library), str(tmp_path / "copy"), "--json"]) == 0
    assert json.loads(shell.capture.readouterr()[0])["papers"] == 3
    assert shell("export", "-", library=tmp_path / "copy").out == shell("export", "-").out
    assert main(["copy", str(shell.library), str(shell.library)]) == 2
    assert main(["copy", str(tmp_path / "never-made"), str(tmp_path / "target")]) == 4
    assert not (tmp_path / "target").exists()


def test_verify(shell: Shell) -> None:
    told = shell("verify", "--json").json()
    assert set(told) == {"checked", "wrong", "repaired"}
    assert told["checked"] > 5


def test_config_names_sources_and_hides_secrets(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HYPOGRAPH_NEO4J_PASSWORD", "hunter2")
    monkeypatch.setenv("HYPOGRAPH_WORKERS", "3")
    said = shell("config", "--json")
    assert said.json()["workers"] == {
        "value": 3,
        "source": "environment (HYPOGRAPH_WORKERS)",
        "meaning": said.json()["workers"]["meaning"],
    }
    assert said.json()["library"]["source"] == "this call"
    assert "hunter2" not in said.out + shell("config").out


def test_the_library_may_come_from_the_environment(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setenv("HYPOGRAPH_LIBRARY", str(shell.library))
    assert main(["info", "--json"]) == 0
    assert json.loads(capsysbinary.readouterr()[0])["papers"] == 3


# What goes wrong


@pytest.mark.parametrize(
    ("args", "codes", "told"),
    [
        (["frobnicate"], {2}, "frobnicate"),
        (["search", "silk", "--no-such-option"], {2}, "no-such-option"),
        (["search"], {2}, "QUERY"),
        (["search", "silk", "--queries", "x"], {2}, "choose one"),
        (["ask"], {2}, "QUESTION"),
        (["paths", "silk", "--max-hops", "1"], {2}, "second concept"),
        (["ingest"], {2}, "PATH"),
        (["ingest", "not-there.pdf"], {3}, "not-there.pdf"),
        (["ingest", "x", "--workers", "0"], {2}, "workers.*not '0'"),
        (["ingest", "x", "--workers", "many"], {2}, "workers.*'many'"),
        (["search", "silk", "-k", "-1"], {2}, "-k.*'-1'"),
        (["search", "silk", "-k", "ten"], {2}, "ten"),
        (["search", "silk", "--mode", "psychic"], {2}, "hybrid"),
        (["search", "silk", "--as-of", "soon"], {2}, "soon"),
        (["search", "--queries", "no-queries.jsonl"], {3}, "no-queries.jsonl"),
        (["search", "--queries", "."], {2}, "directory"),
        (["paths", "a", "b", "--max-hops", "0"], {2}, "hops"),
        (["show", "no-such-thing"], {3}, "no-such-thing"),
        (["remove"], {2}, "PAPER"),
        (["export", "out", "--format", "papyrus"], {2}, "papyrus"),
        (["export", "out", "--format", "turtle"], {2}, "turtle is not written by this version"),
        (["export", "no-folder/out.jsonl"], {2}, "no-folder"),
        (["export", "."], {2}, "is a folder"),
        (["extract", "-", "--head", "medusa"], {2}, "scierc"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_wrong_uses_have_their_status_and_a_short_message(
    shell: Shell, args: list[str], codes: set[int], told: str
) -> None:
    before = shell("export", "-").out
    said = shell(*args)
    assert said.code in codes
    assert re.search(told, said.err, re.DOTALL)
    assert said.out == ""
    assert len(said.err.splitlines()) <= 10
    assert shell("export", "-").out == before


@pytest.mark.parametrize(
    ("library", "codes", "told"),
    [
        ("never-made", {3, 4}, "never-made"),
        ("a-file", {4}, "a-file"),
        ("mysql://localhost/papers", {2, 4}, "mysql"),
        ("neo4j://", {2, 4}, "host"),
        ("neo4j://neo4j:hunter2@127.0.0.1:1", {2, 4}, "HYPOGRAPH_NEO4J_PASSWORD"),
    ],
)
def test_libraries_that_cannot_be_opened(
    shell: Shell, tmp_path: Path, library: str, codes: set[int], told: str
) -> None:
    (tmp_path / "a-file").write_text("I am no library.\n")
    for command in (
        ["info"],
        ["search", "silk"],
        ["export", "-"],
        ["papers", "--json"],
        ["paths", "a", "b"],
        ["ask", "x"],
    ):
        said = shell(*command, library=library)
        assert said.code in codes
        assert told in said.err
        assert "hunter2" not in said.err
        assert said.out == ""
    assert not (tmp_path / "never-made").exists()
    assert (tmp_path / "a-file").read_text() == "I am no library.\n"


def test_a_damaged_database_is_told(shell: Shell) -> None:
    file = shell.library / "library.sqlite"
    file.write_bytes(b"\xa5" * file.stat().st_size)
    said = shell("info")
    assert said.code == 4
    assert "library.sqlite" in said.err


def test_settings_that_are_no_toml_are_told(shell: Shell) -> None:
    (shell.library / "hypograph.toml").write_text("this is = = no TOML\n")
    for command in (["info"], ["config"], ["search", "silk"]):
        said = shell(*command)
        assert said.code == 2
        assert re.search(r"hypograph\.toml.*line 1", said.err)


def test_queries_that_are_no_text_stop_the_batch(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "queries.bin").write_bytes(b"\xff\xfe\x00silk")
    said = shell("search", "--queries", tmp_path / "queries.bin")
    assert said.code == 2
    assert "queries.bin" in said.err and "line 1" in said.err


# What reaches a terminal

ODD = "\x1b[31mred\x1b[0m \x9b31m \x08 [red]markup [/nope] \u202eleft\u2066 a\u2028b"


def test_no_control_character_and_no_markup_of_a_paper_is_obeyed(shell: Shell, tmp_path: Path) -> None:
    odd = record("\x1b[32mid\x1b[0m", ("silk[/red]", "improves", "tough\x1bness"), title=ODD)
    library = fill(tmp_path / "odd", odd)
    for command in (
        ["papers"],
        ["search", "silk", "--mode", "lexical"],
        ["show", "silk[/red]"],
        ["concepts"],
        ["relations"],
        ["paths", "silk[/red]", "toughness"],
        ["show", "\x1b[32mid\x1b[0m"],
        ["show", "\x1b[33mnot there"],
    ):
        said = shell(*command, library=library)
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066\u2028]", said.out + said.err)
        assert said.out or said.code == 3
    assert "[red]markup [/nope]" in shell("papers", library=library).out
    assert "silk[/red]" in shell("relations", library=library).out
    (row,) = shell("papers", "--json", library=library).lines()
    assert row["title"] == ODD


def test_half_a_pair_of_surrogates_does_not_stop_the_answer(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, r'{"id": "\ud800", "query": "silk \udfff"}' + "\n")
    said = shell("search", "--queries", "-", "--mode", "lexical")
    assert said.lines()[0]["id"] == "\ud800"


def test_help_is_there_for_every_command(shell: Shell) -> None:
    shell.capture.readouterr()
    assert main(["--help"]) == 0
    told = shell.capture.readouterr()[0].decode()
    commands = re.findall(r"^│ ([a-z]+)  ", told.partition("Commands")[2], re.MULTILINE)
    assert set(commands) >= {
        "ingest",
        "remove",
        "info",
        "papers",
        "concepts",
        "relations",
        "show",
        "search",
        "ask",
        "paths",
        "disagreements",
        "extract",
        "export",
        "copy",
        "verify",
        "rebuild",
        "doctor",
        "config",
    }
    groups = {"note": "add", "hypothesis": "keep"}
    for command in [*(set(commands) - groups.keys()), *groups.items()]:
        words = [command] if isinstance(command, str) else list(command)
        assert main([*words, "--help"]) == 0
        assert "--library" in shell.capture.readouterr()[0].decode()
    assert main([]) == 2
    assert main(["--version"]) == 0
