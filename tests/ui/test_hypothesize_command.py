"""`hypothesize` and `paths --via`, as a user runs them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents import event_words
from kg.library import Library
from kg.model import SourceRecord
from tests.fakes.libraries import fill
from tests.kg.made import Said, record
from ui.cli import main


def bare(name: str, *said: Said) -> SourceRecord:
    """Without vectors: what is asked here stands in the graph, and no model is loaded for it."""
    return replace(record(name, *said, title=f"On {name}"), embedder=None, vectors=b"")


@pytest.fixture
def place(tmp_path: Path) -> str:
    return str(
        fill(
            tmp_path / "library",
            bare("one", ("silk", "contains", "sheets"), ("sheets", "increases", "toughness")),
            bare("two", ("humidity", "decreases", "sheets"), ("silk", "contains", "water")),
            bare("three", ("water", "decreases", "toughness"), ("iron", "is a", "metal")),
        )
    )


def told(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    assert main([*words, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_shape_of_the_json_is_that_of_the_outside_face(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = told(capsys, "hypothesize", "--from", "humidity", "--to", "toughness", "-n", "2", "--library", place)
    assert found["run"].startswith("run-")
    first = found["hypotheses"][0]
    assert {
        "id",
        "statement",
        "gap",
        "path",
        "facets",
        "falsification",
        "critique",
        "rank",
        "score",
        "interval",
    } <= set(first)
    assert {"subject", "predicate", "object"} <= set(first["gap"])
    assert first["path"]["concepts"] == ["humidity", "sheets", "toughness"]
    assert {"hops", "composition", "novelty", "plausibility", "verdict", "reasons"} <= set(first["critique"])
    paths = told(capsys, "paths", "humidity", "toughness", "-n", "1", "--library", place)
    assert set(paths["paths"][0]) == set(first["path"])
    assert paths["paths"][0]["concepts"] == first["path"]["concepts"]


def test_command_line_notebook_and_replay_give_the_same_bytes(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "out.md"
    wishes = ("hypothesize", "--from", "humidity", "--library", place, "--seed", "3")
    first = told(capsys, *wishes, "--report", str(report))
    with Library(place) as library:
        made = library.hypothesize("humidity", seed=3)
        assert library.show(made.run)["state"] == "done"
    assert json.loads(json.dumps(made.as_json())) == first
    assert made.report() == report.read_text(encoding="utf-8")
    assert told(capsys, "replay", first["run"], "--library", place) == first


def test_from_one_concept_paths_lead_to_what_nothing_joins_with_it(
    place: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, "paths", "humidity", "--library", place)["paths"]
    assert {tuple(one["concepts"]) for one in found} == {
        ("humidity", "sheets", "silk"),
        ("humidity", "sheets", "toughness"),
    }
    assert all(hop["evidence"] for one in found for hop in one["hops"])
    assert len(told(capsys, "paths", "humidity", "-n", "1", "--library", place)["paths"]) == 1
    assert main(["paths", "humidity", "--via", "silk", "--library", place]) == 2
    assert "name a second concept" in capsys.readouterr().err
    assert main(["paths", "humidityy", "--library", place]) == 3


def test_people_see_the_gap_the_facets_and_what_would_refute_it(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hypothesize", "--from", "humidity", "--library", place]) == 0
    seen = capsys.readouterr()
    assert "nobody states: humidity" in seen.out
    assert "What would refute it" in seen.out and "Novelty" in seen.out
    assert "Found" in seen.err and "Ranked" in seen.err
    assert main(["hypothesize", "--from", "silk", "--to", "iron", "--library", place]) == 0
    assert "Nothing joins silk and iron" in capsys.readouterr().out


def test_what_is_wrong_is_said(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["hypothesize", "--to", "silk", "--library", place]) == 2
    assert main(["hypothesize", "--from", "silkk", "--library", place]) == 3
    assert "Nearest: silk" in capsys.readouterr().err


def test_paths_pass_waypoints(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    both = told(capsys, "paths", "silk", "toughness", "--library", place)["paths"]
    assert {one["concepts"][1] for one in both} == {"sheets", "water"}
    (only,) = told(capsys, "paths", "silk", "toughness", "--via", "water", "--library", place)["paths"]
    assert only["concepts"] == ["silk", "water", "toughness"]
    assert main(["paths", "silk", "toughness", "--via", "silk", "--library", place]) == 2
    assert "twice" in capsys.readouterr().err


def test_steps_are_told_in_words() -> None:
    assert event_words.words("rank", {"order": [{}, {}]}) == "Ranked 2 hypotheses"
    assert event_words.words("seek", {"found": [{}]}) == "Found 1 link that nobody states"
    assert "no better" in event_words.words("revise", {"change": "another path", "kept": False})
