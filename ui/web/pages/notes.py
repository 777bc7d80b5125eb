"""Notes: what a person noted down, and kept of runs; linked, changed with its history, taken away and brought back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import streamlit as st

from kg.errors import UsageError
from kg.model import shortened
from kg.notes import MOST_OF_TEXT, MOST_OF_TITLE, history_json
from ui.web import frame, messages
from ui.web.quotes import PAPER_PAGE
from ui.web.served import served
from ui.web.spoken import MOST, most_spoken_of
from ui.web.text import counted, html, label

if TYPE_CHECKING:
    from kg.note_links import Suggestion
    from kg.notes import Note

PAGE = 10
OPEN = "note-open"
"""Where the session keeps which note is being looked at."""


def page() -> None:
    """A place to write, a place to look for notes, and the notes."""
    library = served().library
    frame.heading("Notes", "What you noted down, and what you kept of runs. A note is yours: no paper states it, and "
                           "it is in no search and no answer unless you ask for it.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    if (given := st.query_params.get("id")) is not None:
        st.session_state[OPEN] = given
        del st.query_params["id"]
    undo()
    write_new()
    found = chosen()
    if not found:
        return
    pages = -(-len(found) // PAGE)
    at = st.pagination(pages, key=f"notes-{pages}") if pages > 1 else 1
    shown = found[(at - 1) * PAGE : at * PAGE]
    for (note, why), told in zip(shown, library.notes.told(note for note, _ in shown), strict=True):
        card(note, told, why)


# Writing


def write_new() -> None:
    """A form for a new note; emptied when it was saved."""
    library = served().library
    round_ = st.session_state.setdefault("note-round", 0)
    with st.expander("Write a note", expanded=not len(library.notes)), \
         st.form(f"note-new-{round_}", border=False):
        title = st.text_input("Title", max_chars=MOST_OF_TITLE, placeholder="What to call it, if anything")
        text = st.text_area("Text", height=130, max_chars=MOST_OF_TEXT,
                            placeholder="What you think, want to remember, or want to look up")
        links = link_fields(f"new-{round_}", {})
        if st.form_submit_button("Save", type="primary"):
            with messages.told():
                made = library.notes.add(text, title, concepts=links["concepts"], papers=links["papers"],
                                         tags=links["tags"])
                st.session_state["note-round"] = round_ + 1
                st.session_state[OPEN] = made.id
                st.rerun()


def link_fields(key: str, has: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Fields for concepts, papers and tags, with those that a note has; what is chosen there."""
    library = served().library
    titles = {paper.key: paper.title for paper in library.papers()[:MOST]}
    left, middle, right = st.columns(3)
    concepts = left.multiselect("Concepts", _all(has.get("concepts", ()), most_spoken_of()), has.get("concepts", ()),
                                key=f"concepts-{key}", accept_new_options=True, placeholder="None")
    papers = middle.multiselect(
        "Papers", _all(has.get("papers", ()), titles), has.get("papers", ()), key=f"papers-{key}", placeholder="None",
        accept_new_options=True,
        format_func=lambda one: shortened(f"{one}: {titles[one]}", 90) if one in titles else one)
    tags = right.multiselect("Tags", _all(has.get("tags", ()), library.notes.tags()), has.get("tags", ()),
                             key=f"tags-{key}", accept_new_options=True, placeholder="None")
    return {"concepts": concepts, "papers": papers, "tags": tags}


def _all(*lists: Any) -> list[str]:
    return list(dict.fromkeys(one for each in lists for one in each))


# Looking


