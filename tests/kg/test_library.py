"""The verbs of a library, on a small one of a few made papers."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg import Library, export
from kg.addresses import Folder
from kg.errors import HypographError, LibraryError, NoLibrary, NotFound, UsageError
from kg.model import Decision
from kg.stores.memory_store import MemoryStore
from tests.fakes.embedder import WordEmbedder
from tests.fakes.libraries import DOUBTFUL, ONE, THREE, TWO, fill
from tests.kg.made import origin, record


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with kg.open_library(fill(tmp_path / "library", ONE, TWO, THREE)) as opened:
        yield opened


def tmp_path_of(library: Library) -> Path:
    assert isinstance(library.address, Folder)
    return library.address.path


def test_reprs_are_short(library: Library) -> None:
    assert repr(library).startswith("<Library '") and repr(library).endswith("library'>")
    assert repr(library.papers()) == (
        "[<Paper 'one': 'On silk', 2001>,\n <Paper 'three': 'On nacre'>,\n <Paper 'two': 'On toughness', 2010>]"
    )
    assert repr(library.concept("silk")) == "<Concept 'silk': 2 papers, 3 mentions>"
    assert repr(library.paper("one")) == "<Paper 'one': 'On silk', 2001>"
    assert len(repr(kg.Rows(range(1000)))) < 100


def test_info_counts_and_names_what_made_it(library: Library) -> None:
    info = library.info()
    assert (info.papers, info.passages, info.relations, info.evidence) == (3, 4, 3, 4)
    assert (info.embedder, info.extractors, info.store) == ("made", ("made",), str(library.address))


def test_a_concept_tells_its_relations_its_evidence_and_its_papers(library: Library) -> None:
    silk = library.concept("Silks")
    assert (silk.label, silk.type) == ("silk", "Thing")
    assert [(one.predicate, one.object) for one in silk.relations()] == [
        ("contains", "fibroin"),
        ("improves", "toughness"),
    ]
    assert {one.polarity for one in silk.evidence()} == {"supports", "denies"}
    assert [paper.key for paper in silk.papers()] == ["one", "two"]


def test_an_unknown_concept_gets_the_nearest(library: Library) -> None:
    with pytest.raises(NotFound, match=r"'toughnes' among 5\. Nearest: toughness"):
        library.concept("toughnes")


def test_a_paper_is_found_by_its_key_and_its_id(library: Library) -> None:
    paper = library.paper("one")
    assert library.paper(paper.id).paper == paper.paper
    assert [one.passage.text for one in paper.passages()] == ["silk contains fibroin.", "silk improves toughness."]
    assert [one.predicate for one in paper.evidence()] == ["contains", "improves"]
    with pytest.raises(NotFound, match="'oen'"):
        library.paper("oen")


def test_disagreements_have_both_sides(library: Library) -> None:
    fill(tmp_path_of(library), record("four", ("nacre", "contains", "fibroin", "denies")))
    (one,) = library.disagreements()
    assert (one.relation.subject, one.relation.object) == ("silk", "toughness")
    assert [piece.key for piece in one.supporting] == ["one"]
    assert [piece.key for piece in one.denying] == ["two"]
    assert list(library.disagreements("nacre")) == []
    with pytest.raises(NotFound):
        next(library.disagreements("nothing like it"))


def test_candidates_are_shown_when_asked_for_and_nowhere_else(library: Library) -> None:
    before = [library.show("nacre"), library.relations(), library.evidence(), library.paths("nacre", "toughness")]
    fill(tmp_path_of(library), record("sure", ("nacre", "is a", "material")))
    fill(tmp_path_of(library), DOUBTFUL)
    doubtful, paper = library.concept("nacre"), library.paper("doubtful")
    (candidate,) = doubtful.candidates()
    assert (candidate.object, candidate.candidate, candidate.key) == ("toughness", True, "doubtful")
    assert repr(candidate).startswith("<Candidate 'nacre increases toughness.'")
    assert library.candidates() == paper.candidates() == (candidate,)
    assert doubtful.evidence() and candidate not in doubtful.evidence() and candidate not in paper.evidence()
    (relation,) = library.relations(candidates=True)
    assert (relation.subject, relation.predicate, relation.object, relation.supports) == (
        "nacre",
        "increases",
        "toughness",
        1,
    )
    assert library.relations("TOUGH", candidates=True) == library.relations("acr", candidates=True) == (relation,)
    assert library.relations("silk", candidates=True) == ()
    assert library.candidates(relation) == (candidate,) and library.evidence(relation) == ()
    assert relation not in library.relations() and before[3] == ()
    hops = [hop for path in library.paths("nacre", "toughness") for hop in path.hops]
    assert not any(hop.supports or hop.denies for hop in hops)  # they are named together, and no more
    for name, count in (("nacre", 1), ("doubtful", 1), (candidate.passage, 1), ("silk", 0)):
        assert "candidates" not in library.show(name)
        assert len(library.show(name, candidates=True)["candidates"]) == count
    with pytest.raises(NotFound):
        library.show(relation.id)
    shown = library.show(relation.id, candidates=True)
    assert (shown["supports"], shown["evidence"], len(shown["candidates"])) == (0, [], 1)


def test_quantities_stand_on_their_evidence(library: Library) -> None:
    fill(tmp_path_of(library), DOUBTFUL)
    (relation,) = library.relations("strength")
    (quantity,) = library.evidence(relation)[0].quantities
    assert (quantity.text, quantity.low, quantity.unit, quantity.what()) == ("1.5 GPa", 1.5, "GPa", "strength")
    (shown,) = library.show(relation.id)["evidence"][0]["quantities"]
    text = library.show(library.evidence(relation)[0].passage)["text"]
    assert text[shown["start"] : shown["end"]] == shown["text"]
    assert (shown["of"], shown["property"]) == ("strength", None)
    assert "quantities" in library.evidence(relation).to_frame()


def test_concepts_are_listed_by_type(library: Library) -> None:
    fill(tmp_path_of(library), DOUBTFUL, record("more", ("nacre", "is a", "shell"), types={"shell": "Material"}))
    assert library.types() == {"Thing": 5, "Material": 1, "Property": 1}
    assert [one.label for one in library.concepts(type="material")] == ["shell"]
    assert [one.label for one in library.concepts("stre", "Property")] == ["strength"]
    assert library.concepts("stre", "Material") == ()
    with pytest.raises(NotFound, match=r"type 'Materiel'\. There are: Thing, Material, Property\."):
        library.concepts(type="Materiel")


def test_an_empty_library_has_no_types_to_choose_from() -> None:
    with Library(store=MemoryStore()) as library:
        assert library.concepts(type="Material") == () and library.types() == {}


@pytest.mark.parametrize(("name", "kind"), [("one", "paper"), ("silk", "concept"), ("fibroins", "concept")])
def test_show_gives_a_thing_whole(library: Library, name: str, kind: str) -> None:
    shown = library.show(name)
    assert shown["kind"] == kind
    assert library.show(shown["id"]) == shown


def test_show_passage_has_its_text_and_relations_their_evidence(library: Library) -> None:
    passage = library.paper("two").passages()[0].passage
    shown = library.show(passage.id)
    assert (shown["kind"], shown["text"], shown["title"]) == ("passage", passage.text, "On toughness")
    assert {passage.text[one["start"] : one["end"]] for one in shown["mentions"]} == {"silk", "toughness"}
    relation = library.relations("toughness")[0]
    shown = library.show(relation.id)
    assert (shown["kind"], shown["denies"], len(shown["evidence"])) == ("relation", 1, 2)


@pytest.mark.parametrize("name", ["", " ", "no-such-thing", "p-0000", "l-0000"])
def test_show_of_nothing_is_told(library: Library, name: str) -> None:
    with pytest.raises(NotFound):
        library.show(name)


def test_a_key_that_two_papers_share_is_refused_with_their_ids(tmp_path: Path) -> None:
    twins = [record("paper.md", ("a", "is a", "b"), corpus=False), record("paper.md", ("c", "is a", "d"), corpus=False)]
    with kg.open_library(fill(tmp_path / "library", *twins)) as library:
        ids = [paper.id for paper in library.papers()]
        for refused in (library.paper, library.show, library.remove):
            with pytest.raises(UsageError) as caught:
                refused("paper.md")
            assert all(id in str(caught.value) for id in ids)
        assert len(library.papers()) == 2
        assert library.remove(ids[0]).removed == (ids[0],)
        assert library.paper("paper.md").id == ids[1]


def test_removing_is_the_inverse_of_adding(tmp_path: Path) -> None:
    with kg.open_library(fill(tmp_path / "all", ONE, TWO, THREE)) as library:
        done = library.remove("two", "no-such-paper", "two")
        assert (done.removed, done.missing) == (("two",), ("no-such-paper",))
        with kg.open_library(fill(tmp_path / "few", ONE, THREE)) as other:
            assert list(export.dump(library.store, vectors=True)) == list(export.dump(other.store, vectors=True))


def test_the_graph_is_networkx(library: Library) -> None:
    graph = library.graph()
    assert set(graph.nodes) == {concept.label for concept in library.concepts()}
    assert graph.nodes["silk"] == {"type": "Thing", "papers": 2, "mentions": 3}
    assert graph.edges["silk", "toughness", "improves"]["denies"] == 1


def test_rows_become_a_table(library: Library) -> None:
    frame = library.relations().to_frame()
    assert list(frame.columns) == ["subject", "predicate", "object", "papers", "supports", "denies", "hedges"]
    assert frame.iloc[2]["object"] == "toughness"
    assert library.relations("no such").to_frame().empty


def test_a_copy_has_all_facts_and_can_go_on(tmp_path: Path) -> None:
    source = kg.open_library(fill(tmp_path / "source", ONE, TWO, THREE))
    source.store.decide(Decision("pin", "silk", "Silks"))
    source.store.has(ONE.id, "corpus:elsewhere")
    target = kg.open_library(fill(tmp_path / "target", TWO))
    assert source.copy_to(target).papers == 3
    assert source.copy_to(target) == target.info()
    assert list(export.dump(source.store, vectors=True)) == list(export.dump(target.store, vectors=True))
    assert list(source.store.sources()) == list(target.store.sources())
    source.close()
    target.close()


def test_a_copy_mixes_nothing(tmp_path: Path) -> None:
    source, target = kg.open_library(fill(tmp_path / "source", ONE)), kg.open_library(fill(tmp_path / "target", TWO))
    before = list(export.dump(target.store))
    with pytest.raises(UsageError, match="1 source records that are not in"):
        source.copy_to(target)
    with pytest.raises(UsageError, match="onto itself"):
        source.copy_to(kg.open_library(tmp_path / "x" / ".." / "source"))
    with pytest.raises(NoLibrary, match="never-made"):
        kg.open_library(tmp_path / "never-made").copy_to(kg.open_library(tmp_path / "new"))
    assert list(export.dump(target.store)) == before
    assert not (tmp_path / "new").exists()


def test_opening_costs_nothing_and_looking_makes_nothing(tmp_path: Path) -> None:
    library = kg.open_library(tmp_path / "never-made")
    for look in (
        library.info,
        library.papers,
        library.concepts,
        library.graph,
        library.verify,
        lambda: library.show("x"),
        lambda: library.search("silk"),
        lambda: library.remove("x"),
        lambda: library.paths("a", "b"),
    ):
        with pytest.raises(NoLibrary, match="never-made"):
            look()
    assert not (tmp_path / "never-made").exists()


def test_a_closed_library_says_so(library: Library) -> None:
    unused = kg.open_library(tmp_path_of(library))
    unused.close()
    library.info()
    library.close()
    for closed in (library, unused):
        with pytest.raises(LibraryError, match="closed"):
            closed.info()


def test_wrong_settings_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="wrokers"):
        kg.open_library(tmp_path, wrokers=2)
    (tmp_path / "hypograph.toml").write_text("this is = = no TOML\n")
    with pytest.raises(UsageError, match=r"hypograph\.toml"):
        kg.open_library(tmp_path)


def test_a_library_over_a_store_in_memory_keeps_nothing_on_disk(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    words = WordEmbedder()
    one, other = (Library(store=MemoryStore(), embedder=words) for _ in range(2))
    one.store.add(ONE, origin(ONE))
    one.rebuild()
    assert repr(one) == "<Library 'memory'>"
    assert one.search("fibroin", k=1)[0].text == "silk contains fibroin."
    assert one.ask("What does silk contain?").run
    assert one.runs() == []
    assert one.copy_to(other).papers == 1
    assert list(tmp_path.iterdir()) == []


def test_verify_finds_nothing_wrong_and_rebuild_changes_nothing(tmp_path: Path) -> None:
    words = WordEmbedder()
    with Library(fill(tmp_path / "library", ONE, TWO, THREE), embedder=words) as library:
        before = list(export.dump(library.store))
        library.rebuild()
        assert library.info().embedder == words.name
        done = library.verify()
        assert (done.wrong, done.repaired) == ((), False)
        assert done.checked > 10
        assert list(export.dump(library.store)) == before
        assert library.search("silk toughness", mode="dense", k=2)[0].text == "silk improves toughness."


def test_vectors_by_another_embedder_are_told_never_mixed(tmp_path: Path) -> None:
    with Library(fill(tmp_path / "library", ONE), embedder=WordEmbedder()) as library:
        with pytest.raises(LibraryError, match="hypograph rebuild"):
            library.search("silk")
        assert len(library.search("silk", mode="lexical")) == 2
        assert any("embedder" in wrong for wrong in library.verify().wrong)


def test_it_may_be_used_from_threads_at_once(library: Library) -> None:
    answers: list[object] = []

    def look() -> None:
        for _ in range(5):
            try:
                answers.append(
                    (library.info(), library.concept("silk").relations(), library.search("silk", mode="lexical"))
                )
            except HypographError as error:
                answers.append(error)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 20
    assert all(answer == answers[0] for answer in answers)


def test_it_works_while_an_event_loop_runs(library: Library) -> None:
    async def cell() -> tuple[int, int]:
        return len(library.search("silk", mode="lexical")), len(library.paths("fibroin", "toughness"))

    assert asyncio.run(cell()) == (3, 1)


def test_another_process_may_look_at_the_same_time(library: Library) -> None:
    library.info()
    code = "import sys, kg; print(kg.open_library(sys.argv[1]).info().papers)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(library.address)], capture_output=True, text=True, timeout=60
    )
    assert (done.stdout.strip(), done.stderr) == ("3", "")


def test_a_tag_is_taken_from_a_paper_that_got_another_id_since() -> None:
    """It was made for an id that the paper no longer has."""
    alone = record("short", more="Short.", corpus=False, title="On silk", authors=("Ada Webber",), year=2017)
    fuller = record(
        "full", ("silk", "is a", "protein"), title="On silk", authors=("Ada Webber",), year=2017,
        identifiers=(("doi", "10.1000/1"),),
    )
    library = Library(store=MemoryStore([alone]))
    (paper,) = library.tag("short", add="thesis")
    library.store.add(fuller, origin(fuller))
    assert library.paper("full").id != paper.id and library.paper("full").tags == ("thesis",)
    (paper,) = library.tag("full", add=["Thesis", "new"])
    assert paper.tags == ("new", "thesis") and library.tags() == {"new": 1, "thesis": 1}
    (paper,) = library.tag("full", remove="THESIS")
    assert paper.tags == ("new",)
