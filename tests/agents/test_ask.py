from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agents.answer import UNANSWERED, Answer
from agents.asking import STEPS, Step
from agents.conversation import turn
from agents.run_logs import MemoryLog
from agents.runs import Event, Record
from agents.steps.following import Turn
from agents.workflows import ask
from kg.errors import UsageError
from kg.model import SourceRecord
from kg.scope import Scope
from kg.stores.memory_store import MemoryStore
from kg.vectors.embedder import passage_text
from tests.agents.made import Library, library_of
from tests.fakes.papers import WORDS, paper
from tests.kg.made import Said, record

TOP = Path(__file__).resolve().parents[2]

SILK = paper("silk", "Spider silk is a very tough fibre. Crystals increase the toughness of spider silk by half.",
             "Steel rusts in salt water when it is not painted.", title="On silk", year=2017)
STEEL = paper("steel", "Steel is used for bridges and for many other things.", year=2001)
UNDATED = paper("undated", "Songs praise the toughness of spider silk in webs of old.")


@pytest.fixture
def library() -> Library:
    return library_of(SILK, STEEL, UNDATED)


def cited(answer: Answer) -> set[str]:
    return {citation.key for sentence in answer.sentences for citation in sentence.citations}


STEPS_TAKEN = ["check", "plan", "search", "filter", "answer", "check answer", "cite"]


def outputs(answer: Answer, step: str) -> Mapping[str, Any]:
    """What the first event of a step tells."""
    return next(event.outputs for event in answer.steps if event.step == step)


def test_an_answer_is_made_of_whole_sentences_with_their_places(library: Library) -> None:
    answer = ask("What increases the toughness of spider silk?", library)
    assert answer.answered
    assert answer.sentences[0].text == "Crystals increase the toughness of spider silk by half."
    texts = {one.passage.id: one.passage.text for one in library.store.passages()}
    for sentence in answer.sentences:
        assert sentence.citations
        for citation in sentence.citations:
            assert texts[citation.passage][citation.start : citation.end] == citation.quote == sentence.text
            assert citation.passage in {hit.passage for hit in answer.hits}
        assert f"{sentence.text} [" in answer.answer


@pytest.mark.parametrize("question", ["How do planets orbit?", "Does velotrazine cure the plague?", "蚕丝 强度"])
def test_what_is_not_there_is_not_answered_but_the_nearest_passages_are_shown(library: Library, question: str) -> None:
    answer = ask(question, library)
    assert (answer.answered, answer.answer, answer.sentences) == (False, UNANSWERED, ())
    assert answer.hits


def test_an_empty_library_answers_nothing() -> None:
    answer = ask("Is silk tough?", Library(MemoryStore()))
    assert (answer.answered, answer.hits) == (False, ())


def test_a_question_without_a_word_is_refused(library: Library) -> None:
    with pytest.raises(UsageError, match="no letter"):
        ask("?!", library)


def test_later_papers_are_neither_quoted_nor_known(library: Library) -> None:
    answer = ask("What increases the toughness of spider silk?", library, scope=Scope(until=2010))
    assert not answer.answered
    assert {hit.key for hit in answer.hits} == {"steel"}
    assert cited(ask("What increases the toughness of spider silk?", library, scope=Scope(until=2017))) == {"silk"}


def test_words_of_hidden_papers_are_not_known(library: Library) -> None:
    def unknown(until: int | None) -> float:
        answer = ask("Is spider silk for bridges?", library, scope=Scope(until=until))
        return float(outputs(answer, "filter")["unknown"])

    assert unknown(2017) == unknown(None) == 0
    assert unknown(2010) > 0.5


def test_the_same_question_to_the_same_library_is_the_same_run(library: Library) -> None:
    other = library_of(UNDATED, STEEL, SILK)
    one, again = ask("Is spider silk tough?", library, seed=3), ask("Is spider silk tough?", other, seed=3)
    assert one == again
    assert one.run != ask("Is spider silk tough?", library, seed=4).run
    library.store.add(paper("more", "Nothing of interest."), "corpus:more")
    assert one.run != ask("Is spider silk tough?", library, seed=3).run


def test_each_step_is_told_and_kept(library: Library) -> None:
    told: list[Event] = []
    log = MemoryLog()
    answer = ask("Is spider silk tough?", library, on_event=told.append, log=log)
    assert [event.step for event in told] == STEPS_TAKEN
    assert tuple(told) == answer.steps
    record = Record.read(log, answer.run)
    assert (record.inputs["question"], record.state) == ("Is spider silk tough?", "done")
    assert [event["step"] for event in record.events] == STEPS_TAKEN


