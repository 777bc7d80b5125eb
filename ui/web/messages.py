"""What goes wrong, and what is not there yet, said on the page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from kg.errors import HypographError, NoLibrary
from ui.web.text import label

LIBRARY_PAGE = "web/pages/library.py"


@contextmanager
def told() -> Iterator[None]:
    """Shows an error of the block as a message, with what to do; an empty library as an invitation."""
    try:
        yield
    except NoLibrary:
        nothing_yet()
    except HypographError as error:
        st.error(label(str(error), None))


def nothing_yet() -> None:
    """Says that there are no papers, and where to add some."""
    st.info("There are no papers in this library yet. Add some, or the sample articles, on the Library page.")
    st.page_link(LIBRARY_PAGE, label="Go to the Library page →")
