"""What every test may ask for."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from tests.alone import sitecustomize

if TYPE_CHECKING:
    from tests.server.library import Place

# Tables are as wide as a terminal says; what runs the tests side by side claims one of 80 columns.
os.environ.pop("COLUMNS", None)

# No test reaches a language model of whoever runs the tests: what leads to one is taken out of the environment, and
# nothing leaves this machine, neither from here nor from the programs that tests start.
_PROVIDERS = ("HYPOGRAPH_LLM", "OPENAI_", "ANTHROPIC_", "OLLAMA_", "LANGSMITH_", "LANGCHAIN_")
for name in [name for name in os.environ if name.startswith(_PROVIDERS) or name.endswith(("_API_KEY", "_AUTH_TOKEN"))]:
    del os.environ[name]
ALONE = Path(sitecustomize.__file__).parent
os.environ["PYTHONPATH"] = os.pathsep.join([str(ALONE), *filter(None, [os.environ.get("PYTHONPATH")])])

# A shell that starts the tests in the background has Ctrl-C ignored, and some of them press it.
signal.signal(signal.SIGINT, signal.default_int_handler)

TOP = Path(__file__).resolve().parent.parent
IN_CI = os.environ.get("CI", "").lower() in {"1", "true", "yes"}

settings.register_profile("ci", derandomize=True, max_examples=100, deadline=None, print_blob=True)
settings.register_profile("dev", max_examples=40, deadline=None)
settings.register_profile(
    "fuzz", max_examples=2_000, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if IN_CI else "dev"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared papers beside the checkout, or a skip: a clone elsewhere does not have it."""
    folder = TOP.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip(f"needs the shared data folder beside the checkout ({folder.name}/data), which is not there")
    return folder


@pytest.fixture(scope="session")
def needs() -> Callable[[object, str], None]:
    """`needs(shutil.which("java"), "a JDK: apt-get install openjdk-17-jre-headless")`: where it is not there, the test
    is skipped with that reason; in CI, where everything has to be there, it fails."""

    def needed(there: object, what: str) -> None:
        if not there and IN_CI:
            pytest.fail(f"needs {what}; in CI it must be there", pytrace=False)
        if not there:
            pytest.skip(f"needs {what}")

    return needed


@pytest.fixture(scope="session")
def neo4j_place(needs: Callable[[object, str], None], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A real Neo4j server, started for the tests that ask for it and stopped after the last; see
    `tests.server.neo4j_server` for where it comes from."""
    from tests.server.library import Place
    from tests.server.neo4j_server import Unavailable, found

    try:
        server = found(tmp_path_factory.mktemp("neo4j"), brief=True)
        server.start()
    except Unavailable as error:
        needs(None, str(error))
        return
    try:
        yield Place(server)
    finally:
        server.stop()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Files stay together, and those on a Neo4j server (their names say so) go to one process: there is one server, and
    its one database holds one library at a time."""
    from xdist.scheduler import LoadFileScheduling

    class OneServer(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = super()._split_scope(nodeid)
            return "neo4j" if "neo4j" in file.rpartition("/")[2] else file

    return OneServer(config, log) if config.getvalue("dist") == "loadfile" else None
