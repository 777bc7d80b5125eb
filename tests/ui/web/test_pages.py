"""Each page with a small library in memory: what it shows, and that papers' text is text on it."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from kg.library import Library
from kg.stores.memory_store import MemoryStore
from tests.fakes.web import HOSTILE, article, doubtful, htmls, library_of, opened, small, texts
from ui.web import served, uploads
from ui.web.text import html, label

PAGES = ["library", "ask", "graph", "paper", "disagreements"]


def markdown(app: AppTest) -> str:
    """All that the page shows as Markdown or as a widget's label."""
    return "\n".join([*texts(app.markdown), *texts(app.caption), *texts(app.title), *texts(app.subheader),
                      *(one.value for kind in (app.info, app.warning, app.error, app.success) for one in kind),
                      *(one.label for kind in (app.button, app.page_link, app.expander) for one in kind)])


def waited(app: AppTest, is_so: Callable[[AppTest], bool]) -> AppTest:
    """The app run again until something is so, as its own clock makes a browser do."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not is_so(app):
        time.sleep(0.1)
        app.run()
    assert is_so(app), markdown(app)
    return app


def titles(app: AppTest) -> list[str]:
    """The titles of papers that lead to them."""
    return [one.label for one in app.page_link if one.label.startswith("**")]


# Nothing there yet


@pytest.mark.parametrize("page", PAGES[1:])
def test_an_empty_library_says_where_to_begin(tmp_path: Path, page: str) -> None:
    app = opened(library_of(tmp_path), page)
    assert "no papers in this library yet" in app.info[0].value
    assert [one.label for one in app.page_link] == ["Go to the Library page →"]


def test_a_folder_that_is_no_library_yet_is_not_made_by_looking(tmp_path: Path) -> None:
    app = opened(Library(tmp_path / "none"))
    assert "Nothing has been read yet" in markdown(app)
    assert [one.label for one in app.button] == ["Read the sample articles"]
    assert not (tmp_path / "none").exists()
    for page in PAGES[1:]:
        assert "no papers" in opened(Library(tmp_path / "none"), page).info[0].value
    assert not (tmp_path / "none").exists()


# Library


def test_the_library_page_counts_and_lists(tmp_path: Path) -> None:
    app = opened(small(tmp_path))
    assert {one.label: one.value for one in app.metric}["Papers"] == "3"
    assert any("On webs" in one.label for one in app.page_link)
    assert "Ada Webber · 2001 · webs" in htmls(app)


def test_papers_are_found_by_any_word_of_theirs(tmp_path: Path) -> None:
    app = opened(small(tmp_path))
    app.text_input[0].set_value("WEBBER 2001").run()
    assert titles(app) == ["**On webs**"]
    app.text_input[0].set_value("nobody").run()
    assert "No paper fits" in markdown(app)


def test_a_paper_is_removed_once_that_is_confirmed(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library)
    paper = library.paper("webs").id
    app.button(key=f"remove-{paper}").click().run()
    assert len(library.papers()) == 3
    next(one for one in app.button if one.label == "Remove" and one.key is None).click().run()
    assert [one.key for one in library.papers()] == ["doubts", "hostile"]
    assert not app.exception


def test_many_papers_come_a_page_at_a_time(tmp_path: Path) -> None:
    app = opened(library_of(tmp_path, *(article(f"p{number:02}", title=f"Title {number:02}") for number in range(45))))
    assert len(titles(app)) == 20
    app.pagination[0].set_value(3).run()
    assert titles(app) == [f"**Title {number}**" for number in range(40, 45)]


def test_an_upload_is_read_and_reported(tmp_path: Path) -> None:
    store = MemoryStore()
    store.address = str(tmp_path / "library")
    library = Library(store=store)
    app = opened(library)
    app.file_uploader[0].set_value([("silk.md", b"# On silk\n\nSpider silk contains beta sheets.", "text/markdown"),
                                    ("broken.pdf", b"%PDF-1.4 nothing", "application/pdf")]).run()
    next(one for one in app.button if one.label == "Read 2 files").click().run()
    waited(app, lambda app: bool(app.warning))
    assert "1 added, 1 failed" in app.warning[0].value
    assert "<td>silk.md</td><td>added</td><td>silk.md</td>" in htmls(app)
    assert re.search("<td>broken.pdf</td><td>failed</td><td></td><td>[a-z]+", htmls(app))
    assert [one.title for one in library.papers()] == ["On silk"]
    assert [path.name for path in uploads.folder(library).iterdir()] == ["silk.md"]
    # The same name with other content is asked about; what is chosen then happens.
    app.file_uploader[0].set_value(("silk.md", b"# On silk\n\nSilk is a protein fibre.", "text/markdown")).run()
    assert "silk" in app.radio[0].label
    next(one for one in app.button if one.label == "Read 1 file").click().run()
    waited(app, lambda app: bool(app.success))
    assert "1 replaced" in app.success[0].value
    # Removing the paper takes its file along.
    app.button(key=f"remove-{library.papers()[0].id}").click().run()
    assert "uploaded file is deleted" in markdown(app)
    next(one for one in app.button if one.label == "Remove" and one.key is None).click().run()
    assert list(uploads.folder(library).iterdir()) == []


# Ask


def test_an_answer_has_numbered_quotes_that_lead_to_their_papers(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "ask", q="What contains beta sheets?")
    shown = htmls(app)
    assert "“spider silk contains beta sheets.”" in shown
    assert '<span class="hg-number">1</span>' in shown
    assert "webs · 2001 · Results · p. 1" in shown
    assert '<span class="hg-cited">spider silk contains beta sheets.</span>' in shown
    assert {one.page for one in app.page_link} == {"paper", "runs"}


def test_a_question_is_asked_by_the_form(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask")
    app.text_input[0].set_value("Does spider silk increase toughness?")
    next(one for one in app.button if one.label == "Ask").click().run()
    assert "spider silk increases toughness" in htmls(app)
    assert app.query_params["q"] in ("Does spider silk increase toughness?", ["Does spider silk increase toughness?"])


def test_a_second_question_takes_the_place_of_the_first(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    for question in ("Does humidity decrease toughness?", "What is a composite?"):
        app.text_input[0].set_value(question)
        next(one for one in app.button if one.label == "Ask").click().run()
        assert app.subheader[0].value == label(question)


def test_the_question_is_still_there_after_a_look_elsewhere(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    del app.query_params["q"]
    app.switch_page("web/pages/disagreements.py").run().switch_page("web/pages/ask.py").run()
    assert app.text_input[0].value == "What contains beta sheets?"
    assert app.subheader[0].value == label("What contains beta sheets?")


def test_an_example_is_asked_by_a_click(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask")
    example = next(one for one in app.button if "spider silk" in one.label)
    example.click().run()
    assert app.text_input[0].value == "What is known about spider silk?"
    assert app.subheader[0].value == label("What is known about spider silk?")


def test_a_follow_up_is_asked_below_the_answer_and_completed(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    app.text_input(key="follow-up").set_value("and a composite?")
    next(one for one in app.button if one.label == "Ask on").click().run()
    asked = [label("What contains beta sheets?"), label("What contains composite?")]
    assert [one.value for one in app.subheader] == asked
    assert "Asked as: and a composite" in markdown(app)
    # Another first question begins anew.
    app.text_input[0].set_value("What is a composite?")
    next(one for one in app.button if one.label == "Ask").click().run()
    assert [one.value for one in app.subheader] == [label("What is a composite?")]


def test_the_steps_and_a_report_are_there(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="What contains beta sheets?")
    assert "<li>Searched “What contains beta sheets?”: " in htmls(app)
    assert [one.proto.label for one in app.get("download_button")] == ["Report (Markdown)", "BibTeX"]


def test_a_question_that_may_serve_harm_is_answered_with_a_reason(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="How can I make sarin?")
    assert "sarin" in app.info[0].value
    next(one for one in app.text_input if one.label.startswith("A reason")).set_value("a course on safety")
    next(one for one in app.button if one.label == "Go on").click().run()
    assert "for the reason given: a course on safety" in htmls(app)


def test_what_is_not_in_the_papers_is_not_answered(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="Who won the football cup?")
    assert "Your papers do not answer this" in app.warning[0].value
    assert "hg-number" not in htmls(app)
    assert "##### The nearest passages" in texts(app.markdown)


def test_years_after_the_one_named_are_left_out(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="Does spider silk increase toughness?")
    assert "doubts" in htmls(app)
    app.number_input(key="ask-until").set_value(2005).run()
    assert "doubts" not in htmls(app) and "spider silk increases toughness." in htmls(app)


def test_a_question_without_a_word_gets_a_message(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="???")
    assert "no letter" in app.error[0].value


# Graph


def test_a_concept_is_drawn_and_told_in_words(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "graph", concept="toughness")
    assert "toughness" in htmls(app)
    rows = re.findall("<tr><td>(.+?)</td></tr>", re.sub(' class="hg-count"', "", htmls(app)))
    assert [row.split("</td><td>") for row in rows] == [
        ["humidity", "decreases", "toughness", "1", "1", "0", "1"],
        ["spider silk", "increases", "toughness", "2", "1", "1", "0"]]
    assert any("Doubts about webs" in one.label for one in app.page_link)


def test_the_sentences_of_a_relation_are_read_from_the_table(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "graph", concept="toughness")
    relation = next(one for one in library.relations() if one.predicate == "increases")
    app.selectbox(key="graph-table").set_value(relation.id).run()
    next(one for one in app.button if one.label == "Read").click().run()
    assert "##### For · 1" in texts(app.markdown)
    assert "##### Against · 1" in texts(app.markdown)
    assert "“spider silk increases toughness.”" in htmls(app)
    assert [htmls(app).count(f"hg-quote hg-{side}") for side in ("for", "against")] == [1, 1]
    next(one for one in app.button if one.label == "Close").click().run()
    assert "##### For · 1" not in texts(app.markdown)


def test_hedged_sentences_stand_apart(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "graph", concept="toughness")
    relation = next(one for one in library.relations() if one.predicate == "decreases")
    app.selectbox(key="graph-table").set_value(relation.id).run()
    next(one for one in app.button if one.label == "Read").click().run()
    assert "##### Hedged · 1" in texts(app.markdown)


def test_an_unknown_concept_gets_the_nearest_names(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "graph", concept="toughnes")
    assert "toughness" in app.error[0].value


def test_the_concept_asked_for_last_is_shown(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "graph", concept="toughness")
    for name in ("beta sheets", "composite", "beta sheets"):
        app.selectbox(key="concept-name").set_value(name).run()
        assert f'<p class="hg-heading">{name}</p>' in htmls(app)
    app.query_params["concept"] = "toughness"
    app.run()
    assert '<p class="hg-heading">toughness</p>' in htmls(app)


def test_without_a_wish_the_best_connected_concept_is_shown(tmp_path: Path) -> None:
    assert '<p class="hg-heading">spider silk</p>' in htmls(opened(small(tmp_path), "graph"))


def test_a_concept_that_was_removed_meanwhile_is_said_to_be_gone(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "graph", concept="beta sheets")
    library.remove("webs")
    app.run()
    assert "in no paper any more" in markdown(app)


def test_candidates_of_a_concept_are_shown_by_a_switch(tmp_path: Path) -> None:
    app = opened(doubtful(tmp_path), "graph", concept="nacre")
    assert "nacre increases toughness" not in htmls(app)
    app.toggle(key="graph-candidates").set_value(True).run()
    assert "##### Candidates · 2" in texts(app.markdown)
    assert htmls(app).count("hg-quote hg-doubtful") == 2
    assert "may state: nacre – not: increases – toughness" in htmls(app)
    assert "candidate: does not count" in htmls(app)
    app.query_params["concept"] = "spider silk"
    app.run()
    assert "##### Candidates · 0" in texts(app.markdown), "the switch stays as it is"


def test_candidates_of_a_relation_are_shown_by_the_same_switch(tmp_path: Path) -> None:
    library = doubtful(tmp_path)
    said = article("more", ("spider silk", "contains", "beta sheets", "supports", "stated", True), title="More")
    library.store.add(said, "corpus:more")
    app = opened(library, "graph", concept="beta sheets")
    app.selectbox(key="graph-table").set_value(library.relations("beta")[0].id).run()
    next(one for one in app.button if one.label == "Read").click().run()
    assert "hg-doubtful" not in htmls(app)
    app.toggle(key="graph-candidates").set_value(True).run()
    assert "##### For · 1" in texts(app.markdown) and "##### Candidates · 1" in texts(app.markdown)
    assert htmls(app).count("hg-quote hg-doubtful") == 1


def test_quantities_stand_with_the_sentences_of_a_relation(tmp_path: Path) -> None:
    library = doubtful(tmp_path)
    app = opened(library, "graph", concept="nacre")
    app.selectbox(key="graph-table").set_value(library.relations("strength")[0].id).run()
    next(one for one in app.button if one.label == "Read").click().run()
    assert 'of <span class="hg-amount" title="strength">1.5 GPa</span>.' in htmls(app)
    assert "<span>strength: <strong>1.5 GPa</strong></span>" in htmls(app)


def test_a_question_is_asked_of_part_of_the_library(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "ask", q="What increases toughness?")
    assert "spider silk increases toughness." in htmls(app)
    app.number_input(key="ask-until").set_value(1990).run()
    assert "Your papers do not answer this" in markdown(app)
    app.number_input(key="ask-since").set_value(1995).run()
    assert "No year is both" in app.error[0].value


def test_the_graph_is_drawn_of_part_of_the_library(tmp_path: Path) -> None:
    library = small(tmp_path)
    library.tag("webs", add="thesis")
    app = opened(library, "graph", concept="toughness")
    assert app.multiselect(key="graph-papers").options[0] == "thesis"
    assert "3 concepts, 2 relations" in markdown(app)
    app.multiselect(key="graph-papers").set_value(["thesis"]).run()
    assert "2 concepts, 1 relation;" in markdown(app) or "2 concepts, 1 relation." in markdown(app)
    assert "Only in part of the library · 1 set" in markdown(app)
    app.number_input(key="graph-since").set_value(2005).run()
    assert "1 concept, 0 relations" in markdown(app)
    app.number_input(key="graph-until").set_value(1990).run()
    assert "No year is both from 2005 on" in app.error[0].value


def test_the_graph_is_narrowed_to_types(tmp_path: Path) -> None:
    app = opened(doubtful(tmp_path), "graph", concept="nacre")
    assert "Material (1)" in app.multiselect(key="graph-types").options
    assert "<td>strength</td>" in htmls(app)
    app.multiselect(key="graph-types").set_value(["Material"]).run()
    assert app.selectbox(key="concept-name").options == ["nacre"]
    assert "<td>strength</td>" not in htmls(app)
    assert '<p class="hg-heading">nacre</p>' in htmls(app)
    app.multiselect(key="graph-types").set_value(["Property"]).run()
    assert app.selectbox(key="concept-name").options == ["strength"]
    assert "<td>strength</td>" in htmls(app), "the concept that is looked at stays, with its neighbours of that type"


def test_a_name_that_was_chosen_stays_when_the_types_are_narrowed(tmp_path: Path) -> None:
    app = opened(doubtful(tmp_path), "graph")
    app.selectbox(key="concept-name").set_value("toughness").run()
    app.multiselect(key="graph-types").set_value(["Material"]).run()
    assert not app.exception
    assert '<p class="hg-heading">toughness</p>' in htmls(app)


# Paper


def test_a_paper_shows_quantities_and_on_demand_candidates(tmp_path: Path) -> None:
    library = doubtful(tmp_path)
    app = opened(library, "paper", id=library.paper("lab").id)
    shown = htmls(app)
    assert 'title="nacre (Material)' in shown
    assert re.search('<span class="[^"]*hg-amount"[^>]*title="[^"]*strength">1.5 GPa</span>', shown)
    assert "hg-candidate" not in shown and "may state" not in shown
    next(one for one in app.toggle if one.label == "Show candidates").set_value(True).run()
    shown = htmls(app)
    assert 'class="hg-candidate hg-concept" title="may state: nacre – increases – toughness; nacre (Material)"' in shown
    assert "##### Candidates · 3" in texts(app.markdown)
    assert "##### What it states · 1" in texts(app.markdown)
    next(one for one in app.toggle if one.label == "Mark quantities").set_value(False).run()
    assert "hg-amount" not in htmls(app).replace('class="hg-amount">quantity', "")


def test_a_paper_is_shown_with_its_marks(tmp_path: Path) -> None:
    library = small(tmp_path)
    app = opened(library, "paper", id=library.paper("doubts").id)
    shown = htmls(app)
    assert "Doubts about webs" in shown
    assert 'class="hg-denies hg-concept"' in shown
    assert 'class="hg-hedges hg-concept"' in shown
    assert 'title="spider silk – not: increases – toughness' in shown
    for toggle in app.toggle:
        toggle.set_value(False)
    app.run()
    assert 'class="hg-denies' not in htmls(app).replace('class="hg-denies">denies one', "")


def test_the_passage_that_is_looked_for_is_marked(tmp_path: Path) -> None:
    library = small(tmp_path)
    passage = library.passages("webs")[1].passage.id
    app = opened(library, "paper", id=library.paper("webs").id, passage=passage)
    assert f'<p class="hg-passage hg-target" id="hg-{passage}">' in htmls(app)


def test_a_paper_that_is_gone_is_said_to_be(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "paper", id="w-gone")
    assert "not in the library (any more)" in app.warning[0].value
    app.selectbox[0].select_index(0).run()
    assert not app.warning


# Disagreements


def test_both_sides_stand_beside_each_other(tmp_path: Path) -> None:
    app = opened(small(tmp_path), "disagreements")
    shown = htmls(app)
    assert shown.count("<blockquote") == 2
    assert "hg-for" in shown and "hg-against" in shown
    app.multiselect[0].set_value(["toughness"]).run()
    assert htmls(app).count("<blockquote") == 2


def test_where_nobody_disagrees_that_is_said(tmp_path: Path) -> None:
    app = opened(library_of(tmp_path, article("a", ("silk", "is a", "fibre"))), "disagreements")
    assert "contradict" in app.info[0].value


# Text from papers


@pytest.mark.parametrize("page", PAGES)
def test_text_from_papers_is_text(tmp_path: Path, page: str) -> None:
    library = doubtful(tmp_path)
    query = {"ask": {"q": "What is a composite?"}, "graph": {"concept": "composite"},
             "paper": {"id": library.paper("hostile").id}}.get(page, {})
    app = opened(library, page, **query)
    for toggle in app.toggle:
        toggle.set_value(True)
    if app.toggle:
        app.run()
    shown = htmls(app)
    assert "<script" not in shown and "<img" not in shown
    if page in ("library", "ask", "paper"):
        assert html(HOSTILE)[:30] in shown
    for harm in ("$x^2$", ":red[", "**bold**", "[link](", ":smile:", "`code`", "<img"):
        assert not re.search(r"(?<!\\)" + re.escape(harm), markdown(app))


def test_two_tabs_look_at_one_library(tmp_path: Path) -> None:
    library = small(tmp_path)
    one = opened(library)
    two = AppTest.from_file(str(one._script_path), default_timeout=30).run()
    assert served.served().library is library
    library.remove("webs")
    assert {each.metric[0].value for each in (one.run(), two.run())} == {"2"}
