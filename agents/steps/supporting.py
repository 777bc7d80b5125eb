"""Whether a sentence says no more than the quotes it rests on, as far as a program can see.

Checked are numbers, names, concepts, the share of its telling words that the quotes hold, denial, doubt and direction.
What passes may still be wrong: the words can be the same and their order, or what they are said of, another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from agents.steps.covering import holds, share
from agents.steps.following import Labels
from agents.steps.phrases import names_in, phrases, predicate_in
from agents.steps.planning import Plan
from kg.names import key_of
from kg.search import words

HELD = 0.6
"""Share of the weight of a sentence's telling words that its quotes must hold, with the titles of their papers."""
HELD_WITH_QUESTION = 0.8
"""The same with the question beside them."""

_GROUPS = re.compile(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}(?!\d))")
_NEXT = 3  # words on each side of a direction that are looked at
_DENIED_WORDS, _FIRST_DENIED = 8, 3  # words after a denial that are looked at, and of the sentence's, telling ones
_FIGURES = re.compile(r"(?<![^\W\d_])\d+(?:[.,]\d+)?")
_IN_WORDS = {
    word: str(number)
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen twenty".split()
    )
}
_WORD = re.compile(r"[^\W_]+(?:['\u2019.-][^\W_]+)*")
_NAME = re.compile(r"[^\W_]*[^\W\d_][^\W_]*(?:['\u2019.&-][^\W_]+)*")
_DENIES = re.compile(
    r"\b(?:not|no|never|without|neither|nor|none|cannot|fail(?:s|ed)?\s+to|lacks?|lacked|lacking|absen(?:ce|t)|unable"
    r"|unlikely|independent\s+of|unrelated)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_IN_DOUBT = re.compile(
    r"\b(?:may|might|could|possibl[ey]|perhaps|presumably|speculat\w*|hypothesi[sz]\w*|whether|unclear)\b",
    re.IGNORECASE,
)
_DOUBTS = re.compile(
    rf"{_IN_DOUBT.pattern}|\b(?:potential(?:ly)?|suggest\w*|likely|unlikely|appears?|seems?|assum\w*|propos\w*|probabl[ey]"
    r"|expect\w*|predict\w*|tend\w*|can|unknown|not\s+known)\b",
    re.IGNORECASE,
)
_MORE = re.compile(
    r"\b(?:increas|enhanc|improv|promot|elevat|rais(?:e|ing)|rose\b|expan[ds]|accelerat|(?:re)?activat|stimulat|strengthen"
    r"|up-?regulat|exceed|gain|grow(?:s|n|th|ing)?\b|more\b|higher\b|greater\b|larger\b|longer\b|stronger\b|faster\b"
    r"|better\b|above\b|over-?express)\w*",
    re.IGNORECASE,
)
_LESS = re.compile(
    r"\b(?:decreas|reduc|lower|diminish|attenuat|impair|inhibit|suppress|worsen|declin|drop|deactivat|inactivat|weaken"
    r"|down-?regulat|prevent|block|los[st]|shrink|shrank|scarce|deplet|less\b|fewer\b|smaller\b|shorter\b|weaker\b"
    r"|slower\b|worse\b|below\b|little\b)\w*",
    re.IGNORECASE,
)
_DEPENDENT = re.compile(r"\bdependent\w*", re.IGNORECASE)
_INDEPENDENT = re.compile(r"\bindependent\w*", re.IGNORECASE)
_UNITS = (
    r"%|‰|percent|°C|°|K|Pa|[kMG]Pa|N|[mk]N|J|[kM]J|[mk]?W|[mk]?V|[mµμ]?A|[kMG]?Hz|[ckmnpµμ]?m|[kmnpµμ]?g|[mµμdn]?[lL]"
    r"|[mnpµμ]?M|[mnpµμ]?mol|[mnµμ]?s|min|h|[kMG]?Da|[kM]?bp|eV|fold|times"
)
_WITH_UNIT = re.compile(rf"(?<![^\W_])(\d+(?:[.,]\d+)?)[\s\u00a0\u202f-]?({_UNITS})(?![^\W_])")
_PASSIVE = re.compile(
    r"\b\w+(?:ed|en|wn)\s+by\b|\b(?:is|are|was|were|been|being|be)\s+(?:\w+\s+)?\w+\s+by\b", re.IGNORECASE
)
_OPENS = re.compile(r"[.!?:;\u2013\u2014(\"\u201c]\s*$")


