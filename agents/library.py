"""What agents need of a library."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from kg.model import Hit
from kg.stores.graph_store import GraphStore
from kg.vectors.embedder import Embedder
from kg.vectors.vector_index import VectorIndex


class Library(Protocol):
    """A `kg.library.Library`, or what stands for it in a test."""

    @property
    def store(self) -> GraphStore: ...

    @property
    def index(self) -> VectorIndex: ...

    @property
    def embedder(self) -> Embedder: ...

    def search(
        self,
        query: str,
        k: int = ...,
        *,
        until: int | None = ...,
        since: int | None = ...,
        within: Sequence[str] = ...,
        sections: Sequence[str] = ...,
        venues: Sequence[str] = ...,
    ) -> Sequence[Hit]: ...
