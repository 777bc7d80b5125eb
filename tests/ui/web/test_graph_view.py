from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

import pytest

import ui
from ui.components import graph_view

COMPONENTS = Path(ui.__path__[0]) / "components"
VENDOR = COMPONENTS / "vendor"
ROWS = re.findall(r"^\| (\S+\.js) \| (\S+) \| (\S+) \| .* \| ([0-9a-f]{64}) \|$",
                  (VENDOR / "README.md").read_text(), re.MULTILINE)


def test_all_that_is_kept_is_listed() -> None:
    assert sorted(row[0] for row in ROWS) == sorted(path.name for path in VENDOR.glob("*.js"))
    assert {file for file, _ in graph_view.LIBRARIES} == {row[0] for row in ROWS}


@pytest.mark.parametrize(("file", "package", "version", "digest"), ROWS)
def test_what_others_made_is_as_they_published_it_with_its_licence(file: str, package: str, version: str,
                                                                    digest: str) -> None:
    assert sha256((VENDOR / file).read_bytes()).hexdigest() == digest
    assert "Permission is hereby granted, free of charge" in (VENDOR / f"{package}.LICENSE").read_text()


def test_the_module_holds_the_libraries_and_fetches_nothing() -> None:
    script = graph_view.script()
    for file, _ in graph_view.LIBRARIES:
        assert (VENDOR / file).read_text(encoding="utf-8") in script
    assert script.count("export default") == 1
    own = (COMPONENTS / "graph_view.js").read_text()
    assert not re.search(r"https?://|\bfetch\(|\bimport\(|innerHTML|insertAdjacentHTML|\beval\(", own)
    assert "http" not in (COMPONENTS / "graph_view.css").read_text()
