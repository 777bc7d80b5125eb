"""What can go wrong, in the words of a person who wants to mend it.

    HypographError                base of all: `except HypographError` is enough for a caller
    ├── UsageError                the call is wrong (exit status 2)
    │   └── UnusableInput         a file or text cannot be used, the message says why
    ├── NotFound                  what was named is not there (3)
    └── LibraryError              the library or its server cannot be opened (4)
        ├── NoLibrary             there is none at that place (4; 3 would do too)
        └── DiskFull              the disk has no room; what was committed stays

Each message says what, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class HypographError(Exception):
    """Base of all errors that a user may see; `exit_status` is what the command line ends with."""

    exit_status = 1


class UsageError(HypographError):
    """The call itself is wrong."""

    exit_status = 2


class UnusableInput(UsageError):
    """A file or a text cannot be used."""


class NotFound(HypographError):
    """What was named does not exist."""

    exit_status = 3


class LibraryError(HypographError):
    """The library, its server or its files cannot be opened or used."""

    exit_status = 4


class NoLibrary(LibraryError):
    """There is no library at the place that was named."""


class DiskFull(LibraryError):
    """The disk has no room for what was to be written."""


def not_found(kind: str, name: str, among: Iterable[str], advice: str) -> NotFound:
    """`No concept 'silkk' among 312. Nearest: silk, spider silk. …` – with the nearest names that exist."""
    names = list(dict.fromkeys(among))
    folded = {one.casefold(): one for one in names}
    near = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    nearest = f" Nearest: {', '.join(near)}." if near else ""
    return NotFound(f"No {kind} {name!r} among {len(names)}.{nearest} {advice}".rstrip())
