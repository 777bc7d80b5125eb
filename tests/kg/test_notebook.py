"""The notebook's face: adding papers and asking, in a script, in a running kernel, and from several processes."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest

import kg
from kg.errors import LibraryError, NotFound, UsageError
from tests.fakes.libraries import ONE, fill

PAPER = "# Silk\n\n## Results\n\nThe toughness of spider silk is limited by humidity. Spider silk contains spidroin.\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "silk.md").write_text(PAPER)
    (folder / "more.jsonl").write_text('{"id": "cobalt", "title": "Cobalt", "text": "Cobalt improves hardness."}\n')
    return folder


def test_adding_tells_what_happens_and_gives_a_report(papers: Path, tmp_path: Path) -> None:
    told: list[str] = []
    with kg.open_library(tmp_path / "library") as library:
        report = library.add(papers, on_progress=lambda moment: told.append(moment.step))
        assert report.papers["added"] == 2
        assert told.count("committed") == 2
        assert library.add(papers / "silk.md", papers / "more.jsonl").papers["unchanged"] == 2
        assert [paper.key for paper in library.papers()] == ["cobalt", "silk.md"]
        assert library.search("what limits toughness?", k=1)[0].key == "silk.md"


def test_adding_works_while_an_event_loop_runs(papers: Path, tmp_path: Path) -> None:
    async def cell() -> int:
        with kg.open_library(tmp_path / "library", workers=2) as library:
            return int(library.add(papers).papers["added"])

    assert asyncio.run(cell()) == 2


def test_nothing_is_made_when_it_cannot_begin(papers: Path, tmp_path: Path) -> None:
    library = kg.open_library(tmp_path / "library")
    with pytest.raises(UsageError, match="Nothing to read"):
        library.add()
    with pytest.raises(NotFound, match=r"gone\.pdf"):
        library.add(papers, papers / "gone.pdf")
    with pytest.raises(UsageError, match="no-such-extractor"):
        library.add(papers, extractor="no-such-extractor")
    assert not (tmp_path / "library").exists()
    assert library.add(papers, dry_run=True).papers["added"] == 2
    assert not (tmp_path / "library").exists()


def test_papers_are_not_added_beside_vectors_of_another_embedder(papers: Path, tmp_path: Path) -> None:
    with kg.open_library(fill(tmp_path / "library", ONE)) as library:
        with pytest.raises(LibraryError, match="hypograph rebuild"):
            library.add(papers)
        assert library.info().papers == 1
        library.rebuild()
        assert library.add(papers).papers["added"] == 2


def test_two_scripts_may_add_to_one_library_at_once(papers: Path, tmp_path: Path) -> None:
    """As a script without a main guard, which worker processes must not run again."""
    code = "import sys, kg; print(kg.open_library(sys.argv[1], workers=2).add(*sys.argv[2:]).papers['added'])"
    script = tmp_path / "script.py"
    script.write_text(code)
    started = [
        subprocess.Popen([sys.executable, script, tmp_path / "library", path], stdout=subprocess.PIPE, text=True)
        for path in sorted(papers.iterdir())
    ]
    assert [process.communicate(timeout=120)[0].strip() for process in started] == ["1", "1"]
    assert kg.open_library(tmp_path / "library").info().papers == 2


def test_a_notebook_runs(papers: Path, tmp_path: Path) -> None:
    nbclient = pytest.importorskip("nbclient", reason="needs nbclient: make install")
    nbformat = pytest.importorskip("nbformat", reason="needs nbformat: make install")
    notebook = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell(source)
            for source in (
                f"import kg\nlibrary = kg.open_library({str(tmp_path / 'library')!r}, workers=2)\nlibrary",
                f"library.add({str(papers)!r}).papers",
                "library.concept('spider silk')",
                "library.search('toughness', k=5).to_frame()",
                "library.graph().number_of_edges() > 0",
            )
        ]
    )
    nbclient.NotebookClient(notebook, timeout=120).execute()
    shown = [cell.outputs[-1].data["text/plain"] for cell in notebook.cells]
    assert shown[0].startswith("<Library '")
    assert "'added': 2" in shown[1]
    assert re.fullmatch(r"<Concept '[Ss]pider silk': 1 papers, \d mentions>", shown[2])
    assert "silk.md" in shown[3]
    assert shown[4] == "True"
