from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.compositions import ASYMMETRIC, Step, along, as_markdown, composed, excluded, implied
from kg.predicates import PREDICATES

ROOT = Path(__file__).resolve().parents[2]
steps = st.builds(Step, st.sampled_from([one.name for one in PREDICATES]), st.booleans())


@given(steps)
def test_what_is_implied_by_what_is_implied_is_implied(step: Step) -> None:
    assert step in implied(step)
    assert {further for one in implied(step) for further in implied(one)} == implied(step)


@given(steps, steps)
def test_exclusion_goes_both_ways_and_never_with_implication(one: Step, other: Step) -> None:
    assert excluded(one, other) == excluded(other, one)
    if other in implied(one):
        assert not excluded(one, other)


@given(steps)
def test_reading_everything_from_the_other_end_changes_nothing(step: Step) -> None:
    turned = {Step(one.predicate, not one.turned) for one in implied(step)}
    assert implied(Step(step.predicate, not step.turned)) == turned


@given(st.lists(steps, min_size=1, max_size=5))
def test_a_longer_path_is_never_safer(path: list[Step]) -> None:
    chain = along(path)
    if chain is not None:
        assert 0 < chain.strength <= 1
        assert len(chain.steps) == len(path) - 1
        assert all(one.strength >= chain.strength - 1e-9 for one in chain.steps)


@pytest.mark.parametrize(
    ("path", "predicate"),
    [
        ([Step("increases"), Step("inhibits")], "inhibits"),
        ([Step("inhibits"), Step("decreases")], "increases"),
        ([Step("prevents"), Step("causes")], "inhibits"),
        ([Step("is a"), Step("requires")], "requires"),
        ([Step("causes"), Step("causes")], "contributes to"),
        ([Step("part of"), Step("contains", True)], "part of"),
        ([Step("contains", True), Step("contains", True)], "part of"),
        ([Step("affects"), Step("inhibits")], "affects"),
        ([Step("same as"), Step("similar to")], "similar to"),
        ([Step("used for", True), Step("improves")], "improves"),
        ([Step("depends on", True), Step("increases")], "affects"),
        ([Step("correlated with"), Step("correlated with")], None),
        ([Step("measured with"), Step("measured with", True)], None),
        ([Step("is a"), Step("is a", True)], None),
        ([], None),
    ],
)
def test_what_follows_from_a_path(path: list[Step], predicate: str | None) -> None:
    chain = along(path)
    assert (None if chain is None else chain.predicate) == predicate


def test_what_follows_names_its_source_and_how_safe_it_is() -> None:
    found = composed(Step("increases"), Step("decreases"))
    assert found is not None
    assert (found.follows, found.source) == ("decreases", "RO, Wellman 1990")
    thumb = composed(Step("uses"), Step("improves"))
    assert thumb is not None
    assert thumb.strength < found.strength


def test_what_holds_one_way_excludes_the_other() -> None:
    for name in ASYMMETRIC:
        assert excluded(Step(name), Step(name, True))
    assert excluded(Step("increases"), Step("prevents"))
    assert not excluded(Step("causes"), Step("causes", True))
    assert Step("part of", True) in implied(Step("consists of"))
    assert Step("affects") in implied(Step("inhibits"))
    assert Step("inhibits") not in implied(Step("affects"))


def test_the_documentation_is_in_step() -> None:
    assert as_markdown() in (ROOT / "docs/critic.md").read_text(encoding="utf-8")
