from __future__ import annotations

import pytest

from agents.steps.gaps import gap_of
from agents.steps.prose import clause, listed, sentence
from kg.paths import paths
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, record


@pytest.mark.parametrize(
    ("said", "gap"),
    [
        ([("oil", "decreases", "fat"), ("fat", "causes", "spasm")], "oil – inhibits – spasm"),
        ([("fat", "causes", "spasm"), ("spasm", "part of", "x")], None),
        ([("oil", "inhibits", "fat"), ("fat", "inhibits", "spasm")], "oil – promotes – spasm"),
    ],
)
def test_the_predicate_follows_from_the_hops(said: list[Said], gap: str | None) -> None:
    (path, *_) = paths(MemoryStore([record("p", *said)]), said[0][0], said[-1][2])
    found = gap_of(path, {})
    assert gap is None or str(found.gap) == gap
    assert found.strength > 0


def test_a_path_walked_backwards_has_the_same_gap() -> None:
    store = MemoryStore([record("p", ("oil", "decreases", "fat"), ("fat", "causes", "spasm"))])
    (forth,), (back,) = paths(store, "oil", "spasm"), paths(store, "spasm", "oil")
    assert (gap_of(forth, {}).gap.subject, gap_of(back, {}).gap.subject) == ("oil", "oil")
    assert gap_of(forth, {}).gap.predicate == gap_of(back, {}).gap.predicate


def test_where_nothing_follows_it_goes_by_what_the_ends_are_unless_both_act_on_the_middle() -> None:
    types = {"oil": "Chemical", "spasm": "Disease"}
    store = MemoryStore([record("p", ("oil", "correlated with", "fat"), ("fat", "correlated with", "spasm"))])
    (path,) = paths(store, "spasm", "oil")
    found = gap_of(path, types)
    assert str(found.gap) == "oil – affects – spasm" and "chemical and disease" in found.gap.how
    assert str(gap_of(path, {}).gap) == "spasm – associated with – oil"
    collider = MemoryStore([record("p", ("oil", "increases", "fat"), ("spasm", "increases", "fat"))])
    (path,) = paths(collider, "oil", "spasm")
    assert gap_of(path, types).gap.predicate == "associated with"


def test_a_gap_that_is_weaker_than_what_the_quotes_say_tells_so() -> None:
    types = {"oil": "Chemical", "spasm": "Disease"}

    def how(*said: Said) -> str:
        store = MemoryStore([record("p", *said)])
        return gap_of(paths(store, "oil", "spasm")[0], types).gap.how

    assert "weaker" not in how(("oil", "correlated with", "fat"), ("fat", "correlated with", "spasm"))
    assert "“affects” is weaker than the quotes, which say “relieves”" in how(
        ("oil", "correlated with", "fat"), ("fat", "relieves", "spasm")
    )
    assert "weaker" not in how(("oil", "correlated with", "fat"), ("fat", "relieves", "spasm", "denies"))
    assert "weaker" not in how(("oil", "decreases", "fat"), ("fat", "causes", "spasm"))


def test_clauses_agree_with_their_subjects() -> None:
    assert clause("platelets", "causes", "clotting") == "platelets cause clotting"
    assert clause("analysis", "used for", "silk") == "analysis is used for silk"
    assert clause("levels of stress", "correlated with", "age") == "levels of stress are correlated with age"
    assert clause("silk", "is a", "fibre") == "silk is a kind of fibre"
    assert sentence("pH falls") == "pH falls."
    assert sentence("silk  is tough.") == "Silk is tough."
    assert listed(["a", "b", "c"], "or") == "a, b or c"
