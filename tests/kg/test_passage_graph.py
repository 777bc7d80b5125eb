from __future__ import annotations

import numpy as np
import pytest

from kg.passage_graph import PassageGraph
from kg.scope import EVERYWHERE, Scope
from kg.stores.memory_store import MemoryStore
from tests.fakes.papers import paper, store_of

CONCEPTS = ["silk", "toughness", "beta sheets", "steel"]
ONE = paper("one", "Silk owes its toughness to something.", concepts=CONCEPTS)
TWO = paper("two", "Beta sheets give toughness.", concepts=CONCEPTS)
THREE = paper("three", "Steel is heavy.", concepts=CONCEPTS)
FOUR = paper("four", "Nothing is mentioned here.", concepts=CONCEPTS)


def graph_of(store: MemoryStore, scope: Scope = EVERYWHERE) -> PassageGraph:
    return PassageGraph(store.mentions(), store.passage_ids(scope))


@pytest.fixture
def graph() -> PassageGraph:
    return graph_of(store_of(ONE, TWO, THREE, FOUR))


def passage(one: object) -> str:
    return one.passages[0].id  # type: ignore[attr-defined, no-any-return]


def test_a_walk_reaches_what_shares_a_concept_and_nothing_else(graph: PassageGraph) -> None:
    reached = graph.walk({passage(ONE): 1.0}, {})
    assert reached.keys() == {passage(ONE), passage(TWO)}
    assert reached[passage(ONE)] == 1.0
    assert 0 < reached[passage(TWO)] < 1


def test_a_walk_may_start_at_concepts_alone(graph: PassageGraph) -> None:
    assert graph.walk({}, graph.concepts_in("What is steel?")).keys() == {passage(THREE)}


def test_a_question_names_concepts_by_their_longest_names_however_written() -> None:
    store = store_of(ONE, TWO, paper("five", "A beta is a letter.", concepts=["beta"]))
    graph = graph_of(store)
    assert len(graph.concepts_in("Do Beta-Sheets matter?")) == 1
    assert graph.walk({}, graph.concepts_in("Do Beta-Sheets matter?")).keys() >= {passage(TWO)}
    assert len(graph.concepts_in("beta, silk and steel")) == 2
    assert graph.concepts_in("") == graph.concepts_in("?!") == {}


def test_a_rare_concept_says_more_than_a_common_one() -> None:
    common = [paper(f"c{number}", f"Silk number {number}.", concepts=CONCEPTS) for number in range(8)]
    both = paper("both", "Silk and steel.", concepts=CONCEPTS)
    graph = graph_of(store_of(both, THREE, *common))
    reached = graph.walk({passage(both): 1.0}, {})
    assert reached[passage(THREE)] > sum(reached[passage(one)] for one in common)


def test_a_passage_without_concepts_keeps_its_walkers(graph: PassageGraph) -> None:
    assert graph.walk({passage(FOUR): 1.0}, {}) == {passage(FOUR): 1.0}


def test_walkers_who_can_go_nowhere_start_anew_everywhere(graph: PassageGraph) -> None:
    # x at FOUR settles where x = .3/2 + .7 x/2; half of the walkers at ONE's two concepts are there, half at TWO.
    reached = graph.walk({passage(FOUR): 0.5, passage(ONE): 0.5}, {})
    alone = 0.15 / 0.65
    assert reached[passage(FOUR)] * _settled_at_one(alone) == pytest.approx(alone, abs=1e-4)


def _settled_at_one(alone: float) -> float:
    """Where walkers at ONE (silk, toughness) and TWO (toughness, beta sheets) settle, by the balance of their flows."""
    silk_share = np.log1p(4 / 1) / (np.log1p(4 / 1) + np.log1p(4 / 2))
    start = 0.15 + 0.35 * alone
    # one = start + .7 (silk + tough/2), two = .7 (tough/2 + sheets); silk = .7 one s, tough = .7 (one + two) (1 - s) …
    tough, own = 0.7 * (1 - silk_share), 0.7 * silk_share
    stay, cross = 1 - 0.7 * (own + tough / 2), -0.7 * tough / 2
    return float(np.linalg.solve([[stay, cross], [cross, stay]], [start, 0.0])[0])


def test_later_papers_are_not_walked_through() -> None:
    bridge = paper("bridge", "Silk against steel.", year=2020, concepts=CONCEPTS)
    old, end = (paper("old", "Silk is old.", year=2000, concepts=CONCEPTS),
                paper("end", "Steel is old.", year=2000, concepts=CONCEPTS))
    store = store_of(bridge, old, end)
    assert passage(end) in graph_of(store).walk({passage(old): 1.0}, {})
    assert graph_of(store, Scope(until=2010)).walk({passage(old): 1.0}, {}).keys() == {passage(old)}


def test_an_empty_library_has_nowhere_to_go() -> None:
    graph = graph_of(MemoryStore())
    assert graph.walk({"p-1": 1.0}, graph.concepts_in("silk")) == {}


def test_starting_nowhere_ends_nowhere(graph: PassageGraph) -> None:
    assert graph.walk({}, {}) == {}


def test_the_order_of_arrival_does_not_matter() -> None:
    one, other = graph_of(store_of(ONE, TWO, THREE, FOUR)), graph_of(store_of(FOUR, THREE, TWO, ONE))
    start = {passage(ONE): 0.7, passage(TWO): 0.3}
    assert one.walk(start, one.concepts_in("steel")) == other.walk(start, other.concepts_in("steel"))
