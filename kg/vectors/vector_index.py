"""The port behind which a vector index stands: which passages are nearest to a vector.

An index is a view of the vectors that the graph store keeps: it follows the store by itself, can be lost at any time,
and holds ids and numbers, never text. `tests/contracts/vector_index.py` is what the words here mean.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DECIMALS = 6
"""Similarities are rounded to so many, so that the last bits, which depend on the machine, decide nothing."""


def cosines(rows: NDArray[np.float32], vector: NDArray[np.float32]) -> list[float]:
    """Of vectors of unit length. Added up in float64, row by row in one order, and rounded: the same wherever a row
    stands."""
    products = (rows.astype("float64") * vector.astype("float64")).sum(axis=1)
    return [float(cosine) for cosine in products.round(DECIMALS)]


class VectorIndex(Protocol):
    """Cosines between a vector of unit length and those of the library's passages as they are now."""

    def search(self, vector: NDArray[np.float32], most: int,
               allowed: frozenset[str] | None = None) -> list[tuple[str, float]]:
        """The `most` nearest passages, of those `allowed`: (id, cosine in -1…1), best first, ties by id.

        The same passages give the same answer, whatever the order they came in. LibraryError when the library's
        vectors were made by another embedder than this index is for.
        """

    def similarities(self, vector: NDArray[np.float32], passages: Collection[str]) -> dict[str, float]:
        """The cosines of those passages; of one without a vector, nothing."""

    def check(self) -> list[str]:
        """Where the index differs from the stored vectors; empty when all is right. Looking mends what is stale."""

    def rebuild(self) -> None:
        """Throws the index away and makes it anew from the stored vectors."""
