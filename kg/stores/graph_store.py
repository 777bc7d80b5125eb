"""The port behind which a graph store stands: the source of truth of a library.

A store keeps facts (source records, where they were met, decisions) and serves the views that `kg.views` folds from
them; how it keeps the views up to date is its own matter. `tests/contracts/graph_store.py` is what the words here
mean: every store passes it, and the in-memory store, which runs the folds as they are, is its oracle.

All iterators are in a canonical order (by id, label or key), never the order of arrival.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from kg.model import (
    Concept,
    Counts,
    Decision,
    Evidence,
    Mention,
    Paper,
    PaperPassage,
    Relation,
    Source,
    SourceRecord,
)
from kg.scope import EVERYWHERE, Scope
from kg.stores.shelf import Kind, Shelf

Outcome = Literal["added", "unchanged", "replaced", "duplicate"]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a record: `duplicate` when its paper was there already through another source."""

    outcome: Outcome
    paper: str
    key: str


def outcome(same: bool, replaces: bool, others: bool) -> Outcome:
    """What to call an `add`: whether the record was met at its origin before, whether another one was, and whether its
    paper is known through other sources."""
    return "unchanged" if same else "replaced" if replaces else "duplicate" if others else "added"


class GraphStore(Protocol):
    """Facts in, views out. Reads may come from any thread and see whole papers only."""

    address: str

    # Facts

    def writing(self, on_wait: Callable[[str], None] | None = None) -> AbstractContextManager[None]:
        """Holds the library's one writer's place. `on_wait` is told once when another writer has to be waited for."""

    def add(self, record: SourceRecord, origin: str) -> Added:
        """Stores a record met at `origin`, in one transaction; a record that was met there before is replaced, and
        forgotten unless it was met elsewhere too. Raises DiskFull, and then nothing of the record is there."""

    def has(self, record: str, origin: str) -> Added | None:
        """What `add` would say of a record that is there already, noting the origin if it is new; else None."""

    def remove(self, papers: Collection[str]) -> None:
        """Forgets all records of these papers (ids), in one transaction. Ids that are not there are passed over."""

    def decide(self, decision: Decision) -> None:
        """Adds a decision; again: nothing."""

    def withdraw(self, decision: Decision) -> None:
        """Takes a decision back; one that was never made: nothing."""

    def reading(self) -> AbstractContextManager[Any]:
        """All reads of this thread inside see one state of the library, whatever is written meanwhile."""

    def records(self) -> Iterator[SourceRecord]: ...

    def sources(self) -> Iterator[Source]: ...

    def decisions(self) -> Iterator[Decision]: ...

    def vectors(self, embedder: str, passages: Sequence[str]) -> list[bytes | None]:
        """The stored vectors of passages (float32, little-endian), in the order asked; None where there is none."""

    def embedders(self) -> dict[str, int]:
        """How many leading passages have a vector, by embedder."""

    def embed(self, embedder: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        """Stores vectors (passage id, float32 bytes) by another embedder in place of those that were there."""

    # Views

    def counts(self) -> Counts: ...

    def revision(self) -> str:
        """A fingerprint of the facts: equal for equal facts, whatever their history."""

    def extractors(self) -> list[str]:
        """The names of the extractors whose evidence is here."""

    def papers(self, ids: Collection[str] | None = None, concept: str | None = None) -> Iterator[Paper]:
        """All papers, those with the given ids, or those that speak of a concept (id); by id."""

    def papers_called(self, name: str) -> list[Paper]:
        """The papers with that id or key, exactly."""

    def passage_ids(self, scope: Scope = EVERYWHERE, most: int | None = None) -> list[str]:
        """Ids of the leading records' passages in a scope, in order of id, at most `most`. Those that are quarantined
        are left out, here and wherever words are looked for."""

    def passages(self, ids: Collection[str] | None = None, paper: str | None = None) -> Iterator[PaperPassage]:
        """Leading passages: those asked for (by id), or a paper's in the order of its text, or all by id."""

    def mentions(
        self, passages: Collection[str] | None = None, concept: str | None = None
    ) -> Iterator[tuple[Mention, str | None]]:
        """Mentions in leading passages, or in those asked for, with the id of their concept, or of one concept (id)
        alone; by passage, start, end, key."""

    def concepts(self, text: str | None = None) -> Iterator[Concept]:
        """All concepts by label, or those with `text` in their label or an alias (case folded)."""

    def concepts_called(self, name: str) -> list[Concept]:
        """The concepts that `name` may mean, the best first: by id or label, else by key, else by alias."""

    def concept_labels(self) -> list[str]: ...

    def concept_keys(self, keys: Collection[str]) -> dict[str, str]:
        """Key -> label of its concept, for those keys that have one."""

    def relations(
        self, text: str | None = None, concept: str | None = None, concepts: Collection[str] | None = None
    ) -> Iterator[Relation]:
        """All relations by subject, predicate and object; those with `text` in subject or object (case folded); those
        of a concept (label); or those with any of these concepts (labels) at an end, each once."""

    def evidence(
        self, relations: Collection[tuple[str, str, str]] | None = None, passages: Collection[str] | None = None
    ) -> Iterator[Evidence]:
        """Evidence, rejected left out: of relations (subject, predicate, object by label), of passages, or all; by
        subject, predicate, object, paper, passage, start. Candidates are no evidence."""

    def candidates(
        self,
        relations: Collection[tuple[str, str, str]] | None = None,
        passages: Collection[str] | None = None,
        concepts: Collection[str] | None = None,
    ) -> Iterator[Evidence]:
        """What is too doubtful to count, chosen and ordered as evidence is, or with one of these concepts (labels) at
        an end. A sentence that is evidence for a relation is no candidate for the same one; rejected left out."""

    def lexical(self, words: Sequence[str], most: int, scope: Scope = EVERYWHERE) -> list[tuple[str, float]]:
        """Passages in a scope that hold any of the words (stemmed), with their BM25 score in the whole library, best
        first, ties by id."""

    def frequencies(self, words: Sequence[str], scope: Scope = EVERYWHERE) -> list[int]:
        """In how many passages in a scope each of the words stands (stemmed), titles included, in the order asked."""

    # Beside the facts

    def shelf(self, kind: Kind) -> Shelf:
        """What people and agents wrote about the library. It is no fact: it changes no view and no revision."""

    # Care

    def check(self) -> list[str]:
        """What of the views differs from the folds of the facts; empty when all is right."""

    def rebuild(self) -> None:
        """Throws all views away and folds them anew from the facts."""

    def optimize(self) -> None:
        """Tidies up after a job; changes nothing that can be read."""

    def close(self) -> None: ...
