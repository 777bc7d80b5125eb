"""Names in running text that begin with a capital: persons, places, works, organisms, proteins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kg.names import key_of

_INSIDE = frozenset("of the and de von van der den la le del du di da for in y".split())
# What may stand with a capital at the beginning of a sentence or a title and belongs to no name.
_NEVER_AT_THE_EDGE = _INSIDE | frozenset(
    """
a an at on it he she his her its this that these those they we our i after before when while who what which where there
as by from with or but if was is are were during since however although both did do does how why to not no then thus
""".split()
)
_CAPITAL = r"[A-Z0-9À-ÖØ-ÞĀ-Ž](?:[\w'’\-]*\w)?"
_STOP = r"(?:(?:(?<=\b[A-Z])|(?<=\b(?:St|Dr|Jr|Sr|Mt|Lt))|(?<=\b(?:Gen|Col|Sgt|Rev|Mrs)))\.(?=\s[A-ZÀ-ÖØ-Þ]))?"
_NAME = re.compile(
    rf"(?<![\w'’\-]){_CAPITAL}{_STOP}(?:\s(?:(?:{'|'.join(sorted(_INSIDE))})\s){{0,2}}{_CAPITAL}{_STOP})*"
)
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class ProperName:
    """`text[start:end]`, with its normal form (`kg.names.key_of`)."""

    start: int
    end: int
    key: str


def proper_names(text: str) -> Iterator[ProperName]:
    """Runs of capitalised words and numbers, joined by at most two small words, in order; none that is one number or
    one or two letters. The capital that opens a sentence makes a name too: nothing but a dictionary could tell."""
    for found in _NAME.finditer(text):
        words = [(word.start(), word.end()) for word in _WORD.finditer(found[0])]
        while words and found[0][slice(*words[0])].lower() in _NEVER_AT_THE_EDGE:
            del words[0]
        while words and found[0][slice(*words[-1])].lower() in _NEVER_AT_THE_EDGE:
            del words[-1]
        if not words:
            continue
        start, end = found.start() + words[0][0], found.start() + words[-1][1]
        key = key_of(text[start:end])
        if len(key) > 2 and not key.isdigit():
            yield ProperName(start, end, key)
