"""Changing what scored low in a hypothesis: another path, a narrower statement, another measurement."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from agents.critique import Critique
from agents.hypothesis import Hypothesis
from agents.steps.facets import statement
from agents.steps.gaps import gap_of
from agents.steps.prose import listed
from kg.model import Path
from kg.names import key_of
from kg.paths import PathGraph

_HOPS = 4
_OTHERS = 4  # other paths that are looked at
_VAGUE, _UNTESTABLE, _FRAGILE = 0.45, 0.5, 0.6
_BEARING = frozenset({"has property", "consists of", "contains", "produces", "causes", "increases", "decreases"})


@dataclass(frozen=True, slots=True)
class Change:
    """A changed hypothesis, not criticised yet: what was changed, and why."""

    hypothesis: Hypothesis
    change: str
    why: str


def changes(one: Hypothesis, critique: Critique, paths: PathGraph, taken: Callable[[str], bool]) -> Iterator[Change]:
    """What might be better, the most pressing first. `taken` tells which ids of hypotheses are there already."""
    if one.path is None or one.origin == "statement":
        return
    for found in _changes(one, critique, paths):
        if not taken(found.hypothesis.id):
            yield found


def _changes(one: Hypothesis, critique: Critique, paths: PathGraph) -> Iterator[Change]:
    weak = [hop for hop in critique.hops if not hop.gap and (hop.strength < _FRAGILE or hop.retracted)]
    if weak or critique.composition.follows is False:
        why = f"{weak[0].subject} – {weak[0].object} stands on little" if weak else critique.composition.reason
        for path in _other_paths(one, paths, None if weak else critique.composition.strength):
            way = listed(path.concepts[1:-1])
            yield Change(_with(one, path, paths), f"another path, by way of {way}", why)
    if critique.specificity.value is not None and critique.specificity.value < _VAGUE:
        for path, narrow, wide in _narrower(one, paths):
            yield Change(_with(one, path, paths), f"narrower: {narrow} for {wide}", critique.specificity.reason)
    if critique.testability.value is not None and critique.testability.value < _UNTESTABLE:
        for path in _measurable(one, paths):
            why = critique.testability.reason
            yield Change(_with(one, path, paths), f"another measurement: {_far_end(one, path)}", why)


def _with(one: Hypothesis, path: Path, paths: PathGraph) -> Hypothesis:
    numbers, types = paths.graph.numbers, paths.graph.types
    gap = gap_of(path, {label: types[numbers[label]] for label in path.concepts}).gap
    return replace(one, statement=statement(gap, path), gap=gap, path=path, critique=None)


def _other_paths(one: Hypothesis, paths: PathGraph, than: float | None) -> list[Path]:
    """Other paths between the same concepts: those from which the gap follows more safely `than` that, or all."""
    assert one.path is not None
    found = paths.between(one.path.concepts[0], one.path.concepts[-1], _OTHERS, _HOPS)
    others = [path for path in found if len(path.hops) > 1 and path.concepts != one.path.concepts]
    return [path for path in others if than is None or gap_of(path, {}).strength > than]


def _narrower(one: Hypothesis, paths: PathGraph) -> Iterator[tuple[Path, str, str]]:
    """Paths in which a longer name that holds an end's stands for it, joined to the same neighbour."""
    assert one.path is not None
    concepts = one.path.concepts
    for at, beside in ((0, 1), (len(concepts) - 1, len(concepts) - 2)):
        wide, key = concepts[at], f" {key_of(concepts[at])} "
        for other in _around(paths, concepts[beside]):
            if other != wide and key in f" {key_of(other)} " and other not in concepts:
                yield from ((path, other, wide) for path in _replaced(one.path, at, other, paths))


def _measurable(one: Hypothesis, paths: PathGraph) -> Iterator[Path]:
    """Paths that go on from the gap's object to something that it bears and that a method measures."""
    assert one.path is not None
    concepts = one.path.concepts
    if len(one.path.hops) >= _HOPS:
        return
    end = one.gap.object
    graph = paths.graph
    for other in _around(paths, end):
        relation = paths.weighed.relation(graph.numbers[end], graph.numbers[other])
        if relation < 0 or other in concepts or graph.triple(relation)[0] != end:
            continue
        if graph.triple(relation)[1] in _BEARING and _is_measured(other, paths):
            route = [*concepts, other] if concepts[-1] == end else [other, *concepts]
            yield paths.path([graph.numbers[label] for label in route])


def _is_measured(label: str, paths: PathGraph) -> bool:
    return any(
        one.supports
        and ((one.predicate == "measured with" and one.subject == label)
             or (one.predicate == "detects" and one.object == label))
        for one in paths.store.relations(concept=label)
    )  # fmt: skip


def _around(paths: PathGraph, label: str) -> list[str]:
    number = paths.graph.numbers.get(label, -1)
    if number < 0:
        return []
    others = paths.weighed.others[paths.weighed.around(number)].tolist()
    return [paths.graph.labels[other] for other in others]


def _replaced(path: Path, at: int, label: str, paths: PathGraph) -> list[Path]:
    concepts = [label if place == at else one for place, one in enumerate(path.concepts)]
    numbers = paths.graph.numbers
    pairs = list(zip(concepts, concepts[1:], strict=False))
    joined = all(other in _around(paths, one) for one, other in pairs)
    return [paths.path([numbers[one] for one in concepts])] if joined else []


def _far_end(before: Hypothesis, path: Path) -> str:
    assert before.path is not None
    return next(label for label in (path.concepts[-1], path.concepts[0]) if label not in before.path.concepts)
