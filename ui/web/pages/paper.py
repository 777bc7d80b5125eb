"""Paper: its text, with the concepts and the evidence in it marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

import streamlit as st

from kg.injections import quarantined
from kg.model import ANY_TYPE, QUANTITY, Evidence, Mention, Paper, PaperPassage
from ui.components.scroll import scroll_to
from ui.web import frame, messages, quotes
from ui.web.served import served
from ui.web.tables import table
from ui.web.text import Mark, html, label, marked

GRAPH_PAGE = "web/pages/graph.py"
MOST_NAMES = 5000


def page() -> None:
    """Reads which paper is wanted, and draws it."""
    library = served().library
    papers = {one.id: one for one in library.papers()}
    if not papers:
        frame.heading("Paper", "The text of a paper, with what was read from it.")
        messages.nothing_yet()
        return
    given = st.query_params.get("id")
    chosen = st.selectbox("Paper", list(papers), index=list(papers).index(given) if given in papers else None,
                          format_func=lambda id: _name(papers[id]), placeholder="Choose a paper")
    if chosen is None:
        if given is not None:
            st.warning("The paper that this address names is not in the library (any more). Choose another one.")
        else:
            st.info("Choose a paper above, or open one from a quote or from the Library page.")
        return
    if chosen != given:
        st.query_params.from_dict({"id": chosen})
    read(papers[chosen], st.query_params.get("passage"))


def _name(paper: Paper) -> str:
    year = f" ({paper.year})" if paper.year is not None else ""
    return f"{paper.title or paper.key}{year}"


def read(paper: Paper, target: str | None) -> None:
    """The paper; `target` is the passage that is looked for."""
    store = served().library.store
    with store.reading():
        passages = list(store.passages(paper=paper.id))
        ids = [one.passage.id for one in passages]
        mentions = list(store.mentions(passages=ids)) if ids else []
        evidence = list(store.evidence(passages=ids)) if ids else []
        candidates = list(store.candidates(passages=ids)) if ids else []
        common = [id for id, _ in Counter(id for _, id in mentions if id is not None).most_common(10)]
        concepts = [found[0] for id in common if (found := store.concepts_called(id))]
    head(paper)
    left, right = st.columns([5, 2], gap="large")
    with right:
        st.markdown("##### Most named here")
        for concept in concepts:
            st.page_link(GRAPH_PAGE, label=label(concept.label), query_params={"concept": concept.id})
        stated(evidence)
        beside = st.container()
    with left:
        with st.container(horizontal=True, vertical_alignment="center"):
            names = st.toggle("Mark concepts", value=True)
            amounts = st.toggle("Mark quantities", value=True)
            said = st.toggle("Mark what it states", value=True)
            doubtful = st.toggle("Show candidates", help=quotes.CANDIDATES)
        key(doubtful)
        if doubtful:
            with beside:
                may_state(candidates)
        marks: dict[str, list[Mark]] = {id: [] for id in ids}
        if said:
            for one in evidence:
                marks[one.passage].append(_evidence_mark(one))
        for one in candidates if doubtful else ():
            marks[one.passage].append(Mark(one.start, one.end, "candidate", f"may state: {quotes.triple(one)}"))
        measured = _measured([*evidence, *(candidates if doubtful else ())])
        for mention, _ in mentions:
            if amounts if mention.label == QUANTITY else names:
                marks[mention.passage].append(_mention_mark(mention, measured))
        for part in sections(passages, marks, target):
            st.html(part)
    if target in ids:
        scroll_to(f"hg-{target}")


def head(paper: Paper) -> None:
    """What the paper is."""
    facts = [", ".join(paper.authors), str(paper.year) if paper.year is not None else "no year", paper.venue or "",
             f"doi:{paper.doi}" if paper.doi is not None else "", paper.key]
    badge = f' <span class="hg-badge hg-status">{html(paper.status)}</span>' if paper.status is not None else ""
    st.html(f'<h1 class="hg-heading">{html(paper.title or paper.key)}{badge}</h1>'
            f'<p class="hg-facts">{html(" · ".join(dict.fromkeys(fact for fact in facts if fact)))}</p>')


def key(doubtful: bool) -> None:
    """What the marks mean."""
    st.html('<p class="hg-key"><span><span class="hg-concept">concept</span></span>'
            '<span><span class="hg-amount">quantity</span></span>'
            '<span><span class="hg-states">states a relation</span></span>'
            '<span><span class="hg-denies">denies one</span></span>'
            '<span><span class="hg-hedges">hedges</span></span>'
            + ('<span><span class="hg-candidate">may state one: does not count</span></span>' if doubtful else "")
            + "</p>")


def _measured(told: Iterable[Evidence]) -> dict[tuple[str, int, int], str]:
    """What the quantities at their places (passage, start, end) are the amounts of."""
    found: dict[tuple[str, int, int], set[str]] = defaultdict(set)
    for one in told:
        for quantity in one.quantities:
            found[one.passage, quantity.start, quantity.end].add(quantity.what())
    return {place: ", ".join(sorted(names)) for place, names in found.items()}


def _mention_mark(one: Mention, measured: Mapping[tuple[str, int, int], str]) -> Mark:
    if one.label == QUANTITY:
        return Mark(one.start, one.end, "amount", measured.get((one.passage, one.start, one.end), ""))
    return Mark(one.start, one.end, "concept", one.name if one.label == ANY_TYPE else f"{one.name} ({one.label})")


def _evidence_mark(one: Evidence) -> Mark:
    kind = "denies" if one.polarity == "denies" else "hedges" if one.certainty == "hedged" else "states"
    return Mark(one.start, one.end, kind, quotes.triple(one))


def sections(passages: list[PaperPassage], marks: Mapping[str, list[Mark]], target: str | None) -> Iterator[str]:
    """The text as HTML, one piece a section."""
    for heading, group in groupby(passages, key=lambda one: one.passage.section):
        parts = [f'<h2 class="hg-section">{html(heading)}</h2>'] if heading else []
        for one in group:
            page = f'<span class="hg-page">p. {one.passage.page}</span>' if one.passage.page is not None else ""
            kind = "hg-passage hg-target" if one.passage.id == target else "hg-passage"
            for found in quarantined([one]):
                page += f'<span class="hg-badge hg-deny">quarantined: {html(found.reason)}</span> '
            parts.append(f'<p class="{kind}" id="hg-{html(one.passage.id)}">{page}'
                         f"{marked(one.passage.text, marks[one.passage.id])}</p>")
        yield "".join(parts)


def stated(evidence: list[Evidence]) -> None:
    """The relations that the paper's sentences state or deny."""
    st.markdown(f"##### What it states · {len(evidence)}")
    if not evidence:
        st.caption("No sentence was read as stating a relation between two concepts.")
        return
    table(_rows(evidence))


def may_state(candidates: list[Evidence]) -> None:
    """What its sentences may state, too doubtful to count."""
    st.markdown(f"##### Candidates · {len(candidates)}")
    if not candidates:
        st.caption("No sentence was read as one that may state a relation, and is too doubtful to count.")
    table(_rows(candidates))


def _rows(told: Iterable[Evidence]) -> list[dict[str, str]]:
    return [{"subject": one.subject, "predicate": ("not: " if one.polarity == "denies" else "") + one.predicate,
             "object": one.object} for one in told]


if __name__ == "__main__":
    page()
