"""What must hold of a source record by itself, before any store takes it."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping

from kg.model import QUANTITY, Mention, Quantity, SourceRecord, Statement, passage_id, record_id
from kg.names import key_of

_UNSTORABLE = re.compile("[\0\ud800-\udfff]")


def checked(record: SourceRecord) -> SourceRecord:
    """The record, when all is right with it; else ValueError says what is wrong first: its maker has a mistake."""
    if wrong := next(problems(record), None):
        raise ValueError(wrong)
    return record


def problems(record: SourceRecord) -> Iterator[str]:
    """What is wrong with a record, in words; nothing when every id, span, quote and key is right."""
    if record.id != record_id(record.name, record.digest, record.versions, record.corpus):
        yield f"record {record.id} does not have the id of its content"
    texts = {passage.id: passage.text for passage in record.passages}
    if len(texts) != len(record.passages):
        yield f"record {record.id} has two passages with one id"
    for passage in record.passages:
        if passage.id != passage_id(record.id, passage.start, passage.start + len(passage.text)):
            yield f"passage {passage.id} does not have the id of its place"
        if not passage.text.strip():
            yield f"passage {passage.id} is blank"
        if _UNSTORABLE.search(passage.text):
            yield f"passage {passage.id} holds a null or half a surrogate pair, which no store can keep"
    keys: dict[str, set[str]] = {}
    for mention in record.mentions:
        there = texts.get(mention.passage, "")[mention.start : mention.end]
        if not 0 <= mention.start < mention.end or there != mention.text or not there.strip():
            yield f"mention {mention.text!r} does not stand at {mention.start}-{mention.end} of {mention.passage}"
        if wrong := _wrong_key(mention):
            yield wrong
        elif mention.key:
            keys.setdefault(mention.passage, set()).add(mention.key)
    if len({(one.passage, one.start, one.end, one.key) for one in record.mentions}) != len(record.mentions):
        yield f"record {record.id} mentions one concept twice at one place"
    for statement in record.statements:
        there = texts.get(statement.passage, "")[statement.start : statement.end]
        if not 0 <= statement.start < statement.end or there != statement.quote or not there.strip():
            where = f"{statement.start}-{statement.end} of {statement.passage}"
            yield f"the quote of {statement.id} does not stand at {where}"
        if not {statement.subject, statement.object} <= keys.get(statement.passage, set()):
            yield f"statement {statement.id} joins concepts that its passage does not mention"
        for quantity in statement.quantities:
            for told in _wrong_quantity(quantity, statement, texts, keys.get(statement.passage, set())):
                yield f"the quantity {quantity.text!r} of {statement.id} {told}"
        if len(set(statement.quantities)) != len(statement.quantities):
            yield f"statement {statement.id} has a quantity twice"
    if len({statement.id for statement in record.statements}) != len(record.statements):
        yield f"record {record.id} states something twice with one id"
    if record.vectors and (not record.passages or len(record.vectors) % (4 * len(record.passages))):
        yield f"record {record.id} has {len(record.vectors)} bytes of vectors for {len(record.passages)} passages"


def _wrong_key(mention: Mention) -> str | None:
    if mention.label == QUANTITY:
        return f"quantity {mention.text!r} has the key {mention.key!r}, and names no concept" if mention.key else None
    if not mention.key or mention.key != key_of(mention.name):
        return f"mention {mention.text!r} has the key {mention.key!r}, its name {mention.name!r} another"
    return None


def _wrong_quantity(
    quantity: Quantity, statement: Statement, texts: Mapping[str, str], keys: Collection[str]
) -> Iterator[str]:
    there = texts.get(statement.passage, "")[quantity.start : quantity.end]
    if not statement.start <= quantity.start < quantity.end <= statement.end or there != quantity.text:
        yield f"does not stand at {quantity.start}-{quantity.end} of its sentence"
    measured = {quantity.measures, quantity.property} - {""}
    if not measured & {statement.subject, statement.object} or not measured <= set(keys):
        yield "measures neither end of it, or what its passage does not mention"
    bounds = [one for one in (quantity.low, quantity.high) if one is not None]
    if not all(isinstance(one, float) and math.isfinite(one) for one in bounds) or bounds != sorted(bounds):
        yield f"goes from {quantity.low} to {quantity.high}"
