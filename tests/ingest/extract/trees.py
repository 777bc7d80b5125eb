"""Parses written by hand: `tree("The/DT>cell/det cell/NN>grows/nsubj grows/VBZ>/ROOT")`.

Each word is WORD/TAG>HEAD/RELATION; a head is named by its word, the nearest one where it occurs twice.
"""

from __future__ import annotations

from ingest.extract.parse import Parse


def tree(text: str) -> Parse:
    words, tags, heads, relations = [], [], [], []
    for item in text.split():
        word, rest = item.split("/", 1)
        tag, rest = rest.split(">", 1)
        head, relation = rest.rsplit("/", 1)
        words.append(word)
        tags.append(tag)
        heads.append(head)
        relations.append(relation)
    places = [_place(words, at, head) for at, head in enumerate(heads)]
    starts = [sum(len(word) + 1 for word in words[:at]) for at in range(len(words))]
    ends = tuple(start + len(word) for start, word in zip(starts, words, strict=True))
    return Parse(0, ends[-1], tuple(words), tuple(tags), tuple(relations), tuple(places), tuple(starts), ends)


def _place(words: list[str], at: int, head: str) -> int:
    if not head:
        return at
    return min((place for place, word in enumerate(words) if word == head), key=lambda place: abs(place - at))
