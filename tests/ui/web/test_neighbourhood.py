from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract import llm_reply, sci_vocabulary
from kg.model import ANY_TYPE
from kg.predicates import PREDICATES
from kg.stores.memory_store import MemoryStore
from tests.fakes.web import small
from tests.kg.made import origin, record
from ui.web.neighbourhood import (
    ANY_KIND,
    FAMILIES,
    KINDS,
    MOST_CONCEPTS,
    drawn,
    family_of,
    kind_of,
    neighbourhood,
)

WORDS = ["silk", "nacre", "bone", "toughness", "water", "stiffness"]


def store_of(*said: tuple[str, str, str]) -> MemoryStore:
    store = MemoryStore()
    for number, one in enumerate(said):
        made = record(f"p{number}", one)
        store.add(made, origin(made))
    return store


def id_of(store: MemoryStore, label: str) -> str:
    return store.concepts_called(label)[0].id


def test_the_neighbours_with_the_most_evidence_are_shown_and_the_others_counted() -> None:
    store = store_of(("silk", "increases", "toughness"), ("silk", "increases", "toughness"),
                     ("water", "affects", "silk"), ("silk", "is a", "fibre"))
    part = neighbourhood(store, [id_of(store, "silk")], 2, 12)
    assert [one.label for one in part.concepts] == ["fibre", "silk", "toughness"]
    assert part.left_out == 1


def test_relations_between_neighbours_are_shown_too() -> None:
    store = store_of(("silk", "increases", "toughness"), ("silk", "contains", "water"),
                     ("water", "decreases", "toughness"))
    part = neighbourhood(store, [id_of(store, "silk")], 10, 12)
    assert ("water", "decreases", "toughness") in [(one.subject, one.predicate, one.object) for one in part.relations]


def test_opening_another_concept_keeps_what_was_there() -> None:
    store = store_of(("silk", "increases", "toughness"), ("toughness", "part of", "strength"),
                     ("strength", "is a", "thing"))
    before = neighbourhood(store, [id_of(store, "silk")], 10, 12)
    after = neighbourhood(store, [id_of(store, "silk"), id_of(store, "toughness")], 10, 12)
    assert set(before.concepts) < set(after.concepts)
    assert set(before.relations) < set(after.relations)
    assert [one.label for one in after.opened] == ["silk", "toughness"]


def test_concepts_that_are_gone_are_passed_over() -> None:
    store = store_of(("silk", "increases", "toughness"))
    assert neighbourhood(store, ["c-nothing"], 10, 12).concepts == ()


def test_only_neighbours_of_the_types_that_are_wanted_are_shown() -> None:
    store = MemoryStore()
    types = {"silk": "Material", "water": "Chemical", "toughness": "Property", "bone": "Material"}
    for number, one in enumerate((("silk", "increases", "toughness"), ("water", "affects", "silk"),
                                  ("bone", "similar to", "silk"), ("bone", "increases", "toughness"))):
        made = record(f"p{number}", one, types=types)
        store.add(made, origin(made))
    silk = [id_of(store, "silk")]
    assert len(neighbourhood(store, silk, 10, 12).concepts) == 4
    part = neighbourhood(store, silk, 10, 12, types=["Material"])
    assert [one.label for one in part.concepts] == ["bone", "silk"]
    assert part.left_out == 0
    assert [one.label for one in neighbourhood(store, silk, 10, 12, ["Property"]).concepts] == ["silk", "toughness"]
    few = neighbourhood(store, silk, 1, 12, ["Property", "Chemical"])
    assert (len(few.concepts), few.left_out) == (2, 1)


def test_types_are_drawn_as_kinds_that_colour_and_shape_both_tell() -> None:
    assert kind_of("Gene") == "life" and kind_of("Concept") == kind_of("Whatever") == ANY_KIND
    for what in ("colour", "shape"):
        assert len({getattr(kind, what) for kind in KINDS.values()}) == len(KINDS)
    listed = [type for kind in KINDS.values() for type in kind.types]
    assert len(set(listed)) == len(listed)
    store = store_of(("silk", "increases", "toughness"))
    made = record("typed", ("silk", "is a", "polymer"), types={"silk": "Material"})
    store.add(made, origin(made))
    picture = drawn(neighbourhood(store, [id_of(store, "silk")], 10, 12), None)
    assert {node["label"]: node["kind"] for node in picture["nodes"]}["toughness"] == ANY_KIND
    assert picture["kinds"].keys() == KINDS.keys()


def test_every_type_that_an_extractor_tells_is_of_a_kind() -> None:
    told = {type for types in sci_vocabulary.TYPES.values() for type in types.values()} | set(llm_reply.TYPES)
    assert {type for type in told if kind_of(type) == ANY_KIND} == {ANY_TYPE}


def test_a_hub_does_not_fill_the_page() -> None:
    store = store_of(*[("hub", "affects", f"thing{number}") for number in range(MOST_CONCEPTS + 20)])
    part = neighbourhood(store, [id_of(store, "hub")], 10_000, 12)
    assert len(part.concepts) == MOST_CONCEPTS
    assert part.left_out == 21


@given(said=st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["affects", "is a"]), st.sampled_from(WORDS)),
                     min_size=1, max_size=8),
       most=st.integers(0, 4))
def test_every_line_has_both_its_ends(said: list[tuple[str, str, str]], most: int) -> None:
    store = store_of(*said)
    part = neighbourhood(store, [one.id for one in store.concepts()][:2], most, 1)
    labels = {one.label for one in part.concepts}
    assert all({one.subject, one.object} <= labels for one in part.relations)
    assert {one.label for one in part.opened} <= labels
    picture = drawn(part, None)
    ids = {node["id"] for node in picture["nodes"]}
    assert len(ids) == len(part.concepts)
    assert all(edge["source"] in ids and edge["target"] in ids for edge in picture["edges"])


@pytest.mark.parametrize("predicate", [one.name for one in PREDICATES])
def test_every_predicate_has_one_family(predicate: str) -> None:
    assert [name for name, family in FAMILIES.items() if predicate in family.predicates] == [family_of(predicate)]


def test_a_picture_says_which_concepts_are_open_and_how_sure_a_line_is(tmp_path: Path) -> None:
    store = small(tmp_path).store
    silk = store.concepts_called("toughness")[0].id
    picture = drawn(neighbourhood(store, [silk], 10, 12), silk)
    assert [node["label"] for node in picture["nodes"] if node["open"] and node["focus"]] == ["toughness"]
    edges = {edge["label"]: edge for edge in picture["edges"]}
    assert (edges["increases"]["supports"], edges["increases"]["denies"]) == (1, 1)
    assert edges["decreases"]["hedges"] == 1
    assert edges["decreases"]["family"] == "lowers"
