"""The concepts that papers speak of most, to choose from and to begin with."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from ui.web.served import served

MOST = 2000
"""Names in a list to choose from; any other can be typed."""


def most_spoken_of(types: Sequence[str] = ()) -> list[str]:
    """Labels of concepts, those in most papers first; with `types`, of these alone."""
    library = served().library
    return _most_spoken_of(str(library.address), library.info().revision, tuple(sorted(types)))


def types() -> dict[str, int]:
    """The types of concepts that there are, the most frequent first, with how many concepts have each."""
    library = served().library
    return _types(str(library.address), library.info().revision)


def most_connected() -> str | None:
    """The concept with the most relations, else the one in the most papers; None where there is none."""
    library = served().library
    return _most_connected(str(library.address), library.info().revision)


# The arguments say which library and which state of it, so that what is kept is never out of date.


@st.cache_data(max_entries=16, show_spinner=False)
def _most_spoken_of(address: str, revision: str, types: tuple[str, ...] = ()) -> list[str]:
    chosen = (one for one in served().library.concepts() if not types or one.type in types)
    concepts = sorted(chosen, key=lambda one: (-one.papers, -one.mentions, one.label))
    return [one.label for one in concepts[:MOST]]


@st.cache_data(max_entries=4, show_spinner=False)
def _types(address: str, revision: str) -> dict[str, int]:
    return served().library.types()


@st.cache_data(max_entries=4, show_spinner=False)
def _most_connected(address: str, revision: str) -> str | None:
    ends = Counter(end for one in served().library.relations() for end in (one.subject, one.object))
    if ends:
        return min(ends, key=lambda label: (-ends[label], label))
    return next(iter(_most_spoken_of(address, revision)), None)
