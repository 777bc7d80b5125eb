"""Questions that the graph answers by computation: recognised in plain language, computed, and told in lines that carry
their evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from kg.model import Evidence
from kg.scope import EVERYWHERE, Scope

if TYPE_CHECKING:
    from kg.stores.graph_store import GraphStore

Kind = Literal["path", "common", "central", "relations", "measured", "disagreement", "changes", "count", "neighbours"]


class Library(Protocol):
    """What a graph question needs of a library."""

    @property
    def store(self) -> GraphStore: ...


@dataclass(frozen=True, slots=True)
class GraphQuestion:
    """A question that the graph answers. `concepts` are labels as the library has them; `predicates` are those that
    are asked about, none: any; `asked` is the end of a relation that is looked for; `types` are those that what is
    looked for may have, none: any; `since` is a year, inclusive."""

    kind: Kind
    question: str
    concepts: tuple[str, ...] = ()
    predicates: tuple[str, ...] = ()
    asked: Literal["subject", "object", "either"] = "either"
    types: tuple[str, ...] = ()
    since: int | None = None


@dataclass(frozen=True, slots=True)
class ComputedLine:
    """One thing that was found, in words, with the evidence it rests on; none where it is a count of papers."""

    text: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Computation:
    """What was computed: `how` in words, `summary` in a sentence, and a line for each thing found, the best first. No
    lines: the graph does not say, and passages may."""

    question: GraphQuestion
    how: str
    summary: str
    lines: tuple[ComputedLine, ...] = ()


def recognised(question: str, library: Library) -> GraphQuestion | None:
    """What the graph is asked for; None where it is not surely a question for it."""
    return None


def computed(question: GraphQuestion, library: Library, scope: Scope = EVERYWHERE) -> Computation | None:
    """What the graph says, resting on evidence in the scope alone; None where it cannot be computed."""
    return None
