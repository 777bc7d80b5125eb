"""Hypotheses as a document: Markdown with numbered references, a picture of each path (SVG), and BibTeX."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from agents.hypothesis import Facet, Hypotheses, Hypothesis, Said
from agents.report import plain, reference
from agents.steps.prose import counted
from kg.bibtex import bibliography
from kg.model import Path, shortened

_WIDTH, _HEIGHT, _GAP = 190, 56, 150  # of a box, and between two of them, in pixels
_TOP, _MARGIN = 96, 16
_LINE = 24  # characters on a line in a box
_GREEN, _ORANGE, _GREY, _INK = "#1b6e4c", "#b4530a", "#6b7280", "#111827"


def markdown(made: Hypotheses) -> str:
    """All hypotheses of a run with their facets, cards and critiques, then references and BibTeX.

    Text from papers and people is text: nothing in it is obeyed as Markdown or HTML.
    """
    numbers = {paper.id: number for number, paper in enumerate(made.papers, 1)}
    count = len(made.hypotheses)
    lines = [f"# {counted(count, 'hypothesis', 'hypotheses').capitalize()}", ""]
    if not count:
        lines += ["The papers give no path that leaves a link unstated.", ""]
    lines += [line for one in made.hypotheses for line in _hypothesis(one, numbers)]
    if made.notes:
        lines += ["## To know", "", *(f"- {plain(note)}" for note in made.notes), ""]
    if made.papers:
        lines += ["## References", "", *(f"{numbers[paper.id]}. {reference(paper)}" for paper in made.papers), ""]
        entries = bibliography(made.papers).rstrip("\n")
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", entries)), default=0))
        lines += ["## BibTeX", "", f"{fence}bibtex", entries, fence, ""]
    by = f"with {made.model}" if made.model is not None else "without a language model"
    told = f"Made by Hypograph {plain(by)}. What is marked (inference) goes beyond what it cites. Run {made.run}."
    return "\n".join([*lines, "---", "", told, ""])


def _hypothesis(one: Hypothesis, numbers: Mapping[str, int]) -> Iterable[str]:
    low, high = one.interval
    yield from (f"## {one.rank}. {plain(one.statement)}", "")
    yield from (f"Score {one.score:.3f} (95 % interval {low:.3f} to {high:.3f}), {one.id}.", "")
    if one.path is not None:
        picture = b64encode(svg(one).encode("utf-8")).decode("ascii")
        named = plain(" – ".join(one.path.concepts))
        yield from (f"![{named}](data:image/svg+xml;base64,{picture})", "")
    yield from (f"**The link that nobody states:** {plain(str(one.gap))} ({plain(one.gap.how)}).", "")
    for facet in one.facets:
        yield from _facet(facet, numbers)
    yield from _card(one, numbers)
    yield from _critique(one, numbers)
    if one.trail:
        yield from ("### What was tried", "")
        for tried in one.trail:
            kept = "kept" if tried.kept else "not kept"
            yield (
                f"- {plain(tried.change)} (since {plain(tried.why.rstrip('.'))}): {tried.score_before:.3f} to "
                f"{tried.score_after:.3f}, {kept}."
            )
        yield ""


def _facet(facet: Facet, numbers: Mapping[str, int]) -> Iterable[str]:
    yield from (f"### {facet.name.capitalize()}", "")
    if facet.silent:
        yield from (f"*{plain(facet.silent)}*", "")
    for one in facet.sentences:
        yield from (_sentence(one, numbers), "")


def _sentence(one: Said, numbers: Mapping[str, int]) -> str:
    cited = ", ".join(
        str(number)
        for number in dict.fromkeys(numbers[piece.paper] for piece in one.evidence if piece.paper in numbers)
    )
    mark = f" [{cited}]" if cited else ""
    return f"{plain(one.text)}{mark}{' *(inference)*' if one.inference else ''}"


def _card(one: Hypothesis, numbers: Mapping[str, int]) -> Iterable[str]:
    card = one.falsification
    yield from ("### What would refute it", "")
    yield from (f"- {_sentence(said, numbers)}" for said in card.refuted_by)
    yield ""
    if card.measurements:
        yield from ("To measure, the cheapest first:", "")
        for number, measured in enumerate(card.measurements, 1):
            yield f"{number}. **{plain(measured.what)}** ({plain(measured.why)}). {_sentence(measured.how, numbers)}"
        yield ""
    if card.decisive is not None:
        yield from (_sentence(card.decisive, numbers), "")


def _critique(one: Hypothesis, numbers: Mapping[str, int]) -> Iterable[str]:
    critique = one.critique
    if critique is None:
        return
    yield from ("### Critique", "")
    yield f"Verdict: **{plain(critique.verdict)}**; novelty: {plain(critique.novelty.verdict)}."
    yield ""
    for reason in critique.reasons:
        cited = _sentence(Said(reason.text, reason.evidence, not reason.evidence), numbers)
        yield f"- ({plain(reason.side)}) {cited.removesuffix(' *(inference)*')}"
    yield ""


# The picture ---------------------------------------------------------------------------------------------------------


def svg(one: Hypothesis) -> str:
    """The path with its predicates as an SVG picture; the unstated link is the dashed arc over it, dashed hops are
    those that no sentence states. "" without a path. The same hypothesis makes the same bytes."""
    return "" if one.path is None else _drawn(one.path, one)


def _drawn(path: Path, one: Hypothesis) -> str:
    count = len(path.concepts)
    width = 2 * _MARGIN + count * _WIDTH + (count - 1) * _GAP
    height = _TOP + _HEIGHT + _MARGIN + 22
    middle = _TOP + _HEIGHT / 2
    places = [_MARGIN + at * (_WIDTH + _GAP) for at in range(count)]
    about = escape(one.statement, quote=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"',
        f' font-family="sans-serif" font-size="13" role="img" aria-label="{about}">',
        "<defs>",
        *(
            f'<marker id="{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" '
            f'orient="auto-start-reverse"><path d="M0 0 8 4 0 8z" fill="{colour}"/></marker>'
            for name, colour in (("stated", _GREEN), ("unstated", _ORANGE), ("named", _GREY))
        ),
        "</defs>",
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
    ]
    for at, hop in enumerate(path.hops):
        begin, end = places[at] + _WIDTH, places[at + 1]
        first, last = (end, begin) if hop.reversed else (begin, end)
        stated = hop.supports > 0
        colour, name = (_GREEN, "stated") if stated else (_GREY, "named")
        dashes = "" if stated else ' stroke-dasharray="3 4"'
        arrow = f' marker-end="url(#{name})"' if stated else ""
        parts.append(
            f'<line x1="{first}" y1="{middle}" x2="{last}" y2="{middle}" stroke="{colour}" stroke-width="2"'
            f"{dashes}{arrow}/>"
        )
        parts += _text((begin + end) / 2, middle - 8, [shortened(hop.predicate, 22)], colour)
        parts += _text((begin + end) / 2, middle + 18, [counted(hop.papers, "paper")], _GREY)
    for label, place in zip(path.concepts, places, strict=True):
        parts.append(
            f'<rect x="{place}" y="{_TOP}" width="{_WIDTH}" height="{_HEIGHT}" rx="8" fill="#f0fdf4" '
            f'stroke="{_GREEN}"/>'
        )
        lines = _lines(label)
        parts += _text(place + _WIDTH / 2, middle + 5 - 8 * (len(lines) - 1), lines, _INK)
    left, right = places[0] + _WIDTH / 2, places[-1] + _WIDTH / 2
    start, goal = (right, left) if path.concepts[0] != one.gap.subject else (left, right)
    parts.append(
        f'<path d="M{start} {_TOP - 2}C{start} 20 {goal} 20 {goal} {_TOP - 2}" fill="none" stroke="{_ORANGE}" '
        'stroke-width="2" stroke-dasharray="7 5" marker-end="url(#unstated)"/>'
    )
    parts += _text((left + right) / 2, 28, [f"{one.gap.predicate}?"], _ORANGE)
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, lines: Sequence[str], colour: str) -> list[str]:
    return [
        f'<text x="{x}" y="{y + 16 * at}" text-anchor="middle" fill="{colour}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    ]


def _lines(label: str) -> list[str]:
    """A label on at most two lines, cut where it is longer."""
    words = label.split()
    first = ""
    while words and len(first) + len(words[0]) < _LINE:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return [shortened(label, _LINE)]
    return [first, shortened(" ".join(words), _LINE)] if words else [first]
