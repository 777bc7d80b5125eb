"""What every place for runs does, whatever it is made of."""

from __future__ import annotations

import pytest

from agents.run_logs import RunLog
from kg.errors import NotFound

RUN = "run-0a1b"


class RunLogContract:
    @pytest.fixture
    def log(self) -> RunLog:
        raise NotImplementedError

    def test_inputs_and_lines_are_read_as_they_were_written(self, log: RunLog) -> None:
        assert log.begin(RUN, {"question": "Is silk tough?\ud800"})
        log.append(RUN, {"number": 1, "step": "plan", "outputs": {"words": ["silk"]}})
        log.append(RUN, {"end": "done"})
        assert list(log.read(RUN)) == [
            {"question": "Is silk tough?\ud800"},
            {"number": 1, "step": "plan", "outputs": {"words": ["silk"]}},
            {"end": "done"},
        ]

    def test_a_run_that_is_begun_anew_replaces_what_was_kept(self, log: RunLog) -> None:
        for _ in range(2):
            log.begin(RUN, {"question": "silk"})
            log.append(RUN, {"number": 1})
            log.close(RUN)
        assert len(list(log.read(RUN))) == 2

    def test_a_run_that_is_resumed_keeps_what_was_written(self, log: RunLog) -> None:
        log.begin(RUN, {"question": "silk"})
        log.append(RUN, {"number": 1})
        log.close(RUN)
        assert log.resume(RUN)
        log.append(RUN, {"number": 2})
        assert list(log.read(RUN)) == [{"question": "silk"}, {"number": 1}, {"number": 2}]

    def test_a_wish_to_cancel_holds_until_the_run_is_resumed(self, log: RunLog) -> None:
        log.begin(RUN, {})
        assert not log.is_cancelled(RUN)
        log.cancel(RUN)
        assert log.is_cancelled(RUN)
        log.close(RUN)
        log.resume(RUN)
        assert not log.is_cancelled(RUN)
        log.close(RUN)
        log.cancel(RUN)
        log.begin(RUN, {})
        assert not log.is_cancelled(RUN)

    @pytest.mark.parametrize("name", ["run-0123", "../library", "", "run-\0"])
    def test_a_run_that_was_never_made_is_not_found(self, log: RunLog, name: str) -> None:
        with pytest.raises(NotFound, match="No run"):
            list(log.read(name))
        with pytest.raises(NotFound, match="No run"):
            log.cancel(name)

    def test_what_is_handed_over_may_change_afterwards(self, log: RunLog) -> None:
        inputs, line = {"question": ["silk"]}, {"words": ["silk"]}
        log.begin(RUN, inputs)
        log.append(RUN, line)
        inputs["question"].append("steel")
        line["words"].append("steel")
        assert list(log.read(RUN)) == [{"question": ["silk"]}, {"words": ["silk"]}]
