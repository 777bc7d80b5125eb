"""The lines of a PDF page in the order in which a person reads them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import hypot
from typing import Any

from ingest.readers.characters import clean
from kg.model import Box

LINE_HYPHEN = "\ufffe"
"""What pdfium writes for a hyphen at the end of a line."""

_GAP = 1.5
"""Blank space within a line, in font sizes, from which on it is two lines side by side."""
_LEAST_BESIDE = 4
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

    @property
    def box(self) -> Box:
        return Box(self.page, round(self.left, 2), round(self.bottom, 2), round(self.right, 2), round(self.top, 2))

    @property
    def letters(self) -> int:
        return sum(map(str.isalpha, self.text))


def lines_of(page: Any, number: int) -> list[TextLine]:
    """The lines of a pypdfium2 page, `number` from 1; rotated text is left out."""
    textpage = page.get_textpage()
    try:
        fragments = list(_fragments(textpage, number))
    finally:
        textpage.close()
    return _ordered(fragments, page.get_width())


# Characters to fragments ---------------------------------------------------------------------------------------------


def _fragments(textpage: Any, number: int) -> Iterator[TextLine]:
    """Runs of characters on one line without wide gaps, in the order of the file."""
    import pypdfium2.raw as pdfium

    raw, rect = textpage.raw, pdfium.FS_RECTF()
    unicode_of, box_of, where = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetLooseCharBox, ctypes.byref(rect)
    letters: list[str] = []
    left = bottom = right = top = 0.0
    first = 0

    def ended() -> TextLine | None:
        text = (
            clean("".join(letters).translate(_LIGATURES).replace(LINE_HYPHEN, "\ue000"))
            .replace("\ue000", LINE_HYPHEN)
            .strip()
        )
        letters.clear()
        if not text:
            return None
        size, upright, bold = _style(pdfium, raw, first)
        return TextLine(text, number, left, bottom, right, top, size, bold) if upright else None

    for place in range(pdfium.FPDFText_CountChars(raw)):
        code = unicode_of(raw, place)
        if code in (10, 13):
            if letters and (line := ended()):
                yield line
            continue
        letter = LINE_HYPHEN if code in (2, 0xFFFE) else chr(code) if code < 0x110000 else "\ufffd"
        if letter == " ":
            if letters:
                letters.append(" ")
            continue
        box_of(raw, place, where)
        height = rect.top - rect.bottom
        if letters:
            apart = rect.left - right
            elsewhere = rect.bottom > top or rect.top < bottom
            far = apart > _GAP * max(height, top - bottom) or apart < -3 * (top - bottom)
            if (elsewhere or far) and (line := ended()):
                yield line
        if not letters:
            left, bottom, right, top, first = rect.left, rect.bottom, rect.right, rect.top, place
        else:
            right = max(right, rect.right)
            if letter.isalnum() and height > 0.85 * (top - bottom):
                bottom, top = min(bottom, rect.bottom), max(top, rect.top)
        letters.append(letter)
        if letter == LINE_HYPHEN and (line := ended()):
            yield line
    if letters and (line := ended()):
        yield line


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


def _gutter(lines: Sequence[TextLine], width: float) -> float | None:
    """The x that parts the page's lines in two columns; None where there is one column."""
    best: tuple[int, float, float] | None = None
    starts = sorted({round(line.left, 1) for line in lines if 0.12 * width < line.left < 0.88 * width})
    for start in starts:
        x = start - 2
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
        column=column,
        left=min(line.left for line in row),
        right=max(line.right for line in row),
        bottom=min(line.bottom for line in row),
        top=max(line.top for line in row),
        bold=all(line.bold for line in row),
    )
