"""The command `hypothesize`: hypotheses drawn for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.model import shortened
from ui.terminal import one_line, write

_LONGEST = 400  # characters of a sentence


def draw(told: Mapping[str, Any]) -> None:
    """Hypotheses in the form of `hypothesize --json`: each with its path, facets, card and verdict."""
    keys = {paper["id"]: paper["key"] for paper in told["papers"]}
    if not told["hypotheses"]:
        write("The papers give no path that leaves a link unstated.")
    for one in told["hypotheses"]:
        draw_one(one, keys)
    for note in told["notes"]:
        write(f"Note: {one_line(note)}")
    write()
    write(f"Run {told['run']}. With --report FILE.md it is written out with references and pictures.")


def draw_one(one: Mapping[str, Any], keys: Mapping[str, str]) -> None:
    """One hypothesis; `keys` are those of papers by their ids, where they are not as the sentences have them."""
    low, high = one["interval"]
    write(f"{one['rank']}. {one_line(one['statement'])}")
    write(f"   {one['id']}  score {one['score']:.3f} ({low:.3f} to {high:.3f})")
    gap = one["gap"]
    write(
        f"   nobody states: {one_line(gap['subject'])} – {one_line(gap['predicate'])} – {one_line(gap['object'])} "
        f"({one_line(gap['how'])})"
    )
    if one["path"] is not None:
        for hop in one["path"]["hops"]:
            write(
                f"   {one_line(hop['subject'])} → {one_line(hop['predicate'])} → {one_line(hop['object'])}  "
                f"({hop['papers']} papers, {hop['supports']} for, {hop['denies']} against)"
            )
            for piece in hop["evidence"][:1]:
                write(f"      “{shortened(one_line(piece['quote']), _LONGEST)}” ({one_line(piece['key'])})")
    for facet in one["facets"]:
        write(f"   {facet['name'].capitalize()}")
        if facet["silent"] is not None:
            write(f"      {one_line(facet['silent'])}")
        for sentence in facet["sentences"]:
            write(f"      {_said(sentence, keys)}")
    card = one["falsification"]
    write("   What would refute it")
    for sentence in card["refuted_by"]:
        write(f"      {_said(sentence, keys)}")
    for number, measured in enumerate(card["measurements"], 1):
        write(f"      {number}. measure {one_line(measured['what'])}: {one_line(measured['why'])}")
        write(f"         {_said(measured['how'], keys)}")
    if card["decisive"] is not None:
        write(f"      {_said(card['decisive'], keys)}")
    critique = one["critique"]
    if critique is not None:
        write(f"   Critique: {critique['verdict']}; novelty: {critique['novelty']['verdict']}")
    for tried in one["trail"]:
        kept = "kept" if tried["kept"] else "not kept"
        write(
            f"   Tried {one_line(tried['change'])}: {tried['score_before']:.3f} to {tried['score_after']:.3f}, {kept}"
        )
    write()


def _said(sentence: Mapping[str, Any], keys: Mapping[str, str]) -> str:
    cited = dict.fromkeys(keys.get(one["paper"], one["key"]) for one in sentence["citations"])
    mark = f" [{', '.join(map(one_line, cited))}]" if cited else ""
    return f"{shortened(one_line(sentence['text']), _LONGEST)}{mark}{' (inference)' if sentence['inference'] else ''}"
