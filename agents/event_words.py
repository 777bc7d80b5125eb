"""A step of a run in words, for terminal and page alike.

What stands in an event may come from papers: whoever shows the words treats them as text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kg.model import shortened


def words(step: str, outputs: Mapping[str, Any]) -> str:
    """What a step did, in a line without a full stop; a step that is not known here by its name alone.

    >>> words("search", {"number": 1, "question": "Is silk tough?", "passages": ["p-1", "p-2"], "papers": 1})
    'Searched “Is silk tough?”: 2 passages of 1 paper'
    """
    return _words(step, outputs) + _form(outputs)


def _words(step: str, outputs: Mapping[str, Any]) -> str:
    match step:
        case "remember":
            return f"Reminded of {_some(len(outputs['notes']), 'note')} of yours, which no paper states"
        case "complete":
            return _completed(outputs)
        case "advise":
            return _advised(outputs)
        case "check":
            return _checked(outputs)
        case "plan":
            return _planned(outputs)
        case "compute":
            return f"Computed over the graph: {outputs['how']}"
        case "search":
            found = f"{_some(len(outputs['passages']), 'passage')} of {_some(outputs['papers'], 'paper')}"
            if outputs.get("reused", False):
                return f"Looked for {_quoted(outputs['question'])} in what was found: {found}"
            return f"Searched {_quoted(outputs['question'])}: {found}"
        case "filter":
            return _filtered(outputs)
        case "answer":
            return _answered(outputs)
        case "check answer":
            return _again(outputs["searched"])
        case "cite":
            return _cited(outputs)
        case "report":
            return f"Connected {_some(sum(map(len, outputs['sections'])), 'sentence')} to a report"
        case "seek":
            return f"Found {_some(len(outputs['found']), 'link')} that nobody states"
        case "criticize":
            return f"Criticised {_quoted(outputs['statement'])}: {outputs['verdict']}, {outputs['novelty']}"
        case "revise":
            kept = "better, kept" if outputs["kept"] else "no better"
            return f"Tried {outputs['change']}: {kept}"
        case "compare":
            alike = f"the same both ways round in {outputs['swapped_alike']:.0%}"
            return f"Compared {_some(outputs['pairs'], 'pair')} of hypotheses: {alike}"
        case "rank":
            count = len(outputs["order"])
            return f"Ranked {count:,} {'hypothesis' if count == 1 else 'hypotheses'}"
        case "write":
            return f"Wrote {outputs['id']}: {_some(outputs['sentences'], 'sentence')}, {outputs['cited']} cited"
        case "read":
            return f"Read as: {_claim(outputs)}"
        case "look":
            read = sum(one["read"] for one in outputs["searched"])
            found = f"{outputs['verdict']}; {outputs['reason'].rstrip('.')}"
            return f"Held against {read:,} sentences and passages: {found}"
        case "judge":
            return f"Weighed {_some(len(outputs['hops']), 'relation')}"
        case "compose":
            return str(outputs["reason"]).rstrip(".")
        case "argue":
            return f"Argued it out with {_some(len(outputs['arguments']), 'argument')}: {outputs['verdict']}"
        case "hear":
            return f"Heard the other side and a judge: {outputs['text']}" if "text" in outputs else "Heard nobody else"
        case "measure":
            known = [f"{name} {value:.2f}" for name, value in sorted(outputs.items()) if value is not None]
            return f"Measured: {', '.join(known) if known else 'nothing is known'}"
        case _:
            return step.capitalize()


_ROUTES = {
    "fact": "by a fact in the graph, then passages",
    "computation": "by computing over the graph, then passages",
    "passages": "by passages",
    "comparison": "by comparing",
    "survey": "by an overview of several papers",
}


def _completed(outputs: Mapping[str, Any]) -> str:
    if outputs["completed"] == outputs["question"]:
        return "The question stands by itself"
    return f"Understood as {_quoted(outputs['completed'])}: {outputs['how']}"


def _advised(outputs: Mapping[str, Any]) -> str:
    reason = outputs["override"]
    went_on = f"; went on, for the reason given: {reason}" if reason is not None else "; not answered"
    return f"The question touches on {outputs['topic']} ({_quoted(outputs['words'])}){went_on}"


def _checked(outputs: Mapping[str, Any]) -> str:
    told = []
    if len(outputs["questions"]) > 1:
        told.append(f"{len(outputs['questions'])} questions in one")
    if (claim := outputs["claim"]) is not None:
        verdict = {"denied": "speak against it", "disputed": "disagree on it", "stated": "state it"}[claim["verdict"]]
        sides = f"{len(claim['for'])} for, {len(claim['against'])} against"
        assumed = "takes for granted" if claim["assumed"] else "asks whether"
        told.append(f"it {assumed}: {claim['says']}; your papers {verdict} ({sides})")
    if readings := outputs["readings"]:
        meanings = ", ".join(f"{one['means']} ({one['places']})" for one in readings)
        told.append(f"{readings[0]['name']} has several meanings: {meanings}")
    return f"Checked the question: {'; '.join(told) if told else 'one question, nothing to clear up'}"


def _planned(outputs: Mapping[str, Any]) -> str:
    if "progress" in outputs:
        asked = "; ".join(_quoted(one["question"]) for one in outputs["questions"])
        return f"Planned anew, since not everything was found: {asked if asked else 'there is nothing else to ask'}"
    route = f"To be answered {_ROUTES.get(outputs['route'], outputs['route'])}"
    questions = outputs["questions"]
    if len(questions) == 1:
        return route
    listed = "; ".join(f"{one['number']}. {one['question']}{_after(one['needs'])}" for one in questions)
    return f"{route}, as {len(questions)} questions: {listed}"


def _claim(outputs: Mapping[str, Any]) -> str:
    denied = "not: " if outputs["denied"] else ""
    return f"{outputs['subject']} – {denied}{outputs['predicate']} – {outputs['object']}"


def _after(needs: Sequence[int]) -> str:
    return f" (after {', '.join(map(str, needs))})" if needs else ""


def _filtered(outputs: Mapping[str, Any]) -> str:
    best = f"the best fits {outputs['score']:.2f}, needed are {outputs['needed']:.2f}"
    if not outputs["kept"]:
        return f"Nothing fits: {best}"
    return f"Kept {_some(len(outputs['kept']), 'passage')} from {outputs['bar']:.2f} on: {best}"


def _answered(outputs: Mapping[str, Any]) -> str:
    told = f"{'Wrote' if outputs.get('form') == 'model' else 'Quoted'} {_some(len(outputs['sentences']), 'sentence')}"
    dropped = sum(outputs.get("dropped_quotes", {}).values())
    parts = [f"{_some(dropped, 'quote')} stood nowhere and went" if dropped else "",
             f"{_some(len(gone), 'sentence')} did not rest on quotes and went" if (gone := outputs.get("unsupported"))
             else ""]  # fmt: skip
    return "; ".join([told, *filter(None, parts)])


def _form(outputs: Mapping[str, Any]) -> str:
    """In which form a step was taken, where there was a choice; passages that had no room in the model's window."""
    told = []
    if outputs.get("form") == "model":
        told.append("by the language model")
    elif outputs.get("form") == "without" and outputs.get("why"):
        told.append(f"without the language model: {shortened(str(outputs['why']), 160)}")
    if outputs.get("left_out"):
        told.append(f"no room in its window for {_some(outputs['left_out'], 'passage')}")
    return f" ({'; '.join(told)})" if told else ""


def _again(searched: Sequence[Mapping[str, Any]]) -> str:
    if not searched:
        return "The quotes cover the question"
    return "; ".join(
        f"Searched again for {', '.join(one['left_out'])}: {_some(len(one['added']), 'quote')} more"
        + (f", still without {', '.join(one['still'])}" if one["still"] else "")
        for one in searched
    )


def _cited(outputs: Mapping[str, Any]) -> str:
    held = f"{_some(outputs['citations'], 'citation')} held against the papers"
    return f"{held}, {len(outputs['dropped'])} dropped" if outputs["dropped"] else held


def _quoted(text: str) -> str:
    return f"“{shortened(text, 120)}”"


def _some(count: int, noun: str) -> str:
    return f"{count:,} {noun if count == 1 else f'{noun}s'}"
