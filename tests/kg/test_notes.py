"""Notes: written, linked, changed with a history, found, and never taken for what a paper states."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from kg import export
from kg.errors import NotFound, UsageError
from kg.library import Library
from kg.model import Decision
from kg.notes import MOST_OF_TEXT, Note, Notes
from kg.stores.memory_store import MemoryStore
from tests.fakes.embedder import WordEmbedder
from tests.fakes.libraries import fill
from tests.fakes.vector_index import PlainIndex
from tests.kg.made import origin, record

TOP = Path(__file__).resolve().parents[2]

SILK = record(
    "silk",
    ("spider silk", "increases", "toughness"),
    ("spider silk", "contains", "beta sheets"),
    title="Why spider silk is so tough",
    year=2017,
    authors=("Ada Webber",),
    identifiers=(("doi", "10.1000/silk.1"),),
)
NACRE = record("nacre", ("nacre", "increases", "toughness"), title="On nacre", year=2001, authors=("Bo Shell",))


@pytest.fixture
def library() -> Library:
    return made(SILK, NACRE)


@pytest.fixture
def notes(library: Library) -> Notes:
    return library.notes


def made(*records: object) -> Library:
    store = MemoryStore()
    for one in records:
        store.add(one, origin(one))  # type: ignore[arg-type]
    return Library(store=store, index=PlainIndex(store, "words@1"), embedder=WordEmbedder())


def clock() -> Callable[[], datetime]:
    """A minute later at each look."""
    ticks: Iterator[datetime] = (datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=n) for n in range(10_000))
    return lambda: next(ticks)


def dumped(library: Library, everything: bool = False) -> str:
    out = StringIO()
    export.write(export.dump(library.store, everything=everything), out)
    return out.getvalue()


# Writing


def test_a_note_is_kept_with_its_links_and_tags(notes: Notes) -> None:
    note = notes.add(
        "Ask Ada about the humidity.", concepts=["Spider silk"], papers=["silk"], tags=["todo", "Lab  talk", "TODO"]
    )
    (kept,) = notes
    assert kept == note == notes.get(note.id)
    assert kept.title == "" and kept.heading == "Ask Ada about the humidity."
    assert kept.tags == ("todo", "Lab talk")
    (told,) = notes.told([kept])
    assert [one["label"] for one in told["concepts"]] == ["spider silk"]
    assert [(one["key"], one["title"]) for one in told["papers"]] == [("silk", "Why spider silk is so tough")]
    assert (told["by"], told["run"], told["version"], told["removed"]) == ("person", None, 1, False)


def test_the_same_words_twice_are_two_notes(notes: Notes) -> None:
    assert notes.add("Again.").id != notes.add("Again.").id
    assert len(notes) == 2


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", "needs a text"),
        (" \n ", "needs a text"),
        ("a\0b", "null"),
        ("\ud800", "surrogate"),
        ("x" * (MOST_OF_TEXT + 1), "20,000"),
    ],
)
def test_what_is_no_text_is_refused(notes: Notes, text: str, wrong: str) -> None:
    with pytest.raises(UsageError, match=wrong):
        notes.add(text)
    assert len(notes) == 0


@pytest.mark.parametrize(
    "links", [{"concepts": ["spider silc"]}, {"papers": ["none"]}, {"notes": ["note-0123"]}, {"run": "run-12"}]
)
def test_a_link_to_nothing_is_refused_and_nothing_is_written(notes: Notes, links: dict[str, object]) -> None:
    with pytest.raises(NotFound):
        notes.add("A thought.", **links)  # type: ignore[arg-type]
    assert len(notes) == 0
    note = notes.add("A thought.")
    if "run" not in links:
        with pytest.raises(NotFound):
            notes.link(note.id, **links)  # type: ignore[arg-type]
    assert notes.get(note.id) == note


@pytest.mark.parametrize("tag", ["", "  ", "x" * 101, "a\x07b"])
def test_what_is_no_tag_is_refused(notes: Notes, tag: str) -> None:
    with pytest.raises(UsageError, match="no tag"):
        notes.add("A thought.", tags=[tag])


@pytest.mark.parametrize("id", ["", "note-", "../library", "note-\0", "note-XYZ", "note-" + "0" * 20, "silk"])
def test_an_id_of_no_note_is_not_found(notes: Notes, id: str) -> None:
    notes.add("A thought.")
    for ask in (notes.get, notes.history, notes.remove, notes.restore, notes.suggest, notes.edit):
        with pytest.raises(NotFound, match="No note"):
            ask(id)


def test_the_beginning_of_an_id_is_enough_where_it_is_one_notes_alone(notes: Notes) -> None:
    note = notes.add("A thought.")
    assert notes.get(note.id[:12]) == note
    with pytest.raises(NotFound):
        notes.get(note.id[:8])


# Changing


def test_an_edit_keeps_what_was_before(library: Library) -> None:
    notes = Notes(library, clock())
    note = notes.add("Silk is tough.", "First")
    edited = notes.edit(note.id, "Silk is tough when dry.")
    assert (edited.version, edited.title, edited.text) == (2, "First", "Silk is tough when dry.")
    assert [one.text for one in notes.history(note.id)] == ["Silk is tough.", "Silk is tough when dry."]
    assert edited.written > note.written
    back = notes.restore(note.id, 1)
    assert (back.version, back.text) == (3, "Silk is tough.")
    with pytest.raises(NotFound, match="versions 1 to 3"):
        notes.restore(note.id, 4)


def test_what_changes_nothing_is_no_version(notes: Notes) -> None:
    note = notes.add("Silk is tough.", concepts=["spider silk"], tags=["a"])
    assert notes.edit(note.id, "Silk is tough.") == note
    assert notes.link(note.id, concepts=["Spider silk"], tags=["A"]) == note
    assert len(notes.history(note.id)) == 1


def test_an_edit_of_what_was_changed_meanwhile_is_refused_with_both_kept(notes: Notes) -> None:
    note = notes.add("One.")
    notes.edit(note.id, "Two, from another window.")
    with pytest.raises(UsageError, match="changed meanwhile"):
        notes.edit(note.id, "Two, from this window.", seen=1)
    assert notes.get(note.id).text == "Two, from another window."
    assert notes.edit(note.id, "Three.", seen=2).version == 3


def test_links_come_and_go(notes: Notes) -> None:
    other = notes.add("Another.")
    note = notes.add("One.", concepts=["nacre"])
    linked = notes.link(note.id, concepts=["toughness"], papers=["silk"], notes=[other.id], tags=["x"])
    assert [one.name for one in linked.concepts] == ["nacre", "toughness"]
    assert linked.notes == (other.id,)
    bare = notes.unlink(note.id, concepts=["Nacre"], papers=["silk"], notes=[other.id], tags=["X"])
    assert [one.name for one in bare.concepts] == ["toughness"]
    assert (bare.papers, bare.notes, bare.tags) == ((), (), ())
    for links in ({"concepts": ["nacre"]}, {"papers": ["nacre"]}, {"notes": [other.id]}):
        with pytest.raises(NotFound, match="not linked"):
            notes.unlink(note.id, **links)
    with pytest.raises(UsageError, match="itself"):
        notes.link(note.id, notes=[note.id])


def test_a_removed_note_rests_and_comes_back(notes: Notes) -> None:
    note = notes.add("Silk is tough.", tags=["a"])
    notes.remove(note.id)
    assert len(notes) == 0 and notes.tags() == {} and not notes.search("silk tough")
    assert [one.id for one in notes.all(removed=True)] == [note.id]
    assert notes.get(note.id).removed
    with pytest.raises(UsageError, match="was removed"):
        notes.edit(note.id, "More.")
    assert notes.restore(note.id).text == "Silk is tough."
    assert [one.id for one in notes] == [note.id]


def test_a_note_that_is_removed_for_good_is_gone_with_its_history(notes: Notes) -> None:
    note = notes.add("A secret.")
    notes.edit(note.id, "Nothing.")
    notes.remove(note.id, forever=True)
    with pytest.raises(NotFound):
        notes.get(note.id)
    assert not notes.all(removed=True)


# Links while the library changes


def test_a_link_outlasts_its_concept_and_its_paper(library: Library) -> None:
    note = library.notes.add("Both.", concepts=["spider silk"], papers=["silk"])
    library.store.remove([library.paper("silk").id])
    (told,) = library.notes.told(library.notes)
    assert [(one["label"], one["there"]) for one in told["concepts"]] == [("spider silk", False)]
    assert [(one["key"], one["there"]) for one in told["papers"]] == [("silk", False)]
    assert [one.id for one in library.notes.all(concept="spider silk")] == [note.id]
    assert [one.id for one in library.notes.all(paper="silk")] == [note.id]
    library.notes.unlink(note.id, concepts=["spider silk"], papers=["silk"])
    assert library.notes.get(note.id).concepts == ()


def test_a_link_follows_a_concept_that_others_join(library: Library) -> None:
    note = library.notes.add("One.", concepts=["nacre"])
    library.store.decide(Decision("merge", "nacre", "beta sheet"))
    (told,) = library.notes.told([note])
    assert [one["label"] for one in told["concepts"]] == ["beta sheets"]
    assert [one.id for one in library.notes.all(concept="beta sheets")] == [note.id]


def test_a_link_follows_a_paper_that_gets_another_id() -> None:
    facts = {"title": "On nacre", "year": 2001, "authors": ("Bo Shell",)}
    library = made(record("draft", ("nacre", "is a", "composite"), corpus=False, **facts))
    before = library.paper("draft").id
    note = library.notes.add("One.", papers=["draft"])
    published = record(
        "printed", ("nacre", "is a", "tile"), corpus=False, identifiers=(("doi", "10.1000/nacre"),), **facts
    )
    library.store.add(published, origin(published))
    now = library.paper("10.1000/nacre").id
    assert now != before
    (told,) = library.notes.told([note])
    assert [(one["id"], one["there"]) for one in told["papers"]] == [(now, True)]
    assert [one.id for one in library.notes.all(paper="10.1000/nacre")] == [note.id]
    assert library.notes.link(note.id, papers=[now]) == note, "it is linked to that paper already"


# Finding


def test_notes_are_listed_by_tag_concept_paper_and_time(library: Library) -> None:
    notes = Notes(library, clock())
    first = notes.add("One.", concepts=["nacre"], tags=["a", "b"])
    second = notes.add("Two.", papers=["silk"], tags=["A"])
    assert [one.id for one in notes.all()] == [second.id, first.id]
    assert [one.id for one in notes.all(tag="a")] == [second.id, first.id]
    assert [one.id for one in notes.all(tag=["a", "B"])] == [first.id]
    assert [one.id for one in notes.all(concept="Nacre")] == [first.id]
    assert [one.id for one in notes.all(paper="silk")] == [second.id]
    assert notes.tags() == {"a": 2, "b": 1} or notes.tags() == {"A": 2, "b": 1}
    with pytest.raises(NotFound, match="Nearest: nacre"):
        notes.all(concept="nacree")
    notes.edit(first.id, "One again.")
    assert [one.id for one in notes.all()] == [first.id, second.id]


def test_a_search_finds_words_beginnings_of_words_and_says_why(notes: Notes) -> None:
    silk = notes.add("Spider silk loses its toughness in rain.")
    notes.add("Bring the cake on Friday.")
    tagged = notes.add("Bo knows.", tags=["toughness"])
    assert {hit.note.id for hit in notes.search("tough")} == {silk.id, tagged.id}
    best, *_ = notes.search("toughness of spider silk in the rain")
    assert best.note.id == silk.id
    assert "has the words toughness, spider, silk, rain" in best.why
    assert [hit.note.id for hit in notes.search("silk toughness", tag="toughness")] == [tagged.id]
    assert not notes.search("the of and")


def test_a_run_is_told_of_what_belongs_to_its_question_alone(notes: Notes) -> None:
    silk = notes.add("Spider silk loses its toughness in rain.")
    notes.add("Order silk gloves, spider repellent, cake and candles for the party on Friday evening at eight.")
    assert [one.id for one in notes.relevant("Why does spider silk lose toughness in rain?")] == [silk.id]
    assert notes.relevant("Who discovered radium?") == []


def test_vectors_are_kept_and_made_again_where_they_are_lost(tmp_path: Path) -> None:
    fill(tmp_path, SILK)
    counted = Counted()
    with Library(tmp_path, embedder="minilm") as library:
        library._embedder = counted
        note = library.notes.add("Silk is tough.")
        library.notes.add("Nacre is strong.")
        assert library.notes.search("silk")[0].note.id == note.id
        assert counted.texts == 2
        library.notes.search("nacre")
        assert counted.texts == 2
        library.notes.edit(note.id, "Silk is tough when dry.")
        library.notes.search("silk")
        assert counted.texts == 3
        file = tmp_path / "index" / "notes.npz"
        file.write_bytes(b"damaged")
        assert library.notes.search("silk")[0].note.id == note.id
        assert counted.texts == 5


class Counted(WordEmbedder):
    """Tells how many texts of notes it has embedded."""

    texts = 0

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        object.__setattr__(self, "texts", self.texts + len(texts))
        return super().documents(texts)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return super().documents(texts)


# No fact


def test_a_note_is_never_taken_for_what_a_paper_states(library: Library) -> None:
    library.rebuild()
    before, revision = dumped(library), library.info().revision
    note = library.notes.add("Nacre decreases toughness, as glowworms do.", concepts=["nacre"], papers=["nacre"])
    assert dumped(library) == before and library.info().revision == revision
    assert not any("glowworms" in hit.text for hit in library.search("glowworms decrease toughness"))
    assert library.store.lexical(["glowworms"], 5) == []
    assert [one.predicate for one in library.concept("nacre").relations()] == ["increases"]
    assert library.verify().wrong == ()
    library.rebuild()
    assert library.notes.get(note.id) == note


def test_the_dump_of_everything_has_all_versions_and_no_time(library: Library) -> None:
    note = library.notes.add("One.", concepts=["nacre"], tags=["a"])
    library.notes.edit(note.id, "Two.")
    assert '"note"' not in dumped(library)
    lines = [line for line in dumped(library, everything=True).splitlines() if line.startswith('{"by"')]
    assert len(lines) == 2
    assert '"text": "One."' in lines[0] and '"text": "Two."' in lines[1]
    assert not any(note.written[:10] in line for line in lines)


def test_a_copy_has_all_notes_with_their_history(tmp_path: Path) -> None:
    fill(tmp_path / "a", SILK)
    with Library(tmp_path / "a") as one, Library(tmp_path / "b") as other:
        note = one.notes.add("One.", tags=["x"])
        one.notes.edit(note.id, "Two.")
        gone = one.notes.add("Gone.")
        one.notes.remove(gone.id)
        one.copy_to(other)
        assert other.notes.history(note.id) == one.notes.history(note.id)
        assert [each.id for each in other.notes.all(removed=True)] == [gone.id]
        one.notes.edit(note.id, "Three.")
        one.copy_to(other)
        assert other.notes.get(note.id).text == "Three."
        one.notes.edit(note.id, "Four here.")
        other.notes.edit(note.id, "Four there.")
        with pytest.raises(UsageError, match="changed in both"):
            one.copy_to(other)
        assert (one.notes.get(note.id).text, other.notes.get(note.id).text) == ("Four here.", "Four there.")


def test_a_note_is_shown_by_its_id(library: Library) -> None:
    note = library.notes.add("One.")
    library.notes.edit(note.id, "Two.")
    told = library.show(note.id)
    assert (told["kind"], told["text"], [one["version"] for one in told["versions"]]) == ("note", "Two.", [1, 2])


WRITER = """
import sys
import kg
library = kg.open_library(sys.argv[1])
shared = sys.argv[2]
for turn in range(15):
    library.notes.add(f"{sys.argv[3]} {turn}")
    library.notes.link(shared, tags=[f"{sys.argv[3]}-{turn}"])
