"""What agents do for a person, each as plain code that fits on a page."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Any, Literal, Protocol, get_args

from agents.answer import UNANSWERED, Answer, Part
from agents.asking import Asking, Told
from agents.runs import Event, MemoryLog, Run, RunLog
from agents.steps import guarding
from agents.steps.citing import held
from agents.steps.following import Completed, Turn, completed
from agents.steps.graph_questions import Computation
from agents.steps.outlining import outline
from agents.steps.premises import Weighed
from agents.steps.questions import comparison, parts, surveyed
from agents.steps.readings import Reading
from kg.model import Hit, Paper
from kg.scope import EVERYWHERE, Scope
from kg.stores.graph_store import GraphStore
from kg.vectors.embedder import Embedder
from kg.vectors.vector_index import VectorIndex

PASSAGES = 10
"""That are looked for to answer a question, where nobody says how many."""

Step = Literal["complete", "split", "premise", "readings", "compare", "survey", "compute", "abstracts", "again"]
STEPS: tuple[Step, ...] = get_args(Step)
"""What may be left out of answering, to see what it is good for."""


class Library(Protocol):
    """What a workflow needs of a library."""

    @property
    def store(self) -> GraphStore: ...

    @property
    def index(self) -> VectorIndex: ...

    @property
    def embedder(self) -> Embedder: ...

    def search(self, query: str, k: int = ..., *, until: int | None = ..., since: int | None = ...,
               within: Sequence[str] = ..., sections: Sequence[str] = ..., venues: Sequence[str] = ...,
               ) -> Sequence[Hit]: ...


def ask(question: str, library: Library, k: int = PASSAGES, scope: Scope = EVERYWHERE, seed: int = 0,
        on_event: Callable[[Event], None] | None = None, log: RunLog | None = None, *,
        earlier: Sequence[Turn] = (), after: str | None = None, override: str | None = None,
        steps: Collection[Step] = STEPS) -> Answer:
    """Answers a question with whole sentences from the `k` best passages in a scope, or says that the papers do not
    answer it.

    Every sentence is a quote with its place. `earlier` are the turns of the conversation that it belongs to, the latest
    last, and `after` the run of that one. A question that may serve harm is not answered without the reason `override`,
    which is recorded. `steps` are those of `STEPS` to take. Nothing here is left to chance: `seed` is kept with the run
    for those who use one. Raises UsageError for a question without a word.
    """
    store = library.store
    with store.reading():
        inputs = {"kind": "ask", "question": question, "k": k, "scope": scope.arguments(), "seed": seed,
                  "embedder": library.embedder.name, "revision": store.revision(), "after": after,
                  "override": override, "without": sorted(set(STEPS) - set(steps))}
        run = Run(inputs, MemoryLog() if log is None else log, on_event)
        asking = Asking(library, scope, k, frozenset(steps))

        whole = Completed(question)
        if earlier and "complete" in steps:
            whole = completed(question, earlier, asking.labels, asking.likeness)
            run.did("complete", [question, [turn.question for turn in earlier]],
                    {"question": question, "completed": whole.question, "how": whole.how})
        warned = guarding.advisory(whole.question)
        if warned is not None:
            run.did("advise", whole.question, {"topic": warned.topic, "words": warned.words, "message": warned.message,
                                               "override": override})
            if override is None:
                return Answer(run.id, question, False, warned.message, (), (), tuple(run.events),
                              completed=whole.question, notes=(warned.message,))

        checked = _checked(whole.question, asking, steps)
        run.did("check", whole.question, checked.as_json())
        planned = outline(whole.question, checked.parts, checked.leaning, checked.readings,
                          comparison(whole.question) if "compare" in steps else None,
                          surveyed(whole.question) if "survey" in steps else None,
                          checked.computation is not None, checked.weighed is not None)
        run.did("plan", whole.question, planned.as_json())
        if (computation := checked.computation) is not None:
            run.did("compute", whole.question, {"kind": computation.question.kind, "how": computation.how,
                                                "summary": computation.summary,
                                                "lines": [line.text for line in computation.lines]})
    # No snapshot is held here: others' searches, side by side, would wait for it. What is cited is looked up again.
    for level in planned.levels:
        for found in asking.searched(level, planned.route):
            run.did("search", [found.sub.question, k, scope.arguments()], found.search_json())
            run.did("filter", found.sub.question, found.filter_json())
    with store.reading():
        told = asking.told(planned, checked.weighed, checked.computation)
        run.did("answer", [one.number for one in planned.questions],
                {"sentences": [sentence.text for part in told for sentence in part.sentences]})
        if "again" in steps:
            told, searched = asking.again(told)
            run.did("check answer", [one.sub.number for one in told], {"searched": searched})

        texts = asking.texts(sentence for part in told for sentence in part.sentences)
        found_here = {hit.passage for hit in asking.hits}
        checks = [held(part.sentences, texts, found_here) for part in told]
        told = [replace(part, sentences=kept) for part, (kept, _) in zip(told, checks, strict=True)]
        run.did("cite", list(texts), {"citations": sum(len(one.citations) for kept, _ in checks for one in kept),
                                      "dropped": [{"quote": one.citation.quote, "reason": one.reason}
                                                  for _, dropped in checks for one in dropped]})
        sentences = tuple(sentence for part in told for sentence in part.sentences)
        papers = asking.papers(sentences)
        silent = [word for part in told for word in asking.worth_saying(part.left_out)]

    text = " ".join(f"{one.text} [{', '.join(dict.fromkeys(citation.key for citation in one.citations))}]"
                    for one in sentences)
    return Answer(run.id, question, bool(sentences), text if sentences else UNANSWERED, sentences, asking.hits,
                  tuple(run.events), completed=whole.question, route=planned.route, parts=_parts(told),
                  notes=_notes(told, checked, silent, papers), papers=papers)


@dataclass(frozen=True, slots=True)
class _Checked:
    """What a question was found to be made of: `leaning` tells which of its parts point back to the one before."""

    parts: tuple[str, ...]
    leaning: tuple[bool, ...]
    weighed: Weighed | None
    readings: tuple[Reading, ...]
    computation: Computation | None

    def as_json(self) -> dict[str, Any]:
        """What the event tells."""
        claim = None if self.weighed is None else {
            "says": str(self.weighed.claim), "assumed": self.weighed.claim.assumed, "verdict": self.weighed.verdict,
            "for": [one.quote for one in self.weighed.agreeing], "against": [one.quote for one in self.weighed.against]}
        return {"questions": list(self.parts), "claim": claim,
                "readings": [{"question": one.question, "name": one.name, "means": one.means, "places": one.places}
                             for one in self.readings]}


def _checked(question: str, asking: Asking, steps: Collection[Step]) -> _Checked:
    """Takes a question apart; each part is completed from the one before it."""
    first, *others = parts(question) if "split" in steps else (question,)
    asked = [Completed(first)]
    for part in others:
        asked.append(completed(part, [Turn(asked[-1].question)], asking.labels, asking.likeness))
    if others:
        return _Checked(tuple(one.question for one in asked), tuple(bool(one.how) for one in asked), None, (), None)
    senses = asking.readings(question) if "readings" in steps else ()
    return _Checked((question,), (False,), asking.weighed(question) if "premise" in steps else None, senses,
                    asking.computed(question) if "compute" in steps and not senses else None)


def _parts(told: Sequence[Told]) -> tuple[Part, ...]:
    ends = list(accumulate((len(part.sentences) for part in told), initial=0))
    return tuple(Part(part.sub.question, bool(part.sentences), first, len(part.sentences))
                 for part, first in zip(told, ends, strict=False))


def _notes(told: Sequence[Told], checked: _Checked, silent: Sequence[str], papers: Sequence[Paper]) -> tuple[str, ...]:
    """What a reader should know of an answer; `silent` are the things that no quote speaks of."""
    if not any(part.sentences for part in told):
        return ()
    notes = []
    if checked.computation is not None:
        notes.append(f"Computed over the graph: {checked.computation.how}.")
    if checked.weighed is not None and checked.weighed.verdict == "denied":
        notes.append(f"Your papers speak against this: {checked.weighed.claim}.")
    if checked.weighed is not None and checked.weighed.verdict == "disputed":
        notes.append(f"Your papers disagree on this: {checked.weighed.claim}.")
    if checked.readings:
        meant = " or ".join(one.means for one in checked.readings)
        notes.append(f"{checked.readings[0].name} stands for {meant} in your papers: each is answered by itself.")
    notes += [f"Not in your papers: {part.sub.question}" for part in told
              if not part.sentences and part.sub.role != "whole"]
    if silent:
        notes.append(f"The quotes do not speak of: {', '.join(dict.fromkeys(silent))}.")
    narrow = guarding.narrow(papers)
    return (*notes, *([] if narrow is None else [narrow]))
