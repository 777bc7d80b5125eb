"""Which part of a library a question is about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """Only passages that fulfil every condition that is set count; with none set, all do.

    `since` and `until` are years, both inclusive; a paper without a year fulfils neither. `papers` are ids, keys or
    tags, `sections` kinds or headings, `venues` names: of each, any one is enough, in any case of letters.
    """

    since: int | None = None
    until: int | None = None
    papers: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()

    @property
    def everywhere(self) -> bool:
        """Whether no condition is set."""
        return self == EVERYWHERE


EVERYWHERE = Scope()
