"""What people and agents wrote about a library on a server: a node for each thing, apart from all that papers state.

Its list `versions` holds everything; the properties beside it are those of the newest version, to be looked at.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kg.stores.shelf import Kind, Version

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from neo4j import Record

    from kg.stores.neo4j_connections import Connections

_LABELS: dict[Kind, str] = {"note": "Note", "hypothesis": "Hypothesis"}

# Setting a property locks the node until the end of the query, so that what is asked after it still holds then. A
# version that is the last one already was written by this very call, before a connection was lost.
_WRITE = """
SET n.asked = $number
WITH n, coalesce(n.versions, []) AS before
SET n.versions = CASE size(before) WHEN $number - 1 THEN before + $version ELSE before END
WITH n WHERE n.versions[-1] = $version
SET n += $shown
RETURN n.id AS id
"""


class Neo4jShelf:
    """The shelf of one kind in a database (`kg.stores.shelf.Shelf`)."""

    def __init__(self, connections: Connections, kind: Kind) -> None:
        self._connections, self._label = connections, _LABELS[kind]

    def append(self, version: Version) -> bool:
        begin = "MERGE" if version.number == 1 else "MATCH"
        rows = self._connections.plain(
            f"{begin} (n:{self._label} {{id: $id}}) {_WRITE}",
            id=version.id,
            number=version.number,
            version=json.dumps([version.written, dict(version.body)], sort_keys=True),
            shown=_shown(version.body),
        )
        return bool(rows)

    def history(self, id: str) -> list[Version]:
        rows = self._connections.plain(
            f"MATCH (n:{self._label} {{id: $id}}) RETURN n.id AS id, n.versions AS versions", id=id
        )
        return _versions(rows)

    def latest(self) -> list[Version]:
        rows = self._connections.plain(
            f"MATCH (n:{self._label}) "
            "RETURN n.id AS id, size(n.versions) AS number, n.versions[-1] AS version ORDER BY id"
        )
        return [_version(row["id"], row["number"], row["version"]) for row in rows]

    def versions(self) -> list[Version]:
        rows = self._connections.plain(f"MATCH (n:{self._label}) RETURN n.id AS id, n.versions AS versions ORDER BY id")
        return _versions(rows)

    def forget(self, id: str) -> None:
        self._connections.plain(f"MATCH (n:{self._label} {{id: $id}}) DETACH DELETE n", id=id)


def _versions(rows: Iterable[Record]) -> list[Version]:
    return [
        _version(row["id"], number, version) for row in rows for number, version in enumerate(row["versions"], start=1)
    ]


def _version(id: str, number: int, stored: str) -> Version:
    written, body = json.loads(stored)
    return Version(id, number, written, body)


def _shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """What of a body a node can have as properties: texts, numbers, yes and no, and lists of texts."""
    return {
        name: value
        for name, value in body.items()
        if name not in ("id", "versions", "asked")
        and (
            value is None
            or isinstance(value, str | int | float | bool)
            or (isinstance(value, list) and all(isinstance(one, str) for one in value))
        )
    }
