from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.model import Decision, PaperFacts, SourceRecord
from kg.scope import Scope
from kg.snapshot import FILE, Snapshot, Snapshots, snapshot_of
from kg.stores.memory_store import MemoryStore
from tests.fakes.papers import paper, store_of

CONCEPTS = ["beta sheets", "beta sheet crystals", "toughness"]
RIVERS = paper("rivers", "The Long Rivers is a novel by Ada Brook.", title="The Long Rivers (novel)", year=1990)
BROOK = paper("brook", "Ada Brook was born in Lower Town.", "She wrote The Long Rivers.", title="Ada Brook", year=2001)
SILK = paper("silk", "Beta sheets give toughness.", title="On silk", year=2010, concepts=CONCEPTS)
CRYSTALS = paper("crystals", "Beta sheet crystals are small.", title="Of crystals", year=2015, concepts=CONCEPTS)
ALL = [RIVERS, BROOK, SILK, CRYSTALS]


def passage(one: SourceRecord, place: int = 0) -> str:
    return one.passages[place].id


def named(snapshot: Snapshot, id: str) -> set[str]:
    return {snapshot.names[column] for column in snapshot.incidence[[snapshot.rows[id]]].indices}


def linked(snapshot: Snapshot) -> set[tuple[str, str]]:
    rows, columns = snapshot.links.nonzero()
    return {(snapshot.passages[row], snapshot.passages[column]) for row, column in zip(rows, columns, strict=True)}


@pytest.fixture
def snapshot() -> Snapshot:
    return snapshot_of(store_of(*ALL))[0]


def test_a_passage_names_its_concepts_its_names_and_what_its_paper_is_called(snapshot: Snapshot) -> None:
    assert named(snapshot, passage(SILK)) == {"beta sheet", "toughness", "beta", "on silk"}
    assert named(snapshot, passage(RIVERS)) == {"long river", "ada brook", "the long river", "novel"}
    assert "ada brook" not in named(snapshot, passage(BROOK, 1))


def test_who_names_a_title_links_to_the_first_passage_of_that_paper(snapshot: Snapshot) -> None:
    assert linked(snapshot) == {(passage(RIVERS), passage(BROOK))}
    assert snapshot.linked_by[snapshot.rows[passage(BROOK)]] == 1


def test_a_paper_without_a_title_is_called_by_its_first_name() -> None:
    untitled = paper("brook", "Ada Brook was born in Lower Town.")
    assert linked(snapshot_of(store_of(RIVERS, untitled))[0]) == {(passage(RIVERS), passage(untitled))}


def test_who_cites_a_paper_by_author_and_year_links_to_it() -> None:
    citing = paper("citing", "It was said before (Brook et al., 2005).", title="On saying")
    facts = PaperFacts("Before", ("Ada Brook", "Bo Alder"), 2005)
    plain = paper("before", "Something is said.", title="Before")
    before = replace(plain, facts=facts)
    assert linked(snapshot_of(store_of(citing, before))[0]) == {(passage(citing), passage(before))}


def test_a_walk_goes_over_links_and_shared_names_and_no_further(snapshot: Snapshot) -> None:
    start = np.zeros(len(snapshot.passages))
    start[snapshot.rows[passage(RIVERS)]] = 1.0
    reached = snapshot.walk(start, np.zeros(len(snapshot.names)))
    at = {id: reached[snapshot.rows[id]] for id in snapshot.passages}
    assert at[passage(RIVERS)] == 1.0
    assert 0 < at[passage(BROOK)] < 1
    assert at[passage(SILK)] == at[passage(CRYSTALS)] == 0.0


def test_a_walk_may_start_at_names_alone_and_nowhere_leads_nowhere(snapshot: Snapshot) -> None:
    names = np.zeros(len(snapshot.names))
    assert not snapshot.walk(np.zeros(len(snapshot.passages)), names).any()
    names[snapshot.columns["toughness"]] = 1.0
    reached = snapshot.walk(np.zeros(len(snapshot.passages)), names)
    assert reached[snapshot.rows[passage(SILK)]] == 1.0
    assert reached[snapshot.rows[passage(RIVERS)]] == 0.0


def test_names_that_a_person_merged_are_one() -> None:
    store = store_of(*ALL)
    store.decide(Decision("merge", "beta sheet", "beta sheet crystal"))
    snapshot, _ = snapshot_of(store)
    assert "beta sheet" in named(snapshot, passage(SILK)) & named(snapshot, passage(CRYSTALS))


