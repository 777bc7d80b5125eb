"""Sentences from papers on a page: each with where it stands, and a way into its context."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from kg.model import Certainty, Evidence, PaperPassage, Polarity, Quantity
from ui.web.text import Mark, html, marked

if TYPE_CHECKING:
    from kg.library import Library

PAPER_PAGE = "web/pages/paper.py"
CANDIDATES = "Sentences that may state a relation, but too doubtful to count: nothing else in Hypograph rests on them."
_MOST_SHOWN = 320  # characters of a passage before the rest has to be unfolded


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of a passage, and the paper it is from. What follows where it is evidence, or a candidate for it."""

    start: int
    end: int
    passage: PaperPassage
    polarity: Polarity | None = None
    certainty: Certainty | None = None
    candidate: bool = False
    quantities: tuple[Quantity, ...] = ()
    relation: str = ""

    @property
    def text(self) -> str:
        return self.passage.passage.text[self.start : self.end]


def place(passage: PaperPassage) -> str:
    """Where a passage stands, in words: key, year, section, page."""
    one, paper = passage.passage, passage.paper
    parts = [paper.key, str(paper.year) if paper.year is not None else "no year", one.section,
             f"p. {one.page}" if one.page is not None else None]
    return " · ".join(part for part in parts if part)


def of_evidence(library: Library, evidence: Iterable[Evidence]) -> list[Quote]:
    """Evidence as quotes, in the order given; what is gone meanwhile is left out."""
    listed = list(evidence)
    ids = {one.passage for one in listed}
    there = {one.passage.id: one for one in library.store.passages(ids=ids)} if ids else {}
    return [Quote(one.start, one.end, there[one.passage], one.polarity, one.certainty, one.candidate, one.quantities,
                  triple(one))
            for one in listed if one.passage in there]


def triple(one: Evidence) -> str:
    """What a sentence says, in short: `silk – not: increases – toughness`."""
    return f"{one.subject} – {'not: ' if one.polarity == 'denies' else ''}{one.predicate} – {one.object}"


def draw(quote: Quote, number: int | None = None) -> None:
    """The sentence, where it stands, its passage to be unfolded, and the way to its paper."""
    paper = quote.passage.paper
    kind = "against" if quote.polarity == "denies" else "for" if quote.polarity == "supports" else "plain"
    if quote.candidate:
        kind = "doubtful"
    badges = ['<span class="hg-badge hg-hedge">candidate: does not count</span>' if quote.candidate else "",
              f'<span class="hg-badge hg-status">{html(paper.status)}</span>' if paper.status is not None else "",
              '<span class="hg-badge hg-hedge">hedged</span>' if quote.certainty == "hedged" else "",
              '<span class="hg-badge hg-deny">denies</span>' if quote.polarity == "denies" else ""]
    shown = f'<span class="hg-number">{number}</span>' if number is not None else ""
    context = marked(quote.passage.passage.text, [Mark(quote.start, quote.end, "cited")])
    said = marked(quote.text, [Mark(one.start - quote.start, one.end - quote.start, "amount", one.what())
                               for one in quote.quantities])
    may = f'<div class="hg-amounts">may state: {html(quote.relation)}</div>' if quote.candidate else ""
    with st.container(gap=None):
        st.html(f'<blockquote class="hg-quote hg-{kind}">{shown}<p>“{said}”</p>{may}{amounts(quote.quantities)}<footer>'
                f"<cite>{html(paper.title or paper.key)}</cite><span>{html(place(quote.passage))}</span>"
                f'{"".join(badges)}</footer><details><summary>In its context</summary>'
                f'<p class="hg-passage">{context}</p></details></blockquote>')
        _way(quote.passage)


def amounts(quantities: Iterable[Quantity]) -> str:
    """What is measured in a sentence, and how much it is, as HTML; nothing where nothing is."""
    told = "".join(f"<span>{html(one.what())}: <strong>{html(one.text)}</strong></span>" for one in quantities)
    return f'<div class="hg-amounts">{told}</div>' if told else ""


def passage(one: PaperPassage) -> None:
    """A passage, its end to be unfolded, where it stands, and the way to its paper."""
    with st.container(gap=None):
        text = one.passage.text
        cut = text.find(" ", _MOST_SHOWN) if len(text) > 1.2 * _MOST_SHOWN else -1
        shown = (html(text) if cut < 0 else
                 f"{html(text[:cut])}<details><summary>…</summary>{html(text[cut + 1 :])}</details>")
        st.html(f'<blockquote class="hg-quote hg-plain"><div class="hg-passage">{shown}</div><footer>'
                f"<cite>{html(one.paper.title or one.paper.key)}</cite><span>{html(place(one))}</span>"
                "</footer></blockquote>")
        _way(one)


def _way(one: PaperPassage) -> None:
    st.page_link(PAPER_PAGE, label="Open in the paper →", query_params={"id": one.paper.id, "passage": one.passage.id})
