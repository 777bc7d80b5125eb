"""Runs: what was asked before; each with every step, what it cost, what models replied, and ways to go on with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from agents import event_words
from kg.errors import HypographError
from ui import run_report
from ui.web import frame, messages
from ui.web.served import served
from ui.web.tables import table
from ui.web.text import counted, html, label

RUNS_PAGE = "web/pages/runs.py"
PAGE = 20
_STATES = {"done": "done", "waiting": "waits for you", "cancelled": "cancelled", "failed": "failed",
           "running": "is being made", "interrupted": "was cut off"}


def page() -> None:
    """One run whole where the address names it, else all of them."""
    frame.heading("Runs", "Everything that was asked, step by step. Each run can be looked at, gone on with, and made "
                          "again from its record.")
    wanted = st.query_params.get("id")
    if wanted is None:
        everything()
        return
    st.query_params.from_dict({"id": wanted})  # a link from another page does not leave it in the address by itself
    st.page_link(RUNS_PAGE, label="← All runs")
    with messages.told():
        whole(served().library.run(wanted))


# All ------------------------------------------------------------------------------------------------------------------


def everything() -> None:
    """The runs, the latest first, a page at a time."""
    found = served().library.runs()
    if not found:
        st.info("Nothing was asked yet.")
        st.page_link("web/pages/ask.py", label="Ask a question →")
        return
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    wanted = left.text_input("Filter runs", placeholder="Words of a question, a kind, or a state",
                             label_visibility="collapsed").casefold().split()
    fitting = [one for one in found if all(word in _searched(one) for word in wanted)]
    right.caption(counted(len(found), "run") if not wanted else f"{len(fitting):,} of {counted(len(found), 'run')}")
    if not fitting:
        st.info("No run fits. Try fewer words.")
        return
    pages = -(-len(fitting) // PAGE)
    at = st.pagination(pages, key=f"runs-{pages}") if pages > 1 else 1
    for one in fitting[(at - 1) * PAGE : at * PAGE]:
        row(one)


def _searched(row: Mapping[str, Any]) -> str:
    return f"{run_report.asked(row)} {row.get('kind', '')} {_STATES[row['state']]} {row['run']}".casefold()


def row(one: Mapping[str, Any]) -> None:
    """One run: what it was for leads to it."""
    with st.container(key=f"row-{one['run']}", gap=None):
        st.page_link(RUNS_PAGE, label=f"**{label(run_report.asked(one), 200)}**", query_params={"id": one["run"]})
        model = one.get("model")
        facts = [str(one.get("kind", "")), _STATES[one["state"]], counted(one["steps"], "step"),
                 "without a language model" if model is None else f"{model['name']}, {run_report.cost(one['cost'])}",
                 str(one["written"]).replace("T", " ").removesuffix("+00:00") + " UTC"]
        st.html(f'<p class="hg-facts">{html(" · ".join(fact for fact in facts if fact))}</p>')


# One ------------------------------------------------------------------------------------------------------------------


def whole(told: Mapping[str, Any]) -> None:
    """A run with all that is recorded of it."""
    st.subheader(label(run_report.asked(told["inputs"]), None), anchor=False)
    seconds = told["end"]["seconds"] if told["end"] is not None else None
    numbers = {"State": _STATES[told["state"]], "Steps": f"{len(told['steps']):,}",
               "Tokens": f"{told['cost']['tokens']:,}", "Cost": _money(told["cost"]),
               "Seconds": "" if seconds is None else f"{seconds:.1f}"}
    for column, (name, value) in zip(st.columns(len(numbers)), numbers.items(), strict=True):
        column.metric(name, value)
    going_on(told)
    came(told)
    left, right = st.columns(2)
    stem = told["id"]
    left.download_button("Run (JSON)", json.dumps(told, ensure_ascii=False, indent=1), f"{stem}.json",
                         "application/json", key=f"json-{stem}")
    right.download_button("Run (Markdown)", run_report.markdown(told), f"{stem}.md", "text/markdown", key=f"md-{stem}")
    taken(told["steps"])
    replied(told["replies"])
    st.markdown("##### What went in")
    table([{"": name, "is": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}
           for name, value in told["inputs"].items() if run_report.says_something(value)])
    st.caption(f"Run {told['id']}")


def _money(cost: Mapping[str, Any]) -> str:
    if not cost["tokens"]:
        return "nothing"
    return "not known" if cost["money"] is None else f"{cost['money']:.4g}"


def going_on(told: Mapping[str, Any]) -> None:
    """What can be done with a run by its state: answer, resume, cancel, replay."""
    run = told["id"]
    match told["state"]:
        case "waiting":
            turn(run, told["waiting"])
        case "running":
            if st.button("Cancel"):
                served().library.cancel(run)
                st.info("It stops at its next step.")
        case "cancelled" | "interrupted":
            st.caption("*Go on* goes on from where it stopped; nobody is asked twice.")
            if st.button("Go on", type="primary"):
                with messages.told(), st.spinner("Going on"):
                    served().library.resume(run)
                    st.rerun()
        case "done":
            st.caption("*Replay* makes it again from its record alone, asks nobody, and compares every step.")
            if st.button("Replay"):
                replay(run, len(told["steps"]))


def replay(run: str, count: int) -> None:
    """Makes a run again and says whether it came out the same."""
    with st.spinner("Making it again"):
        try:
            served().library.replay(run)
        except HypographError as error:
            st.error(label(str(error), None))
        else:
            st.success(f"The same: {counted(count, 'step')} and what came of them, to the letter. Nobody was asked.")


def turn(run: str, asked: Mapping[str, Any]) -> None:
    """The person's turn."""
    st.info(label(asked["question"], None))
    with st.form(f"turn-{run}", border=False):
        said = (st.radio("Your answer", asked["options"], format_func=lambda one: label(one, None)) if asked["options"]
                else st.text_input("Your answer", max_chars=500))
        if st.form_submit_button("Go on") and said.strip():
            with messages.told(), st.spinner("Going on"):
                served().library.answer(run, said.strip())
                st.rerun()


