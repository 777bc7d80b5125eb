from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from agents.rules import RuleBroken, broken, kept
from agents.run_logs import MemoryLog
from agents.runs import Cancelled, Event, Model, Record, Run, RunChanged, Waiting, digest
from kg.budget import Usage
from kg.errors import BudgetSpent, LanguageModelError, NoReply, UsageError
from kg.language_model import Prompt, Reply

T = TypeVar("T", bound=BaseModel)


class Word(BaseModel):
    word: str


class Echo:
    """A model that says what it is asked, and costs a token a character."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, prompt: Prompt, reply_type: type[T]) -> Reply[T]:
        self.asked.append(prompt.user)
        if prompt.user == "refuse":
            raise NoReply("echo refused to answer.", "refused")
        if prompt.user == "spend":
            raise BudgetSpent("The budget is over.")
        value = reply_type.model_validate({"word": prompt.user})
        return Reply(value, value.model_dump_json(), "echo", Usage(1, 0, len(prompt.user), 1, 0.5))


def asking(user: str) -> Prompt:
    return Prompt("word.v1", "Say it.", user)


def work(run: Run, stop: Callable[[int], None] = lambda at: None) -> str:
    """A little workflow: two words of a model, a person's word, a step after each."""
    words = []
    with run:
        for at, word in enumerate(("silk", "refuse", "steel")):
            assert run.ask is not None
            try:
                words.append(run.ask(asking(word), Word).value.word)
            except LanguageModelError as error:
                words.append(f"({error})")
            stop(2 * at)
            run.did("say", word, {"words": list(words)})
            stop(2 * at + 1)
        said = run.person("more", "What else?", ["nacre", "nothing"])
        words.append("alone" if said is None else said)
        run.did("end", None, {"words": list(words)})
        run.concludes({"answer": " ".join(words)})
    return " ".join(words)


WHOLE = "silk (echo refused to answer.) steel alone"


def made(log: MemoryLog, echo: Echo, record: Record | None = None, **options: Any) -> Run:
    return Run({"kind": "words"}, log, model=Model("echo", echo), record=record, **options)


class Killed(BaseException):
    """As sudden as a kill: nothing that the run does can catch it."""


@given(st.lists(st.integers(0, 5), min_size=1, max_size=4))
def test_a_run_that_was_cut_off_anywhere_and_often_ends_as_one_that_was_not(places: list[int]) -> None:
    whole = MemoryLog()
    assert work(made(whole, Echo())) == WHOLE
    log, echo = MemoryLog(), Echo()
    record: Record | None = None
    for place in places:
        def stop(at: int, place: int = place) -> None:
            if at == place:
                raise Killed

        with pytest.raises(Killed):
            work(made(log, echo, record), stop)
        (run,) = log._runs
        record = Record.read(log, run)
        assert record.state == "interrupted"
    assert work(made(log, echo, record)) == WHOLE
    assert echo.asked == ["silk", "refuse", "steel"]  # nobody is asked twice
    one, other = Record.read(whole, run), Record.read(log, run)
    without_time = [[{k: v for k, v in event.items() if k != "seconds"} for event in r.events] for r in (one, other)]
    assert without_time[0] == without_time[1]
    assert (one.usage, other.state) == (other.usage, "done")


def test_replies_cost_and_time_stand_in_the_record() -> None:
    log = MemoryLog()
    run = made(log, Echo())
    work(run)
    record = Record.read(log, run.id)
    assert record.state == "done"
    assert [event["cost"] for event in record.events] == [
        {"tokens": 5, "money": 0.5}, {"tokens": 0, "money": 0.0}, {"tokens": 6, "money": 0.5},
        {"tokens": 0, "money": 0.0}]
    assert [len(event["replies"]) for event in record.events] == [1, 1, 1, 0]
    assert {line["value"]["word"] for line in record.replies.values()} == {"silk", "steel"}
    assert [line["error"] for line in record.failures.values()] == ["NoReply"]
    assert all(event["seconds"] >= 0 for event in record.events)
    assert record.as_json()["end"]["outcome"] == {"answer": WHOLE}


def test_an_answer_of_the_person_is_waited_for_and_used() -> None:
    log, echo = MemoryLog(), Echo()
    with pytest.raises(Waiting) as stopped:
        work(made(log, echo, interactive=True))
    assert stopped.value.asked.options == ("nacre", "nothing")
    (run,) = log._runs
    assert Record.read(log, run).state == "waiting"
    log.append(run, {"said": "nacre", "name": "more"})
    record = Record.read(log, run)
    assert (record.state, record.asked) == ("interrupted", None)
    assert work(made(log, echo, record, interactive=True)).endswith(" nacre")
    assert len(echo.asked) == 3


def test_a_wish_to_cancel_stops_the_run_before_its_next_step_and_it_can_go_on() -> None:
    log, echo = MemoryLog(), Echo()
    run = made(log, echo)

    def cancel(at: int) -> None:
        if at == 1:
            log.cancel(run.id)

    with pytest.raises(Cancelled, match="resume"):
        work(run, cancel)
    record = Record.read(log, run.id)
    assert (record.state, len(record.events)) == ("cancelled", 1)
    assert work(made(log, echo, record)) == WHOLE


