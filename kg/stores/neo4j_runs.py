"""Recorded runs of a library on a server: nodes labelled Run, apart from all that papers state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Protocol

from kg.errors import NotFound

if TYPE_CHECKING:
    from kg.stores.neo4j_connections import Connections


class Step(Protocol):
    """An event of a run."""

    def as_json(self) -> dict[str, Any]: ...


class RunShelf:
    """Keeps the events of runs (`agents.runs.RunLog`). A run that is made again replaces its log."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def begin(self, run: str, inputs: Mapping[str, Any]) -> None:
        self._connections.plain(
            "MERGE (r:Run {id: $run}) SET r.inputs = $inputs, r.events = [], "
            "r.written = toString(datetime({timezone: 'UTC'}))",
            run=run,
            inputs=json.dumps(dict(inputs), sort_keys=True),
        )

    def append(self, run: str, event: Step) -> None:
        self._connections.plain(
            "MATCH (r:Run {id: $run}) SET r.events = r.events + $event, "
            "r.written = toString(datetime({timezone: 'UTC'}))",
            run=run,
            event=json.dumps(event.as_json(), sort_keys=True),
        )

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        """The inputs, then the events, as they were written. Raises NotFound for a run that was never made."""
        query = "MATCH (r:Run {id: $run}) RETURN r.inputs AS inputs, r.events AS events"
        rows = self._connections.plain(query, run=run)
        if not rows:
            raise NotFound(f"No run {run[:60]!r}. Its id stands in the answer that it gave.")
        return map(json.loads, (rows[0]["inputs"], *rows[0]["events"]))

    def written(self) -> dict[str, str]:
        """When each run was last written to (UTC, ISO 8601), by id."""
        rows = self._connections.plain("MATCH (r:Run) RETURN r.id AS id, r.written AS written ORDER BY id")
        return {row["id"]: row["written"] for row in rows}