def test_a_scope_counts_for_itself(snapshot: Snapshot) -> None:
    part = snapshot.within([passage(SILK), passage(BROOK)])
    assert part.passages == sorted([passage(SILK), passage(BROOK)])
    assert not part.links.nnz
    assert [part.papers[part.rows[id]] == snapshot.papers[snapshot.rows[id]] for id in part.passages] == [True, True]


@given(st.permutations(ALL), st.integers(0, 4))
def test_going_on_from_an_earlier_one_is_the_same_as_beginning_anew(order: list[SourceRecord], before: int) -> None:
    earlier, later = store_of(*order[:before]), store_of(*order)
    _, known = snapshot_of(earlier)
    gone_on, again = snapshot_of(later, known)[0], snapshot_of(store_of(*ALL))[0]
    assert gone_on.passages == again.passages
    assert all(named(gone_on, id) == named(again, id) for id in again.passages)
    assert linked(gone_on) == linked(again)


class TestKept:
    def test_another_process_finds_the_same(self, tmp_path: Path) -> None:
        store = store_of(*ALL)
        first = Snapshots(store, tmp_path).current()
        written = (tmp_path / FILE).stat().st_mtime_ns
        again = Snapshots(store, tmp_path).current()
        assert (tmp_path / FILE).stat().st_mtime_ns == written
        assert (again.passages, again.papers, again.names) == (first.passages, first.papers, first.names)
        assert (again.incidence != first.incidence).nnz == 0
        assert (again.bearing != first.bearing).nnz == 0

    def test_what_is_added_is_followed_at_once(self, tmp_path: Path) -> None:
        store = store_of(RIVERS)
        snapshots = Snapshots(store, tmp_path)
        assert len(snapshots.current().passages) == 1
        store.add(BROOK, "corpus:brook")
        assert linked(snapshots.current()) == {(passage(RIVERS), passage(BROOK))}
        assert linked(Snapshots(store, tmp_path).current()) == {(passage(RIVERS), passage(BROOK))}

    @pytest.mark.parametrize("damage", [b"", b"nothing of use", None])
    def test_a_damaged_file_is_made_anew(self, tmp_path: Path, damage: bytes | None) -> None:
        store = store_of(*ALL)
        whole = Snapshots(store, tmp_path).current()
        content = (tmp_path / FILE).read_bytes()
        middle = len(content) // 2
        cut = content[:middle] + bytes(64) + content[middle + 64 :] if damage is None else damage
        (tmp_path / FILE).write_bytes(cut)
        again = Snapshots(store, tmp_path).current()
        assert again.passages == whole.passages
        assert (again.incidence != whole.incidence).nnz == 0

    def test_one_that_tells_other_names_is_noticed_and_made_anew(self, tmp_path: Path) -> None:
        store = store_of(*ALL)
        other = store_of(*ALL[:2], paper("silk", "Steel is strong.", title="On silk"))
        snapshots = Snapshots(store, tmp_path)
        assert snapshots.check() == []
        snapshots._state = (store.revision(), *snapshot_of(other))
        assert len(snapshots.check()) == 1
        snapshots.rebuild()
        assert snapshots.check() == []

    def test_where_nothing_can_be_written_it_is_held_in_memory(self, tmp_path: Path) -> None:
        (tmp_path / "index").write_text("a file where a folder should be")
        assert Snapshots(store_of(*ALL), tmp_path / "index").current().passages

    def test_scopes_are_parts_of_it(self) -> None:
        snapshots = Snapshots(store_of(*ALL))
        assert set(snapshots.current(Scope(until=1999)).passages) == {passage(RIVERS)}

    def test_an_empty_library_has_an_empty_one(self, tmp_path: Path) -> None:
        for _ in range(2):
            empty = Snapshots(MemoryStore(), tmp_path).current()
            assert empty.passages == empty.names == []
            assert empty.links.nnz == 0


def test_another_process_makes_the_same_one() -> None:
    code = (
        "from kg.snapshot import snapshot_of; from tests.fakes.papers import paper, store_of; "
        "store = store_of(paper('alien', 'Ripley flees.', title='Alien (film) (1979) (Scott) (uncut)')); "
        "print(snapshot_of(store)[0].names)"
    )
    top = Path(__file__).resolve().parents[2]

    def names(seed: str) -> str:
        told = {**os.environ, "PYTHONHASHSEED": seed}
        return subprocess.run([sys.executable, "-c", code], cwd=top, env=told, capture_output=True, text=True,
                              check=True, timeout=60).stdout  # fmt: skip

    assert len({names(seed) for seed in ("1", "2", "3")}) == 1
