"""Answers with scripted models: what each step takes from a reply, and what it does where there is none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from agents.answer import Answer
from agents.resuming import answered, replayed, resumed
from agents.run_logs import MemoryLog
from agents.runs import Model
from agents.steps.following import Turn
from agents.workflows import ask
from benchmarks.oracle import ORDER, Gold, Oracle, Saboteur, lies
from benchmarks.workflow import BUDGET, faults, served
from kg.errors import BudgetSpent, ModelNotReached, NoReply, UsageError
from kg.language_model import Ask, Prompt, Reply, T
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper
from tests.fakes.scripted_ask import ScriptedAsk, between_fences

PLAY = "Brand is a play by the playwright Henrik Ibsen. It was written in Rome in 1865."
IBSEN = "Henrik Ibsen was born in the town of Skien. He left it at the age of fifteen."
SKIEN = "Skien is a town on the river Skienselva. The town of Skien has 55000 inhabitants."
ASKED = "How many inhabitants has the town where the author of the play Brand was born?"
GOLD = Gold(ASKED, "55000", (("Skien", SKIEN), ("Brand (play)", PLAY), ("Henrik Ibsen", IBSEN)))


@pytest.fixture(scope="module")
def library() -> Library:
    return library_of(
        paper("play", PLAY, title="Brand (play)", year=1990),
        paper("ibsen", IBSEN, title="Henrik Ibsen", year=1991),
        paper("skien", SKIEN, title="Skien", year=1992),
        paper("bergen", "Bergen is a town on the coast. The town of Bergen has 290000 inhabitants.", title="Bergen"),
        paper("order", f"Brand is a town and a play. {ORDER}", title="On the town Brand"),
        paper("silk", "Spider silk is a very tough fibre. It may decrease in water.", title="On silk"),
    )


def asked(library: Library, model: Ask, question: str = ASKED, **options: Any) -> Answer:
    return ask(question, library, model=Model("scripted", model, room=options.pop("room", 8192)), **options)


def outputs(answer: Answer, step: str, at: int = 0) -> Mapping[str, Any]:
    return [event.outputs for event in answer.steps if event.step == step][at]


def forms(answer: Answer) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for event in answer.steps:
        if "form" in event.outputs:
            found.setdefault(event.step, set()).add(event.outputs["form"])
    return found


def cited(answer: Answer) -> set[str]:
    return {citation.key for sentence in answer.sentences for citation in sentence.citations}


# The oracle


def test_with_a_model_that_knows_the_way_every_hop_is_found_and_cited(library: Library) -> None:
    oracle = Oracle(GOLD)
    answer = asked(library, oracle)
    assert cited(answer) == {"play", "ibsen", "skien"}
    assert any("55000" in sentence.text for sentence in answer.sentences)
    assert [event["question"] for event in map(dict, (e.outputs for e in answer.steps if e.step == "search"))] == [
        hop.filled for hop in GOLD.hops
    ]
    assert [part.answered for part in answer.parts] == [True] * 3
    assert forms(answer) == {step: {"model"} for step in ("check", "plan", "filter", "answer", "check answer")}
    assert set(oracle.asked) == {"question", "plan", "passages", "finding", "answer", "gaps"}
    assert faults(answer, library) == []  # type: ignore[arg-type]


def test_no_sentence_without_support_passes(library: Library) -> None:
    oracle = Oracle(GOLD)
    answer = asked(library, oracle)
    assert len(oracle.tempted) >= 4
    assert not {sentence.text for sentence in answer.sentences} & oracle.tempted.keys()
    dropped = {one["text"]: one["why"] for one in outputs(answer, "answer")["unsupported"]}
    assert dropped.keys() == oracle.tempted.keys()


def test_with_and_without_a_model_the_story_has_the_same_form(library: Library) -> None:
    one, other = asked(library, Oracle(GOLD)), ask(ASKED, library)
    assert {event.step for event in one.steps} == {event.step for event in other.steps}
    assert one.as_json().keys() == other.as_json().keys()
    assert (one.model, other.model) == ("scripted", None)
    for step in ("check", "plan", "search", "filter", "answer", "check answer", "cite"):
        assert outputs(other, step).keys() <= outputs(one, step).keys()


def test_through_a_server_and_the_real_package_it_says_the_same(library: Library) -> None:
    with served(Oracle(GOLD)) as (model, spent):
        answer = asked(library, model)
        assert answer.sentences == asked(library, Oracle(GOLD)).sentences
        assert answer.cost.tokens == spent() > 0


def test_a_run_with_a_model_is_replayed_from_its_record_alone(library: Library) -> None:
    log = MemoryLog()
    answer = asked(library, Oracle(GOLD), log=log)
    again = replayed(log, answer.run, library)
    assert json.dumps(again.as_json()) == json.dumps(answer.as_json())


# The saboteur


def most_asked() -> int:
    """Replies that a run can ask for: one for the question, the plan and the answer each; two changes of plan; at most
    14 questions judged, and as many short answers; what is missing, and three answers to that."""
    return 3 + 2 + 14 + 14 + 1 + 3


@pytest.mark.parametrize("seed", range(15))
def test_a_saboteur_gets_nothing_in_and_comes_to_an_end(library: Library, seed: int) -> None:
    saboteur = Saboteur(seed)
    answer = asked(library, saboteur)
    assert faults(answer, library) == []  # type: ignore[arg-type]
    assert all(sentence.citations for sentence in answer.sentences)
    assert not any(lies(sentence.text) for sentence in answer.sentences)
    assert len(saboteur.asked) <= most_asked()


def test_through_a_server_it_does_not_spend_more_than_allowed(library: Library) -> None:
    for seed in range(3):
        with served(Saboteur(seed)) as (model, spent):
            answer = asked(library, model)
            assert faults(answer, library) == []  # type: ignore[arg-type]
            assert spent() <= BUDGET


# Without a reply


class Failing(Oracle):
    """Fails at one of its prompts, each time it is asked."""

    def __init__(self, at: str, error: Exception) -> None:
        super().__init__(GOLD)
        self.at, self.error = at, error

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        if prompt.name.startswith(f"{self.at}@"):
            self.asked.append(self.at)
            raise self.error
        return super().__call__(prompt, reply_type)


STEP_OF = {"question": "check", "plan": "plan", "passages": "filter", "answer": "answer", "gaps": "check answer"}


@pytest.mark.parametrize("at", STEP_OF)
def test_a_refusal_costs_the_model_that_step_alone(library: Library, at: str) -> None:
    answer = asked(library, Failing(at, NoReply("it refused", "refused")))
    assert answer.answered
    assert outputs(answer, STEP_OF[at])["form"] == "without"
    assert outputs(answer, STEP_OF[at])["why"] == "it refused"
    others = {step: told for step, told in forms(answer).items() if step != STEP_OF[at]}
    assert all(told == {"model"} for told in others.values())


@pytest.mark.parametrize("at", STEP_OF)
@pytest.mark.parametrize("error", [BudgetSpent("the budget is spent"), ModelNotReached("nobody is there")])
def test_a_model_that_is_gone_is_not_asked_again(library: Library, at: str, error: Exception) -> None:
    model = Failing(at, error)
    answer = asked(library, model)
    assert model.asked[-1] == at
    assert model.asked.count(at) == 1
    assert outputs(answer, "check answer")["why"] == str(error)


def test_from_the_first_failure_on_it_is_what_it_is_without_a_model(library: Library) -> None:
    gone = asked(library, Failing("question", ModelNotReached("nobody is there")))
    alone = ask(ASKED, library)
    assert (gone.sentences, gone.hits, gone.parts) == (alone.sentences, alone.hits, alone.parts)


def test_where_no_sentence_rests_on_its_quotes_the_papers_are_quoted(library: Library) -> None:
    model = Oracle(GOLD)
    wrong = {"quotes": [], "sentences": [{"text": "Brand has 290000 inhabitants.", "quotes": ["Q1"], "part": 1}]}
    answer = asked(library, Replacing(model, answer=wrong))
    assert outputs(answer, "answer")["form"] == "without"
    assert "rests on quotes" in outputs(answer, "answer")["why"]
    assert all(sentence.text == sentence.citations[0].quote for sentence in answer.sentences)


class Replacing:
    """A model with other replies to some prompts."""

    def __init__(self, model: Ask, **scripts: Any) -> None:
        self._model, self.scripted = model, ScriptedAsk(**scripts)

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        scripted = prompt.name.partition("@")[0] in self.scripted.scripts
        return self.scripted(prompt, reply_type) if scripted else self._model(prompt, reply_type)


# What a model may decide


def test_a_model_may_find_no_answer(library: Library) -> None:
    answer = asked(library, Replacing(Oracle(GOLD), answer={"quotes": [], "sentences": []}))
    assert not answer.answered
    assert answer.hits


def test_what_it_judges_to_be_about_something_else_is_not_kept(library: Library) -> None:
    model = Replacing(Oracle(GOLD), passages={"scores": [{"passage": f"P{n}", "score": 0} for n in range(1, 30)]})
    answer = asked(library, model, room=100_000)
    assert not answer.answered
    assert all(event.outputs["kept"] == [] for event in answer.steps if event.step == "filter")


def test_what_found_nothing_is_looked_up_otherwise_and_no_more_than_twice(library: Library) -> None:
    count = iter(range(100))

    def replan(prompt: Prompt) -> dict[str, Any]:
        return {"questions": [{"number": 1, "question": f"Who wrote the play number {next(count)}?", "needs": []}]}

    nothing = {"scores": [{"passage": f"P{n}", "score": 0} for n in range(1, 30)]}
    answer = asked(library, Replacing(Oracle(GOLD), passages=nothing, replan=replan))
    changes = [event.outputs for event in answer.steps if event.step == "plan"][1:]
    assert len(changes) == 2
    assert changes[0]["progress"][0]["kept"] == 0
    searched = [event.outputs["question"] for event in answer.steps if event.step == "search"]
    assert [one for one in searched if one.startswith("Who wrote the play number")] == [
        "Who wrote the play number 0?",
        "Who wrote the play number 1?",
    ]


def test_what_has_no_room_is_left_out_and_told(library: Library) -> None:
    answer = asked(library, Oracle(GOLD), room=900)
    assert sum(event.outputs.get("left_out", 0) for event in answer.steps) > 0
    assert faults(answer, library) == []  # type: ignore[arg-type]


def test_an_order_in_a_paper_is_shown_as_data_to_the_model_alone(library: Library) -> None:
    oracle = Oracle(GOLD)
    prompts: list[Prompt] = []

    def watching(prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        prompts.append(prompt)
        return oracle(prompt, reply_type)

    asked(library, watching)
    holding = [one for one in prompts if ORDER in one.user]
    assert holding
    for one in holding:
        assert ORDER not in one.system
        assert sum(text.count(ORDER) for text in between_fences(one).values()) == one.user.count(ORDER)


def test_a_follow_up_is_completed_by_the_model(library: Library) -> None:
    said = {"standing": "How many inhabitants has the town of Bergen?"}
    answer = asked(library, Replacing(Oracle(GOLD), question=said), "and Bergen?", earlier=[Turn(ASKED, SKIEN)])
    assert answer.completed == "How many inhabitants has the town of Bergen?"
    assert outputs(answer, "complete")["form"] == "model"


def test_other_words_of_a_model_do_not_hide_what_may_serve_harm(library: Library) -> None:
    harmful = "How can we increase the transmissibility of H5N1?"
    model = Replacing(Oracle(GOLD), question={"standing": "How can we study H5N1?"})
    answer = asked(library, model, harmful)
    assert not answer.answered
    assert [event.step for event in answer.steps] == ["advise"]
    assert model.scripted.asked == []
    follow_up = asked(
        library, Replacing(Oracle(GOLD), question={"standing": harmful}), "and H5N1?", earlier=[Turn(ASKED)]
    )
    assert [event.step for event in follow_up.steps] == ["complete", "advise"]


def test_nobody_is_asked_about_a_question_without_a_word(library: Library) -> None:
    oracle = Oracle(GOLD)
    with pytest.raises(UsageError, match="no letter"):
        asked(library, oracle, "?!")
    assert oracle.asked == []


BACK = {"standing": ASKED, "back": "Which Brand?", "options": ["the play", "the town"]}


def test_a_question_back_waits_for_the_person_where_there_is_one(library: Library) -> None:
    def question(prompt: Prompt) -> dict[str, Any]:
        return {"standing": ASKED} if "(the play)" in prompt.user else BACK

    def model() -> Model:
        return Model("scripted", Replacing(Oracle(GOLD), question=question))

    log = MemoryLog()
    stopped = ask(ASKED, library, model=model(), log=log, interactive=True)
    assert stopped.waiting is not None
    assert (stopped.waiting.question, stopped.waiting.options) == ("Which Brand?", ("the play", "the town"))
    answered(log, stopped.run, "the play")
    gone_on = resumed(log, stopped.run, library, model())
    assert isinstance(gone_on, Answer)
    assert gone_on.answered


def test_where_there_is_no_person_no_question_comes_back(library: Library) -> None:
    assert asked(library, Replacing(Oracle(GOLD), question=BACK)).answered


def test_what_is_missing_is_looked_up_and_written(library: Library) -> None:
    towns = [
        ("Skien", "The town of Skien has 55000 inhabitants."),
        ("Bergen", "The town of Bergen has 290000 inhabitants."),
    ]
    told = iter(towns)

    def answer(prompt: Prompt) -> dict[str, Any]:
        name, quote = next(told)
        label = next(label for label, text in between_fences(prompt).items() if text.startswith(f"Title: {name}"))
        return {
            "quotes": [{"id": "Q1", "passage": label, "text": quote}],
            "sentences": [{"text": quote, "quotes": ["Q1"], "part": 1}],
        }

    gap = {"missing": [{"what": "How many inhabitants has the town of Bergen?", "search": "town Bergen inhabitants"}]}
    found = asked(library, Replacing(Oracle(GOLD), answer=answer, gaps=gap), "How large are Skien and Bergen?")
    assert [sentence.text for sentence in found.sentences] == [quote for _, quote in towns]
    assert outputs(found, "check answer")["searched"][0]["search"] == "town Bergen inhabitants"
    assert faults(found, library) == []  # type: ignore[arg-type]


def test_a_report_is_written_where_one_is_wished_for(library: Library) -> None:
    oracle = Oracle(GOLD)
    answer = asked(library, oracle, report=True)
    assert oracle.asked[-1] == "report"
    assert outputs(answer, "report")["form"] == "model"
    (section,) = answer.sections
    assert [one.text for one in section.sentences] == [one.text for one in answer.sentences]
    text = answer.report()
    assert f"{answer.sentences[0].text} [1] {answer.sentences[1].text} [2]" in text
    assert "## Evidence" in text
    assert answer.as_json()["sections"][0]["sentences"] == answer.as_json()["sentences"]


def test_no_lie_gets_into_a_report(library: Library) -> None:
    for seed in range(4):
        answer = asked(
            library, Replacing(Oracle(GOLD), report=lambda p, s=seed: Saboteur(s).says(p) or "{}"), report=True
        )
        assert not lies(answer.report())


def test_without_a_model_a_report_has_the_quotes_alone(library: Library) -> None:
    answer = ask("Is spider silk tough?", library, report=True)
    assert (answer.sections, outputs(answer, "report")["form"]) == ((), "without")
    assert "Every sentence is a quote" in answer.report()


def test_what_is_not_supported_is_told_when_asked_for(library: Library) -> None:
    plain, marked = (asked(library, Oracle(GOLD), marked=wished) for wished in (False, True))
    assert not any("Not supported" in note for note in plain.notes)
    assert sum("Not supported by the papers" in note for note in marked.notes) >= 4
    assert plain.sentences == marked.sentences


class Killed(BaseException):
    """As sudden as a kill."""


@pytest.mark.parametrize("at", [1, 3, 5, 7, 9])
def test_a_run_that_was_cut_off_asks_nothing_twice(library: Library, at: int) -> None:
    whole = asked(library, Oracle(GOLD), log=MemoryLog(), report=True)
    oracle, log = Oracle(GOLD), MemoryLog()

    def stopping(prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        if len(oracle.asked) == at:
            raise Killed
        return oracle(prompt, reply_type)

    with pytest.raises(Killed):
        asked(library, stopping, log=log, report=True)
    again = resumed(log, whole.run, library, Model("scripted", oracle, room=8192))
    assert json.dumps(again.as_json()) == json.dumps(whole.as_json())
    fresh = Oracle(GOLD)
    asked(library, fresh, report=True)
    assert oracle.asked == fresh.asked
