"""The unstated link of a path, with the predicate that follows from its hops."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.hypothesis import Gap
from agents.steps.prose import listed
from kg.compositions import SYMMETRIC, Step, along
from kg.model import Path
from kg.predicates import predicate_named

# Where nothing follows from the hops: what one kind of thing most plainly does to another. Set by hand.
_BY_TYPE: dict[tuple[str, str], str] = {
    **dict.fromkeys([("Chemical", one) for one in ("Disease", "Property", "Process", "Gene", "Organism")], "affects"),
    **dict.fromkeys([("Material", one) for one in ("Property", "Process", "Disease", "Form")], "affects"),
    **dict.fromkeys([("Process", one) for one in ("Property", "Material", "Disease", "Form")], "affects"),
    **dict.fromkeys([("Gene", one) for one in ("Disease", "Process", "Property")], "affects"),
    **dict.fromkeys([("Organism", one) for one in ("Disease", "Process")], "affects"),
    **dict.fromkeys([("Method", one) for one in ("Task", "Data")], "used for"),
    **dict.fromkeys([("Data", one) for one in ("Task", "Method")], "used for"),
    **dict.fromkeys([("Method", one) for one in ("Metric", "Property")], "affects"),
}
_ELSE = "associated with"
_WEAK = frozenset({"affects", "regulates", _ELSE})  # no direction is told

_DIRECTED = re.compile(
    r"\b(?:increas|rais|elevat|enhanc|strengthen|improv|stimulat|promot|decreas|reduc|lower|diminish|lessen|weaken"
    r"|attenuat|reliev|alleviat|mitigat|worsen|impair|inhibit|suppress|prevent)(?:e|es|ed|s|ing)?\b",
    re.IGNORECASE,
)
_TOLD = 3  # words for a direction


@dataclass(frozen=True, slots=True)
class Followed:
    """A gap, and how safely it follows from its path (0 where nothing is known to)."""

    gap: Gap
    strength: float


def gap_of(path: Path, types: Mapping[str, str]) -> Followed:
    """What a path's ends would have to do with each other, in the direction in which more follows.

    The predicate is composed from those of the hops (`kg.compositions`). Where none follows, it goes by the types
    (label -> type) of the two ends, and says so; not where the hops point both ways, since two things that act on a
    third need not act on each other. Where the predicate tells no direction and quotes of the hops do, that is said.
    """
    found = _followed(path, types)
    said = _directions(path) if found.gap.predicate in _WEAK else []
    if not said:
        return found
    how = f"{found.gap.how}; “{found.gap.predicate}” is weaker than the quotes, which say {listed(said)}"
    return replace(found, gap=replace(found.gap, how=how))


def _followed(path: Path, types: Mapping[str, str]) -> Followed:
    first, last = path.concepts[0], path.concepts[-1]
    steps = [Step(hop.predicate, hop.reversed) for hop in path.hops]
    turned = [Step(one.predicate, not one.turned) for one in reversed(steps)]
    forth, back = along(steps), along(turned)
    if forth is not None and (back is None or forth.strength >= back.strength):
        return Followed(Gap(first, forth.predicate, last, _how(steps, forth.predicate)), forth.strength)
    if back is not None:
        return Followed(Gap(last, back.predicate, first, _how(turned, back.predicate)), back.strength)
    directed = {hop.reversed for hop in path.hops if hop.supports and hop.predicate not in SYMMETRIC}
    for subject, object in ((first, last), (last, first)) if len(directed) < 2 else ():
        predicate = _BY_TYPE.get((types.get(subject, ""), types.get(object, "")))
        if predicate is not None:
            kinds = f"{types[subject].lower()} and {types[object].lower()}"
            return Followed(Gap(subject, predicate, object, f"by what the two are: {kinds}; no predicate follows"), 0.0)
    return Followed(Gap(first, _ELSE, last, "no predicate follows from the hops"), 0.0)


def _directions(path: Path) -> list[str]:
    """The words for a direction that stand between the two concepts of a hop in a sentence for it, each once."""
    found: dict[str, None] = {}
    for hop in path.hops:
        for one in hop.evidence:
            quote = one.quote.casefold()
            places = [(quote.find(name.casefold()), len(name)) for name in (one.subject, one.object)]
            (begin, length), (end, _) = sorted(places)
            if begin >= 0 and one.polarity == "supports":
                found |= {f"“{word}”": None for word in _DIRECTED.findall(quote, begin + length, end)}
    return list(found)[:_TOLD]


def _how(steps: list[Step], follows: str) -> str:
    return f"from {', then '.join(f'“{_read(step)}”' for step in steps)} follows “{follows}”"


def _read(step: Step) -> str:
    if not step.turned:
        return step.predicate
    known = None if step.predicate == "named with" else predicate_named(step.predicate).inverse
    return known if known is not None else step.predicate
