"""Citations by author and year as they stand in running text: "(Brook et al., 2005)", "Brook and Alder (2005a)"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.identity import surname
from kg.names import key_of

_NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’\-]+"
_CITED = re.compile(
    rf"(?P<first>{_NAME})(?:,?\s+(?:(?:and|&)\s+{_NAME}|et\s+al\.?|(?:{_NAME},?\s+)*(?:and|&)\s+{_NAME}))?,?"
    r"\s*[(\[]?(?P<years>(?:1[89]|20)\d\d[a-z]?(?:,\s*(?:1[89]|20)\d\d[a-z]?)*)(?![\d\-–])"
)
_BETWEEN = re.compile(r"[(;\[]|\s\(|,\s|et\s+al|\band\b|&")
_YEAR = re.compile(r"\d{4}")


def cited(text: str) -> set[str]:
    """The works that a text cites, each as `citation` would name it. What merely looks like one ("In May 2005") names a
    work that no library holds."""
    found = set()
    for match in _CITED.finditer(text):
        if _BETWEEN.search(match[0], len(match["first"])):
            found |= {f"@{key_of(match['first'])} {year}" for year in _YEAR.findall(match["years"])}
    return found


def citation(authors: Iterable[str], year: int | None) -> str:
    """The name of a work by its first author's surname and its year; "" where either is not known. No key of another
    name begins with @."""
    first = next(iter(authors), "")
    return f"@{surname(first)} {year}" if first and year is not None and surname(first) else ""
