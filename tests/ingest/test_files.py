from __future__ import annotations

import os
from pathlib import Path

import pytest

from ingest.files import found
from kg.errors import NotFound


def names(*paths: Path) -> list[str]:
    return [file.name for file in found(paths)]


def test_folders_are_walked_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/B.txt", "c.txt", ".hidden/x.txt", ".x.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert names(tmp_path) == ["B.txt", "z.txt", "b.txt", "c.txt"]
    assert names(tmp_path / "c.txt", tmp_path / "a", tmp_path / ".x.txt") == ["c.txt", "B.txt", "z.txt", ".x.txt"]


def test_loops_of_links_end(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "up").symlink_to("..", target_is_directory=True)
    (tmp_path / "gone.txt").symlink_to("nowhere")
    assert names(tmp_path) == ["a.txt", "gone.txt"]


def test_a_library_is_no_folder_of_papers(tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.sqlite").touch()
    (tmp_path / "library" / "notes.txt").touch()
    assert names(tmp_path) == []


def test_a_path_that_is_not_there_is_named_before_anything_is_done(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"not-there\.pdf"):
        found([tmp_path, tmp_path / "not-there.pdf"])


def test_one_file_has_one_origin_whatever_leads_to_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.txt").touch()
    (tmp_path / "link").symlink_to("real", target_is_directory=True)
    by_path, by_link = (next(found([tmp_path / name / "a.txt"])).origin for name in ("real", "link"))
    assert by_path == by_link == f"file:{tmp_path.resolve()}/real/a.txt"


def test_odd_names_can_be_said_and_stay_apart(tmp_path: Path) -> None:
    for name in (b"caf\xe9.txt", b"caf\xe8.txt"):
        Path(os.fsdecode(bytes(tmp_path) + b"/" + name)).touch()
    one, other = found([tmp_path])
    assert one.name == other.name == "caf\ufffd.txt"
    assert one.origin != other.origin
    for text in (one.name, one.shown, one.origin):
        text.encode("utf-8")