def unsupported(
    sentence: str,
    quotes: Sequence[str],
    beside: Sequence[str],
    question: str,
    weigh: Callable[[str], Plan],
    labels: Labels,
) -> str | None:
    """Why a sentence does not rest on its quotes, None where nothing speaks against it.

    `beside` are the titles of the papers quoted; `weigh` tells how much each word of a text tells in the library, and
    `labels` which names are concepts of it.
    """
    ground = " \n ".join([*quotes, *beside])
    there = set(numbers(ground))
    if foreign := [one for one in numbers(sentence) if one not in there]:
        return f"no quote has the number {foreign[0]}"
    if (measure := _other_unit(sentence, ground)) is not None:
        return f"the quotes have {measure} in another unit"
    known, unknown = _terms(sentence, ground, labels)
    if strange := [one for one in (*names(sentence), *unknown) if one not in known and not _stands(one, ground)]:
        return f"no quote has the name {strange[0]}"
    ends = {pair for one in quotes for pair in _ends(one, labels)}
    if any((b, a) in ends for a, b in _ends(sentence, labels) - ends):
        return "the quotes say it the other way round"
    if _turned_names(sentence, quotes):
        return "its names stand in another order in the quotes"
    if quotes and (turned := _turned(sentence, quotes)) is not None:
        return turned
    plan = _less(weigh(sentence), {*known, *names(sentence)})
    if not quotes or share(plan, ground) < HELD or share(plan, f"{ground} \n {question}") < HELD_WITH_QUESTION:
        return "the quotes hold too few of its words"
    return None


