"""What the critic says of a statement or a hypothesis, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from kg.export import evidence_json
from kg.model import Evidence, shortened

if TYPE_CHECKING:
    from agents.runs import Event

End = Literal["subject", "predicate", "object"]

Verdict = Literal["supported", "contradicted", "disputed", "plausible", "weak", "open"]
"""`supported`, `contradicted`: sentences state it, or deny it, and no sentence of equal weight says otherwise.
`disputed`: both, of equal weight. `plausible`: no sentence states it, and it follows from what sentences state. `weak`:
it would follow, but a hop or the composition does not hold. `open`: nothing speaks for it or against it."""

NoveltyVerdict = Literal["anticipated", "unknown", "novel-looking"]

Nearness = Literal[
    "stated", "paraphrased", "denied", "reversed", "another predicate", "weaker predicate", "named together", "one end",
    "nothing",
]  # fmt: skip
"""How the closest sentence is near to the statement: it states it in these words or in others, denies it, says it the
other way round, says something else (or less) of the two, names both, or says something of one of them."""

Side = Literal["for", "against", "note"]


@dataclass(frozen=True, slots=True)
class Claim:
    """What is criticised: subject – predicate – object, by labels. An end that is no concept of the library stands as
    it was written, and is named in `unknown`. `denied` where the statement says that it is not so, `hedged` where it
    says so with doubt. `aspect` is in what a comparison is made ("stronger"). `passed_over` are words of the statement
    that belong to no concept; `narrower` are the ends that they stand with, which say more than their concepts do."""

    subject: str
    predicate: str
    object: str
    denied: bool = False
    hedged: bool = False
    aspect: str = ""
    unknown: tuple[str, ...] = ()
    passed_over: tuple[str, ...] = ()
    narrower: tuple[End, ...] = ()

    def __str__(self) -> str:
        return f"{self.subject} – {'not: ' if self.denied else ''}{self.predicate} – {self.object}"

    def as_json(self) -> dict[str, Any]:
        """The claim as plain values."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "denied": self.denied,
            "hedged": self.hedged,
            "aspect": self.aspect if self.aspect else None,
            "unknown": list(self.unknown),
            "passed_over": list(self.passed_over),
            "narrower": list(self.narrower),
        }


