"""A graph store in memory: it keeps the facts and runs the folds as they are.

Small, slow and right: the oracle of the store contract, a fake for tests, and what `check` compares other stores with.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from threading import RLock
from typing import Any

from kg.facts import checked
from kg.model import (
    QUARANTINED,
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
from kg.names import key_of
from kg.scope import EVERYWHERE, Scope, holds
from kg.stores.graph_store import Added, outcome
from kg.stores.revision import Revision
from kg.stores.shelf import Kind, MemoryShelf, Shelf
from kg.views import Views, fold


class MemoryStore:
    """Facts in dictionaries; every view is folded when it is asked for."""

    address = "memory"

    def __init__(self, records: Iterable[SourceRecord] = (), decisions: Iterable[Decision] = ()) -> None:
        self._records = {record.id: record for record in records}
        self._sources: dict[str, str] = {}
        self._decisions = set(decisions)
        self._folded: tuple[str, Views] | None = None
        self._guard = RLock()
        self._shelves: dict[Kind, MemoryShelf] = {}

    @property
    def views(self) -> Views:
        revision = self.revision()
        if self._folded is None or self._folded[0] != revision:
            self._folded = revision, fold(self._records.values(), self._decisions)
        return self._folded[1]

    def writing(self, on_wait: Callable[[str], None] | None = None) -> AbstractContextManager[None]:
        return self.reading()

    def reading(self) -> AbstractContextManager[Any]:
        return self._guard

    def add(self, record: SourceRecord, origin: str) -> Added:
        with self._guard:
            known, before = record.id in self._records, self._sources.get(origin)
            self._records[record.id] = checked(record)
            self._sources[origin] = record.id
            if before is not None and before not in self._sources.values():
                del self._records[before]
            paper = next(paper for paper in self.views.papers if record.id in paper.records)
            told = outcome(before == record.id, before is not None, known or len(paper.records) > 1)
            return Added(told, paper.id, paper.key)

    def has(self, record: str, origin: str) -> Added | None:
        return self.add(self._records[record], origin) if record in self._records else None

    def remove(self, papers: Collection[str]) -> None:
        gone = {record for paper in self.views.papers if paper.id in papers for record in paper.records}
        self._records = {id: record for id, record in self._records.items() if id not in gone}
        self._sources = {origin: record for origin, record in self._sources.items() if record not in gone}

    def decide(self, decision: Decision) -> None:
        self._decisions.add(decision)

    def withdraw(self, decision: Decision) -> None:
        self._decisions.discard(decision)

    def records(self) -> Iterator[SourceRecord]:
        return (self._records[record] for record in sorted(self._records))

    def sources(self) -> Iterator[Source]:
        return iter(sorted(Source(origin, record) for origin, record in self._sources.items()))

    def decisions(self) -> Iterator[Decision]:
        return iter(sorted(self._decisions))

    def _vectors(self) -> dict[str, tuple[str, bytes]]:
        found = {}
        for record in self._leading():
            size = len(record.vectors) // max(1, len(record.passages))
            for place, passage in enumerate(record.passages if record.embedder is not None and size else ()):
                found[passage.id] = (record.embedder or "", record.vectors[place * size : (place + 1) * size])
        return found

    def _leading(self) -> list[SourceRecord]:
        return [self._records[paper.leader] for paper in self.views.papers]

    def vectors(self, embedder: str, passages: Sequence[str]) -> list[bytes | None]:
        known = {passage: vector for passage, (by, vector) in self._vectors().items() if by == embedder}
        return [known.get(passage) for passage in passages]

    def embedders(self) -> dict[str, int]:
        return dict(Counter(by for by, _ in self._vectors().values()))

    def embed(self, embedder: str, vectors: Sequence[tuple[str, bytes]]) -> None:
        new = dict(vectors)
        for record in self._records.values():
            mine = [new[passage.id] for passage in record.passages if passage.id in new]
            if mine and len(mine) == len(record.passages):
                self._records[record.id] = replace(record, embedder=embedder, vectors=b"".join(mine))

    def counts(self) -> Counts:
        views = self.views
        return Counts(*map(len, (views.papers, views.passages, views.concepts, views.relations, views.evidence)))

    def revision(self) -> str:
        facts: list[str | Decision] = [*self._records, *self._decisions]
        return str(sum(map(Revision.of, facts), Revision()))

    def extractors(self) -> list[str]:
        return sorted({name for one in self.views.evidence for name in one.extractors})

    def papers(self, ids: Collection[str] | None = None, concept: str | None = None) -> Iterator[Paper]:
        speaking = {mention.passage for mention, _ in self.mentions(concept=concept)} if concept is not None else ()
        among = {one.paper.id for one in self.views.passages if one.passage.id in speaking}
        return (
            paper
            for paper in self.views.papers
            if (ids is None or paper.id in ids) and (concept is None or paper.id in among)
        )

    def papers_called(self, name: str) -> list[Paper]:
        return [paper for paper in self.views.papers if name in (paper.id, paper.key)]

    def passage_ids(self, scope: Scope = EVERYWHERE, most: int | None = None) -> list[str]:
        return [one.passage.id for one in self.views.passages if holds(scope, one)][:most]

    def passages(self, ids: Collection[str] | None = None, paper: str | None = None) -> Iterator[PaperPassage]:
        found = [
            one
            for one in self.views.passages
            if (ids is None or one.passage.id in ids) and paper in (None, one.paper.id)
        ]
        return iter(found if paper is None else sorted(found, key=lambda one: one.passage.start))

    def mentions(
        self, passages: Collection[str] | None = None, concept: str | None = None
    ) -> Iterator[tuple[Mention, str | None]]:
        return (
            one
            for one in self.views.mentions
            if (passages is None or one[0].passage in passages) and concept in (None, one[1])
        )

    def concepts(self, text: str | None = None) -> Iterator[Concept]:
        return (
            one
            for one in self.views.concepts
            if text is None or any(text.casefold() in name.casefold() for name in (one.label, *one.aliases))
        )

    def concepts_called(self, name: str) -> list[Concept]:
        key, folded = key_of(name), name.casefold()
        meanings: list[Callable[[Concept], bool]] = [
            lambda one: name in (one.id, one.label),
            lambda one: key in one.keys,
            lambda one: folded in (alias.casefold() for alias in one.aliases),
        ]
        for meant in meanings:
            if found := [one for one in self.views.concepts if meant(one)]:
                return sorted(found, key=lambda one: (-one.mentions, one.label))
        return []

    def concept_labels(self) -> list[str]:
        return [one.label for one in self.views.concepts]

    def concept_keys(self, keys: Collection[str]) -> dict[str, str]:
        return {key: one.label for one in self.views.concepts for key in one.keys if key in keys}

    def relations(
        self, text: str | None = None, concept: str | None = None, concepts: Collection[str] | None = None
    ) -> Iterator[Relation]:
        return (
            one
            for one in self.views.relations
            if (text is None or any(text.casefold() in end.casefold() for end in (one.subject, one.object)))
            and (concept is None or concept in (one.subject, one.object))
            and (concepts is None or one.subject in concepts or one.object in concepts)
        )

    def evidence(
        self, relations: Collection[tuple[str, str, str]] | None = None, passages: Collection[str] | None = None
    ) -> Iterator[Evidence]:
        return _chosen(self.views.evidence, relations, passages)

    def candidates(
        self,
        relations: Collection[tuple[str, str, str]] | None = None,
        passages: Collection[str] | None = None,
        concepts: Collection[str] | None = None,
    ) -> Iterator[Evidence]:
        return (
            one
            for one in _chosen(self.views.candidates, relations, passages)
            if concepts is None or one.subject in concepts or one.object in concepts
        )

    def lexical(self, words: Sequence[str], most: int, scope: Scope = EVERYWHERE) -> list[tuple[str, float]]:
        """BM25 with k1 1.2 and b .75 over the words of title and text, unstemmed."""
        texts = self._texts()
        mean = sum(map(Counter.total, texts.values())) / max(1, len(texts))
        weights: dict[str, float] = {}
        for word in key_of(" ".join(words)).split():
            holding = sum(word in text for text in texts.values())
            weights[word] = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))

        def score(text: Mapping[str, int]) -> float:
            length = sum(text.values()) / mean
            return sum(
                weight * text[word] * 2.2 / (text[word] + 0.3 + 0.9 * length)
                for word, weight in weights.items()
                if word in text
            )

        allowed = set(self.passage_ids(scope))
        scores = [
            (passage, score(text))
            for passage, text in texts.items()
            if passage in allowed and any(word in text for word in weights)
        ]
        return sorted(scores, key=lambda one: (-one[1], one[0]))[:most]

    def frequencies(self, words: Sequence[str], scope: Scope = EVERYWHERE) -> list[int]:
        allowed = set(self.passage_ids(scope))
        texts = [text for passage, text in self._texts().items() if passage in allowed]
        parts = [set(key_of(word).split()) for word in words]
        return [sum(bool(part) and part <= text.keys() for text in texts) for part in parts]

    def _texts(self) -> dict[str, Counter[str]]:
        titles = {passage.id: record.facts.title for record in self._leading() for passage in record.passages}
        return {
            one.passage.id: Counter(key_of(f"{titles[one.passage.id]} {one.passage.text}").split())
            for one in self.views.passages
            if one.passage.kind != QUARANTINED
        }

    def check(self) -> list[str]:
        return []

    def rebuild(self) -> None:
        self._folded = None

    def shelf(self, kind: Kind) -> Shelf:
        with self._guard:
            return self._shelves.setdefault(kind, MemoryShelf())

    def optimize(self) -> None: ...

    def close(self) -> None: ...


def _chosen(
    evidence: Iterable[Evidence],
    relations: Collection[tuple[str, str, str]] | None,
    passages: Collection[str] | None,
) -> Iterator[Evidence]:
    return (
        one
        for one in evidence
        if (relations is None or (one.subject, one.predicate, one.object) in relations)
        and (passages is None or one.passage in passages)
    )
