"""Hypotheses as a document: Markdown with numbered references, a picture of each path (SVG), and BibTeX."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Mapping

from agents.hypothesis import Facet, Hypotheses, Hypothesis, Said
from agents.pictures import path_svg
from agents.report import plain, reference
from agents.steps.prose import counted
from kg.bibtex import bibliography


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
    """The path as a picture (`agents.pictures`); "" without a path. The same hypothesis makes the same bytes."""
    return "" if one.path is None else path_svg(one.as_json())
