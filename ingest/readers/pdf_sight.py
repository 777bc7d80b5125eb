"""What of a PDF page's text a person does not see: printed in the colour of its ground, not painted at all, too small,
or off the page.

Colours alone do not tell, since white print on a dark bar is read well: where a colour is suspicious the page is
painted, and what does not stand out of its ground is hidden.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ingest.readers.pdf_page import TextLine

PALE = "printed in the colour of the page"
UNPAINTED = "not painted on the page"
TINY = "printed too small to be read"
OFF_PAGE = "printed off the page"

_LEAST_PALE = 200  # of 255: what is darker stands out of white paper
_CLEAR = 26  # of 255: opacity below which nothing is seen
_STANDS_OUT = 24  # of 255: difference of lightness within a line's box from which on something is seen in it
_TINY = 2.0  # points
_MOST_PIXELS = 4_000_000
_INVISIBLE = (3, 7)  # modes of rendering: neither filled nor stroked, and to be clipped by


class Ink:
    """Tells of the characters of a text page how they are printed."""

    def __init__(self, textpage: Any) -> None:
        import pypdfium2.raw as pdfium

        self._pdfium, self._raw = pdfium, textpage.raw
        self._colour = [ctypes.c_uint() for _ in range(4)]
        self._where = [ctypes.byref(channel) for channel in self._colour]

    def of(self, place: int) -> str:
        """PALE or UNPAINTED where a character may be hidden; else ""."""
        pdfium = self._pdfium
        if pdfium.FPDFText_GetFillColor(self._raw, place, *self._where):
            red, green, blue, opacity = (channel.value for channel in self._colour)
            if opacity < _CLEAR or min(red, green, blue) >= _LEAST_PALE:
                return PALE
        written = pdfium.FPDFText_GetTextObject(self._raw, place)
        return UNPAINTED if written and pdfium.FPDFTextObj_GetTextRenderMode(written) in _INVISIBLE else ""


def looked_at(page: Any, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines with how they are hidden, if they are: `hidden` is what their ink lets suspect."""
    left, bottom, right, top = page.get_cropbox()
    seen: list[TextLine] = []
    painted: _Painted | None = None
    for line in lines:
        hidden = line.hidden
        if line.right < left or line.left > right or line.top < bottom or line.bottom > top:
            hidden = OFF_PAGE
        elif line.size < _TINY and line.top - line.bottom < 1.5 * _TINY:
            hidden = TINY
        elif hidden == PALE:
            painted = _Painted(page) if painted is None else painted
            hidden = PALE if not painted.stands_out(line) else ""
        seen.append(line if hidden == line.hidden else replace(line, hidden=hidden))
    return seen


class _Painted:
    """A page as it looks, in shades of grey."""

    def __init__(self, page: Any) -> None:
        width, height = page.get_size()
        scale = min(1.5, (_MOST_PIXELS / max(1.0, width * height)) ** 0.5)
        self._page = page
        self._bitmap = page.render(scale=scale, grayscale=True)
        self._shades = memoryview(self._bitmap.buffer).cast("B")

    def stands_out(self, line: TextLine) -> bool:
        """Whether anything is seen where the line is."""
        width, height, stride = self._bitmap.width, self._bitmap.height, self._bitmap.stride
        across, down = zip(self._at(line.left, line.top), self._at(line.right, line.bottom), strict=True)
        first, last = max(0, min(across)), min(width, max(across) + 1)
        darkest, lightest = 255, 0
        for row in range(max(0, min(down)), min(height, max(down) + 1)):
            shades = self._shades[row * stride + first : row * stride + last]
            if shades:
                darkest, lightest = min(darkest, *shades, 255), max(lightest, *shades, 0)
        return lightest - darkest >= _STANDS_OUT

    def _at(self, x: float, y: float) -> tuple[int, int]:
        import pypdfium2.raw as pdfium

        right, down = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDF_PageToDevice(self._page.raw, 0, 0, self._bitmap.width, self._bitmap.height, 0, x, y,
                                 ctypes.byref(right), ctypes.byref(down))
        return right.value, down.value
