"""The canonical dump, and views as JSON.

The dump is complete and canonical: the same papers, extractor and settings give the same bytes, whatever the order, the
history, the machine or the store. It holds no time, no absolute path and no row number.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, TextIO

from kg.model import Concept, Evidence, Hit, Hop, Mention, Paper, PaperPassage, Path, Quantity, Relation
from kg.stores.graph_store import GraphStore

Json = dict[str, Any]
_MANY = 500


def dump(store: GraphStore, vectors: bool = False, everything: bool = False) -> Iterator[Json]:
    """The lines of the dump in their order: by kind, then by what identifies them. One state of the library. With
    `everything`, what is no fact too: all versions of notes and of judgements of hypotheses."""
    from kg.notes import note_json, read

    with store.reading():
        yield from (concept_json(one, kind="concept") for one in store.concepts())
        yield from (evidence_json(one, kind="evidence") for one in store.evidence())
        yield from (evidence_json(one, kind="candidate") for one in store.candidates())
        yield from ({"kind": "decision", "decision": one.kind, "a": one.a, "b": one.b} for one in store.decisions())
        yield from (_mention_json(one, concept) for one, concept in store.mentions())
        if everything:
            yield from ({"kind": "judgement", "id": one.id, "version": one.number, **one.body}
                        for one in store.shelf("hypothesis").versions())
            yield from (note_json(read(one), kind="note") for one in store.shelf("note").versions())
        yield from (paper_json(one, kind="paper") for one in store.papers())
        yield from (passage_json(one, kind="passage") for one in store.passages())
        yield from (relation_json(one, kind="relation") for one in store.relations())
        if vectors:
            yield from _vector_lines(store)


def write(lines: Iterable[Json], out: TextIO) -> None:
    """Writes JSON lines with sorted keys, one newline each."""
    for line in lines:
        out.write(json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(", ", ": ")) + "\n")


def _vector_lines(store: GraphStore) -> Iterator[Json]:
    ids = [one.passage.id for one in store.passages()]  # those that are quarantined too
    for embedder in sorted(store.embedders()):
        for start in range(0, len(ids), _MANY):
            part = ids[start : start + _MANY]
            for id, vector in zip(part, store.vectors(embedder, part), strict=True):
                if vector is not None:
                    yield {
                        "kind": "vector",
                        "passage": id,
                        "embedder": embedder,
                        "float32": b64encode(vector).decode("ascii"),
                    }


def _mention_json(one: Mention, concept: str | None) -> Json:
    return {
        "kind": "mention",
        "passage": one.passage,
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "label": one.label,
        "name": one.name,
        "confidence": one.confidence,
        "concept": concept,
    }


def paper_json(one: Paper, **more: object) -> Json:
    """A paper with the keys of the outside face."""
    return {
        **more,
        "id": one.id,
        "key": one.key,
        "title": one.title,
        "year": one.year,
        "doi": one.doi,
        "authors": list(one.authors),
        "venue": one.venue,
        "status": one.status,
        "tags": list(one.tags),
        "records": list(one.records),
    }


def passage_json(one: PaperPassage, **more: object) -> Json:
    """A passage with the keys of the outside face."""
    return {
        **more,
        "id": one.passage.id,
        "paper": one.paper.id,
        "key": one.paper.key,
        "section": one.passage.section,
        "section_kind": one.passage.kind,
        "page": one.passage.page,
        "start": one.passage.start,
        "text": one.passage.text,
    }


def concept_json(one: Concept, **more: object) -> Json:
    """A concept with the keys of the outside face."""
    return {
        **more,
        "id": one.id,
        "label": one.label,
        "type": one.type,
        "aliases": list(one.aliases),
        "papers": one.papers,
        "mentions": one.mentions,
    }


def relation_json(one: Relation, **more: object) -> Json:
    """A relation with the keys of the outside face."""
    return {
        **more,
        "subject": one.subject,
        "predicate": one.predicate,
        "object": one.object,
        "papers": one.papers,
        "supports": one.supports,
        "denies": one.denies,
        "hedges": one.hedges,
    }


def evidence_json(one: Evidence, **more: object) -> Json:
    """Evidence with the keys of the outside face."""
    return {
        **more,
        **asdict(one),
        "extractors": list(one.extractors),
        "quantities": [quantity_json(quantity) for quantity in one.quantities],
    }


def quantity_json(one: Quantity) -> Json:
    """A quantity of evidence: `of` is the label of what it measures, `property` that of the property; null where not
    known, and so are `low` and `high` where open."""
    return {
        "start": one.start,
        "end": one.end,
        "text": one.text,
        "low": one.low,
        "high": one.high,
        "unit": one.unit,
        "of": one.measures if one.measures else None,
        "property": one.property if one.property else None,
    }


def hit_json(one: Hit) -> Json:
    """A hit with the keys of the outside face."""
    return asdict(one)


def hop_json(one: Hop) -> Json:
    """A hop with its evidence, with the keys of the outside face."""
    return {
        "subject": one.subject,
        "predicate": one.predicate,
        "object": one.object,
        "reversed": one.reversed,
        "papers": one.papers,
        "supports": one.supports,
        "denies": one.denies,
        "hedges": one.hedges,
        "evidence": [evidence_json(piece) for piece in one.evidence],
    }


def path_json(one: Path) -> Json:
    """A path with the keys of the outside face."""
    return {"score": one.score, "concepts": list(one.concepts), "hops": [hop_json(hop) for hop in one.hops]}
