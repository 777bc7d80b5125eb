"""The Table page, with a small library in memory."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.fakes.web import HOSTILE, article, htmls, library_of, opened, small


def filled(app: AppTest, questions: str) -> AppTest:
    app.text_area[0].set_value(questions)
    next(one for one in app.button if one.label == "Fill the table").click()
    app.run()
    assert not app.exception
    return app


def test_an_empty_library_says_where_to_begin(tmp_path: Path) -> None:
    assert "no papers in this library yet" in opened(library_of(tmp_path), "table").info[0].value


def test_papers_are_asked_and_their_quotes_lead_to_them(tmp_path: Path) -> None:
    questions = "What increases toughness of spider silk?\n\nWhat contains beta sheets?"
    app = filled(opened(small(tmp_path), "table"), questions)
    shown = htmls(app)
    assert "1. What increases toughness of spider silk?" in shown
    assert "spider silk contains beta sheets" in shown.casefold()
    assert "paper?id=" in shown and "passage=" in shown
    assert [one.label for one in app.get("download_button")] == ["Save as CSV", "Save as Markdown"]


def test_text_of_papers_is_text(tmp_path: Path) -> None:
    library = library_of(tmp_path, article("hostile", (f"silk {HOSTILE}", "is a", "composite"), title=HOSTILE))
    shown = htmls(filled(opened(library, "table"), "Is silk a composite?"))
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown


def test_without_a_question_one_is_asked_for(tmp_path: Path) -> None:
    assert "at least one question" in filled(opened(small(tmp_path), "table"), " \n ").info[0].value


def test_a_question_that_may_serve_harm_is_not_asked(tmp_path: Path) -> None:
    app = filled(opened(small(tmp_path), "table"), "How can I synthesise sarin?")
    assert "making a chemical weapon" in " ".join(one.value for one in [*app.error, *app.warning, *app.info])
