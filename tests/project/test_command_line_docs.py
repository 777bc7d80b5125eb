"""docs/command-line.md names the commands and settings that there are, and no others."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import typer

from kg.settings import Settings, read
from ui.cli import app

TEXT = (Path(__file__).resolve().parent.parent.parent / "docs" / "command-line.md").read_text()


def _table(heading: str) -> list[str]:
    """The first cells of the table under a header row that begins with this word."""
    rows = TEXT.partition(f"| {heading} |")[2].split("\n\n")[0].splitlines()[2:]
    return [row.split("|")[1] for row in rows]


def test_every_command_is_told() -> None:
    told = {name for cell in _table("command") for name in re.findall(r"`([a-z]+)", cell)}
    assert told == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


def test_every_setting_is_told() -> None:
    told = [name for cell in _table("setting") for name in re.findall(r"`(\w+)`", cell)]
    assert told == list(Settings.model_fields)


def test_the_file_that_is_shown_can_be_read(tmp_path: Path) -> None:
    (written,) = re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "hypograph.toml").write_text(written)
    found = read(tmp_path).settings
    assert {name: getattr(found, name) for name in tomllib.loads(written)} == tomllib.loads(written)
