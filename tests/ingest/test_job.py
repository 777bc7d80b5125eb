from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest import job
from ingest.extract.extractor import Extraction
from ingest.pipeline import Pipeline
from ingest.reading import Limits
from ingest.report import FileReport, Progress, Report
from kg.errors import DiskFull, LibraryError, NotFound, UsageError
from kg.export import dump
from kg.model import SourceRecord
from kg.stores.graph_store import Added
from kg.stores.memory_store import MemoryStore
from tests.fakes.embedder import WordEmbedder
from tests.ingest.fakes import ClaimExtractor, pipeline


def run(
    store: MemoryStore,
    *paths: Path,
    workers: int = 1,
    make: Callable[[], Pipeline] = pipeline,
    dry_run: bool = False,
    resume: bool = False,
    ledger: Path | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    limits: Limits | None = None,
) -> Report:
    return job.run(
        paths,
        store,
        make,
        workers=workers,
        dry_run=dry_run,
        resume=resume,
        ledger=ledger,
        on_progress=on_progress,
        limits=limits,
    )


def corpus(path: Path, *rows: object) -> Path:
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows))
    return path


def statuses(report: Report) -> dict[str, str]:
    return {Path(file.path).name: file.status for file in report.files}


def only(report: Report, name: str) -> FileReport:
    (file,) = (file for file in report.files if Path(file.path).name == name)
    return file


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / "a.md").write_text("# On cobalt\n\nCobalt improves hardness.\n")
    (folder / "b.txt").write_text("Nickel harms ductility.")
    corpus(folder / "c.jsonl", {"id": "one", "text": "Silk improves strength."}, {"id": "two", "title": "Webs"})
    return folder


def test_a_folder_is_read_and_told_of(papers: Path) -> None:
    store = MemoryStore()
    report = run(store, papers)
    assert statuses(report) == {"a.md": "added", "b.txt": "added", "c.jsonl": "added"}
    assert report.papers == {"added": 4, "unchanged": 0, "replaced": 0, "duplicate": 0, "failed": 0}
    assert {paper.key for paper in store.papers()} == {"a.md", "b.txt", "one", "two"}
    assert only(report, "a.md").key == "a.md"
    assert only(report, "a.md").paper == next(paper.id for paper in store.papers() if paper.key == "a.md")
    assert report.words == 10
    assert not report.failed


def test_the_report_has_the_agreed_form(papers: Path) -> None:
    (papers / "d.txt").touch()
    told = run(MemoryStore(), papers).as_json()
    counts = {"passages", "concepts", "relations", "evidence", "quarantined"}
    assert set(told) == {"run", "seconds", "words", "papers", "files", *counts}
    assert all({"path", "status", "paper", "key", "reason"} <= set(file) for file in told["files"])
    json.dumps(told).encode("ascii")


def test_reading_again_changes_nothing(papers: Path) -> None:
    store = MemoryStore()
    run(store, papers)
    before = list(dump(store))
    again = run(store, papers)
    assert again.papers == {"added": 0, "unchanged": 4, "replaced": 0, "duplicate": 0, "failed": 0}
    assert set(statuses(again).values()) == {"unchanged"}
    assert again.words == 0
    assert list(dump(store)) == before


def test_other_content_at_a_path_replaces_what_was_read_there(papers: Path) -> None:
    store = MemoryStore()
    run(store, papers)
    (papers / "b.txt").write_text("Nickel improves ductility.")
    assert statuses(run(store, papers))["b.txt"] == "replaced"
    assert "harms" not in " ".join(passage.passage.text for passage in store.passages())


def test_the_same_bytes_elsewhere_are_a_duplicate(papers: Path) -> None:
    (papers / "e").mkdir()
    (papers / "e" / "b.txt").write_bytes((papers / "b.txt").read_bytes())
    store = MemoryStore()
    report = run(store, papers)
    assert report.papers["added"] == 4
    assert report.papers["duplicate"] == 1
    assert run(store, papers).papers == {"added": 0, "unchanged": 5, "replaced": 0, "duplicate": 0, "failed": 0}