def chosen() -> list[tuple[Note, tuple[str, ...]]]:
    """The notes that the fields ask for, each with the reason why it was found; the one that is open first."""
    library = served().library
    tags = library.notes.tags()
    left, middle, right = st.columns([4, 2, 1], vertical_alignment="bottom")
    text = left.text_input("Look for notes", max_chars=500, placeholder="Words, or what they speak of")
    wanted = middle.multiselect("With tags", list(tags), placeholder="All notes", disabled=not tags,
                                format_func=lambda one: f"{one} ({tags[one]})" if one in tags else one)
    removed = right.toggle("Removed", help="Show the notes that were removed, instead.")
    there = library.notes.all(tag=wanted, removed=removed)
    found: list[tuple[Note, tuple[str, ...]]] = [(note, ()) for note in there]
    if text.strip():
        found = [(hit.note, hit.why) for hit in library.notes.search(text, len(there), tag=wanted, removed=removed)]
    if not found:
        st.info("No note fits." if text.strip() or wanted else
                "No note was removed." if removed else "Nothing has been noted down yet.")
    opened = st.session_state.get(OPEN)
    if not text.strip():
        found.sort(key=lambda one: one[0].id != opened)  # stable: the others stay the latest first
    return found


def card(note: Note, told: Mapping[str, Any], why: Sequence[str]) -> None:
    """One note, with what can be done with it; more of it where it is open."""
    with st.container(border=True, key=f"note-{note.id}"):
        title = f'<p class="hg-title">{html(note.title)}</p>' if note.title else ""
        by = f"concluded by {note.run}: not your words" if note.by == "run" else f"of {note.run}" if note.run else ""
        facts = [note.written[:16].replace("T", " "), f"version {note.version}" if note.version > 1 else "", by,
                 *(f"#{tag}" for tag in note.tags), "; ".join(why)]
        st.html(f'{title}<p class="hg-note">{html(note.text)}</p>'
                f'<p class="hg-facts">{html(" · ".join(fact for fact in facts if fact))}</p>')
        links(told)
        if note.removed:
            st.button("Bring it back", key=f"restore-{note.id}", on_click=restored, args=(note.id,))
            return
        opened = st.session_state.get(OPEN) == note.id
        with st.container(horizontal=True, gap="small"):
            st.button("Close" if opened else "Edit, links and history", key=f"open-{note.id}", type="tertiary",
                      on_click=open_, args=(None if opened else note.id,))
            st.button("Remove", key=f"remove-{note.id}", type="tertiary", on_click=remove, args=(note.id, note.heading))
        if opened:
            edit, suggested, history = st.tabs(["Edit", "Suggested links", "History"], key=f"tabs-{note.id}")
            with edit:
                change(note, told)
            with suggested:
                suggestions(note)
            with history:
                versions(note)


def links(told: Mapping[str, Any]) -> None:
    """What a note is linked to, with ways there."""
    # There with and without links: what stands below would else move, and its open tab be forgotten.
    with st.container(horizontal=True, gap="medium"):
        for one in told["concepts"]:
            if one["there"]:
                st.page_link("web/pages/graph.py", label=label(one["label"]), icon=":material/hub:",
                             query_params={"concept": one["label"]})
            else:
                st.caption(f"{label(one['label'])} (not in the library now)")
        for one in told["papers"]:
            if one["there"]:
                st.page_link(PAPER_PAGE, label=label(one["title"] or one["key"], 80), icon=":material/article:",
                             query_params={"id": one["id"]})
            else:
                st.caption(f"{label(one['key'])} (not in the library now)")
        for one in told["notes"]:
            if one["there"]:
                st.button(label(one["heading"], 80), key=f"to-{told['id']}-{one['id']}", type="tertiary",
                          icon=":material/sticky_note_2:", on_click=open_, args=(one["id"],))


def open_(id: str | None) -> None:
    """Notes which note is looked at."""
    st.session_state[OPEN] = id


# Changing


