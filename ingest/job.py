"""A job: files and folders go in, papers are in the library, and a report says what became of each.

Every record is keyed by its content, so what is there already costs a hash and no more; an interrupted job is resumed
by running it again. Records are made by workers in any order and stored in the order of the files, each in one
transaction, by the one writer that a library has.
"""

from __future__ import annotations

import hashlib
import os
import signal
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from ingest.child import Failure
from ingest.extract.account import Account
from ingest.files import File, found, total_bytes
from ingest.ledger import Ledger
from ingest.pipeline import Pipeline
from ingest.readers import NotRead, corpus, reader_for
from ingest.readers.paper_text import PaperText, Section
from ingest.reading import HEAD, Limits, ReadingChild, Request, open_file
from ingest.report import Estimate, FileReport, Progress, Report, Status, Step, counted
from ingest.workers import Here, MakePipeline, Pool, Result, Task, Workers
from kg.budget import Usage
from kg.errors import DiskFull, UnusableInput, UsageError
from kg.model import QUARANTINED, record_id
from kg.stores.graph_store import GraphStore, Outcome

MOST_WORKERS = 4
_LITTLE_WORK = 400_000
"""Bytes of files that are read sooner by one worker than a second one has started (about 1.5 s)."""
_WAITING_A_WORKER = 8
_ATTEMPTS = 2
_SAMPLE_WORDS = 1500


