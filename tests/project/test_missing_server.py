"""Where no Neo4j server can be had, its tests are skipped with the reason; in CI they fail."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(("ci", "outcome"), [("true", "1 error"), ("", "1 skipped")])
def test_a_server_that_cannot_be_had_is_a_failure_in_ci_and_a_skip_elsewhere(
    ci: str, outcome: str, tmp_path: Path
) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEO4J_", "JAVA_", "PYTEST_"))}
    nowhere = {"PATH": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "HOME": str(tmp_path), "CI": ci}
    test = "tests/kg/stores/test_neo4j_store.py::test_a_closed_store_says_that_it_is_closed"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", test],
        cwd=TOP,
        env=kept | nowhere,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert f"{outcome} in" in done.stdout, done.stdout
    assert "needs Maven" in done.stdout
