"""`predict` and `backtest`, as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fakes.libraries import fill
from tests.kg.prediction import field
from ui.cli import main


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(fill(tmp_path_factory.mktemp("field"), *field.papers()))


def test_pairs_of_a_file_are_scored_in_their_order(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "pairs.jsonl"
    rows = [{"a": "spider silk", "b": "carbon steel"}, {"a": "nothing at all", "b": "moth silk", "id": 7}]
    asked.write_text("\n".join(map(json.dumps, rows)))
    assert main(["predict", "--library", place, "--until", "2006", "--pairs", str(asked), "--json"]) == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(one["a"], one["b"]) for one in told] == [(one["a"], one["b"]) for one in rows]
    assert isinstance(told[0]["score"], float) and 0 <= told[0]["percentile"] <= 100
    assert told[1]["score"] is None is told[1]["percentile"] and told[1]["id"] == 7


def test_a_line_that_is_no_pair_is_told_and_the_others_are_scored(
    place: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = tmp_path / "pairs.jsonl"
    asked.write_text('{"a": "spider silk"}\nno json\n{"a": "spider silk", "b": "moth web"}\n')
    assert main(["predict", "--library", place, "--until", "2010", "--pairs", str(asked), "--json"]) == 1
    out, err = capsys.readouterr()
    told = [json.loads(line) for line in out.splitlines()]
    assert "'b' is missing" in told[0]["error"] and "line 2" in told[1]["error"]
    assert told[2]["b"] == "moth web" and "2 of 3 lines" in err


def test_the_likeliest_pairs_stand_in_a_table(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "--library", place, "--until", "2006", "--top", "3"]) == 0
    out = capsys.readouterr().out
    assert "percentile" in out and "equally popular" in out
    assert main(["predict", "--library", place, "--until", "2006", "--top", "3", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_the_proof_on_the_past_is_told_with_intervals(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backtest", "--library", place, "--until", "2006", "--horizon", "2"]) == 0
    out = capsys.readouterr().out
    assert "jaccard" in out and "came true" in out
    assert main(["backtest", "--library", place, "--until", "2006", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["horizon"] == 3


def test_what_cannot_be_done_is_said(place: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "--library", place, "--until", "2001"]) == 2
    assert "12 papers of 2001 or earlier" in capsys.readouterr().err
    assert main(["predict", "--library", place]) == 2
    assert "--until" in capsys.readouterr().err
    assert main(["predict", "--library", place, "--until", "2006", "--top", "3", "--pairs", "-"]) == 2
    assert "both given" in capsys.readouterr().err
    assert main(["backtest", "--library", place, "--until", "2010"]) == 2
    assert "No paper is of 2011 to 2013" in capsys.readouterr().err
