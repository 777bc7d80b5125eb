from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from agents.steps.following import Completed, Turn, completed
from kg.names import key_of

CONCEPTS = [
    "spider silk",
    "nacre",
    "toughness",
    "stiffness",
    "bone",
    "humidity",
    "lignin",
    "gecko adhesion",
    "water",
    "silkworm silk",
    "supercontraction",
    "fibroin",
]
MATERIALS = {"spider silk", "nacre", "bone", "gecko adhesion", "wood"}


def labels(keys: Sequence[str]) -> Mapping[str, str]:
    known = {key_of(one): one for one in CONCEPTS}
    return {key: known[key] for key in keys if key in known}


def likeness(name: str, others: Sequence[str]) -> list[float]:
    return [0.8 if (name in MATERIALS) == (one in MATERIALS) else 0.2 for one in others]


def after(earlier: str, question: str) -> str:
    return completed(question, [Turn(earlier)], labels, likeness).question


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("What increases the toughness of spider silk?", "and in nacre?", "What increases the toughness of nacre?"),
        ("What is the stiffness of nacre?", "And of wood?", "What is the stiffness of wood?"),
    ("What limits the toughness of old bone?", "and of nacre?", "What limits the toughness of nacre?"),
        (
            "What does humidity do to spider silk?",
            "What about gecko adhesion?",
            "What does humidity do to gecko adhesion?",
        ),
        ("What is the stiffness of nacre?", "and the toughness?", "What is the toughness of nacre?"),
    ],
)
def test_a_name_alone_takes_the_place_of_the_name_it_is_most_like(earlier: str, question: str, whole: str) -> None:
    assert after(earlier, question) == whole


@pytest.mark.parametrize(
    ("earlier", "question", "whole"),
    [
        ("What is supercontraction?", "Does silkworm silk show it?", "Does silkworm silk show supercontraction?"),
        ("What is lignin?", "How much of it does wood contain?", "How much of lignin does wood contain?"),
        ("What is the stiffness of bone?", "What are its causes?", "What are bone's causes?"),
        ("What is fibroin?", "Which cells grow on this protein?", "Which cells grow on fibroin?"),
        ("What is the toughness of nacre?", "How is that measured?", "How is toughness of nacre measured?"),
        ("What is lignin?", "What about its colour?", "What about lignin's colour?"),
    ],
)
def test_a_pronoun_stands_for_what_was_asked_about(earlier: str, question: str, whole: str) -> None:
    assert after(earlier, question) == whole


@pytest.mark.parametrize(
    ("earlier", "whole"),
    [
        ("How stiff is bone?", "Why is bone stiff?"),
        ("Does water weaken bone?", "Why does water weaken bone?"),
        ("What increases toughness?", "Why: What increases toughness?"),
    ],
)
def test_why_asks_about_the_whole_question(earlier: str, whole: str) -> None:
    assert after(earlier, "Why?") == whole


@pytest.mark.parametrize(
    "question",
    [
        "What is the toughness of bone?",
        "Is it true that water weakens bone?",
        "Is it possible that silk shrinks?",
        "Does nacre lose its toughness in water?",
        "Does bone break when it is dry?",
        "Does the idea that bone is dead hold for nacre?",
    ],
)
def test_a_question_that_stands_by_itself_is_left_alone(question: str) -> None:
    assert completed(question, [Turn("What is spider silk?")], labels, likeness) == Completed(question)


def test_a_question_that_names_nothing_is_about_the_same() -> None:
    assert after("What is spider silk?", "Who disagrees?") == "Who disagrees about spider silk?"


def test_what_was_added_is_said() -> None:
    assert "nacre" in completed("and in nacre?", [Turn("Is bone tough?")], labels, likeness).how


def test_the_latest_turn_counts() -> None:
    turns = [Turn("What is lignin?"), Turn("What is fibroin?")]
    assert completed("Is it tough?", turns, labels, likeness).question == "Is fibroin tough?"


def test_without_a_conversation_nothing_is_completed() -> None:
    assert completed("and in nacre?", [], labels, likeness) == Completed("and in nacre?")