@pytest.mark.parametrize("workers", [1, 2])
def test_of_two_lines_with_one_id_the_last_holds(tmp_path: Path, workers: int) -> None:
    lines = [{"id": "twice", "text": f"Alloy{number} improves hardness."} for number in (1, 2, 1, 3)]
    store = MemoryStore()
    report = run(store, corpus(tmp_path / "a.jsonl", *lines), workers=workers)
    assert (report.papers["added"], report.papers["replaced"]) == (1, 3)
    assert [passage.passage.text for passage in store.passages()] == ["Alloy3 improves hardness."]


def test_a_bad_file_or_line_is_told_and_the_rest_go_on(papers: Path) -> None:
    (papers / "0.pdf").write_bytes(b"no PDF")
    (papers / "1.xml").write_text("<article><front/>")
    (papers / "2.bib").write_text("@article{x}")
    (papers / "3.txt").touch()
    os.mkfifo(papers / "4.txt")
    (papers / "5.txt").symlink_to("nowhere")
    corpus(papers / "6.jsonl", {"id": "good", "text": "Silk holds."}, "no JSON\n", {"id": "bad", "text": 7})
    corpus(papers / "7.jsonl", "no JSON\n")
    corpus(papers / "8.jsonl")
    (papers / "9.txt").write_text("BREAK ME")
    report = run(MemoryStore(), papers)
    told = {
        name: [file.reason or "" for file in report.files if Path(file.path).name == name and file.status == "failed"]
        for name in statuses(report)
    }
    assert "no PDF" in told["0.pdf"][0]
    assert "well-formed" in told["1.xml"][0]
    assert statuses(report)["2.bib"] == "skipped"
    assert "PDF (.pdf)" in (only(report, "2.bib").reason or "")
    assert "empty" in told["3.txt"][0]
    assert "named pipe" in told["4.txt"][0]
    assert "nowhere" in told["5.txt"][0]
    assert [reason.partition(":")[0] for reason in told["6.jsonl"]] == ["line 2", "line 3"]
    assert next(file for file in report.files if file.path.endswith("6.jsonl")).status == "added"
    assert len(told["7.jsonl"]) == 2
    assert "no lines" in told["8.jsonl"][0]
    assert "LookupError" in told["9.txt"][0]
    assert report.papers["added"] == 5
    assert report.papers["failed"] == sum(map(len, told.values())) == 11
    assert report.failed


def test_what_was_stored_stays_when_its_file_goes_bad(papers: Path) -> None:
    store = MemoryStore()
    run(store, papers)
    before = list(dump(store))
    (papers / "a.md").write_text("")
    assert statuses(run(store, papers))["a.md"] == "failed"
    assert list(dump(store)) == before


@pytest.mark.parametrize("workers", [2, 4])
def test_any_number_of_workers_gives_the_same_library_and_report(papers: Path, workers: int) -> None:
    corpus(
        papers / "d.jsonl",
        *({"id": f"p{number}", "text": f"Alloy{number % 7} improves hardness."} for number in range(40)),
    )
    alone, together = MemoryStore(), MemoryStore()
    one, other = run(alone, papers), run(together, papers, workers=workers)
    assert list(dump(alone)) == list(dump(together))
    assert one.files == other.files
    assert one.papers == other.papers


