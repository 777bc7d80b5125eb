"""Making hypotheses, as plain code that fits on a page. Each line that calls `supposing` is a step of the run."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from agents.critic import Critic
from agents.hypothesis import Gap, Hypotheses, Hypothesis, Revision
from agents.library import Library
from agents.run_logs import RunLog
from agents.runs import Event, Model, Record, Run
from agents.steps import asked_facets, bettering, supposing
from agents.steps.asked import Roomed
from agents.steps.claims import parsed
from agents.steps.facets import Material, facets, statement
from agents.steps.planning import Plan, plan
from agents.steps.prose import counted, listed, sentence
from agents.steps.ranking import interval, ranked, scored
from agents.steps.refuting import card
from agents.steps.supporting import unsupported
from agents.steps.supposing import Supposed
from kg.communities import Communities, communities
from kg.concept_graph import ConceptGraph
from kg.errors import LanguageModelError, NotFound, UsageError
from kg.model import Paper
from kg.paths import PathGraph
from kg.relation_graph import RelationGraph
from kg.scope import EVERYWHERE, Scope
from kg.search import words

HYPOTHESES = 5
"""That are made where nobody says how many."""

ROUNDS = 2
_MOST = 100
_NEAR = 20  # hits of a question that are near to it
_TOLD = 3  # hypotheses whose communities are named
_BETTER = 0.005  # a score that is higher by less is not better


_ENOUGH: dict[asked_facets.Stopped, str] = {
    "narrow": "More were not needed: the interval of each one's chance to be preferred is as narrow as was wanted.",
    "all": "Those whose interval stays wider than was wanted were compared with all others.",
    "most": "More are not made; some intervals stay wider than was wanted.",
    "budget": "Then the budget was spent; some intervals stay wider than was wanted.",
}


def hypothesize(library: Library, start: str | None = None, goal: str | None = None, question: str | None = None,
                said: str | None = None, n: int = HYPOTHESES, scope: Scope = EVERYWHERE, seed: int = 0,
                on_event: Callable[[Event], None] | None = None, log: RunLog | None = None, *,
                graph: RelationGraph | None = None, model: Model | None = None, rounds: int = ROUNDS,
                without: Collection[str] = (), across: bool = False, record: Record | None = None) -> Hypotheses:
    """Up to `n` hypotheses, the best first: what the papers do not state and what follows from what they do.

    Between two concepts (`start` and `goal`), from one, from a `question`, from the whole library, or a person's own
    statement (`said`); with `across`, from one or from the whole library, the two ends belong to different communities
    of concepts (`kg.communities`). Each is criticised, changed up to `rounds` times where that betters its score,
    written out in seven facets with a card of what would refute it, and ranked with an interval. Equal calls have equal
    answers; `seed` decides what is drawn from the whole library, and the resamples of the intervals. `graph` is the
    library's, if it is known; `without` are ids of hypotheses that shall be left out, such as those that were rejected.
    Raises NotFound for a concept that the library does not know, UsageError for wishes that exclude one another.
    """
    _checked(start, goal, question, said, n, across)
    inputs: dict[str, Any] = {
        "kind": "hypothesize", "from": start, "to": goal, "question": question, "statement": said, "n": n,
        "scope": scope.arguments(), "seed": seed, "rounds": rounds, "embedder": library.embedder.name,
        "revision": library.store.revision(), "model": None if model is None else model.as_json()}
    if without:
        inputs["without"] = sorted(without)
    if across:
        inputs["across"] = True
    run = Run(inputs, log, on_event, model=model, record=record)
    with run, library.store.reading():
        making = Hypothesizing(library, scope, seed, run, graph, frozenset(without), across)
        found = making.sought(start, goal, question, said, n)
        criticised = making.criticised(found, n)
        bettered = making.bettered(criticised, rounds)
        chosen = making.chosen(bettered, n)
        written = making.written(chosen)
        return making.ends(making.compared(written))


class Hypothesizing:
    """What a run has read and made by now."""

    def __init__(self, library: Library, scope: Scope, seed: int, run: Run, graph: RelationGraph | None,
                 without: frozenset[str] = frozenset(), across: bool = False) -> None:
        self._library, self._scope, self._seed, self._run, self._without = library, scope, seed, run, without
        self._paths = PathGraph(library.store, scope, denied=False, graph=graph)
        self._across: Communities | None = communities(self._paths) if across else None
        self._critic = Critic(library, scope)
        self._material = Material(ConceptGraph(library.store, scope))
        self._question: str | None = None
        self._notes: list[str] = []

    def sought(self, start: str | None, goal: str | None, question: str | None, said: str | None, n: int,
               ) -> list[Hypothesis]:
        """What may become hypotheses."""
        self._question = question
        n += min(n, len(self._without))  # some that are found may be left out
        ends = [self._label(name) for name in (start, goal) if name is not None]
        if said is not None:
            found = self._stated(said, n)
        elif len(ends) == 2:
            found = supposing.between(self._paths, ends[0], ends[1], n)
            if not found:
                self._notes.append(f"Nothing joins {ends[0]} and {ends[1]} in this library over {supposing.HOPS} hops.")
        elif ends:
            found = supposing.around(self._paths, ends[0], n, across=self._across)
        elif question is not None:
            found = self._asked(question, n)
        else:
            found = supposing.anywhere(self._paths, n, self._seed, self._across)
        supposed = [self._hypothesis(one, said) for one in found]
        self._run.did("seek", [start, goal, question, said, n], {
            "from": start, "to": goal, "question": question, "concepts": ends,
            "found": [{"id": one.id, "statement": one.statement, **self._joins(one)} for one in supposed],
            **({} if self._across is None else {"communities": len(self._across)})})
        told = {one.id: one for one in supposed if one.id not in self._without}
        if gone := {one.id for one in supposed} - told.keys():
            self._notes.append(f"Left out, as was wished: {counted(len(gone), 'hypothesis', 'hypotheses')}.")
        return list(told.values())

    def criticised(self, found: Sequence[Hypothesis], n: int) -> list[Hypothesis]:
        """Those that no paper states yet, with their critique: some more than are wanted."""
        told: list[Hypothesis] = []
        known: list[Hypothesis] = []
        for one in found:
            if len(told) == n + (n + 1) // 2:
                break
            judged = self._criticised(one)
            assert judged.critique is not None
            if judged.critique.novelty.verdict == "anticipated" and one.origin != "statement":
                known.append(judged)
            else:
                told.append(judged)
            self._run.did("criticize", one.id, {
                "id": one.id, "statement": one.statement, "verdict": judged.critique.verdict, "score": judged.score,
                "novelty": judged.critique.novelty.verdict})
        if known:
            self._notes.append(f"Left out, since the papers anticipate them: {len(known)}, such as: "
                               f"{known[0].statement}")
        return told

    def bettered(self, found: Sequence[Hypothesis], rounds: int) -> list[Hypothesis]:
        """Each in its best version, with the trail of what was tried."""
        taken = {one.id for one in found} | self._without
        told = []
        for one in found:
            best = one
            for number in range(1, rounds + 1):
                assert best.critique is not None
                changes = bettering.changes(best, best.critique, self._paths, taken.__contains__)
                change = next((one for one in changes if self._may_join(one.hypothesis)), None)
                if change is None:
                    break
                taken.add(change.hypothesis.id)
                tried = self._criticised(change.hypothesis)
                assert tried.critique is not None
                kept = tried.score > best.score + _BETTER and tried.critique.novelty.verdict != "anticipated"
                revision = Revision(number, change.change, change.why, best.statement, tried.statement, best.score,
                                    tried.score, kept)
                best = replace(tried if kept else best, trail=(*best.trail, revision))
                self._run.did("revise", [one.id, number], {"id": one.id, **revision.as_json()})
            told.append(best)
        return told

    def chosen(self, found: Sequence[Hypothesis], n: int) -> list[Hypothesis]:
        """The best, ranked."""
        told = ranked([replace(one, interval=interval(one.score, one.path, self._seed)) for one in found])[:n]
        self._run.did("rank", [one.id for one in found], {
            "order": [{"id": one.id, "score": one.score, "interval": list(one.interval)} for one in told]})
        return told

    def written(self, found: Sequence[Hypothesis]) -> list[Hypothesis]:
        """With their facets and cards; the first may choose its sentences before the others."""
        told = []
        for one in found:
            parts = facets(one.statement, one.gap, one.path, one.critique, self._material)
            together = self._together(one.gap)
            done = replace(one, facets=parts, falsification=card(one.gap, one.path, self._material, together))
            done, form, dropped = self._asked_to_write(done)
            told.append(done)
            sentences = [said for part in done.facets for said in part.sentences]
            self._run.did("write", one.id, {
                "id": one.id, "sentences": len(sentences), "cited": sum(not said.inference for said in sentences),
                "silent": [part.name for part in done.facets if part.silent], "form": form, "dropped": dropped})
        return told

    def _asked_to_write(self, one: Hypothesis) -> tuple[Hypothesis, str, list[dict[str, str]]]:
        """The hypothesis in the model's words, where there is one and it answers; the form that was taken."""
        ask, model = self._run.ask, self._run.model
        if ask is None or model is None:
            return one, "without", []
        try:
            told = asked_facets.written(one, self._check(one.statement), Roomed(ask, model.room))
        except LanguageModelError as error:
            self._notes.append(f"“{one.statement}” is written without the model: {error}")
            return one, "without", []
        return told.hypothesis, "model", told.as_json()

    def compared(self, found: Sequence[Hypothesis]) -> list[Hypothesis]:
        """In the order in which a model prefers them, two at a time, where there is one; else as they are."""
        ask = self._run.ask
        if ask is None or len(found) < 2:
            return list(found)
        try:
            told = asked_facets.compared(found, ask, self._seed)
        except LanguageModelError as error:
            self._notes.append(f"Ranked by score, without the model: {error}")
            return list(found)
        order = sorted(range(len(found)), key=lambda place: (-told.worth[place], place))
        ordered = [replace(found[place], rank=rank) for rank, place in enumerate(order, 1)]
        split = "too few to tell" if told.split_half is None else f"{told.split_half:.2f}"
        self._notes.append(f"Ranked by {told.pairs} comparisons by the model, each in both orders: it said the same in "
                           f"{told.swapped_alike:.0%} of them; agreement of two halves: {split}. "
                           f"{_ENOUGH[told.stopped]}")
        self._run.did("compare", [one.id for one in found], {**told.as_json(), "order": [one.id for one in ordered]})
        return ordered

    def ends(self, found: Sequence[Hypothesis]) -> Hypotheses:
        """What came of the run."""
        model = None if self._run.model is None else self._run.model.name
        self._tell_communities(found)
        done = Hypotheses(self._run.id, tuple(found), tuple(self._run.events), self._papers(found), tuple(self._notes),
                          model)
        self._run.concludes(done.outcome())
        return done

    def _tell_communities(self, found: Sequence[Hypothesis]) -> None:
        """Which communities the hypotheses join, if that was asked for."""
        if self._across is None:
            return
        among = f"two of the {counted(len(self._across), 'community', 'communities')} of concepts"
        if not found:
            self._notes.append(f"Nothing joins {among} in this library; without --across, open links within one are "
                               "found too.")
            return
        joined = [" with ".join(self._community(end) for end in (one.gap.subject, one.gap.object))
                  for one in found[:_TOLD]]
        more = "" if len(found) <= _TOLD else "; the step seek tells it of the others"
        self._notes.append(f"Each joins {among}: {'; '.join(joined)}{more}.")

    def _community(self, label: str) -> str:
        """A concept and what its community is about."""
        assert self._across is not None
        about = self._across.about(self._paths.graph.numbers[label])
        return f"{label} (beside {listed(about)})" if about else label

    def _joins(self, one: Hypothesis) -> dict[str, Any]:
        """What the communities of its two ends are about, for the event."""
        if self._across is None:
            return {}
        numbers = self._paths.graph.numbers
        return {"joins": [self._across.about(numbers[end]) for end in (one.gap.subject, one.gap.object)]}

    def _may_join(self, one: Hypothesis) -> bool:
        """Whether the ends of a hypothesis are as far apart as was asked for."""
        numbers = self._paths.graph.numbers
        return self._across is None or not self._across.same(numbers[one.gap.subject], numbers[one.gap.object])

    # What the steps are made of

    def _label(self, name: str) -> str:
        label = supposing.label_of(self._paths, name)
        if label.casefold() != name.casefold():
            self._notes.append(f"“{name}” is taken for {label}.")
        return label

    def _asked(self, question: str, n: int) -> list[Supposed]:
        """From what a question names, and from papers far from it that share a mechanism with it."""
        labels = self._library.store.concept_keys
        named = supposing.concepts_in(question, lambda keys: dict(labels(keys)), self._paths.graph.numbers)
        hits = self._library.search(question, _NEAR, **self._scope.arguments())
        clear = [label for label in named if self._paths.graph.numbers[label] not in self._paths.hubs]
        if not clear:
            clear = [label for label, _ in zip(supposing.concepts_of(hits, self._paths), range(2), strict=False)]
            if clear:
                self._notes.append(f"The question names nothing that has a stated relation: {listed(clear)} stood in "
                                   "the passages that answer it best.")
        if not clear:
            raise NotFound("The question names no concept of the library, and no passage speaks of one. Name a concept "
                           "with --from; `hypograph concepts TEXT` looks names up.")
        joined = supposing.between(self._paths, clear[0], clear[1], n)[:n] if len(clear) > 1 else []
        far = supposing.distant(self._paths, clear[:3], {hit.paper for hit in hits}, n)
        return [*(replace(one, origin="question") for one in joined), *far]

    def _stated(self, said: str, n: int) -> list[Supposed]:
        """A person's own statement: the ways in which the graph would lead there, or none."""
        claim = parsed(said, self._library.store.concept_keys)
        gap = Gap(claim.subject, claim.predicate, claim.object, "as the statement says")
        numbers = self._paths.graph.numbers
        ways = []
        if claim.subject in numbers and claim.object in numbers:
            ways = [one.path for one in supposing.between(self._paths, claim.subject, claim.object, n)]
        return [Supposed(gap, path, "statement") for path in (ways[:n] if ways else [None])]

    def _hypothesis(self, one: Supposed, said: str | None) -> Hypothesis:
        text = sentence(said) if said is not None else statement(one.gap, one.path)
        return Hypothesis(text, one.gap, one.path, origin=one.origin, question=self._question)

    def _criticised(self, one: Hypothesis) -> Hypothesis:
        critique = self._critic.of(one)
        return replace(one, critique=critique, score=scored(critique, one.path))

    def _check(self, statement: str) -> asked_facets.Check:
        """What tells why a sentence about a hypothesis does not rest on quotes."""
        store = self._library.store

        def weigh(said: str) -> Plan:
            telling = words(said)
            return plan(said, telling, store.frequencies(telling, self._scope), self._whole)

        return lambda text, quotes: unsupported(text, quotes, (), statement, weigh, store.concept_keys)

    @cached_property
    def _whole(self) -> int:
        return len(self._library.store.passage_ids(self._scope))

    def _together(self, gap: Gap) -> Sequence[Any]:
        numbers = self._paths.graph.numbers
        found = self._paths.named_with(gap.subject).get(numbers.get(gap.object, -1))
        return () if found is None else found.evidence

    def _papers(self, found: Iterable[Hypothesis]) -> tuple[Paper, ...]:
        """The papers cited, in the order of their first use."""
        ids = dict.fromkeys(piece.paper for one in found for piece in one.evidence())
        known = {paper.id: paper for paper in self._library.store.papers(ids=ids.keys())} if ids else {}
        return tuple(known[id] for id in ids if id in known)


def _checked(start: str | None, goal: str | None, question: str | None, said: str | None, n: int,
             across: bool) -> None:
    if not 1 <= n <= _MOST:
        raise UsageError(f"n = {n}: 1 to {_MOST} hypotheses can be asked for.")
    if goal is not None and start is None:
        raise UsageError("A goal was named without a start: name both, or the start alone.")
    ways = [name for name, given in (("from", start), ("question", question), ("statement", said)) if given is not None]
    if len(ways) > 1:
        raise UsageError(f"{listed(ways)} were given: choose one of them.")
    if across and (goal is not None or question is not None or said is not None):
        raise UsageError("Across communities leads from one concept or from the whole library: leave the goal, the "
                         "question and the statement out.")
    if any(text is not None and not text.strip() for text in (start, goal, question, said)):
        raise UsageError("An empty text names nothing: leave the option out, or say what is meant.")
    if start is not None and goal is not None and start.strip().casefold() == goal.strip().casefold():
        raise UsageError(f"{start!r} is both where to start and where to go: name two different concepts.")
