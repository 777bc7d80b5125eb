"""The web app: its pages, and what stands around them. `hypograph ui` starts it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.web import frame, messages

HERE = Path(__file__).parent


def run() -> None:
    """One run of the page that is open."""
    st.set_page_config(page_title="Hypograph", page_icon=str(HERE / "web" / "icon.png"), layout="wide",
                       menu_items={"Get help": None, "Report a bug": None,
                                   "About": "Reads your papers into a graph in which every edge is a sentence somebody "
                                            "wrote. Nothing leaves this machine."})
    pages = [st.Page(HERE / "pages" / "library.py", title="Library", url_path="library", default=True),
             st.Page(HERE / "pages" / "ask.py", title="Ask", url_path="ask"),
             st.Page(HERE / "pages" / "graph.py", title="Graph", url_path="graph"),
             st.Page(HERE / "pages" / "paper.py", title="Paper", url_path="paper"),
             st.Page(HERE / "pages" / "disagreements.py", title="Disagreements", url_path="disagreements")]
    st.logo(str(HERE / "web" / "logo.svg"), size="large")
    page = st.navigation(pages, position="top")
    frame.style()
    with messages.told():
        page.run()


if __name__ == "__main__":
    run()
