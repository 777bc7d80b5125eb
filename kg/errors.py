"""What can go wrong, in the words of a person who wants to mend it.

    HypographError                base of all: `except HypographError` is enough for a caller
    ├── UsageError                the call is wrong (exit status 2)
    │   └── UnusableInput         a file or text cannot be used, the message says why
    ├── NotFound                  what was named is not there (3)
    ├── LibraryError              the library or its server cannot be opened (4)
    │   ├── NoLibrary             there is none at that place (4; 3 would do too)
    │   └── DiskFull              the disk has no room; what was committed stays
    └── LanguageModelError        a language model could not be used; every step has a form that needs none
        ├── ModelNotUsable        its set-up is wrong, and asking again would not help (2)
        ├── ModelNotReached       it was asked as often as is sensible, and did not answer
        ├── NoReply               it answered with what cannot be used, or with a refusal
        └── BudgetSpent           asking would have gone beyond the budget

Each message says what, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.budget import Usage


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


class LanguageModelError(HypographError):
    """A language model could not be used for what was asked; there is always a way on without one.

    `usage` is what asking has cost nevertheless.
    """

    usage: Usage | None = None


class ModelNotUsable(LanguageModelError):
    """What is set cannot work: a package, a key or the model is missing, or the server takes no such request."""

    exit_status = 2


class ModelNotReached(LanguageModelError):
    """The model, or its server, did not answer in spite of repeated asking."""


class NoReply(LanguageModelError):
    """The model answered, but with nothing that can be used. `reason` is a word to count by: "broken", "cut off",
    "refused" or "too long" (the prompt, for the model)."""

    def __init__(self, message: str, reason: str = "broken") -> None:
        super().__init__(message, reason)
        self.message, self.reason = message, reason

    def __str__(self) -> str:
        return self.message


class BudgetSpent(LanguageModelError):
    """Asking would have cost more tokens, money or seconds than is allowed."""


def not_found(kind: str, name: str, among: Iterable[str], advice: str) -> NotFound:
    """`No concept 'silkk' among 312. Nearest: silk, spider silk. …` – with the nearest names that exist."""
    names = list(dict.fromkeys(among))
    folded = {one.casefold(): one for one in names}
    near = [folded[match] for match in get_close_matches(name.casefold(), folded, n=3, cutoff=0.6)]
    nearest = f" Nearest: {', '.join(near)}." if near else ""
    return NotFound(f"No {kind} {name!r} among {len(names)}.{nearest} {advice}".rstrip())
