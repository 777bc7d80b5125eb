"""A recorded run as Markdown: what was asked, each step with its cost and time, what models replied, and what came of
it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from agents import event_words


def markdown(told: Mapping[str, Any]) -> str:
    """A run in the form of `show RUN --json`. Text of papers, persons and models stands there literally."""
    from agents.report import plain

    inputs = told["inputs"]
    lines = [f"# Run {told['id']}", "", f"{plain(asked(inputs))}", ""]
    lines += [f"- {plain(name)}: {_value(value)}" for name, value in inputs.items() if says_something(value)]
    lines += [f"- state: {told['state']}", f"- cost: {cost(told['cost'])}", "", "## Steps", ""]
    for event in told["steps"]:
        took = f"{event['seconds']:.2f} s" if "seconds" in event else ""
        spent = cost(event["cost"]) if event["cost"]["tokens"] else ""
        beside = ", ".join(part for part in (took, spent) if part)
        words = plain(event_words.words(event["step"], event["outputs"]))
        lines += [f"{event['number']}. **{plain(event['step'])}** {words}{f' ({beside})' if beside else ''}"]
    if told["said"]:
        lines += ["", "## What the person said", ""]
        lines += [f"- {plain(name)}: {plain(text)}" for name, text in told["said"].items()]
    if told["replies"]:
        lines += [
            "",
            "## Replies of language models",
            "",
            "| prompt | model | tokens | seconds | reply |",
            "| --- | --- | --- | --- | --- |",
        ]
        lines += [_reply(line) for line in told["replies"]]
    if (waiting := told["waiting"]) is not None:
        lines += ["", f"It waits for an answer: {plain(waiting['question'])}"]
    elif came := outcome(told):
        lines += ["", "## What came of it", "", *(f"- {plain(one)}" for one in came)]
    return "\n".join([*lines, ""])


def outcome(told: Mapping[str, Any]) -> list[str]:
    """What came of a run, in sentences: an answer, hypotheses with their scores, a verdict with its reasons; else how
    it ended. Nothing for a run that has not ended."""
    end = told["end"]
    if end is None:
        return []
    match end.get("outcome"):
        case {"answer": answer}:
            return [str(answer)]
        case {"hypotheses": found}:
            return [f"{one['rank']}. {one['statement']} (score {one['score']:.2f})" for one in found]
        case {"critique": {"verdict": verdict, "reasons": reasons}}:
            return [f"Verdict: {verdict}", *(f"{one['side']}: {one['text']}" for one in reasons)]
    return [str(end["message"] or end["end"])]


def asked(inputs: Mapping[str, Any]) -> str:
    """What a run was for, in a line."""
    for name in ("question", "statement"):
        if inputs.get(name):
            return str(inputs[name])
    ends = [str(inputs[name]) for name in ("from", "to", "a", "b") if inputs.get(name)]
    return " – ".join(ends) if ends else str(inputs.get("kind", ""))


def says_something(value: object) -> bool:
    """Whether an input is worth showing: neither nothing nor a part of the library that is all of it."""
    return value not in (None, [], {}, "") and not (isinstance(value, Mapping) and not any(value.values()))


def cost(spent: Mapping[str, Any]) -> str:
    """Tokens and money in words."""
    if not spent["tokens"]:
        return "nothing"
    money = "at a price that is not known" if spent["money"] is None else f"for {spent['money']:.4g}"
    return f"{spent['tokens']:,} tokens {money}"


def _reply(line: Mapping[str, Any]) -> str:
    from agents.report import plain

    usage = line["usage"]
    if "failure" in line:
        said = f"{line['error']}: {line['message']}"
    else:
        said = json.dumps(line["value"], ensure_ascii=False)
    cells = [line["prompt"], line["model"], f"{usage['read'] + usage['written']:,}", f"{line['seconds']:.2f}", said]
    return f"| {' | '.join(plain(cell) for cell in cells)} |"


def _value(value: object) -> str:
    from agents.report import plain

    return plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
