"""Paths between concepts, against all simple paths that networkx finds."""

from __future__ import annotations

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound, UsageError
from kg.model import Path, Relation
from kg.paths import paths, strength
from kg.scope import Scope
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, record

CHAIN: list[Said] = [
    ("silk", "contains", "fibroin"),
    ("fibroin", "forms", "beta sheets"),
    ("beta sheets", "increase", "toughness"),
]


def store(*said: Said, **papers: list[Said]) -> MemoryStore:
    return MemoryStore([record("p", *said), *(record(name, *more) for name, more in papers.items())])


def labels(found: list[Path]) -> list[tuple[str, ...]]:
    return [path.concepts for path in found]


def test_a_path_is_joined_cited_and_says_which_way_its_relations_were_walked() -> None:
    (path,) = paths(store(*CHAIN), "toughness", "silk")
    assert path.concepts == ("toughness", "beta sheets", "fibroin", "silk")
    assert [(hop.subject, hop.predicate, hop.object, hop.reversed) for hop in path.hops] == [
        ("beta sheets", "increase", "toughness", True),
        ("fibroin", "forms", "beta sheets", True),
        ("silk", "contains", "fibroin", True),
    ]
    assert [one.quote for hop in path.hops for one in hop.evidence] == [
        "beta sheets increase toughness.",
        "fibroin forms beta sheets.",
        "silk contains fibroin.",
    ]
    (back,) = paths(store(*CHAIN), "silk", "toughness")
    assert [hop.reversed for hop in back.hops] == [False, False, False]


def test_the_shortest_come_first_and_hops_are_limited() -> None:
    known = store(*CHAIN, ("silk", "has", "toughness"), ("silk", "is", "strong"), ("strong", "means", "toughness"))
    assert labels(paths(known, "silk", "toughness")) == [
        ("silk", "toughness"),
        ("silk", "strong", "toughness"),
        ("silk", "fibroin", "beta sheets", "toughness"),
    ]
    assert len(paths(known, "silk", "toughness", n=2)) == 2
    assert labels(paths(known, "silk", "toughness", max_hops=1)) == [("silk", "toughness")]
    scores = [path.score for path in paths(known, "silk", "toughness")]
    assert scores == sorted(scores, reverse=True)


def test_of_equally_long_paths_the_best_supported_is_first() -> None:
    weak: list[Said] = [("silk", "has", "water"), ("water", "lowers", "toughness")]
    strong: list[Said] = [("silk", "has", "spidroin"), ("spidroin", "raises", "toughness")]
    denied: list[Said] = [("silk", "has", "colour", "denies"), ("colour", "changes", "toughness", "denies")]
    known = store(*weak, *strong, *denied, again=strong)
    assert [path.concepts[1] for path in paths(known, "silk", "toughness")] == ["spidroin", "water", "colour"]


def test_a_hop_is_the_best_supported_relation_of_its_two_concepts() -> None:
    known = store(("silk", "hurts", "cells", "denies"), ("cells", "meet", "silk"), again=[("cells", "meet", "silk")])
    (path,) = paths(known, "silk", "cells")
    (hop,) = path.hops
    assert (hop.predicate, hop.reversed, hop.papers, hop.supports) == ("meet", True, 2, 2)
    assert len(hop.evidence) == 2


def test_as_of_a_year_later_papers_are_hidden() -> None:
    early = record("early", ("silk", "has", "water"), ("water", "lowers", "toughness"), year=2001)
    late = record("late", ("silk", "has", "toughness"), ("silk", "has", "water"), year=2010)
    undated = record("undated", ("silk", "gives", "toughness"), year=None)
    known = MemoryStore([early, late, undated])
    (path,) = paths(known, "silk", "toughness", scope=Scope(until=2005))
    assert path.concepts == ("silk", "water", "toughness")
    assert path.hops[0].papers == len(path.hops[0].evidence) == 1
    assert paths(known, "silk", "toughness", scope=Scope(until=1999)) == []
    assert paths(known, "silk", "toughness")[0].concepts == ("silk", "toughness")


def test_concepts_may_be_named_by_alias_and_unknown_ones_get_their_nearest() -> None:
    known = store(*CHAIN)
    assert paths(known, "Silks", "beta-sheet")[0].concepts == ("silk", "fibroin", "beta sheets")
    with pytest.raises(NotFound, match="toughness"):
        paths(known, "silk", "toughnesss")
    with pytest.raises(NotFound):
        paths(known, " ", "silk")


def test_no_path_is_an_empty_answer() -> None:
    known = store(*CHAIN, ("nacre", "is", "hard"))
    assert paths(known, "silk", "nacre") == []
    assert paths(known, "silk", "silk") == []


@pytest.mark.parametrize("wrong", [{"n": 0}, {"max_hops": 0}, {"max_hops": 9}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        paths(store(*CHAIN), "silk", "toughness", **wrong)


def test_strength_is_the_share_of_support_to_be_expected() -> None:
    assert strength(Relation("a", "r", "b", 1, supports=1)) == pytest.approx(2 / 3)
    assert strength(Relation("a", "r", "b", 1, denies=1)) == pytest.approx(1 / 3)
    assert strength(Relation("a", "r", "b", 1, supports=1, hedges=1)) == pytest.approx(1.5 / 2.5)
    assert strength(Relation("a", "r", "b", 4, supports=3, denies=1)) == pytest.approx(4 / 6)


@given(
    st.lists(
        st.tuples(
            st.sampled_from("abcdefg"),
            st.sampled_from(["helps", "is"]),
            st.sampled_from("abcdefg"),
            st.sampled_from(["supports", "denies"]),
        ),
        min_size=1,
        max_size=14,
    ),
    st.integers(1, 5),
    st.integers(1, 12),
)
def test_they_are_the_first_of_all_simple_paths(said: list[Said], max_hops: int, n: int) -> None:
    known = store(*said)
    found = paths(known, said[0][0], said[-1][2], n=n, max_hops=max_hops)
    assert found == paths(known, said[0][0], said[-1][2], n=n, max_hops=max_hops, seed=7)
    graph = networkx.Graph((one.subject, one.object) for one in known.relations())
    graph.add_nodes_from([said[0][0], said[-1][2]])
    ends = said[0][0], said[-1][2]
    every = (
        {tuple(route) for route in networkx.all_simple_paths(graph, *ends, cutoff=max_hops)}
        if ends[0] != ends[1]
        else set()
    )
    assert set(labels(found)) <= every
    assert len(set(labels(found))) == len(found) == min(n, len(every))
    assert [len(path.hops) for path in found] == sorted(len(route) - 1 for route in every)[:n]
    scores = [path.score for path in paths(known, *ends, n=1000, max_hops=max_hops)]
    assert scores == sorted(scores, reverse=True)
