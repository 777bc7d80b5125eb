from __future__ import annotations

import pytest

from agents.answer import Citation, Sentence
from agents.steps.citing import held

TEXTS = {"p-1": "Silk is tough.", "p-2": "Nacre is stiff."}


def cite(passage: str, start: int, end: int, quote: str) -> Citation:
    return Citation("w-1", "key", passage, start, end, quote)


GOOD = cite("p-1", 0, 14, "Silk is tough.")


def test_what_stands_in_a_passage_that_was_found_holds() -> None:
    sentence = Sentence("Silk is tough.", (GOOD,))
    assert held([sentence], TEXTS, {"p-1"}) == ((sentence,), ())


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (cite("p-2", 0, 15, "Nacre is stiff."), "not found in this run"),
        (cite("p-9", 0, 4, "Silk"), "not in the library"),
        (cite("p-1", 0, 14, "Silk is weak.!"), "does not stand there"),
        (cite("p-1", 1, 14, "Silk is tough."), "does not stand there"),
        (cite("p-1", 3, 3, ""), "does not stand there"),
    ],
)
def test_what_does_not_hold_is_dropped_with_its_reason_and_the_rest_stays(wrong: Citation, reason: str) -> None:
    kept, dropped = held([Sentence("both", (GOOD, wrong)), Sentence("alone", (wrong,))], TEXTS, {"p-1", "p-9"})
    assert kept == (Sentence("both", (GOOD,)),)
    assert [one.citation for one in dropped] == [wrong, wrong]
    assert reason in dropped[0].reason
