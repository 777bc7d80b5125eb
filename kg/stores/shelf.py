"""The port behind which lies what people and agents wrote, apart from the facts of a library: a shelf of things, each
with all its versions.

A version is never changed and never written over: a change is a new one, and two that are written at once cannot have
the same number. `tests/contracts/shelf.py` is what the words here mean.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from kg.errors import UsageError

Kind = Literal["note", "hypothesis"]
"""What there is a shelf for."""
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a thing: `number` counts from 1, `written` is when (UTC, ISO 8601), `body` is plain JSON."""

    id: str
    number: int
    written: str
    body: Mapping[str, Any]


class Shelf(Protocol):
    """All versions of things of one kind. May be used from several threads and processes at once."""

    def append(self, version: Version) -> bool:
        """Keeps the next version of a thing, the first one with the number 1. False where its number is not the next:
        somebody else was faster, or the thing is gone. Nothing is changed then."""

    def history(self, id: str) -> list[Version]:
        """All versions of a thing, the oldest first; empty where it is not there."""

    def latest(self) -> list[Version]:
        """The newest version of each thing, by id."""

    def versions(self) -> list[Version]:
        """All versions of all things, by id and number."""

    def forget(self, id: str) -> None:
        """Throws a thing away with all its versions, for good; one that is not there: nothing."""


def new_to(one: Shelf, other: Shelf) -> list[Version]:
    """The versions of `one` that `other` has not, in order. UsageError where a thing was changed on both since they
    were the same: neither of the two ends may be lost."""
    there = {(version.id, version.number): version for version in other.versions()}
    new = []
    for version in one.versions():
        same = there.get((version.id, version.number))
        if same is None:
            new.append(version)
        elif (same.written, same.body) != (version.written, version.body):
            raise UsageError(
                f"{version.id} was changed in both libraries since version {version.number - 1}, and a copy would lose "
                "one of the two. Name a folder that holds no library."
            )
    return new


class MemoryShelf:
    """Keeps versions as long as the program lives."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Version]] = {}
        self._guard = threading.Lock()

    def append(self, version: Version) -> bool:
        # As other shelves do, it keeps the JSON and not the caller's own values.
        kept = Version(version.id, version.number, version.written, json.loads(json.dumps(dict(version.body))))
        with self._guard:
            before = self._kept.get(version.id, [])
            if len(before) != version.number - 1:
                return False
            self._kept[version.id] = [*before, kept]
        return True

    def history(self, id: str) -> list[Version]:
        return list(self._kept.get(id, ()))

    def latest(self) -> list[Version]:
        with self._guard:
            return [self._kept[id][-1] for id in sorted(self._kept)]

    def versions(self) -> list[Version]:
        with self._guard:
            return [version for id in sorted(self._kept) for version in self._kept[id]]

    def forget(self, id: str) -> None:
        with self._guard:
            self._kept.pop(id, None)
