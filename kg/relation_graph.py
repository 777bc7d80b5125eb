"""All relations of a library as arrays: one state of it, to look for paths in, kept from one process to the next."""

from __future__ import annotations

import json
import logging
import tempfile
import threading
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.names import key_of
from kg.scope import Scope
from kg.study_words import is_of_any_study

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.stores.graph_store import GraphStore

    Numbers = NDArray[np.int64]
    Flags = NDArray[np.bool_]

log = logging.getLogger(__name__)

FILE = "relations.npz"
_VERSION = 5
UNDATED = 32_767
"""The year of a paper without one: later than any."""


@dataclass(frozen=True, eq=False)
class RelationGraph:
    """Concepts (numbered in the order of their labels), relations between two different ones, and their evidence.

    `labels` are those of concepts with a relation; `ids`, `types` and `mentioned` (in how many papers) are theirs, and
    `heads` is the number of the concept that a label's last word names by itself ("male patients": patients), -1 where
    there is none; `keys` are the labels' keys, and `common` tells those that every study has. `ends` is (relations, 3):
    subject, predicate, object. The other arrays have a row for each piece of evidence: its relation, paper, passage,
    year, whether it denies and whether it is hedged. `embedder` made the vectors of most passages, "" where none did;
    `whole` is the number of papers in the library.
    """

    labels: list[str]
    keys: list[str]
    ids: list[str]
    types: list[str]
    mentioned: Numbers
    heads: Numbers
    common: Flags
    predicates: list[str]
    ends: Numbers
    relation: Numbers
    paper: Numbers
    passage: Numbers
    year: Numbers
    denies: Flags
    hedged: Flags
    papers: list[str]
    retracted: Flags
    passages: list[str]
    embedder: str
    whole: int

    @cached_property
    def numbers(self) -> dict[str, int]:
        """Label -> number."""
        return {label: number for number, label in enumerate(self.labels)}

    @cached_property
    def first_passage(self) -> Numbers:
        """The first passage (its number) that each relation rests on."""
        _, first = np.unique(self.relation, return_index=True)
        return np.asarray(self.passage[first], np.int64)

    @cached_property
    def by_id(self) -> dict[str, int]:
        """Id of a concept -> its number."""
        return {id: number for number, id in enumerate(self.ids)}

    def triple(self, relation: int) -> tuple[str, str, str]:
        """Subject, predicate and object of a relation."""
        subject, predicate, object = self.ends[relation].tolist()
        return self.labels[subject], self.predicates[predicate], self.labels[object]

    def inside(self, store: GraphStore, scope: Scope) -> Flags | None:
        """Which evidence stands in a scope; None: all."""
        if scope.everywhere:
            return None
        if scope == Scope(since=scope.since, until=scope.until):
            held = np.ones(len(self.year), np.bool_)
            if scope.since is not None:
                held &= (self.year >= scope.since) & (self.year < UNDATED)
            return held if scope.until is None else held & (self.year <= scope.until)
        allowed = set(store.passage_ids(scope))
        flags = np.array([one in allowed for one in self.passages], np.bool_)
        held = flags[self.passage] if len(self.passage) else np.zeros(0, np.bool_)
        return held


