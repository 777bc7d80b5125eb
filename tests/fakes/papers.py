"""Small papers with vectors, for tests of searching and answering."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import sha256

from kg.model import Mention, PaperFacts, Passage, SourceRecord, passage_id, record_id
from kg.names import key_of
from kg.stores.memory_store import MemoryStore
from kg.vectors.embedder import Embedder, passage_text
from tests.fakes.embedder import WordEmbedder

WORDS = WordEmbedder()


def paper(name: str, *texts: str, title: str = "", year: int | None = None, concepts: Sequence[str] = (),
          embedder: Embedder = WORDS) -> SourceRecord:
    """A record with a passage for each text; it mentions the concepts that stand in them, and states nothing."""
    facts = PaperFacts(title=title, year=year)
    id = record_id(name, sha256(repr((texts, facts)).encode()).hexdigest(), ("fake@1",), True)
    passages, mentions, at = [], [], 0
    for text in texts:
        passages.append(Passage(passage_id(id, at, at + len(text)), text, at, "Results", "results"))
        mentions += [Mention(passages[-1].id, found.start(), found.end(), found[0], "Thing", concept, key_of(concept))
                     for concept in concepts for found in re.finditer(rf"(?i)\b{re.escape(concept)}\b", text)]
        at += len(text) + 2
    rows = embedder.documents([passage_text(title, text, embedder.pieces) for text in texts])
    return SourceRecord(id, name, sha256(repr((texts, facts)).encode()).hexdigest(), ("fake@1",), True, facts,
                        tuple(passages), tuple(mentions), (), embedder.name, rows.astype("<f4").tobytes())


def store_of(*papers: SourceRecord) -> MemoryStore:
    store = MemoryStore()
    for one in papers:
        store.add(one, f"corpus:{one.name}")
    return store
