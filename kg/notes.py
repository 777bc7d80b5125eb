"""Notes: what a person wrote down about the library, or kept of a run, linked to concepts and papers.

A note is no fact. No paper states it: it is in no search, no relation, no path and no answer, and a run is told of
notes only where the person asks for it. Every change is a version of its own, so nothing that was written is lost.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from kg.errors import NotFound, UsageError
from kg.model import shortened
from kg.names import key_of
from kg.rows import Rows
from kg.scope import as_names
from kg.stores.shelf import Version

if TYPE_CHECKING:
    from kg.library import Library
    from kg.model import Concept, Paper
    from kg.note_links import Suggestion
    from kg.note_search import NoteHit
    from kg.stores.shelf import Shelf

Author = Literal["person", "run"]

MOST_OF_TEXT = 20_000
"""Characters that a note may have."""
MOST_OF_TITLE = 200
MOST_OF_TAG = 100
RELEVANT = 5
"""Notes that a run is told of, at most."""

_ID = re.compile(r"note-[0-9a-f]{20}")
_PART = re.compile(r"note-[0-9a-f]{4,19}")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_HEADING = 80
_TURNS = 100  # times that a change is tried while others change the same note


@dataclass(frozen=True, slots=True, order=True)
class ConceptLink:
    """A concept by one of its keys, which stay while papers come and go, and its label at the time."""

    key: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class PaperLink:
    """A paper by an id that it has or had, and its key at the time."""

    id: str
    key: str


@dataclass(frozen=True, slots=True)
class Note:
    """One version of a note. `version` counts from 1, `written` is when (UTC, ISO 8601).

    `run` is the run that it came from or belongs to; `by` says whether its text was written by a person or by that run.
    A note that is `removed` rests: it is listed nowhere, and can be restored.
    """

    id: str
    version: int
    written: str
    text: str
    title: str = ""
    concepts: tuple[ConceptLink, ...] = ()
    papers: tuple[PaperLink, ...] = ()
    notes: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    run: str | None = None
    by: Author = "person"
    removed: bool = False

    @property
    def heading(self) -> str:
        """Its title, else how its text begins."""
        return self.title if self.title else shortened(self.text, _HEADING)

    def body(self) -> dict[str, Any]:
        """All but id, version and time, as a shelf keeps it."""
        told = asdict(self)
        return {name: told[name] for name in told if name not in ("id", "version", "written")}

    def __repr__(self) -> str:
        return f"<Note {self.id}{' (removed)' if self.removed else ''}: {shortened(self.heading)!r}>"


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What a run came to: a text, what to call it, and the papers (ids) that it rests on."""

    text: str
    title: str
    papers: tuple[str, ...] = ()


def read(version: Version) -> Note:
    """The note that a version on the shelf is."""
    body = version.body
    return Note(
        version.id,
        version.number,
        version.written,
        body["text"],
        body["title"],
        tuple(ConceptLink(**one) for one in body["concepts"]),
        tuple(PaperLink(**one) for one in body["papers"]),
        tuple(body["notes"]),
        tuple(body["tags"]),
        body["run"],
        body["by"],
        body["removed"],
    )


def note_json(note: Note, **more: object) -> dict[str, Any]:
    """A note as it is kept, without the time, for the canonical dump."""
    return {**more, "id": note.id, "version": note.version, **note.body()}


