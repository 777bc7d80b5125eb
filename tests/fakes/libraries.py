"""A small library on disk, made of a few records."""

from __future__ import annotations

from pathlib import Path

from kg.model import SourceRecord
from kg.stores.sqlite_store import SqliteStore
from tests.kg.made import origin, record

ONE = record(
    "one",
    ("silk", "contains", "fibroin"),
    ("silk", "improves", "toughness"),
    title="On silk",
    year=2001,
    identifiers=(("doi", "10.1000/silk"),),
)
TWO = record("two", ("silk", "improves", "toughness", "denies"), title="On toughness", year=2010)
THREE = record("three", ("nacre", "is a", "composite"), title="On nacre")

DOUBTFUL = record(
    "doubtful",
    ("nacre", "increases", "toughness", "supports", "stated", True),
    ("silk", "has property", "strength", "supports", "stated", False, "1.5 GPa"),
    types={"silk": "Material", "nacre": "Concept", "strength": "Property", "toughness": "Property"},
    title="On doubt",
    year=2020,
)


def fill(folder: Path, *records: SourceRecord) -> Path:
    """Makes a library of the records in the folder, and gives the folder back."""
    store = SqliteStore(folder, create=True)
    for one in records:
        store.add(one, origin(one))
    store.close()
    return folder