def came(told: Mapping[str, Any]) -> None:
    """What came of it."""
    if told["state"] != "waiting":
        st.html("".join(f'<p class="hg-answer">{html(one)}</p>' for one in run_report.outcome(told)))


def taken(events: Sequence[Mapping[str, Any]]) -> None:
    """Every step: in words, what it cost, and unfolded all that came out of it."""
    st.markdown("##### Steps")
    for one in events:
        cost = f" · {label(run_report.cost(one['cost']))}" if one["cost"]["tokens"] else ""
        words = event_words.words(one["step"], one["outputs"])
        with st.expander(f"{one['number']}\\. {label(words, 200)}{cost}"):
            facts = [f"step {one['step']}", f"inputs {one['inputs']}",
                     f"{one['seconds']:.2f} s after it began" if "seconds" in one else "",
                     *(f"reply {key}" for key in one.get("replies", ()))]
            st.html(f'<p class="hg-facts">{html(" · ".join(fact for fact in facts if fact))}</p>')
            st.code(json.dumps(one["outputs"], ensure_ascii=False, indent=1), language="json", wrap_lines=True)


def replied(lines: Sequence[Mapping[str, Any]]) -> None:
    """What language models were asked and replied, by their hashes."""
    if not lines:
        return
    st.markdown("##### Replies of language models")
    table([{"prompt": one["prompt"], "asked": one["reply"] if "reply" in one else one["failure"],
            "replied": one["text"] if "reply" in one else f"{one['error']}: {one['message']}",
            "model": one["model"], "tokens": one["usage"]["read"] + one["usage"]["written"],
            "cost": "" if one["usage"]["money"] is None else f"{one['usage']['money']:.4g}",
            "seconds": f"{one['seconds']:.2f}"} for one in lines])


if __name__ == "__main__":
    page()