def change(note: Note, told: Mapping[str, Any]) -> None:
    """A form with all that a note has. What was changed elsewhere meanwhile is said, and not written over."""
    library = served().library
    seen: int = st.session_state.setdefault(_seen(note.id), note.version)
    has = {"concepts": [one["label"] for one in told["concepts"]], "papers": [one["key"] for one in told["papers"]],
           "tags": list(note.tags)}
    key = f"{note.id}-{seen}"
    with st.form(f"edit-{key}", border=False):
        title = st.text_input("Title", note.title, max_chars=MOST_OF_TITLE, key=f"title-{key}")
        text = st.text_area("Text", note.text, height=150, max_chars=MOST_OF_TEXT, key=f"text-{key}")
        wanted = link_fields(key, has)
        if st.form_submit_button("Save the change", type="primary"):
            with messages.told():
                library.notes.edit(note.id, text, title, seen=seen)
                new = {name: [one for one in wanted[name] if one not in has[name]] for name in wanted}
                gone = {name: [one for one in has[name] if one not in wanted[name]] for name in wanted}
                if any(new.values()):
                    library.notes.link(note.id, **new)
                if any(gone.values()):
                    library.notes.unlink(note.id, **gone)
                newest(note.id)
                st.rerun()
    if seen != note.version:
        st.button("Begin again from the newest version", key=f"newest-{key}", on_click=newest, args=(note.id,))


def _seen(id: str) -> str:
    """Where the session keeps which version of a note stands in its form."""
    return f"note-seen-{id}"


def newest(id: str) -> None:
    """Lets the form of a note show its newest version."""
    st.session_state.pop(_seen(id), None)


def suggestions(note: Note) -> None:
    """What the note might be linked to, each with the reason and a button."""
    found = served().library.notes.suggest(note.id)
    if not found:
        st.caption("Nothing to suggest: it names no concept or paper of the library that it is not linked to.")
    for number, one in enumerate(found):
        left, right = st.columns([8, 1], vertical_alignment="center")
        quote = f'<blockquote class="hg-quote hg-plain"><p>“{html(one.quote)}”</p></blockquote>' if one.quote else ""
        left.html(f'<p class="hg-title">{html(one.name)}</p><p class="hg-facts">{html(f"{one.kind}: {one.reason}")}</p>'
                  + quote)
        right.button("Link", key=f"link-{note.id}-{note.version}-{number}", on_click=take, args=(note.id, one))


def take(id: str, one: Suggestion) -> None:
    """Makes a link that was suggested."""
    served().library.notes.link(id, **{f"{one.kind}s": [one.target]})
    newest(id)


def versions(note: Note) -> None:
    """What became of a note, the latest first, with a way back to each version."""
    told = history_json(served().library.notes.history(note.id))
    for one in reversed(told):
        left, right = st.columns([8, 1.4], vertical_alignment="center")
        left.html(f'<p class="hg-facts">{one["version"]}. {html(one["written"][:16].replace("T", " "))} · '
                  f'{html("; ".join(one["changes"]))}</p><p class="hg-note hg-before">{html(one["text"])}</p>')
        if one["version"] != note.version:
            right.button("Back to this", key=f"back-{note.id}-{note.version}-{one['version']}", on_click=restored,
                         args=(note.id, one["version"]))
    st.caption(f"{counted(len(told), 'version')}. Going back makes a new one; none is lost.")


def restored(id: str, version: int | None = None) -> None:
    """Brings a note or a version of it back."""
    served().library.notes.restore(id, version)
    newest(id)
    st.session_state[OPEN] = id
    st.session_state.pop("note-removed", None)


def remove(id: str, heading: str) -> None:
    """Takes a note away, and remembers it for a while."""
    try:
        served().library.notes.remove(id)
    except UsageError:
        return  # another tab was faster: it is gone as was wished
    st.session_state["note-removed"] = id, heading


def undo() -> None:
    """Says which note was removed last, with a way back."""
    if (gone := st.session_state.get("note-removed")) is None:
        return
    id, heading = gone
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        st.info(f"Removed: {label(heading)}", width=600)
        st.button("Undo", key="note-undo", on_click=restored, args=(id,))


if __name__ == "__main__":
    page()
