"""The store on a server: the contract, on a real one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.stores.graph_store import GraphStore
from tests.contracts.graph_store import GraphStoreContract
from tests.server.library import Place


class TestNeo4jStore(GraphStoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls, neo4j_place: Place) -> Callable[[], GraphStore]:
        return neo4j_place.emptied
