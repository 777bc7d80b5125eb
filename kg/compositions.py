"""What follows from predicates: from one alone (weaker ones, the same read backwards), what it excludes, and which one
follows from two, one after the other.

Sources, by the short names that the rules have:

- RO: OBO Relation Ontology, its axioms (transitive: part of, has part, located in, precedes) and its notes on causal
  relations, where the direction of a chain is the product of the directions (+1, -1, 0) of its links.
  https://github.com/oborel/obo-relations
- Smith 2005: Smith et al., Relations in biomedical ontologies, doi:10.1186/gb-2005-6-5-r46
- GO: Gene Ontology, Relation composition (is a . R -> R; R . is a -> R; regulates . part of -> regulates).
  https://wiki.geneontology.org/index.php/Relation_composition
- SKOS: SKOS Reference, exactMatch is transitive. https://www.w3.org/TR/skos-reference/
- Wellman 1990: Fundamental concepts of qualitative probabilistic networks, doi:10.1016/0004-3702(90)90026-V
- Langford 2001: Is the property of being positively correlated transitive?, doi:10.1198/000313001753272286
- order: the meaning of a strict order; it holds for one and the same measure alone
- rule of thumb: our own; no ontology warrants it, and its strength is low for that

A strength between 0 and 1 says how safely it follows when both sentences hold. 1 is a definition, .9 holds but for
exceptions that general sentences have, .8 an indirect influence, .5 and less a reason to look. They are set by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kg.predicates import GENERAL, PREDICATES

RAISING = ("increases", "improves", "promotes")
LOWERING = ("decreases", "inhibits", "worsens")
_POSITIVE = (*RAISING, "causes", "contributes to", "enables", "produces", "maintains")
_NEGATIVE = (*LOWERING, "prevents", "removes")
_UNSIGNED = ("affects", "regulates", "treats", "protects")
_INFLUENCES = (*_POSITIVE, *_NEGATIVE, *_UNSIGNED)

SYMMETRIC = frozenset(one.name for one in PREDICATES if one.symmetric)

ASYMMETRIC = frozenset(
    {"part of", "contains", "consists of", "is a", "located in", "precedes", "derived from", "outperforms", "exceeds"}
)
"""Of two different things these hold in one direction at most: "A outperforms B" excludes "B outperforms A"."""


class Step(NamedTuple):
    """A relation as it is walked: from subject to object, or `turned`, from object to subject."""

    predicate: str
    turned: bool = False

    def __str__(self) -> str:
        return f"{self.predicate} (read backwards)" if self.turned else self.predicate


# From one predicate alone --------------------------------------------------------------------------------------------

_SAME = (RAISING, LOWERING)
"""Said for the same in prose: what one paper says is improved is increased in another."""

_IMPLIES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*RAISING, "causes", "enables"), ("contributes to",)),
    "produces": ("causes",),
    **dict.fromkeys(("contributes to", *LOWERING, "regulates", "treats", "protects", "maintains"), ("affects",)),
    "prevents": ("decreases",),
    "removes": ("decreases",),
    "affects": (GENERAL, "associated with"),
    "targets": (GENERAL,),
    "converts": (GENERAL,),
    "transports": (GENERAL,),
    "binds": (GENERAL, "interacts with"),
    "interacts with": ("associated with",),
    "connected to": ("associated with",),
    "correlated with": ("associated with",),
    "inversely correlated with": ("associated with",),
    "involved in": ("associated with",),
    "predicts": ("indicates",),
    "indicates": ("associated with",),
    "requires": ("depends on",),
    "consists of": ("contains",),
    "part of": ("located in",),
    "same as": ("similar to", "is a"),
    "outperforms": ("exceeds",),
    "exceeds": ("differs from", "compared with"),
}

_IMPLIES_TURNED: dict[str, tuple[str, ...]] = {
    "part of": ("contains",),
    "contains": ("part of",),
    "consists of": ("part of",),
    "uses": ("used for",),
    "used for": ("uses",),
    "produces": ("derived from",),
    "becomes": ("derived from",),
    "depends on": ("affects",),
    "requires": ("enables",),
    "detects": ("measured with",),
}


@lru_cache(maxsize=512)
def implied(step: Step) -> frozenset[Step]:
    """All that holds when a relation does, itself among it: "consists of" implies "contains", and "part of" turned
    round."""
    found = {step}
    new = [step]
    while new:
        name, turned = new.pop()
        same = [Step(other, turned) for group in _SAME if name in group for other in group]
        weaker = [Step(other, turned) for other in _IMPLIES.get(name, ())]
        round = [Step(other, not turned) for other in _IMPLIES_TURNED.get(name, ())]
        mirrored = [Step(name, not turned)] if name in SYMMETRIC else []
        for one in (*same, *weaker, *round, *mirrored):
            if one not in found:
                found.add(one)
                new.append(one)
    return frozenset(found)


def excluded(one: Step, other: Step) -> bool:
    """Whether two relations of the same two things cannot both hold: increases and decreases, "A outperforms B" and "B
    outperforms A", correlated and inversely correlated."""
    if one in implied(other) or other in implied(one):
        return False
    return any(_excludes(a, b) for a in implied(one) for b in implied(other))


