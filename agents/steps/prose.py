"""Relations as English prose: verbs that agree with their subjects, lists, quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.model import Evidence, shortened
from kg.names import key_of

_PARTICIPLES = frozenset({
    "part of", "same as", "connected to", "associated with", "correlated with", "inversely correlated with",
    "involved in", "similar to", "used for", "measured with", "evaluated on", "treated with", "assigned to",
    "compared with", "combined with", "located in", "derived from", "named with",
})  # fmt: skip
_SPELT = {"has property": ("has the property", "have the property"), "is a": ("is a kind of", "are a kind of")}
_NUMBER_WORDS = re.compile(
    r"^(?:two|three|four|five|six|seven|eight|nine|ten|many|several|most|all|both)\b", re.IGNORECASE
)
_LONGEST_QUOTE = 280


def is_plural(label: str) -> bool:
    """Whether a verb after this name has no s: "platelets", "two trials", "salt and water"."""
    head = label.partition(" of ")[0].partition(" in ")[0].partition(" with ")[0]
    last = head.split()[-1] if head.split() else head
    if _NUMBER_WORDS.match(label):
        return True
    return last[-1:] == "s" and last.islower() and key_of(last) != last.casefold()


def verb(predicate: str, plural: bool = False) -> str:
    """A predicate as the verb of a sentence.

    >>> verb("causes"), verb("causes", True), verb("used for"), verb("has property", True)
    ('causes', 'cause', 'is used for', 'have the property')
    """
    if predicate in _SPELT:
        return _SPELT[predicate][plural]
    if predicate in _PARTICIPLES:
        return f"{'are' if plural else 'is'} {_said(predicate)}"
    return base(predicate) if plural else predicate


def base(predicate: str) -> str:
    """A predicate after "may": "cause", "be used for"."""
    if predicate == "is a":
        return "be a kind of"
    if predicate == "has property":
        return "have the property"
    if predicate in _PARTICIPLES:
        return f"be {_said(predicate)}"
    first, blank, rest = predicate.partition(" ")
    return f"{first.removesuffix('es') if first.endswith('sses') else first.removesuffix('s')}{blank}{rest}"


def _said(predicate: str) -> str:
    return {"same as": "the same as", "named with": "named together with"}.get(predicate, predicate)


def clause(subject: str, predicate: str, object: str) -> str:
    """A relation as a clause: "platelets cause clotting"."""
    return f"{subject} {verb(predicate, is_plural(subject))} {object}"


def sentence(text: str) -> str:
    """With a capital where the first word is an ordinary one, and a full stop."""
    text = " ".join(text.split()).rstrip(".")
    first = text.split(" ", 1)[0]
    opened = text[:1].upper() + text[1:] if first.islower() or first[1:].islower() else text
    return f"{opened}."


def listed(names: Sequence[str], last: str = "and") -> str:
    """Names in a row: "a, b and c"."""
    *first, end = names
    return f"{', '.join(first)} {last} {end}" if first else end


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """A number with its noun; small ones as words."""
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    several = f"{noun}s" if plural is None else plural
    return f"{words[number] if number < len(words) else f'{number:,}'} {noun if number == 1 else several}"


def quote(one: Evidence) -> str:
    """What a piece of evidence says, in quotation marks; a long one is cut around its ends."""
    return f"“{shortened(one.quote.rstrip('.'), _LONGEST_QUOTE)}”"
