"""Graph: what stands around a concept, and the sentences behind each line."""

from __future__ import annotations

import streamlit as st

from kg.model import Relation
from kg.scope import Scope, counts_in
from ui.components.graph_view import graph_view
from ui.web import frame, messages, quotes
from ui.web.neighbourhood import Neighbourhood, drawn, neighbourhood
from ui.web.scope import controls
from ui.web.served import served
from ui.web.spoken import MOST, most_connected, most_spoken_of, types
from ui.web.tables import table
from ui.web.text import counted, html, label

KEY = "graph"
MOST_CANDIDATES = 50
BY_CLICK = 12  # neighbours that a click brings in: a picture grows by steps that can be followed


def page() -> None:
    """Reads which concept is wanted, and draws what stands around it."""
    library = served().library
    frame.heading("Graph", "Each line is at least one sentence somebody wrote. Click a concept to bring in its "
                           "neighbours, click a line to read its sentences.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    first = most_connected()
    if first is None:
        st.info("The papers in this library name no concepts that could be drawn.")
        return
    left, middle, right = st.columns([3, 2, 1.4], vertical_alignment="bottom")
    counts = types()
    wanted_types = middle.multiselect("Types", list(counts), placeholder="All types", key="graph-types",
                                      format_func=lambda type: f"{type} ({counts.get(type, 0):,})",
                                      help="Only concepts of these types are listed and drawn as neighbours.")
    names = most_spoken_of(wanted_types)
    left.selectbox("Concept", names, index=None, accept_new_options=True, key="concept-name", on_change=name_chosen,
                   placeholder="Type to find a concept",
                   help="The list has those in most papers; any other can be typed." if len(names) == MOST else None)
    most = right.slider("Neighbours at most", 5, 100, 25, step=5, key="graph-most")
    wanted = st.query_params.get("concept")
    if wanted is not None and wanted != st.session_state.get("graph-wanted"):
        begin(wanted)
        st.session_state["graph-wanted"] = wanted
    elif "graph-opened" not in st.session_state:
        begin(first)
    scope = controls(KEY)
    with messages.told():
        served().library.scope(**scope.arguments())
        explorer(most, tuple(wanted_types), scope)


def name_chosen() -> None:
    """Puts the name that was chosen or typed into the address, which the page reads."""
    if (name := st.session_state["concept-name"]) is not None:
        st.query_params["concept"] = name
        st.session_state["graph-wanted"] = None


def begin(name: str) -> None:
    """Shows one concept with its neighbours, and nothing else."""
    concept = served().library.concept(name)
    st.session_state["graph-opened"] = [concept.id]
    st.session_state["graph-focus"] = concept.id
    st.session_state["graph-relation"] = None


@st.fragment
def explorer(most: int, only: tuple[str, ...], scope: Scope) -> None:
    """The picture, the sentences beside it and the table below it: a click runs this part of the page alone."""
    with messages.told():
        opened: list[str] = st.session_state["graph-opened"]
        part = neighbourhood(served().library.store, opened, most, BY_CLICK, only, scope)
        if not part.opened:
            st.info("That concept is in no paper any more. Choose another one.")
            return
        picture, beside = st.columns([5, 3], gap="medium")
        with picture:
            view(part)
        with beside:
            doubtful = st.toggle("Show candidates", key="graph-candidates", help=quotes.CANDIDATES)
            chosen = next((one for one in part.relations if one.id == st.session_state.get("graph-relation")), None)
            if chosen is None:
                about(part, doubtful)
            else:
                sentences(chosen, doubtful, scope)
        in_words(part)


def view(part: Neighbourhood) -> None:
    """The picture."""
    graph_view(key=KEY, selected=st.session_state.get("graph-relation"), on_concept=concept_clicked,
               on_relation=relation_clicked, **drawn(part, st.session_state.get("graph-focus")))
    words = f"{counted(len(part.concepts), 'concept')}, {counted(len(part.relations), 'relation')}"
    if part.left_out:
        words += f"; {counted(part.left_out, 'neighbour')} with less evidence left out"
    st.caption(words + ". The larger a concept, the more papers speak of it.")


def concept_clicked() -> None:
    """Brings in the neighbours of the concept that was clicked."""
    id = st.session_state[KEY].concept
    if id is None:
        return
    st.session_state["graph-focus"] = id
    st.session_state["graph-relation"] = None
    if id not in st.session_state["graph-opened"]:
        st.session_state["graph-opened"] = [*st.session_state["graph-opened"], id]


def relation_clicked() -> None:
    """Chooses the relation that was clicked."""
    if st.session_state[KEY].relation is not None:
        choose(st.session_state[KEY].relation)


def choose(relation: str | None) -> None:
    """Shows the sentences of that relation (id) beside the picture; None: the concept again."""
    st.session_state["graph-relation"] = relation


def about(part: Neighbourhood, doubtful: bool) -> None:
    """The concept in focus; with `doubtful`, also the candidates for relations of it."""
    focus = st.session_state.get("graph-focus")
    concept = next((one for one in part.concepts if one.id == focus), part.opened[0])
    st.html(f'<p class="hg-heading">{html(concept.label)}</p><p class="hg-facts">{html(concept.type)} · in '
            f"{counted(concept.papers, 'paper')} · {counted(concept.mentions, 'mention')}</p>")
    others = [one for one in concept.aliases if one.casefold() != concept.label.casefold()]
    if others:
        st.html(f'<p class="hg-facts">Also written: {html(", ".join(others[:12]))}</p>')
    if len(st.session_state["graph-opened"]) > 1:
        st.button("Show this concept alone", on_click=begin, args=(concept.id,))
    st.markdown("##### Papers")
    papers = list(served().library.store.papers(concept=concept.id))
    for paper in papers[:8]:
        st.page_link(quotes.PAPER_PAGE, label=label(paper.title or paper.key, 90), query_params={"id": paper.id})
    if len(papers) > 8:
        st.caption(f"and {len(papers) - 8} more")
    if doubtful:
        found = list(served().library.store.candidates(concepts=[concept.label]))
        st.markdown(f"##### Candidates · {len(found)}")
        if not found:
            st.caption("No sentence was too doubtful to count as one on this concept.")
        with st.container(height=520 if len(found) > 2 else "content", border=False):
            for one in quotes.of_evidence(served().library, found[:MOST_CANDIDATES]):
                quotes.draw(one)
        if len(found) > MOST_CANDIDATES:
            st.caption(f"and {len(found) - MOST_CANDIDATES:,} more")


def sentences(relation: Relation, doubtful: bool, scope: Scope) -> None:
    """The sentences of a relation in the scope: those that state it, deny it, hedge it, and with `doubtful`, those that
    may."""
    left, right = st.columns([5, 1])
    left.html(f'<p class="hg-relation"><strong>{html(relation.subject)}</strong> <em>{html(relation.predicate)}</em> '
              f"<strong>{html(relation.object)}</strong></p>"
              f'<p class="hg-facts">in {counted(relation.papers, "paper")}</p>')
    right.button("Close", type="tertiary", help="Back to the concept", on_click=choose, args=(None,))
    library = served().library
    found = quotes.of_evidence(library, filter(counts_in(library.store, scope), library.evidence(relation)))
    groups = [("For", [one for one in found if one.polarity == "supports" and one.certainty == "stated"]),
              ("Against", [one for one in found if one.polarity == "denies" and one.certainty == "stated"]),
              ("Hedged", [one for one in found if one.certainty == "hedged"])]
    if doubtful:
        candidates = quotes.of_evidence(library, library.candidates(relation))
        groups.append(("Candidates", candidates))
        if not candidates:
            st.caption("No sentence was too doubtful to count for this relation.")
    with st.container(height=520, border=False):
        for name, group in groups:
            if group:
                st.markdown(f"##### {name} · {len(group)}")
            for one in group:
                quotes.draw(one)


def in_words(part: Neighbourhood) -> None:
    """The same content in words, for whoever sees no picture or wants to copy it."""
    with st.expander("The same as a table"):
        table([{"subject": one.subject, "predicate": one.predicate, "object": one.object, "papers": one.papers,
                "for": one.supports, "against": one.denies, "hedged": one.hedges} for one in part.relations])
        names = {one.id: f"{one.subject} – {one.predicate} – {one.object}" for one in part.relations}
        read = st.selectbox("Read the sentences of", list(names), index=None, format_func=lambda id: names[id],
                            placeholder="Choose a relation", key="graph-table")
        st.button("Read", on_click=choose, args=(read,), disabled=read is None)


if __name__ == "__main__":
    page()