def _excludes(one: Step, other: Step) -> bool:
    if one.turned != other.turned:
        return one.predicate == other.predicate and one.predicate in ASYMMETRIC
    pair = {one.predicate, other.predicate}
    return (
        (bool(pair & _RAISES) and bool(pair & _LOWERS))
        or pair == {"same as", "differs from"}
        or pair == {"correlated with", "inversely correlated with"}
    )


_RAISES = frozenset({*RAISING, "contributes to"})
_LOWERS = frozenset(LOWERING)


# Two predicates one after the other ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows from one predicate after another: A `first` B and B `second` C make A `follows` C.

    `follows` is None where nothing does although one might think so. An empty `first` or `second` stands for any
    predicate, and `follows` for it where it is empty too.
    """

    first: str
    second: str
    follows: str | None
    strength: float
    source: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What follows from two steps, by which rule; `strength` is that of the rule and of reading a step backwards."""

    first: Step
    second: Step
    follows: str
    strength: float
    source: str


@dataclass(frozen=True, slots=True)
class Chain:
    """What follows from a whole path, from its beginning to its end: the predicate, the product of the strengths, and
    the compositions in the order in which they were made. A path of one hop is made of none."""

    predicate: str
    strength: float
    steps: tuple[Composed, ...] = ()


_BACKWARDS: dict[str, tuple[str, float]] = {
    "part of": ("contains", 1.0),
    "contains": ("part of", 1.0),
    "consists of": ("part of", 1.0),
    "located in": ("contains", 0.8),
    "uses": ("used for", 0.9),
    "used for": ("uses", 0.9),
    "produces": ("derived from", 0.9),
    "becomes": ("derived from", 0.9),
    "derived from": ("produces", 0.7),
    "depends on": ("affects", 0.9),
    "requires": ("enables", 0.8),
    "treated with": ("affects", 0.5),
    "measured with": ("used for", 0.6),
}
"""What a predicate says when it is read from its object's side, and how safely."""

_FLIPPED = {
    "increases": "decreases", "improves": "worsens", "promotes": "inhibits", "causes": "prevents",
    "contributes to": "inhibits", "enables": "prevents", "produces": "decreases", "maintains": "worsens",
    "decreases": "increases", "worsens": "improves", "inhibits": "promotes", "prevents": "contributes to",
    "removes": "contributes to",
}  # fmt: skip
_WEAKENED = {"causes": "contributes to", "produces": "contributes to", "maintains": "contributes to",
             "enables": "contributes to", "prevents": "inhibits", "removes": "decreases"}  # fmt: skip

_SAFE, _INDIRECT, _VAGUE = 0.9, 0.8, 0.5


def _sign(predicate: str) -> int:
    return 1 if predicate in _POSITIVE else -1 if predicate in _NEGATIVE else 0


def _influence(first: str, second: str) -> tuple[str, float]:
    """Directions multiply; what is caused through something else is contributed to."""
    if 0 in (_sign(first), _sign(second)):
        return "affects", _VAGUE
    if _sign(first) > 0:
        return _WEAKENED.get(second, second), _INDIRECT
    flipped = _FLIPPED[second]
    return _WEAKENED.get(flipped, flipped), _INDIRECT


