"""Paths between concepts, against all simple paths that networkx finds."""

from __future__ import annotations

from dataclasses import replace

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import NotFound, UsageError
from kg.model import Mention, Path, Relation
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


def test_where_no_relation_joins_sentences_that_name_both_are_followed_and_say_so() -> None:
    apart = record(
        "apart", ("silk", "has", "water"), more="In toughness tests water matters, silk being wet.", title="x"
    )  # fmt: skip
    passage = apart.passages[1]
    at = [(name, passage.text.index(name)) for name in ("toughness", "water", "silk")]
    named = [Mention(passage.id, start, start + len(name), name, "Thing", name, name) for name, start in at]
    one = replace(apart, mentions=(*apart.mentions, *named))
    known = MemoryStore([one, record("other", ("toughness", "limits", "use"))])
    direct, through = paths(known, "silk", "toughness")
    assert (direct.concepts, through.concepts) == (("silk", "toughness"), ("silk", "water", "toughness"))
    (hop,) = direct.hops
    assert (hop.predicate, hop.papers, hop.supports, hop.denies) == ("named with", 1, 0, 0)
    (sentence,) = hop.evidence
    assert passage.text[sentence.start : sentence.end] == sentence.quote
    assert [one.predicate for one in through.hops] == ["has", "named with"]
    assert paths(known, "silk", "toughness", scope=Scope(until=1900)) == []


def test_waypoints_are_passed_in_their_order() -> None:
    known = store(
        *CHAIN, ("silk", "has", "water"), ("water", "lowers", "toughness"), ("fibroin", "binds", "water"),
    )  # fmt: skip
    (path,) = paths(known, "silk", "toughness", via=["fibroin", "water"])
    assert path.concepts == ("silk", "fibroin", "water", "toughness")
    assert paths(known, "silk", "toughness", via=["water", "fibroin"]) == [
        one for one in paths(known, "silk", "toughness", via=["water"], n=9) if "fibroin" in one.concepts[2:]
    ]
    with pytest.raises(UsageError, match="twice"):
        paths(known, "silk", "toughness", via=["silk"])
    with pytest.raises(NotFound):
        paths(known, "silk", "toughness", via=["steel"])


def test_what_goes_with_everything_joins_only_where_nothing_else_does() -> None:
    many: list[Said] = [(f"thing {number}", "has", "patients") for number in range(20)]
    many += [(f"cause {number}", "has", f"effect {number}") for number in range(1000)]
    known = store(
        ("silk", "has", "patients"), ("patients", "have", "toughness"), *many,
        ("silk", "has", "water"), ("water", "has", "toughness"),
        again=[("silk", "has", "patients"), ("patients", "have", "toughness")],
    )  # fmt: skip
    assert [one.concepts[1] for one in paths(known, "silk", "toughness")] == ["water"]
    assert [one.concepts[1] for one in paths(known, "silk", "toughness", order="short")] == ["patients", "water"]
    assert labels(paths(known, "thing 1", "toughness", n=1)) == [("thing 1", "patients", "toughness")]


def test_a_name_that_ends_with_what_goes_with_everything_is_little_better() -> None:
    many: list[Said] = [(f"thing {number}", "has", "patients") for number in range(20)]
    known = store(
        ("silk", "increases", "male patients"), ("male patients", "increase", "toughness"), *many,
        ("silk", "increases", "water"), ("water", "increases", "toughness"),
    )  # fmt: skip
    assert [one.concepts[1] for one in paths(known, "silk", "toughness")] == ["water", "male patients"]


def test_what_repeats_an_earlier_path_comes_later() -> None:
    strong: list[Said] = [("silk", "causes", "a"), ("a", "causes", "b"), ("b", "causes", "toughness")]
    known = store(
        *strong, ("a", "causes", "c"), ("c", "causes", "toughness"), ("silk", "is", "x"), ("x", "is", "toughness"),
        ("silk", "causes", "d"), ("d", "has property", "e"), ("e", "has property", "toughness"), again=strong,
    )  # fmt: skip
    found = [one.concepts[1:-1] for one in paths(known, "silk", "toughness", n=3)]
    assert found.index(("a", "c")) > found.index(("x",))


