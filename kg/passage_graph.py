"""Passages and the concepts they mention as a graph to walk on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from kg.names import key_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from kg.model import Mention

_STAY = 0.3  # share of the walkers that start anew at each step
_STEPS = 40  # what is left unsettled after them is under 1e-6
_LONGEST_NAME = 6  # words


class PassageGraph:
    """A bipartite graph of passages and concepts, made once for many questions.

    A walker goes from a passage to one of its concepts, the rarer the likelier (idf), and from a concept to one of the
    passages that mention it, all alike; three in ten start anew each time. Where they are in the end is
    personalised PageRank (Haveliwala 2002, doi:10.1145/511446.511513), used for finding passages over several hops as
    in HippoRAG (arXiv:2405.14831).
    """

    def __init__(self, mentions: Iterable[tuple[Mention, str | None]], passages: Iterable[str]) -> None:
        """`passages` are those that may be visited; mentions in others are passed over."""
        self.passages = sorted(passages)
        places = {passage: place for place, passage in enumerate(self.passages)}
        concepts: dict[str, int] = {}
        self._keys: dict[str, int] = {}
        edges: set[tuple[int, int]] = set()
        for mention, concept in mentions:
            if concept is not None and mention.passage in places:
                number = concepts.setdefault(concept, len(concepts))
                self._keys[mention.key] = number
                edges.add((places[mention.passage], number))
        rows, columns = np.array(sorted(edges), np.int64).reshape(-1, 2).T
        size = (len(self.passages), len(concepts))
        plain: Any = sparse.csr_array((np.ones(len(rows)), (rows, columns)), size)
        counts = np.maximum(plain.sum(axis=0), 1)
        rarity = np.log1p(len(self.passages) / counts)
        weighted = plain @ sparse.diags_array(rarity)
        totals = weighted.sum(axis=1)
        self._to_concepts = (sparse.diags_array(1 / np.where(totals > 0, totals, 1)) @ weighted).T.tocsr()
        self._to_passages = (plain @ sparse.diags_array(1 / counts)).tocsr()
        self._rarity = rarity

    def concepts_in(self, question: str) -> dict[int, float]:
        """The concepts that a question names, by their longest names, with their rarity."""
        words = key_of(question).split()
        found: dict[int, float] = {}
        at = 0
        while at < len(words):
            for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                concept = self._keys.get(" ".join(words[at : at + length]))
                if concept is not None:
                    found[concept] = float(self._rarity[concept])
                    at += length
                    break
            else:
                at += 1
        return found

    def walk(self, passages: Mapping[str, float], concepts: Mapping[int, float]) -> dict[str, float]:
        """Where walkers are that start at these passages and concepts, half and half (all at one kind where the other
        is empty); weights of each kind count in proportion. Relative to the most visited passage: 0…1."""
        at_passages = np.zeros(len(self.passages))
        for place, passage in enumerate(self.passages):
            at_passages[place] = passages.get(passage, 0.0)
        at_concepts = np.zeros(self._to_concepts.shape[0])
        for concept, weight in concepts.items():
            at_concepts[concept] = weight
        start_passages, start_concepts = _shared(at_passages, at_concepts)
        in_passages, in_concepts = start_passages, start_concepts
        for _ in range(_STEPS):
            # Walkers at a passage without a concept are lost here instead of starting anew: that changes how many walk,
            # not where.
            in_passages, in_concepts = (
                _STAY * start_passages + (1 - _STAY) * (self._to_passages @ in_concepts),
                _STAY * start_concepts + (1 - _STAY) * (self._to_concepts @ in_passages),
            )
        greatest = in_passages.max(initial=0.0)
        return {self.passages[place]: float(in_passages[place] / greatest) for place in np.flatnonzero(in_passages)}


def _shared(passages: NDArray[np.float64], concepts: NDArray[np.float64]) -> tuple[NDArray[Any], NDArray[Any]]:
    total = (passages.sum() > 0) + int(concepts.sum() > 0)
    return (passages / (passages.sum() * total) if passages.sum() > 0 else passages,
            concepts / (concepts.sum() * total) if concepts.sum() > 0 else concepts)
