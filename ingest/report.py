"""What a job says while it runs and when it has ended, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from kg.model import Counts

Status = Literal["added", "unchanged", "replaced", "duplicate", "skipped", "failed"]
Step = Literal["started", "waiting", "reading", "committed", "done", "failed", "finished"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file, or of a line of a corpus that failed (`line` counts from 1)."""

    path: str
    status: Status
    paper: str | None = None
    key: str | None = None
    reason: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """A moment of a job. `done` of `total` files are through; `message` is for people.

    started · waiting (for another writer) · reading `path` · committed `key` (its transaction has ended) · done
    (nothing had to be stored for `path`) · failed (`message` says why) · finished.
    """

    step: Step
    done: int
    total: int
    path: str | None = None
    key: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job that was only tried would do: papers to read, their words, and seconds on the clock."""

    papers: int
    words: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Report:
    """What a job did. `words` counts those of the passages stored; `counts` is the whole library afterwards.

    `interrupted` by the user, `stopped` for the reason given (a full disk): what was committed stays in both.
    """

    run: str
    seconds: float
    words: int
    papers: dict[str, int]
    counts: Counts
    files: tuple[FileReport, ...] = field(repr=False)
    interrupted: bool = False
    stopped: str | None = None
    estimate: Estimate | None = None

    @property
    def failed(self) -> bool:
        return self.stopped is not None or any(file.status == "failed" for file in self.files)

    def as_json(self) -> dict[str, Any]:
        """The report of `hypograph ingest --json`."""
        counts = asdict(self.counts)
        del counts["papers"]
        told: dict[str, Any] = {
            "run": self.run,
            "seconds": round(self.seconds, 3),
            "words": self.words,
            "papers": dict(self.papers),
            **counts,
            "files": [asdict(file) for file in self.files],
        }
        if self.interrupted:
            told["interrupted"] = True
        if self.stopped is not None:
            told["stopped"] = self.stopped
        if self.estimate is not None:
            told["estimate"] = asdict(self.estimate)
        return told


def counted(outcomes: Counter[str]) -> dict[str, int]:
    """How many papers had each outcome, in the order in which a report says it."""
    return {status: outcomes[status] for status in ("added", "unchanged", "replaced", "duplicate", "failed")}
