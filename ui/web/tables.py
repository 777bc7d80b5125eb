"""Tables of plain text: read by any browser and screen reader, and there at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from ui.web.text import counted, html

MOST = 1000  # rows; more would make the page slow, and nobody reads them


def table(rows: Sequence[Mapping[str, str | int]]) -> None:
    """Rows with the same keys, which head the columns; the first `MOST` of them."""
    if not rows:
        return
    head = "".join(f'<th scope="col"{_kind(value)}>{html(name)}</th>' for name, value in rows[0].items())
    body = "".join("<tr>" + "".join(_cell(value) for value in row.values()) + "</tr>" for row in rows[:MOST])
    st.html(f'<div class="hg-table" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
            "</div>")
    if len(rows) > MOST:
        st.caption(f"and {counted(len(rows) - MOST, 'row')} more")


def _cell(value: str | int) -> str:
    return f"<td{_kind(value)}>{f'{value:,}' if isinstance(value, int) else html(value)}</td>"


def _kind(value: str | int) -> str:
    return ' class="hg-count"' if isinstance(value, int) else ""
