"""A recorded run as Markdown: what was asked, each step with its cost and time, what models replied, and what came of
it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ui import steps


def markdown(told: Mapping[str, Any]) -> str:
    """A run in the form of `show RUN --json`. Text of papers, persons and models stands there literally."""
    from agents.report import plain

    inputs = told["inputs"]
    lines = [f"# Run {told['id']}", "", f"{plain(asked(inputs))}", ""]
    lines += [f"- {plain(name)}: {_value(value)}" for name, value in inputs.items() if value not in (None, [], {}, "")]
    lines += [f"- state: {told['state']}", f"- cost: {cost(told['cost'])}", "", "## Steps", ""]
    for event in told["steps"]:
        took = f"{event['seconds']:.2f} s" if "seconds" in event else ""
        spent = cost(event["cost"]) if event["cost"]["tokens"] else ""
        beside = ", ".join(part for part in (took, spent) if part)
        words = plain(steps.words(event["step"], event["outputs"]))
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
    elif (end := told["end"]) is not None:
        outcome = end.get("outcome", {})
        lines += ["", "## What came of it", "", plain(str(outcome.get("answer", end["message"] or end["end"])))]
    return "\n".join([*lines, ""])


def asked(inputs: Mapping[str, Any]) -> str:
    """What a run was for, in a line."""
    for name in ("question", "statement"):
        if inputs.get(name):
            return str(inputs[name])
    ends = [str(inputs[name]) for name in ("from", "to", "a", "b") if inputs.get(name)]
    return " – ".join(ends) if ends else str(inputs.get("kind", ""))


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
