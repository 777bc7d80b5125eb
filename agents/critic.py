"""The critic: what a library has for and against a statement or a hypothesis, in one critique."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from agents import rules
from agents.critique import (
    Claim,
    Composition,
    CompositionStep,
    Criticised,
    Critique,
    HopCritique,
    Measure,
    Reason,
    Verdict,
)
from agents.run_logs import RunLog
from agents.runs import Event, Record, Run
from agents.steps.anticipating import ABBREVIATION, Anticipated, Looking, anticipated, named, of_graph, turned_round
from agents.steps.arguing import Pleaded, argued, reasons
from agents.steps.asked import Roomed
from agents.steps.asked_opinion import opinion
from agents.steps.claims import parsed
from agents.steps.deriving import derived
from agents.steps.forms import Forms
from agents.steps.guarding import advisory, groups
from agents.steps.measuring import judged, specificity, testability
from kg.compositions import Chain, Step, along, implied
from kg.concept_graph import ConceptGraph
from kg.errors import NotFound
from kg.model import Concept, Evidence, Hit, Hop, Paper, Path
from kg.names import key_of
from kg.scope import EVERYWHERE, Scope, counts_in

if TYPE_CHECKING:
    from agents.library import Library
    from agents.runs import Model
    from kg.language_model import Ask
    from kg.prediction import Predictor

Did = Callable[[str, object, Mapping[str, Any]], object]
"""Notes a step that was taken: its name, what went in, what came out (`Run.did`)."""

_QUICKLY_PREDICTED = 5000
"""Papers of a library whose predictions are made within seconds when they are wanted for the first time."""

_REASONS = 2  # of a prediction

_BASE: Mapping[Verdict, tuple[float, float]] = {
    "contradicted": (0.0, 0.1),
    "weak": (0.1, 0.25),
    "open": (0.25, 0.45),
    "disputed": (0.45, 0.55),
    "plausible": (0.55, 0.75),
    "supported": (0.75, 1.0),
}
"""Between which scores a verdict lies."""


class Linked(Protocol):
    """The link that a hypothesis adds."""

    @property
    def subject(self) -> str: ...

    @property
    def predicate(self) -> str: ...

    @property
    def object(self) -> str: ...


class Supposed(Protocol):
    """What the critic needs of a hypothesis: the link that it adds, and the path that it follows from."""

    @property
    def statement(self) -> str: ...

    @property
    def gap(self) -> Linked: ...

    @property
    def path(self) -> Path | None: ...


def criticize(
    claim: str | Supposed,
    library: Library,
    scope: Scope = EVERYWHERE,
    *,
    ask: Ask | None = None,
    did: Did | None = None,
) -> Critique:
    """What a library says for and against a statement in words or a hypothesis: see `Critic`.

    Raises UsageError for a statement in which no claim is found, and NotFound for one about things that are not in the
    library.
    """
    return Critic(library, scope, ask).of(claim, did)


@dataclass(frozen=True, slots=True)
class Link:
    """The link that a hypothesis adds, where nothing but its ends and predicate is known of it."""

    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A hypothesis as it was kept: what the critic needs of it."""

    statement: str
    gap: Link
    path: Path | None = None

    @classmethod
    def of(cls, claim: Supposed) -> Kept:
        """Of any hypothesis."""
        return cls(claim.statement, Link(claim.gap.subject, claim.gap.predicate, claim.gap.object), claim.path)

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Kept:
        """From its JSON, without the evidence of the path: the critic looks up what the library has now."""
        link = Link(*(told["gap"][end] for end in ("subject", "predicate", "object")))
        if told["path"] is None:
            return cls(told["statement"], link)
        hops = [
            Hop(one["subject"], one["predicate"], one["object"], one["reversed"], 0, 0, 0, 0, ())
            for one in told["path"]["hops"]
        ]
        return cls(told["statement"], link, Path(told["path"]["score"], tuple(told["path"]["concepts"]), tuple(hops)))

    def as_json(self) -> dict[str, Any]:
        """What it takes to criticise it again."""
        path: dict[str, Any] | None = None
        if self.path is not None:
            hops = [{name: getattr(hop, name) for name in _OF_HOP} for hop in self.path.hops]
            path = {"score": self.path.score, "concepts": list(self.path.concepts), "hops": hops}
        gap = {"subject": self.gap.subject, "predicate": self.gap.predicate, "object": self.gap.object}
        return {"statement": self.statement, "gap": gap, "path": path}


_ID = re.compile(r"h-[0-9a-f]{8,}")
_OF_HOP = ("subject", "predicate", "object", "reversed")


