"""A run on a page while it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from ui import run_report
from ui.web.text import html

if TYPE_CHECKING:
    from agents.runs import Event
    from ui.web.making import Making

_BEAT = 0.25  # seconds after which the clock is drawn anew, and a click is heard


def watch(
    made: Making[Any], heading: str, key: str, preview: Callable[[Sequence[Event]], Sequence[str]] | None = None
) -> None:
    """Draws a run while it is made: its steps, its sentences by `preview` when there are some, what it costs; and a way
    to stop it.

    The run has a thread of its own: a click on anything runs the page again, and finds it as far as it is by then.
    """
    place = st.empty()
    with place.container():
        told = st.status(heading, expanded=True).empty()  # not as a context: that ends with it
        said = st.empty()
        left, right = st.columns([6, 1], vertical_alignment="center")
        spent = left.empty()
        right.button("Cancel", on_click=made.cancel, disabled=made.cancelled, width="stretch", key=key)
        drawn = -1
        while not made.over:
            events = made.events
            if len(events) != drawn:
                drawn = len(events)
                told.html("".join(f"<p>{html(str(one))}</p>" for one in events) or "<p>…</p>")
                if preview is not None and (sentences := preview(events)):
                    said.html(f'<p class="hg-answer hg-unchecked">{html(" ".join(sentences))}</p>')
            spent.caption(
                f"{made.seconds:.0f} s{_spending(made)}" + (" · stops at the next step" if made.cancelled else "")
            )
            made.wait(drawn, _BEAT)
    place.empty()  # the same steps stand beside what came of it


def _spending(made: Making[Any]) -> str:
    usage = made.cost
    return f" · {run_report.cost({'tokens': usage.tokens, 'money': usage.money})}" if usage.tokens else ""
