from __future__ import annotations

import pytest

from agents.steps.wishes import fulfils, wish


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("How many genes are there?", "amount"),
        ("What is the size of the genome?", "amount"),
        ("How stiff is bone?", "amount"),
        ("What was the response rate?", "amount"),
        ("What dose is given?", "amount"),
        ("Why is bone stiff?", "reason"),
        ("What is the cause of ageing?", "reason"),
        ("When did it die?", "time"),
        ("What is a vitrimer?", "definition"),
        ("What is spider silk?", "definition"),
        ("How is silk made?", "anything"),
        ("How does silk form?", "anything"),
        ("What contains silk?", "anything"),
        ("What is silk used for?", "anything"),
    ],
)
def test_what_is_wanted(question: str, wanted: str) -> None:
    assert wish(question) == wanted


@pytest.mark.parametrize(
    "sentence",
    [
        "It is 5 MPa.",
        "About half is water.",
        "It rose by 12 %.",
        "10 out of 15 died.",
        "It grew 3-fold.",
        "a size of ∼50 Mb",
    ],
)
def test_amounts(sentence: str) -> None:
    assert fulfils("amount", "How much?", sentence)


@pytest.mark.parametrize(
    "sentence", ["It is known [12].", "It is seen in Figure 3.", "Study 2 shows it (Table 1).", "It is."]
)
def test_numbers_of_references_and_figures_are_no_amounts(sentence: str) -> None:
    assert not fulfils("amount", "How much?", sentence)


def test_reasons_times_and_definitions() -> None:
    assert fulfils("reason", "Why?", "It breaks because it is dry.")
    assert not fulfils("reason", "Why?", "It breaks.")
    assert fulfils("time", "When?", "It was found in 1998.")
    assert not fulfils("time", "When?", "It was found.")
    assert fulfils("definition", "What is a vitrimer?", "A vitrimer is a polymer network.")
    assert not fulfils("definition", "What is a vitrimer?", "The network of a vitrimer is dense.")
    assert fulfils("anything", "Is it?", "Anything.")
