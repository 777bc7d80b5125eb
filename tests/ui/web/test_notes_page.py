"""The Notes page with a small library in memory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kg.library import Library
from tests.fakes.web import HOSTILE, htmls, library_of, opened, small, texts
from ui.web.text import html


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return small(tmp_path)


def button(app: AppTest, name: str) -> Any:
    return next(one for one in app.button if one.label == name)


def test_an_empty_library_says_where_to_begin(tmp_path: Path) -> None:
    assert "no papers in this library yet" in opened(library_of(tmp_path), "notes").info[0].value


def test_a_note_is_written_down_with_its_links(library: Library) -> None:
    app = opened(library, "notes")
    assert "Nothing has been noted down yet" in app.info[0].value
    app.text_input[0].set_value("Ask Ada")
    app.text_area[0].set_value("Is silk tough\nin the rain?")
    app.multiselect(key="concepts-new-0").set_value(["spider silk"])
    app.multiselect(key="papers-new-0").set_value(["webs"])
    app.multiselect(key="tags-new-0").set_value(["todo"])
    button(app, "Save").click().run()
    assert not app.exception
    (note,) = library.notes
    assert (note.title, note.text, note.tags) == ("Ask Ada", "Is silk tough\nin the rain?", ("todo",))
    assert [one.name for one in note.concepts] == ["spider silk"] and [one.key for one in note.papers] == ["webs"]
    shown = htmls(app)
    assert '<p class="hg-title">Ask Ada</p><p class="hg-note">Is silk tough\nin the rain?</p>' in shown
    assert "#todo" in shown
    assert {one.page for one in app.page_link} == {"graph", "paper"}


def test_what_is_no_note_is_said_and_nothing_written(library: Library) -> None:
    app = opened(library, "notes")
    button(app, "Save").click().run()
    assert "needs a text" in app.error[0].value and len(library.notes) == 0


def test_notes_are_found_by_words_and_tags_with_the_reason(library: Library) -> None:
    library.notes.add("Silk fails in rain.", tags=["a"])
    library.notes.add("The party is on Friday.")
    app = opened(library, "notes")
    next(one for one in app.text_input if one.label == "Look for notes").set_value("silk in rain").run()
    assert "Silk fails in rain." in htmls(app) and "party" not in htmls(app)
    assert "has the words silk, rain" in htmls(app)
    next(one for one in app.text_input if one.label == "Look for notes").set_value("").run()
    next(one for one in app.multiselect if one.label == "With tags").set_value(["a"]).run()
    assert "Silk" in htmls(app) and "party" not in htmls(app)


def test_a_note_is_changed_and_its_history_shown_with_a_way_back(library: Library) -> None:
    note = library.notes.add("Silk is tough.", tags=["a"])
    app = opened(library, "notes", id=note.id)
    app.text_area(key=f"text-{note.id}-1").set_value("Silk is tough when dry.")
    app.multiselect(key=f"tags-{note.id}-1").set_value(["b"])
    button(app, "Save the change").click().run()
    now = library.notes.get(note.id)
    assert (now.text, now.tags) == ("Silk is tough when dry.", ("b",))
    assert "text changed" in htmls(app) and "tagged b" in htmls(app)
    app.button(key=f"back-{note.id}-{now.version}-1").click().run()
    assert library.notes.get(note.id).text == "Silk is tough." and not app.exception


def test_a_change_made_elsewhere_meanwhile_is_not_written_over(library: Library) -> None:
    note = library.notes.add("One.")
    app = opened(library, "notes", id=note.id)
    app.text_area(key=f"text-{note.id}-1").set_value("Two, here.")
    library.notes.edit(note.id, "Two, there.")
    button(app, "Save the change").click().run()
    assert "changed meanwhile" in app.error[0].value
    assert library.notes.get(note.id).text == "Two, there."
    assert app.text_area(key=f"text-{note.id}-1").value == "Two, here.", "what was typed is still there"
    button(app, "Begin again from the newest version").click().run()
    assert app.text_area(key=f"text-{note.id}-2").value == "Two, there."
    app.text_area(key=f"text-{note.id}-2").set_value("Three.")
    button(app, "Save the change").click().run()
    assert library.notes.get(note.id).text == "Three." and not app.exception


def test_a_suggested_link_is_made_by_a_click(library: Library) -> None:
    note = library.notes.add("Humidity weakens spider silk (Webber, 2001).")
    app = opened(library, "notes", id=note.id)
    assert "cited by author and year: webber 2001" in htmls(app)
    for _ in range(3):
        button(app, "Link").click().run()
    now = library.notes.get(note.id)
    assert {one.name for one in now.concepts} == {"humidity", "spider silk"}
    assert [one.key for one in now.papers] == ["webs"]
    assert not app.exception


def test_a_removed_note_can_be_brought_back(library: Library) -> None:
    note = library.notes.add("Silk is tough.")
    app = opened(library, "notes")
    button(app, "Remove").click().run()
    assert len(library.notes) == 0 and "Removed: Silk is tough" in app.info[0].value.replace("\\", "")
    button(app, "Undo").click().run()
    assert [one.id for one in library.notes] == [note.id]
    assert not any(one.label == "Undo" for one in app.button)
    button(app, "Remove").click().run()
    app.toggle[0].set_value(True).run()
    button(app, "Bring it back").click().run()
    assert len(library.notes) == 1 and not app.exception


def test_what_a_note_says_is_text(library: Library) -> None:
    note = library.notes.add(HOSTILE, HOSTILE.replace("\n", " ")[:150], concepts=[HOSTILE], tags=[HOSTILE[:90]])
    other = library.notes.add(f"On {HOSTILE}")
    library.notes.link(note.id, notes=[other.id])
    app = opened(library, "notes", id=note.id)
    assert "<script" not in htmls(app).replace(html("<script"), "") and html(HOSTILE) in htmls(app)
    for one in (*texts(app.caption), *(one.label for one in (*app.button, *app.page_link))):
        assert "<script>" not in one.replace("\\<script\\>", "")


def test_many_notes_come_a_page_at_a_time(library: Library) -> None:
    for number in range(12):
        library.notes.add(f"Note {number:02}.")
    app = opened(library, "notes")
    assert htmls(app).count('class="hg-note"') == 10
    app.pagination[0].set_value(2).run()
    assert htmls(app).count('class="hg-note"') == 2


# Beside answers


def test_notes_stand_beside_an_answer_where_they_are_asked_for(library: Library) -> None:
    assert not opened(library, "ask").toggle
    library.notes.add("I believe that nacre contains beta sheets.")
    app = opened(library, "ask", q="What contains beta sheets?")
    assert "I believe that nacre" not in htmls(app)
    app.toggle(key="with-notes").set_value(True).run()
    assert '<p class="hg-note">I believe that nacre contains beta sheets.</p>' in htmls(app)
    assert any(one.label == "Open the note →" for one in app.page_link)
    assert not app.exception


def test_an_answer_is_kept_as_a_note_once(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "ask", q="What contains beta sheets?")
    for _ in range(2):
        button(app, "Keep this answer as a note").click().run()
        assert not app.exception
    (note,) = library.notes
    assert note.by == "run" and note.title == "What contains beta sheets?" and "beta sheets" in note.text
    assert [one.key for one in note.papers] == ["webs"]
    assert "not your words" in htmls(opened(library, "notes"))
