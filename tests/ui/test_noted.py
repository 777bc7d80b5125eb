"""The commands `note …`, called in this process as a shell would call them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.library import Library
from tests.fakes.libraries import ONE, THREE, TWO, fill
from tests.ui.test_cli import Shell, given


@pytest.fixture
def shell(capsysbinary: pytest.CaptureFixture[bytes], tmp_path: Path) -> Shell:
    return Shell(capsysbinary, fill(tmp_path / "library", ONE, TWO, THREE))


def added(shell: Shell, *words: str) -> dict[str, Any]:
    said = shell("note", "add", *words, "--json")
    assert (said.code, said.err) == (0, "")
    told: dict[str, Any] = said.json()
    return told


def test_a_note_is_added_listed_and_shown(shell: Shell) -> None:
    told = added(
        shell, "Ask Ada.", "--title", "To do", "--concept", "Silk", "--paper", "one", "--tag", "todo", "--tag", "lab"
    )
    assert (told["text"], told["title"], told["tags"], told["version"]) == ("Ask Ada.", "To do", ["todo", "lab"], 1)
    assert [one["label"] for one in told["concepts"]] == ["silk"] and [one["key"] for one in told["papers"]] == ["one"]
    assert shell("note", "list", "--json").lines() == [told]
    assert "To do" in shell("note", "list").out and "silk, one" in shell("note", "list").out
    shown = shell("note", "show", told["id"]).out
    assert "Ask Ada." in shown and "Linked to: silk, one" in shown and "Tags: todo, lab" in shown
    assert shell("show", told["id"]).out == shown
    assert shell("show", told["id"], "--json").json() | {"kind": None} == shell(
        "note", "show", told["id"], "--json"
    ).json() | {"kind": None}


def test_the_options_may_stand_before_the_command_too(shell: Shell) -> None:
    told = added(shell, "One.")
    assert [one["id"] for one in shell("--json", "note", "list").lines()] == [told["id"]]


def test_a_text_comes_from_stdin(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, "Two\nlines.\n")
    told = added(shell, "-")
    assert told["text"] == "Two\nlines."
    given(monkeypatch, "Three.")
    assert shell("note", "edit", told["id"], "-", "--json").json()["text"] == "Three."


def test_notes_are_chosen_by_text_tag_concept_and_paper(shell: Shell) -> None:
    one = added(shell, "Silk fails in rain.", "--concept", "silk", "--tag", "a")
    other = added(shell, "The party is on Friday.", "--paper", "three")
    (found,) = shell("note", "list", "silk in rain", "--json").lines()
    assert found["id"] == one["id"] and "has the words silk, rain" in found["why"] and 0 < found["score"] <= 1
    for option, value, id in (
        ("--tag", "A", one["id"]),
        ("--concept", "silk", one["id"]),
        ("--paper", "three", other["id"]),
    ):
        assert [row["id"] for row in shell("note", "list", option, value, "--json").lines()] == [id]
    assert shell("note", "list", "--tag", "b").out == "No note fits.\n"


def test_a_note_is_edited_with_its_history(shell: Shell) -> None:
    id = added(shell, "One.")["id"]
    assert shell("note", "edit", id, "Two.", "--title", "T", "--json").json()["version"] == 2
    refused = shell("note", "edit", id, "Three.", "--seen", "1")
    assert refused.code == 2 and "changed meanwhile" in refused.err
    told = shell("note", "show", id, "--json").json()
    assert [one["text"] for one in told["versions"]] == ["One.", "Two."]
    assert told["versions"][1]["changes"] == ["title changed", "text changed"]
    history = shell("note", "show", id, "--history").out
    assert "1. " in history and "     One." in history and "title changed; text changed" in history
    assert shell("note", "restore", id, "--version", "1", "--json").json()["text"] == "One."


def test_links_are_suggested_made_and_taken_away(shell: Shell) -> None:
    id = added(shell, "Silk has fibroin, see 10.1000/silk.")["id"]
    found = shell("note", "suggest", id, "--json").lines()
    assert [(one["kind"], one["name"], one["reason"]) for one in found[:3]] == [
        ("paper", "On silk", "cited by its DOI 10.1000/silk"),
        ("concept", "silk", "named in the note: “Silk”"),
        ("concept", "fibroin", "named in the note: “fibroin”"),
    ]
    assert "1. paper: On silk" in shell("note", "suggest", id).out
    told = shell("note", "suggest", id, "--take", "1", "--take", "3", "--json").json()
    assert [one["label"] for one in told["concepts"]] == ["fibroin"] and len(told["papers"]) == 1
    assert shell("note", "suggest", id, "--take", "9").code == 2
    told = shell("note", "link", id, "--concept", "toughness", "--tag", "x", "--json").json()
    assert [one["label"] for one in told["concepts"]] == ["fibroin", "toughness"]
    told = shell("note", "unlink", id, "--concept", "fibroin", "--paper", "one", "--tag", "x", "--json").json()
    assert (told["papers"], told["tags"]) == ([], []) and len(told["concepts"]) == 1
    assert shell("note", "link", id).code == shell("note", "unlink", id).code == 2
    assert shell("note", "unlink", id, "--concept", "silk").code == 3


def test_a_removed_note_comes_back_unless_it_is_deleted_for_good(shell: Shell) -> None:
    id = added(shell, "One.")["id"]
    assert "note restore" in shell("note", "remove", id).out
    assert shell("note", "list", "--json").lines() == []
    assert [one["id"] for one in shell("note", "list", "--removed", "--json").lines()] == [id]
    assert shell("note", "edit", id, "Two.").code == 2
    assert shell("note", "restore", id, "--json").json()["removed"] is False
    assert shell("note", "remove", id, "--forever", "--json").json() == {"id": id, "removed": True, "forever": True}
    assert shell("note", "show", id).code == 3 and shell("note", "list", "--removed", "--json").lines() == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["add"], 2),
        (["add", " "], 2),
        (["add", "x", "--concept", "silkk"], 3),
        (["add", "x", "--paper", "none"], 3),
        (["add", "x", "--run", "run-0123"], 3),
        (["add", "--run", "../one"], 3),
        (["add", "x", "--tag", ""], 2),
        (["edit", "note-0123"], 2),
        (["show", "../library"], 3),
        (["list", "--concept", "silkk"], 3),
    ],
)
def test_what_cannot_be_is_said_and_nothing_written(shell: Shell, words: list[str], code: int) -> None:
    said = shell("note", *words)
    assert said.code == code and said.out == "" and said.err.startswith("hypograph: ")
    assert shell("note", "list", "--removed", "--json").lines() == shell("note", "list", "--json").lines() == []


def test_notes_are_in_the_export_of_everything_and_in_a_copy_alone(shell: Shell, tmp_path: Path) -> None:
    before = shell("export", "-").out
    id = added(shell, "Silk decreases toughness.")["id"]
    assert shell("export", "-").out == before
    new = set(shell("export", "-", "--all").out.splitlines()) - set(before.splitlines())
    assert len(new) == 1 and '"kind": "note"' in new.pop()
    assert shell("copy", shell.library, tmp_path / "other").code == 0
    assert shell("note", "show", id, library=tmp_path / "other").code == 0
    assert shell("export", "-", "--all", library=tmp_path / "other").out == shell("export", "-", "--all").out


def test_an_answer_shows_notes_where_they_are_asked_for(shell: Shell) -> None:
    with Library(shell.library) as library:
        library.rebuild()
    id = added(shell, "Silk contains fibroin, I think.")["id"]
    assert id not in shell("ask", "What does silk contain?").out
    said = shell("ask", "What does silk contain?", "--notes")
    assert f"Your note {id}: Silk contains fibroin, I think." in said.out
    assert "Reminded of 1 note of yours, which no paper states" in said.err


def test_where_there_is_no_library_that_is_said(shell: Shell, tmp_path: Path) -> None:
    said = shell("note", "add", "x", library=tmp_path / "none")
    assert said.code == 4 and not (tmp_path / "none").exists()
