"""Sections cut into passages: about 200 words, whole sentences, and never more than the embedder can take in.

What looks like an instruction to a program is cut out of its neighbours, as a passage by itself (`kg.injections`).
Nothing is lost: what stands between two passages of a section is blank, and `text == whole[start:start + len(text)]`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from ingest.readers.paper_text import Line, Section
from kg import injections
from kg.model import QUARANTINED, Box
from kg.sentences import sentences

VERSION = f"2.{injections.VERSION}"
"""Part of every record's identity: a change of where texts are cut needs a new one."""

MOST_WORDS = 220
MOST_CHARACTERS = 4000
"""Code points: a text without blanks is one word, yet no passage."""

_PARAGRAPH_END = re.compile(r"\s*\n\s*\n")
_AT_A_PARAGRAPHS_END = 0.03


@dataclass(frozen=True, slots=True)
class Cut:
    """One passage to be. `start` points into the whole text (`paper_text.whole_text`)."""

    start: int
    text: str
    section: Section
    boxes: tuple[Box, ...] = ()
    quarantined: bool = False

    @property
    def kind(self) -> str | None:
        return QUARANTINED if self.quarantined else self.section.kind

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def split(sections: Sequence[Section], pieces: Callable[[str], int], room: int) -> list[Cut]:
    """The passages of all sections, in order.

    `pieces` counts the word pieces of a text; no passage has more than `room` of them (at least 16). A sentence longer
    than a passage is cut between words, a word longer than that between characters. The passages of one section are
    about equally long.
    """
    if room < 16:
        raise ValueError(f"room for {room} word pieces is too little for a passage")
    cuts: list[Cut] = []
    offset = 0
    for section in sections:
        for begin, stop, quarantined in _stretches(section):
            for start, end in _spans(section.text[begin:stop], pieces, room):
                start, end = begin + start, begin + end
                boxes = _boxes(section.lines, start, end)
                cuts.append(Cut(offset + start, section.text[start:end], section, boxes, quarantined))
        offset += len(section.text) + 2
    return cuts


def _stretches(section: Section) -> Iterator[tuple[int, int, bool]]:
    """The section's text in stretches, each with whether it is to be quarantined."""
    if section.kind == QUARANTINED:
        yield 0, len(section.text), True
        return
    at = 0
    for suspected in injections.suspicions(section.text):
        yield at, suspected.start, False
        yield suspected.start, suspected.end, True
        at = suspected.end
    yield at, len(section.text), False


def _boxes(lines: Sequence[Line], start: int, end: int) -> tuple[Box, ...]:
    return tuple(line.box for line in lines if line.start < end and line.end > start)


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or a part of one that fits into a passage; `load` is the share of a passage that it takes."""

    start: int
    end: int
    load: float
    ends_paragraph: bool


def _spans(text: str, pieces: Callable[[str], int], room: int) -> Iterator[tuple[int, int]]:
    def load(start: int, end: int) -> float:
        part = text[start:end]
        return max(len(part.split()) / MOST_WORDS, len(part) / MOST_CHARACTERS, pieces(part) / room)

    units = [
        _Unit(begin, stop, load(begin, stop), _PARAGRAPH_END.match(text, stop) is not None)
        for start, end in sentences(text)
        for begin, stop in _fitting(text, start, end, load)
    ]
    for group in _balanced(units):
        yield from _fitting(text, group[0].start, group[-1].end, load)


def _fitting(text: str, start: int, end: int, load: Callable[[int, int], float]) -> Iterator[tuple[int, int]]:
    """text[start:end] in parts of load 1 at most: whole if it is so, else halved again and again between words."""
    if load(start, end) <= 1:
        yield start, end
        return
    cut = _middle(text, start, end)
    for begin, stop in ((start, cut), (cut, end)):
        while begin < stop and text[begin].isspace():
            begin += 1
        while begin < stop and text[stop - 1].isspace():
            stop -= 1
        if begin < stop:
            yield from _fitting(text, begin, stop, load)


def _middle(text: str, start: int, end: int) -> int:
    """The blank nearest to the middle, else the middle."""
    middle = (start + end) // 2
    before = max((text.rfind(blank, start + 1, middle) for blank in " \n"), default=-1)
    after = min((at for blank in " \n" if (at := text.find(blank, middle, end - 1)) >= 0), default=-1)
    near = [at for at in (before, after) if at >= 0]
    return min(near, key=lambda at: abs(at - middle)) if near else middle


def _balanced(units: Sequence[_Unit]) -> Iterator[Sequence[_Unit]]:
    """Neighbours grouped so that no group's load is above 1 and all come as near as can be to the same load, and end
    rather where a paragraph does: the grouping of least summed cost, found by dynamic programming."""
    if not units:
        return
    total = sum(unit.load for unit in units)
    target = total / ceil(total - 1e-9)
    cheapest = [0.0] + [float("inf")] * len(units)
    begins = [0] * (len(units) + 1)
    for stop in range(1, len(units) + 1):
        inside = 0.0 if units[stop - 1].ends_paragraph or stop == len(units) else _AT_A_PARAGRAPHS_END
        load = 0.0
        for begin in range(stop - 1, -1, -1):
            load += units[begin].load
            if load > 1 and begin < stop - 1:
                break
            cost = cheapest[begin] + (load - target) ** 2 + inside
            if cost < cheapest[stop]:
                cheapest[stop], begins[stop] = cost, begin
    ends = [len(units)]
    while ends[-1] > 0:
        ends.append(begins[ends[-1]])
    ends.reverse()
    for begin, stop in zip(ends, ends[1:], strict=False):
        yield units[begin:stop]
