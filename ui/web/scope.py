"""Which part of the library a page is about: the controls that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from ingest.readers.headings import KINDS
from kg.model import shortened
from kg.scope import Scope
from ui.web.served import served
from ui.web.spoken import MOST

SECTIONS = tuple(kind for kind in KINDS if kind not in ("title", "acknowledgments", "other"))


@dataclass(frozen=True, slots=True)
class Names:
    """What a scope may name: tags, papers (key to title) and venues."""

    tags: tuple[str, ...]
    papers: dict[str, str]
    venues: tuple[str, ...]


def controls(key: str) -> Scope:
    """Draws an expander with the conditions of a scope, and gives the scope that is chosen there. `key` tells the
    controls of one page from those of another. Names that are not in the lists can be typed; those that there are not
    are refused by the library's verbs."""
    library = served().library
    names = _names(str(library.address), library.info().revision)
    chosen: dict[str, Any] = {name: st.session_state.get(f"{key}-{name}") for name in _HELP}
    is_set = sum(bool(value) for value in chosen.values())
    with st.expander(f"Only in part of the library{f' · {is_set} set' if is_set else ''}"):
        first, second, third = st.columns([1, 1, 3])
        since = _year(first, "Since year", f"{key}-since", _HELP["since"])
        until = _year(second, "As of year", f"{key}-until", _HELP["until"])
        papers = third.multiselect(
            "Papers or tags", [*names.tags, *names.papers], key=f"{key}-papers", help=_HELP["papers"],
            accept_new_options=True, placeholder="All papers",
            # Options are shown as they are, not as Markdown.
            format_func=lambda name: shortened(f"{name}: {names.papers[name]}" if name in names.papers else name, 90))
        left, right = st.columns(2)
        sections = left.multiselect("Sections", SECTIONS, key=f"{key}-sections", help=_HELP["sections"],
                                    accept_new_options=True, placeholder="All sections")
        venues = right.multiselect("Venues", names.venues, key=f"{key}-venues", help=_HELP["venues"],
                                   placeholder="All venues", disabled=not names.venues)
    return Scope(since, until, tuple(papers), tuple(sections), tuple(venues))


_HELP = {
    "since": "Leaves out papers of earlier years, and those without a year.",
    "until": "Leaves out papers of later years, and those without a year.",
    "papers": "Only these papers, or those with these tags. `hypograph tag` gives papers tags.",
    "sections": "Only such sections; any word of a heading can be typed.",
    "venues": "Only papers of these venues.",
}


def _year(column: Any, name: str, key: str, help: str) -> int | None:
    year = column.number_input(name, min_value=1500, max_value=2200, value=None, step=1, format="%d", placeholder="any",
                               key=key, help=help)
    return None if year is None else int(year)


# The arguments say which library and which state of it, so that what is kept is never out of date.
@st.cache_data(max_entries=4, show_spinner=False)
def _names(address: str, revision: str) -> Names:
    library = served().library
    papers = library.papers()
    return Names(
        tuple(library.tags()),
        {paper.key: paper.title for paper in papers[:MOST]},
        tuple(sorted({paper.venue for paper in papers if paper.venue})[:MOST]),
    )
