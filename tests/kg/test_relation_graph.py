"""The relations of a library as arrays, and how they are kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from kg.model import Decision
from kg.paths import PathGraph, paths
from kg.relation_graph import FILE, UNDATED, RelationGraphs, relation_graph
from kg.scope import Scope
from kg.stores.memory_store import MemoryStore
from tests.kg.made import origin, record

ONE = record("one", ("silk", "has", "water"), ("water", "lowers", "male toughness", "denies", "hedged"), year=2001)
TWO = record("two", ("silk", "has", "water"), ("silk", "is", "toughness"), year=None, status="retracted")


def test_it_holds_what_the_store_does() -> None:
    store = MemoryStore([ONE, TWO])
    graph = relation_graph(store)
    assert [graph.triple(number) for number in range(len(graph.ends))] == [
        (one.subject, one.predicate, one.object) for one in store.relations()
    ]
    assert graph.labels == ["male toughness", "silk", "toughness", "water"]
    assert graph.ids == [store.concepts_called(label)[0].id for label in graph.labels]
    assert graph.heads.tolist() == [2, -1, -1, -1]
    assert sorted(graph.year.tolist()) == [2001, 2001, UNDATED, UNDATED]
    assert (graph.denies.sum(), graph.hedged.sum(), graph.retracted.sum()) == (1, 1, 1)


def test_counts_in_a_scope_are_those_of_the_relations_in_it() -> None:
    store = MemoryStore([ONE, TWO])
    whole = PathGraph(store)
    assert whole.counts.tolist() == [[one.papers, one.supports, one.denies, one.hedges] for one in store.relations()]
    early = PathGraph(store, Scope(until=2005))
    told = {early.graph.triple(number): row for number, row in enumerate(early.counts.tolist())}
    assert told["silk", "has", "water"] == [1, 1, 0, 0]
    assert told["silk", "is", "toughness"] == [0, 0, 0, 0]
    by_paper = PathGraph(store, Scope(papers=("one",)))
    assert by_paper.counts.tolist() == early.counts.tolist()


def test_it_is_kept_read_again_and_made_anew_when_the_library_changes(tmp_path: Path) -> None:
    store = MemoryStore([ONE])
    kept = RelationGraphs(lambda: store, tmp_path)
    first = kept.current()
    assert kept.current() is first and (tmp_path / FILE).is_file()
    again = RelationGraphs(lambda: store, tmp_path).current()
    assert (again.labels, again.ids, again.types, again.predicates) == (
        first.labels, first.ids, first.types, first.predicates,
    )  # fmt: skip
    assert all(
        np.array_equal(getattr(again, name), getattr(first, name))
        for name in ("mentioned", "heads", "ends", "relation", "paper", "passage", "year", "denies", "hedged")
    )
    store.add(TWO, origin(TWO))
    assert kept.current().labels == ["male toughness", "silk", "toughness", "water"]
    assert RelationGraphs(lambda: store, tmp_path).current().labels == kept.current().labels


@pytest.mark.parametrize("damage", [b"", b"no zip", None])
def test_a_damaged_or_lost_file_is_made_anew(tmp_path: Path, damage: bytes | None) -> None:
    store = MemoryStore([ONE])
    labels = RelationGraphs(lambda: store, tmp_path).current().labels
    if damage is None:
        (tmp_path / FILE).unlink()
    else:
        (tmp_path / FILE).write_bytes(damage)
    assert RelationGraphs(lambda: store, tmp_path).current().labels == labels
    assert (tmp_path / FILE).stat().st_size > 100
    kept = RelationGraphs(lambda: store, tmp_path)
    kept.forget()
    assert not (tmp_path / FILE).exists()
    assert kept.current().labels == labels


def test_where_nothing_can_be_written_it_is_made_in_memory(tmp_path: Path) -> None:
    place = tmp_path / "file"
    place.write_text("in the way")
    assert RelationGraphs(lambda: MemoryStore([ONE]), place).current().labels


def test_a_rejected_sentence_makes_no_hop() -> None:
    store = MemoryStore([ONE, replace(TWO)])
    (evidence,) = store.evidence(relations=[("silk", "is", "toughness")])
    store.decide(Decision("reject", evidence.id))
    assert paths(store, "silk", "toughness") == []
