"""Disagreements: what some sentences state and others deny."""

from __future__ import annotations

import streamlit as st

from kg.model import Relation
from ui.web import frame, messages, quotes
from ui.web.served import served
from ui.web.text import counted, html

PAGE = 10


def page() -> None:
    """Reads what is chosen, and draws both sides."""
    library = served().library
    frame.heading("Disagreements", "Relations that some sentences in your papers state and others deny.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    contested = sorted((one for one in library.relations() if one.supports and one.denies),
                       key=lambda one: (-min(one.supports, one.denies), -one.papers, one.subject, one.object))
    if not contested:
        st.info("No two sentences in this library contradict each other, as far as they could be read. The more papers "
                "on one subject there are, the more there is to see here.")
        return
    names = sorted({name for one in contested for name in (one.subject, one.object)}, key=str.casefold)
    wanted = st.multiselect("Only about", names, placeholder="All concepts")
    found = [one for one in contested if not wanted or {one.subject, one.object} & set(wanted)]
    pages = -(-len(found) // PAGE)
    at = st.pagination(pages, key=f"disagreements-{pages}") if pages > 1 else 1
    for relation in found[(at - 1) * PAGE : at * PAGE]:
        both(relation)


def both(relation: Relation) -> None:
    """One relation, with the sentences of both sides beside each other."""
    library = served().library
    found = quotes.of_evidence(library, library.evidence(relation))
    with st.container(border=True):
        st.html(f'<p class="hg-relation"><strong>{html(relation.subject)}</strong> <em>{html(relation.predicate)}</em> '
                f"<strong>{html(relation.object)}</strong></p>")
        left, right = st.columns(2, gap="medium")
        for column, name, polarity in ((left, "For", "supports"), (right, "Against", "denies")):
            side = [one for one in found if one.polarity == polarity]
            with column:
                st.markdown(f"**{name}** · {counted(len(side), 'sentence')}")
                for one in side:
                    quotes.draw(one)


if __name__ == "__main__":
    page()
