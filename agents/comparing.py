"""Two hypotheses beside each other: what they share, and in what they differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Told = Mapping[str, Any]
"""A hypothesis with the keys of the outside face."""


@dataclass(frozen=True, slots=True)
class Row:
    """One thing in which two hypotheses may differ, in words; `better` says which of the two (0 or 1) stands better in
    it, None where neither does or it cannot be said."""

    name: str
    one: str
    other: str
    better: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The row as plain values."""
        return {"name": self.name, "one": self.one, "other": self.other, "better": self.better}


def compared(one: Told, other: Told) -> list[Row]:
    """What two hypotheses say, rest on and score. What is not known stands as a dash."""

    def said(name: str, value: Callable[[Told], str]) -> Row:
        return Row(name, value(one), value(other))

    def figure(name: str, value: Callable[[Told], float | None]) -> Row:
        of_one, of_other = value(one), value(other)
        return Row(name, _rounded(of_one), _rounded(of_other), _better(of_one, of_other))

    def count(name: str, value: Callable[[Told], int], more: bool = True) -> Row:
        of_one, of_other = value(one), value(other)
        return Row(name, str(of_one), str(of_other), _better(of_one, of_other, more))

    shared = ", ".join(sorted(_concepts(one) & _concepts(other)))
    return [
        said("statement", lambda each: str(each["statement"])),
        said("link that nobody states", lambda each: _link(each["gap"])),
        said("path", _path),
        figure("score", lambda each: float(each["score"])),
        said("95 % interval", _interval),
        said("verdict", lambda each: _of(each, "verdict")),
        said("novelty", lambda each: _of(each, "novelty", "verdict")),
        figure("plausibility", lambda each: _value(each, "plausibility")),
        figure("testability", lambda each: _value(each, "testability")),
        figure("specificity", lambda each: _value(each, "specificity")),
        figure("weakest hop", _weakest),
        count("papers", lambda each: len(_papers(each))),
        count("sentences for", lambda each: _evidence(each, "supports")),
        count("sentences against", lambda each: _evidence(each, "denies"), more=False),
        Row("concepts in both", shared if shared else "–", ""),
        Row("papers in both", str(len(_papers(one) & _papers(other))), ""),
    ]


def _link(gap: Told) -> str:
    return f"{gap['subject']} – {gap['predicate']} – {gap['object']}"


def _hops(told: Told) -> list[Told]:
    return [] if told["path"] is None else list(told["path"]["hops"])


def _path(told: Told) -> str:
    return "–" if told["path"] is None else " – ".join(told["path"]["concepts"])


def _interval(told: Told) -> str:
    low, high = told["interval"]
    return f"{low:.2f} to {high:.2f}"


def _of(told: Told, *names: str) -> str:
    value: Any = told["critique"]
    for name in names:
        value = None if value is None else value[name]
    return "–" if value is None else str(value)


def _value(told: Told, name: str) -> float | None:
    critique = told["critique"]
    return None if critique is None else critique[name]["value"]


def _weakest(told: Told) -> float | None:
    hops = [] if told["critique"] is None else [one["strength"] for one in told["critique"]["hops"] if not one["gap"]]
    return min(hops, default=None)


def _rounded(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"


def _better(one: float | None, other: float | None, more: bool = True) -> int | None:
    if one is None or other is None or one == other:
        return None
    return int((other > one) == more)


def _pieces(told: Told) -> dict[str, Told]:
    return {one["id"]: one for hop in _hops(told) for one in hop["evidence"]}


def _papers(told: Told) -> set[str]:
    return {one["paper"] for one in _pieces(told).values()}


def _evidence(told: Told, polarity: str) -> int:
    return sum(one["polarity"] == polarity for one in _pieces(told).values())


def _concepts(told: Told) -> set[str]:
    return {told["gap"]["subject"], told["gap"]["object"], *(() if told["path"] is None else told["path"]["concepts"])}
