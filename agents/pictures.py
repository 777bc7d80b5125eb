"""Pictures of a hypothesis as SVG: its path with the link that nobody states, and its argument graph.

They stand by themselves: no script, no font, no address. Text from papers is text in them, whatever stands in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from textwrap import shorten, wrap
from typing import Any

_BOX, _BETWEEN = 190, 170  # widths of a concept, and of what joins two
_HIGH, _TOP, _ARC = 58, 92, 34  # of a concept, where it begins, and how high the arc goes
_MARGIN = 16
_LINE = 17
_LETTERS = 21  # of a concept on one line
_STYLE = """
svg { font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", sans-serif; }
.box { fill: #eef6f4; stroke: #0f766e; } .name { fill: #16201d; font-weight: 600; font-size: 14px; }
.hop { stroke: #52605b; stroke-width: 2; fill: none; } .tip { fill: #52605b; } .said { fill: #24302c; font-size: 13px; }
.small { fill: #5c6b66; font-size: 11.5px; } .named { stroke-width: 1.3; stroke-dasharray: 2 4; }
.denied { stroke: #b3261e; } .denied-tip { fill: #b3261e; }
.gap { stroke: #b7791f; stroke-width: 2.5; stroke-dasharray: 7 5; fill: none; } .gap-tip { fill: #b7791f; }
.gap-said { fill: #8a5a10; font-size: 13px; font-weight: 600; }
.for { fill: #e7f5f1; stroke: #0f766e; } .against { fill: #fceceb; stroke: #b3261e; }
.out { opacity: .5; } .attack { stroke: #b3261e; stroke-width: 1.6; fill: none; }
@media (prefers-color-scheme: dark) {
.box { fill: #12302b; stroke: #2dd4bf; } .name { fill: #e9f2ef; } .hop { stroke: #a9b8b2; } .tip { fill: #a9b8b2; }
.said { fill: #dfe8e4; } .small { fill: #a3b1ac; } .denied { stroke: #f2857d; } .denied-tip { fill: #f2857d; }
.gap { stroke: #e3b341; } .gap-tip { fill: #e3b341; } .gap-said { fill: #f0cd7a; }
.for { fill: #12302b; } .against { fill: #3a1a18; stroke: #f2857d; } .attack { stroke: #f2857d; }
}
"""


def path_svg(hypothesis: Mapping[str, Any]) -> str:
    """The path of a hypothesis (with the keys of the outside face): its concepts in a row, each hop as an arrow in the
    direction in which it was stated, with its predicate and its counts, and above them the link that nobody states, in
    dashes. A hop that sentences deny too is red."""
    gap, path = hypothesis["gap"], hypothesis["path"]
    concepts = [gap["subject"], gap["object"]] if path is None else list(path["concepts"])
    hops: Sequence[Mapping[str, Any]] = () if path is None else path["hops"]
    top = _TOP
    width = len(concepts) * _BOX + (len(concepts) - 1) * _BETWEEN + 2 * _MARGIN
    left = [_MARGIN + number * (_BOX + _BETWEEN) for number in range(len(concepts))]
    parts = [_boxed(x, top, name) for x, name in zip(left, concepts, strict=True)]
    parts += [_hop(left[number] + _BOX, top + _HIGH / 2, hop) for number, hop in enumerate(hops)]
    parts.append(_gap(hypothesis, concepts, left, top))
    said = f"{gap['subject']} – {gap['predicate']} – {gap['object']}, over {' – '.join(concepts)}"
    return _svg(width, top + _HIGH + 44, said, parts)


def _boxed(x: float, y: float, name: str) -> str:
    lines = _wrapped(name, _LETTERS, 3)
    first = y + _HIGH / 2 + 5 - (len(lines) - 1) * _LINE / 2
    texts = _texts(lines, x + _BOX / 2, first, "name")
    box = f'<rect class="box" x="{x}" y="{y}" width="{_BOX}" height="{_HIGH}" rx="9"/>'
    return f"<g><title>{_text(name)}</title>{box}{texts}</g>"


def _hop(x: float, y: float, hop: Mapping[str, Any]) -> str:
    middle = x + _BETWEEN / 2
    papers = f"{hop['papers']} paper{'' if hop['papers'] == 1 else 's'}"
    said = _texts(_wrapped(hop["predicate"], 22, 2), middle, y - 9, "said", upwards=True)
    if not hop["supports"] and not hop["denies"]:  # no sentence states a relation: both are named there
        line = f'<path class="hop named" d="M {x + 6} {y} H {x + _BETWEEN - 6}"/>'
        return line + said + _texts([f"in {papers}, side by side"], middle, y + 20, "small")
    start, end = x + 6, x + _BETWEEN - 6
    if hop["reversed"]:
        start, end = end, start
    sign = 1 if end > start else -1
    counts = f"{papers}, {hop['supports']} for" + (f", {hop['denies']} against" if hop["denies"] else "")
    line, tip = ("hop denied", "denied-tip") if hop["denies"] else ("hop", "tip")
    return (
        f'<path class="{line}" d="M {start} {y} H {end - 8 * sign}"/>'
        f'<path class="{tip}" d="M {end} {y} l {-10 * sign} -5 v 10 z"/>'
        + said
        + _texts([counts], middle, y + 20, "small")
    )


def _gap(hypothesis: Mapping[str, Any], concepts: Sequence[str], left: Sequence[float], top: float) -> str:
    gap, critique = hypothesis["gap"], hypothesis["critique"]
    ends = {concepts[0]: left[0] + _BOX / 2, concepts[-1]: left[-1] + _BOX / 2}
    start, end = ends.get(gap["subject"], left[0] + _BOX / 2), ends.get(gap["object"], left[-1] + _BOX / 2)
    known = critique is not None and critique["novelty"]["verdict"] == "anticipated"
    said = f"{gap['predicate']}: {'papers anticipate this' if known else 'no paper here states this'}"
    arc = f"M {start} {top} C {start} {_ARC}, {end} {_ARC}, {end} {top - 8}"
    return f'<path class="gap" d="{arc}"/><path class="gap-tip" d="M {end} {top} l -5 -10 h 10 z"/>' + _texts(
        [said], (start + end) / 2, _ARC - 2, "gap-said"
    )


_COLUMN, _GUTTER = 430, 90
_LETTERS_OF_ARGUMENT = 58


def arguments_svg(arguments: Mapping[str, Any]) -> str:
    """An argument graph: what speaks for it on the left, what against it on the right, who attacks whom in red; what is
    beaten in the grounded extension is pale."""
    told = [one for one in arguments["arguments"] if one["side"] != "note"]
    places: dict[str, tuple[float, float, float]] = {}
    parts: list[str] = []
    bottom = 0.0
    for side, x in (("for", _MARGIN), ("against", _MARGIN + _COLUMN + _GUTTER)):
        y = float(_MARGIN + 26)
        parts.append(_texts(["For" if side == "for" else "Against"], x + _COLUMN / 2, _MARGIN + 10, "said"))
        for one in (each for each in told if each["side"] == side):
            lines = _wrapped(one["text"], _LETTERS_OF_ARGUMENT, 4)
            high = len(lines) * _LINE + 32
            places[one["id"]] = (x, y, high)
            state = f"{one['status']}, weight {one['weight']:.2f}"
            parts.append(
                f'<g class="{"out" if one["status"] == "out" else "in"}"><title>{_text(one["text"])}</title>'
                f'<rect class="{side}" x="{x}" y="{y}" width="{_COLUMN}" height="{high}" rx="8"/>'
                + _texts(lines, x + 12, y + 20, "said", anchor="start")
                + _texts([state], x + 12, y + high - 8, "small", anchor="start")
                + "</g>"
            )
            y += high + 12
        bottom = max(bottom, y)
    for attacker, attacked in arguments["attacks"]:
        if attacker in places and attacked in places:
            parts.append(_attack(places[attacker], places[attacked]))
    width = 2 * _COLUMN + _GUTTER + 2 * _MARGIN
    return _svg(width, bottom + _MARGIN, "What speaks for and against it", parts)


def _attack(one: tuple[float, float, float], other: tuple[float, float, float]) -> str:
    (x, y, high), (to_x, to_y, to_high) = one, other
    start, end = y + high / 2, to_y + to_high / 2
    if x == to_x:  # of one side: around the column's outer edge
        edge = x if x == _MARGIN else x + _COLUMN
        away = edge + (-12 if x == _MARGIN else 12)
        line = f"M {edge} {start} C {away} {start}, {away} {end}, {edge} {end}"
        return f'<path class="attack" d="{line}"/>'
    begin, tip = (x + _COLUMN, to_x) if x < to_x else (x, to_x + _COLUMN)
    sign = 1 if begin < tip else -1
    half = (begin + tip) / 2
    line = f"M {begin} {start} C {half} {start}, {half} {end}, {tip - 8 * sign} {end}"
    return f'<path class="attack" d="{line}"/><path class="denied-tip" d="M {tip} {end} l {-9 * sign} -4.5 v 9 z"/>'


def _svg(width: float, height: float, said: str, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}" '
        f'height="{height:.0f}" role="img" aria-label="{_text(said)}"><style>{_STYLE}</style>{"".join(parts)}</svg>\n'
    )


def _texts(lines: Sequence[str], x: float, y: float, kind: str, anchor: str = "middle", upwards: bool = False) -> str:
    first = y - (len(lines) - 1) * _LINE if upwards else y
    return "".join(
        f'<text class="{kind}" x="{x}" y="{first + number * _LINE}" text-anchor="{anchor}">{_text(line)}</text>'
        for number, line in enumerate(lines)
    )


def _wrapped(text: str, letters: int, most: int) -> list[str]:
    """At most so many lines; the last ends with an ellipsis where something is left out."""
    found = wrap(" ".join(text.split()), letters) or [""]
    if len(found) <= most:
        return found
    rest = " ".join(found[most - 1 :])
    cut = shorten(rest, letters, placeholder="…")
    return [*found[: most - 1], cut if cut != "…" else f"{rest[: letters - 1]}…"]


def _text(text: str) -> str:
    """Text as SVG has it: escaped, without what XML cannot hold."""
    shown = "".join(one for one in text if one >= " " and not "\ud800" <= one <= "\udfff" and one not in "\ufffe\uffff")
    return escape(shown, quote=True)
