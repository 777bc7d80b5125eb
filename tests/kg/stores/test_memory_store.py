"""The oracle passes the contract it is the oracle of."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kg.stores.graph_store import GraphStore
from kg.stores.memory_store import MemoryStore
from tests.contracts.graph_store import GraphStoreContract


class TestMemoryStore(GraphStoreContract):
    @pytest.fixture(scope="class")
    @classmethod
    def fresh(cls) -> Callable[[], GraphStore]:
        return MemoryStore
