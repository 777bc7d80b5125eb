from __future__ import annotations

import pytest

from agents.steps.asked_finding import Finding, finding
from tests.agents.made import hit
from tests.fakes.scripted_ask import ScriptedAsk

BRAND = hit("Brand is a play by Henrik Ibsen. It was written in 1865, not in 1866.", title="Brand (play)")
OTHER = hit("Henrik Ibsen was born in Skien.", "p-2")


def found(answer: str, passage: str, quote: str) -> Finding | str:
    ask = ScriptedAsk(finding={"answer": answer, "passage": passage, "quote": quote})
    return finding("Who wrote Brand?", [BRAND, OTHER], ask)


def test_a_short_answer_stands_in_the_quote_that_it_names() -> None:
    said = found("Henrik Ibsen", "P1", "a play by Henrik Ibsen")
    assert isinstance(said, Finding)
    assert (said.answer, said.stretch.text) == ("Henrik Ibsen", "Brand is a play by Henrik Ibsen.")


def test_the_title_of_the_paper_may_give_it() -> None:
    assert isinstance(found("the play Brand", "P1", "It was written in 1865"), Finding)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (("", "", ""), "do not say"),
        (("?!", "P1", "a play by Henrik Ibsen"), "do not say"),
        (("Henrik Ibsen", "P7", "a play by Henrik Ibsen"), "was not shown"),
        (("Henrik Ibsen", "P2", "a play by Henrik Ibsen"), "does not stand"),
        (("Henrik Ibsen", "P1", "a play by Ibsen"), "does not stand"),
        (("August Strindberg", "P1", "a play by Henrik Ibsen"), "does not say so"),
        (("1867", "P1", "It was written in 1865"), "does not say so"),
        (("Henrik Ibsen " * 20, "P1", "a play by Henrik Ibsen"), "no short one"),
    ],
)
def test_what_does_not_stand_there_is_no_answer(said: tuple[str, str, str], why: str) -> None:
    answer = found(*said)
    assert isinstance(answer, str)
    assert why in answer
