"""The shipped extractor on sentences from many fields, written for this test.

`statements.txt` is what the rules were made with, the others were written after them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.extract.extractor import Extraction, FoundRelation, extractor_named


@dataclass(frozen=True)
class Statement:
    subject: str
    predicate: str
    object: str
    polarity: str
    certainty: str
    text: str


def read(name: str) -> list[Statement]:
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [
        Statement(*(part.strip() for part in line.split("|"))) for line in lines if line and not line.startswith("#")
    ]


def relation_of(statement: Statement, found: Extraction) -> FoundRelation | None:
    """The relation whose ends lie on the statement's, the right predicate first."""

    def on(place: int, name: str) -> bool:
        start = statement.text.lower().index(name.lower())
        mention = found.mentions[place]
        return mention.start < start + len(name) and start < mention.end

    fitting = [
        one for one in found.relations if on(one.subject, statement.subject) and on(one.object, statement.object)
    ]
    return min(fitting, key=lambda one: one.predicate != statement.predicate, default=None)


@pytest.fixture(scope="module", params=["statements.txt", "statements_fresh.txt", "statements_later.txt"])
def answers(request: pytest.FixtureRequest) -> list[tuple[Statement, FoundRelation | None]]:
    extractor = extractor_named("syntax")
    return [
        (statement, relation_of(statement, extractor.extract([statement.text]))) for statement in read(request.param)
    ]


def test_most_statements_are_found(answers: list[tuple[Statement, FoundRelation | None]]) -> None:
    missed = [statement.text for statement, relation in answers if relation is None]
    assert len(missed) / len(answers) <= 0.2, missed


@pytest.mark.parametrize(("figure", "least"), [("predicate", 0.9), ("polarity", 0.96), ("certainty", 0.95)])
def test_what_is_found_is_read_right(
    answers: list[tuple[Statement, FoundRelation | None]], figure: str, least: float
) -> None:
    found = [(statement, relation) for statement, relation in answers if relation is not None]
    wrong = [statement.text for statement, relation in found if getattr(statement, figure) != getattr(relation, figure)]
    assert 1 - len(wrong) / len(found) >= least, wrong
