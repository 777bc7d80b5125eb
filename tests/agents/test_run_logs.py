from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from agents.run_logs import FolderLog, MemoryLog, RunLog
from kg.errors import LibraryError
from tests.contracts.run_log import RUN, RunLogContract

TOP = Path(__file__).resolve().parents[2]


class TestMemoryLog(RunLogContract):
    @pytest.fixture
    def log(self) -> RunLog:
        return MemoryLog()


class TestFolderLog(RunLogContract):
    @pytest.fixture
    def log(self, tmp_path: Path) -> RunLog:
        return FolderLog(tmp_path / "runs")

    def test_a_line_that_was_cut_off_is_not_read_and_gone_once_the_run_goes_on(self, tmp_path: Path) -> None:
        log = FolderLog(tmp_path)
        log.begin(RUN, {"question": "silk"})
        log.append(RUN, {"number": 1})
        log.close(RUN)
        (file,) = tmp_path.iterdir()
        file.write_text(file.read_text()[:-5])
        assert list(log.read(RUN)) == [{"question": "silk"}]
        log.resume(RUN)
        log.append(RUN, {"number": 2})
        assert list(log.read(RUN)) == [{"question": "silk"}, {"number": 2}]

    def test_a_place_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(LibraryError, match="cannot be written"):
            FolderLog(tmp_path / "file" / "runs").begin(RUN, {})

    def test_two_who_make_the_same_run_do_not_write_into_each_others_lines(self, tmp_path: Path) -> None:
        one, other = FolderLog(tmp_path), FolderLog(tmp_path)
        assert one.begin(RUN, {"question": "silk"})
        assert not other.begin(RUN, {"question": "silk"})
        assert not other.resume(RUN)
        one.append(RUN, {"number": 1})
        assert other.is_open(RUN)
        one.close(RUN)
        assert other.is_open(RUN) is False
        assert other.resume(RUN)

    def test_what_a_killed_process_was_making_is_open_no_more(self, tmp_path: Path) -> None:
        code = (
            "import os, signal, sys; from pathlib import Path; from agents.run_logs import FolderLog; "
            f"log = FolderLog(Path(sys.argv[1])); log.begin({RUN!r}, {{}}); log.append({RUN!r}, {{'number': 1}}); "
            "os.kill(os.getpid(), signal.SIGKILL)"
        )
        done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=TOP, timeout=60, check=False)
        assert done.returncode < 0
        log = FolderLog(tmp_path)
        assert log.is_open(RUN) is False
        assert log.resume(RUN)
        assert list(log.read(RUN)) == [{}, {"number": 1}]

    def test_nothing_is_left_beside_the_runs(self, tmp_path: Path) -> None:
        log = FolderLog(tmp_path)
        log.begin(RUN, {})
        log.close(RUN)
        log.cancel(RUN)
        log.begin(RUN, {})
        log.close(RUN)
        assert [file.name for file in tmp_path.iterdir()] == [f"{RUN}.jsonl"]
