"""The lines of a PDF page in the order in which a person reads them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import hypot
from statistics import median
from typing import Any
from unicodedata import normalize

from ingest.readers.characters import clean
from ingest.readers.pdf_sight import Ink, looked_at
from kg.model import Box

LINE_HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at the end of a line."""

_GAP = 1.5
"""Blank space within a line, in font sizes, from which on it is two lines side by side."""
_LEAST_BESIDE = 3
_NARROW = 0.27
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of one column. Lengths are points. `column` is 0 across the page, else 1, 2; -1 is a narrow margin."""

    text: str
    page: int
    left: float
    bottom: float
    right: float
    top: float
    size: float
    bold: bool
    column: int = 0
    marked: str = ""
    """The text with a comma in place of whatever is raised: `Ada Byron,, Bo Li,`."""
    hidden: str = ""
    """How it is hidden from people who look at the page."""

    @property
    def box(self) -> Box:
        return Box(self.page, round(self.left, 2), round(self.bottom, 2), round(self.right, 2), round(self.top, 2))

    @property
    def letters(self) -> int:
        return sum(map(str.isalpha, self.text))


def lines_of(page: Any, number: int) -> list[TextLine]:
    """The lines of a pypdfium2 page, `number` from 1; rotated text is left out. Those that people do not see stand
    last."""
    textpage = page.get_textpage()
    try:
        fragments = looked_at(page, list(_fragments(textpage, number)))
    finally:
        textpage.close()
    seen = [line for line in fragments if not line.hidden]
    return [*_ordered(_sized(seen), page.get_width()), *(line for line in fragments if line.hidden)]


# Characters to fragments ---------------------------------------------------------------------------------------------


class _Run:
    """Characters on one line without wide gaps, as they are met."""

    def __init__(self, number: int, ink: str = "") -> None:
        self.number, self.ink = number, ink
        self.letters: list[str] = []
        self.raised: list[bool] = []
        self.places: list[int] = []
        self.spans: list[tuple[float, float]] = []
        self.left = self.bottom = self.right = self.top = 0.0

    def takes(self, rect: Any) -> bool:
        """Whether a character at that place goes on with the run."""
        high = max(rect.top - rect.bottom, self.top - self.bottom)
        apart = rect.left - self.right
        beside = rect.bottom <= self.top and rect.top >= self.bottom
        return not self.letters or (beside and -3 * (self.top - self.bottom) <= apart <= _GAP * high)

    def add(self, letter: str, place: int, rect: Any) -> None:
        if letter in _ACCENTS and self._accents(letter, (rect.left + rect.right) / 2):
            return
        if self.letters and self.letters[-1] in _ACCENTS:
            both = _composed(letter, self.letters[-1])
            if both != letter and rect.left <= sum(self.spans[-1]) / 2 <= rect.right:
                self._drop()
                letter = both
        height, own = rect.top - rect.bottom, self.top - self.bottom
        raised = False
        if not self.letters:
            self.left, self.bottom, self.right, self.top = rect.left, rect.bottom, rect.right, rect.top
        else:
            raised = height < 0.85 * own and rect.bottom > self.bottom + 0.18 * own
            self.right = max(self.right, rect.right)
            if letter.isalnum() and height > 0.85 * own:
                self.bottom, self.top = min(self.bottom, rect.bottom), max(self.top, rect.top)
        self.letters.append(letter)
        self.raised.append(raised)
        self.places.append(place)
        self.spans.append((rect.left, rect.right))

    def _accents(self, accent: str, middle: float) -> bool:
        """Puts an accent that is printed by itself, as TeX does, on its letter, if that was met before."""
        for place in range(len(self.letters) - 1, max(-1, len(self.letters) - 30), -1):
            left, right = self.spans[place]
            if left <= middle <= right and (both := _composed(self.letters[place], accent)) != self.letters[place]:
                self.letters[place] = both
                if self.letters[-1] == " ":
                    self._drop()
                return True
        return False

    def _drop(self) -> None:
        self.letters.pop()
        self.raised.pop()
        self.places.pop()
        self.spans.pop()

    def blank(self) -> None:
        if self.letters:
            self.letters.append(" ")
            self.raised.append(self.raised[-1])
            self.places.append(self.places[-1])
            self.spans.append((0.0, 0.0))

    def line(self, pdfium: Any, raw: Any) -> TextLine | None:
        """The run as a line; None for blanks and for rotated text."""
        text, marked = _written("".join(self.letters), self.raised)
        if not any(letter.isprintable() and letter not in _ACCENTS and letter != " " for letter in text):
            return None
        styles = [_style(pdfium, raw, self.places[share * (len(self.places) - 1) // 4]) for share in range(5)]
        if not all(upright for _, upright, _ in styles):
            return None
        size, bold = max(size for size, _, _ in styles), sum(bold for _, _, bold in styles) >= 4
        place = (self.left, self.bottom, self.right, self.top)
        return TextLine(text, self.number, *place, size, bold, marked=marked, hidden=self.ink)


def _fragments(textpage: Any, number: int) -> Iterator[TextLine]:
    """Runs of characters, in the order of the file."""
    import pypdfium2.raw as pdfium

    raw, rect = textpage.raw, pdfium.FS_RECTF()
    unicode_of, box_of, where = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, ctypes.byref(rect)
    ink = Ink(textpage)
    run, printed = _Run(number), ""
    for place in range(pdfium.FPDFText_CountChars(raw)):
        code = unicode_of(raw, place)
        ends = code == 10 or (code == 13 and unicode_of(raw, place + 1) == 10)
        if code == 32:
            run.blank()
        elif not ends:
            letter = LINE_HYPHEN if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
            box_of(raw, place, where)
            if not run.letters or run.letters[-1] == " ":  # words are printed in one ink
                printed = ink.of(place)
            if not run.takes(rect) or (run.ink != printed and run.letters):
                if line := run.line(pdfium, raw):
                    yield line
                run = _Run(number, ink.of(place))
            run.ink = run.ink if run.letters else printed
            run.add(letter, place, rect)
            ends = letter == LINE_HYPHEN
        if ends and run.letters:
            if line := run.line(pdfium, raw):
                yield line
            run = _Run(number)
    if line := run.line(pdfium, raw):
        yield line


def _written(text: str, raised: Sequence[bool]) -> tuple[str, str]:
    """The text without raised marks of citations and footnotes, and the text with a comma for all that is raised."""
    plain: list[str] = []
    marked: list[str] = []
    for is_raised, group in groupby(zip(text, raised, strict=True), key=lambda pair: pair[1]):
        part = "".join(letter for letter, _ in group)
        marked.append("," if is_raised else part)
        before = "".join(plain)
        if not (is_raised and _MARKS.fullmatch(part) and _MARKED.search(before)):
            plain.append(part)
    return _cleaned("".join(plain)), _cleaned("".join(marked))


def _cleaned(text: str) -> str:
    text = _TEX_LIGATURE.sub(lambda found: _TEX_LIGATURES[found[0]], text).translate(_LIGATURES)
    kept = clean(_NO_LETTERS.sub(" ", text).replace(LINE_HYPHEN, _HELD))
    return re.sub(r"(?<=[^\W_]) +([,;])(?!\S)", r"\1", kept).replace(_HELD, LINE_HYPHEN).strip()


def _composed(letter: str, accent: str) -> str:
    """The letter with the accent, where Unicode has it; else the letter."""
    both = normalize("NFC", letter.replace("ı", "i") + _ACCENTS[accent])
    return both if len(both) == 1 else letter


_ACCENTS = {
    "¨": "\u0308",
    "´": "\u0301",
    "`": "\u0300",
    "ˆ": "\u0302",
    "˜": "\u0303",
    "ˇ": "\u030c",
    "¸": "\u0327",
    "˚": "\u030a",
    "¯": "\u0304",
    "˘": "\u0306",
    "˝": "\u030b",
    "˙": "\u0307",
}
# Where TeX's old fonts come without the names of their characters, pdfium gives their places in the font.
_TEX_LIGATURE = re.compile("(?<=[a-z])[\x0b-\x0f](?=[a-z])|(?<![^\\s(])\x0c(?=[a-z]{2})")
_TEX_LIGATURES = {"\x0b": "ff", "\x0c": "fi", "\r": "fl", "\x0e": "ffi", "\x0f": "ffl"}
_NO_LETTERS = re.compile("[\x00-\x1f]")
_HELD = "\ue000"
_MARKS = re.compile(r"[\d\s,;*∗†‡§¶–-]*[\d*∗†‡§¶][\d\s,;*∗†‡§¶–-]*")
# A unit or a variable before it makes it an exponent: m², s⁻¹, x².
_MARKED = re.compile(r"[^\W\d_]{3,}$|[.,;:)\]”’\"]$")
_BOLD = re.compile(r"bold|black|heavy|[-_,](?:bd|medi|demi|semib)|cmbx|sfbx|-b$", re.IGNORECASE)


def _style(pdfium: Any, raw: Any, place: int) -> tuple[float, bool, bool]:
    """(size in points, upright?, bold?) of a character."""
    matrix, name, flags = pdfium.FS_MATRIX(), ctypes.create_string_buffer(128), ctypes.c_int()
    pdfium.FPDFText_GetMatrix(raw, place, ctypes.byref(matrix))
    scale = hypot(matrix.c, matrix.d)
    size = pdfium.FPDFText_GetFontSize(raw, place) * (scale if scale > 0 else 1.0)
    upright = abs(matrix.b) <= 0.2 * abs(matrix.a) or matrix.a == matrix.b == 0
    pdfium.FPDFText_GetFontInfo(raw, place, name, 128, ctypes.byref(flags))
    bold = _BOLD.search(name.value.decode("utf-8", "replace")) is not None
    return round(size, 1), upright and matrix.a >= 0, bold


# Fragments to lines --------------------------------------------------------------------------------------------------


def _ordered(fragments: Sequence[TextLine], width: float) -> list[TextLine]:
    """Columns one after the other between the lines that go across them, narrow margins last; each from the top."""
    fragments = _without_line_numbers(fragments)
    gutter = _gutter(fragments, width)
    if gutter is None:
        return _from_top(fragments, 0)
    sides: dict[int, list[TextLine]] = {0: [], 1: [], 2: []}
    for line in fragments:
        sides[1 if line.right <= gutter + 1 else 2 if line.left >= gutter - 1 else 0].append(line)
    margin = _margin(sides, gutter, width)
    if margin is not None:
        others = [line for side, lines in sides.items() if side != margin for line in lines]
        return [*_ordered(others, width), *_from_top(sides[margin], -1)]
    ordered: list[TextLine] = []
    edges = sorted((line.bottom for line in sides[0]), reverse=True)
    ceiling = float("inf")
    for floor in [*edges, float("-inf")]:
        for side in (1, 2):
            ordered += _from_top(
                [line for line in sides[side] if ceiling > (line.bottom + line.top) / 2 >= floor], side
            )
        ordered += _from_top([line for line in sides[0] if line.bottom == floor], 0)
        ceiling = min(ceiling, floor)
    return ordered


def _sized(lines: Sequence[TextLine]) -> list[TextLine]:
    """With sizes by their heights where the file's font sizes say nothing (fonts of Type 3 bring a scale of their own).

    A line without ascenders or descenders is less high, so heights near the usual one count as the usual one.
    """
    if all(_is_told(line) for line in lines):
        return list(lines)
    usual = median(line.top - line.bottom for line in lines)

    def by_height(line: TextLine) -> TextLine:
        height = line.top - line.bottom
        near = 0.6 * usual < height < 1.35 * usual
        return line if _is_told(line) else replace(line, size=round(usual if near else height, 1))

    return [by_height(line) for line in lines]


def _is_told(line: TextLine) -> bool:
    return 0.4 * (line.top - line.bottom) < line.size < 3 * (line.top - line.bottom)


def _without_line_numbers(lines: Sequence[TextLine]) -> list[TextLine]:
    """Without the numbers that manuscripts have beside each line, or each fifth."""
    numbered = sorted(
        ((line, int(found[1])) for line in lines if (found := _NUMBERED.match(line.text))), key=lambda it: -it[0].top
    )
    steps = [following - number for (_, number), (_, following) in pairwise(numbered)]
    if len(numbered) < 5 or sum(step in (1, 5) for step in steps) < 0.8 * len(steps):
        return list(lines)
    beside = {line for line, _ in numbered}
    kept = (_without_number(line) if line in beside else line for line in lines)
    return [line for line in kept if line.text]


def _without_number(line: TextLine) -> TextLine:
    text = _NUMBERED.sub("", line.text)
    # Where the text itself begins is not known; its share of the characters tells about.
    left = line.left + (line.right - line.left) * (len(line.text) - len(text)) / len(line.text)
    return replace(line, text=text, marked=_NUMBERED.sub("", line.marked), left=left)


_NUMBERED = re.compile(r"(\d{1,4})(?:\s+|$)")


def _gutter(lines: Sequence[TextLine], width: float) -> float | None:
    """The x that parts the page's lines in two columns; None where there is one column."""
    best: tuple[int, float, float] | None = None
    starts = sorted({int(line.left) for line in lines if 0.12 * width < line.left < 0.88 * width})
    for start in starts:
        x = start - 2.0
        right = sum(line.left >= x for line in lines)
        left = sum(line.right <= x + 1 for line in lines)
        across = len(lines) - left - right
        if min(left, right) < _LEAST_BESIDE or across > 0.35 * len(lines):
            continue
        score = (across - min(left, right), abs(x - width / 2), x)
        if best is None or score < best:
            best = score
    return best[2] if best is not None else None


