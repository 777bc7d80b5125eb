"""A hypothesis and what it rests on, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from kg.export import evidence_json, paper_json, path_json
from kg.model import Evidence, Paper, Path, content_id, shortened

if TYPE_CHECKING:
    from agents.critique import Critique
    from agents.runs import Event

FacetName = Literal[
    "hypothesis", "outcome", "mechanisms", "design principles", "unexpected properties", "comparison", "novelty"
]
FACETS: tuple[FacetName, ...] = get_args(FacetName)
"""The seven facets in their order: those of SciAgents (Ghafarollahi and Buehler 2024, arXiv:2409.05556)."""

Origin = Literal["path", "question", "statement"]


@dataclass(frozen=True, slots=True)
class Gap:
    """The link that no sentence of the library states. `how` tells where its predicate is from: which predicates were
    composed, or that it was given."""

    subject: str
    predicate: str
    object: str
    how: str = ""

    def __str__(self) -> str:
        return f"{self.subject} – {self.predicate} – {self.object}"

    def as_json(self) -> dict[str, Any]:
        """The gap with the keys of the outside face."""
        return {"subject": self.subject, "predicate": self.predicate, "object": self.object, "how": self.how}


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence of a facet or a card. It tells what its evidence states; an `inference` goes beyond that, and its
    evidence, where it has any, is what it starts from. A sentence without evidence is an inference always."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    inference: bool = False

    def __post_init__(self) -> None:
        if not self.evidence and not self.inference:
            raise ValueError(f"neither cited nor marked as inference: {self.text!r}")

    def as_json(self) -> dict[str, Any]:
        """The sentence with its evidence."""
        return {
            "text": self.text,
            "inference": self.inference,
            "citations": [evidence_json(one) for one in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Facet:
    """One side of a hypothesis. Where the library says nothing of it, `silent` says so, and there is no sentence."""

    name: FacetName
    sentences: tuple[Said, ...] = ()
    silent: str = ""

    def as_json(self) -> dict[str, Any]:
        """The facet with its sentences; `silent` is null where there are any."""
        return {
            "name": self.name,
            "sentences": [one.as_json() for one in self.sentences],
            "silent": self.silent if self.silent else None,
        }


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something that would tell whether the hypothesis holds. `method` is a concept of the library, None where none of
    its methods measures that; `effort` from 1 (look it up) to 4 (a new experiment); `why` says for what reason."""

    what: str
    method: str | None
    how: Said
    effort: int
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The measurement as plain values."""
        return {
            "what": self.what,
            "method": self.method,
            "how": self.how.as_json(),
            "effort": self.effort,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Falsification:
    """The falsification card: what would refute the hypothesis, what to measure (the cheapest first), and which result
    would change its score most."""

    refuted_by: tuple[Said, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    decisive: Said | None = None

    def as_json(self) -> dict[str, Any]:
        """The card as plain values."""
        return {
            "refuted_by": [one.as_json() for one in self.refuted_by],
            "measurements": [one.as_json() for one in self.measurements],
            "decisive": None if self.decisive is None else self.decisive.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Revision:
    """One attempt to better a hypothesis: what was changed and why, what it said before and after, and the scores."""

    round: int
    change: str
    why: str
    before: str
    after: str
    score_before: float
    score_after: float
    kept: bool

    def as_json(self) -> dict[str, Any]:
        """The revision as plain values."""
        return {
            "round": self.round,
            "change": self.change,
            "why": self.why,
            "before": self.before,
            "after": self.after,
            "score_before": self.score_before,
            "score_after": self.score_after,
            "kept": self.kept,
        }


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A statement that the papers do not make and that follows from what they do, with all that speaks for and against.

    `path` is None where a person's statement names concepts that no path joins. `rank` counts from 1, 0 before ranking;
    `score` is between 0 and 1, `interval` its 95 % bootstrap interval over papers. `origin` says what generated it.
    """

    statement: str
    gap: Gap
    path: Path | None = None
    facets: tuple[Facet, ...] = ()
    falsification: Falsification = Falsification()
    critique: Critique | None = None
    rank: int = 0
    score: float = 0.0
    interval: tuple[float, float] = (0.0, 1.0)
    origin: Origin = "path"
    question: str | None = None
    trail: tuple[Revision, ...] = ()

    @property
    def id(self) -> str:
        """The same for the same gap over the same concepts, whatever its words, evidence and scores."""
        through = () if self.path is None else self.path.concepts
        return content_id("h", self.gap.subject, self.gap.predicate, self.gap.object, *through)

    def facet(self, name: FacetName) -> Facet:
        """The facet of that name; an empty one where it was not written."""
        return next((one for one in self.facets if one.name == name), Facet(name))

    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence that it cites, each piece once, in the order of its first use: path, facets, card."""
        hops = () if self.path is None else tuple(one for hop in self.path.hops for one in hop.evidence)
        card = [*self.falsification.refuted_by, *(one.how for one in self.falsification.measurements)]
        card += [self.falsification.decisive] if self.falsification.decisive is not None else []
        said = [*(one for facet in self.facets for one in facet.sentences), *card]
        return tuple({one.id: one for one in (*hops, *(one for each in said for one in each.evidence))}.values())

    def svg(self) -> str:
        """A picture of the path with the unstated link; "" without a path."""
        from agents.hypothesis_report import svg

        return svg(self)

    def __repr__(self) -> str:
        return f"<Hypothesis {self.id} {self.score:.3f} {shortened(self.statement, 90)!r}>"

    def as_json(self) -> dict[str, Any]:
        """The hypothesis with the keys of the outside face."""
        return {
            "id": self.id,
            "statement": self.statement,
            "gap": self.gap.as_json(),
            "path": None if self.path is None else path_json(self.path),
            "facets": [one.as_json() for one in self.facets],
            "falsification": self.falsification.as_json(),
            "critique": None if self.critique is None else self.critique.as_json(),
            "rank": self.rank,
            "score": self.score,
            "interval": list(self.interval),
            "origin": self.origin,
            "question": self.question,
            "trail": [one.as_json() for one in self.trail],
        }


@dataclass(frozen=True, slots=True)
class Hypotheses:
    """What a run of `hypothesize` made: hypotheses, the best first. `papers` are those cited, in the order of their
    first use. `notes` say what a reader should know; `model` names the language model that was used, None where none.
    """

    run: str
    hypotheses: tuple[Hypothesis, ...]
    steps: tuple[Event, ...] = ()
    papers: tuple[Paper, ...] = ()
    notes: tuple[str, ...] = ()
    model: str | None = None

    def __iter__(self) -> Iterator[Hypothesis]:
        return iter(self.hypotheses)

    def __len__(self) -> int:
        return len(self.hypotheses)

    def __getitem__(self, place: int) -> Hypothesis:
        return self.hypotheses[place]

    def __repr__(self) -> str:
        return f"<Hypotheses: {len(self.hypotheses)}, run {self.run}>"

    def report(self) -> str:
        """The hypotheses as Markdown with pictures, numbered references and BibTeX: see `agents.hypothesis_report`."""
        from agents.hypothesis_report import markdown

        return markdown(self)

    def bibtex(self) -> str:
        """The papers cited as BibTeX."""
        from kg.bibtex import bibliography

        return bibliography(self.papers)

    def outcome(self) -> dict[str, Any]:
        """What the run's record ends with: all but its steps."""
        return {name: value for name, value in self.as_json().items() if name not in ("run", "steps")}

    def as_json(self) -> dict[str, Any]:
        """The run's outcome with the keys of the outside face."""
        return {
            "run": self.run,
            "hypotheses": [one.as_json() for one in self.hypotheses],
            "papers": [paper_json(one) for one in self.papers],
            "notes": list(self.notes),
            "steps": [one.as_json() for one in self.steps],
            "model": self.model,
        }