class Notes:
    """The notes of a library: `library.notes`. Iterating gives those that are not removed, the latest first."""

    def __init__(self, library: Library, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._library, self._now = library, now

    @property
    def _shelf(self) -> Shelf:
        return self._library.store.shelf("note")

    # Looking

    def __iter__(self) -> Any:
        return iter(self.all())

    def __len__(self) -> int:
        return len(self.all())

    def __repr__(self) -> str:
        return repr(self.all())

    def all(
        self,
        *,
        tag: str | Sequence[str] = (),
        concept: str | None = None,
        paper: str | None = None,
        run: str | None = None,
        removed: bool = False,
    ) -> Rows[Note]:
        """The notes with all of these tags that are linked to that concept (id, label or alias), paper (id or key) and
        run; with `removed`, those that were removed, instead. The latest first. NotFound for a concept or paper that
        neither the library nor a note knows."""
        found = [note for note in map(read, self._shelf.latest()) if note.removed == removed]
        for one in as_names(tag):
            found = [note for note in found if one.casefold() in map(str.casefold, note.tags)]
        if concept is not None:
            keys = self._keys_of(concept, found)
            found = [note for note in found if keys & {link.key for link in note.concepts}]
        if paper is not None:
            ids = self._ids_of(paper, found)
            found = [note for note in found if ids & {link.id for link in note.papers}]
        if run is not None:
            found = [note for note in found if note.run == run]
        return Rows(sorted(found, key=lambda note: (note.written, note.id), reverse=True))

    def search(self, text: str, k: int = 20, **conditions: Any) -> Rows[NoteHit]:
        """The notes that have words of a text, or speak of the same, the best first, with the reason; `conditions` are
        those of `all`. Papers are not looked into: `library.search` does that."""
        from kg.note_search import ranked

        return Rows(ranked(text, self.all(**conditions), self._library)[:k])

    def relevant(self, question: str, most: int = RELEVANT) -> list[Note]:
        """The notes that belong to a question: for a run, where the person asks for notes. None is a paper's statement:
        a note may steer and remind, and is never cited as evidence."""
        from kg.note_search import ranked

        return [hit.note for hit in ranked(question, self.all(), self._library, strict=True)[:most]]

    def get(self, id: str) -> Note:
        """The newest version of a note, removed or not, by its id or the beginning of it. NotFound else."""
        return self.history(id)[-1]

    def history(self, id: str) -> Rows[Note]:
        """All versions of a note, the oldest first."""
        return Rows(map(read, self._versions(id)))

    def suggest(self, id: str) -> Rows[Suggestion]:
        """Concepts, papers and notes that a note might be linked to, each with the reason; the surest first."""
        from kg.note_links import suggestions

        return Rows(suggestions(self.get(id), self._library, self.all()))

    def tags(self) -> dict[str, int]:
        """The tags that notes have, in any case of letters, and how many have each: the most frequent first, ties by
        name."""
        used = [tag for note in self.all() for tag in note.tags]
        written = {tag.casefold(): tag for tag in used}
        counts = Counter(map(str.casefold, used))
        return {written[tag]: count for tag, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))}

    def told(self, notes: Iterable[Note]) -> list[dict[str, Any]]:
        """Notes with the keys of the outside face: concepts by their labels now, papers with their titles; what is not
        in the library any more is named as it was, and marked."""
        listed = list(notes)
        keys = {link.key for note in listed for link in note.concepts}
        labels = self._library.store.concept_keys(keys) if keys else {}
        papers = self._papers({link.id for note in listed for link in note.papers})
        headings = {note.id: note.heading for note in self.all()} if any(note.notes for note in listed) else {}
        return [_told(note, labels, papers, headings) for note in listed]

    # Writing

    def add(
        self,
        text: str,
        title: str = "",
        *,
        concepts: str | Sequence[str] = (),
        papers: str | Sequence[str] = (),
        notes: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
        run: str | None = None,
        by: Author = "person",
    ) -> Note:
        """Writes a note down. NotFound for a concept, paper, note or run that is not there and UsageError for what is
        no text or tag, before anything is written."""
        linked = self._linked(concepts, papers, notes)
        if run is not None:
            self._require_run(run)
        note = Note(
            "",
            1,
            self._time(),
            _a_text(text),
            _a_title(title),
            tags=_merged((), map(_a_tag, as_names(tags))),
            run=run,
            by=by,
        )
        while True:
            made = replace(linked.added_to(note), id=f"note-{secrets.token_hex(10)}")
            if self._append(made):
                return made

    def keep(self, run: str, title: str | None = None, tags: str | Sequence[str] = ()) -> Note:
        """Notes what a run concluded, linked to it and to the papers that it cites. UsageError for a run that has no
        conclusion, NotFound for one that was not kept."""
        from kg import notebook

        conclusion = notebook.conclusion(self._library, run)
        papers = [paper for paper in conclusion.papers if self._library.store.papers_called(paper)]
        return self.add(
            conclusion.text, conclusion.title if title is None else title, papers=papers, tags=tags, run=run, by="run"
        )

    def edit(self, id: str, text: str | None = None, title: str | None = None, *, seen: int | None = None) -> Note:
        """Gives a note another text or title: a new version, the one before stays in its history. Where `seen` is the
        version that the editor had before its eyes, and the note was changed meanwhile, UsageError says so, and nothing
        is changed."""

        def change(note: Note) -> Note:
            if text is not None and _a_text(text) != note.text:
                note = replace(note, text=_a_text(text), by="person")
            return note if title is None else replace(note, title=_a_title(title))

        return self._changed(id, change, seen)

    def link(
        self,
        id: str,
        *,
        concepts: str | Sequence[str] = (),
        papers: str | Sequence[str] = (),
        notes: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
    ) -> Note:
        """Links a note to concepts, papers and other notes, and gives it tags; what it has, it keeps."""
        new = self._linked(concepts, papers, notes)
        new_tags = list(map(_a_tag, as_names(tags)))

        def change(note: Note) -> Note:
            if note.id in new.notes:
                raise UsageError(f"{note.id} cannot be linked to itself.")
            return replace(new.added_to(note), tags=_merged(note.tags, new_tags))

        return self._changed(id, change)

    def unlink(
        self,
        id: str,
        *,
        concepts: str | Sequence[str] = (),
        papers: str | Sequence[str] = (),
        notes: str | Sequence[str] = (),
        tags: str | Sequence[str] = (),
    ) -> Note:
        """Takes links and tags from a note. NotFound for a link that it has not; a tag that it has not stays away."""
        note = self.get(id)
        keys = {one for name in as_names(concepts) for one in self._keys_linked(name, note)}
        ids = {one for name in as_names(papers) for one in self._ids_linked(name, note)}
        others = {self._id(name) for name in as_names(notes)}
        gone = {tag.casefold() for tag in as_names(tags)}
        if missing := sorted(others - set(note.notes)):
            raise NotFound(f"{note.id} is not linked to {', '.join(missing)}.")
        return self._changed(
            id,
            lambda note: replace(
                note,
                concepts=tuple(one for one in note.concepts if one.key not in keys),
                papers=tuple(one for one in note.papers if one.id not in ids),
                notes=tuple(one for one in note.notes if one not in others),
                tags=tuple(tag for tag in note.tags if tag.casefold() not in gone),
            ),
        )

    def remove(self, id: str, forever: bool = False) -> Note:
        """Takes a note out of every list; `restore` brings it back. With `forever`, all its versions are deleted and
        cannot be brought back."""
        if forever:
            note = self.get(id)
            self._shelf.forget(note.id)
            return replace(note, removed=True)
        return self._changed(id, lambda note: replace(note, removed=True))

    def restore(self, id: str, version: int | None = None) -> Note:
        """Brings a removed note back, or an earlier version of a note: as a new version."""
        history = self.history(id)
        if version is None:
            return self._changed(id, lambda note: replace(note, removed=False), removed=True)
        if not 1 <= version <= len(history):
            raise NotFound(f"{history[-1].id} has the versions 1 to {len(history)}, and no version {version}.")
        earlier = history[version - 1]
        return self._changed(
            id,
            lambda note: replace(earlier, version=note.version, written=note.written, removed=False),
            removed=True,
        )

    def _changed(self, id: str, change: Callable[[Note], Note], seen: int | None = None, removed: bool = False) -> Note:
        """Writes the next version of a note, made from the newest one; nothing where that would say nothing new."""
        for _ in range(_TURNS):
            newest = self.get(id)
            if newest.removed and not removed:
                raise UsageError(f"{newest.id} was removed. Bring it back first: `hypograph note restore {newest.id}`.")
            if seen is not None and newest.version != seen:
                raise UsageError(
                    f"{newest.id} was changed meanwhile: version {seen} was edited, and there is version "
                    f"{newest.version} now. Nothing was written over; look at it, then edit again."
                )
            changed = change(newest)
            if changed == newest:
                return newest
            made = replace(changed, version=newest.version + 1, written=self._time())
            if self._append(made):
                return made
        raise UsageError(f"{id} is being changed by others all the time. Nothing was written over; try again.")

    def _append(self, note: Note) -> bool:
        return self._shelf.append(Version(note.id, note.version, note.written, note.body()))

    def _time(self) -> str:
        return self._now().isoformat(timespec="microseconds")

    # Names

    def _versions(self, id: str) -> list[Version]:
        found = self._shelf.history(self._id(id))
        if not found:
            raise _no_note(id)
        return found

    def _id(self, name: str) -> str:
        """The id of the note that is meant by it or by its beginning."""
        if _ID.fullmatch(name):
            return name
        near = [one.id for one in self._shelf.latest() if one.id.startswith(name)] if _PART.fullmatch(name) else []
        if len(near) > 1:
            raise UsageError(f"{len(near)} notes begin with {name}: {', '.join(near)}. Write more of the id.")
        if not near:
            raise _no_note(name)
        return near[0]

    def _linked(self, concepts: str | Sequence[str], papers: str | Sequence[str], notes: str | Sequence[str]) -> _Links:
        """Names as links. NotFound for what is not there."""
        store = self._library.store
        with store.reading():
            found = [self._library.concept(name).concept for name in as_names(concepts)]
            named = [self._library.paper(name).paper for name in as_names(papers)]
        return _Links(
            [(_concept_link(one), frozenset(one.keys)) for one in found],
            [(PaperLink(one.id, one.key), frozenset((one.id, *one.ids))) for one in named],
            [self.get(name).id for name in as_names(notes)],
        )

    def _keys_of(self, name: str, notes: Iterable[Note]) -> set[str]:
        """The keys of the concept that is meant; of what is in the library no more, as notes name it."""
        if found := self._library.store.concepts_called(name) if name.strip() else []:
            return set(found[0].keys)
        folded = name.casefold()
        if keys := {link.key for note in notes for link in note.concepts if link.name.casefold() == folded}:
            return keys
        return set(self._library.concept(name).concept.keys)

    def _ids_of(self, name: str, notes: Iterable[Note]) -> set[str]:
        if found := self._library.store.papers_called(name):
            return {id for paper in found for id in (paper.id, *paper.ids)}
        if ids := {link.id for note in notes for link in note.papers if name in (link.id, link.key)}:
            return ids
        return {self._library.paper(name).id}

    def _keys_linked(self, name: str, note: Note) -> set[str]:
        keys = self._keys_of(name, [note]) & {link.key for link in note.concepts}
        if not keys:
            raise NotFound(
                f"{note.id} is not linked to the concept {name!r}: {_listed(one.name for one in note.concepts)}."
            )
        return keys

    def _ids_linked(self, name: str, note: Note) -> set[str]:
        ids = self._ids_of(name, [note]) & {link.id for link in note.papers}
        if not ids:
            raise NotFound(f"{note.id} is not linked to the paper {name!r}: {_listed(one.key for one in note.papers)}.")
        return ids

    def _papers(self, ids: set[str]) -> dict[str, Paper]:
        """The papers that have or had these ids, by those."""
        if not ids:
            return {}
        found = {paper.id: paper for paper in self._library.store.papers(ids=ids)}
        if found.keys() != ids:  # another record of the work has joined it, or it was taken out
            found |= {id: paper for paper in self._library.store.papers() for id in paper.ids if id in ids}
        return found

    def _require_run(self, run: str) -> None:
        from kg import notebook

        if not run.startswith("run-") or notebook.shown_run(self._library, run) is None:
            raise NotFound(f"No run {run[:60]!r} was kept. `hypograph runs` lists those that were.")