def test_retracted_hedged_and_vague_evidence_counts_less() -> None:
    def both(predicate: str, **facts: object) -> MemoryStore:
        weak = record("weak", ("silk", predicate, "a"), ("a", predicate, "toughness"), **facts)  # type: ignore[arg-type]
        return MemoryStore([weak, record("plain", ("silk", "causes", "b"), ("b", "causes", "toughness"), year=2015)])

    for known in (both("causes", status="retracted", year=2015), both("causes", year=1950), both("acts on", year=2015)):
        assert [one.concepts[1] for one in paths(known, "silk", "toughness")] == ["b", "a"]


@pytest.mark.parametrize("wrong", [{"n": 0}, {"max_hops": 0}, {"max_hops": 9}])
def test_limits_that_make_no_sense_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError, match=next(iter(wrong))):
        paths(store(*CHAIN), "silk", "toughness", **wrong)


def test_strength_is_the_share_of_support_to_be_expected() -> None:
    assert strength(Relation("a", "r", "b", 1, supports=1)) == pytest.approx(2 / 3)
    assert strength(Relation("a", "r", "b", 1, denies=1)) == pytest.approx(1 / 3)
    assert strength(Relation("a", "r", "b", 1, supports=1, hedges=1)) == pytest.approx(1.5 / 2.5)
    assert strength(Relation("a", "r", "b", 4, supports=3, denies=1)) == pytest.approx(4 / 6)


SAID = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.sampled_from(["helps", "is"]),
        st.sampled_from("abcdefg"),
        st.sampled_from(["supports", "denies"]),
    ),
    min_size=1,
    max_size=14,
)


@given(SAID, st.integers(1, 5), st.integers(1, 12))
def test_the_short_ones_are_the_first_of_all_simple_paths(said: list[Said], max_hops: int, n: int) -> None:
    known = store(*said)
    ends = said[0][0], said[-1][2]
    found = paths(known, *ends, n=n, max_hops=max_hops, order="short")
    every = all_routes(known, *ends, max_hops)
    assert set(labels(found)) <= every
    assert len(set(labels(found))) == len(found) == min(n, len(every))
    assert [len(path.hops) for path in found] == sorted(len(route) - 1 for route in every)[:n]
    scores = [path.score for path in paths(known, *ends, n=1000, max_hops=max_hops, order="short")]
    assert scores == sorted(scores, reverse=True)


@given(SAID, st.integers(1, 5), st.integers(1, 12))
def test_in_any_order_they_are_all_that_there_are_each_once_and_the_best_is_first(
    said: list[Said], max_hops: int, n: int
) -> None:
    known = store(*said)
    ends = said[0][0], said[-1][2]
    found = paths(known, *ends, n=n, max_hops=max_hops)
    assert found == paths(known, *ends, n=n, max_hops=max_hops, seed=7)
    every = all_routes(known, *ends, max_hops)
    assert set(labels(found)) <= every
    assert len(set(labels(found))) == len(found) == min(n, len(every))
    everything = paths(known, *ends, n=1000, max_hops=max_hops)
    assert set(labels(everything)) == every
    assert [one.score for one in found[:1]] == [one.score for one in everything[:1]]
    assert all(one.score <= everything[0].score for one in everything)


@given(SAID, st.sampled_from("abcdefg"))
def test_over_a_waypoint_they_are_those_of_all_that_pass_it(said: list[Said], waypoint: str) -> None:
    known = store(*said, ("x", "is", waypoint))
    ends = said[0][0], said[-1][2]
    if waypoint in ends or ends[0] == ends[1]:
        return
    found = paths(known, *ends, n=1000, max_hops=5, via=[waypoint])
    assert set(labels(found)) == {route for route in all_routes(known, *ends, 5) if waypoint in route}


def all_routes(known: MemoryStore, a: str, b: str, max_hops: int) -> set[tuple[str, ...]]:
    graph = networkx.Graph((one.subject, one.object) for one in known.relations())
    graph.add_nodes_from([a, b])
    return {tuple(route) for route in networkx.all_simple_paths(graph, a, b, cutoff=max_hops)} if a != b else set()
