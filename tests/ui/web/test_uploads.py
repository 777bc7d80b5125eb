from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.report import FileReport
from kg.errors import LibraryError, UnusableInput
from kg.library import Library
from tests.fakes.web import library_of
from ui.web import uploads
from ui.web.uploads import Upload


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return library_of(tmp_path / "library")


@given(st.text(min_size=1, max_size=300))
def test_a_name_never_leaves_its_folder(name: str) -> None:
    try:
        kept = uploads.file_name(name)
    except UnusableInput:
        return
    assert Path(kept).name == kept
    assert not kept.startswith(".")
    assert 0 < len(kept.encode()) <= 255
    assert uploads.file_name(kept) == kept


@pytest.mark.parametrize(("given_", "kept"), [
    ("paper.pdf", "paper.pdf"), ("../../etc/passwd", "passwd"), ("C:\\papers\\a.md", "a.md"), (".bashrc", "bashrc"),
    ("a\x1b[2Jb\u202e.md", "a[2Jb.md"), ("é" * 300 + ".pdf", "é" * 98 + ".pdf")])
def test_names_are_made_harmless_and_stay_recognisable(given_: str, kept: str) -> None:
    assert uploads.file_name(given_) == kept


@pytest.mark.parametrize("name", ["", "..", "/", "...", "\x00"])
def test_a_name_of_which_nothing_is_left_is_refused(name: str) -> None:
    with pytest.raises(UnusableInput, match="Rename it"):
        uploads.file_name(name)


def test_the_same_name_replaces_what_was_kept(library: Library) -> None:
    first = uploads.keep(library, [Upload("a.md", b"one")])
    assert uploads.changed(library, [Upload("a.md", b"one"), Upload("b.md", b"two")]) == []
    assert uploads.changed(library, [Upload("a.md", b"two")]) == ["a.md"]
    assert uploads.keep(library, [Upload("a.md", b"two")]) == first
    assert first[0].read_bytes() == b"two"
    assert [path.name for path in first[0].parent.iterdir()] == ["a.md"]


def test_both_can_be_kept(library: Library) -> None:
    [one] = uploads.keep(library, [Upload("a.md", b"one")])
    [two] = uploads.keep(library, [Upload("a.md", b"two")], beside=True)
    [again] = uploads.keep(library, [Upload("a.md", b"two")], beside=True)
    assert (one.name, two.name, again) == ("a.md", "a (2).md", two)
    assert (one.read_bytes(), two.read_bytes()) == (b"one", b"two")


def test_what_is_too_much_is_refused_before_anything_is_written(library: Library) -> None:
    for files in ([Upload(f"{number}.md", b"") for number in range(uploads.MOST_FILES + 1)],
                  [Upload("a.md", b""), Upload("x/a.md", b"")],
                  [Upload("a.md", b"x" * (uploads.MOST_MB * 2**20 + 1))]):
        with pytest.raises(UnusableInput):
            uploads.keep(library, files)
    assert not uploads.folder(library).exists()


def test_a_file_where_the_folder_should_be_is_told(library: Library) -> None:
    library.address.path.mkdir()  # type: ignore[union-attr]
    uploads.folder(library).write_text("in the way")
    with pytest.raises(LibraryError, match="upload it again"):
        uploads.keep(library, [Upload("a.md", b"")])


def test_what_could_not_be_read_is_not_kept(library: Library, tmp_path: Path) -> None:
    good, bad = uploads.keep(library, [Upload("good.md", b"x"), Upload("bad.pdf", b"x")])
    elsewhere = tmp_path / "mine.pdf"
    elsewhere.write_bytes(b"x")
    uploads.drop_unread(library, [FileReport(str(good), "added"), FileReport(str(bad), "failed", reason="no PDF"),
                                  FileReport(str(elsewhere), "failed", reason="no PDF")])
    assert (good.exists(), bad.exists(), elsewhere.exists()) == (True, False, True)


def test_every_ending_that_is_offered_is_read_and_every_format_is_offered() -> None:
    from ingest.readers import READERS

    corpora = {".jsonl", ".gz", ".xz"}
    assert set(uploads.SUFFIXES) - corpora <= {suffix for reader in READERS for suffix in reader.suffixes}
    assert all(set(reader.suffixes) & set(uploads.SUFFIXES) for reader in READERS)
