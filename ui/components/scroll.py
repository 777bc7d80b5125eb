"""Brings a place of the page into view."""

from __future__ import annotations

from functools import cache
from typing import Any

# The text it looks for is drawn by another element, perhaps a moment later.
_SCRIPT = """
export default function ({ parentElement, data }) {
  const id = new TextDecoder().decode(data);
  if (parentElement.shown === id) return;
  parentElement.shown = id;
  let tries = 20;
  const look = () => {
    const place = document.getElementById(id);
    if (place !== null) place.scrollIntoView({ block: "center" });
    else if (tries-- > 0) setTimeout(look, 100);
  };
  look();
}
"""


@cache
def _component() -> Any:
    import streamlit as st

    return st.components.v2.component("hypograph_scroll", html="<span></span>", js=_SCRIPT)


def scroll_to(id: str) -> None:
    """Scrolls to the element with that id, once for each id."""
    _component()(key="scroll", data=id.encode(), height=1)
