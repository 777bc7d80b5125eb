"""Nearest vectors by a Neo4j server's own index, in place of one on this machine."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

import numpy as np

from kg.stores.encoding import parts
from kg.stores.neo4j_rows import SEARCHED
from kg.stores.neo4j_schema import PASSAGE_VECTORS
from kg.vectors.embedding import require_same
from kg.vectors.vector_index import cosines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.stores.neo4j_connections import Connections
    from kg.stores.neo4j_store import Neo4jStore

FEW = 2_000
"""Up to so many allowed passages are all compared, which is exact and takes less than asking the index again."""
_MORE = 4  # times as many as asked for are taken from the index, which finds most of the nearest, and compared exactly


class ServerIndex:
    """A `VectorIndex` by the server's approximate index (HNSW). What it finds is compared with the stored vectors, so
    that cosines and their order are exact; a few of the nearest may be missing from a large library.

    The server holds each vector a second time for it, as numbers (`Passage.embedding`), which follow the stored bytes.
    """

    def __init__(self, store: Neo4jStore, connections: Connections, embedder: str) -> None:
        self._store, self._connections, self._embedder = store, connections, embedder
        self._lock = threading.Lock()
        self._followed: str | None = None

    def search(
        self, vector: NDArray[np.float32], most: int, allowed: frozenset[str] | None = None
    ) -> list[tuple[str, float]]:
        self._follow()
        if most <= 0 or (allowed is not None and not allowed) or not vector.any():
            return []
        if allowed is not None and len(allowed) <= FEW:
            return _best(self.similarities(vector, allowed).items(), most)
        count = _MORE * most + 16
        asked = [float(one) for one in vector]
        while True:
            rows = self._connections.all(
                "CALL db.index.vector.queryNodes($index, $count, $asked) YIELD node AS p, score "
                "WHERE p:Passage AND p.embedder = $embedder RETURN p.id, p.vector",
                index=PASSAGE_VECTORS,
                count=count,
                asked=asked,
                embedder=self._embedder,
            )
            found = [(row[0], row[1]) for row in rows if allowed is None or row[0] in allowed]
            if len(found) >= most or len(rows) < count:
                return _best(_compared(found, vector), most)
            count *= 4

    def similarities(self, vector: NDArray[np.float32], passages: Collection[str]) -> dict[str, float]:
        self._follow()
        found: dict[str, float] = {}
        for part in parts(sorted(set(passages))):
            rows = self._connections.all(
                f"UNWIND $ids AS id MATCH (p:Passage {{id: id}}) WHERE p.embedder = $embedder AND {SEARCHED} "
                "RETURN id, p.vector",
                ids=part,
                embedder=self._embedder,
            )
            found.update(_compared([(row[0], row[1]) for row in rows], vector))
        return found

    def check(self) -> list[str]:
        """Where the index differs from the stored vectors; looking mends what is missing."""
        self._follow()
        wrong = []
        for row in self._connections.rows(
            f"MATCH (p:Passage) WHERE p.embedder = $embedder AND {SEARCHED} RETURN p.id, p.vector, p.embedding",
            embedder=self._embedder,
        ):
            id, stored, numbers = row.values()
            if numbers is None or not np.array_equal(np.array(numbers, "<f4"), np.frombuffer(stored, "<f4")):
                wrong.append(f"the vector index holds another vector for the passage {id}")
        return wrong

    def rebuild(self) -> None:
        while self._connections.plain(
            "MATCH (p:Passage) WHERE p.embedding IS NOT NULL WITH p LIMIT 1000 REMOVE p.embedding RETURN 1 LIMIT 1"
        ):
            pass
        self._followed = None
        self._follow()

    def _follow(self) -> None:
        """Gives numbers to the passages that have a vector and none of them yet."""
        revision = self._store.revision()
        with self._lock:
            if revision == self._followed:
                return
            require_same(self._store, self._embedder)
            while rows := self._connections.plain(
                f"MATCH (p:Passage) WHERE p.embedder = $embedder AND p.embedding IS NULL AND {SEARCHED} "
                "RETURN p.id, p.vector LIMIT 500",
                embedder=self._embedder,
            ):
                self._connections.plain(
                    "UNWIND $rows AS row MATCH (p:Passage {id: row[0]}) WHERE p.embedder = $embedder "
                    "CALL db.create.setNodeVectorProperty(p, 'embedding', row[1])",
                    rows=[[row[0], np.frombuffer(row[1], "<f4").astype(float).tolist()] for row in rows],
                    embedder=self._embedder,
                )
            self._followed = revision


def _compared(found: list[tuple[str, bytes]], vector: NDArray[np.float32]) -> list[tuple[str, float]]:
    if not found:
        return []
    rows = np.stack([np.frombuffer(stored, "<f4") for _, stored in found])
    return list(zip((id for id, _ in found), cosines(rows, vector), strict=True))


def _best(found: Iterable[tuple[str, float]], most: int) -> list[tuple[str, float]]:
    return sorted(found, key=lambda one: (-one[1], one[0]))[:most]
