"""What to suppose: paths that leave a link unstated, and the concepts that a question names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from agents.hypothesis import Gap, Origin
from agents.steps.gaps import gap_of
from kg.communities import Communities
from kg.errors import NotFound
from kg.model import ANY_TYPE, Hit, Path
from kg.names import key_of, words_of
from kg.open_links import everywhere, from_one
from kg.paths import PathGraph
from kg.search import STOP_WORDS

_LONGEST_NAME = 6  # words
HOPS = 4
_OTHERS = 3  # times as many paths as are wanted, since some turn out to be stated or to repeat one another


@dataclass(frozen=True, slots=True)
class Supposed:
    """What may become a hypothesis. `strength` tells how safely the gap follows from the path."""

    gap: Gap
    path: Path | None
    origin: Origin = "path"
    strength: float = 0.0


def between(paths: PathGraph, a: str, b: str, n: int) -> list[Supposed]:
    """Ways in which two concepts (labels) may have to do with each other: none of one hop, for that is stated."""
    found = [one for one in paths.between(a, b, n * _OTHERS + 2, HOPS) if len(one.hops) > 1]
    return _supposed(paths, found)


def around(
    paths: PathGraph, label: str, n: int, avoided: Collection[str] = (), across: Communities | None = None
) -> list[Supposed]:
    """Open links from a concept (label); with `across`, to other communities than its own."""
    return _supposed(paths, from_one(paths, label, n * _OTHERS, avoided, across))


def anywhere(paths: PathGraph, n: int, seed: int, across: Communities | None = None) -> list[Supposed]:
    """Open links of the whole graph, drawn with `seed`: between things whose kind is known, where there are enough;
    with `across`, from one community to another."""
    types = paths.graph.types
    numbers = paths.graph.numbers
    found = everywhere(paths, n * _OTHERS, seed, lambda label: types[numbers[label]] != ANY_TYPE, across)
    if len(found) < n:
        found = everywhere(paths, n * _OTHERS, seed, None, across)
    return _supposed(paths, found)


def distant(paths: PathGraph, labels: Sequence[str], near: Collection[str], n: int) -> list[Supposed]:
    """Open links from what a question names (labels) whose last hop stands in papers far from the question: those that
    `near` (ids) does not hold come first. They share a mechanism with it, and no more."""
    found: list[Supposed] = []
    for label in labels:
        found += around(paths, label, n, labels)

    def is_near(one: Supposed) -> bool:
        return one.path is None or any(piece.paper in near for piece in one.path.hops[-1].evidence)

    ordered = sorted(range(len(found)), key=lambda place: (is_near(found[place]), place))
    return [Supposed(found[place].gap, found[place].path, "question", found[place].strength) for place in ordered]


def _supposed(paths: PathGraph, found: Iterable[Path]) -> list[Supposed]:
    types = dict(zip(paths.graph.labels, paths.graph.types, strict=True))
    told = []
    for path in found:
        followed = gap_of(path, {label: types[label] for label in path.concepts})
        told.append(Supposed(followed.gap, path, "path", followed.strength))
    return told


# What a question names


def concepts_in(text: str, labels: Callable[[Sequence[str]], dict[str, str]], known: Collection[str]) -> list[str]:
    """The labels of the concepts that a text names, of those in `known`: the longest names first where they overlap,
    in the order of the text."""
    words = words_of(text)
    spans = [
        (begin, end)
        for begin in range(len(words))
        for end in range(begin + 1, min(len(words), begin + _LONGEST_NAME) + 1)
    ]
    called = labels(sorted({" ".join(words[begin:end]) for begin, end in spans}))
    taken: set[int] = set()
    found: list[tuple[int, str]] = []
    for begin, end in sorted(spans, key=lambda one: (one[0] - one[1], one[0])):
        label = called.get(" ".join(words[begin:end]))
        if label is None or label not in known or taken & set(range(begin, end)):
            continue
        if all(word in STOP_WORDS for word in words[begin:end]):
            continue
        taken.update(range(begin, end))
        found.append((begin, label))
    return list(dict.fromkeys(label for _, label in sorted(found)))


def concepts_of(hits: Sequence[Hit], paths: PathGraph) -> Iterator[str]:
    """The concepts that the first hits are most about, that a path can start from: for a question that names none."""
    numbers = paths.graph.by_id
    counts: dict[int, int] = {}
    ids = [one.passage for one in hits[:5]]
    for _, concept in paths.store.mentions(passages=ids) if ids else ():
        number = numbers.get(concept, -1) if concept is not None else -1
        if number >= 0 and number not in paths.hubs:
            counts[number] = counts.get(number, 0) + 1
    for number in sorted(counts, key=lambda one: (-counts[one], one)):
        yield paths.graph.labels[number]


def label_of(paths: PathGraph, name: str) -> str:
    """The label of the concept that is called so; where it has no relation, that of the nearest longer or shorter name
    that has. NotFound where nothing is called so."""
    from kg.paths import concept_named

    try:
        label = concept_named(paths.store, name).label
    except NotFound:
        near = _alike(paths, name)
        if near is None:
            raise
        return near
    if label in paths.graph.numbers:
        return label
    near = _alike(paths, label)
    return label if near is None else near


def _alike(paths: PathGraph, name: str) -> str | None:
    key = f" {key_of(name)} "
    if not key.strip():
        return None
    found = [label for label in paths.graph.labels if key in f" {key_of(label)} "]
    degrees = paths.weighed.degrees
    numbers = paths.graph.numbers
    return min(found, key=lambda label: (-int(degrees[numbers[label]]), label), default=None)
