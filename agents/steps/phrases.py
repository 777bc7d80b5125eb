"""The names and noun phrases in a question, and the predicate that its verb means; English, by rules alone."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from kg.names import key_of
from kg.predicates import PREDICATES

_TOKEN = re.compile(r"[^\W_]+(?:[-\u2013'\u2019][^\W_]+)*")
_LONGEST_NAME = 6  # words

PREPOSITIONS = frozenset(
    """
of in on at by for from to with without within between among through during after before under over into onto against
about across along near than via upon per as like
""".split()
)

_FUNCTION_WORDS = PREPOSITIONS | frozenset(
    """
a an the this that these those it its they them their he she his her we you i our your my one ones both either neither
is are was were be been being am do does did done has have had having can could may might must shall should will would
what which who whom whose when where why how whether if and or but nor so because while since although not no yes any
some all each every many much more most less least few fewer several such same other another also too very rather only
just even still yet then there here now well often always never usually really generally mainly known know tell me
give say says said made make makes happen happens mean means work works good bad new better best worse worst different
difference differences compare compared comparison versus vs same please and/or overview role effect effects purpose
kind kinds type types way ways name thing things paper papers study studies evidence literature us s
agree agrees disagree disagrees deny denies claim claims
""".split()
)

_GENERIC = frozenset(
    """
protein proteins material materials fibre fibres fiber fibers substance substances process processes method methods
technique techniques compound compounds gene genes cell cells disease diseases drug drugs structure structures molecule
molecules phenomenon system systems species animal animals organism organisms device devices model models polymer
polymers mineral minerals layer thing bond bonds enzyme enzymes virus bacterium bacteria treatment therapy condition
""".split()
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A stretch of a question that names something: `question[start:end] == text`.

    `before` is the preposition that it follows, articles passed over, "" for none; `label` that of the concept which
    it names, None where the library knows none.
    """

    start: int
    end: int
    text: str
    before: str = ""
    label: str | None = None


def names_in(question: str) -> dict[str, tuple[int, int]]:
    """Every stretch of up to six words that could name a concept, by its key; of equal ones the first."""
    tokens = [found.span() for found in _TOKEN.finditer(question)]
    found: dict[str, tuple[int, int]] = {}
    for at, (start, _) in enumerate(tokens):
        for _, end in tokens[at : at + _LONGEST_NAME]:
            if key := key_of(question[start:end]):
                found.setdefault(key, (start, end))
    return found


def phrases(question: str, labels: Mapping[str, str]) -> tuple[Phrase, ...]:
    """The noun phrases of a question in order. `labels` are the concepts (key -> label) that a library has for
    `names_in(question)`: their longest names count first, then runs of words that are no function words and no verbs
    of relations."""
    tokens = [found.span() for found in _TOKEN.finditer(question)]
    words = [question[start:end] for start, end in tokens]
    found: list[tuple[int, int, str | None]] = []  # first and last word, label
    at = 0
    while at < len(tokens):
        length = _named_length(question, tokens, words, at, labels)
        if length:
            key = key_of(question[tokens[at][0] : tokens[at + length - 1][1]])
            found.append((at, at + length - 1, labels[key]))
            at += length
            continue
        end = at
        while (
            end < len(tokens)
            and _tells(words, end)
            and not _named_length(question, tokens, words, end, labels)
            and (end == at or not _parted(question, tokens[end - 1], tokens[end]))
        ):
            end += 1
        if end > at:
            found.append((at, end - 1, None))
        at = max(end, at + 1)
    return tuple(
        Phrase(
            tokens[first][0],
            tokens[last][1],
            question[tokens[first][0] : tokens[last][1]],
            _before(words, first),
            label,
        )
        for first, last, label in found
    )


