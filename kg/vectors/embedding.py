"""Which embedder a library's vectors are by, and how to change it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kg.errors import LibraryError
from kg.vectors.embedder import passage_text

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore
    from kg.vectors.embedder import Embedder


def require_same(store: GraphStore, embedder: str) -> None:
    """Raises LibraryError when passages of the library have vectors by another embedder than the one so named.

    Vectors of two models cannot be compared, so they are never mixed.
    """
    others = {name: count for name, count in store.embedders().items() if name != embedder}
    if others:
        told = ", ".join(f"{count:,} by {name!r}" for name, count in sorted(others.items()))
        raise LibraryError(
            f"The vectors of this library ({store.address}) were not made by the embedder that is set, {embedder!r}: "
            f"there are {told}. Set that embedder again (HYPOGRAPH_EMBEDDER, or `embedder` in hypograph.toml), or make "
            "all vectors anew with `hypograph rebuild`. Lexical search works meanwhile (--mode lexical).")


def reembed(store: GraphStore, embedder: Embedder, on_progress: Callable[[int, int], None] | None = None) -> int:
    """Makes anew the vectors that are not by `embedder`, a record at a time; returns how many passages that were.

    What was done stays when it is interrupted, and need not be done again. `on_progress` is told the passages looked
    at and how many there are. The caller holds the writer's place (`store.writing()`).
    """
    records = [(record.id, len(record.passages)) for record in store.records()]
    total, looked, made = sum(count for _, count in records), 0, 0
    for record in store.records():
        ids = [passage.id for passage in record.passages]
        if None in store.vectors(embedder.name, ids):
            # A passage that is the title does not have it twice; so ingestion embeds them too.
            texts = [passage_text("" if passage.kind == "title" else record.facts.title, passage.text, embedder.pieces)
                     for passage in record.passages]
            rows = embedder.documents(texts)
            store.embed(embedder.name, [(id, row.astype("<f4").tobytes()) for id, row in zip(ids, rows, strict=True)])
            made += len(ids)
        looked += len(ids)
        if on_progress is not None:
            on_progress(looked, total)
    return made
