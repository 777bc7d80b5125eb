"""Recorded runs of a library on a server: nodes labelled Run, apart from all that papers state."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from kg.errors import NotFound

if TYPE_CHECKING:
    from kg.stores.neo4j_connections import Connections


class RunShelf:
    """Keeps the lines of runs: see `agents.run_logs.RunLog`. Who is making a run right now is not known here."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def begin(self, run: str, inputs: Mapping[str, Any]) -> bool:
        self._connections.plain(
            "MERGE (r:Run {id: $run}) SET r.inputs = $inputs, r.events = [], r.cancelled = false, "
            "r.written = toString(datetime({timezone: 'UTC'}))",
            run=run,
            inputs=json.dumps(dict(inputs), sort_keys=True),
        )
        return True

    def resume(self, run: str) -> bool:
        self._connections.plain("MATCH (r:Run {id: $run}) SET r.cancelled = false", run=run)
        return True

    def append(self, run: str, line: Mapping[str, Any]) -> None:
        self._connections.plain(
            "MATCH (r:Run {id: $run}) SET r.events = r.events + $line, "
            "r.written = toString(datetime({timezone: 'UTC'}))",
            run=run,
            line=json.dumps(dict(line), sort_keys=True),
        )

    def close(self, run: str) -> None:
        """Nothing is held between lines."""

    def read(self, run: str) -> Iterator[dict[str, Any]]:
        query = "MATCH (r:Run {id: $run}) RETURN r.inputs AS inputs, r.events AS events"
        rows = self._connections.plain(query, run=run)
        if not rows:
            raise NotFound(
                f"No run {run[:60]!r}. Its id stands in the answer that it gave; `hypograph runs` lists those kept."
            )
        return map(json.loads, (rows[0]["inputs"], *rows[0]["events"]))

    def cancel(self, run: str) -> None:
        self.read(run)
        self._connections.plain("MATCH (r:Run {id: $run}) SET r.cancelled = true", run=run)

    def is_cancelled(self, run: str) -> bool:
        rows = self._connections.plain("MATCH (r:Run {id: $run}) RETURN r.cancelled AS cancelled", run=run)
        return bool(rows) and bool(rows[0]["cancelled"])

    def is_open(self, run: str) -> bool | None:
        return None

    def written(self) -> dict[str, str]:
        """When each run was last written to (UTC, ISO 8601), by id."""
        rows = self._connections.plain("MATCH (r:Run) RETURN r.id AS id, r.written AS written ORDER BY id")
        return {row["id"]: row["written"] for row in rows}