def _named_length(
    question: str, tokens: list[tuple[int, int]], words: list[str], at: int, labels: Mapping[str, str]
) -> int:
    for length in range(min(_LONGEST_NAME, len(tokens) - at), 0, -1):
        first, last = words[at].casefold(), words[at + length - 1].casefold()
        if first in _FUNCTION_WORDS or last in _FUNCTION_WORDS or (length == 1 and not _tells(words, at)):
            continue
        if key_of(question[tokens[at][0] : tokens[at + length - 1][1]]) in labels:
            return length
    return 0


def _tells(words: list[str], at: int) -> bool:
    """Whether a word may be part of a noun phrase: no function word, and no verb of a relation as it stands there."""
    word = words[at].casefold()
    if word in _FUNCTION_WORDS:
        return False
    if stem(word) not in _verb_stems():
        return True
    before = words[at - 1].casefold() if at else ""
    # "the increase", "heat increases", "of heat": after an article or a preposition (not "to") it is a noun.
    return before in ("a", "an", "the", "this", "its", "their") or (before in PREPOSITIONS and before != "to")


def _parted(question: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    return not question[one[1] : other[0]].isspace()


def _before(words: list[str], first: int) -> str:
    at = first - 1
    while at >= 0 and words[at].casefold() in ("a", "an", "the", "its", "their", "this", "these", "such"):
        at -= 1
    return words[at].casefold() if at >= 0 and words[at].casefold() in PREPOSITIONS else ""


def noun_phrases(question: str, found: Collection[Phrase]) -> tuple[tuple[Phrase, ...], ...]:
    """The phrases joined where only "of", "in" or "for" (and an article) stands between: `stiffness of bone`."""
    groups: list[list[Phrase]] = []
    for one in found:
        if groups and re.fullmatch(
            r"\s+(?:of|in|for)\s+(?:(?:the|a|an)\s+)?", question[groups[-1][-1].end : one.start]
        ):
            groups[-1].append(one)
        else:
            groups.append([one])
    return tuple(tuple(group) for group in groups)


def is_generic(word: str) -> bool:
    """Whether a noun only says of what kind something is: "this protein"."""
    return word.casefold() in _GENERIC


# Verbs

_ENDINGS = (
    "ations",
    "ation",
    "ators",
    "ator",
    "ions",
    "ion",
    "ings",
    "ing",
    "ors",
    "or",
    "ers",
    "er",
    "ed",
    "es",
    "s",
    "e",
)


@cache
def stem(word: str) -> str:
    """A word without what inflects it or makes a noun of a verb: `predicts`, `predictor` -> `predict`."""
    folded = word.casefold()
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= 4:
            folded = folded[: -len(ending)]
            break
    return folded[:-1] if len(folded) > 4 and folded[-1] == folded[-2] and folded[-1] not in "aeioufsl" else folded


@cache
def _verb_stems() -> frozenset[str]:
    return frozenset(_predicates_by_stem())


@cache
def _predicates_by_stem() -> dict[str, str]:
    found: dict[str, str] = {}
    for predicate in PREDICATES:
        for verb in predicate.verbs:
            words = [word for word in verb.split() if word not in PREPOSITIONS and word != "be"]
            if len(words) == 1:
                found.setdefault(stem(words[0]), predicate.name)
    return found


def predicate_in(words: str) -> str | None:
    """The predicate that the first verb, or noun made of a verb, of some words means; None where none is known."""
    return next(
        (name for found in _TOKEN.finditer(words) if (name := _predicates_by_stem().get(stem(found[0]))) is not None),
        None,
    )


# Directions

_UP = frozenset({"increases", "improves", "promotes", "contributes to", "enables", "causes", "produces"})
_DOWN = frozenset({"decreases", "worsens", "inhibits", "prevents", "removes"})


def opposed(one: str, other: str) -> bool:
    """Whether what two predicates say of the same two things cannot both be: increases and decreases."""
    return (one in _UP and other in _DOWN) or (one in _DOWN and other in _UP)


def alike(one: str, other: str) -> bool:
    """Whether two predicates say nearly the same of two things: improves and increases."""
    return one == other or (one in _UP and other in _UP) or (one in _DOWN and other in _DOWN)
