"""Text from papers on a page: escaped, and with stretches of it marked.

Papers are somebody else's text. Quotes and passages go through `html` and `st.html`, where Streamlit reads no Markdown,
no LaTeX and no colour or icon directive; where a widget wants a label, which is Markdown, they go through `label`.
"""

from __future__ import annotations

import html as _html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_WORD_JOINER = "\u2060"


def html(text: str) -> str:
    """Text as it stands in HTML, also inside a quoted attribute."""
    return _html.escape(text, quote=True)


def label(text: str, most: int | None = 160) -> str:
    """Text as a label that shows it literally, on one line, cut with an ellipsis after `most` characters.

    Escaping is enough against Markdown, LaTeX and colours. Emoji and icons (`:name:`) are looked for after that, so an
    invisible word joiner parts their first colon from the name.
    """
    line = " ".join("".join(" " if unicodedata.category(one) in ("Cc", "Cf") else one for one in text).split())
    if most is not None and len(line) > most:
        line = line[: most - 1] + "…"
    return _PUNCTUATION.sub(r"\\\1", line).replace("\\:", "\\:" + _WORD_JOINER)


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a text and how it is shown: a CSS class, and what is said when the pointer rests on it."""

    start: int
    end: int
    kind: str
    says: str = ""


def marked(text: str, marks: Sequence[Mark]) -> str:
    """The text as HTML with its marks around their stretches.

    Marks may overlap and stand in any order; where several cover a letter, it has all of their kinds, and what they
    say is joined. Without the tags, it is the text, whatever stands in it.
    """
    inside = [one for one in marks if 0 <= one.start < one.end <= len(text)]
    cuts = sorted({0, len(text), *(one.start for one in inside), *(one.end for one in inside)})
    parts = []
    for start, end in zip(cuts, cuts[1:], strict=False):
        over = [one for one in inside if one.start <= start and end <= one.end]
        shown = html(text[start:end])
        if over:
            kinds = " ".join(dict.fromkeys(f"hg-{one.kind}" for one in over))
            says = "; ".join(dict.fromkeys(one.says for one in over if one.says))
            title = f' title="{html(says)}"' if says else ""
            shown = f'<span class="{html(kinds)}"{title}>{shown}</span>'
        parts.append(shown)
    return "".join(parts)


def counted(number: int, one: str, many: str | None = None) -> str:
    """`1 paper`, `1,200 papers`."""
    return f"{number:,} {one if number == 1 else many if many is not None else one + 's'}"
