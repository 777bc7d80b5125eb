"""What the graph computes, compared with networkx on small graphs of all kinds."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.concept_graph import ConceptGraph, Reading, page_rank
from kg.scope import Scope
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, record

NAMES = ["silk", "nacre", "bone", "wood", "water", "toughness", "steel"]

facts = st.lists(
    st.tuples(
        st.sampled_from(NAMES), st.sampled_from(["increases", "contains", "is a"]), st.sampled_from(NAMES),
        st.sampled_from(["supports", "supports", "denies"]),
    ).filter(lambda one: one[0] != one[2]),
    min_size=1, max_size=14, unique=True,
)  # fmt: skip


def graph_of(*papers: tuple[int | None, list[Said]], scope: Scope | None = None) -> ConceptGraph:
    made = [record(f"p{number}", *said, year=year) for number, (year, said) in enumerate(papers)]
    return ConceptGraph(MemoryStore(made), Scope() if scope is None else scope)


def joined(graph: ConceptGraph) -> networkx.Graph[str]:
    plain: networkx.Graph[str] = networkx.Graph()
    for one in graph.relations():
        if one.supports:
            weight = plain.get_edge_data(one.subject, one.object, {"weight": 0})["weight"]
            plain.add_edge(one.subject, one.object, weight=weight + one.supports)
    return plain


@given(facts, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_shortest_paths_are_shortest_and_walk_over_nothing_denied(said: list[Said], a: str, b: str) -> None:
    graph = graph_of((2001, said))
    plain = joined(graph)
    names = set(graph.store.concept_labels())
    if a == b or not {a, b} <= names:
        return
    found = graph.shortest_paths(a, b)
    if not (a in plain and b in plain and networkx.has_path(plain, a, b)):
        assert found == []
        return
    assert {len(one.hops) for one in found} == {networkx.shortest_path_length(plain, a, b)}
    assert all(hop.supports for one in found for hop in one.hops)


@given(facts, st.sampled_from(NAMES), st.sampled_from(NAMES))
def test_neighbours_and_what_two_have_in_common(said: list[Said], a: str, b: str) -> None:
    graph = graph_of((2001, said))
    plain = joined(graph)
    assert set(graph.neighbours(a)) == (set(plain[a]) if a in plain else set())
    if a != b and a in plain and b in plain:
        found = graph.common(a, b)
        assert {one.label for one in found} == set(networkx.common_neighbors(plain, a, b))
        for one in found:
            assert [{it.subject, it.object} for it in one.relations] == [{a, one.label}, {b, one.label}]


@given(facts, st.none() | st.sampled_from(NAMES))
def test_central_concepts_are_ranked_as_networkx_ranks_them(said: list[Said], around: str | None) -> None:
    graph = graph_of((2001, said), (2002, said[:3]))
    plain = joined(graph)
    if around is not None and around not in plain:
        assert graph.central(around) == []
        return
    wanted = networkx.pagerank(plain, personalization=None if around is None else {around: 1}, tol=1e-12, max_iter=2000)
    for one in graph.central(around):
        assert one.rank == pytest.approx(wanted[one.label], abs=1e-6)
        assert one.neighbours == plain.degree(one.label) and one.label != around
    ranks = [one.rank for one in graph.central(around)]
    assert ranks == sorted(ranks, reverse=True)


def test_page_rank_of_nothing() -> None:
    assert page_rank({}) == {}


SAID: list[Said] = [
    ("water", "increases", "toughness"), ("steel", "increases", "toughness", "denies"),
    ("nacre", "contains", "water"), ("toughness of wood", "is a", "property"),
    ("bone", "increases", "toughness of wood"),
]  # fmt: skip


def test_relations_are_read_from_either_end() -> None:
    graph = graph_of((2001, SAID))
    ways = [Reading("increases", "subject"), Reading("contains", "object")]
    assert [one.subject for one in graph.related("toughness", ways)] == ["water"], "steel is only denied"
    assert [one.object for one in graph.related("nacre", ways)] == ["water"]
    assert graph.related("water", ways) == []
    assert graph.narrower("toughness") == ["toughness of wood"]


def test_what_is_disputed() -> None:
    both: list[Said] = [("silk", "is a", "protein"), ("silk", "increases", "toughness")]
    graph = graph_of((2001, both), (2002, [("silk", "increases", "toughness", "denies")]))
    (found,) = graph.disputed()
    assert (found.predicate, found.supports, found.denies) == ("increases", 1, 1)
    assert graph.disputed(["toughness"]) == graph.disputed(["silk", "toughness"], both=True) == [found]
    assert graph.disputed(["protein"]) == graph.disputed(["silk", "protein"], both=True) == []


def test_what_is_new_is_in_no_earlier_paper() -> None:
    old: list[Said] = [("silk", "is a", "protein")]
    graph = graph_of(
        (2001, old), (2020, [*old, ("silk", "contains", "water")]), (None, [("wood", "contains", "iron")])
    )
    new = graph.since(2010)
    assert [one.predicate for one in new.relations] == ["contains"] and new.relations[0].subject == "silk"
    assert new.concepts == (("water", 2020),), "wood is in a paper without a year"
    assert graph.since(2010, "protein").relations == ()
    assert graph.since(2010, "silk").concepts == (("water", 2020),)


def test_in_a_scope_only_its_evidence_counts() -> None:
    papers: list[tuple[int | None, list[Said]]] = [
        (2001, [("silk", "contains", "water")]),
        (2020, [("silk", "contains", "water", "denies"), ("bone", "is a", "wood")]),
    ]  # fmt: skip
    (relation,) = graph_of(*papers, scope=Scope(until=2010)).relations()
    assert (relation.supports, relation.denies) == (1, 0)
    late = graph_of(*papers, scope=Scope(papers=("p1",)))
    assert late.neighbours("silk") == {} and set(late.neighbours("bone")) == {"wood"}
    assert late.shortest_paths("silk", "water") == []
    (silk,) = late.store.concepts_called("silk")
    assert [(paper.key, often) for paper, often in late.papers(silk)] == [("p1", 1)]
    assert [(paper.key, often) for paper, often in graph_of(*papers).papers(silk)] == [("p0", 1), ("p1", 1)]


def test_what_a_noun_names() -> None:
    said: list[Said] = [("silk", "is a", "fibre"), ("fibre", "is a", "protein fibre"), ("steel", "contains", "iron")]
    store = MemoryStore([record("a", *said, types={"steel": "Material", "iron": "Chemical"})])
    graph = ConceptGraph(store)
    assert graph.is_a("silk", "fibres") and graph.is_a("protein fibre", "fibre") and not graph.is_a("steel", "fibres")
    assert graph.is_a("steel", "materials", ("Material",)) and not graph.is_a("iron", "materials", ("Material",))
