"""Answers beside which a person's notes stand, where they are asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.library import Library
from tests.fakes.web import small

QUESTION = "What contains beta sheets?"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return small(tmp_path)


def test_notes_are_used_only_when_asked_and_shown_when_used(library: Library) -> None:
    note = library.notes.add("I believe that nacre contains beta sheets.", "Beta")
    library.notes.add("The party is on Friday.")
    plain, reminded = library.ask(QUESTION), library.ask(QUESTION, notes=True)
    assert plain.remembered == () and not any(event.step == "remember" for event in plain.steps)
    assert [one.id for one in reminded.remembered] == [note.id]
    assert reminded.steps[0].step == "remember"
    assert reminded.steps[0].outputs["notes"] == [reminded.remembered[0].as_json()]
    assert "## Your notes" in reminded.report() and "nacre contains beta sheets" in reminded.report()
    assert "Your notes" not in plain.report()
    assert reminded.as_json()["remembered"][0]["text"] == "I believe that nacre contains beta sheets."


def test_nothing_is_cited_from_a_note(library: Library) -> None:
    library.notes.add("Glowworms contain beta sheets, everybody knows.")
    plain, reminded = library.ask(QUESTION), library.ask(QUESTION, notes=True)
    assert len(reminded.remembered) == 1
    assert (plain.answer, plain.sentences, plain.hits) == (reminded.answer, reminded.sentences, reminded.hits)
    assert not any("lowworm" in sentence.text for sentence in reminded.sentences)
    nowhere = library.ask("Do glowworms contain beta sheets and everybody knows?", notes=True)
    assert not any("lowworm" in sentence.text for sentence in nowhere.sentences)


def test_a_run_without_fitting_notes_is_the_run_without_notes(library: Library) -> None:
    library.notes.add("The party is on Friday.")
    assert library.ask(QUESTION, notes=True).run == library.ask(QUESTION).run


def test_a_run_keeps_the_notes_as_they_were(tmp_path: Path) -> None:
    from tests.fakes.libraries import ONE, fill

    fill(tmp_path, ONE)
    with Library(tmp_path) as library:
        library.rebuild()
        note = library.notes.add("Silk contains fibroin, I think.")
        asked = library.ask("What does silk contain?", notes=True)
        library.notes.edit(note.id, "Silk contains no fibroin.")
        assert library.replay(asked.run).remembered == asked.remembered
        kept = library.notes.keep(asked.run)
        assert (kept.run, kept.by) == (asked.run, "run") and kept.title == "What does silk contain?"
        assert "fibroin" in kept.text and [one.key for one in kept.papers] == ["one"]
        assert library.notes.edit(kept.id, "In short: fibroin.").by == "person"
