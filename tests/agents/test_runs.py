from __future__ import annotations

from pathlib import Path

import pytest

from agents.runs import Event, FolderLog, MemoryLog, Run, RunLog, digest
from kg.errors import LibraryError, NotFound


class RunLogContract:
    @pytest.fixture
    def log(self) -> RunLog:
        raise NotImplementedError

    def test_inputs_and_steps_are_read_as_they_were_written(self, log: RunLog) -> None:
        run = Run({"question": "Is silk tough?\ud800"}, log)
        run.did("plan", "Is silk tough?", {"words": ["silk"]})
        run.did("search", ["silk"], {"passages": []}, tokens=3, money=0.5)
        first, plan, search = log.read(run.id)
        assert first == {"question": "Is silk tough?\ud800"}
        assert (plan["number"], plan["step"], plan["outputs"]) == (1, "plan", {"words": ["silk"]})
        assert search["cost"] == {"tokens": 3, "money": 0.5}

    def test_the_same_work_is_the_same_run_and_replaces_its_log(self, log: RunLog) -> None:
        for _ in range(2):
            run = Run({"question": "silk"}, log)
            run.did("plan", "silk", {})
        assert len(list(log.read(run.id))) == 2
        assert Run({"question": "steel"}, log).id != run.id

    @pytest.mark.parametrize("name", ["run-0123", "../library", "", "run-\0"])
    def test_a_run_that_was_never_made_is_not_found(self, log: RunLog, name: str) -> None:
        with pytest.raises(NotFound, match="No run"):
            list(log.read(name))


class TestMemoryLog(RunLogContract):
    @pytest.fixture
    def log(self) -> RunLog:
        return MemoryLog()


class TestFolderLog(RunLogContract):
    @pytest.fixture
    def log(self, tmp_path: Path) -> RunLog:
        return FolderLog(tmp_path / "runs")

    def test_a_step_that_was_cut_off_is_not_read(self, tmp_path: Path) -> None:
        run = Run({"question": "silk"}, FolderLog(tmp_path))
        run.did("plan", "silk", {})
        (file,) = tmp_path.iterdir()
        file.write_text(file.read_text()[:-5])
        assert list(FolderLog(tmp_path).read(run.id)) == [{"question": "silk"}]

    def test_a_place_that_cannot_be_written_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")
        with pytest.raises(LibraryError, match="cannot be written"):
            Run({}, FolderLog(tmp_path / "file" / "runs"))


def test_whoever_listens_is_told_each_step_as_it_happens() -> None:
    told: list[Event] = []
    run = Run({}, on_event=told.append)
    run.did("plan", 1, {})
    assert [event.step for event in told] == ["plan"]
    run.did("search", 2, {})
    assert told == run.events


def test_a_digest_depends_on_content_alone() -> None:
    assert digest({"a": 1, "b": [2, None]}) == digest({"b": [2, None], "a": 1})
    assert digest(["ab", "c"]) != digest(["a", "bc"])
