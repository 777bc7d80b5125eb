from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.child import Failure
from ingest.readers.paper_text import PaperText
from ingest.reading import Limits, ReadingChild, Request, content_of
from kg.errors import UnusableInput


def request(path: Path, reader: str) -> Request:
    return Request(str(path), reader, hashlib.sha256(path.read_bytes()).hexdigest())


def test_a_file_is_read_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("# On silk\n\nIt holds.\n")
    with ReadingChild(Limits()) as child:
        paper = child.read(request(path, "markdown"))
    assert isinstance(paper, PaperText)
    assert paper.facts.title == "On silk"


def test_one_bad_file_does_not_keep_the_next_from_being_read(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.pdf", tmp_path / "good.txt"
    bad.write_bytes(b"%PDF-1.5\nnothing")
    good.write_text("Silk holds.")
    with ReadingChild(Limits()) as child:
        failed, read = child.read(request(bad, "pdf")), child.read(request(good, "text"))
    assert isinstance(failed, Failure)
    assert "damaged" in failed.reason
    assert failed.lasting
    assert isinstance(read, PaperText)


def test_too_long_and_too_much_are_said(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("silk " * 1000)
    with ReadingChild(Limits(characters=100)) as child:
        failed = child.read(request(path, "text"))
    assert isinstance(failed, Failure)
    assert "4,999 characters" in failed.reason
    with ReadingChild(Limits(seconds=0.0)) as child:
        slow = child.read(request(path, "text"))
    assert isinstance(slow, Failure)
    assert "longer than 0 seconds" in slow.reason
    assert not slow.lasting


def test_an_orphan_busy_with_a_bad_file_ends_too(tmp_path: Path) -> None:
    path, mark = tmp_path / "a.md", f"TEST_MARK={tmp_path}".encode()
    path.write_text("<!--" * 300_000)
    script = (
        "import sys; from pathlib import Path; from ingest.reading import Limits, ReadingChild\n"
        "from tests.ingest.test_reading import request\n"
        "ReadingChild(Limits(seconds=2)).read(request(Path(sys.argv[1]), 'markdown'))\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], cwd=TOP, env={**os.environ, "TEST_MARK": str(tmp_path)}
    )
    wait_until(lambda: len(marked(mark)) == 2)
    time.sleep(0.5)
    parent.kill()
    parent.wait()
    wait_until(lambda: not marked(mark))


TOP = Path(__file__).parents[2]


def marked(mark: bytes) -> list[str]:
    """The processes that have the mark in their environment."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes().split(b"\0"):
                found.append(environ.parent.name)
        except OSError:
            continue
    return found


def wait_until(there: Callable[[], bool], seconds: float = 20) -> None:
    until = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_file_that_changed_meanwhile_is_not_mistaken(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Silk holds.")
    meant = request(path, "text")
    path.write_text("Silk breaks.")
    with ReadingChild(Limits()) as child:
        failed = child.read(meant)
    assert isinstance(failed, Failure)
    assert "changed" in failed.reason


def test_what_is_no_file_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to("nowhere")
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"x" * 200)
    for path, says in [
        (tmp_path / "pipe", "named pipe"),
        (tmp_path / "gone", "nowhere"),
        (tmp_path, "a folder"),
        (Path("/dev/zero"), "a device"),
        (tmp_path / "empty", "empty"),
        (tmp_path / "large", "at most"),
    ]:
        with pytest.raises(UnusableInput, match=says):
            content_of(str(path), Limits(file_bytes=100))
