from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agents.answer import UNANSWERED, Answer
from agents.runs import Event, MemoryLog
from agents.workflows import ask
from kg.errors import UsageError
from kg.scope import Scope
from kg.stores.memory_store import MemoryStore
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper

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
        return float(ask("Is spider silk for bridges?", library, scope=Scope(until=until)).steps[0].outputs["unknown"])

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
    assert [event.step for event in told] == ["plan", "search", "filter", "answer"]
    assert tuple(told) == answer.steps
    inputs, *events = log.read(answer.run)
    assert inputs["question"] == "Is spider silk tough?"
    assert [event["step"] for event in events] == ["plan", "search", "filter", "answer"]


def test_it_has_the_agreed_form_as_json(library: Library) -> None:
    told = json.loads(json.dumps(ask("What increases the toughness of spider silk?", library).as_json()))
    assert told.keys() == {"run", "question", "answered", "answer", "sentences", "hits", "steps", "model", "cost"}
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
