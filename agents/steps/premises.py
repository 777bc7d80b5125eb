"""What a question takes for granted, held against what the graph states and denies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agents.steps.phrases import Phrase, alike, opposed, predicate_in
from kg.model import Evidence

_PRESUPPOSES = re.compile(
    r"\s*(?:so\s+)?(?:why\s+(?:do|does|did|is|are|was|were|can|would)\s|how\s+(?:do|does|did)\s"
    r"|(?:since|because|given\s+that|if)\s)",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\s*(?:do|does|did|is|are|was|were|can|could|may|might|will|would)\s", re.IGNORECASE)
_NOT = re.compile(r"\b(?:not|n't|never|no\s+longer)\b|n't\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A relation between two concepts that a question speaks of. `assumed` where it takes it for granted ("Why does
    silk …?"), else it asks whether it holds; `denied` where it speaks of its absence."""

    subject: str
    predicate: str
    object: str
    assumed: bool
    denied: bool = False

    def __str__(self) -> str:
        return f"{self.subject} – {'not: ' if self.denied else ''}{self.predicate} – {self.object}"


@dataclass(frozen=True, slots=True)
class Weighed:
    """A claim with the evidence that agrees with it and that speaks against it."""

    claim: Claim
    agreeing: tuple[Evidence, ...]
    against: tuple[Evidence, ...]

    @property
    def verdict(self) -> str:
        """`denied`, `disputed`, `stated`, or `unknown` where there is no evidence either way."""
        if self.against:
            return "disputed" if self.agreeing else "denied"
        return "stated" if self.agreeing else "unknown"


def claim(question: str, found: Sequence[Phrase]) -> Claim | None:
    """The claim of a question that begins with why, how, or an auxiliary: two concepts and a known verb (or a noun made
    of one) between them; None where there is none. The first two concepts that a verb parts count."""
    assumed = _PRESUPPOSES.match(question) is not None
    if not assumed and _ASKS.match(question) is None:
        return None
    named = [one for one in found if one.label is not None]
    for one, other in zip(named, named[1:], strict=False):
        between = question[one.end : other.start]
        if (predicate := predicate_in(between)) is not None and one.label is not None and other.label is not None:
            passive = re.search(r"\b\w+(?:ed|en|wn)\s+by\b", between) is not None
            subject, object = (other.label, one.label) if passive else (one.label, other.label)
            denied = _NOT.search(question[: other.start]) is not None
            return Claim(subject, predicate, object, assumed, denied)
    return None


def weighed(claimed: Claim, evidence: Iterable[Evidence]) -> Weighed:
    """The evidence about a claim's two concepts, in its direction, on its two sides.

    A sentence agrees that states the claim, or something alike (improves for increases); one speaks against it that
    denies that, or states the opposite (decreases). That denies the opposite says nothing of the claim. Hedged
    sentences count.
    """
    sides: dict[bool, list[Evidence]] = {True: [], False: []}
    for one in evidence:
        if (one.subject, one.object) != (claimed.subject, claimed.object):
            continue
        if alike(one.predicate, claimed.predicate):
            sides[(one.polarity == "supports") != claimed.denied].append(one)
        elif opposed(one.predicate, claimed.predicate) and one.polarity == "supports":
            sides[claimed.denied].append(one)
    return Weighed(claimed, tuple(sides[True]), tuple(sides[False]))