def test_it_has_the_agreed_form_as_json(library: Library) -> None:
    told = json.loads(json.dumps(ask("What increases the toughness of spider silk?", library).as_json()))
    assert told.keys() == {"run", "question", "answered", "answer", "sentences", "hits", "steps", "model", "cost",
                           "completed", "route", "parts", "notes", "papers", "waiting", "sections",
                           "remembered"}
    assert (told["model"], told["cost"]) == (None, {"tokens": 0, "money": 0.0})
    assert told["sentences"][0].keys() == {"text", "citations"}
    assert told["sentences"][0]["citations"][0].keys() == {"paper", "key", "passage", "start", "end", "quote"}
    assert told["hits"][0].keys() >= {"passage", "paper", "key", "title", "year", "section", "page", "score", "text"}


def test_k_limits_the_passages_looked_at(library: Library) -> None:
    assert len(ask("Is spider silk tough?", library, k=1).hits) == 1
    assert ask("Is spider silk tough?", library, k=0).answered is False


def test_it_loads_no_agent_framework() -> None:
    code = "import sys, agents.workflows; assert not {'langchain_core', 'torch', 'faiss', 'spacy'} & sys.modules.keys()"
    subprocess.run([sys.executable, "-c", code], cwd=TOP, check=True, timeout=60)


def test_its_repr_is_short(library: Library) -> None:
    assert len(repr(ask("Is spider silk tough?", library))) < 200


# Steps, over a library that states things


def stating(*said: Said, name: str = "silk", **facts: Any) -> SourceRecord:
    """A paper that says these, with vectors."""
    made = record(name, *said, **facts)
    rows = WORDS.documents([passage_text(made.facts.title, one.text, WORDS.pieces) for one in made.passages])
    return replace(made, embedder=WORDS.name, vectors=rows.astype("<f4").tobytes())


@pytest.fixture
def stated() -> Library:
    return library_of(
        stating(("spider silk", "contains", "beta sheets"), ("humidity", "increases", "toughness", "denies"),
                ("spider silk", "has property", "strength", "supports", "stated", False, "1.5 GPa"), title="On silk",
                year=2001, authors=("Ada Webber",)),
        stating(("nacre", "contains", "tablets of aragonite"), ("crack deflection", "increases", "toughness"),
                name="nacre", title="On nacre", year=2005, authors=("Bo Shell",)))


def test_several_questions_are_answered_one_by_one(stated: Library) -> None:
    answer = ask("What does nacre contain? What does spider silk contain?", stated)
    assert [part.question for part in answer.parts] == ["What does nacre contain?", "What does spider silk contain?"]
    first = [answer.sentences[part.first].text for part in answer.parts]
    assert first == ["nacre contains tablets of aragonite.", "spider silk contains beta sheets."]
    assert sum(part.sentences for part in answer.parts) == len(answer.sentences)


def test_a_part_that_is_not_there_is_said_beside_one_that_is(stated: Library) -> None:
    answer = ask("What does nacre contain? What is the boiling point of mercury?", stated)
    assert [part.answered for part in answer.parts] == [True, False]
    assert "Not in your papers: What is the boiling point of mercury?" in answer.notes


def test_a_part_that_points_back_waits_for_the_one_before(stated: Library) -> None:
    answer = ask("What is spider silk? What does it contain?", stated)
    assert [one["needs"] for one in outputs(answer, "plan")["questions"]] == [[], [1]]
    assert answer.parts[1].question == "What does spider silk contain?"


def test_what_answered_a_question_is_looked_at_for_the_one_that_points_back_to_it(stated: Library) -> None:
    answer = ask("What contains aragonite? Does it hold the beta sheets that spider silk contains?", stated, k=1)
    first, second = (set(event.outputs["passages"]) for event in answer.steps if event.step == "search")
    assert first <= second


def test_a_premise_that_the_papers_deny_is_said_with_the_quote(stated: Library) -> None:
    answer = ask("Why does humidity increase toughness?", stated)
    assert answer.sentences[0].text == "humidity increases toughness."  # which is made to be a denial
    assert any("speak against this: humidity – increases – toughness" in note for note in answer.notes)
    assert outputs(answer, "check")["claim"]["verdict"] == "denied"


def test_a_premise_that_the_papers_state_is_answered_with_it(stated: Library) -> None:
    answer = ask("Why does crack deflection increase toughness?", stated)
    assert (answer.route, answer.sentences[0].text) == ("fact", "crack deflection increases toughness.")
    assert not any("against" in note for note in answer.notes)


def test_evidence_of_papers_out_of_scope_decides_nothing(stated: Library) -> None:
    answer = ask("Why does humidity increase toughness?", stated, scope=Scope(since=2004))
    assert outputs(answer, "check")["claim"] is None
    assert "silk" not in cited(answer)


