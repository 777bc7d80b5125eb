"""Abbreviations that a paper defines: "long form (SF)" and "SF (long form)".

A. S. Schwartz and M. A. Hearst: A simple algorithm for identifying abbreviation definitions in biomedical text.
Pacific Symposium on Biocomputing 8 (2003) 451–462.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

_BRACKET = re.compile(r"\(([^()\[\]]{2,120})\)")
# A stretch with one of these is a clause that happens to hold the letters.
_NOT_IN_NAMES = frozenset(
    """
that which who whose is are was were be been being has have had we our us this these those it its they their not may
might can could shows show showed indicate indicates indicated using used than when where while because if whether
also however
""".split()
)
# "Adler", "France"
_WORD_IN_CAPITAL = re.compile(r"[A-Z][a-z]{2,}")
_NOT_FIRST = frozenset({"and", "or", "the", "of", "for", "with", "by", "to", "a", "an", "from", "as", "at", "on"})
_WORD = re.compile(r"\S+")


def abbreviations(texts: Sequence[str]) -> dict[str, str]:
    """Short form → long form, over the passages of one paper; the first definition of a short form counts."""
    found: dict[str, str] = {}
    for text in texts:
        if "(" in text:
            for short, long in _definitions(text):
                found.setdefault(short, long)
    # "RVF virus (RVFV)", where RVF is one itself.
    return {short: _expanded(short, long, found) for short, long in found.items()}


def _expanded(short: str, long: str, found: Mapping[str, str]) -> str:
    words = long.split()
    return " ".join(found[word] if word in found and short not in found[word].split() else word for word in words)


def definitions_in(text: str, long_forms: Mapping[str, str]) -> dict[int, int]:
    """Where a passage defines one of these by "long form (SF)": the long form's end → its start."""
    found: dict[int, int] = {}
    if "(" not in text:
        return found
    for bracket in _BRACKET.finditer(text):
        inside = _inside(bracket)
        if inside not in long_forms:
            continue
        end = len(text[: bracket.start()].rstrip(" ,;:-\"'“”‘’"))
        words = [re.escape(word) for word in long_forms[inside].split()]
        match = re.search(r"\s+".join(words) + r"\Z", text[max(0, end - 250) : end])
        if match is not None:
            found[end] = max(0, end - 250) + match.start()
    return found


def _inside(bracket: re.Match[str]) -> str:
    """What a bracket holds before its first comma."""
    return re.split(r"[;,]\s", bracket.group(1), maxsplit=1)[0].strip().strip("\"'“”‘’")


def _definitions(text: str) -> Iterator[tuple[str, str]]:
    for bracket in _BRACKET.finditer(text):
        inside = _inside(bracket)
        before = text[max(0, bracket.start() - 250) : bracket.start()].rstrip()
        if _is_short_form(inside):
            long = _long_form(inside, _window(before, inside))
            if long is not None:
                yield inside, long
        elif before:
            # "SF (long form)"
            short = _WORD.findall(before)[-1].strip("\"'“”‘’")
            if _is_short_form(short) and short.isupper() and len(inside.split()) <= min(len(short) + 5, len(short) * 2):
                long = _long_form(short, inside)
                if long is not None and long == inside:
                    yield short, long


def _is_short_form(text: str) -> bool:
    """Two to ten characters, at most two words, a letter among them, alphanumeric at the start, not a plain word."""
    if not 2 <= len(text) <= 10 or len(text.split()) > 2 or not text[0].isalnum():
        return False
    letters = [character for character in text if character.isalpha()]
    if _WORD_IN_CAPITAL.fullmatch(text):
        return False
    if not letters or text.lower() in {
        "eg",
        "ie",
        "see",
        "fig",
        "left",
        "right",
        "top",
        "bottom",
        "and",
        "or",
        "e.g.",
        "i.e.",
    }:
        return False
    return any(character.isupper() for character in letters) and not (text[0].isdigit() and len(letters) < 2)


def _window(before: str, short: str) -> str:
    """The last min(|SF| + 5, 2·|SF|) words before the bracket, within their sentence."""
    for stop in (". ", "; ", "\n", "? ", "! ", ") "):
        before = before[before.rfind(stop) + 1 :] if stop in before else before
    words = list(_WORD.finditer(before))
    size = min(len(short) + 5, len(short) * 2)
    return before[words[-size].start() :] if len(words) > size else before.lstrip()


def _long_form(short: str, text: str) -> str | None:
    """The shortest end of `text` that holds the characters of `short` in order, the first of them at a word's start."""
    at = len(text) - 1
    for place in range(len(short) - 1, -1, -1):
        character = short[place].lower()
        if not character.isalnum():
            continue
        while at >= 0 and (
            text[at].lower() != character
            or (place == 0 and at > 0 and (text[at - 1].isalnum() or text[at - 1] in "'’"))
        ):
            at -= 1
        if at < 0:
            return None
        at -= 1
    start = text.rfind(" ", 0, at + 1) + 1
    if "-" in text[start : at + 1] and short[0].lower() != text[start].lower():
        start = text.rfind("-", start, at + 1) + 1
    long = text[start:].strip(" ,;:-\"'“”‘’")
    words = long.split()
    if len(long) <= len(short) or not words or len(words) > min(len(short) + 5, len(short) * 2):
        return None
    if words[0].lower() in _NOT_FIRST or (len(short) == 2 and len(words) > 3):
        return None
    if short in words or any(character in long for character in "()[]=<>@") or not long[0].isalnum():
        return None
    if any((word.isdigit() and word not in short) or word.lower() in _NOT_IN_NAMES for word in words):
        return None
    return " ".join(words)
