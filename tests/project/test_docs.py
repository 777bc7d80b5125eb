"""The documents tell the truth: links lead somewhere, commands exist, licences and ports are as they say."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent.parent
FOLDERS = r"kg|agents|ingest|ui|tests|training|overrides|scripts|docs|\.ci"
DOCUMENTS = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted((TOP / "docs").rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_links_and_make_targets_exist(document: Path) -> None:
    text = document.read_text()
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in link]
    assert [link for link in links if not (document.parent / link.partition("#")[0]).exists()] == []
    targets = set(re.findall(r"^([a-z-]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z-]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(TOP).as_posix())
def test_named_files_exist(document: Path) -> None:
    named = re.findall(rf"`((?:{FOLDERS})/[\w./-]*)`", document.read_text())
    assert [name for name in named if not (TOP / name).exists()] == []


def test_each_decision_is_listed() -> None:
    folder = TOP / "docs" / "decisions"
    listed = re.findall(r"\]\((\d{4}-[^)]+)\)", (folder / "README.md").read_text())
    assert listed == sorted(path.name for path in folder.glob("0*.md"))


def test_make_alone_lists_every_target() -> None:
    told = subprocess.run(["make"], cwd=TOP, capture_output=True, text=True, timeout=60, check=True).stdout
    declared = re.search(r"^\.PHONY: (.+)$", (TOP / "Makefile").read_text(), re.MULTILINE)
    assert declared is not None
    assert re.findall(r"^  make ([a-z-]+)", told, re.MULTILINE) == declared[1].split()
