"""What stands around every page: its style and its beginning."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

from ui.web.text import html


@cache
def _style() -> str:
    return f"<style>{(Path(__file__).parent / 'style.css').read_text(encoding='utf-8')}</style>"


def style() -> None:
    """Lets the page use the classes of style.css."""
    st.html(_style())


def heading(title: str, lead: str) -> None:
    """A page's title and the sentence that says what it is for: words of ours, none from a paper."""
    st.title(title, anchor=False)
    st.html(f'<p class="hg-lead">{html(lead)}</p>')
