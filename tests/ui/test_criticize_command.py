"""`criticize`, as a user runs it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.critic import Kept, Link
from agents.run_logs import FolderLog
from agents.runs import Run
from kg.model import SourceRecord
from tests.fakes.libraries import fill
from tests.kg.made import Said, record
from ui.cli import main


def bare(name: str, *said: Said) -> SourceRecord:
    """Without vectors: what is asked here stands in the graph, and no model is loaded for it."""
    return replace(record(name, *said, title=f"On {name}"), embedder=None, vectors=b"")


@pytest.fixture
def place(tmp_path: Path) -> str:
    one = bare("one", ("silk", "improves", "toughness"), ("silk", "contains", "fibroin"))
    two = bare("two", ("silk", "improves", "toughness", "denies"), ("silk", "improves", "strength", "denies"))
    return str(fill(tmp_path / "library", one, two))


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_critique_as_json_is_kept_and_replayed(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    first = told(capsys, "criticize", "Toughness is improved by silk", "--library", place)
    assert first["statement"] == "Toughness is improved by silk"
    assert first["critique"]["verdict"] == "disputed"
    assert first["critique"]["novelty"]["states"] == ["subject", "predicate", "object"]
    assert [one["polarity"] for one in first["critique"]["hops"][0]["evidence"]] == ["supports", "denies"]
    assert told(capsys, "replay", first["run"], "--library", place) == first
    assert main(["show", first["run"], "--library", place]) == 0
    assert "criticize" in capsys.readouterr().out


def test_a_critique_for_people(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["criticize", "silk improves strength", "--library", place]) == 0
    out, err = capsys.readouterr()
    assert "Contradicted: sentences say otherwise" in out
    assert "- two says otherwise.\n      “silk improves strength.” (two)" in out
    assert "Anticipated: The library speaks of this, and says the contrary." in out
    assert "Read as: silk – improves – strength" in err
    assert main(["criticize", "silk improves strength", "--library", place, "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_a_batch_answers_every_line(place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "statements.jsonl"
    statements = ["silk contains fibroin", "no claim at all", "flurbs inhibit glorps"]
    file.write_text("".join(json.dumps({"id": n, "statement": one}) + "\n" for n, one in enumerate(statements)))
    assert main(["criticize", "--queries", str(file), "--library", place, "--no-keep"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["id"] for line in lines] == [0, 1, 2]
    assert lines[0]["critique"]["verdict"] == "supported"
    assert "No claim is found" in lines[1]["error"]
    assert "no concept for 'flurbs'" in lines[2]["error"]
    assert main(["criticize", "silk contains fibroin", "--queries", str(file), "--library", place]) == 2


def test_wrong_uses(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["criticize", "flurbs inhibit glorps", "--library", place]) == 3
    assert main(["criticize", "silk", "--library", place]) == 2
    assert main(["criticize", "--library", place]) == 2
    assert main(["criticize", "h-00000000000000000000", "--library", place]) == 3
    assert "No kept run made the hypothesis" in capsys.readouterr().err


def test_a_kept_hypothesis_is_criticised_by_its_id(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    one = Kept("Silk may hold fibroin.", Link("silk", "contains", "fibroin")).as_json()
    with Run({"kind": "hypothesize", "n": 1}, FolderLog(Path(place) / "runs")) as run:
        run.concludes({"hypotheses": [one | {"id": "h-0123456789abcdef0123"}]})
    critique = told(capsys, "criticize", "h-0123456789abcdef0123", "--library", place)
    assert (critique["statement"], critique["critique"]["verdict"]) == ("Silk may hold fibroin.", "supported")
    assert told(capsys, "replay", critique["run"], "--library", place) == critique
