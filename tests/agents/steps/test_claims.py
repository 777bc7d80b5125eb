from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from agents.steps.claims import parsed
from kg.errors import NotFound, UsageError
from kg.names import key_of

KNOWN = {
    key_of(label): label
    for label in (
        "spider silk", "steel", "aspirin", "inflammation", "wound", "wound healing", "collagen", "gelatin", "bone",
        "toughness", "toughness of bone", "calcium ions", "binding of ions", "likely outcome", "fracture risk",
        "mineral density", "freeze casting", "ceramics", "ageing", "costly data", "HIV",
    )
}  # fmt: skip


def known(keys: Sequence[str]) -> Mapping[str, str]:
    return {key: KNOWN[key] for key in keys if key in KNOWN}


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        ("Spider silk is stronger than steel", "spider silk – exceeds – steel"),
        ("Steel is weaker than spider silk.", "spider silk – exceeds – steel"),
        ("Spider silk is much more extensible than steel", "spider silk – exceeds – steel"),
        ("spider silk is better than steel", "spider silk – outperforms – steel"),
        ("Aspirin inhibits inflammation", "aspirin – inhibits – inflammation"),
        ("Inflammation is inhibited by aspirin", "aspirin – inhibits – inflammation"),
        ("Inflammation is strongly inhibited by aspirin", "aspirin – inhibits – inflammation"),
        ("inhibition of inflammation by aspirin", "aspirin – inhibits – inflammation"),
        ("Aspirin is an inhibitor of inflammation", "aspirin – inhibits – inflammation"),
        ("Aspirin leads to a marked reduction in inflammation", "aspirin – decreases – inflammation"),
        ("the effect of ageing on the toughness of bone", "ageing – affects – toughness of bone"),
        ("Collagen is used for wound healing", "collagen – used for – wound healing"),
        ("The use of collagen for wound healing", "collagen – used for – wound healing"),
        ("Wound healing makes use of collagen", "wound healing – uses – collagen"),
        ("Gelatin is derived from collagen", "gelatin – derived from – collagen"),
        ("Collagen is the source of gelatin", "gelatin – derived from – collagen"),
        ("Bone consists of collagen", "bone – consists of – collagen"),
        ("Collagen is a component of bone", "collagen – part of – bone"),
        ("Collagen acts on bone", "collagen – acts on – bone"),
        ("Collagen is same as gelatin", "collagen – same as – gelatin"),
        ("Fracture risk can be predicted from mineral density", "mineral density – predicts – fracture risk"),
        ("Ceramics are made using freeze casting", "freeze casting – used for – ceramics"),
        ("There is an association between ageing and inflammation", "ageing – associated with – inflammation"),
        ("Does aspirin inhibit inflammation?", "aspirin – inhibits – inflammation"),
        ("binding of ions affects bone", "binding of ions – affects – bone"),
        ("bone requires costly data", "bone – requires – costly data"),
    ],
)
def test_statements_in_many_words(statement: str, claim: str) -> None:
    assert str(parsed(statement, known)) == claim


@pytest.mark.parametrize(
    "statement",
    [
        "Aspirin does not inhibit inflammation",
        "Aspirin doesn't inhibit inflammation",
        "Aspirin never inhibits inflammation",
        "Aspirin fails to inhibit inflammation",
        "It is not true that aspirin inhibits inflammation",
        "Inflammation is not inhibited by aspirin",
        "No inhibition of inflammation by aspirin",
    ],
)
def test_denials(statement: str) -> None:
    claim = parsed(statement, known)
    assert (claim.subject, claim.predicate, claim.object, claim.denied) == ("aspirin", "inhibits", "inflammation", True)


def test_twice_denied_is_said() -> None:
    assert not parsed("It is not true that aspirin does not inhibit inflammation", known).denied


@pytest.mark.parametrize(
    "statement", ["Aspirin may inhibit inflammation", "We suggest that aspirin inhibits inflammation",
                  "Aspirin possibly inhibits inflammation"],
)  # fmt: skip
def test_doubt(statement: str) -> None:
    assert parsed(statement, known).hedged


def test_a_word_of_doubt_that_is_part_of_a_name_is_none() -> None:
    claim = parsed("Aspirin affects the likely outcome", known)
    assert (claim.object, claim.hedged) == ("likely outcome", False)


def test_what_a_comparison_is_about() -> None:
    assert parsed("Spider silk is stronger than steel", known).aspect == "stronger"
    assert parsed("Spider silk is more extensible than steel", known).aspect == "more extensible"


def test_the_head_of_a_name_counts_and_the_rest_is_told() -> None:
    claim = parsed("Recombinant spider silk increases the toughness of composite plates", known)
    assert (claim.subject, claim.object) == ("spider silk", "toughness")
    assert claim.passed_over == ("Recombinant", "composite", "plates")
    assert claim.narrower == ("subject", "object")


def test_one_end_may_be_unknown() -> None:
    claim = parsed("Aspirin inhibits glorps", known)
    assert (claim.object, claim.unknown) == ("glorps", ("glorps",))


def test_what_cannot_be_understood_is_said_with_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"No claim is found in 'spider silk'.*stronger than steel"):
        parsed("spider silk", known)
    with pytest.raises(UsageError, match="No claim"):
        parsed("", known)
    with pytest.raises(NotFound, match=r"no concept for 'flurbs' or 'glorps'.*hypograph concepts"):
        parsed("flurbs inhibit glorps", known)