"""


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    fill(tmp_path, SILK)
    with Library(tmp_path) as library:
        shared = library.notes.add("Ours.").id
        running = [
            subprocess.Popen(
                [sys.executable, "-c", WRITER, str(tmp_path), shared, name], cwd=TOP, stderr=subprocess.PIPE
            )
            for name in ("ada", "bo")
        ]
        for one in running:
            _, told = one.communicate(timeout=120)
            assert one.returncode == 0, told.decode()
        assert len(library.notes) == 31
        assert len(library.notes.get(shared).tags) == 30
        assert len(library.notes.history(shared)) == 31


changes = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)),
        st.tuples(st.just("edit"), st.sampled_from(["silk", "nacre", "x\ny"])),
        st.tuples(st.just("tag"), st.sampled_from(["a", "A", "b"])),
        st.tuples(st.just("remove"), st.just("")),
        st.tuples(st.just("restore"), st.just("")),
    ),
    max_size=12,
)


@given(changes)
@settings(max_examples=30)
def test_whatever_is_done_history_only_grows(steps: list[tuple[str, str]]) -> None:
    library = made(SILK)
    notes = library.notes
    seen: dict[str, list[Note]] = {}
    for what, value in steps:
        newest = max(seen) if seen else None
        try:
            if what == "add":
                seen[notes.add(value).id] = []
            elif newest is not None and what == "edit":
                notes.edit(newest, value)
            elif newest is not None and what == "tag":
                notes.link(newest, tags=[value])
            elif newest is not None and what == "remove":
                notes.remove(newest)
            elif newest is not None:
                notes.restore(newest)
        except UsageError:
            pass  # a blank text, or a note that rests
        for id, before in seen.items():
            now = list(notes.history(id))
            assert now[: len(before)] == before
            assert [one.version for one in now] == list(range(1, len(now) + 1))
            seen[id] = now
    assert {one.id for one in (*notes.all(), *notes.all(removed=True))} == set(seen)
