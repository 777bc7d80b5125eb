"""A vector index in a few lines: it asks the store each time. The oracle of the contract."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from kg.stores.graph_store import GraphStore
from kg.vectors.embedding import require_same
from kg.vectors.vector_index import DECIMALS


class PlainIndex:
    def __init__(self, store: GraphStore, embedder: str) -> None:
        self._store, self._embedder = store, embedder

    def search(self, vector: NDArray[np.float32], most: int,
               allowed: frozenset[str] | None = None) -> list[tuple[str, float]]:
        ids = [id for id in self._store.passage_ids() if allowed is None or id in allowed]
        found = self.similarities(vector, ids).items()
        return sorted(found, key=lambda one: (-one[1], one[0]))[: max(0, most)]

    def similarities(self, vector: NDArray[np.float32], passages: Collection[str]) -> dict[str, float]:
        require_same(self._store, self._embedder)
        there = sorted(set(passages) & set(self._store.passage_ids()))
        return {id: round(float(np.frombuffer(stored, "<f4").astype(float) @ vector.astype(float)), DECIMALS)
                for id, stored in zip(there, self._store.vectors(self._embedder, there), strict=True)
                if stored is not None}

    def check(self) -> list[str]:
        return []

    def rebuild(self) -> None: ...
