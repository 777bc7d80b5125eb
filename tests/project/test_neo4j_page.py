"""Each example on the page about servers runs on a real one, and finds something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kg.library import Library
from tests.contracts.graph_store import DOUBTFUL, NACRE, SILK, UNDATED, filled
from tests.kg.made import record
from tests.server.library import Place

PAGE = (Path(__file__).resolve().parent.parent.parent / "docs" / "neo4j.md").read_text()
EXAMPLES = re.findall(r"```cypher\n(.*?)```", PAGE, re.DOTALL)
VALUES = {"name": "Spider silk", "other": "beta sheet", "since": 2000, "words": "toughness"}


@pytest.fixture(scope="module")
def library(neo4j_place: Place) -> Iterator[Library]:
    with closing(neo4j_place.emptied()) as store:
        filled(
            store,
            SILK,
            NACRE,
            UNDATED,
            DOUBTFUL,
            record(
                "third", ("spider silk", "contains", "beta sheet"), ("beta sheet", "increases", "strength"), year=2020
            ),
        )
        yield Library(store=store)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: text.split("RETURN")[0].split("\n")[0][:40])
def test_an_example_runs_and_finds_something(example: str, library: Library) -> None:
    asked = {name: value for name, value in VALUES.items() if f"${name}" in example}
    found = library.cypher(example, **asked)
    assert len(found) > 0
    assert all(column.isidentifier() for column in found.columns), "each column has a name to go by"


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 10