def _denied_there(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether for each denial of a sentence a quote denies something too, and one of the first words that follow stands
    among those that follow there."""
    there = [" ".join(one[at.end() :].split()[:_DENIED_WORDS]) for one in quotes for at in _DENIES.finditer(one)]
    for at in _DENIES.finditer(sentence):
        follows = words(" ".join(sentence[at.end() :].split()[:_DENIED_WORDS]))[:_FIRST_DENIED]
        if not there or (follows and not any(holds(word, text) for word in follows for text in there)):
            return False
    return True


def _other_unit(sentence: str, ground: str) -> str | None:
    """A number that has a unit in the sentence, and another one wherever it has one in a text."""
    there: dict[str, set[str]] = {}
    for number, unit in _WITH_UNIT.findall(_GROUPS.sub("", ground)):
        there.setdefault(_plain(number), set()).add(_unit(unit))
    said = ((_plain(number), _unit(unit)) for number, unit in _WITH_UNIT.findall(_GROUPS.sub("", sentence)))
    return next((number for number, unit in said if unit not in there.get(number, {unit})), None)


def _unit(written: str) -> str:
    return {"percent": "%", "\u03bc": "\u00b5"}.get(written, written.replace("\u03bc", "\u00b5").replace("L", "l"))


def _terms(sentence: str, ground: str, labels: Labels) -> tuple[set[str], list[str]]:
    """The concepts of the library that a sentence names: those that a text names too, under any of their names, and
    those that it does not."""
    named = [one for one in phrases(sentence, labels(list(names_in(sentence)))) if one.label is not None]
    there = set(labels(list(names_in(ground))).values()) if named else set()
    return {one.text for one in named if one.label in there}, [one.text for one in named if one.label not in there]


def _ends(text: str, labels: Labels) -> set[tuple[str, str]]:
    """The concepts of which a text says that one does something to the other: a known verb stands between them."""
    named = [one for one in phrases(text, labels(list(names_in(text)))) if one.label is not None]
    found = set()
    for one, other in pairwise(named):
        between = text[one.end : other.start]
        if predicate_in(between) is not None and one.label is not None and other.label is not None:
            passive = _PASSIVE.search(between) is not None
            found.add((other.label, one.label) if passive else (one.label, other.label))
    return found


def _less(plan: Plan, known: Collection[str]) -> Plan:
    """A plan without what is looked at by itself: numbers, doubt, denial, and names that are known to stand there."""
    apart = {part for one in known for part in key_of(one).split()}
    left = [
        (word, weight)
        for word, weight in plan.weights
        if word not in apart
        and word not in _IN_WORDS
        and word != "percent"
        and any(one.isalpha() for one in word)
        and _DOUBTS.fullmatch(word) is None
        and _DENIES.fullmatch(word) is None
    ]
    return replace(plan, weights=tuple(left)) if left else plan


def _turned(sentence: str, quotes: Sequence[str]) -> str | None:
    """Whether denial, doubt or direction have changed on the way."""
    denies = _DENIES.search(sentence) is not None
    if not denies and all(_DENIES.search(one) is not None for one in quotes):
        return "every quote denies something, and it denies nothing"
    if denies and not _denied_there(sentence, quotes):
        return "it denies what no quote denies"
    if _DOUBTS.search(sentence) is None and all(_IN_DOUBT.search(one) is not None for one in quotes):
        return "every quote is in doubt, and it is not"
    ground = " \n ".join(quotes)
    for direction in (_MORE, _LESS, _DEPENDENT, _INDEPENDENT):
        around = _around(direction, ground)
        for said, near in _around(direction, sentence):
            if not around or (near and not any(holds(word, " ".join(other)) for word in near for _, other in around)):
                return f"no quote has the direction of {said}"
    return None


def _around(pattern: re.Pattern[str], text: str) -> list[tuple[str, list[str]]]:
    """Where a pattern is found: what is found, and the telling words next to it."""
    found = []
    for at in pattern.finditer(text):
        beside = [*text[: at.start()].split()[-_NEXT:], *text[at.end() :].split()[:_NEXT]]
        found.append((at[0], [word for word in words(" ".join(beside)) if pattern.search(word) is None]))
    return found


def _turned_names(sentence: str, quotes: Sequence[str]) -> bool:
    """Whether two names stand in another order than in every quote that has both, and no passive explains it."""
    passive = _PASSIVE.search(sentence) is not None
    for one, other in pairwise(names(sentence)):
        both = [
            (quote.find(one), quote.rfind(other), _PASSIVE.search(quote) is not None)
            for quote in quotes
            if one in quote and other in quote
        ]
        if both and all(first > last and was == passive for first, last, was in both):
            return True
    return False


def numbers(text: str) -> tuple[str, ...]:
    """The numbers of a text in one form: 1,000 and 1000, 1.50 and 1.5, three and 3. "One" counts as 1 only where it is
    written in figures."""
    plain = _GROUPS.sub("", text)
    found = [_plain(one) for one in _FIGURES.findall(plain)]
    words = [_IN_WORDS[word] for word in re.findall(r"[a-z]+", text.casefold()) if word in _IN_WORDS and word != "one"]
    return tuple(dict.fromkeys([*found, *(_plain(one) for one in words)]))


def _plain(number: str) -> str:
    value = Decimal(number.replace(",", "."))
    return f"{value.normalize():f}"


def names(text: str) -> tuple[str, ...]:
    """The words of a text that look like names: with a capital inside, or in front where no sentence begins there; with
    letters and figures mixed. A lone letter is none."""
    found = []
    for at in _NAME.finditer(text):
        word = at[0]
        inside = any(one.isupper() for one in word[1:])
        mixed = any(one.isdigit() for one in word)
        begins = at.start() == 0 or _OPENS.search(text[: at.start()]) is not None
        if len(word) > 1 and (inside or mixed or (word[0].isupper() and not begins)):
            found.append(word)
    return tuple(dict.fromkeys(found))


def _stands(name: str, ground: str) -> bool:
    """Whether a text has a name: written so but for case and its genitive, else each part of it in any form."""
    plain = re.sub(r"['\u2019]s$", "", name)
    return re.search(rf"(?<![^\W_]){re.escape(plain)}", ground, re.IGNORECASE) is not None or holds(
        " ".join(_WORD.findall(plain.replace("-", " ").replace(".", " ").replace("&", " "))), ground
    )
