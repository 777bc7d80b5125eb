"""A run as Markdown: what was asked, taken, spent and found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.fakes.web import HOSTILE, small
from ui.run_report import asked, markdown, outcome, says_something


def run_of(folder: Path, kind: str) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    library = small(folder)
    match kind:
        case "ask":
            run = library.ask("What contains beta sheets?").run
        case "criticize":
            library.criticize("Spider silk increases toughness.")
            (run,) = (one["run"] for one in library.runs())
        case _:
            library.hypothesize("spider silk", n=2)
            (run,) = (one["run"] for one in library.runs())
    return library.run(run)


@pytest.mark.parametrize("kind", ["ask", "criticize", "hypothesize"])
def test_every_kind_of_run_is_told_with_its_steps_and_what_came_of_it(tmp_path: Path, kind: str) -> None:
    told = run_of(tmp_path, kind)
    text = markdown(told)
    assert text.startswith(f"# Run {told['id']}\n")
    assert f"- kind: {kind}\n" in text
    assert sum(line.startswith(f"{one['number']}. **") for one in told["steps"] for line in text.splitlines()) == len(
        told["steps"]
    )
    assert "scope" not in text, "all of the library is nothing to tell"


def test_what_came_of_each_kind_is_said(tmp_path: Path) -> None:
    assert outcome(run_of(tmp_path / "a", "ask")) == ["spider silk – contains – beta sheets (1 paper) [webs]"]
    critique = outcome(run_of(tmp_path / "b", "criticize"))
    assert critique[0].startswith("Verdict: ")
    assert any("doubts says otherwise" in one or "against" in one for one in critique[1:])
    for number, one in enumerate(outcome(run_of(tmp_path / "c", "hypothesize")), 1):
        assert one.startswith(f"{number}. ") and "(score 0." in one


def test_a_run_that_failed_or_goes_on_says_so() -> None:
    assert outcome({"end": None}) == []
    assert outcome({"end": {"end": "failed", "message": "The disk is full."}}) == ["The disk is full."]
    assert outcome({"end": {"end": "cancelled", "message": ""}}) == ["cancelled"]


def test_what_persons_and_papers_say_is_text(tmp_path: Path) -> None:
    library = small(tmp_path)
    text = markdown(library.run(library.ask(f"What is {HOSTILE}?").run))
    assert "<script>" not in text
    assert "**bold**" not in text


def test_what_was_asked_is_named_by_kind() -> None:
    assert asked({"kind": "ask", "question": "Why?"}) == "Why?"
    assert asked({"kind": "hypothesize", "question": None, "from": "silk", "to": "bone"}) == "silk – bone"
    assert asked({"kind": "hypothesize"}) == "hypothesize"
    assert says_something(0) and says_something({"until": 2000, "since": None})
    assert not says_something({"until": None, "within": []})