def is_id(text: str) -> bool:
    """Whether this is written as the id of a hypothesis."""
    return _ID.fullmatch(text.strip()) is not None


def kept(id: str, log: RunLog, runs: Iterable[str]) -> Kept:
    """The hypothesis with that id of one of the runs, the last of them that made it. NotFound where none has."""
    for run in reversed(list(runs)):
        record = Record.read(log, run)
        if record.inputs.get("kind") == "hypothesize" and record.end is not None:
            outcome = record.end.get("outcome")
            for told in () if outcome is None else outcome.get("hypotheses", ()):
                if told["id"] == id.strip():
                    return Kept.read(told)
    raise NotFound(
        f"No kept run made the hypothesis {id.strip()!r}. Ids stand in what `hypograph hypothesize` gave; "
        "or write the statement in words."
    )


def criticised(
    claim: str | Supposed,
    library: Library,
    scope: Scope = EVERYWHERE,
    on_event: Callable[[Event], None] | None = None,
    log: RunLog | None = None,
    *,
    model: Model | None = None,
    record: Record | None = None,
) -> Criticised:
    """The critique as a run of its own, of the kind `criticize`; it raises what `criticize` does. With a `record` it is
    made again."""
    statement = claim if isinstance(claim, str) else claim.statement
    inputs = {
        "kind": "criticize",
        "statement": statement,
        "hypothesis": None if isinstance(claim, str) else Kept.of(claim).as_json(),
        "scope": scope.arguments(),
        "embedder": library.embedder.name,
        "revision": library.store.revision(),
        "model": None if model is None else model.as_json(),
    }
    run = Run(inputs, log, on_event, model=model, record=record)
    with run:
        ask = None if run.ask is None or model is None else Roomed(run.ask, model.room)
        critique = Critic(library, scope, ask).of(claim, run.did)
        rules.kept(run.record)
        done = Criticised(run.id, statement, critique, tuple(run.events), None if model is None else model.name)
        run.concludes(done.outcome())
        return done