def relation_graph(store: GraphStore) -> RelationGraph:
    """The relations of a store as it is now."""
    found = [one for one in store.evidence() if one.subject != one.object]
    triples = sorted({(one.subject, one.predicate, one.object) for one in found})
    labels = sorted({label for subject, _, object in triples for label in (subject, object)})
    predicates = sorted({predicate for _, predicate, _ in triples})
    number = {label: place for place, label in enumerate(labels)}
    predicate_number = {name: place for place, name in enumerate(predicates)}
    relation_number = {triple: place for place, triple in enumerate(triples)}
    concepts = {one.label: one for one in store.concepts() if one.label in number}
    keys = [key_of(label) for label in labels]
    called = {key: place for place, key in enumerate(keys)}
    last = [key.rpartition(" ") for key in keys]
    papers = sorted({one.paper for one in found})
    passages = sorted({one.passage for one in found})
    paper_number = {id: place for place, id in enumerate(papers)}
    passage_number = {id: place for place, id in enumerate(passages)}
    retracted = {one.id for one in store.papers(papers) if one.status == "retracted"} if papers else set()
    return RelationGraph(
        labels,
        keys,
        [concepts[label].id for label in labels],
        [concepts[label].type for label in labels],
        _numbers([concepts[label].papers for label in labels]),
        _numbers([called.get(head, -1) if before else -1 for before, _, head in last]),
        np.array([is_of_any_study(label) for label in labels], np.bool_),
        predicates,
        _numbers([[number[s], predicate_number[p], number[o]] for s, p, o in triples]).reshape(-1, 3),
        _numbers([relation_number[one.subject, one.predicate, one.object] for one in found]),
        _numbers([paper_number[one.paper] for one in found]),
        _numbers([passage_number[one.passage] for one in found]),
        _numbers([UNDATED if one.year is None else one.year for one in found]),
        np.array([one.polarity == "denies" for one in found], np.bool_),
        np.array([one.certainty == "hedged" for one in found], np.bool_),
        papers,
        np.array([id in retracted for id in papers], np.bool_),
        passages,
        min(store.embedders().items(), key=lambda one: (-one[1], one[0]), default=("", 0))[0],
        store.counts().papers,
    )


def _numbers(values: Sequence[Any]) -> Numbers:
    return np.array(values, np.int64)


class RelationGraphs:
    """The graph of one library, one a revision, shared by threads; the last is kept in a file. The file is a cache:
    lost, stale or damaged, it is made anew."""

    def __init__(self, store: Callable[[], GraphStore], folder: Path | None = None) -> None:
        """`folder` is where the file is kept; None, or a place that cannot be written: in memory alone."""
        self._store, self._file = store, None if folder is None else folder / FILE
        self._lock = threading.Lock()
        self._state: tuple[str, RelationGraph] | None = None

    def current(self) -> RelationGraph:
        """Of the library as it is now."""
        store = self._store()
        with store.reading(), self._lock:
            revision = store.revision()
            if self._state is None:
                self._state = self._read()
            if self._state is None or self._state[0] != revision:
                self._state = (revision, relation_graph(store))
                self._write(*self._state)
            return self._state[1]

    def forget(self) -> None:
        """Throws what is kept away."""
        with self._lock:
            self._state = None
            if self._file is not None:
                self._file.unlink(missing_ok=True)

    def _read(self) -> tuple[str, RelationGraph] | None:
        if self._file is None:
            return None
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                about = json.loads(stored["words"].tobytes().decode("utf-8"))
                if about["version"] != _VERSION:
                    return None
                told = {name: stored[name] for name in (*_NUMBERS, *_FLAGS)}
                return about["revision"], RelationGraph(
                    **{name: about[name] for name in _WORDS},
                    **{name: told[name].astype(np.int64) for name in _NUMBERS},
                    **{name: told[name].astype(np.bool_) for name in _FLAGS},
                )
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.info("%s is made anew: %s", self._file, error)
            return None

    def _write(self, revision: str, graph: RelationGraph) -> None:
        if self._file is None:
            return
        words = {"version": _VERSION, "revision": revision} | {name: getattr(graph, name) for name in _WORDS}
        arrays: dict[str, Any] = {name: getattr(graph, name).astype(np.int32) for name in _NUMBERS}
        arrays |= {name: getattr(graph, name) for name in _FLAGS}
        arrays["words"] = np.frombuffer(json.dumps(words).encode("utf-8"), np.uint8)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            # Where the vector index puts its unfinished files too, which tidies up after processes that were killed.
            with tempfile.TemporaryDirectory(dir=self._file.parent, prefix=".new-") as place:
                np.savez(Path(place) / FILE, **arrays)
                (Path(place) / FILE).replace(self._file)
        except OSError as error:
            log.info("%s cannot be kept: %s", self._file, error)


_WORDS = ("labels", "keys", "ids", "types", "predicates", "papers", "passages", "embedder", "whole")
_NUMBERS = ("mentioned", "heads", "ends", "relation", "paper", "passage", "year")
_FLAGS = ("common", "denies", "hedged", "retracted")
