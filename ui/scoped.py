"""The options, and the keys of a batch's lines, that say which part of the library a question is about."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from kg.errors import UnusableInput
from kg.scope import Scope, ScopeArguments, as_names

_Names = list[str] | None

OPTIONS: Mapping[str, Any] = {
    "as_of": Annotated[int | None, typer.Option("--as-of", metavar="YEAR", help="Leave out papers of later years.")],
    "since": Annotated[int | None, typer.Option("--since", metavar="YEAR", help="Leave out papers of earlier years.")],
    "within": Annotated[
        _Names, typer.Option("--in", metavar="PAPER|TAG", help="Only these papers: ids, keys or tags; repeatable.")
    ],
    "section": Annotated[
        _Names, typer.Option("--section", metavar="KIND", help="Only methods, results …, or a part of the heading.")
    ],
    "venue": Annotated[_Names, typer.Option("--venue", metavar="NAME", help="Only papers of that venue; repeatable.")],
}
"""The options by the names of their parameters; none of them has to be given."""

_KEYS = {"as_of": "until", "since": "since", "in": "within", "section": "sections", "venue": "venues"}


def scope(options: Mapping[str, Any]) -> Scope:
    """The scope that the options name."""
    papers, sections, venues = (options[name] or () for name in ("within", "section", "venue"))
    return Scope(options["since"], options["as_of"], as_names(papers), as_names(sections), as_names(venues))


def of_line(line: Mapping[str, Any], otherwise: Scope) -> ScopeArguments:
    """The scope of one line of a batch: what its keys `as_of`, `since`, `in`, `section` and `venue` say, and for those
    that it does not have, what the options say. Raises UnusableInput for a value of another kind."""
    said: Any = {name: _value(key, line[key]) for key, name in _KEYS.items() if key in line}
    told: ScopeArguments = {**otherwise.arguments(), **said}
    return told


def _value(key: str, value: object) -> object:
    if key in ("as_of", "since"):
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise UnusableInput(f"{key!r} must be a year, such as 2019, or null.")
    if isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value)):
        return as_names(value)
    raise UnusableInput(f"{key!r} must be a text in quotation marks, or a list of such.")
