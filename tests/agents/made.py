"""Hits and libraries for tests of agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.model import Hit, SourceRecord
from kg.scope import Scope
from kg.search import Search
from kg.stores.graph_store import GraphStore
from kg.vectors.vector_index import VectorIndex
from tests.fakes.embedder import WordEmbedder
from tests.fakes.papers import WORDS, store_of
from tests.fakes.vector_index import PlainIndex


def hit(text: str, passage: str = "p-1", title: str = "", section: str | None = None) -> Hit:
    return Hit(passage, f"w-{passage}", f"key-{passage}", title, 2017, section, None, 0.5, text)


@dataclass
class Library:
    """What a workflow needs, over a store in memory."""

    store: GraphStore
    embedder: WordEmbedder = WORDS

    @cached_property
    def index(self) -> VectorIndex:
        return PlainIndex(self.store, self.embedder.name)

    def search(self, query: str, k: int = 10, *, until: int | None = None, since: int | None = None,
               within: Sequence[str] = (), sections: Sequence[str] = (), venues: Sequence[str] = ()) -> list[Hit]:
        scope = Scope(since, until, tuple(within), tuple(sections), tuple(venues))
        return Search(self.store, lambda: self.index, lambda: self.embedder).hits(query, k, scope=scope)


def library_of(*papers: SourceRecord) -> Library:
    return Library(store_of(*papers))
