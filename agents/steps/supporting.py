"""Whether a sentence says no more than the quotes it rests on, as far as a program can see.

Checked are numbers, names, concepts, the share of its telling words that the quotes hold, denial, doubt and direction.
What passes may still be wrong: the words can be the same and their order, or what they are said of, another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal

from agents.steps.covering import holds, share
from agents.steps.following import Labels
from agents.steps.phrases import directions, names_in, phrases
from agents.steps.planning import Plan
from kg.names import key_of

HELD = 0.6
"""Share of the weight of a sentence's telling words that its quotes must hold, with the titles of their papers."""
HELD_WITH_QUESTION = 0.8
"""The same with the question beside them."""

_GROUPS = re.compile(r"(?<=\d)[,\u202f\u00a0 ](?=\d{3}(?!\d))")
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
    known, unknown = _terms(sentence, ground, labels)
    if strange := [one for one in (*names(sentence), *unknown) if one not in known and not _stands(one, ground)]:
        return f"no quote has the name {strange[0]}"
    if quotes and (turned := _turned(sentence, quotes)) is not None:
        return turned
    plan = _less(weigh(sentence), {*known, *names(sentence)})
    if not quotes or share(plan, ground) < HELD or share(plan, f"{ground} \n {question}") < HELD_WITH_QUESTION:
        return "the quotes hold too few of its words"
    return None


def _terms(sentence: str, ground: str, labels: Labels) -> tuple[set[str], list[str]]:
    """The concepts of the library that a sentence names: those that a text names too, under any of their names, and
    those that it does not."""
    named = [one for one in phrases(sentence, labels(list(names_in(sentence)))) if one.label is not None]
    there = set(labels(list(names_in(ground))).values()) if named else set()
    return {one.text for one in named if one.label in there}, [one.text for one in named if one.label not in there]


def _less(plan: Plan, known: Collection[str]) -> Plan:
    """A plan without what is looked at by itself: numbers, doubt, denial, and names that are known to stand there."""
    apart = {part for one in known for part in key_of(one).split()}
    left = [
        (word, weight)
        for word, weight in plan.weights
        if word not in apart
        and word not in _IN_WORDS
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
    if denies and not any(_DENIES.search(one) is not None for one in quotes):
        return "it denies what no quote denies"
    if _DOUBTS.search(sentence) is None and all(_IN_DOUBT.search(one) is not None for one in quotes):
        return "every quote is in doubt, and it is not"
    (up, down), (quoted_up, quoted_down) = directions(sentence), directions(" \n ".join(quotes))
    if (up and not quoted_up and quoted_down) or (down and not quoted_down and quoted_up):
        return "the quotes speak of the other direction"
    return None


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
