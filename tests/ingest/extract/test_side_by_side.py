"""Two extractors on the same papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from ingest.extract.extractor import Extraction, Extractor, FoundMention, FoundQuantity, FoundRelation
from ingest.extract.side_by_side import Nothing, SideBySide, merged
from tests.contracts.extractor import ExtractorContract
from tests.fakes.extractor import CapitalsExtractor

TEXT = "Spider silk holds iron. Heat helps."


def mention(text: str, label: str = "Concept", passage: int = 0) -> FoundMention:
    start = TEXT.index(text)
    return FoundMention(passage, start, start + len(text), label, text, 0.5)


def relation(
    subject: int, object_: int, extractor: str, predicate: str = "contains", passage: int = 0
) -> FoundRelation:
    return FoundRelation(passage, 0, 23, subject, object_, predicate, "holds", "supports", "stated", 0.5, extractor)


ONE = Extraction((mention("Spider silk", "Material"), mention("iron")), (relation(0, 1, "pattern"),))


@dataclass(frozen=True)
class Fixed:
    found: Extraction
    name: str = "fixed"
    version: str = "1"

    def extract(self, texts: Sequence[str]) -> Extraction:
        return self.found


class TestContract(ExtractorContract):
    @pytest.fixture
    def extractor(self) -> Extractor:
        return SideBySide(CapitalsExtractor(), CapitalsExtractor("other", "2"))


def test_the_first_one_s_mentions_stand_and_the_second_one_s_relations_go_to_them() -> None:
    other = Extraction(
        (mention("silk"), mention("iron", "Chemical"), mention("Heat")),
        (relation(0, 1, "llm:m"), relation(1, 2, "llm:m")),
    )
    both = merged(ONE, other)
    assert [(TEXT[one.start : one.end], one.label) for one in both.mentions] == [
        ("Spider silk", "Material"),
        ("iron", "Concept"),
        ("Heat", "Concept"),
    ]
    assert [(one.subject, one.object, one.extractor) for one in both.relations] == [
        (0, 1, "llm:m"),
        (0, 1, "pattern"),
        (1, 2, "llm:m"),
    ]


def test_a_new_mention_in_front_moves_what_counts_the_mentions() -> None:
    one = Extraction(
        (mention("iron"), mention("Heat")),
        (relation(0, 1, "pattern"),),
        (FoundQuantity(0, 0, 1, 1.0, 1.0, "kg", measures=0, property=1),),
    )
    both = merged(one, Extraction((mention("Spider silk"),)))
    assert [(it.subject, it.object) for it in both.relations] == [(1, 2)]
    assert [(it.measures, it.property) for it in both.quantities] == [(1, 2)]


def test_a_relation_whose_ends_come_to_be_one_mention_is_left_out() -> None:
    other = Extraction((mention("Spider"), mention("silk")), (relation(0, 1, "llm:m"),))
    assert merged(ONE, other) == ONE


def test_passages_are_kept_apart() -> None:
    other = Extraction((mention("silk", passage=1), mention("iron", passage=1)), (relation(0, 1, "llm:m", passage=1),))
    both = merged(ONE, other)
    assert [(one.passage, one.start) for one in both.mentions] == [(0, 0), (0, 18), (1, 7), (1, 18)]
    assert [(one.passage, one.subject, one.object) for one in both.relations] == [(0, 0, 1), (1, 2, 3)]


def test_nothing_beside_something_is_that() -> None:
    assert merged(ONE, Extraction()) == ONE
    assert merged(Extraction(), ONE) == ONE


def test_where_one_did_not_read_the_paper_the_other_is_named_alone() -> None:
    gone = Fixed(replace(Extraction(), instead=f"{Nothing.name}@{Nothing.version}"), "llm")
    both = SideBySide(Fixed(ONE, "syntax", "syntax-1"), gone)
    assert (both.name, both.version) == ("syntax+llm", "syntax-1+1")
    found = both.extract([TEXT])
    assert found.instead == "syntax@syntax-1"
    assert (found.mentions, found.relations) == (ONE.mentions, ONE.relations)
    assert SideBySide(Fixed(ONE), Fixed(ONE)).extract([TEXT]).instead == ""
