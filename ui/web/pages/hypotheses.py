"""Hypotheses: made between concepts or from a question, looked at, judged, compared; and what became of those kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import streamlit as st

from agents.comparing import compared
from agents.pictures import path_svg
from kg.model import shortened
from kg.scope import Scope
from ui.judged import counts
from ui.web import frame, messages, supposed
from ui.web.making import Making
from ui.web.scope import controls
from ui.web.served import served
from ui.web.spoken import most_spoken_of
from ui.web.tables import table
from ui.web.text import counted, html, label
from ui.web.watched import watch

if TYPE_CHECKING:
    from agents.hypothesis import Hypotheses
    from agents.judged import Judgement

RUNS_PAGE = "web/pages/runs.py"
VIEWS = ("Make", "Kept", "Rejected", "What is new")
_MOST = 20  # hypotheses of one run
_MOST_KEPT = 10  # runs, for when the page runs again
OPEN = "hypothesis-open"
"""Where the session keeps which hypothesis is looked at."""


def page() -> None:
    """What is wished, and what came of it."""
    library = served().library
    frame.heading("Hypotheses", "What your papers do not say, and what follows from what they do: with every sentence "
                                "behind it, what speaks against it, and what would refute it.")
    if not library.info().papers:
        messages.nothing_yet()
        return
    view = st.segmented_control("Show", VIEWS, default="Make", key="hypotheses-view", label_visibility="collapsed")
    with messages.told():
        if view == "Kept":
            judged(library.hypotheses.all())
        elif view == "Rejected":
            judged(library.hypotheses.all("rejected"))
        elif view == "What is new":
            digest()
        else:
            make()


# Making ---------------------------------------------------------------------------------------------------------------


def make() -> None:
    """The wish, the run while it is made, and its hypotheses."""
    for name, field in (("from", "hypotheses-from"), ("to", "hypotheses-to"), ("q", "hypotheses-question"),
                        ("statement", "hypotheses-statement")):
        if (given := st.query_params.get(name)) is not None:
            st.session_state.setdefault(field, given)
    names = most_spoken_of()
    with st.form("hypotheses-form", border=False):
        left, right = st.columns(2)
        start = _concept(left, "From", "hypotheses-from", names, "A concept; empty: anywhere")
        goal = _concept(right, "To", "hypotheses-to", names, "Another one; empty: what it leads to")
        left, right = st.columns(2)
        question = left.text_input("Or from a question", key="hypotheses-question", max_chars=1000,
                                   placeholder="What could make fibres tougher in wet air?")
        said = right.text_input("Or a statement of your own", key="hypotheses-statement", max_chars=1000,
                                placeholder="Humidity weakens sacrificial bonds.")
        wide, number, chance, go = st.columns([5, 1, 1, 1.4], vertical_alignment="bottom")
        across = wide.checkbox("Only across communities", key="hypotheses-across",
                               help="The two ends belong to different communities of concepts, which few papers join. "
                                    "From one concept, or from anywhere.")
        count = number.number_input("How many", 1, _MOST, 5, key="hypotheses-count")
        seed = chance.number_input("Seed", 0, 10**6, 0, key="hypotheses-seed",
                                   help="Equal seeds give equal hypotheses. It decides what is drawn where no concept "
                                        "is named.")
        if go.form_submit_button("Make hypotheses", type="primary", width="stretch"):
            st.session_state["hypotheses-wish"] = (start or None, goal or None, question.strip() or None,
                                                   said.strip() or None, int(count), int(seed), across)
            st.session_state.pop(OPEN, None)
    where = controls("hypotheses")
    wish = st.session_state.get("hypotheses-wish")
    if wish is None:
        st.caption("Two concepts: how the one may bear on the other. One: what it may lead to. A question: what may "
                   "answer it from far away. A statement: how the papers lead there. Nothing: what the whole library "
                   "leaves open.")
        return
    if (made := made_of(wish, where)) is not None:
        show(made)


def _concept(column: Any, name: str, key: str, names: Sequence[str], placeholder: str) -> str | None:
    here = st.session_state.get(key)
    options = list(names) if here is None or here in names else [here, *names]
    chosen: str | None = column.selectbox(name, options, index=None, key=key, accept_new_options=True,
                                          placeholder=placeholder)
    return chosen


def made_of(wish: tuple[Any, ...], where: Scope) -> Hypotheses | None:
    """What came of a wish, its steps told while they are taken; None where nothing did, which the page says. Kept for
    when the page runs again."""
    library = served().library
    kept: dict[Any, Making[Hypotheses]] = st.session_state.setdefault("hypotheses-made", {})
    start, goal, question, said, count, seed, across = wish
    with_model = bool(st.session_state.get("with-model", True))
    key = (str(library.address), library.info().revision, wish, where, with_model)
    if key not in kept:
        while len(kept) >= _MOST_KEPT:
            kept.pop(next(iter(kept)))
        kept[key] = Making(lambda heard: library.hypothesize(start, goal, question=question, statement=said, n=count,
                                                             seed=seed, across=across, with_model=with_model,
                                                             on_event=heard, **where.arguments()), library.cancel)
    made = kept[key]
    if not made.over:
        watch(made, "Following the papers", "cancel-hypotheses")
    if made.result is None:
        st.error(label("Nothing came of it." if made.error is None else made.error, None))
        if st.button("Try again", key="hypotheses-again"):
            kept.pop(key, None)
            st.rerun()
    return made.result


def show(made: Hypotheses) -> None:
    """The hypotheses of a run, what to know of them, and the whole as a file."""
    told = made.as_json()
    for note in told["notes"]:
        st.info(label(note, None))
    standings = served().library.hypotheses.standings()
    found = told["hypotheses"]
    hidden = [one for one in found if standings.get(one["id"]) == "rejected"]
    if hidden and not st.toggle(f"Show {len(hidden)} that you rejected", key="show-rejected"):
        found = [one for one in found if one not in hidden]
    if not found:
        st.warning("No path in your papers leaves a link unstated there. Try other concepts, or none.")
    listed(found, standings)
    if told["hypotheses"]:
        report, references, _ = st.columns([1.2, 1, 3])
        report.download_button("Report (Markdown)", made.report(), f"{made.run}.md", "text/markdown",
                               key=f"report-{made.run}")
        references.download_button("BibTeX", made.bibtex(), f"{made.run}.bib", "text/plain", key=f"bib-{made.run}")
    with st.expander("How these were made"):
        st.caption(f"Run {made.run} · " + (f"with {label(made.model)}" if made.model is not None
                                           else "without a language model"))
        rows = "".join(f"<li>{html(str(one))}</li>" for one in made.steps)
        st.html(f"<ol>{rows}</ol>")
        st.page_link(RUNS_PAGE, label="The whole run →", query_params={"id": made.run})


# Looking --------------------------------------------------------------------------------------------------------------


def listed(found: Sequence[Mapping[str, Any]], standings: Mapping[str, str]) -> None:
    """Hypotheses one below the other, that which is open unfolded; and two of them compared."""
    for told in found:
        opened = st.session_state.get(OPEN) == told["id"]
        with st.container(border=True, key=f"hypothesis-{told['id']}"):
            left, right = st.columns([8, 1], vertical_alignment="center")
            left.html(supposed.head(told, standings.get(told["id"])))
            right.button("Close" if opened else "Open", key=f"open-{told['id']}", width="stretch", on_click=open_,
                         args=(None if opened else told["id"],))
            if opened:
                whole(told)
    if len(found) > 1:
        compare(found)


def open_(id: str | None) -> None:
    """Notes which hypothesis is looked at."""
    st.session_state[OPEN] = id


def whole(told: Mapping[str, Any]) -> None:
    """One hypothesis with all that is known of it."""
    path, facets, card, critique, arguments, mine = st.tabs(
        ["Path", "Facets", "What would refute it", "Critique", "Arguments", "Your judgement"], key=f"tabs-{told['id']}")
    with path:
        supposed.path(told)
        st.download_button("Path (SVG)", path_svg(told), f"{told['id']}.svg", "image/svg+xml", key=f"svg-{told['id']}")
    with facets:
        supposed.facets(told)
    with card:
        supposed.card(told)
    with critique:
        supposed.critique(told)
    with arguments:
        supposed.arguments(told)
    with mine:
        judge(told["id"], told["statement"])
    st.caption(f"{told['id']}")


def compare(found: Sequence[Mapping[str, Any]]) -> None:
    """Two of the hypotheses beside each other."""
    by_id = {one["id"]: one for one in found}
    with st.expander("Compare two"):
        chosen = st.multiselect("Which", list(by_id), max_selections=2, key="compare-hypotheses",
                                placeholder="Two hypotheses",
                                format_func=lambda id: shortened(by_id[id]["statement"], 90))
        if len(chosen) == 2:
            one, other = (by_id[id] for id in chosen)
            table([{"": row.name, "first": _starred(row.one, row.better == 0),
                    "second": _starred(row.other, row.better == 1)} for row in compared(one, other)])
            st.caption("★ stands better in it. Which of the two to follow is yours to say.")


def _starred(text: str, better: bool) -> str:
    return f"{text} ★" if better else text


# Judging --------------------------------------------------------------------------------------------------------------


def judge(id: str, statement: str) -> None:
    """Keep, reject or word anew, with a reason; and what was said before."""
    library = served().library
    told = library.hypotheses.whole(id)["judgement"]
    version = 0 if told is None else len(told["versions"])
    with st.form(f"judge-{id}-{version}", border=False):
        words = st.text_area("How to word it", statement if told is None else told["versions"][-1]["statement"],
                             height=80, max_chars=2000, key=f"words-{id}-{version}")
        reason = st.text_input("Why", max_chars=2000, key=f"why-{id}-{version}",
                               placeholder="Kept with your judgement; needed to reject or to word anew")
        keep, reject, back = st.columns(3)
        acts = {
            "keep": keep.form_submit_button("Keep", type="primary", width="stretch"),
            "reject": reject.form_submit_button("Reject", width="stretch"),
            "reopen": back.form_submit_button("Take the judgement back", width="stretch", disabled=told is None),
        }
    with messages.told():
        if acts["keep"]:
            before = statement if told is None else told["versions"][-1]["statement"]
            if words.split() != before.split():
                library.hypotheses.edit(id, words, reason)
            else:
                library.hypotheses.keep(id, reason)
        elif acts["reject"]:
            library.hypotheses.reject(id, reason)
        elif acts["reopen"]:
            library.hypotheses.reopen(id, reason)
        if any(acts.values()):
            st.rerun()
    if told is not None:
        st.html("<ul>" + "".join(map(_judgement, reversed(told["versions"]))) + "</ul>")


def _judgement(one: Mapping[str, Any]) -> str:
    when = one["written"][:16].replace("T", " ")
    why = f" – {one['reason']}" if one["reason"] else ""
    stood = f'<span class="hg-facts">score {one["score"]:.2f}, {html(one["verdict"])}</span>'
    return f"<li>{html(when)}: {html(one['standing'])}, {html(one['change'])}{html(why)} {stood}</li>"


def judged(found: Sequence[Judgement]) -> None:
    """Those that were kept, or rejected, the latest first, each with its reason."""
    if not found:
        st.info("None yet. Open a hypothesis, and keep or reject it with a reason under “Your judgement”.")
        return
    st.caption(f"{counted(len(found), 'hypothesis', 'hypotheses')}. Scores and verdicts stand as at the last look; "
               "“What is new” looks again.")
    standings = {one.id: one.standing for one in found}
    for one in found:
        if one.reason:
            st.html(f'<p class="hg-facts">{html(one.written[:10])}: {html(one.reason)}</p>')
        listed([{**one.hypothesis, "statement": one.statement, "rank": 0, "score": one.watched.score}], standings)
    wholes: list[dict[str, Any]] = [{**one.hypothesis, "statement": one.statement} for one in found]
    if len(wholes) > 1:
        compare(wholes)


# Watching -------------------------------------------------------------------------------------------------------------


def digest() -> None:
    """What papers that came or went say to the hypotheses that are kept."""
    library = served().library
    if not len(library.hypotheses):
        st.info("Nothing is watched: keep a hypothesis first. What papers that come later say to it is told here.")
        return
    left, middle, _ = st.columns([1.4, 1.6, 3], vertical_alignment="bottom")
    since = left.date_input("Since", value=None, key="digest-since", help="Empty: since the last time you took note.")
    when = None if since is None else datetime(since.year, since.month, since.day, tzinfo=UTC)
    told = library.hypotheses.digest(when, record=False)
    if not told.changes:
        st.success(f"Nothing new for {counted(told.unchanged, 'hypothesis', 'hypotheses')} that you keep.")
        return
    if middle.button("Take note", help="Later papers are then compared with how things stand now."):
        library.hypotheses.digest()
        st.rerun()
    st.caption(f"{counted(len(told.changes), 'hypothesis', 'hypotheses')} changed, {told.unchanged} did not.")
    for change in told.as_json()["changes"]:
        with st.container(border=True):
            moved(change)


def moved(change: Mapping[str, Any]) -> None:
    """What became of one hypothesis."""
    score = change["score"]
    facts = [f"score {score['before']:.2f} → {score['now']:.2f}"]
    facts += [f"{name}: {change[name]['before']} → {change[name]['now']}" for name in ("verdict", "novelty")
              if change[name]["before"] != change[name]["now"]]
    if change["papers"]:
        facts.append(f"papers that name {counts(change['papers'])}")
    facts.append(f"since {change['since'][:10]}")
    st.html(f'<p class="hg-title">{html(change["statement"])}</p><p class="hg-facts">{html(" · ".join(facts))}</p>')
    for name, speaks in (("New support", "for"), ("New denial", "against"), ("Also said of the two", "otherwise")):
        new = [one for one in change["new"] if one["speaks"] == speaks]
        for one in new:
            on = "the link that nobody stated" if one["gap"] else one["link"]
            st.html(f'<p class="hg-said"><strong>{name}</strong> on {html(on)}</p>'
                    + supposed.quoted([one["evidence"]]))
    for paper in change["together"]:
        st.page_link("web/pages/paper.py", label=f"Names both ends: {label(paper['title'] or paper['key'])}",
                     query_params={"id": paper["id"]})
    if change["gone"]:
        st.caption(f"{counted(change['gone'], 'sentence')} left with their papers.")
    if change["lost"]:
        st.caption(f"No paper names {label(', '.join(change['lost']))} any more.")


if __name__ == "__main__":
    page()
