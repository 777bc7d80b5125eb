from __future__ import annotations

from pathlib import Path

import pytest

from agents.conversation import turn, turns
from agents.run_logs import FolderLog, MemoryLog, RunLog
from agents.steps.following import Turn
from agents.workflows import ask
from kg.errors import NotFound
from tests.agents.made import Library, library_of
from tests.fakes.papers import paper


@pytest.fixture
def library() -> Library:
    return library_of(paper("silk", "Spider silk is a very tough fibre.", "Nacre is a very stiff composite."))


@pytest.fixture(params=["memory", "folder"])
def log(request: pytest.FixtureRequest, tmp_path: Path) -> RunLog:
    return MemoryLog() if request.param == "memory" else FolderLog(tmp_path / "runs")


def test_a_conversation_is_read_back_from_its_runs(library: Library, log: RunLog) -> None:
    first = ask("Is spider silk tough?", library, log=log)
    second = ask("and nacre?", library, log=log, earlier=turns(log, first.run), after=first.run)
    assert second.completed == "Is nacre tough?"
    assert turns(log, second.run) == (turn(first), turn(second))
    assert turns(log, first.run) == (Turn("Is spider silk tough?", "Spider silk is a very tough fibre."),)


def test_a_run_that_was_not_kept_is_not_found(log: RunLog) -> None:
    with pytest.raises(NotFound, match="No run"):
        turns(log, "run-0123")


def test_where_an_earlier_run_is_gone_the_conversation_begins_after_it(library: Library) -> None:
    log = MemoryLog()
    later = ask("and nacre?", library, log=log, earlier=[Turn("Is silk tough?")], after="run-0123")
    assert [one.question for one in turns(log, later.run)] == ["Is nacre tough?"]
