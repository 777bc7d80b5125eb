"""The Hypotheses page with a small library in memory."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from kg.library import Library
from kg.model import SourceRecord
from tests.fakes.web import HOSTILE, article, htmls, library_of, opened, texts
from tests.kg.made import origin
from ui.web.text import html

OIL = article("oil", ("fish oil", "decreases", "blood viscosity"), title="On fish oil", year=1984, authors=("Ada A",))
COLD = article("cold", ("blood viscosity", "increases", "cold fingers"), title="On cold", year=1985, authors=("Bo B",))
PLATELETS = article("platelets", ("fish oil", "decreases", "platelet stickiness"), title="P", year=1986,
                    authors=("Cy C",))
STICKY = article("sticky", ("platelet stickiness", "causes", "cold fingers"), title="S", year=1987, authors=("Di D",))
STATED = article("stated", ("fish oil", "decreases", "cold fingers"), title="It is so", year=1990, authors=("Ed E",))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_of(tmp_path, OIL, COLD, PLATELETS, STICKY)


def come(library: Library, one: SourceRecord) -> None:
    library.store.add(one, origin(one))


def button(app: AppTest, name: str) -> Any:
    return next(one for one in app.button if one.label == name)


def waited(app: AppTest, is_so: Callable[[AppTest], bool]) -> AppTest:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not is_so(app):
        time.sleep(0.1)
        app.run()
    assert not app.exception and is_so(app), htmls(app)
    return app


def made(library: Library, start: str = "fish oil", goal: str | None = "cold fingers") -> AppTest:
    wish = {"from": start} | ({} if goal is None else {"to": goal})
    app = opened(library, "hypotheses", **wish)
    button(app, "Make hypotheses").click().run()
    return waited(app, lambda app: "hg-supposed" in htmls(app) or bool(app.error) or bool(app.warning))


def seen(app: AppTest, view: str) -> AppTest:
    app.session_state["hypotheses-view"] = view
    return app.run()


def kept(app: AppTest, why: str = "") -> None:
    """Keeps the hypothesis that is open."""
    if why:
        next(one for one in app.text_input if one.label == "Why").set_value(why)
    button(app, "Keep").click().run()
    assert not app.exception


def test_an_empty_library_says_where_to_begin(tmp_path: Path) -> None:
    assert "no papers in this library yet" in opened(library_of(tmp_path), "hypotheses").info[0].value


def test_hypotheses_are_made_between_two_concepts_and_listed_with_rank_and_interval(library: Library) -> None:
    app = made(library)
    shown = htmls(app)
    assert shown.count("hg-supposed") == 2
    assert "blood viscosity" in shown and "platelet stickiness" in shown
    assert '<span class="hg-number hg-rank">1</span>' in shown and "95 % interval" in shown
    assert 'title="it follows from what papers state">plausible</span>' in shown
    assert {one.label for one in app.get("download_button")} >= {"Report (Markdown)", "BibTeX"}
    assert any(one.label == "The whole run →" for one in app.page_link)


def test_an_open_hypothesis_shows_its_path_its_sentences_and_its_critique(library: Library) -> None:
    app = made(library)
    button(app, "Open").click().run()
    shown = htmls(app)
    assert "What nobody here states: <strong>fish oil</strong>" in shown
    assert "hg-quote hg-for" in shown and 'href="paper?id=' in shown
    for section in ("Outcome", "What would refute it", "Is it new", "How it measures up"):
        assert f'<h4 class="hg-section">{section}' in shown, section
    assert len(app.get("imgs")) == 2 or len(app.get("image")) == 2, "the path and the arguments"
    button(app, "Close").click().run()
    assert "What nobody here states" not in htmls(app)


def test_a_statement_of_the_persons_own_is_led_to_and_judged(library: Library) -> None:
    app = opened(library, "hypotheses", statement="Fish oil decreases cold fingers.")
    button(app, "Make hypotheses").click().run()
    shown = htmls(waited(app, lambda app: "hg-supposed" in htmls(app) or bool(app.error)))
    assert "Fish oil decreases cold fingers" in shown


def test_wishes_that_exclude_one_another_are_said(library: Library) -> None:
    app = opened(library, "hypotheses", **{"from": "fish oil", "to": "cold fingers"})
    next(one for one in app.checkbox if one.label == "Only across communities").check()
    button(app, "Make hypotheses").click().run()
    assert "Across communities" in waited(app, lambda app: bool(app.error)).error[0].value


def test_what_cannot_be_made_is_said(library: Library) -> None:
    assert "No concept 'cold finger tips'" in made(library, goal="cold finger tips").error[0].value.replace("\\", "")


def test_a_hypothesis_is_kept_worded_anew_and_found_again(library: Library) -> None:
    app = made(library)
    button(app, "Open").click().run()
    kept(app, "worth a trial")
    (one,) = library.hypotheses
    assert (one.standing, one.reason) == ("kept", "worth a trial")
    assert '<span class="hg-badge hg-for" title="how you judged it">kept</span>' in htmls(app)
    app.text_area[0].set_value("Fish oil may warm cold fingers.")
    button(app, "Keep").click().run()
    assert "For which reason" in app.error[0].value, "words are changed for a reason"
    kept(app, "milder")
    assert library.hypotheses.get(one.id).statement == "Fish oil may warm cold fingers."
    app = seen(app, "Kept")
    assert "Fish oil may warm cold fingers." in htmls(app) and "milder" in htmls(app)
    assert "None yet" in seen(app, "Rejected").info[0].value


def test_what_was_rejected_is_left_out_unless_it_is_asked_for(library: Library) -> None:
    app = made(library)
    button(app, "Open").click().run()
    button(app, "Reject").click().run()
    assert "For which reason" in app.error[0].value and library.hypotheses.standings() == {}
    next(one for one in app.text_input if one.label == "Why").set_value("known to every sailor")
    button(app, "Reject").click().run()
    assert list(library.hypotheses.standings().values()) == ["rejected"]
    assert htmls(app).count("hg-supposed") == 1
    app.toggle(key="show-rejected").set_value(True).run()
    assert htmls(app).count("hg-supposed") == 2
    app = seen(app, "Rejected")
    assert "known to every sailor" in htmls(app) and not app.exception


def test_two_hypotheses_stand_side_by_side(library: Library) -> None:
    app = made(library)
    one, other = app.multiselect(key="compare-hypotheses").options
    app.multiselect(key="compare-hypotheses").select(one).select(other).run()
    shown = htmls(app)
    assert "weakest hop" in shown and "concepts in both" in shown and "cold fingers, fish oil" in shown


def test_what_is_new_about_those_that_are_kept_is_told_until_note_is_taken(library: Library) -> None:
    app = made(library)
    assert "Nothing is watched" in seen(app, "What is new").info[0].value
    app = seen(app, "Make")
    button(app, "Open").click().run()
    kept(app)
    assert "Nothing new for 1 hypothesis" in seen(app, "What is new").success[0].value.replace("\\", "")
    come(library, STATED)
    app = seen(app, "What is new")
    shown = htmls(app)
    assert "<strong>New support</strong> on the link that nobody stated" in shown
    assert "verdict: plausible → supported" in shown and "novelty: novel-looking → anticipated" in shown
    button(app, "Take note").click().run()
    assert "Nothing new" in app.success[0].value and not app.exception


def test_what_papers_say_is_text(tmp_path: Path) -> None:
    harm = HOSTILE[:60]
    library = library_of(
        tmp_path,
        article("one", (harm, "increases", "toughness"), title=HOSTILE, year=2001, authors=("Ada A",)),
        article("two", ("toughness", "increases", "strength"), title="T", year=2002, authors=("Bo B",)),
    )
    app = made(library, harm, "strength")
    button(app, "Open").click().run()
    assert "<script" not in htmls(app) and html(harm) in htmls(app)
    kept(app, harm)
    for view in ("Kept", "What is new", "Make"):
        app = seen(app, view)
        assert "<script" not in htmls(app) and not app.exception
        for one in texts(app.caption):
            assert "<script>" not in one.replace("\\<script\\>", "")


def test_the_page_makes_the_same_bytes_as_the_notebook(library: Library) -> None:
    app = made(library)
    (making,) = app.session_state["hypotheses-made"].values()
    told = library.hypothesize("fish oil", "cold fingers")
    assert making.result.as_json() == told.as_json()
    assert making.result.report() == told.report()
