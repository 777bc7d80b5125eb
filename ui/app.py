"""The web app: its pages, and what stands around them. `hypograph ui` starts it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from ui.web import frame, messages

HERE = Path(__file__).parent
# Not beside this script: a folder `pages` there makes Streamlit run a page alone, without this script, when an address
# that leads to it is the first thing asked of the server.
PAGES = HERE / "web" / "pages"


def run() -> None:
    """One run of the page that is open."""
    st.set_page_config(page_title="Hypograph", page_icon=str(HERE / "web" / "icon.png"), layout="wide",
                       menu_items={"Get help": None, "Report a bug": None,
                                   "About": "Reads your papers into a graph in which every edge is a sentence somebody "
                                            "wrote. Nothing leaves this machine, unless you set a language model "
                                            "that is elsewhere."})
    pages = [st.Page(PAGES / "library.py", title="Library", url_path="library", default=True),
             st.Page(PAGES / "ask.py", title="Ask", url_path="ask"),
             st.Page(PAGES / "hypotheses.py", title="Hypotheses", url_path="hypotheses"),
             st.Page(PAGES / "table.py", title="Table", url_path="table"),
             st.Page(PAGES / "graph.py", title="Graph", url_path="graph"),
             st.Page(PAGES / "paper.py", title="Paper", url_path="paper"),
             st.Page(PAGES / "disagreements.py", title="Disagreements", url_path="disagreements"),
             st.Page(PAGES / "prediction.py", title="Prediction", url_path="prediction"),
             st.Page(PAGES / "notes.py", title="Notes", url_path="notes"),
             st.Page(PAGES / "runs.py", title="Runs", url_path="runs"),
             st.Page(PAGES / "settings.py", title="Settings", url_path="settings")]
    st.logo(str(HERE / "web" / "logo.svg"), size="large")
    page = st.navigation(pages, position="top")
    frame.style()
    with messages.told():
        page.run()


if __name__ == "__main__":
    run()
