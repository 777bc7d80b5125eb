"""Two hypotheses beside each other."""

from __future__ import annotations

from agents.comparing import compared
from agents.critic import Critic, Kept
from agents.hypothesis import Gap, Hypothesis
from kg.model import Path
from tests.agents.test_judged import COLD, DENIED, OIL, made, supposed


def test_what_differs_stands_side_by_side_with_which_is_better() -> None:
    library = made(OIL, COLD, DENIED)
    one = supposed(library) | {"score": 0.7}
    critique = Critic(library).of(Kept.read(one))
    one = one | {"critique": critique.as_json()}
    other = Hypothesis("Nothing joins them.", Gap("blood viscosity", "increases", "fish oil"), score=0.2).as_json()
    rows = {row.name: row for row in compared(one, other)}
    assert (rows["score"].one, rows["score"].other, rows["score"].better) == ("0.70", "0.20", 0)
    assert (rows["path"].one, rows["path"].other) == ("fish oil – blood viscosity – cold fingers", "–")
    assert (rows["verdict"].one, rows["verdict"].other, rows["verdict"].better) == (critique.verdict, "–", None)
    assert (rows["papers"].one, rows["papers"].other) == ("3", "0")
    assert (rows["sentences against"].one, rows["sentences against"].better) == ("1", 1)
    assert rows["concepts in both"].one == "blood viscosity, fish oil"
    assert rows["plausibility"].one == "–" and rows["plausibility"].better is None


def test_the_same_hypothesis_twice_differs_in_nothing() -> None:
    one = Hypothesis("So.", Gap("a", "increases", "b"), Path(0.5, ("a", "b"), ())).as_json()
    rows = compared(one, one)
    assert all(row.better is None for row in rows)
    assert all(row.one == row.other for row in rows if not row.name.endswith("in both"))
