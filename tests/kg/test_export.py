"""The canonical dump, and verification."""

from __future__ import annotations

import dataclasses
import io
import json

from hypothesis import given
from hypothesis import strategies as st

from kg.export import dump, write
from kg.facts import problems
from kg.model import QUANTITY, Decision
from kg.stores.memory_store import MemoryStore
from kg.verify import verify
from tests.kg.made import Said, origin, record, records


def text_of(store: MemoryStore, vectors: bool = False) -> str:
    out = io.StringIO()
    write(dump(store, vectors), out)
    return out.getvalue()


def test_lines_have_sorted_keys_and_every_kind() -> None:
    doubtful: Said = ("silk", "is a", "fibre", "supports", "stated", True)
    store = MemoryStore([record("p", ("silk", "is a", "protein"), doubtful, year=2017, title="On\u2028silk")])
    store.decide(Decision("pin", "silk", "Silk"))
    rows = [json.loads(line) for line in text_of(store, vectors=True).split("\n") if line]
    assert list(dict.fromkeys(row["kind"] for row in rows)) == [
        "concept",
        "evidence",
        "candidate",
        "decision",
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
        if row["kind"] in ("evidence", "candidate"):
            assert row["candidate"] == (row["kind"] == "candidate")
            for one in row["quantities"]:
                assert passages[row["passage"]]["text"][one["start"] : one["end"]] == one["text"]
                assert {one["of"], one["property"]} & {row["subject"], row["object"]}
            assert passages[row["passage"]]["text"][row["start"] : row["end"]] == row["quote"]
            assert passages[row["passage"]]["paper"] == row["paper"]
        elif row["kind"] == "mention":
            assert passages[row["passage"]]["text"][row["start"] : row["end"]] == row["text"]
            assert (row["concept"] in concepts) != (row["label"] == QUANTITY and row["concept"] is None)
    lines = text_of(store).split("\n")
    assert len(set(lines)) == len(lines)


def test_verify_counts_what_it_looked_at_and_reports_what_else_is_wrong() -> None:
    store = MemoryStore([record("p", ("silk", "is a", "protein"))])
    seen = verify(store, also=lambda: ["the index is stale"])
    assert seen.checked == 1 + 1 + 2 and seen.wrong == ("the index is stale",) and not seen.repaired
    fixes = iter([["stale"], []])
    assert verify(store, repair=True, also=lambda: next(fixes)).repaired


def test_verify_looks_at_candidates_and_quantities_too() -> None:
    amount: Said = ("silk", "has property", "strength", "supports", "stated", True, "1.5 GPa")
    assert verify(MemoryStore([record("p", amount)])).checked == 1 + 0 + 3 + 1


def test_the_quantities_of_a_record_are_looked_at() -> None:
    good = record("p", ("silk", "has property", "strength", "supports", "stated", False, "1.5 GPa"))
    assert not list(problems(good))
    statement, *mentions = good.statements[0], *good.mentions
    (quantity,) = statement.quantities
    change = dataclasses.replace
    for wrong, told in [
        (change(quantity, text="2.5 GPa"), "does not stand"),
        (change(quantity, end=quantity.end + 9), "does not stand"),
        (change(quantity, measures="steel"), "measures neither"),
        (change(quantity, property="steel"), "its passage does not mention"),
        (change(quantity, low=9.0), "goes from 9.0 to 1.5"),
        (change(quantity, high=float("inf")), "to inf"),
        (change(quantity, low=1), "goes from 1 to"),
    ]:
        record_of = change(good, statements=(change(statement, quantities=(wrong,)),))
        assert any(told in line for line in problems(record_of)), told
    for fine in (change(quantity, low=None), change(quantity, high=None), change(quantity, property="silk")):
        assert not list(problems(change(good, statements=(change(statement, quantities=(fine,)),))))
    twice = change(good, statements=(change(statement, quantities=(quantity, quantity)),))
    assert any("a quantity twice" in line for line in problems(twice))
    named = change(good, mentions=(*mentions[:2], change(mentions[2], key="1 5 gpa")))
    assert any("names no concept" in line for line in problems(named))
    keyless = change(good, mentions=(*mentions, change(mentions[0], key="")))
    assert any("has the key ''" in line for line in problems(keyless))


def test_a_record_is_looked_at_from_all_sides() -> None:
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
