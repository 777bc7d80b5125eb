"""Prepositions of two words that tell a cause, brought to one shape in the tree.

The treebanks disagree on "due to" and "because of": a preposition, an adjective with an oblique, a clause of its own.
"""

from dataclasses import replace

from ingest.extract.parse import Parse

_PAIRS = frozenset({("due", "to"), ("because", "of"), ("owing", "to"), ("thanks", "to")})
CAUSAL = frozenset(
    {"due to", "because of", "owing to", "thanks to", "as a result of", "on account of", "in response to"}
)
"""What stands behind them is the cause, before the verb as well as behind it."""

_FIRST = frozenset(first for first, _ in _PAIRS)
_FARTHEST = 8
"""Words between the preposition and its noun, at most."""


def with_causal_prepositions(parse: Parse) -> Parse:
    """The parse with such pairs as "case" of their noun; the same parse where there are none, or no noun behind."""
    if _FIRST.isdisjoint(parse.lower):
        return parse
    heads, relations = list(parse.heads), list(parse.relations)
    for first in range(len(parse) - 2):
        if (parse.lower[first], parse.lower[first + 1]) in _PAIRS:
            _repair(parse, first, heads, relations)
    return replace(parse, heads=tuple(heads), relations=tuple(relations))


def _repair(parse: Parse, first: int, heads: list[int], relations: list[str]) -> None:
    second = first + 1
    noun = _noun(parse, second, heads)
    if noun is None:
        return
    pair = (first, second)
    # The one of the pair that carries the phrase, where one does: the noun takes its place.
    carrier = heads[noun] if heads[noun] in pair else None
    if carrier is not None and heads[carrier] in pair and heads[carrier] != carrier:
        carrier = heads[carrier]
    if carrier is not None:
        root = heads[carrier] == carrier
        heads[noun] = noun if root else heads[carrier]
        relations[noun] = relations[carrier] if root or relations[carrier] == "ccomp" else "obl"
        for at in range(len(parse)):
            if heads[at] in pair and at != noun and at not in pair:
                heads[at] = noun
    for at in pair:
        heads[at], relations[at] = noun, "case"


def _noun(parse: Parse, second: int, heads: list[int]) -> int | None:
    """The noun that the preposition belongs to: what it hangs on behind it, or what hangs on it."""
    above = heads[second]
    if parse.is_noun(above) and second < above <= second + _FARTHEST:
        return above
    nouns = [at for at in range(second + 1, min(second + 1 + _FARTHEST, len(parse))) if parse.is_noun(at)]
    beside = (second - 1, second)
    below = next((at for at in nouns if heads[at] in beside), None)
    if below is not None:
        return below
    # Left on the verb, each by itself.
    return next((at for at in nouns if heads[at] == above and parse.preposition(at) == ""), None)