_THUMB = "rule of thumb"
_LISTED: tuple[Rule, ...] = (
    Rule("same as", "", "", 1.0, "SKOS"),
    Rule("", "same as", "", 1.0, "SKOS"),
    Rule("is a", "is a", "is a", 1.0, "Smith 2005"),
    Rule("part of", "part of", "part of", 1.0, "RO"),
    Rule("contains", "contains", "contains", 1.0, "RO"),
    Rule("contains", "consists of", "contains", 1.0, "RO"),
    Rule("consists of", "contains", "contains", 1.0, "RO"),
    Rule("consists of", "consists of", "contains", 1.0, "RO"),
    Rule("located in", "located in", "located in", 1.0, "RO"),
    Rule("located in", "part of", "located in", _SAFE, "Smith 2005"),
    Rule("part of", "located in", "located in", _SAFE, "Smith 2005"),
    Rule("precedes", "precedes", "precedes", 1.0, "RO"),
    Rule("derived from", "derived from", "derived from", _SAFE, "Smith 2005"),
    Rule("becomes", "becomes", "becomes", _SAFE, "Smith 2005"),
    Rule("exceeds", "exceeds", "exceeds", _SAFE, "order"),
    Rule("outperforms", "outperforms", "outperforms", _INDIRECT, "order"),
    Rule("is a", "", "", _SAFE, "GO"),
    Rule("", "is a", "", _INDIRECT, "GO"),
    Rule("depends on", "depends on", "depends on", _INDIRECT, "RO"),
    Rule("depends on", "requires", "depends on", _INDIRECT, "RO"),
    Rule("requires", "depends on", "depends on", _INDIRECT, "RO"),
    Rule("requires", "requires", "requires", _INDIRECT, "RO"),
    Rule("uses", "uses", "uses", 0.7, _THUMB),
    Rule("used for", "used for", "used for", 0.6, _THUMB),
    Rule("produces", "used for", "used for", 0.5, _THUMB),
    Rule("enables", "used for", "used for", 0.4, _THUMB),
    Rule("improves", "used for", "contributes to", 0.5, _THUMB),
    Rule("increases", "used for", "contributes to", 0.4, _THUMB),
    Rule("has property", "used for", "used for", 0.4, _THUMB),
    Rule("contains", "used for", "used for", 0.4, _THUMB),
    Rule("consists of", "used for", "used for", 0.5, _THUMB),
    Rule("has property", "has property", "has property", 0.5, _THUMB),
    Rule("consists of", "has property", "has property", 0.5, _THUMB),
    Rule("contains", "has property", "has property", 0.4, _THUMB),
    Rule("is a", "has property", "has property", _SAFE, "GO"),
    Rule("consists of", "located in", "located in", 0.5, _THUMB),
    Rule("predicts", "predicts", "predicts", 0.5, _THUMB),
    Rule("indicates", "indicates", "indicates", 0.5, _THUMB),
    Rule("indicates", "predicts", "predicts", 0.5, _THUMB),
    Rule("similar to", "", "", 0.3, "rule of thumb (analogy)"),
    Rule("correlated with", "correlated with", None, 0.0, "Langford 2001"),
    Rule("associated with", "associated with", None, 0.0, "Langford 2001"),
)

# A whole acts through what it has: with a lower strength than what acts itself.
_THROUGH = {
    "has property": 0.6, "contains": 0.5, "consists of": 0.6, "uses": 0.6, "encodes": 0.6, "expresses": 0.5,
    "releases": 0.6, "used for": 0.4, "treated with": 0.4,
}  # fmt: skip
# What reaches something acts, in a direction that is not told, on what that does.
_REACHING = {"binds": 0.4, "targets": 0.5, "interacts with": 0.4, GENERAL: 0.3}
_INTO = {"part of": 0.5, "located in": 0.3}


