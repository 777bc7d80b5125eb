"""What every passage of a library names, as a sparse graph to search on: one state of it, shared by many questions."""

from __future__ import annotations

import logging
import tempfile
import threading
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from kg.citations import citation
from kg.model import Mention, PaperPassage
from kg.named import beside, called, first_name, named_sentences
from kg.scope import EVERYWHERE, Scope
from kg.views import merged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.stores.graph_store import GraphStore

log = logging.getLogger(__name__)

FILE = "names.npz"
_VERSION = 2
_LINK_WEIGHT = 4.0  # of a passage that names another's title, against the rarity of a shared name
_STEPS = 6
_STAY = 0.5  # share of the walkers that start anew at each step: less than 1 in 60 is unsettled after six
_COMMON = 50, 0.05  # a name in more passages, and in a larger share of them, joins nothing
_MANY = 2000  # passages whose mentions are read at once


@dataclass(frozen=True, eq=False)
class Named:
    """What passages name by themselves: (passages, names) CSR of ones, and for each passage its first name's column,
    -1 where it has none. It depends on each passage alone, so it can be kept for those that stay."""

    passages: list[str]
    names: list[str]
    naming: Any
    first: NDArray[np.int64]


class Snapshot:
    """Passages (rows, in order of id) and names (columns): who names what, and whose title is a name.

    A name is a key (`kg.names.key_of`) of a concept or of a capitalised name, or a citation ("@brook 2005"); keys that
    a person merged are one. A passage *links* to the first passage of a paper when it names that paper's title or cites
    it by author and year.
    """

    def __init__(self, passages: list[str], papers: list[str], names: list[str], incidence: Any, bearing: Any) -> None:
        """`papers` are those of the passages; `incidence` is (passages, names) CSR of ones: who names what; `bearing`
        the same for what others call the passage's paper, in the first passage of each paper alone."""
        self.passages, self.papers, self.names = passages, papers, names
        self.incidence, self.bearing = incidence, bearing

    @cached_property
    def rows(self) -> dict[str, int]:
        return {passage: row for row, passage in enumerate(self.passages)}

    @cached_property
    def columns(self) -> dict[str, int]:
        return {name: column for column, name in enumerate(self.names)}

    @cached_property
    def naming(self) -> Any:
        """(passages, names) CSC: which passages name a name."""
        return self.incidence.tocsc()

    @cached_property
    def rarity(self) -> NDArray[np.float64]:
        """ln(passages / passages that name it) of every name; 0 where it is too common to tell anything."""
        counts = np.maximum(np.diff(self.naming.indptr), 1)
        total = len(self.passages)
        return np.where(counts > max(_COMMON[0], _COMMON[1] * total), 0.0, np.log(max(total, 1) / counts))

    @cached_property
    def titles(self) -> dict[int, NDArray[np.int64]]:
        """Name -> the passages whose paper is called so."""
        columns = self.bearing.tocsc()
        ends = columns.indptr
        return {name: columns.indices[ends[name] : ends[name + 1]] for name in np.flatnonzero(np.diff(ends)).tolist()}

    @cached_property
    def links(self) -> Any:
        """(passages, passages) CSR: 1 where the row names what the column's paper is called, and is not called so."""
        links = (self.incidence @ self.bearing.T).tocsr()
        links.data[:] = 1.0
        own = (self.bearing @ self.bearing.T + sparse.eye_array(len(self.passages))).tocsr()
        own.data[:] = 1.0
        links = (links - links.multiply(own)).tocsr()
        links.eliminate_zeros()
        return links

    def called(self, row: int) -> NDArray[np.int64]:
        """The names of a passage's paper; none but for the first passage of a paper."""
        names: NDArray[np.int64] = self.bearing.indices[self.bearing.indptr[row] : self.bearing.indptr[row + 1]]
        return names

    @cached_property
    def linked_by(self) -> NDArray[np.float64]:
        """How many passages link to each."""
        return np.asarray(self.links.sum(axis=0), np.float64).ravel()

    @cached_property
    def _walk(self) -> Any:
        weighted = (self.incidence @ sparse.diags_array(self.rarity)).tocsr()
        links = _LINK_WEIGHT * (self.links + self.links.T)
        both = sparse.block_array([[links, weighted], [weighted.T, None]], format="csr")
        totals = both.sum(axis=1)
        return (sparse.diags_array(1 / np.where(totals > 0, totals, 1)) @ both).T.tocsr()

    def walk(self, passages: NDArray[np.float64], names: NDArray[np.float64]) -> NDArray[np.float64]:
        """Where walkers are that start at these passages and names, relative to the most visited passage (0…1).

        The passages' weights count twice the names'. A walker goes over links and names, the rarer the likelier, and
        half start anew at each step: personalised PageRank (Haveliwala 2002, doi:10.1145/511446.511513), for finding
        over several hops as in HippoRAG (arXiv:2405.14831), cut after six steps.
        """
        start = np.concatenate([_shares(passages), 0.5 * _shares(names)])
        if (total := start.sum()) == 0:
            return np.zeros(len(self.passages))
        start /= total
        there = start
        for _ in range(_STEPS):
            there = _STAY * start + (1 - _STAY) * (self._walk @ there)
        reached = there[: len(self.passages)]
        found: NDArray[np.float64] = reached / reached.max() if reached.max() > 0 else reached
        return found

    def within(self, allowed: Collection[str]) -> Snapshot:
        """The same of these passages alone, with counts of their own."""
        keep = np.array([row for passage in sorted(allowed) if (row := self.rows.get(passage)) is not None], np.int64)
        passages = [self.passages[row] for row in keep.tolist()]
        papers = [self.papers[row] for row in keep.tolist()]
        return Snapshot(passages, papers, self.names, self.incidence[keep], self.bearing[keep])