def test_papers_are_stored_in_the_order_of_the_files_whoever_is_ready_first(tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": "SLOW" if number == 0 else "Silk holds."} for number in range(6)]
    moments: list[Progress] = []
    run(MemoryStore(), corpus(tmp_path / "a.jsonl", *rows), workers=2, on_progress=moments.append)
    assert [moment.key for moment in moments if moment.step == "committed"] == ["0", "1", "2", "3", "4", "5"]


def test_a_worker_has_its_next_paper_before_the_last_one_is_stored(tmp_path: Path) -> None:
    rows = [{"id": str(number), "text": "SLOW" if number == 1 else "Silk holds."} for number in range(3)]
    moments: list[Progress] = []
    run(MemoryStore(), corpus(tmp_path / "a.jsonl", *rows), workers=2, on_progress=moments.append)
    steps = [moment.step for moment in moments if moment.step in ("reading", "committed")]
    assert steps[:4] == ["reading", "reading", "reading", "committed"]


def test_a_worker_that_dies_costs_its_paper_alone(tmp_path: Path) -> None:
    rows = [
        {"id": f"p{number}", "text": "KILL ME" if number == 3 else f"Alloy{number} improves hardness."}
        for number in range(8)
    ]
    report = run(MemoryStore(), corpus(tmp_path / "a.jsonl", *rows), workers=2)
    assert report.papers["added"] == 7
    assert [(file.line, "status 3" in (file.reason or "")) for file in report.files[1:]] == [(4, True)]


def test_progress_is_told_as_it_happens(papers: Path) -> None:
    (papers / "d.txt").touch()
    moments: list[Progress] = []
    store = MemoryStore()
    there: list[set[str]] = []

    def watch(moment: Progress) -> None:
        moments.append(moment)
        there.append({paper.key for paper in store.papers()})

    run(store, papers, on_progress=watch)
    assert [moment.step for moment in moments] == [
        "started",
        "reading",
        "committed",
        "reading",
        "committed",
        "reading",
        "committed",
        "reading",
        "committed",
        "failed",
        "finished",
    ]
    assert all(moment.key in keys for moment, keys in zip(moments, there, strict=True) if moment.step == "committed")
    assert [moment.done for moment in moments][-1] == moments[-1].total == 4


@dataclass
class Interrupting:
    """Presses Ctrl-C at the n-th paper."""

    place: int
    name: str = "claims"
    version: str = "1"

    def extract(self, texts: Sequence[str]) -> Extraction:
        self.place -= 1
        if self.place == 0:
            signal.raise_signal(signal.SIGINT)
        return ClaimExtractor().extract(texts)


def test_ctrl_c_keeps_what_was_committed_and_says_so(papers: Path) -> None:
    store = MemoryStore()
    report = run(store, papers, make=lambda: Pipeline(Interrupting(3), WordEmbedder()))
    assert report.interrupted
    assert report.papers["added"] == len(list(store.papers())) == 2
    assert statuses(report) == {"a.md": "added", "b.txt": "added"}
    assert run(store, papers).papers["added"] == 2


class PressedWhileStoring(MemoryStore):
    """Ctrl-C comes while a record is being stored."""

    def add(self, record: SourceRecord, origin: str) -> Added:
        signal.raise_signal(signal.SIGINT)
        return super().add(record, origin)


def test_ctrl_c_while_storing_waits_until_it_is_stored_and_told(papers: Path) -> None:
    store = PressedWhileStoring()
    report = run(store, papers)
    assert report.interrupted
    assert report.papers["added"] == len(list(store.papers())) == 1


def test_a_job_in_the_background_where_ctrl_c_is_ignored_goes_on(papers: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert not run(PressedWhileStoring(), papers).interrupted
    finally:
        signal.signal(signal.SIGINT, before)


def test_workers_are_ended_with_an_interrupted_job(tmp_path: Path) -> None:
    path = corpus(
        tmp_path / "a.jsonl", {"id": "a", "text": "Silk holds."}, *({"id": str(n), "text": "WAIT"} for n in range(3))
    )

    def press(moment: Progress) -> None:
        if moment.step == "committed":
            signal.raise_signal(signal.SIGINT)

    report = run(MemoryStore(), path, workers=2, on_progress=press)
    assert report.interrupted
    assert report.papers["added"] == 1
    assert report.seconds < 30


def test_a_job_runs_in_a_thread_too(papers: Path) -> None:
    reports: list[Report] = []
    thread = threading.Thread(target=lambda: reports.append(run(MemoryStore(), papers)))
    thread.start()
    thread.join()
    assert reports[0].papers["added"] == 4


class Small(MemoryStore):
    """A disk with room for two papers."""

    def add(self, record: SourceRecord, origin: str) -> Added:
        if len(list(self.papers())) == 2:
            raise DiskFull("No space left on the disk.")
        return super().add(record, origin)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_full_disk_ends_the_job_with_a_report(papers: Path, workers: int) -> None:
    store = Small()
    report = run(store, papers, workers=workers)
    assert report.stopped is not None
    assert "No space" in report.stopped
    assert report.failed
    assert report.papers["added"] == len(list(store.papers())) == 2
    assert "No space" in " ".join(file.reason or "" for file in report.files)


class Gone(MemoryStore):
    def add(self, record: SourceRecord, origin: str) -> Added:
        raise LibraryError("The server is gone.")


def test_a_library_that_fails_is_an_error(papers: Path) -> None:
    with pytest.raises(LibraryError, match="gone"):
        run(Gone(), papers)


def test_a_dry_run_stores_nothing_and_says_what_it_would_cost(papers: Path) -> None:
    store = MemoryStore()
    run(store, papers / "a.md")
    (papers / "d.txt").touch()
    before = list(dump(store)), list(store.sources())
    (papers / "e").mkdir()
    (papers / "e" / "b.txt").write_bytes((papers / "b.txt").read_bytes())
    report = run(store, papers, dry_run=True)
    assert (list(dump(store)), list(store.sources())) == before
    assert report.papers == {"added": 3, "unchanged": 1, "replaced": 0, "duplicate": 1, "failed": 1}
    assert report.estimate is not None
    assert (report.estimate.papers, report.estimate.words, report.estimate.passages) == (3, 7, 3)
    assert report.estimate.seconds >= 0
    assert run(store, papers).papers == report.papers


def test_resuming_does_not_try_again_what_failed_for_good(papers: Path, tmp_path: Path) -> None:
    (papers / "d.xml").write_text("<article>")
    (papers / "e.txt").write_text("BREAK ME")
    ledger = tmp_path / "ledger.jsonl"
    seen: list[Progress] = []

    def tried(resume: bool) -> set[str]:
        seen.clear()
        report = run(MemoryStore(), papers, resume=resume, ledger=ledger, on_progress=seen.append)
        assert statuses(report)["d.xml"] == statuses(report)["e.txt"] == "failed"
        return {Path(moment.path or "").name for moment in seen if moment.step == "reading"} & {"d.xml", "e.txt"}

    assert tried(resume=False) == {"d.xml", "e.txt"}
    assert tried(resume=True) == {"e.txt"}
    assert tried(resume=True) == set()
    assert tried(resume=False) == {"d.xml", "e.txt"}
    (papers / "d.xml").write_text("<article >")
    assert tried(resume=True) == {"d.xml"}


def test_odd_names_of_files_are_read_and_told(papers: Path) -> None:
    for name in (b"new\nline.txt", b"caf\xe9.txt", b"-rf.txt", "\N{DNA DOUBLE HELIX}.TXT".encode()):
        Path(os.fsdecode(bytes(papers) + b"/" + name)).write_text(f"A text about {name!r}.")
    store = MemoryStore()
    report = run(store, papers, workers=2)
    assert report.papers["added"] == 8
    json.dumps(report.as_json(), ensure_ascii=False).encode("utf-8")
    assert {"new\nline.txt", "caf\ufffd.txt", "-rf.txt", "\N{DNA DOUBLE HELIX}.TXT"} <= {
        paper.key for paper in store.papers()
    }


def test_wrong_calls_are_refused_before_anything_is_read(papers: Path) -> None:
    with pytest.raises(NotFound, match=r"gone\.pdf"):
        run(MemoryStore(), papers, papers / "gone.pdf")
    with pytest.raises(UsageError, match="at least one"):
        run(MemoryStore(), papers, workers=0)


def test_large_files_and_texts_are_refused_by_the_limits(papers: Path) -> None:
    (papers / "b.txt").write_text("silk " * 1000)
    corpus(papers / "d.jsonl", {"id": "long", "text": "silk " * 1000})
    for limits, says in [(Limits(file_bytes=500), "MiB"), (Limits(characters=500), "characters")]:
        report = run(MemoryStore(), papers, limits=limits)
        assert says in (only(report, "b.txt").reason or "")
    assert "characters" in next(file.reason or "" for file in report.files if file.line == 1)