@dataclass(frozen=True, slots=True)
class _Links:
    """Links to be made: each concept with all its keys, each paper with all ids that it has or had."""

    concepts: Sequence[tuple[ConceptLink, frozenset[str]]]
    papers: Sequence[tuple[PaperLink, frozenset[str]]]
    notes: Sequence[str]

    def added_to(self, note: Note) -> Note:
        """The note with these links beside its own; what it is linked to already, by whatever name, stays so."""
        concepts, papers = list(note.concepts), list(note.papers)
        for concept, keys in self.concepts:
            if not keys & {one.key for one in concepts}:
                concepts.append(concept)
        for paper, ids in self.papers:
            if not ids & {one.id for one in papers}:
                papers.append(paper)
        others = tuple(dict.fromkeys((*note.notes, *self.notes)))
        return replace(note, concepts=tuple(concepts), papers=tuple(papers), notes=others)


def _told(
    note: Note, labels: Mapping[str, str], papers: Mapping[str, Paper], headings: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "id": note.id,
        "version": note.version,
        "title": note.title,
        "heading": note.heading,
        "text": note.text,
        "concepts": [{"label": labels.get(one.key, one.name), "there": one.key in labels} for one in note.concepts],
        "papers": [
            {"id": paper.id, "key": paper.key, "title": paper.title, "year": paper.year, "there": True}
            if (paper := papers.get(one.id)) is not None
            else {"id": one.id, "key": one.key, "title": "", "year": None, "there": False}
            for one in note.papers
        ],
        "notes": [{"id": one, "heading": headings.get(one, ""), "there": one in headings} for one in note.notes],
        "tags": list(note.tags),
        "run": note.run,
        "by": note.by,
        "removed": note.removed,
        "written": note.written,
    }


