"""Where words that somebody says to be in a text stand in it.

A language model is never asked for offsets: it copies words, and they are looked up here.
"""

from __future__ import annotations

import re

Span = tuple[int, int]

_ALIKE = {**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("‘’‛′", "'"), **dict.fromkeys("“”„″", '"')}


class Places:
    """A text in which words are looked up, many times."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._folded, self._places = folded(text)

    def of(self, words: str) -> list[Span]:
        """(start, end) wherever these words stand: as they are written first, then but for case, blanks, dashes and
        quotation marks. Blanks at their ends are left out; no words stand nowhere."""
        wanted = words.strip()
        if not wanted:
            return []
        exact = [at.span() for at in re.finditer(re.escape(wanted), self.text)]
        known = set(exact)
        alike = (
            (self._places[at.start()], self._places[at.end() - 1] + 1)
            for at in re.finditer(re.escape(folded(wanted)[0]), self._folded)
        )
        return exact + [span for span in alike if span not in known]


def folded(text: str) -> tuple[str, list[int]]:
    """The text with runs of blanks as one, in lower case, with dashes and quotation marks alike; and for each
    character the place it has in `text`."""
    characters: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        if character.isspace():
            if characters and characters[-1] == " ":
                continue
            character = " "
        lower = _ALIKE.get(character, character.lower())
        characters.append(lower if len(lower) == 1 else character)
        places.append(at)
    return "".join(characters), places
