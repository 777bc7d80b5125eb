"""An empty library on the tests' server, and the way to it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from kg.addresses import Server as Address
from kg.addresses import parse
from kg.stores.neo4j_schema import MIGRATIONS
from kg.stores.neo4j_store import Neo4jStore
from kg.stores.revision import Revision
from tests.server.neo4j_server import Server


class Place:
    """Where the tests keep one library after the other: the database of one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.address = parse(server.uri)
        self._ours = False

    @property
    def environment(self) -> dict[str, str]:
        """What lets a command of its own in."""
        return {"HYPOGRAPH_NEO4J_USER": self.server.user, "HYPOGRAPH_NEO4J_PASSWORD": self.server.password}

    def opened(self, create: bool = False, **more: Any) -> Neo4jStore:
        """The library as it is."""
        assert isinstance(self.address, Address)
        return Neo4jStore(self.address, self.server.user, self.server.password, create=create, **more)

    def emptied(self) -> Neo4jStore:
        """The library without anything in it; its constraints and indexes stay."""
        if not self._ours:
            self.opened(create=True).close()  # refuses a database with other data, before anything is deleted
            self._ours = True
        self.run("MATCH (n) WHERE NOT n:Library AND NOT n:Gate AND NOT n:Lock DETACH DELETE n")
        self.run("MATCH (n:Lock) DELETE n")
        self.run(
            "MATCH (n:Library) SET n = {name: 'library', schema: $schema, revision: $zero}",
            schema=len(MIGRATIONS),
            zero=str(Revision()),
        )
        return self.opened(create=True)

    def run(self, query: str, **values: object) -> list[dict[str, Any]]:
        """What a query of a test's own gives, past the store."""
        from neo4j import GraphDatabase

        with GraphDatabase.driver(self.server.uri, auth=(self.server.user, self.server.password)) as driver:
            return [row.data() for row in driver.execute_query(query, dict(values)).records]

    @contextmanager
    def transaction(self) -> Iterator[Any]:
        """A transaction of a test's own, rolled back unless it is committed."""
        from neo4j import GraphDatabase

        with (
            GraphDatabase.driver(self.server.uri, auth=(self.server.user, self.server.password)) as driver,
            driver.session() as session,
            session.begin_transaction() as tx,
        ):
            yield tx

    def plan(self, query: str) -> dict[str, Any]:
        """How the server would work on a query, as a tree of operators."""
        from neo4j import GraphDatabase

        values = dict.fromkeys(re.findall(r"\$(\w+)", query))
        with GraphDatabase.driver(
            self.server.uri, auth=(self.server.user, self.server.password), notifications_min_severity="OFF"
        ) as driver:
            plan = driver.execute_query(f"CYPHER replan=force EXPLAIN {query}", values).summary.plan
        assert plan is not None
        return plan


Fresh = Callable[[], Neo4jStore]
