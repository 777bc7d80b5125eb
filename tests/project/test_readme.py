"""What the README shows works as it stands there, from an empty folder with a few papers."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

README = Path(__file__).resolve().parent.parent.parent / "README.md"
PAPER = """# Silk

## Results

The toughness of spider silk is limited by humidity. Spider silk contains spidroin.
"""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(), re.DOTALL)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `papers/` and the environment as `.venv`, where the README's commands look for it."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "silk.md").write_text(PAPER)
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    return tmp_path


def run(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("HYPOGRAPH_")}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def test_the_commands_run_in_their_order(folder: Path) -> None:
    commands = [line for block in blocks("sh") for line in block.splitlines() if line.startswith(".venv/bin/hypograph")]
    assert len(commands) > 2
    said = {command: run(shlex.split(command), folder) for command in commands}
    assert {command: done.stderr for command, done in said.items() if done.returncode} == {}
    (answer,) = [done.stdout for command, done in said.items() if " ask " in command]
    assert "humidity" in answer


def test_the_notebook_lines_run(folder: Path) -> None:
    code = "\n".join(blocks("python"))
    assert "kg.open_library" in code
    done = run([sys.executable, "-c", code], folder)
    assert done.returncode == 0, done.stderr