def _margin(sides: dict[int, list[TextLine]], gutter: float, width: float) -> int | None:
    """Which side holds nothing but notes in a narrow margin."""
    for side, other, share in ((1, 2, gutter / width), (2, 1, 1 - gutter / width)):
        narrow = share < _NARROW + 0.08 and max(line.right - line.left for line in sides[side]) < _NARROW * width
        if narrow and sum(len(line.text) for line in sides[side]) < sum(len(line.text) for line in sides[other]):
            return side
    return None


def _from_top(fragments: Sequence[TextLine], column: int) -> list[TextLine]:
    """From top to bottom; fragments that stand side by side are one line."""
    rows: list[list[TextLine]] = []
    for line in sorted(fragments, key=lambda one: (-(one.bottom + one.top) / 2, one.left)):
        if rows and _beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [_joined(sorted(row, key=lambda one: one.left), column) for row in rows]


def _beside(one: TextLine, other: TextLine) -> bool:
    overlap = min(one.top, other.top) - max(one.bottom, other.bottom)
    return overlap > 0.6 * min(one.top - one.bottom, other.top - other.bottom)


def _joined(row: Sequence[TextLine], column: int) -> TextLine:
    longest = max(row, key=lambda line: len(line.text))
    return replace(
        longest,
        text=" ".join(line.text for line in row),
        marked="   ".join(line.marked for line in row),
        column=column,
        left=min(line.left for line in row),
        right=max(line.right for line in row),
        bottom=min(line.bottom for line in row),
        top=max(line.top for line in row),
        bold=all(line.bold for line in row),
    )