def run(
    paths: Sequence[str | os.PathLike[str]],
    store: GraphStore,
    make_pipeline: MakePipeline,
    *,
    workers: int | None = None,
    dry_run: bool = False,
    resume: bool = False,
    ledger: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Reads files, folders and corpora into `store`.

    `workers` None takes one for little work, else as many as there are processors, at most 4; with more than one,
    `make_pipeline` is pickled and called in each. `dry_run` stores nothing and gives an estimate. `resume` does not
    try again what failed before for a lasting reason, or twice, with the same bytes and versions: that is what
    `ledger`, the path of a file, remembers.

    Ctrl-C and a full disk end the job early, with a report that says so. Raises NotFound for a path that is not there
    and UsageError for a wrong number of workers, before anything is read; LibraryError when the library fails.
    """
    if workers is not None and workers < 1:
        raise UsageError(f"A job needs at least one worker, not {workers}. Leave --workers out to have them counted.")
    files = list(found(paths))
    count = workers if workers is not None else _sensible(files)
    given = limits if limits is not None else Limits()
    job = _Job(files, store, make_pipeline, count, resume, on_progress, given)
    if dry_run:
        return _tried(job)
    with Ledger(ledger) if ledger is not None else nullcontext() as kept:
        return job.done(kept)


def _sensible(files: Sequence[File]) -> int:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 1 if total_bytes(files) < _LITTLE_WORK else max(1, min(MOST_WORKERS, cores if cores is not None else 1))


@dataclass(slots=True)
class _Corpus:
    """What became of a corpus' lines so far."""

    file: File
    outcomes: Counter[str] = field(default_factory=Counter)
    failed: list[FileReport] = field(default_factory=list)
    broken: str | None = None
    ended: bool = False

    def reports(self) -> Iterator[FileReport]:
        failed = self.outcomes["failed"]
        if not self.ended and not self.outcomes:
            return
        best: Status = next((status for status in _BEST_FIRST if self.outcomes[status]), "failed")
        reason = self.broken
        if not self.ended:
            reason = f"the job ended after {self.outcomes.total():,} of its lines"
        elif reason is None and failed:
            reason = f"{failed:,} of its {self.outcomes.total():,} lines failed"
        elif reason is None and not self.outcomes:
            reason = "it has no lines"
        elif reason is not None and self.outcomes.total() > failed:
            reason += f"; {self.outcomes.total() - failed:,} lines before that were read"
        yield FileReport(self.file.shown, "failed" if self.broken is not None else best, reason=reason)
        yield from self.failed


_BEST_FIRST: tuple[Status, ...] = ("added", "replaced", "duplicate", "unchanged")


@dataclass(frozen=True, slots=True)
class _Unit:
    """One record that may have to be made, and where it goes in the report."""

    origin: str
    task: Task
    file: File
    place: int
    line: int | None = None

    @property
    def record(self) -> str:
        return record_id(self.task.name, self.task.digest, self.task.versions, self.task.row is not None)


class _Job:
    """One call of `run`."""

    def __init__(
        self,
        files: Sequence[File],
        store: GraphStore,
        make_pipeline: MakePipeline,
        count: int,
        resume: bool,
        on_progress: Callable[[Progress], None] | None,
        limits: Limits,
    ) -> None:
        self.files, self.store, self.limits, self.resume = files, store, limits, resume
        self.make_pipeline, self.count = make_pipeline, count
        self.pipeline = make_pipeline()
        self._on_progress = on_progress
        self._begun = time.monotonic()
        self._through = 0
        self.ledger: Ledger | None = None
        self.reports: dict[int, FileReport | _Corpus] = {}
        self.outcomes: Counter[str] = Counter()
        self.words = self.quarantined = 0
        self.account: Account | None = None

    # What there is to do

    def units(self) -> Iterator[_Unit]:
        """Everything that might be stored, in order; what cannot be read at all goes straight into the report."""
        for place, file in enumerate(self.files):
            try:
                if corpus.is_corpus(file.name):
                    yield from self._lines(place, file)
                else:
                    yield self._looked_at(place, file)
            except NotRead as error:
                self.reported(place, FileReport(file.shown, "skipped", reason=str(error)))
            except UnusableInput as error:
                self.reported(place, FileReport(file.shown, "failed", reason=str(error)))

    def _looked_at(self, place: int, file: File) -> _Unit:
        with open_file(file.path) as opened:
            head = opened.read(HEAD)
            reader = reader_for(file.name, head)
            if not head:
                raise UnusableInput("it is empty")
            size = os.fstat(opened.fileno()).st_size
            if size > self.limits.file_bytes:
                raise UnusableInput(
                    f"it has {size / 2**20:,.0f} MiB, and a file of at most "
                    f"{self.limits.file_bytes // 2**20} MiB is read"
                )
            digest = hashlib.sha256(head)
            while chunk := opened.read(2**20):
                digest.update(chunk)
        versions = self.pipeline.versions(f"{reader.name}@{reader.version}")
        request = Request(file.path, reader.name, digest.hexdigest())
        return _Unit(file.origin, Task(file.name, digest.hexdigest(), versions, file=request), file, place)

    def _lines(self, place: int, file: File) -> Iterator[_Unit]:
        so_far = _Corpus(file)
        versions = self.pipeline.versions(f"corpus@{corpus.VERSION}")
        with open_file(file.path) as opened:
            self.reports[place] = so_far
            try:
                for line in corpus.lines(opened, file.name, self.limits.line_bytes):
                    if isinstance(line, corpus.BadLine):
                        self._line_failed(so_far, line.number, line.reason)
                    else:
                        task = Task(line.id, line.digest, versions, row=line.row)
                        yield _Unit(f"corpus:{line.id}", task, file, place, line.number)
            except UnusableInput as error:
                so_far.broken = str(error)
                self.tell("failed", file, message=str(error))
        so_far.ended = True
        self._through += 1

    def _line_failed(self, so_far: _Corpus, number: int, reason: str) -> None:
        so_far.outcomes["failed"] += 1
        so_far.failed.append(FileReport(so_far.file.shown, "failed", reason=f"line {number}: {reason}", line=number))
        self.tell("failed", so_far.file, message=f"line {number}: {reason}")

    # What became of it

    def reported(self, place: int, report: FileReport) -> None:
        self.reports[place] = report
        self._through += 1
        if report.status in ("failed", "skipped"):
            self.tell("failed" if report.status == "failed" else "done", self.files[place], message=report.reason)

    def became(
        self, unit: _Unit, outcome: Outcome, paper: str | None = None, key: str | None = None, quarantined: int = 0
    ) -> None:
        self.outcomes[outcome] += 1
        so_far = self.reports.get(unit.place)
        if isinstance(so_far, _Corpus):
            so_far.outcomes[outcome] += 1
        else:
            self.reported(unit.place, FileReport(unit.file.shown, outcome, paper, key, quarantined=quarantined))

    def failed(self, unit: _Unit, reason: str) -> None:
        so_far = self.reports.get(unit.place)
        if isinstance(so_far, _Corpus) and unit.line is not None:
            self._line_failed(so_far, unit.line, reason)
        else:
            self.reported(unit.place, FileReport(unit.file.shown, "failed", reason=reason))

    def tell(self, step: Step, file: File | None = None, key: str | None = None, message: str | None = None) -> None:
        if self._on_progress is not None:
            path = file.shown if file is not None else None
            self._on_progress(Progress(step, self._through, len(self.files), path, key, message))

    # Doing it

    def done(self, ledger: Ledger | None) -> Report:
        self.ledger = ledger
        interrupted, stopped = False, None
        self.tell("started")
        try:
            with (
                self.store.writing(on_wait=lambda message: self.tell("waiting", message=message)),
                self._workers() as workers,
            ):
                self._work(workers)
                self.store.optimize()
        except KeyboardInterrupt:
            interrupted = True
        except DiskFull as error:
            stopped = str(error)
        self.tell("finished")
        return self.report(interrupted, stopped)

    def _workers(self) -> Here | Pool:
        if self.count == 1:
            return Here(lambda: self.pipeline, self.limits)
        return Pool(self.make_pipeline, self.limits, self.count)

    def _work(self, workers: Workers) -> None:
        waiting: dict[int, _Unit] = {}
        origins: Counter[str] = Counter()
        results: dict[int, Result] = {}

        def store() -> None:
            """Stores what is next in the order of the files, as far as it is there."""
            while waiting and (first := next(iter(waiting))) in results:
                unit = waiting.pop(first)
                origins[unit.origin] -= 1
                self._store(unit, results.pop(first))

        for ticket, unit in enumerate(self.units()):
            # What one line says of an id must be stored before the next line with that id is looked up.
            while origins[unit.origin]:
                results.update(workers.take())
                store()
            with _undisturbed():
                known = self.store.has(unit.record, unit.origin)
                if known is not None:
                    self.became(unit, known.outcome, known.paper, known.key)
                    self.tell("done", unit.file, known.key)
            if known is not None or self._given_up(unit):
                continue
            self.tell("reading", unit.file)
            waiting[ticket] = unit
            origins[unit.origin] += 1
            workers.submit(ticket, unit.task)
            # What is there is stored while the workers work: one that has become idle is given its next task first.
            results.update(workers.take(wait=False))
            store()
            while workers.full or len(waiting) >= self.count * _WAITING_A_WORKER:
                results.update(workers.take())
                if len(waiting) >= self.count * _WAITING_A_WORKER:
                    store()
        store()
        while waiting:
            results.update(workers.take())
            store()

    def _given_up(self, unit: _Unit) -> bool:
        entry = None
        if self.resume and self.ledger is not None:
            entry = self.ledger.of(unit.origin, unit.task.digest, unit.task.versions)
        if entry is None or entry.state != "failed" or not (entry.lasting or entry.attempts >= _ATTEMPTS):
            return False
        self.failed(unit, f"{entry.reason} (as before; without --resume it is tried again)")
        return True

    def _store(self, unit: _Unit, result: Result) -> None:
        if isinstance(result, Failure):
            self.failed(unit, result.reason)
            self._note(unit, "failed", result.reason, result.lasting)
            return
        if result.account is not None:
            self.account = result.account if self.account is None else self.account + result.account
        with _undisturbed():
            try:
                added = self.store.add(result.record, unit.origin)
            except DiskFull as error:
                self.failed(unit, str(error))
                raise
            self.words += sum(len(passage.text.split()) for passage in result.record.passages)
            quarantined = sum(passage.kind == QUARANTINED for passage in result.record.passages)
            self.quarantined += quarantined
            self.became(unit, added.outcome, added.paper, added.key, quarantined)
            self.tell("committed", unit.file, added.key)
        self._note(unit, added.outcome)

    def _note(self, unit: _Unit, state: str, reason: str | None = None, lasting: bool = False) -> None:
        if self.ledger is not None and unit.line is None:
            self.ledger.note(unit.origin, unit.task.digest, unit.task.versions, state, reason, lasting)

    def report(self, interrupted: bool = False, stopped: str | None = None, estimate: Estimate | None = None) -> Report:
        files: list[FileReport] = []
        for place in sorted(self.reports):
            report = self.reports[place]
            files.extend(report.reports() if isinstance(report, _Corpus) else [report])
        papers = counted(self.outcomes + Counter(failed=sum(file.status == "failed" for file in files)))
        return Report(
            uuid.uuid4().hex[:12],
            time.monotonic() - self._begun,
            self.words,
            papers,
            self.store.counts(),
            tuple(files),
            interrupted,
            stopped,
            estimate,
            self.account,
            self.quarantined,
        )


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block is through, so that what was committed is also reported."""
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # by whoever started this in the background
    if ignored or threading.current_thread() is not threading.main_thread():
        yield
        return
    heard: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: heard.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before if before is not None else signal.SIG_DFL)
    if heard:
        raise KeyboardInterrupt


# A job that is only tried ---------------------------------------------------------------------------------------------


def _tried(job: _Job) -> Report:
    """Reads what is new, stores nothing, and says what storing it would cost, by a sample of it."""
    records = {source.origin: source.record for source in job.store.sources()}
    known = set(records.values())
    papers = words = passages = 0
    speed: float | None = None
    cost: Usage | None = None
    job.tell("started")
    with ReadingChild(job.limits) as reading:
        for unit in job.units():
            before = records.get(unit.origin)
            outcome: Outcome = (
                "unchanged"
                if before == unit.record
                else "replaced"
                if before is not None
                else "duplicate"
                if unit.record in known
                else "added"
            )
            if unit.record not in known:
                job.tell("reading", unit.file)
                try:
                    paper = (
                        reading.read(unit.task.file)
                        if unit.task.file is not None
                        else corpus.paper_text(unit.task.row or {})
                    )
                except UnusableInput as error:
                    paper = Failure(str(error), lasting=True)
                if isinstance(paper, Failure):
                    job.failed(unit, paper.reason)
                    continue
                try:
                    sections = job.pipeline.sections(paper)
                except UnusableInput as error:
                    job.failed(unit, str(error))
                    continue
                papers, words = papers + 1, words + sum(len(section.text.split()) for section in sections)
                passages += len(job.pipeline.cuts(paper))
                if speed is None:
                    speed = _speed(job.pipeline.free, paper, unit.task)
                if (more := job.pipeline.cost(paper)) is not None:
                    cost = more if cost is None else cost + more
            records[unit.origin] = unit.record
            known.add(unit.record)
            job.became(unit, outcome)
    job.tell("finished")
    seconds = words / speed / job.count if speed is not None else 0.0
    return job.report(estimate=Estimate(papers, words, passages, round(seconds, 1), cost))


def _speed(pipeline: Pipeline, paper: PaperText, task: Task) -> float:
    """Words a second that one worker makes records of, once its models are loaded."""
    sample: list[Section] = []
    words = 0
    for section in pipeline.sections(paper):
        cut = " ".join(section.text.split()[: _SAMPLE_WORDS - words])
        if cut:
            sample.append(Section(section.heading, section.kind, cut))
            words += len(cut.split())
    text = PaperText(paper.facts, tuple(sample))
    pipeline.record(
        PaperText(paper.facts, (Section(None, None, "One sentence."),)), task.name, task.digest, task.versions
    )
    begun = time.monotonic()
    pipeline.record(text, task.name, task.digest, task.versions)
    return words / max(1e-6, time.monotonic() - begun)
