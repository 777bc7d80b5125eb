from __future__ import annotations

import pytest

from kg.passage_graph import PassageGraph
from kg.stores.memory_store import MemoryStore
from tests.fakes.papers import paper, store_of

CONCEPTS = ["silk", "toughness", "beta sheets", "steel"]
ONE = paper("one", "Silk owes its toughness to something.", concepts=CONCEPTS)
TWO = paper("two", "Beta sheets give toughness.", concepts=CONCEPTS)
THREE = paper("three", "Steel is heavy.", concepts=CONCEPTS)
FOUR = paper("four", "Nothing is mentioned here.", concepts=CONCEPTS)


def graph_of(store: MemoryStore, until: int | None = None) -> PassageGraph:
    return PassageGraph(store.mentions(), store.passage_ids(until))


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
    assert reached[passage(THREE)] > max(reached[passage(one)] for one in common)


def test_a_passage_without_concepts_keeps_its_walkers(graph: PassageGraph) -> None:
    assert graph.walk({passage(FOUR): 1.0}, {}) == {passage(FOUR): 1.0}


def test_later_papers_are_not_walked_through() -> None:
    bridge = paper("bridge", "Silk against steel.", year=2020, concepts=CONCEPTS)
    old, end = (paper("old", "Silk is old.", year=2000, concepts=CONCEPTS),
                paper("end", "Steel is old.", year=2000, concepts=CONCEPTS))
    store = store_of(bridge, old, end)
    assert passage(end) in graph_of(store).walk({passage(old): 1.0}, {})
    assert graph_of(store, 2010).walk({passage(old): 1.0}, {}).keys() == {passage(old)}


def test_an_empty_library_has_nowhere_to_go() -> None:
    graph = graph_of(MemoryStore())
    assert graph.walk({"p-1": 1.0}, graph.concepts_in("silk")) == {}


def test_starting_nowhere_ends_nowhere(graph: PassageGraph) -> None:
    assert graph.walk({}, {}) == {}


def test_the_order_of_arrival_does_not_matter() -> None:
    one, other = graph_of(store_of(ONE, TWO, THREE, FOUR)), graph_of(store_of(FOUR, THREE, TWO, ONE))
    start = {passage(ONE): 0.7, passage(TWO): 0.3}
    assert one.walk(start, one.concepts_in("steel")) == other.walk(start, other.concepts_in("steel"))
