"""Library: what is in it, adding to it, taking out of it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from kg.errors import NoLibrary
from kg.library import Info
from kg.model import Paper
from ui import asked
from ui.web import frame, messages, uploads
from ui.web.quotes import PAPER_PAGE
from ui.web.readings import Reading
from ui.web.served import Served, served
from ui.web.server import sample
from ui.web.tables import table
from ui.web.text import counted, html, label
from ui.web.uploads import Upload

PAGE = 20
NEXT = {"web/pages/ask.py": "Ask a question →", "web/pages/graph.py": "Look at the graph →",
        "web/pages/disagreements.py": "See who disagrees →"}
_STATES = {"queued": "Queued", "reading": "Reading", "waiting": "Waiting", "done": "Read", "failed": "Ended early"}


def page() -> None:
    """What is there, what is being read, and a way to add to it."""
    here = served()
    try:
        info = here.library.info()
    except NoLibrary:
        info = None
    frame.heading("Library", "Your papers, read into a graph in which every edge is a sentence somebody wrote.")
    if info is not None and info.papers:
        inside(info)
    watch(here)
    if info is None or not info.papers:
        welcome(here)
    add(here, opened=info is None or not info.papers)
    if info is not None and info.papers:
        papers(here)
    st.caption(f"Library: {label(str(here.library.address), None)}")


def inside(info: Info) -> None:
    """How much there is, and what can be done with it."""
    numbers = {"Papers": info.papers, "Passages": info.passages, "Concepts": info.concepts, "Relations": info.relations,
               "Sentences as evidence": info.evidence}
    for column, (name, number) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(name, f"{number:,}")
    with st.container(horizontal=True, gap="large"):
        for page_, words in NEXT.items():
            st.page_link(page_, label=words)


def welcome(here: Served) -> None:
    """What a first visit can do."""
    if here.readings.under_way():
        return
    with st.container(border=True):
        st.markdown("**Nothing has been read yet.** Upload papers below. Or look around first: twelve short articles "
                    "on silk, bone, nacre and other natural materials come with Hypograph.")
        if st.button("Read the sample articles", type="primary"):
            st.session_state["reading"] = here.readings.start(sample())
            st.rerun()


# Adding ---------------------------------------------------------------------------------------------------------------


def add(here: Served, opened: bool) -> None:
    """Files to upload, and what becomes of them."""
    with st.expander("Add papers", expanded=opened):
        round_ = st.session_state.setdefault("upload_round", 0)
        files = st.file_uploader(
            "PDF, JATS or PubMed Central XML, Markdown, text, or a corpus of JSON lines", type=uploads.SUFFIXES,
            accept_multiple_files=True, key=f"files-{round_}",
            max_upload_size=min(uploads.MOST_MB, here.library.settings.file_mb))
        settings = here.library.settings
        goes = "nothing is sent anywhere" if "llm" not in settings.extractor.split("+") or settings.llm is None else (
            f"their text is sent to the language model that is set, {label(settings.llm)}")
        st.caption(f"Files are kept in the library's folder and read on this machine; {goes}.")
        if not files:
            return
        sent = [Upload(one.name, one.getvalue()) for one in files]
        beside = False
        if names := uploads.changed(here.library, sent):
            choice = st.radio(f"Already here with other content: {label(', '.join(names), 300)}",
                              ["Replace what was read from the earlier file", "Keep both"])
            beside = choice == "Keep both"
        if st.button(f"Read {counted(len(sent), 'file')}", type="primary"):
            kept = uploads.keep(here.library, sent, beside)
            st.session_state["reading"] = here.readings.start(
                kept, then=lambda report: uploads.drop_unread(here.library, report.files))
            st.session_state["upload_round"] = round_ + 1  # a new, empty uploader: the old one lets go of the files
            st.rerun()


def watch(here: Served) -> None:
    """The readings that are under way, and how this tab's last one ended."""
    under_way = [one.id for one in here.readings.under_way()]
    mine = st.session_state.get("reading")
    if under_way:
        progress(tuple(under_way))
    elif mine is not None and (reading := here.readings.of(mine)) is not None:
        ended(reading)


@st.fragment(run_every=0.5)
def progress(ids: tuple[str, ...]) -> None:
    """Runs by itself while there is something to see, then lets the whole page run."""
    readings = [one for id in ids if (one := served().readings.of(id)) is not None]
    for one in readings:
        done = one.done / one.total if one.total else 0.0
        count = f"{one.done} of {counted(one.total, 'file')}" if one.total else ""
        st.progress(min(1.0, done), " · ".join(part for part in (_STATES[one.state], count, label(one.says)) if part))
    st.caption("You may go to other pages meanwhile.")
    if all(one.over for one in readings):
        st.rerun()


