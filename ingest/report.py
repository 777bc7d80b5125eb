"""What a job says while it runs and when it has ended, as plain values."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from ingest.extract.account import Account
from kg.budget import Usage
from kg.model import Counts

Status = Literal["added", "unchanged", "replaced", "duplicate", "skipped", "failed"]
Step = Literal["started", "waiting", "reading", "committed", "done", "failed", "finished"]


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of a file, or of a line of a corpus that failed (`line` counts from 1).

    `quarantined` counts its passages that look like instructions to a program.
    """

    path: str
    status: Status
    paper: str | None = None
    key: str | None = None
    reason: str | None = None
    line: int | None = None
    quarantined: int = 0


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
    """What a job that was only tried would do: papers to read, their words, seconds on the clock; and what a language
    model would likely cost, whose time is not among the seconds."""

    papers: int
    words: int
    passages: int
    seconds: float
    model: Usage | None = None

    def as_json(self) -> dict[str, Any]:
        """Without a language model, nothing is said of one; `money` is null where no price is known."""
        told = {name: value for name, value in asdict(self).items() if name != "model"}
        if self.model is not None:
            told["language_model"] = {
                "calls": self.model.calls,
                "cached": self.model.cached,
                "tokens": {"read": self.model.read, "written": self.model.written},
                "money": None if self.model.money is None else round(self.model.money, 4),
            }
        return told


@dataclass(frozen=True, slots=True)
class Report:
    """What a job did. `words` counts those of the passages stored, `quarantined` those of these passages that look like
    instructions to a program; `counts` is the whole library afterwards.

    `account` is what a language model did, where one was asked. `interrupted` by the user, `stopped` for the reason
    given (a full disk): what was committed stays in both.
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
    account: Account | None = None
    quarantined: int = 0

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
            "quarantined": self.quarantined,
            "files": [asdict(file) for file in self.files],
        }
        if self.interrupted:
            told["interrupted"] = True
        if self.stopped is not None:
            told["stopped"] = self.stopped
        if self.estimate is not None:
            told["estimate"] = self.estimate.as_json()
        if self.account is not None:
            told["language_model"] = self.account.as_json()
        return told


def counted(outcomes: Counter[str]) -> dict[str, int]:
    """How many papers had each outcome, in the order in which a report says it."""
    return {status: outcomes[status] for status in ("added", "unchanged", "replaced", "duplicate", "failed")}
