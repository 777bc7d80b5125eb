"""How predicates are said in a question: verbs in any form, active and passive, and nouns such as "causes of"."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from kg.concept_graph import End, Reading
from kg.predicates import PREDICATES

_RAISING = ("increases", "improves", "promotes", "contributes to", "enables")
_LOWERING = ("decreases", "worsens", "inhibits", "prevents")
_SYMMETRIC = frozenset(one.name for one in PREDICATES if one.symmetric)
_OTHER: dict[End, End] = {"subject": "object", "object": "subject"}

# What else answers a question for one predicate: other predicates, and "<" for those that say it from the other side.
_NEAR: dict[str, tuple[str, ...]] = {
    **{one: tuple(other for other in _RAISING if other != one) for one in _RAISING},
    **{one: tuple(other for other in _LOWERING if other != one) for one in _LOWERING},
    "causes": ("contributes to", "produces"),
    "affects": (*_RAISING, *_LOWERING, "causes", "regulates", "<depends on"),
    "depends on": ("requires",),
    "requires": ("depends on",),
    "consists of": ("contains", "<part of"),
    "contains": ("consists of", "<part of"),
    "part of": ("<consists of", "<contains", "located in"),
    "located in": ("part of", "<contains"),
    "derived from": ("<produces",),
    "uses": ("<used for",),
}


def readings(predicate: str, asked: End) -> tuple[Reading, ...]:
    """The ways in which relations answer a question for a predicate: it first, then those that are near it."""
    near = _NEAR.get(predicate, ())
    found = [
        Reading(predicate, asked),
        *(Reading(one[1:], _OTHER[asked]) if one.startswith("<") else Reading(one, asked) for one in near),
    ]
    both = [Reading(one.predicate, _OTHER[one.asked]) for one in found if one.predicate in _SYMMETRIC]
    return (*found, *both)


# Verbs


@dataclass(frozen=True, slots=True)
class Frame:
    """A verb with what belongs to it ("lead to"). `turned`: its grammatical subject is the relation's object."""

    words: tuple[str, ...]
    predicate: str
    turned: bool

    @property
    def rest(self) -> tuple[str, ...]:
        return self.words[1:]


class Said(NamedTuple):
    """A verb that stands at words[begin:end] of a question, as a frame; a passive is turned round."""

    frame: Frame
    begin: int
    end: int


_IRREGULAR = {
    "is": "be", "are": "be", "was": "be", "were": "be", "been": "be", "has": "have", "had": "have", "led": "lead",
    "gave": "give", "given": "give", "made": "make", "found": "find", "held": "hold", "kept": "keep",
    "bound": "bind", "shown": "show", "grew": "grow", "grown": "grow", "built": "build", "drove": "drive",
    "driven": "drive", "broken": "break", "broke": "break", "took": "take", "taken": "take", "fell": "fall",
    "fallen": "fall", "rose": "rise", "risen": "rise", "came": "come", "became": "become", "bore": "bear",
    "arose": "arise", "arisen": "arise", "spun": "spin", "fed": "feed", "bred": "breed", "lost": "lose",
    "brought": "bring", "underwent": "undergo", "undergone": "undergo", "lay": "lie", "lain": "lie",
    "stuck": "stick", "stemmed": "stem", "lent": "lend",
}  # fmt: skip
_SKIPPED = frozenset(
    "can could may might will would must should also often usually typically mainly mostly directly still really "
    "sometimes generally does do did normally potentially possibly".split()
)
_SAID_TO = frozenset("known shown thought believed said found reported expected seen supposed likely able".split())
_NOT = frozenset("not n't never cannot no without least neither nor".split())


@lru_cache(maxsize=1)
def _frames() -> dict[str, list[Frame]]:
    found: dict[str, list[Frame]] = defaultdict(list)
    for one in PREDICATES:
        for verbs, turned in ((one.verbs, False), (one.reversed_verbs, True)):
            for verb in verbs:
                words = tuple(verb.split())
                found[words[0]].append(Frame(words, one.name, turned))
    found["be"].append(Frame(("be", "a"), "is a", False))
    found["be"].append(Frame(("be", "an"), "is a", False))
    for frames in found.values():
        frames.sort(key=lambda one: -len(one.words))
    return found