def ended(reading: Reading) -> None:
    """The report of a reading."""
    report = reading.report
    if report is None:
        st.error(label(reading.says, None))
        return
    became = ", ".join(f"{number} {status}" for status, number in report.papers.items() if number)
    skipped = sum(file.status == "skipped" for file in report.files)
    words = f"Read in {report.seconds:.0f} s: {became if became else 'nothing new'}."
    if reading.says:
        st.error(label(reading.says, None))
    (st.warning if report.failed or skipped else st.success)(words)
    if report.quarantined:
        st.warning(f"{counted(report.quarantined, 'passage')} looked like an instruction to a program, and stay out of "
                   "every search and answer. They are listed below the papers.")
    if report.account is not None:
        for line in asked.sentences(report.account.as_json()):
            st.caption(label(line, None))
    with st.expander("What became of each file", expanded=report.failed or bool(skipped)):
        table([{"file": Path(file.path).name, "became": file.status,
                "paper": file.key if file.key is not None else "",
                "why": file.reason if file.reason is not None else ""} for file in report.files])


# Looking and taking out -----------------------------------------------------------------------------------------------


def papers(here: Served) -> None:
    """The papers, a page at a time."""
    all_ = here.library.papers()
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    wanted = left.text_input("Filter papers", placeholder="Words of a title, an author, a key or a year",
                             label_visibility="collapsed").casefold().split()
    found = [one for one in all_ if all(word in _searched(one) for word in wanted)]
    right.caption(counted(len(found), "paper") if not wanted else f"{len(found):,} of {counted(len(all_), 'paper')}")
    if not found:
        st.info("No paper fits. Try fewer words.")
        return
    pages = -(-len(found) // PAGE)
    at = st.pagination(pages, key=f"papers-{pages}") if pages > 1 else 1
    for paper in found[(at - 1) * PAGE : at * PAGE]:
        row(paper)
    quarantine(here)
    if (asked := st.session_state.get("removing")) is not None and any(one.id == asked for one in all_):
        confirm(asked)


def quarantine(here: Served) -> None:
    """What looks like an instruction to a program, on demand: every passage has to be looked at."""
    if not st.toggle("Show quarantined passages", help="Sentences of papers that look like instructions to a program, "
                     "and text that people cannot see. They are kept, and never searched, counted or quoted."):
        return
    found = here.library.quarantine()
    if not found:
        st.caption("Nothing is quarantined.")
    for one in found:
        page = f"p. {one.page}" if one.page is not None else None
        place = " · ".join(part for part in (one.key, one.section, page) if part)
        st.html(f'<blockquote class="hg-quote hg-against"><div class="hg-passage">{html(one.text)}</div><footer>'
                f'<cite>{html(one.reason)}</cite><span>{html(place)}</span></footer></blockquote>')
        st.page_link(PAPER_PAGE, label="Open in the paper →", query_params={"id": one.paper, "passage": one.passage})


def _searched(paper: Paper) -> str:
    return " ".join([paper.title, paper.key, str(paper.year), *paper.authors]).casefold()


def row(paper: Paper) -> None:
    """One paper: its title leads to it."""
    with st.container(key=f"row-{paper.id}", horizontal=True, vertical_alignment="center"):
        with st.container(gap=None):
            st.page_link(PAPER_PAGE, label=f"**{label(paper.title or paper.key, 200)}**", query_params={"id": paper.id})
            authors = ", ".join(paper.authors[:3]) + (" and others" if len(paper.authors) > 3 else "")
            facts = [authors, str(paper.year) if paper.year is not None else "", paper.venue or "", paper.key,
                     paper.status or ""]
            st.html(f'<p class="hg-facts">{html(" · ".join(dict.fromkeys(fact for fact in facts if fact)))}</p>')
        st.button("Remove", key=f"remove-{paper.id}", type="tertiary", on_click=wish_to_remove, args=(paper.id,))


def wish_to_remove(id: str | None = None) -> None:
    """Notes which paper the dialog shall ask about; None: no paper any more."""
    st.session_state["removing"] = id


def say(message: str) -> None:
    """Shows what is waited for."""
    st.info(label(message, None))


@st.dialog("Remove this paper?", on_dismiss=wish_to_remove)
def confirm(id: str) -> None:
    """Asks once more, and removes."""
    here = served()
    with messages.told():
        paper = here.library.paper(id).paper
        st.html(f'<p class="hg-title">{html(paper.title or paper.key)}</p>')
        files = uploads.of_papers(here.library, [id])
        st.write("What was read from it leaves the library: passages, concepts and relations that no other paper has."
                 + (" The uploaded file is deleted." if files else " The file it was read from stays where it is."))
        if here.readings.under_way():
            st.caption("Papers are being read: the removal waits for that.")
        yes, no = st.columns(2)
        if yes.button("Remove", type="primary", width="stretch"):
            with st.spinner("Removing"):
                here.library.remove(id, on_wait=say)
            for file in files:
                file.unlink(missing_ok=True)
            wish_to_remove(None)
            st.session_state.pop("reading", None)
            st.rerun()
        if no.button("Keep", width="stretch"):
            wish_to_remove(None)
            st.rerun()


if __name__ == "__main__":
    page()
