"""What `hypograph extract` says of one text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.extract.extractor import Extraction, FoundMention, FoundQuantity, FoundRelation
from ui.extracted import as_json

TEXT = "Silk has a toughness of about 180 MJ/m3, and may hold 5 spiders."


@dataclass(frozen=True)
class Given:
    """Finds what it was given."""

    extraction: Extraction
    name: str = "given"
    version: str = "1"

    def extract(self, texts: Sequence[str]) -> Extraction:
        return self.extraction


FOUND = Extraction(
    (
        FoundMention(0, 0, 4, "Material", "Silk", 1.0),
        FoundMention(0, 11, 20, "Property", "toughness", 0.9),
        FoundMention(0, 56, 63, "Organism", "spiders", 0.8),
    ),
    (
        FoundRelation(0, 0, 64, 0, 1, "has property", "has", "supports", "stated", 0.9, "given"),
        FoundRelation(0, 0, 64, 0, 2, "contains", "hold", "supports", "hedged", 0.4, "given", candidate=True),
    ),
    (
        FoundQuantity(0, 24, 39, 180.0, 180.0, "MJ/m3", measures=0, property=1, confidence=0.7),
        FoundQuantity(0, 54, 55, 5.0, 5.0, "", measures=2),
    ),
)


def test_quantities_are_mentions_after_those_of_concepts() -> None:
    told = as_json(Given(FOUND), TEXT)
    assert [(one["text"], one["label"], one["confidence"]) for one in told["mentions"]] == [
        ("Silk", "Material", 1.0),
        ("toughness", "Property", 0.9),
        ("spiders", "Organism", 0.8),
        ("about 180 MJ/m3", "Quantity", 0.7),
        ("5", "Quantity", 1.0),
    ]
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in told["mentions"])


def test_quantities_name_their_mention_and_what_they_measure() -> None:
    told = as_json(Given(FOUND), TEXT)
    names = [one["text"] for one in told["mentions"]]
    silks, spiders = told["quantities"]
    assert (silks["low"], silks["high"], silks["unit"]) == (180.0, 180.0, "MJ/m3")
    assert [names[silks[end]] for end in ("mention", "measures", "property")] == [
        "about 180 MJ/m3",
        "Silk",
        "toughness",
    ]
    assert (names[spiders["mention"]], names[spiders["measures"]], spiders["property"]) == ("5", "spiders", None)


def test_relations_say_whether_they_are_candidates() -> None:
    told = as_json(Given(FOUND), TEXT)
    assert [(one["predicate"], one["candidate"]) for one in told["relations"]] == [
        ("has property", False),
        ("contains", True),
    ]


def test_a_text_with_nothing_in_it_gives_empty_lists() -> None:
    told = as_json(Given(Extraction()), TEXT)
    assert told["mentions"] == told["relations"] == told["quantities"] == []
