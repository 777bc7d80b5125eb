from __future__ import annotations

from agents.critique import Claim
from agents.steps.deriving import derived
from kg.concept_graph import ConceptGraph
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, origin, record


def graph(*said: Said) -> ConceptGraph:
    store = MemoryStore()
    for number, one in enumerate(said):
        store.add(made := record(f"p{number}", one), origin(made))
    return ConceptGraph(store)


def path(predicate: str, *said: Said) -> tuple[str, ...] | None:
    found = derived(Claim("silk", predicate, "strength"), graph(*said), {"silk"}, {"strength"})
    return None if found is None else found.concepts


def test_a_claim_follows_from_two_relations() -> None:
    said: tuple[Said, ...] = (("silk", "contains", "gum"), ("gum", "increases", "strength"))
    assert path("increases", *said) == ("silk", "gum", "strength")
    assert path("affects", *said) == ("silk", "gum", "strength")
    assert path("decreases", *said) is None


def test_hops_may_be_told_the_other_way_round() -> None:
    assert path("increases", ("gum", "part of", "silk"), ("gum", "increases", "strength")) is not None
    found = derived(
        Claim("silk", "uses", "strength"),
        graph(("gum", "used for", "silk"), ("gum", "uses", "strength")),
        {"silk"},
        {"strength"},
    )
    assert found is not None
    assert [hop.reversed for hop in found.hops] == [True, False]


def test_what_papers_only_deny_and_what_is_but_an_analogy_give_nothing() -> None:
    assert path("increases", ("silk", "contains", "gum"), ("gum", "increases", "strength", "denies")) is None
    assert path("increases", ("silk", "similar to", "gum"), ("gum", "increases", "strength")) is None


def test_the_safest_path_is_taken() -> None:
    found = path(
        "increases",
        ("silk", "contains", "gum"), ("gum", "increases", "strength"),
        ("silk", "is a", "fibre"), ("fibre", "increases", "strength"),
    )  # fmt: skip
    assert found == ("silk", "fibre", "strength")
