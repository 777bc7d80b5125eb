from __future__ import annotations

from pathlib import Path

from ingest.ledger import Ledger

VERSIONS = ("text@1", "passages@1", "claims@1")


def test_the_last_word_on_a_file_holds_and_attempts_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with Ledger(path) as ledger:
        ledger.note("file:/a\udce9", "1", VERSIONS, "failed", "it hung")
        ledger.note("file:/a\udce9", "1", VERSIONS, "failed", "it crashed", lasting=True)
        ledger.note("file:/b", "2", VERSIONS, "added")
    for again in (Ledger(path), ledger):
        entry = again.of("file:/a\udce9", "1", VERSIONS)
        assert entry is not None
        assert (entry.state, entry.attempts, entry.reason, entry.lasting) == ("failed", 2, "it crashed", True)
        assert [entry.origin for entry in again.entries()] == ["file:/a\udce9", "file:/b"]


def test_other_bytes_or_versions_are_another_matter(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        ledger.note("file:/a", "1", VERSIONS, "failed", "it hung")
        assert ledger.of("file:/a", "2", VERSIONS) is None
        assert ledger.of("file:/a", "1", ("text@2", *VERSIONS[1:])) is None
        ledger.note("file:/a", "2", VERSIONS, "failed", "it hung")
        entry = ledger.of("file:/a", "2", VERSIONS)
        assert entry is not None
        assert entry.attempts == 1


def test_a_torn_line_costs_nothing_else_and_the_file_does_not_grow_with_the_jobs(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    for _ in range(5):
        with Ledger(path) as ledger:
            ledger.note("file:/a", "1", VERSIONS, "failed", "it hung")
            ledger.note("file:/b", "1", VERSIONS, "added")
        with path.open("a") as file:
            file.write('{"origin": "file:/c", "dig')
    assert [entry.origin for entry in Ledger(path).entries()] == ["file:/a", "file:/b"]
    assert len(path.read_text().splitlines()) <= 4


def test_nothing_is_made_before_there_is_something_to_note(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.jsonl") as ledger:
        assert ledger.entries() == []
    assert list(tmp_path.iterdir()) == []
