"""Names of concepts and the keys they share.

Two mentions name the same concept when their names have the same key. A key comes from the name alone, so that the
order in which papers are read cannot matter.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SAME_IN_PLURAL = frozenset({"series", "species", "apparatus", "lens", "gas", "bias", "canvas", "atlas", "sepsis"})


@lru_cache(maxsize=100_000)
def key_of(name: str) -> str:
    """The normal form of a name: compatibility forms, case, hyphens, punctuation and plural endings are folded.

    >>> key_of("Spider-silk fibres") == key_of("spider silk fibre")
    True

    A name without a letter or digit has the key "" and names no concept.
    """
    return " ".join(words_of(name))


def words_of(text: str) -> list[str]:
    """The words of a text in the normal form of `key_of`, in order.

    >>> words_of("Spider-silk fibres, spun")
    ['spider', 'silk', 'fibre', 'spun']
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    return [_singular(word) for word in _WORD.findall(folded)]


def _singular(word: str) -> str:
    word = word.removesuffix("'s").removesuffix("\u2019s")
    if len(word) < 4 or not word.endswith("s") or word in _SAME_IN_PLURAL or not word.isalpha():
        return word
    if word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]
