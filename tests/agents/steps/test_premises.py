from __future__ import annotations

import pytest

from agents.steps.phrases import names_in, phrases
from agents.steps.premises import Claim, claim, weighed
from kg.model import Evidence, Polarity
from kg.names import key_of

CONCEPTS = ("silk", "humidity", "toughness", "fracture risk", "bone mineral density")


def claimed(question: str) -> Claim | None:
    known = {key_of(one): one for one in CONCEPTS}
    return claim(question, phrases(question, {key: known[key] for key in names_in(question) if key in known}))


def evidence(predicate: str, polarity: Polarity = "supports", subject: str = "humidity") -> Evidence:
    return Evidence(
        f"e-{predicate}{polarity}", "w-1", "k", "p-1", 0, 5, "quote", subject, predicate, "toughness", polarity
    )


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("Why does humidity increase the toughness of this?", Claim("humidity", "increases", "toughness", True)),
        ("Does humidity reduce toughness?", Claim("humidity", "decreases", "toughness", False)),
        ("Why is toughness increased by humidity?", Claim("humidity", "increases", "toughness", True)),
        ("Why does humidity not increase toughness?", Claim("humidity", "increases", "toughness", True, denied=True)),
        (
            "Why is bone mineral density a good predictor of fracture risk?",
            Claim("bone mineral density", "predicts", "fracture risk", True),
        ),
        ("What increases toughness?", None),
        ("Why is silk tough?", None),
        ("humidity increases toughness", None),
    ],
)
def test_what_a_question_claims(question: str, said: Claim | None) -> None:
    assert claimed(question) == said


CLAIM = Claim("humidity", "increases", "toughness", True)


@pytest.mark.parametrize(
    ("pieces", "verdict"),
    [
        ([], "unknown"),
        ([evidence("increases")], "stated"),
        ([evidence("improves")], "stated"),
        ([evidence("increases", "denies")], "denied"),
        ([evidence("decreases")], "denied"),
        ([evidence("decreases", "denies")], "unknown"),
        ([evidence("increases"), evidence("decreases")], "disputed"),
        ([evidence("increases", subject="silk")], "unknown"),
        ([evidence("contains")], "unknown"),
    ],
)
def test_evidence_on_both_sides_decides(pieces: list[Evidence], verdict: str) -> None:
    assert weighed(CLAIM, pieces).verdict == verdict


def test_a_denied_claim_turns_the_sides_round() -> None:
    denied = Claim("humidity", "increases", "toughness", True, denied=True)
    assert weighed(denied, [evidence("increases", "denies")]).verdict == "stated"
    assert weighed(denied, [evidence("increases")]).verdict == "denied"
    assert weighed(denied, [evidence("decreases")]).verdict == "stated"