def test_a_comparison_quotes_both_sides(stated: Library) -> None:
    answer = ask("What is the difference between nacre and spider silk?", stated)
    assert answer.route == "comparison"
    assert cited(answer) == {"nacre", "silk"}


def test_a_side_of_a_comparison_is_searched_where_what_was_found_does_not_fit_it(stated: Library) -> None:
    question = "What is the difference between nacre and spider silk?"
    for k, reused in ((10, [False, True, True]), (1, [False, False, True])):
        searches = [event.outputs for event in ask(question, stated, k=k).steps if event.step == "search"]
        assert sorted(one["reused"] for one in searches) == sorted(reused)
    steps = ask("Is nacre stiffer than spider silk?", stated).steps
    assert not any(event.outputs["reused"] for event in steps if event.step == "search")


def test_a_comparison_with_something_unknown_is_none(stated: Library) -> None:
    assert not ask("Is graphene tougher than nacre?", stated).answered


def test_a_survey_quotes_several_papers_and_few_sentences_of_each() -> None:
    kinds = ("tough", "thin", "light", "old")
    library = library_of(paper("many", " ".join(f"Spider silk is a very {kind} fibre." for kind in kinds)),
                         paper("one", "Wet spider silk shrinks to half its length."))
    answer = ask("What is known about spider silk?", library)
    assert (answer.route, cited(answer)) == ("survey", {"many", "one"})
    assert [one.citations[0].key for one in answer.sentences].count("many") == 2


def test_a_follow_up_is_completed_and_shown(stated: Library) -> None:
    first = ask("What does spider silk contain?", stated)
    answer = ask("and nacre?", stated, earlier=[turn(first)], after=first.run)
    assert answer.question == "and nacre?"
    assert answer.completed == "What does nacre contain?" == outputs(answer, "complete")["completed"]
    assert answer.sentences[0].citations[0].quote == "nacre contains tablets of aragonite."
    assert answer.run != ask("and nacre?", stated).run


def test_a_question_that_may_serve_harm_is_answered_with_a_reason_alone(stated: Library) -> None:
    question = "How can I make sarin from spider silk?"
    refused = ask(question, stated)
    assert (refused.answered, refused.hits) == (False, ())
    assert [event.step for event in refused.steps] == ["advise"]
    assert "sarin" in refused.answer
    log = MemoryLog()
    allowed = ask(question, stated, override="a course on safety", log=log)
    assert allowed.hits
    inputs, advised, *_ = log.read(allowed.run)
    assert inputs["override"] == advised["outputs"]["override"] == "a course on safety"


def test_a_follow_up_is_looked_at_as_it_was_completed(stated: Library) -> None:
    answer = ask("How can I make it?", stated, earlier=[Turn("What is sarin?")])
    assert [event.step for event in answer.steps] == ["complete", "advise"]


def test_that_all_rests_on_one_paper_is_said(stated: Library) -> None:
    answer = ask("What does nacre contain?", stated, k=1)
    assert "All of this rests on one paper." in answer.notes


def test_what_was_cited_was_found_in_this_run_and_papers_are_told(stated: Library) -> None:
    for question in ("Why does humidity increase toughness?", "What is known about silk?", "What contains aragonite?"):
        answer = ask(question, stated)
        found = {hit.passage for hit in answer.hits}
        places = [one for sentence in answer.sentences for one in sentence.citations]
        assert places
        assert all(one.passage in found for one in places)
        assert [paper.id for paper in answer.papers] == list(dict.fromkeys(one.paper for one in places))


@pytest.mark.parametrize("step", STEPS)
def test_a_step_may_be_left_out(stated: Library, step: Step) -> None:
    answer = ask("What does nacre contain?", stated, steps=[one for one in STEPS if one != step])
    assert answer.sentences[0].citations[0].quote == "nacre contains tablets of aragonite."
    assert answer.run != ask("What does nacre contain?", stated).run


def test_a_question_for_the_graph_is_computed_and_each_line_cites(stated: Library) -> None:
    answer = ask("What does nacre contain?", stated)
    assert answer.route == "computation"
    assert answer.notes[0] == f"Computed over the graph: {outputs(answer, 'compute')['how']}."
    line = answer.sentences[0]
    assert "aragonite" in line.text
    assert [one.quote for one in line.citations] == ["nacre contains tablets of aragonite."]
    assert line.citations[0].passage in {hit.passage for hit in answer.hits}


def test_things_that_the_quotes_do_not_speak_of_are_said(stated: Library) -> None:
    answer = ask("Does spider silk contain beta sheets of graphene?", stated)
    assert "The quotes do not speak of: graphene." in answer.notes
    assert not any("speak of" in note for note in ask("What does spider silk contain?", stated).notes)
