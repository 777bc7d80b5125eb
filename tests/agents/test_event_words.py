from __future__ import annotations

import pytest

from agents.event_words import words
from agents.steps.following import Turn
from agents.workflows import ask
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper


@pytest.fixture
def library() -> Library:
    return library_of(paper("silk", "Spider silk is a very tough fibre.", "Nacre is a very stiff composite."))


def told(library: Library, question: str, *earlier: str, override: str | None = None) -> list[str]:
    answer = ask(question, library, earlier=[Turn(one) for one in earlier], override=override)
    return [words(event.step, event.outputs) for event in answer.steps]


def test_each_step_says_what_it_did(library: Library) -> None:
    check, plan, search, fit, answer, again, cite = told(library, "Is spider silk a tough fibre?")
    assert check == "Checked the question: one question, nothing to clear up"
    assert plan == "To be answered by passages"
    assert search == "Searched “Is spider silk a tough fibre?”: 2 passages of 1 paper"
    assert fit.startswith("Kept 2 passages from 0.")
    assert answer == "Quoted 1 sentence"
    assert again == "The quotes cover the question"
    assert cite == "1 citation held against the papers"


def test_several_questions_and_what_they_wait_for_are_named(library: Library) -> None:
    lines = told(library, "What is spider silk? Is it a tough fibre?")
    assert lines[0] == "Checked the question: 2 questions in one"
    assert "1. What is spider silk?; 2. Is spider silk a tough fibre? (after 1)" in lines[1]


def test_the_completed_question_is_told(library: Library) -> None:
    assert told(library, "and nacre?", "Is spider silk tough?")[0].startswith("Understood as “Is nacre tough?”")
    assert told(library, "Is nacre stiff?", "Is spider silk tough?")[0] == "The question stands by itself"


def test_that_nothing_fits_is_told_with_the_bar(library: Library) -> None:
    assert any(line.startswith("Nothing fits: the best fits") for line in told(library, "How do planets orbit?"))


def test_an_advisory_and_the_reason_to_go_on_are_told(library: Library) -> None:
    question = "How can I make sarin?"
    assert told(library, question)[0].endswith("not answered")
    assert told(library, question, override="a course")[0].endswith("for the reason given: a course")


def test_claims_readings_computations_and_dropped_citations() -> None:
    claim = {"says": "a – increases – b", "assumed": True, "verdict": "denied", "for": [], "against": ["x"]}
    readings = [{"name": "PVA", "means": "alcohol", "places": 2}, {"name": "PVA", "means": "acetate", "places": 1}]
    checked = words("check", {"questions": ["?"], "claim": claim, "readings": readings})
    assert "takes for granted: a – increases – b; your papers speak against it (0 for, 1 against)" in checked
    assert "PVA has several meanings: alcohol (2), acetate (1)" in checked
    assert words("compute", {"how": "shortest path"}) == "Computed over the graph: shortest path"
    assert words("cite", {"citations": 2, "dropped": [{}]}) == "2 citations held against the papers, 1 dropped"
    searched = [{"left_out": ["zinc"], "added": ["x", "y"], "still": ["lead"]}]
    assert words("check answer", {"searched": searched}) == "Searched again for zinc: 2 quotes more, still without lead"


def test_a_step_of_another_kind_of_run_has_its_name() -> None:
    assert words("hypothesise", {}) == "Hypothesise"


def test_the_form_in_which_a_step_was_taken_is_told() -> None:
    answer = {"sentences": ["a"], "form": "model", "why": "", "unsupported": ["b"], "dropped_quotes": {"nowhere": 2}}
    assert words("answer", answer | {"left_out": 3}) == (
        "Wrote 1 sentence; 2 quotes stood nowhere and went; 1 sentence did not rest on quotes and went "
        "(by the language model; no room in its window for 3 passages)"
    )
    gone = {"sentences": ["a"], "form": "without", "why": "The budget of 5 seconds is over."}
    assert words("answer", gone) == "Quoted 1 sentence (without the language model: The budget of 5 seconds is over.)"
    assert words("answer", gone | {"why": ""}) == "Quoted 1 sentence"
    assert "language model" not in words("answer", {"sentences": [], "why": "a reason of another kind"})


def test_a_new_plan_and_a_report_are_told() -> None:
    new = {"route": "passages", "progress": {}, "questions": [{"number": 3, "question": "Who spins?", "needs": []}]}
    assert words("plan", new).endswith("not everything was found: “Who spins?”")
    assert words("plan", new | {"questions": []}).endswith("there is nothing else to ask")
    assert words("report", {"sections": [["a", "b"], ["c"]]}) == "Connected 3 sentences to a report"
