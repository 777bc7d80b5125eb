"""The runner of the outside checks: all of them run, each says its time, and what fell short is counted at the end."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parent.parent.parent
# A check that finds the unpacked papers and is not content with two of the collections.
SCRIPT = """
import sys
from pathlib import Path
words = sys.argv[1:]
if "--papers" in words and not words[words.index("--papers") + 1].isdigit():
    print("papers:", sorted(path.name for path in Path(words[words.index("--papers") + 1]).iterdir()), flush=True)
print("asked", *words, flush=True)
sys.exit(1 if words[0] in ("musique", "scifact") else 0)
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A checkout with the runner, beside a shared folder whose scripts are all the one above."""
    checkout = tmp_path / "checkout"
    shutil.copytree(TOP / ".ci", checkout / ".ci")
    scripts = tmp_path / "shared" / "checks"
    scripts.mkdir(parents=True)
    for name in ("health", "extraction", "reading", "invariants", "faults", "retrieval", "hypotheses"):
        (scripts / f"{name}.py").write_text(SCRIPT)
    papers = tmp_path / "shared" / "data" / "papers" / "jats-plos"
    papers.mkdir(parents=True)
    (tmp_path / "paper.xml").write_text("<article/>")
    with tarfile.open(papers / "plos-jats.tar.xz", "w:xz") as archive:
        archive.add(tmp_path / "paper.xml", "paper.xml")
    return checkout


def run(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(place / ".ci" / "checks.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_all_run_and_the_ones_that_fell_short_are_named_last(place: Path) -> None:
    told = run(place)
    assert told.returncode == 1
    *lines, short, count = told.stdout.splitlines()
    assert short == "fell short: musique, scifact"
    assert " passed, 2 failed in " in count
    passed = [line for line in lines if line.startswith("== ") and ": passed, " in line]
    assert len(passed) == int(count.split()[0]) > 5
    assert any(line.startswith("== musique: FAILED, status 1, ") for line in lines)
    assert "papers: ['paper.xml']" in lines


def test_a_check_that_hangs_is_stopped_with_all_that_it_started(place: Path) -> None:
    hang = "import os, subprocess, sys, time\nsubprocess.run([sys.executable, '-c', CODE], start_new_session=True)"
    code = f"import os, time; open({str(place / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(300)"
    (place.parent / "shared" / "checks" / "health.py").write_text(hang.replace("CODE", repr(code)))
    runner = place / ".ci" / "checks.py"
    runner.write_text(runner.read_text().replace("minutes: float = 15", "minutes: float = 0.03"))
    told = run(place, "--only", "health", "polarity")
    assert told.returncode == 1
    assert "== health: FAILED, stopped after 0.03 minutes" in told.stdout
    assert "== polarity: passed" in told.stdout
    stat = Path("/proc") / (place / "pid").read_text() / "stat"
    assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"  # ended, and nobody has asked


def test_floors_are_handed_on_and_shown(place: Path) -> None:
    told = run(place, "--only", "hotpotqa")
    assert told.returncode == 0
    assert "asked hotpotqa --floor r5>=.95" in told.stdout
    assert "floors: r5>=.95" in told.stdout.splitlines()[0]
    assert told.stdout.splitlines()[-1].startswith("1 passed, 0 failed")


def test_without_the_shared_folder_it_says_so(place: Path) -> None:
    shutil.rmtree(place.parent / "shared")
    told = run(place)
    assert told.returncode == 2
    assert "no shared/checks beside the checkout" in told.stderr
