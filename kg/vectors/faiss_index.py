"""Exact search by FAISS, with a cache of the stored vectors in the library's folder.

The cache is one file, `passages.faiss`: a flat index as FAISS writes it (which FAISS maps into memory and other
programs can read), then the ids of its rows, then a description and a checksum. It is written beside its place and
renamed, so that readers see an old one or a new one, whole. One that is missing, damaged, by another embedder or of
another version is made anew from the store; one that is stale is brought up to date by the difference of ids. Where
nothing can be written, all of it stays in memory.
"""

from __future__ import annotations

import json
import logging
import mmap
import shutil
import struct
import tempfile
import threading
import time
import zlib
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

from kg.vectors.embedding import require_same
from kg.vectors.vector_index import cosines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.stores.graph_store import GraphStore

log = logging.getLogger(__name__)

FILE = "passages.faiss"
_MANY = 4096  # vectors taken from the store at once
_FOOTER = struct.Struct("<QQQI8s")  # bytes of the index, the ids and the description; their CRC-32; who wrote them
_WRITER = b"hypogrph"
_VERSION = 1
_UNFINISHED = ".new-"
_TIE = 1e-5  # sums of 1,000 float32 products differ by less, however they are added up


@dataclass(frozen=True, eq=False)
class _Rows:
    """Vectors and the ids of their rows, in order of id."""

    ids: list[str]
    index: Any

    def place(self, id: str) -> int | None:
        at = bisect_left(self.ids, id)
        return at if at < len(self.ids) and self.ids[at] == id else None

    def vectors(self, places: Sequence[int] | NDArray[np.int64]) -> NDArray[np.float32]:
        if not len(places):
            return np.empty((0, self.index.d), np.float32)
        rows: NDArray[np.float32] = self.index.reconstruct_batch(np.asarray(places, np.int64))
        return rows


@dataclass(frozen=True, slots=True)
class _State:
    """The vectors at one revision: `kept` is what the file holds, less the rows in `gone`; `new` came since."""

    revision: str
    kept: _Rows
    gone: frozenset[int]
    new: _Rows


