"""An embedder for tests: small, quick, and still a real one, since texts that share words are near each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class WordEmbedder:
    """Adds a fixed random direction for each of the first `max_pieces` words."""

    name: str = "words@1"
    dimensions: int = 16
    max_pieces: int = 100

    def pieces(self, text: str) -> int:
        return len(_words(text))

    def documents(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = [self._vector(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), np.float32)

    def queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.documents(texts)

    def _vector(self, text: str) -> NDArray[np.float32]:
        words = _words(text)[: self.max_pieces] if _words(text) else [""]
        total = sum(np.random.default_rng(crc32(f"{self.name} {word}".encode())).normal(size=self.dimensions)
                    for word in words)
        return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())
