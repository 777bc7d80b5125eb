"""The commands `note …`: what a person noted down, and what they see of it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Protocol

import typer

from kg.errors import UsageError
from ui.terminal import clean, one_line, write, write_json, write_json_lines, write_table

if TYPE_CHECKING:
    from kg.library import Library
    from kg.note_links import Suggestion
    from kg.notes import Note, Notes

STDIN = "-"


class Call(Protocol):
    """How a command was asked to work (`ui.cli.Call`)."""

    @property
    def json(self) -> bool: ...

    def library(self) -> Library:
        """The library that was named."""


_SHORT = 15  # characters of an id that tell notes apart

Id = Annotated[str, typer.Argument(metavar="ID", help="A note's id, or how it begins.")]
Concepts = Annotated[list[str] | None, typer.Option("--concept", metavar="C", help="A concept; repeatable.")]
Papers = Annotated[list[str] | None, typer.Option("--paper", metavar="P", help="A paper (id or key); repeatable.")]
Others = Annotated[list[str] | None, typer.Option("--note", metavar="ID", help="Another note; repeatable.")]
Tags = Annotated[list[str] | None, typer.Option("--tag", metavar="T", help="A tag of your own; repeatable.")]


def register(command: Callable[[str], Callable[[Callable[..., int | None]], object]]) -> None:
    """Makes the commands; `command` is what makes one of a function."""
    made: dict[str, Callable[..., None]] = {
        "add": add,
        "list": list_,
        "show": show,
        "edit": edit,
        "link": link,
        "unlink": unlink,
        "suggest": suggest,
        "remove": remove,
        "restore": restore,
    }
    for name, function in made.items():
        command(name)(function)


def add(
    call: Call,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What to note down; - is stdin.")] = None,
    title: Annotated[str, typer.Option("--title", metavar="T", help="What to call it.")] = "",
    concept: Concepts = None,
    paper: Papers = None,
    note: Others = None,
    tag: Tags = None,
    run: Annotated[
        str | None, typer.Option("--run", metavar="RUN", help="The run it belongs to; without TEXT, its conclusion.")
    ] = None,
) -> None:
    """Note something down, linked to what it is about; with --run alone, keep what a run concluded."""
    links = _links(concept, paper, note)
    with call.library() as library:
        notes = library.notes
        if text is not None:
            made = notes.add(_read(text), title, **links, tags=tag or (), run=run)
        elif run is not None:
            made = notes.keep(run, title or None, tag or ())
            made = notes.link(made.id, **links) if any(links.values()) else made
        else:
            raise UsageError("What shall be noted down? Give a TEXT (- is stdin), or a run to keep with --run RUN.")
        _tell(call, notes, made, "Noted down")


def list_(
    call: Call,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="What they shall speak of.")] = None,
    tag: Tags = None,
    concept: Annotated[str | None, typer.Option("--concept", metavar="C", help="Linked to that concept.")] = None,
    paper: Annotated[str | None, typer.Option("--paper", metavar="P", help="Linked to that paper.")] = None,
    run: Annotated[str | None, typer.Option("--run", metavar="RUN", help="Of that run.")] = None,
    removed: Annotated[bool, typer.Option("--removed", help="Instead: those that were removed.")] = False,
) -> None:
    """List the notes, the latest first; with TEXT, those that speak of it, the best first."""
    with call.library() as library:
        chosen: dict[str, Any] = {
            "tag": tag or (), "concept": concept, "paper": paper, "run": run, "removed": removed,
        }  # fmt: skip
        if text is None:
            found = list(library.notes.all(**chosen))
            told = library.notes.told(found)
        else:
            hits = library.notes.search(text, len(library.notes.all(**chosen)), **chosen)
            told = library.notes.told(hit.note for hit in hits)
            told = [one | {"score": hit.score, "why": list(hit.why)} for one, hit in zip(told, hits, strict=True)]
    if call.json:
        write_json_lines(told)
    else:
        draw_list(told)


def show(
    call: Call,
    id: Id,
    history: Annotated[bool, typer.Option("--history", help="With the text of every version.")] = False,
) -> None:
    """Show a note whole, with what became of it."""
    from kg.notes import history_json

    with call.library() as library:
        versions = list(library.notes.history(id))
        (told,) = library.notes.told(versions[-1:])
    told["versions"] = history_json(versions)
    if call.json:
        write_json(told)
    else:
        draw(told, history)


def edit(
    call: Call,
    id: Id,
    text: Annotated[str | None, typer.Argument(metavar="TEXT", help="The new text; - is stdin.")] = None,
    title: Annotated[str | None, typer.Option("--title", metavar="T", help="The new title.")] = None,
    seen: Annotated[
        int | None, typer.Option("--seen", metavar="N", help="Only if N is still the newest version.")
    ] = None,
) -> None:
    """Give a note another text or title: a new version; the one before stays in its history."""
    if text is None and title is None:
        raise UsageError("What shall change? Give a TEXT (- is stdin) or a --title.")
    with call.library() as library:
        made = library.notes.edit(id, None if text is None else _read(text), title, seen=seen)
        _tell(call, library.notes, made, "Changed")


def link(
    call: Call, id: Id, concept: Concepts = None, paper: Papers = None, note: Others = None, tag: Tags = None
) -> None:
    """Link a note to concepts, papers and other notes, or tag it."""
    with call.library() as library:
        made = library.notes.link(id, **_some_links(concept, paper, note, tag))
        _tell(call, library.notes, made, "Linked")


def unlink(
    call: Call, id: Id, concept: Concepts = None, paper: Papers = None, note: Others = None, tag: Tags = None
) -> None:
    """Take links or tags from a note."""
    with call.library() as library:
        made = library.notes.unlink(id, **_some_links(concept, paper, note, tag))
        _tell(call, library.notes, made, "Unlinked")


def suggest(
    call: Call,
    id: Id,
    take: Annotated[
        list[int] | None, typer.Option("--take", metavar="N", help="Make the link with that number; repeatable.")
    ] = None,
) -> None:
    """Suggest what a note might be linked to, each with the reason."""
    with call.library() as library:
        found = library.notes.suggest(id)
        if wrong := [number for number in take or () if not 1 <= number <= len(found)]:
            raise UsageError(f"There is no suggestion {wrong[0]}: there are {len(found)}.")
        for number in take or ():
            library.notes.link(id, **{f"{found[number - 1].kind}s": [found[number - 1].target]})
        if take:
            _tell(call, library.notes, library.notes.get(id), "Linked")
            return
    if call.json:
        write_json_lines(suggestion_json(one) for one in found)
    else:
        draw_suggestions(found)


def remove(
    call: Call,
    id: Id,
    forever: Annotated[
        bool, typer.Option("--forever", help="Delete all its versions; nothing brings it back.")
    ] = False,
) -> None:
    """Take a note out of every list; `note restore` brings it back."""
    with call.library() as library:
        made = library.notes.remove(id, forever)
        if forever:
            if call.json:
                write_json({"id": made.id, "removed": True, "forever": True})
            else:
                write(f"Deleted for good: {made.id}.")
            return
        _tell(call, library.notes, made, "Removed")
    if not call.json:
        write(f"`hypograph note restore {made.id}` brings it back.")


def restore(
    call: Call,
    id: Id,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="As it was in that version.")] = None,
) -> None:
    """Bring a removed note back, or an earlier version of one."""
    with call.library() as library:
        made = library.notes.restore(id, version)
        _tell(call, library.notes, made, "Restored")


def suggestion_json(one: Suggestion) -> dict[str, Any]:
    """A suggestion as plain values; `quote` is null where the reason rests on the note alone."""
    return {
        "kind": one.kind,
        "target": one.target,
        "name": one.name,
        "reason": one.reason,
        "quote": one.quote if one.quote else None,
    }


# What a person sees


def draw_list(told: Sequence[Mapping[str, Any]]) -> None:
    """A table of notes."""
    if not told:
        write("No note fits.")
        return
    write_table(
        ["note", "written", "what", "linked to", "tags"],
        [
            (one["id"][:_SHORT], one["written"][:10], one["heading"], ", ".join(_linked(one)), ", ".join(one["tags"]))
            for one in told
        ],
    )


def draw(told: Mapping[str, Any], history: bool = False) -> None:
    """A note whole."""
    if told["title"]:
        write(one_line(told["title"]))
        write()
    write(clean(told["text"]))
    write()
    if told["by"] == "run":
        write(f"Concluded by {told['run']}: not your words, and not a paper's.")
    elif told["run"] is not None:
        write(f"Of {told['run']}.")
    for name, found in (("Linked to", _linked(told)), ("Tags", told["tags"])):
        if found:
            write(f"{name}: {one_line(', '.join(found))}")
    write(f"{told['id']}, version {told['version']}, {told['written'][:16]}{' (removed)' if told['removed'] else ''}")
    for one in told["versions"] if history or len(told["versions"]) > 1 else ():
        write(f"  {one['version']}. {one['written'][:16]}  {one_line('; '.join(one['changes']))}")
        if history:
            for line in clean(one["text"]).splitlines():
                write(f"     {line}")


def draw_suggestions(found: Sequence[Suggestion]) -> None:
    """Links that a note might have, numbered."""
    if not found:
        write("Nothing to suggest: no concept or paper of the library is named that it is not linked to.")
    for number, one in enumerate(found, 1):
        write(f"{number}. {one.kind}: {one_line(one.name)}  ({one_line(one.reason)})")
        if one.quote:
            write(f"   “{one_line(one.quote)}”")
    if found:
        write("`--take N` makes the link with that number.")


def _linked(told: Mapping[str, Any]) -> list[str]:
    gone = " (not here)"
    return [
        *(one["label"] + ("" if one["there"] else gone) for one in told["concepts"]),
        *(one["key"] + ("" if one["there"] else gone) for one in told["papers"]),
        *(one["id"][:_SHORT] for one in told["notes"]),
    ]


def _tell(call: Call, notes: Notes, note: Note, verb: str) -> None:
    (told,) = notes.told([note])
    if call.json:
        write_json(told)
    else:
        write(f"{verb}: {note.id} ({one_line(note.heading)})")


def _read(text: str) -> str:
    return sys.stdin.read() if text == STDIN else text


def _links(concept: Iterable[str] | None, paper: Iterable[str] | None, note: Iterable[str] | None) -> dict[str, Any]:
    return {"concepts": tuple(concept or ()), "papers": tuple(paper or ()), "notes": tuple(note or ())}


def _some_links(
    concept: Iterable[str] | None, paper: Iterable[str] | None, note: Iterable[str] | None, tag: Iterable[str] | None
) -> dict[str, Any]:
    links = _links(concept, paper, note) | {"tags": tuple(tag or ())}
    if not any(links.values()):
        raise UsageError("Which link? Give --concept, --paper, --note or --tag.")
    return links