def lemmas(word: str) -> set[str]:
    """What a verb's form may be a form of, itself among it."""
    word = word.casefold()
    found = {word}
    if word in _IRREGULAR:
        return {word, _IRREGULAR[word]}
    for ending, shorter in (
        ("ies", "y"),
        ("es", ""),
        ("es", "e"),
        ("s", ""),
        ("ied", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("ing", ""),
        ("ing", "e"),
    ):
        if word.endswith(ending) and len(word) > len(ending) + 1 and not word.endswith("ss"):
            stem = word[: -len(ending)] + shorter
            found.add(stem)
            if ending in ("ed", "ing") and len(stem) > 3 and stem[-1] == stem[-2]:
                found.add(stem[:-1])
    return found


def negated(words: Sequence[str]) -> bool:
    """Whether a question asks for what is not so."""
    return any(word.casefold() in _NOT or word.casefold().endswith("n't") for word in words)


def verbs_at(words: Sequence[str], at: int) -> Iterator[Said]:
    """The verbs that may stand at a place, with their auxiliaries: the longest first. "Is increased by" is "increase",
    turned round."""
    begin, at = at, _after_auxiliaries(words, at)
    if at >= len(words):
        return
    lower = [word.casefold() for word in words]
    for lemma in sorted(lemmas(words[at])):
        for frame in _frames().get(lemma, ()):
            end = at + len(frame.words)
            if tuple(lower[at + 1 : end]) == frame.rest:
                yield Said(frame, begin, end)
    if "be" in lemmas(words[at]) and at + 2 < len(words):
        yield from (Said(frame, begin, end) for frame, end in _passives(lower, at + 1))


def _passives(lower: Sequence[str], at: int) -> Iterator[tuple[Frame, int]]:
    """Participles with "by" at a place."""
    if at >= len(lower) or lower[at] in _frames():
        return
    for lemma in sorted(lemmas(lower[at]) - {lower[at]}):
        for frame in _frames().get(lemma, ()):
            end = at + len(frame.words)
            if tuple(lower[at + 1 : end]) == frame.rest and lower[end : end + 1] == ["by"]:
                yield Frame(frame.words, frame.predicate, not frame.turned), end + 1


def verbs_ending(words: Sequence[str], passive: bool) -> Iterator[Said]:
    """The verbs that a question may end with, when what they are said of stands before it: "does sericin cause", "is
    collagen used for" and "is toughness increased by" (`passive`, their "be" before the subject)."""
    lower = [word.casefold() for word in words]
    for begin in range(1, len(words)):
        rest = tuple(lower[begin:])
        if passive:
            for frame in _frames()["be"]:
                if frame.rest == rest:
                    yield Said(frame, begin, len(words))
            for frame, end in _passives(lower, begin):
                if end == len(words):
                    yield Said(frame, begin, end)
        else:
            for lemma in sorted(lemmas(lower[begin])):
                for frame in _frames().get(lemma, ()):
                    if frame.rest == rest[1:] and lemma != "be":
                        yield Said(frame, begin, len(words))


def _after_auxiliaries(words: Sequence[str], at: int) -> int:
    """Where the verb itself stands: after "can", "may also", "is known to", "has been shown to", "helps to"."""
    lower = [word.casefold() for word in words]
    while at < len(words):
        if lower[at] in _SKIPPED:
            at += 1
            continue
        after = at
        while after < len(words) and lemmas(lower[after]) & {"be", "have"}:
            after += 1
        if (
            after > at
            and lower[after : after + 1]
            and lower[after] in _SAID_TO
            and lower[after + 1 : after + 2] == ["to"]
        ):
            at = after + 2
            continue
        if lower[at] in ("helps", "help", "tends", "tend", "seems", "seem") and at + 1 < len(words):
            at += 2 if lower[at + 1] == "to" else 1
            continue
        if lower[at] in ("has", "have", "had") and lower[at + 1 : at + 2] and "be" not in lemmas(lower[at + 1]):
            later = lemmas(lower[at + 1]) - {lower[at + 1]}
            if any(one in _frames() for one in later):
                at += 1
        return at
    return at


# Nouns

_NOUNS: dict[str, tuple[str, End]] = {
    "cause causes reason reasons trigger triggers driver drivers": ("causes", "subject"),
    "effect effects consequence consequences influence influences impact impacts": ("affects", "object"),
    "inhibitor inhibitors": ("inhibits", "subject"),
    "promoter promoters enhancer enhancers": ("promotes", "subject"),
    "regulator regulators determinant determinants": ("regulates", "subject"),
    "predictor predictors": ("predicts", "subject"),
    "producer producers": ("produces", "subject"),
    "product products": ("produces", "object"),
    "source sources origin origins": ("derived from", "object"),
    "component components constituent constituents ingredient ingredients part parts": ("consists of", "object"),
    "property properties": ("has property", "object"),
    "use uses application applications": ("used for", "object"),
    "type types kind kinds example examples form forms variety varieties instance instances": ("is a", "subject"),
    "requirement requirements prerequisite prerequisites": ("requires", "object"),
    "treatment treatments therapy therapies cure cures": ("treats", "subject"),
    "synonym synonyms": ("same as", "object"),
}
NOUNS = {noun: meant for nouns, meant in _NOUNS.items() for noun in nouns.split()}
"""Nouns whose "of" joins them to a concept: "causes of cracks" are what causes them."""

MEASURING = frozenset(lemma for one in PREDICATES if one.name == "measured with" for lemma in one.reversed_verbs)
"""Verbs for finding out how much of something there is."""
