"""A hypothesis on a page: its path with the sentences behind it, what is said of it, and how it was judged.

Drawn from its JSON, so that one that was just made and one that was kept years ago look the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from agents.pictures import arguments_svg, path_svg
from ui.web.text import counted, html

Told = Mapping[str, Any]

_FIRST = 2  # quotes of a hop before the others have to be unfolded
_VERDICTS = {
    "supported": ("for", "papers state it"),
    "contradicted": ("deny", "papers deny it"),
    "disputed": ("deny", "papers disagree on it"),
    "plausible": ("for", "it follows from what papers state"),
    "weak": ("hedge", "it would follow, but a step does not hold"),
    "open": ("hedge", "nothing speaks for it or against it"),
}
_NOVELTY = {
    "anticipated": ("deny", "a paper here says it already"),
    "unknown": ("hedge", "nothing was searched"),
    "novel-looking": ("for", "no paper here says it"),
}
_STANDINGS = {"kept": "for", "rejected": "deny", "open": "hedge"}


def head(told: Told, standing: str | None = None) -> str:
    """Rank, statement, score with its interval, verdict and novelty, as HTML."""
    badges = []
    if (critique := told["critique"]) is not None:
        for names, value in ((_VERDICTS, critique["verdict"]), (_NOVELTY, critique["novelty"]["verdict"])):
            kind, says = names.get(value, ("hedge", ""))
            badges.append(badge(kind, value, says))
    if standing is not None:
        badges.append(badge(_STANDINGS.get(standing, "hedge"), standing, "how you judged it"))
    number = f'<span class="hg-number hg-rank">{told["rank"]}</span>' if told["rank"] else ""
    return (f'<div class="hg-supposed">{number}<div><p class="hg-title">{html(told["statement"])}</p>'
            f'<div class="hg-line">{scored(told)}{"".join(badges)}</div></div></div>')


def badge(kind: str, text: str, says: str = "") -> str:
    """A word in a pill; what it means is said when the pointer rests on it."""
    return f'<span class="hg-badge hg-{html(kind)}" title="{html(says)}">{html(text)}</span>'


def scored(told: Told) -> str:
    """The score as a number, and as a mark on its interval between 0 and 1."""
    low, high = told["interval"]
    score = told["score"]
    says = f"score {score:.3f}, 95 % interval {low:.3f} to {high:.3f}"
    return (f'<span class="hg-score" title="{says}">{score:.2f}<span class="hg-bar"><span style="left:{100 * low:.1f}%;'
            f'width:{100 * max(high - low, 0.01):.1f}%"></span><b style="left:{100 * score:.1f}%"></b></span>'
            f"<small>{low:.2f} to {high:.2f}</small></span>")


def path(told: Told) -> None:
    """The picture of the path, and under it each hop with its sentences."""
    st.image(path_svg(told), width="stretch")
    how = told["gap"].get("how")
    gap = told["gap"]
    parts = [f'<p class="hg-relation">What nobody here states: <strong>{html(gap["subject"])}</strong> '
             f'<em>{html(gap["predicate"])}</em> <strong>{html(gap["object"])}</strong>'
             + (f' <span class="hg-facts">({html(how)})</span>' if how else "") + "</p>"]
    for hop in () if told["path"] is None else told["path"]["hops"]:
        evidence = hop["evidence"]
        parts.append(f'<p class="hg-relation"><strong>{html(hop["subject"])}</strong> '
                     f'<em>{html(hop["predicate"])}</em> <strong>{html(hop["object"])}</strong></p>'
                     + quoted(evidence[:_FIRST])
                     + folded(quoted(evidence[_FIRST:]), counted(len(evidence) - _FIRST, "more sentence")))
    st.html("".join(parts))


def facets(told: Told) -> None:
    """The seven facets: each sentence with what it cites, or marked as inference."""
    parts = []
    for facet in told["facets"]:
        body = "".join(map(said, facet["sentences"]))
        if not facet["sentences"]:
            body = f'<p class="hg-facts">{html(facet["silent"] or "Nothing was found.")}</p>'
        parts.append(f'<h4 class="hg-section">{html(facet["name"].capitalize())}</h4>{body}')
    if told.get("trail"):
        rows = "".join(f'<li>{html(one["change"])} ({html(one["why"])}): {one["score_before"]:.2f} to '
                       f'{one["score_after"]:.2f}, {"kept" if one["kept"] else "not kept"}</li>'
                       for one in told["trail"])
        parts.append(f'<h4 class="hg-section">What was tried</h4><ul>{rows}</ul>')
    st.html("".join(parts))


def card(told: Told) -> None:
    """The falsification card: what would refute it, what to measure, which result would decide most."""
    one = told["falsification"]
    if not one["refuted_by"] and not one["measurements"]:
        st.caption("The library says nothing that this could be measured by.")
        return
    parts = ['<h4 class="hg-section">What would refute it</h4>', *map(said, one["refuted_by"])]
    if one["measurements"]:
        parts.append('<h4 class="hg-section">What to measure, the cheapest first</h4>')
    for each in one["measurements"]:
        by = f' by <strong>{html(each["method"])}</strong>' if each["method"] else ""
        why = f'<p class="hg-facts">{html(each["why"])}</p>' if each["why"] else ""
        effort = badge("hedge", f"effort {each['effort']} of 4", "1: look it up; 4: a new experiment")
        parts.append(f'<p class="hg-title">{html(each["what"])}{by} {effort}</p>{said(each["how"])}{why}')
    if one["decisive"] is not None:
        parts += ['<h4 class="hg-section">Which result would change most</h4>', said(one["decisive"])]
    st.html("".join(parts))


def critique(told: Told) -> None:
    """What speaks for and against it, each hop, whether it is new, and the measures."""
    found = told["critique"]
    if found is None:
        st.caption("It was not criticised.")
        return
    _, says = _VERDICTS.get(found["verdict"], ("", ""))
    st.html(f'<p class="hg-answer"><strong>{html(found["verdict"].capitalize())}</strong>: {html(says)}.</p>')
    left, right = st.columns(2, gap="medium")
    for column, side, name in ((left, "for", "For"), (right, "against", "Against")):
        reasons = [one for one in found["reasons"] if one["side"] == side]
        with column:
            st.html(f'<h4 class="hg-section">{name}</h4>'
                    + ("".join(map(reason, reasons)) or '<p class="hg-facts">Nothing.</p>'))
    notes = [one for one in found["reasons"] if one["side"] == "note"]
    parts = ['<h4 class="hg-section">To know</h4>', *map(reason, notes)] if notes else []
    parts += [novelty(found["novelty"]),
              f'<h4 class="hg-section">Does it follow</h4><p>{html(found["composition"]["reason"])}</p>',
              '<h4 class="hg-section">How it measures up</h4>',
              *(measure(name, found[name]) for name in ("plausibility", "testability", "specificity")),
              opinion(found["opinion"])]
    st.html("".join(parts))


def novelty(found: Told) -> str:
    """Whether the library says it already: the closest sentences, and what was looked through."""
    _, says = _NOVELTY.get(found["verdict"], ("", ""))
    searched = "; ".join(f"{one['where']}: {one['what']} ({one['read']:,} read)" for one in found["searched"])
    states = f"; the nearest sentence states the {' and the '.join(found['states'])}" if found["states"] else ""
    return (f'<h4 class="hg-section">Is it new</h4><p><strong>{html(found["verdict"].capitalize())}</strong>: '
            f"{html(says)}{html(states)}. {html(found['reason'])}</p>"
            + folded(quoted(found["sentences"]), f"{counted(len(found['sentences']), 'sentence')} that come nearest")
            + (f'<p class="hg-facts">Looked through {html(searched)}.</p>' if searched else ""))


def measure(name: str, one: Told) -> str:
    """One measure: its number, and the reason."""
    value = "unknown" if one["value"] is None else f"{one['value']:.2f}"
    return (f'<p><strong>{html(name.capitalize())} {value}</strong>. {html(one["reason"])}</p>'
            + folded(quoted(one["evidence"]), counted(len(one["evidence"]), "sentence")))


def opinion(one: Told | None) -> str:
    """What a language model had to say; and that it differs from the evidence, where it does."""
    if one is None:
        return ""
    verdicts = " and ".join(one["verdicts"])
    differs = " It differs from what the evidence says." if one["differs"] else ""
    return (f'<h4 class="hg-section">What {html(one["model"])} says against it</h4>'
            f'{"".join(map(reason, one["case"]))}<p class="hg-facts">As a judge, heard in both orders: '
            f'{html(verdicts)}.{differs} {html(one["text"])}</p>')


def arguments(told: Told) -> None:
    """The argument graph as a picture."""
    found = None if told["critique"] is None else told["critique"]["arguments"]
    if found is None or not found["arguments"]:
        st.caption("There are no arguments for or against it.")
        return
    st.caption("An argument that is attacked and not defended is beaten, and pale; the verdict rests on what stands "
               "(grounded semantics).")
    st.image(arguments_svg(found), width="stretch")


# Sentences ------------------------------------------------------------------------------------------------------------


def said(sentence: Told) -> str:
    """A sentence of a facet or a card, with what it cites to be unfolded."""
    mark = badge("hedge", "inference", "it goes beyond what papers state") if sentence["inference"] else ""
    cites = sentence["citations"]
    return f'<p class="hg-said">{html(sentence["text"])} {mark}</p>' + folded(quoted(cites), _cited(cites))


def reason(one: Told) -> str:
    """A reason with its sentences."""
    return f'<p class="hg-said">{html(one["text"])}</p>' + quoted(one["evidence"][:_FIRST]) + folded(
        quoted(one["evidence"][_FIRST:]), counted(len(one["evidence"]) - _FIRST, "more sentence"))


def quoted(evidence: Iterable[Told]) -> str:
    """Sentences of papers, each with the way to its place."""
    return "".join(_quote(one) for one in evidence)


def _quote(one: Told) -> str:
    kind = "against" if one["polarity"] == "denies" else "for"
    badges = "".join([badge("deny", "denies") if one["polarity"] == "denies" else "",
                      badge("hedge", "hedged") if one["certainty"] == "hedged" else ""])
    where = urlencode({"id": one["paper"], "passage": one["passage"]})
    year = f" · {one['year']}" if one["year"] is not None else ""
    return (f'<blockquote class="hg-quote hg-{kind}"><p>“{html(one["quote"])}”</p><footer>'
            f'<a href="paper?{html(where)}" target="_self">{html(one["key"])}</a><span>{html(year)}</span>{badges}'
            "</footer></blockquote>")


def folded(body: str, name: str) -> str:
    """HTML that has to be unfolded; nothing where there is none."""
    return f'<details class="hg-more"><summary>{html(name)}</summary>{body}</details>' if body else ""


def _cited(cites: Sequence[Told]) -> str:
    keys = list(dict.fromkeys(one["key"] for one in cites))
    return ", ".join(keys[:3]) + (f" and {len(keys) - 3} more" if len(keys) > 3 else "")
