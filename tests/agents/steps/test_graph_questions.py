"""Questions for the graph: what is recognised as one, and what is computed, checked by networkx."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import networkx
import pytest

import kg
from agents.steps.graph_questions import Computation, computed, recognised
from kg.library import Library

pytestmark = pytest.mark.slow  # twelve articles are read

SAMPLE = Path(__file__).resolve().parents[3] / "ui" / "sample"
ROWS: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("graph_questions.jsonl").read_text().splitlines()
]
QUESTIONS = [row for row in ROWS if row["set"] != "ordinary"]
ORDINARY = [row["question"] for row in ROWS if row["set"] == "ordinary"]

# Predicates that answer a question for another one as well.
RAISING = frozenset({"increases", "improves", "promotes", "contributes to", "enables"})
LOWERING = frozenset({"decreases", "worsens", "inhibits", "prevents"})
NEAR = {
    **dict.fromkeys(RAISING, RAISING),
    **dict.fromkeys(LOWERING, LOWERING),
    "causes": {"contributes to", "produces"},
    "consists of": {"contains", "part of"},
    "contains": {"consists of", "part of"},
    "located in": {"part of", "contains"},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    with kg.open_library(tmp_path_factory.mktemp("sample") / "library") as library:
        library.add(SAMPLE)
        yield library


@pytest.fixture(scope="module")
def checked(library: Library) -> Checked:
    return Checked(library)


class Checked:
    """What networkx says to each question, and whether a computation says the same."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.graph = library.graph()
        self.stated: networkx.Graph[str] = networkx.Graph()
        for one, other, told in self.graph.edges(data=True):
            if told["supports"]:
                weight = self.stated.get_edge_data(one, other, {"weight": 0})["weight"]
                self.stated.add_edge(one, other, weight=weight + told["supports"])

    def label(self, name: str) -> str:
        return self.library.concept(name).label

    def is_right(self, row: dict[str, Any], told: Computation) -> bool:
        checks = {name: getattr(self, f"of_{name}") for name in row if hasattr(self, f"of_{name}")}
        ((name, check),) = checks.items()
        return bool(check(row, told, row[name]))

    def of_path(self, row: dict[str, Any], told: Computation, ends: list[str]) -> bool:
        a, b = map(self.label, ends)
        at, hops = a, [one for one in told.found if isinstance(one, tuple)]
        if a not in self.stated or b not in self.stated or not networkx.has_path(self.stated, a, b):
            return not hops
        for subject, predicate, object in hops:
            if not self.graph.edges[subject, object, predicate]["supports"] or at not in (subject, object):
                return False
            at = object if at == subject else subject
        return at == b and len(hops) == networkx.shortest_path_length(self.stated, a, b)

    def of_common(self, row: dict[str, Any], told: Computation, ends: list[str]) -> bool:
        a, b = map(self.label, ends)
        return set(told.found) == set(networkx.common_neighbors(self.stated, a, b))

    def of_central(self, row: dict[str, Any], told: Computation, most: int) -> bool:
        around = self.label(row["around"]) if "around" in row else None
        start = None if around is None else {around: 1}
        ranks = networkx.pagerank(self.stated, personalization=start, tol=1e-10, max_iter=1000)
        ranks.pop(around, None)
        least = sorted(ranks.values(), reverse=True)[most - 1]
        return len(set(told.found)) == most and all(ranks[one] >= least - 1e-7 for one in told.found)

    def of_relations(self, row: dict[str, Any], told: Computation, asked: dict[str, Any]) -> bool:
        (end,) = asked.keys() - {"predicates"}
        known = self.label(asked[end])
        edges = self.graph.out_edges if end == "subject" else self.graph.in_edges
        wanted = {
            (one, key, other)
            for one, other, key, data in edges(known, keys=True, data=True)
            if key in asked["predicates"] and data["supports"]
        }
        near = {other for one in asked["predicates"] for other in NEAR.get(one, ())}
        allowed = all(
            known in (one, other) and (key in near or (one, key, other) in wanted) for one, key, other in told.found
        )  # type: ignore[misc]
        return wanted <= set(told.found) and allowed

    def of_disputed(self, row: dict[str, Any], told: Computation, concepts: list[str]) -> bool:
        labels = set(map(self.label, concepts))
        return set(told.found) == {
            (one, key, other)
            for one, other, key, data in self.graph.edges(keys=True, data=True)
            if data["supports"] and data["denies"] and labels <= {one, other}
        }

    def of_new(self, row: dict[str, Any], told: Computation, year: int) -> bool:
        about = self.label(row["of"]) if "of" in row else None
        years: dict[tuple[str, str, str], list[int]] = {}
        for one in self.library.evidence():
            if one.year is not None and one.subject != one.object and about in (None, one.subject, one.object):
                years.setdefault((one.subject, one.predicate, one.object), []).append(one.year)
        wanted = {
            triple
            for triple, told in years.items()
            if min(told) >= year and self.graph.edges[triple[0], triple[2], triple[1]]["supports"]
        }
        return {one for one in told.found if isinstance(one, tuple)} == wanted

    def of_count(self, row: dict[str, Any], told: Computation, name: str) -> bool:
        return len(told.found) == self.graph.nodes[self.label(name)]["papers"]

    def of_neighbours(self, row: dict[str, Any], told: Computation, name: str) -> bool:
        return set(told.found) == set(self.stated[self.label(name)])


def outcome(checked: Checked, row: dict[str, Any]) -> str:
    """Right where networkx says the same, be it that there is nothing; else abstained where nothing was computed."""
    asked = recognised(row["question"], checked.library)
    told = None if asked is None else computed(asked, checked.library)
    if told is None:
        return "abstained"
    return "right" if checked.is_right(row, told) else "wrong" if told.lines else "abstained"


@pytest.mark.parametrize("part", ["dev", "test"])
def test_questions_for_the_graph_are_computed_as_networkx_does(checked: Checked, part: str) -> None:
    rows = [row for row in QUESTIONS if row["set"] == part]
    outcomes = {row["question"]: outcome(checked, row) for row in rows}
    failed = {question: what for question, what in outcomes.items() if what != "right"}
    assert len(rows) - len(failed) >= 0.85 * len(rows), failed
    assert "wrong" not in failed.values(), failed


@pytest.mark.parametrize("question", ORDINARY)
def test_ordinary_questions_are_left_to_the_passages(library: Library, question: str) -> None:
    assert recognised(question, library) is None
