"""The canonical dump, and verification."""

from __future__ import annotations

import io
import json

from hypothesis import given
from hypothesis import strategies as st

from kg.export import dump, write
from kg.facts import problems
from kg.model import Decision
from kg.stores.memory_store import MemoryStore
from kg.verify import verify
from tests.kg.made import origin, record, records


def text_of(store: MemoryStore, vectors: bool = False) -> str:
    out = io.StringIO()
    write(dump(store, vectors), out)
    return out.getvalue()


def test_lines_have_sorted_keys_and_every_kind() -> None:
    store = MemoryStore([record("p", ("silk", "is a", "protein"), year=2017, title="On\u2028silk")])
    store.decide(Decision("pin", "silk", "Silk"))
    rows = [json.loads(line) for line in text_of(store, vectors=True).split("\n") if line]
    assert [row["kind"] for row in rows] == [
        "concept",
        "concept",
        "evidence",
        "decision",
        "mention",
        "mention",
        "paper",
        "passage",
        "relation",
        "vector",
    ]
    assert all(list(row) == sorted(row) for row in rows)
    passage = next(row for row in rows if row["kind"] == "passage")
    assert {"id", "paper", "key", "section", "page", "start", "text"} <= passage.keys()


@given(st.lists(records(), max_size=4))
def test_the_dump_speaks_for_itself(made: list) -> None:
    """Every span, reference and count of a dump can be checked against the dump alone."""
    store = MemoryStore()
    for one in made:
        store.add(one, origin(one))
    rows = list(dump(store))
    passages = {row["id"]: row for row in rows if row["kind"] == "passage"}
    concepts = {row["id"] for row in rows if row["kind"] == "concept"}
    for row in rows:
        if row["kind"] == "evidence":
            assert passages[row["passage"]]["text"][row["start"] : row["end"]] == row["quote"]
            assert passages[row["passage"]]["paper"] == row["paper"]
        elif row["kind"] == "mention":
            assert passages[row["passage"]]["text"][row["start"] : row["end"]] == row["text"]
            assert row["concept"] in concepts
    lines = text_of(store).split("\n")
    assert len(set(lines)) == len(lines)


def test_verify_counts_what_it_looked_at_and_reports_what_else_is_wrong() -> None:
    store = MemoryStore([record("p", ("silk", "is a", "protein"))])
    seen = verify(store, also=lambda: ["the index is stale"])
    assert seen.checked == 1 + 1 + 2 and seen.wrong == ("the index is stale",) and not seen.repaired
    fixes = iter([["stale"], []])
    assert verify(store, repair=True, also=lambda: next(fixes)).repaired


def test_a_record_is_looked_at_from_all_sides() -> None:
    import dataclasses

    good = record("p", ("silk", "is a", "protein"))
    assert not list(problems(good))
    passage, mention, statement = good.passages[0], good.mentions[0], good.statements[0]
    change = dataclasses.replace
    for wrong, told in [
        (change(good, id="r-0"), "id of its content"),
        (change(good, passages=(change(passage, start=1),)), "id of its place"),
        (change(good, passages=(passage, passage)), "two passages"),
        (change(good, passages=(change(passage, text="a\0b" + passage.text[3:]),)), "null"),
        (change(good, mentions=(change(mention, end=3), good.mentions[1])), "does not stand"),
        (change(good, mentions=(change(mention, key="steel"), good.mentions[1])), "its name"),
        (change(good, mentions=(mention, mention, good.mentions[1])), "twice at one place"),
        (change(good, mentions=(mention,)), "does not mention"),
        (change(good, statements=(statement, statement)), "twice with one id"),
        (change(good, vectors=b"\0" * 6), "bytes of vectors"),
    ]:
        assert any(told in line for line in problems(wrong)), told