def _concept_link(concept: Concept) -> ConceptLink:
    key = key_of(concept.label)
    return ConceptLink(key if key in concept.keys else concept.keys[0], concept.label)


def _a_text(text: str) -> str:
    """A text as it is kept; UsageError for what is none."""
    kept = text.strip()
    if not kept:
        raise UsageError("A note needs a text.")
    if len(kept) > MOST_OF_TEXT:
        raise UsageError(f"A note may have {MOST_OF_TEXT:,} characters, and this has {len(kept):,}: make two of it.")
    if _UNSTORABLE.search(kept):
        raise UsageError("A note cannot hold a null character or half a surrogate pair: leave it out.")
    return kept


def _a_title(text: str) -> str:
    title = " ".join(text.split())
    if len(title) > MOST_OF_TITLE or not title.isprintable():
        raise UsageError(f"{text[:60]!r}… is no title: a title has at most {MOST_OF_TITLE} letters, digits or signs.")
    return title


def _a_tag(text: str) -> str:
    tag = " ".join(text.split())
    if not tag or len(tag) > MOST_OF_TAG or not tag.isprintable():
        raise UsageError(f"{text[:60]!r} is no tag: a tag is 1 to {MOST_OF_TAG} letters, digits or signs.")
    return tag


def _merged(tags: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Tags are the same in any case of letters, and written as at their first use."""
    kept: dict[str, str] = {}
    for tag in (*tags, *new):
        kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def _listed(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"it is linked to {listed}" if listed else "it is linked to none"


def _no_note(name: str) -> NotFound:
    return NotFound(f"No note {name[:60]!r}. Look ids up with `hypograph note list`.")


def changes(before: Note | None, after: Note) -> list[str]:
    """What one version of a note has done to the one before it, in words: `text changed`, `linked to nacre`."""
    if before is None:
        return ["written down" if after.by == "person" else f"kept of {after.run}"]
    told = [f"{name} changed" for name in ("title", "text") if getattr(before, name) != getattr(after, name)]
    for verb, one, other in (("linked to", before, after), ("unlinked from", after, before)):
        names = [link.name for link in other.concepts if link.key not in {each.key for each in one.concepts}]
        names += [link.key for link in other.papers if link.id not in {each.id for each in one.papers}]
        names += [id for id in other.notes if id not in one.notes]
        told += [f"{verb} {', '.join(names)}"] if names else []
    for verb, one, other in (("tagged", before, after), ("no longer tagged", after, before)):
        tags = [tag for tag in other.tags if tag not in one.tags]
        told += [f"{verb} {', '.join(tags)}"] if tags else []
    if before.removed != after.removed:
        told.append("removed" if after.removed else "restored")
    return told


def history_json(versions: Sequence[Note]) -> list[dict[str, Any]]:
    """The versions of a note as plain values, the oldest first, each with what it changed."""
    return [
        {
            "version": one.version,
            "written": one.written,
            "changes": changes(before, one),
            "title": one.title,
            "text": one.text,
            "tags": list(one.tags),
            "removed": one.removed,
        }
        for before, one in zip((None, *versions), versions, strict=False)
    ]
