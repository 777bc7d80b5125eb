from __future__ import annotations

import pytest

from agents.steps.questions import comparison, parts, surveyed


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("What is degumming, and how is sericin removed?", ["What is degumming?", "How is sericin removed?"]),
        ("What does lignin do? How thick is the S2 layer?", ["What does lignin do?", "How thick is the S2 layer?"]),
        ("Which cells form bone and which cells remove it?", ["Which cells form bone?", "Which cells remove it?"]),
        (
            "By which bonds are threads tough; by which coating are mussels imitated?",
            ["By which bonds are threads tough?", "By which coating are mussels imitated?"],
        ),
    ],
)
def test_several_questions_are_told_apart(question: str, asked: list[str]) -> None:
    assert list(parts(question)) == asked


@pytest.mark.parametrize(
    "question",
    [
        "What does heat do to chain mobility and to bacteria?",
        "Is silk tough and strong?",
        "silk and nacre",
        "Do spiders and which insects spin?",
        "Is it known how and why silk shrinks?",
        "What? Why?",
        "",
    ],
)
def test_one_question_stays_one(question: str) -> None:
    assert parts(question) == (question,)


@pytest.mark.parametrize(
    ("question", "sides", "asked"),
    [
        ("Is nacre stiffer than bone?", ("nacre", "bone"), ("How stiff is nacre?", "How stiff is bone?")),
        ("Is bone more brittle than wood?", ("bone", "wood"), ("How brittle is bone?", "How brittle is wood?")),
        ("Are mice larger than rats?", ("mice", "rats"), ("How large is mice?", "How large is rats?")),
        ("What is the difference between silk and nacre?", ("silk", "nacre"), ("What is silk?", "What is nacre?")),
        (
            "What are the differences in toughness between silk and nacre?",
            ("silk", "nacre"),
            ("What is toughness of silk?", "What is toughness of nacre?"),
        ),
        (
            "Compare the strength of silk with that of nacre.",
            ("strength of silk", "strength of nacre"),
            ("What is the strength of silk?", "What is the strength of nacre?"),
        ),
        ("How does silk differ from nacre?", ("silk", "nacre"), ("What is silk?", "What is nacre?")),
        ("Which lasts longer, silk or nacre?", ("silk", "nacre"), ("Silk lasts longer?", "Nacre lasts longer?")),
    ],
)
def test_comparisons_are_asked_side_by_side(question: str, sides: tuple[str, str], asked: tuple[str, str]) -> None:
    found = comparison(question)
    assert found is not None
    assert (found.sides, found.questions) == (sides, asked)


@pytest.mark.parametrize(
    "question",
    [
        "Is silk tough?",
        "How do geckos stick to walls and mussels to rocks?",
        "Is silk or nacre tough?",
        "Other than silk?",
        "What is tougher?",
    ],
)
def test_what_compares_nothing_is_no_comparison(question: str) -> None:
    assert comparison(question) is None


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("What is known about spider silk?", "spider silk"),
        ("Tell me about bone.", "bone"),
        ("What do my papers say about the role of water?", "water"),
        ("Give me an overview of self-healing.", "self-healing"),
        ("What is spider silk?", None),
        ("What is known to break?", None),
    ],
)
def test_an_overview_is_wanted_of_a_topic(question: str, topic: str | None) -> None:
    assert surveyed(question) == topic
