"""The commands `hypothesis …` and `digest`: what a person thinks of hypotheses, and what becomes of those they keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.errors import UsageError
from ui.noted import Call
from ui.terminal import one_line, write, write_json, write_json_lines, write_table

if TYPE_CHECKING:
    from agents.comparing import Row
    from agents.judged import Judgement

Id = Annotated[str, typer.Argument(metavar="ID", help="A hypothesis of a kept run, h-….")]
Reason = Annotated[str, typer.Option("--reason", metavar="R", help="Why; it is kept with the judgement.")]


def register(command: Callable[[str], Callable[[Callable[..., int | None]], object]]) -> None:
    """Makes the commands of the group; `command` is what makes one of a function."""
    made: dict[str, Callable[..., None]] = {
        "list": list_,
        "show": show,
        "keep": keep,
        "reject": reject,
        "edit": edit,
        "reopen": reopen,
        "compare": compare,
    }
    for name, function in made.items():
        command(name)(function)


def list_(
    call: Call,
    rejected: Annotated[bool, typer.Option("--rejected", help="Instead: those that were rejected.")] = False,
) -> None:
    """List the hypotheses that are kept, the latest judged first."""
    with call.library() as library:
        found: Sequence[Judgement] = library.hypotheses.all("rejected" if rejected else "kept")
    if call.json:
        write_json_lines(one.as_json() for one in found)
    elif not found:
        write("None was rejected." if rejected else "None is kept: `hypograph hypothesis keep ID` keeps one.")
    else:
        write_table(
            ["hypothesis", "judged", "score", "verdict", "statement", "reason"],
            [
                (one.id, one.written[:10], f"{one.watched.score:.2f}", one.watched.verdict, one.statement, one.reason)
                for one in found
            ],
            numbers=["score"],
        )


def show(call: Call, id: Id) -> None:
    """Show a hypothesis whole, with what was thought of it."""
    with call.library() as library:
        told = library.hypotheses.whole(id)
    if call.json:
        write_json(told)
    else:
        draw(told)


def keep(call: Call, id: Id, reason: Reason = "") -> None:
    """Keep a hypothesis: `digest` tells what papers that come say to it."""
    with call.library() as library:
        _tell(call, library.hypotheses.keep(id, reason))


def reject(call: Call, id: Id, reason: Reason = "") -> None:
    """Reject a hypothesis, for a reason."""
    with call.library() as library:
        _tell(call, library.hypotheses.reject(id, reason))


def edit(
    call: Call,
    id: Id,
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="How to word it.")],
    reason: Reason = "",
) -> None:
    """Word a hypothesis anew, for a reason; it is kept from then on."""
    with call.library() as library:
        _tell(call, library.hypotheses.edit(id, statement, reason))


def reopen(call: Call, id: Id, reason: Reason = "") -> None:
    """Take a judgement back."""
    with call.library() as library:
        _tell(call, library.hypotheses.reopen(id, reason))


def compare(
    call: Call, id: Id, other: Annotated[str, typer.Argument(metavar="OTHER", help="The one to compare it with.")]
) -> None:
    """Show two hypotheses beside each other."""
    from agents.comparing import compared

    with call.library() as library:
        rows = compared(library.hypotheses.whole(id), library.hypotheses.whole(other))
    if call.json:
        write_json({"one": id, "other": other, "rows": [row.as_json() for row in rows]})
    else:
        draw_rows(rows, id, other)


def digest(
    call: Call,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="DAY", help="Compare with that day (2026-01-31), not with the last digest."),
    ] = None,
    record: Annotated[
        bool, typer.Option("--record/--no-record", help="Let the next digest compare with what this one tells.")
    ] = True,
) -> None:
    """Tell what papers that came or went say to the hypotheses that are kept: new support, denial, and scores anew."""
    day = None if since is None else _day(since)
    with call.library() as library:
        told = library.hypotheses.digest(day, record).as_json()
    if call.json:
        write_json(told)
    else:
        draw_digest(told)


def _day(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        raise UsageError(f"{text!r} is no day: write it as 2026-01-31.") from None


def _tell(call: Call, one: Judgement) -> None:
    if call.json:
        write_json(one.as_json())
    else:
        verb = one.change.capitalize() if one.change != "judged" else one.standing.capitalize()
        write(f"{verb}: {one.id} ({one_line(one.statement)})")


# What a person sees


def draw(told: Mapping[str, Any]) -> None:
    """A hypothesis whole, with what was thought of it and its critique."""
    from ui import criticised, hypothesized

    hypothesized.draw_one(told, {})
    if told["critique"] is not None:
        criticised.draw(told)
        write()
    if (judged := told["judgement"]) is not None:
        why = f": {one_line(judged['reason'])}" if judged["reason"] else ""
        write(f"You {judged['standing']} it{why}" if judged["standing"] != "open" else "You took your judgement back")
        for one in judged["versions"]:
            when = f"{one['version']}. {one['written'][:16]}"
            write(f"  {when}  {one['change']}, {one['standing']}  {one_line(one['reason'])}")
    if told["run"] is not None:
        write(f"Made by {told['run']}.")


def draw_rows(rows: Sequence[Row], one: str, other: str) -> None:
    """Two hypotheses beside each other; a star marks which stands better."""
    write_table(
        ["", one, other],
        [
            (row.name, row.one + (" *" if row.better == 0 else ""), row.other + (" *" if row.better == 1 else ""))
            for row in rows
        ],
    )


def counts(papers: Mapping[str, Mapping[str, int]]) -> str:
    """How many papers name each of some concepts, before and now: `silk: 3 → 4`."""
    return ", ".join(f"{one_line(name)}: {count['before']} → {count['now']}" for name, count in papers.items())


def draw_digest(told: Mapping[str, Any]) -> None:
    """What changed, a paragraph for each hypothesis."""
    for one in told["changes"]:
        write(one_line(one["statement"]))
        score, verdict, novelty = one["score"], one["verdict"], one["novelty"]
        moved = f"score {score['before']:.2f} → {score['now']:.2f}"
        moved += "".join(
            f", {each['before']} → {each['now']}" for each in (verdict, novelty) if each["before"] != each["now"]
        )
        write(f"  {one['id']}, since {one['since'][:10]}: {moved}")
        if one["papers"]:
            write(f"  papers that name {counts(one['papers'])}")
        for new in one["new"]:
            evidence = new["evidence"]
            speaks = new["gap"] and new["speaks"] != "otherwise"
            what = "on the link that nobody stated" if speaks else one_line(new["link"])
            write(f"  {new['speaks']}: “{one_line(evidence['quote'])}” ({one_line(evidence['key'])}; {what})")
        if one["gone"]:
            write(f"  {one['gone']} sentences are gone with their papers")
        for paper in one["together"]:
            write(f"  names both ends: {one_line(paper['title'] or paper['key'])} ({one_line(paper['key'])})")
        for label in one["lost"]:
            write(f"  no paper names {one_line(label)} any more")
        write()
    count = told["unchanged"]
    write(f"{len(told['changes'])} changed, {count} not.")
