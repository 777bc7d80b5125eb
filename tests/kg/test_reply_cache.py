"""Replies that are kept, by several threads and processes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kg.errors import LibraryError
from kg.reply_cache import Kept, ReplyCache

REPLY = Kept('{"a": "β"}', 10, 5)


def test_a_reply_is_there_again_in_another_opening(tmp_path: Path) -> None:
    ReplyCache(tmp_path / "deep" / "replies.sqlite").keep("k", "openai:m", "p@1", REPLY)
    again = ReplyCache(tmp_path / "deep" / "replies.sqlite")
    assert again.get("k") == REPLY
    assert again.get("other") is None
    assert again.count() == 1


def test_looking_makes_no_file(tmp_path: Path) -> None:
    assert ReplyCache(tmp_path / "replies.sqlite").get("k") is None
    assert ReplyCache(tmp_path / "replies.sqlite").count() == 0
    assert list(tmp_path.iterdir()) == []


def test_threads_with_openings_of_their_own_keep_everything(tmp_path: Path) -> None:
    caches = [ReplyCache(tmp_path / "replies.sqlite") for _ in range(4)]

    def fill(at: int) -> None:
        for number in range(25):
            caches[at].keep(f"{at}-{number}", "m", "p", REPLY)

    threads = [threading.Thread(target=fill, args=(at,)) for at in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(caches[0].get(f"{at}-{number}") == REPLY for at in range(4) for number in range(25))


def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "replies.sqlite").write_bytes(b"this is no database, and long enough to be seen as none" * 50)
    with pytest.raises(LibraryError, match=r"replies\.sqlite.*delete that file"):
        ReplyCache(tmp_path / "replies.sqlite").get("k")