class FaissIndex:
    """A `VectorIndex` over a store's vectors by one embedder. May be used from several threads and processes."""

    def __init__(self, store: GraphStore, embedder: str, dimensions: int, folder: Path | None = None) -> None:
        """`folder` is where the cache is kept; None, or a place that cannot be written: in memory alone."""
        self._store, self._embedder, self._dimensions, self._folder = store, embedder, dimensions, folder
        self._lock = threading.Lock()
        self._state: _State | None = None
        # The last few sets of allowed passages as masks over the rows: a batch of questions asks with the same one.
        self._masks = lru_cache(maxsize=8)(_mask)

    def __repr__(self) -> str:
        return f"<FaissIndex by {self._embedder!r} in {self._folder.name if self._folder else 'memory'}>"

    def search(self, vector: NDArray[np.float32], most: int,
               allowed: frozenset[str] | None = None) -> list[tuple[str, float]]:
        state = self._current()
        found = [one for rows, gone in ((state.kept, state.gone), (state.new, frozenset()))
                 for one in self._nearest(rows, gone, vector, most, allowed)]
        return sorted(found, key=lambda one: (-one[1], one[0]))[: max(0, most)]

    def similarities(self, vector: NDArray[np.float32], passages: Collection[str]) -> dict[str, float]:
        state = self._current()
        found: dict[str, float] = {}
        for rows, gone in ((state.kept, state.gone), (state.new, frozenset[int]())):
            places = [place for id in passages if (place := rows.place(id)) is not None and place not in gone]
            told = cosines(rows.vectors(places), vector)
            found.update(zip((rows.ids[place] for place in places), told, strict=True))
        return found

    def check(self) -> list[str]:
        with self._store.reading():
            state = self._current()
            wanted = self._store.passage_ids()
            held = {*(id for place, id in enumerate(state.kept.ids) if place not in state.gone), *state.new.ids}
            wrong = []
            for part in _parts(wanted):
                for id, stored in zip(part, self._store.vectors(self._embedder, part), strict=True):
                    if (stored is None) == (id in held):
                        wrong.append(f"the vector index {'holds' if stored is None else 'lacks'} the passage {id}")
                    elif stored is not None and stored != self._held(state, id):
                        wrong.append(f"the vector index holds another vector for the passage {id}")
            wrong += [f"the vector index holds the passage {id}, which is gone" for id in sorted(held - set(wanted))]
            return wrong

    def rebuild(self) -> None:
        with self._lock:
            self._state = None
            if self._folder is not None:
                (self._folder / FILE).unlink(missing_ok=True)
        self._current()

    # Searching

    def _nearest(self, rows: _Rows, gone: frozenset[int], vector: NDArray[np.float32], most: int,
                 allowed: frozenset[str] | None) -> list[tuple[str, float]]:
        total = len(rows.ids)
        if most <= 0 or total == 0:
            return []
        options = None
        library: Any = faiss  # its types leave out what its Python layer adds
        if gone or allowed is not None:
            bits = np.packbits(self._masks(rows, gone, allowed), bitorder="little")
            options = library.SearchParameters(sel=library.IDSelectorBitmap(bits))
        # More than asked for, until none that is left out could tie with the last one: FAISS adds up in float32 and
        # leaves the order of equals to the rows' order; below both are settled.
        count = min(total, most + 16)
        while True:
            (scores,), (places,) = rows.index.search(vector.reshape(1, -1), count, params=options)
            real = int((places >= 0).sum())
            if real < count or count == total or scores[most - 1] - scores[count - 1] > _TIE:
                break
            count = min(total, 4 * count)
        places = places[:real]
        return [(rows.ids[place], cosine)
                for place, cosine in zip(places, cosines(rows.vectors(places), vector), strict=True)]

    def _held(self, state: _State, id: str) -> bytes:
        rows = state.new if (place := state.new.place(id)) is not None else state.kept
        place = rows.place(id) if place is None else place
        return b"" if place is None else rows.vectors([place]).astype("<f4").tobytes()

    # Following the store

    def _current(self) -> _State:
        """The vectors as the store has them now."""
        state = self._state
        if state is not None and state.revision == self._store.revision():
            return state
        # In this order everywhere: a caller may be inside `reading` already.
        with self._store.reading(), self._lock:
            revision = self._store.revision()
            if self._state is None or self._state.revision != revision:
                require_same(self._store, self._embedder)
                self._state = self._followed(self._state if self._state is not None else self._opened(), revision)
                self._masks.cache_clear()
            return self._state

    def _followed(self, state: _State | None, revision: str) -> _State:
        """The state at `revision`; kept on disk when a sixteenth or more of the rows has changed."""
        if state is not None and state.revision == revision:
            return state
        wanted = self._store.passage_ids()
        if state is not None:
            known = set(wanted)
            gone = frozenset(place for place, id in enumerate(state.kept.ids) if id not in known)
            there = set(state.kept.ids)
            new = self._stored([id for id in wanted if id not in there])
            state = _State(revision, state.kept, gone, new)
            if 16 * (len(gone) + len(new.ids)) < len(wanted):
                return state
        return self._written(_State(revision, self._merged(state, wanted), frozenset(), self._stored([])))

    def _stored(self, ids: Sequence[str]) -> _Rows:
        """Those passages of `ids`, which are in order, that have a vector in the store."""
        held: list[str] = []
        index = faiss.IndexFlatIP(self._dimensions)
        for part in _parts(ids):
            found = [(id, vector) for id, vector in zip(part, self._store.vectors(self._embedder, part), strict=True)
                     if vector is not None]
            if found:
                index.add(np.stack([np.frombuffer(vector, "<f4") for _, vector in found]))
                held += [id for id, _ in found]
        return _Rows(held, index)

    def _merged(self, state: _State | None, wanted: Sequence[str]) -> _Rows:
        """All wanted rows in order of id, taken from the state where it has them, so that the file that follows is
        the one that the store alone would give."""
        if state is None:
            return self._stored(wanted)
        held: list[str] = []
        index = faiss.IndexFlatIP(self._dimensions)
        for part in _parts(wanted):
            rows = np.empty((len(part), self._dimensions), np.float32)
            have = np.zeros(len(part), bool)
            for source in (state.kept, state.new):
                places = [(at, place) for at, id in enumerate(part) if (place := source.place(id)) is not None]
                if places:
                    at = [one for one, _ in places]
                    rows[at] = source.vectors([place for _, place in places])
                    have[at] = True
            index.add(rows[have])
            held += [id for id, is_there in zip(part, have, strict=True) if is_there]
        return _Rows(held, index)

    # The file

    def _opened(self) -> _State | None:
        """What the file holds, or None when there is none that can be used."""
        path = None if self._folder is None else self._folder / FILE
        try:
            return None if path is None else self._read(path)
        except FileNotFoundError:
            return None
        except (OSError, _DamagedError) as error:
            log.info("%s is made anew: %s", path, error)
            return None

    def _read(self, path: Path) -> _State:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            if size < _FOOTER.size:
                raise _DamagedError("it is too short")
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                *lengths, checksum, writer = _FOOTER.unpack(content[size - _FOOTER.size :])
                if writer != _WRITER or sum(lengths) + _FOOTER.size != size:
                    raise _DamagedError("it was cut or overwritten")
                if _checksum(content, size - _FOOTER.size) != checksum:
                    raise _DamagedError("its checksum is wrong")
                names = content[lengths[0] : lengths[0] + lengths[1]].decode("utf-8", "surrogatepass")
                told = json.loads(content[lengths[0] + lengths[1] : size - _FOOTER.size])
            if (told["version"], told["embedder"], told["dimensions"]) != (_VERSION, self._embedder, self._dimensions):
                raise _DamagedError("it is by another embedder or another version")
            # A file that is replaced meanwhile stays the one that was checked: it is named by its open descriptor
            # where the system has such names.
            same = Path(f"/dev/fd/{file.fileno()}")
            try:
                index = faiss.read_index(str(same if same.exists() else path), faiss.IO_FLAG_MMAP_IFC)
            except RuntimeError as error:  # all that FAISS ever raises
                raise _DamagedError(str(error)) from error
        return _State(told["revision"], _Rows(names.split("\n") if names else [], index), frozenset(), self._stored([]))

    def _written(self, state: _State) -> _State:
        """The same state, mapped from the file it was written to; or itself where it cannot be written."""
        if self._folder is None:
            return state
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._tidy(self._folder)
            with tempfile.TemporaryDirectory(dir=self._folder, prefix=_UNFINISHED) as place:
                self._write(state, Path(place) / FILE)
                read = self._read(Path(place) / FILE)
                (Path(place) / FILE).replace(self._folder / FILE)
            return read
        except OSError as error:
            log.info("the vector index stays in memory: %s", error)
            return state

    @staticmethod
    def _tidy(folder: Path) -> None:
        """Removes what processes left behind that were killed while they wrote."""
        for left in folder.glob(f"{_UNFINISHED}*"):
            if left.stat().st_mtime < time.time() - 3600:
                shutil.rmtree(left, ignore_errors=True)

    def _write(self, state: _State, path: Path) -> None:
        try:
            faiss.write_index(state.kept.index, str(path))
        except RuntimeError as error:  # all that FAISS ever raises, a full disk included
            raise OSError(str(error)) from error
        names = "\n".join(state.kept.ids).encode("utf-8", "surrogatepass")
        told = json.dumps({"version": _VERSION, "embedder": self._embedder, "dimensions": self._dimensions,
                           "revision": state.revision}, sort_keys=True).encode()
        with path.open("r+b") as file:
            start = file.seek(0, 2)
            file.write(names + told)
            file.flush()
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                checksum = _checksum(content, len(content))
            file.write(_FOOTER.pack(start, len(names), len(told), checksum, _WRITER))


class _DamagedError(Exception):
    """A file that cannot be used; the message says why."""


def _mask(rows: _Rows, gone: frozenset[int], allowed: frozenset[str] | None) -> NDArray[np.bool_]:
    size = len(rows.ids)
    mask = np.ones(size, bool) if allowed is None else np.fromiter((id in allowed for id in rows.ids), bool, size)
    mask[list(gone)] = False
    return mask


def _checksum(content: mmap.mmap, size: int) -> int:
    checksum = 0
    for start in range(0, size, 1 << 22):
        checksum = zlib.crc32(content[start : min(size, start + (1 << 22))], checksum)
    return checksum


def _parts(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    return (ids[start : start + _MANY] for start in range(0, len(ids), _MANY))
