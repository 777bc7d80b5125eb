"""The command `criticize`: a critique, drawn for people or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ui.terminal import one_line, write

_QUOTES = 2  # of a reason
_LONGEST = 200  # characters of a quote

_VERDICTS = {
    "supported": "Supported: sentences say so, and nothing of equal weight says otherwise.",
    "contradicted": "Contradicted: sentences say otherwise, and nothing of equal weight says so.",
    "disputed": "Disputed: sentences of equal weight say so and say otherwise.",
    "plausible": "Plausible: it follows from what papers say, or is said with doubt.",
    "weak": "Weak: it would follow from a path, but a part of that does not hold.",
    "open": "Open: nothing speaks for it or against it.",
}
_NOVELTY = {
    "anticipated": "Anticipated",
    "unknown": "Novelty unknown",
    "novel-looking": "Looks new",
}
_SIGNS = {"for": "+", "against": "-", "note": " "}


def draw(told: Mapping[str, Any]) -> None:
    """A critique with its reasons and their sentences."""
    critique = told["critique"]
    claim = critique["claim"]
    read_as = [
        claim["subject"],
        f"not: {claim['predicate']}" if claim["denied"] else claim["predicate"],
        claim["object"],
    ]
    write(one_line(told["statement"]))
    write(f"  read as: {' – '.join(map(one_line, read_as))}")
    write()
    write(f"{_VERDICTS[critique['verdict']]}  (score {critique['score']:.2f})")
    for reason in critique["reasons"]:
        write(f"  {_SIGNS[reason['side']]} {one_line(reason['text'])}")
        _quotes(reason["evidence"])
    novelty = critique["novelty"]
    write()
    states = f" (it states the {', '.join(novelty['states'])})" if novelty["states"] else ""
    write(f"{_NOVELTY[novelty['verdict']]}: {one_line(novelty['reason'])}{states}")
    _quotes(novelty["sentences"])
    for look in novelty["searched"]:
        write(f"    looked in {look['where']}: {one_line(look['what'])} ({look['read']} read)")
    if critique["composition"]["follows"] is not None:
        _path(critique)
    write()
    for name in ("plausibility", "testability", "specificity"):
        measure = critique[name]
        value = "?" if measure["value"] is None else f"{measure['value']:.2f}"
        write(f"{name:<13} {value:>4}  {one_line(measure['reason'])}")
    if (opinion := critique["opinion"]) is not None:
        write()
        write(one_line(opinion["text"]))
        for reason in opinion["case"]:
            write(f"  {_SIGNS[reason['side']]} (the model's words) {one_line(reason['text'])}")
            _quotes(reason["evidence"])


def _path(critique: Mapping[str, Any]) -> None:
    write()
    write(one_line(critique["composition"]["reason"]))
    for hop in critique["hops"]:
        mark = "?" if hop["gap"] else "·"
        notes = f"; {'; '.join(map(one_line, hop['notes']))}" if hop["notes"] else ""
        write(
            f"  {mark} {one_line(hop['subject'])} – {one_line(hop['predicate'])} – {one_line(hop['object'])}  "
            f"(papers {hop['papers']}, groups of authors {hop['groups']}, for {hop['supports']}, against "
            f"{hop['denies']}{notes})"
        )


def _quotes(evidence: Sequence[Mapping[str, Any]]) -> None:
    for one in evidence[:_QUOTES]:
        quote = one_line(one["quote"])
        cut = quote if len(quote) <= _LONGEST else f"{quote[: _LONGEST - 1]}…"
        write(f"      “{cut}” ({one_line(one['key'])})")