def test_once_the_budget_is_spent_the_model_is_not_asked_again() -> None:
    echo = Echo()
    run = made(MemoryLog(), echo)
    assert run.ask is not None
    for word in ("spend", "silk"):
        with pytest.raises(BudgetSpent):
            run.ask(asking(word), Word)
    assert echo.asked == ["spend"]
    assert broken(run.record) == []


def test_a_record_of_other_work_is_refused_with_what_differs() -> None:
    log = MemoryLog()
    with Run({"kind": "words", "revision": 1}, log) as run:
        run.did("say", 1, {"word": "silk"})
    record = Record.read(log, run.id)
    with pytest.raises(RunChanged, match="the library has changed since"):
        Run({"kind": "words", "revision": 2}, log, record=record)
    with pytest.raises(RunChanged, match=r"step 1 \(say\)"), Run(record.inputs, log, record=record) as again:
        again.did("say", 1, {"word": "steel"})
    assert Record.read(log, run.id) == record


def test_an_error_that_a_person_can_mend_is_the_end_of_the_run() -> None:
    log = MemoryLog()
    with pytest.raises(UsageError), Run({}, log) as run:
        raise UsageError("There is no word in it.")
    record = Record.read(log, run.id)
    assert record.state == "failed"
    assert record.end is not None
    assert record.end["message"] == "There is no word in it."


def test_whoever_listens_is_told_each_step_as_it_happens() -> None:
    told: list[Event] = []
    run = Run({}, on_event=told.append)
    run.did("plan", 1, {})
    assert [event.step for event in told] == ["plan"]
    run.did("search", 2, {})
    assert told == run.events
    assert {event.run for event in told} == {run.id}


def test_an_event_is_written_as_what_was_done() -> None:
    assert str(Run({}).did("answer", 1, {"sentences": ["Silk is tough."]})) == "Quoted 1 sentence"


def test_models_may_be_asked_from_several_threads() -> None:
    log = MemoryLog()
    with Run({}, log, model=Model("echo", Echo())) as run:
        assert run.ask is not None
        threads = [threading.Thread(target=run.ask, args=(asking(f"word {n}"), Word)) for n in range(8)]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        event = run.did("said", None, {})
    assert len(event.replies) == len(Record.read(log, run.id).replies) == 8
    assert event.tokens == 8 * 7


def test_a_digest_depends_on_content_alone() -> None:
    assert digest({"a": 1, "b": [2, None]}) == digest({"b": [2, None], "a": 1})
    assert digest(["ab", "c"]) != digest(["a", "bc"])


# Rules


def event(number: int, step: str, **outputs: Any) -> dict[str, Any]:
    return Event(number, step, "in-0", outputs).as_json()


def reply(key: str, calls: int = 1, read: int = 0, begun: float = 0) -> dict[str, Any]:
    usage = {"calls": calls, "cached": 0, "read": read, "written": 0, "money": 0.0}
    told = {"prompt": "word.v1", "model": "echo", "usage": usage, "begun": begun, "seconds": 1.0}
    return {"reply": key, "value": {}, **told}


def failure(error: str, begun: float = 0) -> dict[str, Any]:
    told = reply("in-9", 0, begun=begun)
    del told["reply"], told["value"]
    return told | {"failure": "in-9", "error": error, "message": "", "reason": ""}


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        ([event(1, "plan"), event(3, "search")], "numbered"),
        ([event(1, "answer"), event(2, "filter")], "before a filter"),
        ([failure("BudgetSpent", 5), reply("in-1", begun=7)], "after the budget"),
        ([event(1, "search", passages=["p-1"]), event(2, "cite", cited=["p-1", "p-2"])], "cites p-2"),
        ([event(1, "advise", override=None), event(2, "plan")], "advisory"),
        ([reply("in-1", read=5), {**event(1, "plan"), "replies": ["in-1"]}], "costs what its replies cost"),
        ([{**event(1, "plan"), "replies": ["in-1"]}], "not in the record"),
    ],
)
def test_a_trace_that_breaks_a_rule_is_found(lines: list[dict[str, Any]], rule: str) -> None:
    record = Record.of("run-1", {"kind": "ask"}, lines)
    (found,) = broken(record)
    assert rule in found
    with pytest.raises(RuleBroken, match=rule):
        kept(record)


def test_a_trace_that_keeps_to_them_is_not() -> None:
    lines = [
        event(1, "advise", override="a course"), event(2, "search", passages=["p-1"]), event(3, "filter"),
        reply("in-1", read=5), {**event(4, "answer"), "replies": ["in-1"], "cost": {"tokens": 5, "money": 0.0}},
        event(5, "cite", cited=["p-1"]), failure("BudgetSpent", 5), reply("in-2", begun=5.5), reply("in-3", 0, begun=9)]
    assert broken(Record.of("run-1", {"kind": "ask"}, lines)) == []