@lru_cache(maxsize=4096)
def rule(first: str, second: str) -> Rule | None:
    """The rule for two predicates, both read forwards; None where nothing is known to follow."""
    listed = next((one for one in _LISTED if one.first in (first, "") and one.second in (second, "")), None)
    if listed is not None:
        follows = listed.follows if listed.follows != "" else (second if listed.second == "" else first)
        return Rule(first, second, follows, listed.strength, listed.source)
    if first in _INFLUENCES and second in _INFLUENCES:
        follows, strength = _influence(first, second)
        return Rule(first, second, follows, strength, "RO, Wellman 1990")
    if first in _INFLUENCES and second in _INTO:
        return Rule(first, second, "affects", _INTO[second], "GO")
    if first in _THROUGH and second in _INFLUENCES:
        return Rule(first, second, _WEAKENED.get(second, second), _THROUGH[first], _THUMB)
    if _REACHING.get(first, 0.0) and second in _INFLUENCES:
        return Rule(first, second, "affects", _REACHING[first], _THUMB)
    if first in _INFLUENCES and second in (*_REACHING, "has property"):
        strength = 0.4 if second == "has property" else _REACHING[second]
        return Rule(first, second, "affects", strength, _THUMB) if strength else None
    return None


def forwards(step: Step) -> tuple[str, float] | None:
    """What a step says in the direction in which it is walked, and how safely; None where it says nothing there."""
    if not step.turned or step.predicate in SYMMETRIC:
        return step.predicate, 1.0
    return _BACKWARDS.get(step.predicate)


def composed(first: Step, second: Step) -> Composed | None:
    """What follows from two steps; None where nothing is known to."""
    one, other = forwards(first), forwards(second)
    found = None if one is None or other is None else rule(one[0], other[0])
    if one is None or other is None or found is None or found.follows is None:
        return None
    return Composed(first, second, found.follows, found.strength * one[1] * other[1], found.source)


def along(steps: Sequence[Step]) -> Chain | None:
    """What follows from a whole path, in the order of composing that is the safest; None where nothing does."""
    if not steps:
        return None
    best: dict[tuple[int, int], Chain] = {}
    for at, step in enumerate(steps):
        if (read := forwards(step)) is not None:
            best[at, at + 1] = Chain(read[0], read[1])
    for length in range(2, len(steps) + 1):
        for begin in range(len(steps) - length + 1):
            end = begin + length
            found = [chain for cut in range(begin + 1, end) for chain in _joined(best, begin, cut, end)]
            if found:
                best[begin, end] = max(found, key=lambda one: (one.strength, one.predicate))
    return best.get((0, len(steps)))


def _joined(best: dict[tuple[int, int], Chain], begin: int, cut: int, end: int) -> Iterator[Chain]:
    one, other = best.get((begin, cut)), best.get((cut, end))
    if one is None or other is None:
        return
    found = composed(Step(one.predicate), Step(other.predicate))
    if found is not None:
        yield Chain(found.follows, one.strength * other.strength * found.strength, (*one.steps, *other.steps, found))


# The table -----------------------------------------------------------------------------------------------------------


def as_markdown() -> str:
    """The rules as a table: what docs/critic.md holds of them."""
    rows = ["| A … B | B … C | A … C | strength | source |", "|---|---|---|---|---|"]
    for one in _LISTED:
        first, second = one.first or "anything", one.second or "anything"
        follows = "nothing" if one.follows is None else one.follows or "the same"
        rows.append(f"| {first} | {second} | {follows} | {one.strength:g} | {one.source} |")
    signed = "RO, Wellman 1990"
    positive, negative, unsigned = ", ".join(_POSITIVE), ", ".join(_NEGATIVE), ", ".join(_UNSIGNED)
    rows += [
        f"| {positive} | a direction | as B … C (causes: contributes to) | {_INDIRECT:g} | {signed} |",
        f"| {negative} | the same, or a positive one | the opposite of B … C | {_INDIRECT:g} | {signed} |",
        f"| one of these, or {unsigned} | an influence, one of the two {unsigned} | affects | {_VAGUE:g} | {signed} |",
        *(f"| an influence | {name} | affects | {strength:g} | GO |" for name, strength in _INTO.items()),
        *(f"| {name} | an influence | as B … C | {strength:g} | {_THUMB} |" for name, strength in _THROUGH.items()),
        *(
            f"| {name} | an influence (also after one) | affects | {strength:g} | {_THUMB} |"
            for name, strength in _REACHING.items()
            if strength
        ),
        f"| an influence | has property | affects | 0.4 | {_THUMB} |",
        "| anything else | | nothing | | |",
    ]
    return "\n".join(rows) + "\n"