def _shares(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return weights / total if (total := weights.sum()) > 0 else weights


# Making one ---------------------------------------------------------------------------------------------------------


def named_of(store: GraphStore, passages: Iterable[PaperPassage], known: Named | None = None) -> Named:
    """What these passages of a store name; what `known` tells of one is not read again."""
    rows: dict[str, tuple[Collection[str], str]] = {}
    before = {} if known is None else {passage: row for row, passage in enumerate(known.passages)}
    unread: list[PaperPassage] = []
    for one in passages:
        row = before.get(one.passage.id)
        if row is None or known is None:
            unread.append(one)
        else:
            columns = known.naming.indices[known.naming.indptr[row] : known.naming.indptr[row + 1]].tolist()
            first = int(known.first[row])
            rows[one.passage.id] = [known.names[column] for column in columns], known.names[first] if first >= 0 else ""
    for at in range(0, len(unread), _MANY):
        part = unread[at : at + _MANY]
        mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention, _ in store.mentions(passages=[one.passage.id for one in part]):
            mentions[mention.passage].append(mention)
        for one in part:
            text = one.passage.text
            told = named_sentences(text, mentions[one.passage.id])
            rows[one.passage.id] = {name for sentence in told for name in sentence.names}, first_name(text)
    return _numbered({passage: rows[passage] for passage in sorted(rows)})


def _numbered(rows: dict[str, tuple[Collection[str], str]]) -> Named:
    names = sorted({name for found, first in rows.values() for name in (*found, first) if name})
    number = {name: column for column, name in enumerate(names)}
    columns = [sorted(number[name] for name in found) for found, _ in rows.values()]
    return Named(
        list(rows),
        names,
        _ones(columns, len(names)),
        np.array([number[first] if first else -1 for _, first in rows.values()], np.int64),
    )


def _ones(columns: Sequence[Sequence[int]], width: int) -> Any:
    pointers = np.concatenate([[0], np.cumsum([len(one) for one in columns])]).astype(np.int64)
    flat = np.array([column for one in columns for column in one], np.int64)
    return sparse.csr_array((np.ones(len(flat)), flat, pointers), (len(columns), width))


def snapshot_of(store: GraphStore, known: Named | None = None) -> tuple[Snapshot, Named]:
    """The snapshot of a store as it is now, quarantined passages left out, and what it was made of."""
    searched = set(store.passage_ids())
    passages = [one for one in store.passages() if one.passage.id in searched]
    named = named_of(store, passages, known)
    opening: dict[str, PaperPassage] = {}
    for one in passages:
        first = opening.get(one.paper.id)
        if first is None or (one.passage.start, one.passage.id) < (first.passage.start, first.passage.id):
            opening[one.paper.id] = one
    row = {passage: number for number, passage in enumerate(named.passages)}
    names, column = list(named.names), {name: number for number, name in enumerate(named.names)}

    def numbered(name: str) -> int:
        if name not in column:
            column[name] = len(names)
            names.append(name)
        return column[name]

    added: list[set[int]] = [set() for _ in named.passages]
    borne: list[set[int]] = [set() for _ in named.passages]
    for one in opening.values():
        at = row[one.passage.id]
        title = called(one.paper.title)
        if title:
            borne[at].add(numbered(title))
        elif named.first[at] >= 0:
            borne[at].add(int(named.first[at]))
        if citing := citation(one.paper.authors, one.paper.year):
            borne[at].add(numbered(citing))
        added[at] = {numbered(name) for name in sorted(beside(one.paper.title))} | borne[at]
    same = np.arange(len(names))
    for name, together in sorted(merged(list(store.decisions())).items()):
        if name in column:
            same[column[name]] = min(column[other] for other in together if other in column)
    own = sparse.csr_array((named.naming.data, named.naming.indices, named.naming.indptr), (len(added), len(names)))
    incidence = _renamed(own + _ones([sorted(one) for one in added], len(names)), same)
    bearing = _renamed(_ones([sorted(one) for one in borne], len(names)), same)
    paper_of = {one.passage.id: one.paper.id for one in passages}
    papers = [paper_of[passage] for passage in named.passages]
    return Snapshot(named.passages, papers, names, incidence, bearing), named


def _renamed(matrix: Any, same: NDArray[np.int64]) -> Any:
    """The same ones with the columns' new numbers."""
    told = matrix.tocoo()
    renamed = sparse.csr_array((np.ones(len(told.row)), (told.row, same[told.col])), matrix.shape)
    renamed.sum_duplicates()
    renamed.data[:] = 1.0
    return renamed


# Keeping them --------------------------------------------------------------------------------------------------------


class Snapshots:
    """The snapshots of one library, one a revision, shared by threads; the last is kept in a file, so that a new
    process need not read every passage again. The file is a cache: lost, stale or damaged, it is made anew."""

    def __init__(self, store: GraphStore, folder: Path | None = None) -> None:
        """`folder` is where the file is kept; None, or a place that cannot be written: in memory alone."""
        self._store, self._file = store, None if folder is None else folder / FILE
        self._lock = threading.Lock()
        self._state: tuple[str, Snapshot, Named] | None = None
        self._within = lru_cache(maxsize=4)(self._made_within)

    def current(self, scope: Scope = EVERYWHERE) -> Snapshot:
        """Of the library as it is now, in a scope."""
        with self._store.reading(), self._lock:
            revision = self._store.revision()
            state = self._state if self._state is not None else self._read()
            if state is None or state[0] != revision:
                state = (revision, *snapshot_of(self._store, None if state is None else state[2]))
                self._write(state)
            self._state = state
            return state[1] if scope.everywhere else self._within(revision, scope)

    def check(self) -> list[str]:
        """Where the snapshot that is kept differs from what the passages name; empty when all is right."""
        with self._store.reading():
            kept, fresh = self.current(), snapshot_of(self._store)[0]
            same = (
                (kept.passages, kept.papers, kept.names) == (fresh.passages, fresh.papers, fresh.names)
                and (kept.incidence != fresh.incidence).nnz == 0
                and (kept.bearing != fresh.bearing).nnz == 0
            )
            return [] if same else ["what is kept of the names in passages differs from the passages"]

    def rebuild(self) -> None:
        """Throws the snapshot away and makes it anew from the passages."""
        with self._lock:
            self._state = None
            if self._file is not None:
                self._file.unlink(missing_ok=True)
        self.current()

    def _made_within(self, revision: str, scope: Scope) -> Snapshot:
        assert self._state is not None and self._state[0] == revision
        return self._state[1].within(self._store.passage_ids(scope))

    def _read(self) -> tuple[str, Snapshot, Named] | None:
        if self._file is None:
            return None
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                version, revision = (str(one) for one in stored["about"])
                if version != str(_VERSION):
                    return None
                passages, names = _words(stored["passages"]), _words(stored["names"])
                known = int(stored["known"])
                naming = _matrix(stored, "naming", len(passages), known)
                named = Named(passages, names[:known], naming, stored["first"])
                incidence = _matrix(stored, "incidence", len(passages), len(names))
                papers = _words(stored["papers"])
                bearing = _matrix(stored, "bearing", len(passages), len(names))
                return revision, Snapshot(passages, papers, names, incidence, bearing), named
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.info("%s is made anew: %s", self._file, error)
            return None

    def _write(self, state: tuple[str, Snapshot, Named]) -> None:
        if self._file is None:
            return
        revision, snapshot, named = state
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            # Where the vector index puts its unfinished files too, which tidies up after processes that were killed.
            with tempfile.TemporaryDirectory(dir=self._file.parent, prefix=".new-") as place:
                np.savez(
                    Path(place) / FILE,
                    about=np.array([str(_VERSION), revision]),
                    passages=_bytes(snapshot.passages),
                    papers=_bytes(snapshot.papers),
                    names=_bytes(snapshot.names),
                    known=np.array(len(named.names)),
                    first=named.first,
                    **_arrays("naming", named.naming),
                    **_arrays("incidence", snapshot.incidence),
                    **_arrays("bearing", snapshot.bearing),
                )
                (Path(place) / FILE).replace(self._file)
        except OSError as error:
            log.info("%s cannot be kept: %s", self._file, error)


def _bytes(words: Sequence[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(words).encode("utf-8"), np.uint8)


def _words(stored: NDArray[np.uint8]) -> list[str]:
    text = stored.tobytes().decode("utf-8")
    return text.split("\n") if text else []


def _arrays(name: str, matrix: Any) -> dict[str, Any]:
    return {f"{name}_columns": matrix.indices.astype(np.int32), f"{name}_ends": matrix.indptr}


def _matrix(stored: Any, name: str, rows: int, columns: int) -> Any:
    found = stored[f"{name}_columns"].astype(np.int64)
    ends = stored[f"{name}_ends"].astype(np.int64)
    return sparse.csr_array((np.ones(len(found)), found, ends), (rows, columns))
