"""The set without torch and sentence-transformers does all that needs no other model, and makes the same vectors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

TOP = Path(__file__).resolve().parent.parent.parent
SLIM, FULL = TOP / ".venv-slim" / "bin", Path(sys.executable).parent
PAPER = """# Silk of orb weavers

## Results

Spider silk increases the toughness of the web. Dragline silk contains spidroin.
Humidity does not reduce the strength of dragline silk.
The fibres were spun at low temperature, and the spinning speed may increase the stiffness of the fibres.
"""


@pytest.fixture(scope="module", autouse=True)
def set_up(needs: Callable[[object, str], None]) -> None:
    needs((SLIM / "hypograph").exists(), "the environment without torch: make install-slim")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a paper, and the libraries `slim` and `full` made of it by the two environments."""
    place = tmp_path_factory.mktemp("slim")
    (place / "silk.md").write_text(PAPER)
    for name, programs in (("slim", SLIM), ("full", FULL)):
        done = hypograph(programs, "ingest", str(place / "silk.md"), library=place / name)
        assert done.returncode == 0, done.stderr
    return place


def hypograph(programs: Path, *words: str, library: Path, **env: str) -> subprocess.CompletedProcess[str]:
    command = [str(programs / "hypograph"), *words, "--library", str(library)]
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("HYPOGRAPH_", "PYTHONPATH"))}
    return subprocess.run(
        command, env={**outside, **env}, cwd=library.parent, capture_output=True, text=True, timeout=120
    )


def test_neither_torch_nor_sentence_transformers_is_there() -> None:
    code = (
        "from importlib.util import find_spec; print([find_spec(name) for name in ('torch', 'sentence_transformers')])"
    )
    said = subprocess.run([SLIM / "python", "-c", code], capture_output=True, text=True, timeout=60).stdout
    assert said.strip() == "[None, None]"


def test_a_paper_is_found_by_meaning_and_answers_a_question(folder: Path) -> None:
    found = hypograph(
        SLIM, "search", "how strong are threads of spiders?", "--mode", "dense", "--json", library=folder / "slim"
    )
    assert found.returncode == 0, found.stderr
    assert "toughness" in json.loads(found.stdout)["hits"][0]["text"]
    asked = hypograph(SLIM, "ask", "What does spider silk increase?", "--json", library=folder / "slim")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["answered"]
    assert "toughness" in answer["answer"]


def test_both_sets_make_the_same_library_to_the_last_bit(folder: Path) -> None:
    slim, full = (
        hypograph(programs, "export", "-", "--vectors", library=folder / name)
        for name, programs in (("slim", SLIM), ("full", FULL))
    )
    assert (slim.returncode, full.returncode) == (0, 0), slim.stderr + full.stderr
    assert len(slim.stdout.splitlines()) > 5
    assert slim.stdout == full.stdout


def test_the_doctor_is_content(folder: Path) -> None:
    seen = hypograph(SLIM, "doctor", "--json", library=folder / "slim")
    assert seen.returncode == 0, seen.stdout + seen.stderr


def test_another_model_is_refused_with_what_to_install(folder: Path) -> None:
    refused = hypograph(
        SLIM, "ingest", str(folder / "silk.md"), library=folder / "other", HYPOGRAPH_EMBEDDER="intfloat/e5-small-v2"
    )
    assert refused.returncode in (2, 3)
    assert "sentence-transformers" in refused.stderr
    assert "Traceback" not in refused.stderr
