"""Links that nobody states and that two stated ones suggest."""

from __future__ import annotations

import struct
from dataclasses import replace

from kg.communities import communities
from kg.open_links import everywhere, from_one
from kg.paths import PathGraph
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, record


def graph(*records: list[Said]) -> PathGraph:
    made = [replace(record(f"p{number}", *said), embedder=None, vectors=b"") for number, said in enumerate(records)]
    return PathGraph(MemoryStore(made), denied=False)


def ends(found: list[object]) -> set[frozenset[str]]:
    return {frozenset((one.concepts[0], one.concepts[-1])) for one in found}  # type: ignore[attr-defined]


def test_an_open_link_is_two_hops_whose_ends_nothing_joins() -> None:
    paths = graph(
        [("oil", "decreases", "viscosity")], [("viscosity", "causes", "spasm"), ("viscosity", "causes", "pain")],
        [("oil", "decreases", "pain")],
    )  # fmt: skip
    (one,) = from_one(paths, "oil", 5)
    assert one.concepts == ("oil", "viscosity", "spasm")
    assert from_one(paths, "gold", 5) == []


def test_what_a_sentence_names_together_is_not_open() -> None:
    paths = graph(
        [("oil", "decreases", "viscosity")], [("viscosity", "causes", "spasm")], [("spasm of oil", "is", "rare")],
    )  # fmt: skip
    assert all("spasm of oil" not in one.concepts for one in from_one(paths, "oil", 5))


def test_more_that_joins_two_ends_comes_first() -> None:
    paths = graph(
        [("oil", "decreases", name) for name in "abcd"],
        [(name, "causes", "spasm") for name in "abc"],
        [("d", "causes", "cramp")],
    )  # fmt: skip
    assert [one.concepts[-1] for one in from_one(paths, "oil", 2)] == ["spasm", "cramp"]


def test_an_end_that_only_says_what_kind_the_middle_is_tells_nothing() -> None:
    paths = graph(
        [("oil", "decreases", "viscosity")], [("viscosity", "is a", "quantity"), ("viscosity", "causes", "x")]
    )
    assert [one.concepts[-1] for one in from_one(paths, "oil", 5)] == ["x"]


def test_two_names_of_one_thing_or_of_a_kind_of_it_are_no_link() -> None:
    paths = graph(
        [("marine bacteria", "contains", "rhodopsin")], [("rhodopsin", "causes", "native marine bacterium")],
        [("rhodopsin", "causes", "motive force")],
    )  # fmt: skip
    assert [one.concepts[-1] for one in from_one(paths, "marine bacteria", 5)] == ["motive force"]
    assert frozenset(("marine bacteria", "native marine bacterium")) not in ends(everywhere(paths, 9))


def test_everywhere_draws_by_seed_from_those_whose_predicates_compose() -> None:
    records: list[list[Said]] = [[(f"oil {n}", "decreases", f"fat {n}")] for n in range(12)]
    records += [[(f"fat {n}", "causes", f"pain {n}")] for n in range(12)]
    records += [[("left", "correlated with", "middle")], [("middle", "correlated with", "right")]]
    paths = graph(*records)
    found = everywhere(paths, 4, seed=3)
    assert found == everywhere(paths, 4, seed=3)
    assert len(found) == 4
    assert {ends for seed in range(5) for ends in ends_of(paths, seed)} > ends_of(paths, 0)
    assert not any("middle" in one.concepts for one in everywhere(paths, 20))
    assert all("pain" in one.concepts[-1] or "pain" in one.concepts[0] for one in found)
    only = everywhere(paths, 20, fits=lambda label: label in ("oil 3", "pain 3"))
    assert [set(one.concepts) for one in only] == [{"oil 3", "fat 3", "pain 3"}]


def ends_of(paths: PathGraph, seed: int) -> set[frozenset[str]]:
    return ends(everywhere(paths, 4, seed))  # type: ignore[arg-type]


def test_hops_from_passages_that_are_alike_are_preferred() -> None:
    def vectors(*rows: tuple[float, ...]) -> bytes:
        return b"".join(struct.pack("<4f", *row) for row in rows)

    start = replace(record("a", ("oil", "decreases", "x")), vectors=vectors((1, 0, 0, 0)))
    near = replace(record("b", ("x", "causes", "near")), vectors=vectors((1, 0, 0, 0)))
    far = replace(record("c", ("x", "causes", "far")), vectors=vectors((0, 1, 0, 0)))
    paths = PathGraph(MemoryStore([start, near, far]), denied=False)
    assert [one.concepts[-1] for one in from_one(paths, "oil", 2)] == ["near", "far"]


def two_groups() -> PathGraph:
    """Two tight groups, a1…a5 and b1…b5, with one relation from the one to the other."""
    records: list[list[Said]] = [
        [(f"{group}{one}", "causes", f"{group}{other}")]
        for group in "ab"
        for one in range(1, 6)
        for other in range(one + 1, 6)
        if (one, other) != (1, 4)
    ]
    return graph(*records, [("a5", "causes", "b1")])


def test_communities_are_the_tight_groups_and_say_what_they_are_about() -> None:
    paths = two_groups()
    found = communities(paths)
    number = paths.graph.numbers
    assert len(found) == 2
    assert all(found.same(number[f"{group}1"], number[f"{group}{other}"]) for group in "ab" for other in range(1, 6))
    assert not found.same(number["a5"], number["b1"])
    assert found.about(number["a1"]) == ("a5", "a2")
    assert (communities(two_groups()).of == found.of).all()


def test_across_communities_every_link_leads_from_one_to_another() -> None:
    paths = two_groups()
    across = communities(paths)
    plain = everywhere(paths, 20)
    assert any(one.concepts[0][0] == one.concepts[-1][0] for one in plain)
    found = everywhere(paths, 20, across=across)
    assert found and all({one.concepts[0][0], one.concepts[-1][0]} == {"a", "b"} for one in found)
    assert {one.concepts[-1] for one in from_one(paths, "a1", 9)} > {"b1"}
    assert [one.concepts for one in from_one(paths, "a1", 9, across=across)] == [("a1", "a5", "b1")]