class Critic:
    """Criticises claims on one state of a library, in a scope. Make one for several claims: what it has read of papers
    and concepts it keeps. With a model to `ask`, that gives its opinion too; the verdict is the argument graph's."""

    def __init__(self, library: Library, scope: Scope = EVERYWHERE, ask: Ask | None = None) -> None:
        self._library, self._scope, self._forms = library, scope, Forms(ask)
        self._store = library.store
        self._graph = ConceptGraph(self._store, scope)
        self._counts = counts_in(self._store, scope)
        self._papers: dict[str, Paper] = {}
        self._concepts: dict[str, Concept | None] = {}

    def of(self, claim: str | Supposed, did: Did | None = None) -> Critique:
        """The critique of a statement or a hypothesis; `did` is told of each step."""
        note = did if did is not None else _unheard
        with self._store.reading():
            if isinstance(claim, str):
                wanted = parsed(claim, lambda keys: self._labels(claim, keys))
                note("read", claim, wanted.as_json() | {"statement": claim})
                critique = self._critique(claim, wanted, None, note)
            else:
                wanted = Claim(claim.gap.subject, claim.gap.predicate, claim.gap.object)
                critique = self._critique(claim.statement, wanted, claim.path, note)
        return self._with_opinion(claim if isinstance(claim, str) else claim.statement, critique, note)

    def _critique(self, statement: str, claim: Claim, path: Path | None, did: Did) -> Critique:
        looked = anticipated(claim, self._looking)
        novelty = looked.novelty
        did("look", str(claim), novelty.as_json())
        plea = self._plea(claim, looked)
        if path is None and not (plea.for_ or plea.against or claim.denied or claim.narrower):
            path = derived(claim, self._graph, looked.ends[0].labels, looked.ends[1].labels)
        gap = judged(claim, plea, self._newer, gap=path is not None)
        hops = [self._judged(hop) for hop in path.hops] if path is not None else []
        judgements = [*(hop for hop, _ in hops), gap]
        did("judge", [str(claim)], {"hops": [one.as_json() for one in judgements]})
        composition = self._composed(claim, path)
        did("compose", str(claim), composition.as_json())
        graph, verdict = argued(f"{statement.strip().rstrip('.')}.", plea, hops, composition)
        did("argue", str(claim), {"verdict": verdict, **graph.as_json()})
        subject, object = looked.ends
        concepts = {label: concept for label in (claim.subject, claim.object) if (concept := self._concept(label))}
        testable = testability(claim, subject, object, self._graph, self._counts)
        specific = specificity(claim, concepts, self._counted)
        plausible = self._plausible(claim)
        did("measure", str(claim), {"testability": testable.value, "specificity": specific.value,
                                    "plausibility": plausible.value})  # fmt: skip
        told = [*reasons(graph), *self._remarks(claim, looked, verdict, judgements)]
        score = _score(verdict, judgements, composition if path is not None else None, plausible, testable, specific)
        critique = Critique(claim, tuple(judgements), composition, novelty, plausible, testable, specific, verdict,
                            tuple(told), score, graph)  # fmt: skip
        return critique

    def _with_opinion(self, statement: str, critique: Critique, did: Did) -> Critique:
        if (warned := advisory(statement)) is not None:
            told = f"{warned.message.partition(' To go on')[0]} No language model was asked."
            return replace(critique, reasons=(*critique.reasons, Reason("note", told)))
        if not self._forms.asks:
            return critique
        heard, taken = self._forms.taken(lambda ask: opinion(critique, ask), lambda: None)
        said = {} if heard is None else heard.as_json()
        did("hear", str(critique.claim), said | taken.as_json())
        if heard is None:
            unheard = Reason("note", f"The language model was not heard: {taken.why}")
            return replace(critique, reasons=(*critique.reasons, unheard))
        return replace(critique, opinion=heard)

    # What is read once

    @cached_property
    def _inside(self) -> frozenset[str]:
        return frozenset(self._store.passage_ids(self._scope))

    @cached_property
    def _counted(self) -> int:
        return self._store.counts().papers

    def _newer(self, year: int) -> bool:
        """Whether a paper of the scope is later than that year."""
        return bool(self._store.passage_ids(Scope(since=year + 1, until=self._scope.until), 1))

    @cached_property
    def _looking(self) -> Looking:
        arguments = self._scope.arguments()

        def search(query: str, most: int) -> Sequence[Hit]:
            return self._library.search(query, most, **arguments)

        everywhere = self._scope.everywhere
        return Looking(self._graph, self._counts, lambda id: everywhere or id in self._inside, search)

    def _labels(self, statement: str, keys: Sequence[str]) -> Mapping[str, str]:
        """The labels of those keys that are concepts, if need be with the words the other way round; abbreviations in
        the statement are, too, of what they stand for in most mentions."""
        labels: dict[str, str] = {}
        for short in dict.fromkeys(ABBREVIATION.findall(statement)):
            if called := self._store.concepts_called(short):
                labels[key_of(short)] = max(called, key=lambda one: (one.mentions, one.label)).label
        turned = {form: key for key in keys if " " in key for form in sorted(turned_round(key))}
        found = self._store.concept_keys([*keys, *turned])
        labels |= {key: found[form] for form, key in turned.items() if form in found}
        return labels | {key: found[key] for key in keys if key in found}

    def _concept(self, label: str) -> Concept | None:
        if label not in self._concepts:
            called = [one for one in self._store.concepts_called(label) if one.label == label]
            self._concepts[label] = called[0] if called else None
        return self._concepts[label]

    def _read(self, ids: Collection[str]) -> dict[str, Paper]:
        new = sorted(set(ids) - self._papers.keys())
        if new:
            self._papers.update((paper.id, paper) for paper in self._store.papers(ids=new))
        return {id: self._papers[id] for id in ids if id in self._papers}

    # The sides of a claim

    def _plea(self, claim: Claim, looked: Anticipated) -> Pleaded:
        counted = [one for one in looked.held if not one.evidence.candidate]
        return self._pleaded(
            claim,
            [one.evidence for one in counted if one.speaks == "for"],
            [one.evidence for one in counted if one.speaks == "against"],
        )

    def _pleaded(self, claim: Claim, for_: Iterable[Evidence], against: Iterable[Evidence]) -> Pleaded:
        pro, con = tuple(for_), tuple(against)
        papers = self._read({one.paper for one in (*pro, *con)})
        group_of = {
            paper.id: number
            for number, group in enumerate(groups([papers[id] for id in sorted(papers)]))
            for paper in group
        }
        return Pleaded(pro, con, papers, group_of, claim.hedged)

    def _judged(self, hop: Hop) -> tuple[HopCritique, Pleaded]:
        claim = Claim(hop.subject, hop.predicate, hop.object)
        ends = (named(self._looking, hop.subject), named(self._looking, hop.object))
        held, _ = of_graph(claim, self._looking, *ends)
        held.sort(key=lambda one: one.rank)
        plea = self._pleaded(
            claim,
            [one.evidence for one in held if one.speaks == "for"],
            [one.evidence for one in held if one.speaks == "against"],
        )
        return judged(claim, plea, self._newer, reversed=hop.reversed), plea

    # Composition

    def _composed(self, claim: Claim, path: Path | None) -> Composition:
        if path is None:
            return Composition(reason="It stands by itself: it was not looked at as something that follows.")
        steps = [Step(hop.predicate, hop.reversed) for hop in path.hops]
        forth = path.concepts[0] == claim.subject
        chain = along(steps if forth else _turned(steps))
        wanted = Step(claim.predicate)
        if chain is None:
            words = ", then ".join(f"“{step}”" for step in steps)
            return Composition(False, None, 0.0, (), f"Nothing is known to follow from {words}.")
        follows = wanted in implied(Step(chain.predicate))
        made = f"From {claim.subject} to {claim.object} the path gives “{chain.predicate}”"
        if chain.predicate == claim.predicate:
            told = f"{made}, which is what is claimed."
        else:
            told = f"{made}, and that “{claim.predicate}” follows." if follows else f"{made}, not “{claim.predicate}”."
        return Composition(follows, chain.predicate, round(chain.strength, 4), _as_steps(chain), told)

    # Measures

    def _plausible(self, claim: Claim) -> Measure:
        """The percentile that prediction gives the two ends, as a share."""
        if claim.unknown:
            return Measure(None, "Unknown: one of the two is not in the library.")
        if self._predictor is None:
            return Measure(None, "Unknown: no prediction was made for this library; `hypograph predict` makes it.")
        (score,) = self._predictor.scores([(claim.subject, claim.object)])
        if score.percentile is None:
            return Measure(None, f"Unknown: {' '.join(score.reasons)}")
        told = f"The two are likelier to meet than {min(score.percentile, 99):.0f} % of pairs as popular: "
        return Measure(round(score.percentile / 100, 4), f"{told}{'; '.join(score.reasons[:_REASONS])}.")

    @cached_property
    def _predictor(self) -> Predictor | None:
        """What predicts links from the papers of the scope's years; None where it would have to be made first and that
        takes long, and where the library is no whole one."""
        from kg.library import Library as Whole

        if not isinstance(self._library, Whole):
            return None
        from kg.prediction import kept, predictor

        until = self._scope.until
        folder = self._library.address.local_folder
        made = folder is not None and kept.file_of(folder / "index", until).exists()
        if not made and self._counted > _QUICKLY_PREDICTED:
            return None
        return predictor(self._library, until)

    # Remarks beside the graph

    def _remarks(
        self, claim: Claim, looked: Anticipated, verdict: Verdict, hops: Sequence[HopCritique]
    ) -> list[Reason]:
        told = []
        doubtful = [
            one for one in looked.held if one.evidence.candidate and one.states == ("subject", "predicate", "object")
        ]
        if doubtful:
            text = "A sentence seems to speak of this, and its reading is too doubtful to count."
            told.append(Reason("note", text, tuple(one.evidence for one in doubtful[:2])))
        reversed = [one.evidence for one in looked.held if one.how == "reversed" and one.speaks == "neither"]
        if reversed:
            told.append(Reason("note", "This is said the other way round.", tuple(reversed[:2])))
        if claim.unknown:
            told.append(Reason("note", f"Not in the library: {', '.join(claim.unknown)}."))
        if claim.passed_over:
            told.append(
                Reason("note", f"These words of the statement were not weighed: {', '.join(claim.passed_over)}.")
            )
        weak = [hop for hop in hops if hop.supports and hop.notes]
        told += [
            Reason("note", f"{hop.subject} – {hop.predicate} – {hop.object}: {'; '.join(hop.notes)}.") for hop in weak
        ]
        return told


def _unheard(step: str, inputs: object, outputs: Mapping[str, Any]) -> None:
    """Nobody listens."""


def _turned(steps: Sequence[Step]) -> list[Step]:
    return [Step(one.predicate, not one.turned) for one in reversed(steps)]


def _as_steps(chain: Chain) -> tuple[CompositionStep, ...]:
    return tuple(
        CompositionStep(str(one.first), str(one.second), one.follows, round(one.strength, 4), one.source)
        for one in chain.steps
    )


def _score(
    verdict: Verdict,
    hops: Sequence[HopCritique],
    composition: Composition | None,
    *measures: Measure,
) -> float:
    """Within the bounds of the verdict: the mean of how the weakest stated hop stands, the composition, and the
    measures that are known."""
    stated = [one.strength for one in hops if one.supports]
    known = [min(stated)] if stated else []
    known += [composition.strength if composition.follows else 0.0] if composition is not None else []
    known += [one.value for one in measures if one.value is not None]
    low, high = _BASE[verdict]
    return round(low + (high - low) * (sum(known) / len(known) if known else 0.0), 4)
