"""The commands `hypothesis …` and `digest`, called in this process as a shell would call them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from agents.run_logs import FolderLog
from agents.runs import Run
from kg.library import Library
from tests.agents.test_judged import COLD, OIL, STATED, supposed
from tests.fakes.libraries import fill
from tests.ui.test_cli import Shell


@dataclass(frozen=True)
class Made:
    folder: Path
    id: str


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A library, and the id of one of the hypotheses of a kept run in it."""
    folder = fill(tmp_path_factory.mktemp("made") / "library", OIL, COLD)
    with Library(folder) as library:
        library.rebuild()
        told = supposed(library)
    with Run({"kind": "hypothesize", "model": None}, FolderLog(folder / "runs")) as run:
        run.did("generate", None, {})
        run.concludes({"hypotheses": [told, told | {"id": "h-0000000000", "statement": "Another one.", "score": 0.1}]})
    return Made(folder, str(told["id"]))


@pytest.fixture
def shell(capsysbinary: pytest.CaptureFixture[bytes], once: Made, tmp_path: Path) -> Shell:
    return Shell(capsysbinary, shutil.copytree(once.folder, tmp_path / "library"))


@pytest.fixture
def id(once: Made) -> str:
    return once.id


def test_a_hypothesis_is_shown_kept_worded_anew_and_rejected(shell: Shell, id: str) -> None:
    shown = shell("hypothesis", "show", id).out
    assert "nobody states: fish oil – decreases – cold fingers" in shown
    assert "“fish oil decreases blood viscosity.” (oil)" in shown and shell("show", id).out == shown
    assert shell("show", id, "--json").json()["judgement"] is None
    kept = shell("hypothesis", "keep", id, "--reason", "worth a trial", "--json").json()
    assert (kept["standing"], kept["reason"], kept["version"]) == ("kept", "worth a trial", 1)
    assert "worth a trial" in shell("hypothesis", "list").out
    assert shell("hypothesis", "reject", id).code == 2, "a reason is needed"
    assert (
        shell("hypothesis", "edit", id, "Oil helps.", "--reason", "short", "--json").json()["statement"] == "Oil helps."
    )
    assert shell("hypothesis", "reject", id, "--reason", "no").out.startswith("Rejected: ")
    assert "You rejected it: no" in shell("hypothesis", "show", id).out
    assert shell("hypothesis", "list", "--json").lines() == []
    assert [one["id"] for one in shell("hypothesis", "list", "--rejected", "--json").lines()] == [id]
    told = shell("hypothesis", "show", id, "--json").json()["judgement"]
    assert [one["reason"] for one in told["versions"]] == ["worth a trial", "short", "no"]
    assert shell("hypothesis", "reopen", id).code == 0


def test_two_hypotheses_are_compared(shell: Shell, id: str) -> None:
    rows = shell("hypothesis", "compare", id, "h-0000000000", "--json").json()["rows"]
    (score,) = [row for row in rows if row["name"] == "score"]
    assert score == {"name": "score", "one": "0.50", "other": "0.10", "better": 0}
    assert "0.50 *" in shell("hypothesis", "compare", id, "h-0000000000").out


def test_the_digest_tells_new_support_once(shell: Shell, id: str) -> None:
    shell("hypothesis", "keep", id)
    assert shell("digest").out == "0 changed, 1 not.\n"
    fill(shell.library, STATED)
    with Library(shell.library) as library:
        library.rebuild()
    (change,) = shell("digest", "--no-record", "--json").json()["changes"]
    assert change["verdict"] == {"before": "plausible", "now": "supported"}
    assert [(one["gap"], one["speaks"]) for one in change["new"]] == [(True, "for")]
    said = shell("digest").out
    assert "for: “fish oil decreases cold fingers.” (stated; on the link that nobody stated)" in said
    assert "plausible → supported" in said and said.endswith("1 changed, 0 not.\n")
    assert shell("digest").out == "0 changed, 1 not.\n"
    assert len(shell("digest", "--since", "2020-01-01", "--json").json()["changes"]) == 1


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["hypothesis", "keep", "h-00"], 3),
        (["hypothesis", "show", "../h"], 3),
        (["hypothesis", "reopen", "h-0000000000"], 3),
        (["hypothesis", "compare", "h-0000000000", "h-00"], 3),
        (["digest", "--since", "yesterday"], 2),
    ],
)
def test_what_cannot_be_is_said(shell: Shell, id: str, words: list[str], code: int) -> None:
    said = shell(*words)
    assert (said.code, said.out) == (code, "") and said.err.startswith("hypograph: ")
