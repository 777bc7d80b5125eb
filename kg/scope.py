"""Which part of a library a question is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict

from kg.errors import UsageError, not_found
from kg.model import QUARANTINED

if TYPE_CHECKING:
    from kg.model import Evidence, PaperPassage
    from kg.stores.graph_store import GraphStore


class ScopeArguments(TypedDict):
    """A scope as the verbs of a library take it: `library.search("silk", **scope.arguments())`."""

    since: int | None
    until: int | None
    within: tuple[str, ...]
    sections: tuple[str, ...]
    venues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scope:
    """Only passages that fulfil every condition that is set count; with none set, all do.

    `since` and `until` are years, both inclusive; a paper without a year fulfils neither. `papers` are ids, keys or
    tags, `sections` kinds ("methods") or a part of a heading, `venues` names: of each, any one is enough, in any case
    of letters.
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

    def arguments(self) -> ScopeArguments:
        """The conditions by the names that a library's verbs have for them, which JSON takes too."""
        return {
            "since": self.since,
            "until": self.until,
            "within": self.papers,
            "sections": self.sections,
            "venues": self.venues,
        }


EVERYWHERE = Scope()


def folded(names: Iterable[str]) -> list[str]:
    """Names as they are compared: without regard to case, and to spaces around them; a blank one names nothing."""
    return sorted({name.strip().casefold() for name in names} - {""})


def holds(scope: Scope, one: PaperPassage) -> bool:
    """Whether a passage is searched in that scope; one that is quarantined never is."""
    paper, passage = one.paper, one.passage
    if passage.kind == QUARANTINED:
        return False
    if scope.since is not None and (paper.year is None or paper.year < scope.since):
        return False
    if scope.until is not None and (paper.year is None or paper.year > scope.until):
        return False
    called = {paper.id, paper.key.casefold(), *folded(paper.tags)}
    if scope.papers and not called.intersection(folded(scope.papers)):
        return False
    if scope.venues and (paper.venue is None or paper.venue.casefold() not in folded(scope.venues)):
        return False
    if not scope.sections:
        return True
    asked, heading = folded(scope.sections), (passage.section or "").casefold()
    return (passage.kind or "").casefold() in asked or any(part in heading for part in asked)


def counts_in(store: GraphStore, scope: Scope) -> Callable[[Evidence], bool]:
    """Tells of evidence whether it stands in that scope of the library."""
    if scope == Scope(since=scope.since, until=scope.until):
        since, until = scope.since, scope.until
        if since is None and until is None:
            return lambda one: True
        return lambda one: (
            one.year is not None and (since is None or one.year >= since) and (until is None or one.year <= until)
        )
    inside = frozenset(store.passage_ids(scope))
    return lambda one: one.passage in inside


def as_names(given: str | Iterable[str]) -> tuple[str, ...]:
    """Several names, or one that stands by itself."""
    return (given,) if isinstance(given, str) else tuple(given)


def require(store: GraphStore, scope: Scope) -> None:
    """Raises NotFound, with the nearest names, for what names nothing in the library, and UsageError for years in the
    wrong order."""
    if scope.since is not None and scope.until is not None and scope.since > scope.until:
        raise UsageError(f"No year is both from {scope.since} on and up to {scope.until}: change one of the two.")
    for name in scope.papers:
        if not store.papers_called(name) and not store.passage_ids(Scope(papers=(name,)), 1):
            names = [called for paper in store.papers() for called in (paper.key, *paper.tags)]
            raise not_found("paper or tag", name, names, "Look keys and tags up with `hypograph papers`.")
    for name in scope.sections:
        if not store.passage_ids(Scope(sections=(name,)), 1):
            both = ((one.passage.kind, one.passage.section) for one in store.passages())
            told = Counter(section for names in both for section in folded(filter(None, names)))
            common = ", ".join(section for section, _ in told.most_common(8))
            raise not_found("section", name, told, f"The most frequent: {common}." if told else "")
    for name in scope.venues:
        if not store.passage_ids(Scope(venues=(name,)), 1):
            venues = sorted({paper.venue for paper in store.papers() if paper.venue})
            raise not_found("venue", name, venues, "Venues stand with the papers (`hypograph papers --json`).")