@dataclass(frozen=True, slots=True)
class HopCritique:
    """How well one relation stands. `gap`: it is what the hypothesis adds, and need not be stated.

    `papers` counts those that count: not those retracted, of which `retracted` has the keys. `groups` counts sets of
    papers that share no author; papers whose authors are not known are one set together. `first` and `last` are the
    years of the evidence for it. `strength` is between 0 and 1. `notes` say in words what weakens it.
    """

    subject: str
    predicate: str
    object: str
    reversed: bool = False
    gap: bool = False
    papers: int = 0
    groups: int = 0
    supports: int = 0
    denies: int = 0
    hedges: int = 0
    retracted: tuple[str, ...] = ()
    first: int | None = None
    last: int | None = None
    strength: float = 0.0
    notes: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The hop with its evidence."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "reversed": self.reversed,
            "gap": self.gap,
            "papers": self.papers,
            "groups": self.groups,
            "supports": self.supports,
            "denies": self.denies,
            "hedges": self.hedges,
            "retracted": list(self.retracted),
            "first": self.first,
            "last": self.last,
            "strength": self.strength,
            "notes": list(self.notes),
            "evidence": [evidence_json(one) for one in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class CompositionStep:
    """Two predicates one after the other, what follows from them (None: nothing), and the rule's source."""

    first: str
    second: str
    follows: str | None
    strength: float
    source: str

    def as_json(self) -> dict[str, Any]:
        """The step as plain values."""
        return {
            "first": self.first,
            "second": self.second,
            "follows": self.follows,
            "strength": self.strength,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Composition:
    """Whether the hops of a path, one after the other, give what is claimed. `follows` is None where there is no path;
    `predicate` what does follow from the whole path, None where nothing does; `strength` between 0 and 1."""

    follows: bool | None = None
    predicate: str | None = None
    strength: float = 0.0
    steps: tuple[CompositionStep, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The composition as plain values."""
        return {
            "follows": self.follows,
            "predicate": self.predicate,
            "strength": self.strength,
            "steps": [one.as_json() for one in self.steps],
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Looked:
    """A search that was made: where it looked ("relations", "sentences", "full text and meaning"), for what, and how
    many pieces of evidence or passages were read."""

    where: str
    what: str
    read: int

    def as_json(self) -> dict[str, Any]:
        """The search as plain values."""
        return {"where": self.where, "what": self.what, "read": self.read}


@dataclass(frozen=True, slots=True)
class Novelty:
    """Whether the library says it already. `states` are those of subject, predicate and object that the closest
    sentence states, each in its place: what says the same the other way round states the predicate alone. `sentences`
    are the closest, the nearest first; `searched` is what was looked for."""

    verdict: NoveltyVerdict
    states: tuple[End, ...] = ()
    how: Nearness = "nothing"
    sentences: tuple[Evidence, ...] = ()
    searched: tuple[Looked, ...] = ()
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        """The novelty with its sentences."""
        return {
            "verdict": self.verdict,
            "states": list(self.states),
            "how": self.how,
            "sentences": [evidence_json(one) for one in self.sentences],
            "searched": [one.as_json() for one in self.searched],
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Measure:
    """A number between 0 and 1, None where it is not known, with the reason for it."""

    value: float | None
    reason: str
    evidence: tuple[Evidence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The measure with its evidence."""
        return {
            "value": self.value,
            "reason": self.reason,
            "evidence": [evidence_json(one) for one in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the verdict is what it is, with the sentences that say so."""

    side: Side
    text: str
    evidence: tuple[Evidence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The reason with its evidence."""
        return {"side": self.side, "text": self.text, "evidence": [evidence_json(one) for one in self.evidence]}


@dataclass(frozen=True, slots=True)
class Argument:
    """A node of the argument graph. `status` is its label in the grounded extension: "in", "out" or "undecided"."""

    id: str
    text: str
    side: Side
    status: Literal["in", "out", "undecided"]
    weight: float = 1.0
    evidence: tuple[Evidence, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The argument; its evidence by id, since the reasons have it whole."""
        return {
            "id": self.id,
            "text": self.text,
            "side": self.side,
            "status": self.status,
            "weight": self.weight,
            "evidence": [one.id for one in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class ArgumentGraph:
    """Arguments, and who attacks whom by id: (attacker, attacked)."""

    arguments: tuple[Argument, ...] = ()
    attacks: tuple[tuple[str, str], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The graph as plain values."""
        return {
            "arguments": [one.as_json() for one in self.arguments],
            "attacks": [list(one) for one in self.attacks],
        }


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a language model said to it: the adversary's case against the argument graph's verdict, and what a judge
    said ("holds", "does not hold", "undecided") who heard the two sides in both orders. `differs` where the judge and
    the graph do not agree, or the judge not with itself."""

    case: tuple[Reason, ...]
    verdicts: tuple[str, str]
    differs: bool
    text: str = ""

    def as_json(self) -> dict[str, Any]:
        """The opinion as plain values."""
        return {
            "case": [one.as_json() for one in self.case],
            "verdicts": list(self.verdicts),
            "differs": self.differs,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Critique:
    """What speaks for and against a claim, with every sentence. `score` is between 0 and 1, higher for what stands
    better: the verdict counts first, then how well it stands. It is an order, not a probability."""

    claim: Claim
    hops: tuple[HopCritique, ...]
    composition: Composition
    novelty: Novelty
    plausibility: Measure
    testability: Measure
    specificity: Measure
    verdict: Verdict
    reasons: tuple[Reason, ...]
    score: float = 0.0
    arguments: ArgumentGraph = ArgumentGraph()
    opinion: Opinion | None = None

    def evidence(self) -> tuple[Evidence, ...]:
        """All evidence of the critique, each piece once: of hops, novelty, measures, reasons."""
        measures = (self.plausibility, self.testability, self.specificity)
        pieces = [one for hop in self.hops for one in hop.evidence]
        pieces += self.novelty.sentences
        pieces += [one for measure in measures for one in measure.evidence]
        pieces += [one for reason in self.reasons for one in reason.evidence]
        pieces += [one for reason in (() if self.opinion is None else self.opinion.case) for one in reason.evidence]
        return tuple({one.id: one for one in pieces}.values())

    def __repr__(self) -> str:
        return f"<Critique {self.verdict} {self.score:.3f}, {self.novelty.verdict}: {shortened(str(self.claim), 90)!r}>"

    def as_json(self) -> dict[str, Any]:
        """The critique with the keys of the outside face."""
        return {
            "claim": self.claim.as_json(),
            "hops": [one.as_json() for one in self.hops],
            "composition": self.composition.as_json(),
            "novelty": self.novelty.as_json(),
            "plausibility": self.plausibility.as_json(),
            "testability": self.testability.as_json(),
            "specificity": self.specificity.as_json(),
            "verdict": self.verdict,
            "reasons": [one.as_json() for one in self.reasons],
            "score": self.score,
            "arguments": self.arguments.as_json(),
            "opinion": None if self.opinion is None else self.opinion.as_json(),
        }


@dataclass(frozen=True, slots=True)
class Criticised:
    """What a run of `criticize` made of one statement, or of one hypothesis."""

    run: str
    statement: str
    critique: Critique
    steps: tuple[Event, ...] = ()
    model: str | None = None

    def __repr__(self) -> str:
        return repr(self.critique)

    def as_json(self) -> dict[str, Any]:
        """The outcome with the keys of the outside face."""
        return {
            "run": self.run,
            "statement": self.statement,
            "critique": self.critique.as_json(),
            "steps": [one.as_json() for one in self.steps],
            "model": self.model,
        }

    def outcome(self) -> dict[str, Any]:
        """What a run keeps of it besides its steps."""
        told = self.as_json()
        return {name: told[name] for name in told if name not in ("run", "steps")}
