"""Citations held against the papers by program."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from agents.answer import Citation, Sentence


@dataclass(frozen=True, slots=True)
class Dropped:
    """A citation that does not hold, and why."""

    citation: Citation
    reason: str


def held(
    sentences: Iterable[Sentence], texts: Mapping[str, str], found: Collection[str]
) -> tuple[tuple[Sentence, ...], tuple[Dropped, ...]]:
    """The sentences with those of their citations that hold, and what was dropped; a sentence without any left goes.

    A citation holds when its passage was found in this run (`found`, ids), is there (`texts`), and has the quote
    exactly at its place.
    """
    kept: list[Sentence] = []
    dropped: list[Dropped] = []
    for sentence in sentences:
        good = []
        for one in sentence.citations:
            reason = _wrong(one, texts, found)
            if reason is None:
                good.append(one)
            else:
                dropped.append(Dropped(one, reason))
        if good:
            kept.append(sentence if len(good) == len(sentence.citations) else replace(sentence, citations=tuple(good)))
    return tuple(kept), tuple(dropped)


def _wrong(one: Citation, texts: Mapping[str, str], found: Collection[str]) -> str | None:
    if one.passage not in found:
        return "its passage was not found in this run"
    if one.passage not in texts:
        return "its passage is not in the library"
    if not one.quote or texts[one.passage][one.start : one.end] != one.quote:
        return "its quote does not stand there"
    return None
