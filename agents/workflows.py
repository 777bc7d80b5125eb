"""What agents do for a person, each as plain code that fits on a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from agents.answer import UNANSWERED, Answer, Citation, Sentence
from agents.runs import Event, MemoryLog, Run, RunLog
from agents.steps.fitting import fit, is_calibrated
from agents.steps.planning import plan
from agents.steps.quoting import candidates, chosen
from kg.model import Hit
from kg.scope import EVERYWHERE, Scope
from kg.search import MOST_CHARACTERS, words
from kg.stores.graph_store import GraphStore
from kg.vectors.embedder import Embedder
from kg.vectors.vector_index import VectorIndex


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


def ask(question: str, library: Library, k: int = 10, scope: Scope = EVERYWHERE, seed: int = 0,
        on_event: Callable[[Event], None] | None = None, log: RunLog | None = None) -> Answer:
    """Answers a question with whole sentences from the `k` best passages in a scope, or says that the papers do not
    answer it.

    Every sentence is a quote with its place. Nothing here is left to chance: `seed` is kept with the run for those who
    use one. Raises UsageError for a question without a word.
    """
    store, embedder = library.store, library.embedder
    with store.reading():
        inputs = {"kind": "ask", "question": question, "k": k, "scope": scope.arguments(), "seed": seed,
                  "embedder": embedder.name, "revision": store.revision()}
        run = Run(inputs, MemoryLog() if log is None else log, on_event)

        telling = words(question)
        planned = plan(question, telling, store.frequencies(telling, scope), len(store.passage_ids(scope)))
        run.did("plan", question, {"words": dict(planned.weights), "unknown": round(planned.unknown, 3)})

        hits = tuple(library.search(question, k, **scope.arguments()))
        run.did("search", [question, k, scope.arguments()], {"passages": [hit.passage for hit in hits]})

        vector = embedder.queries([question[:MOST_CHARACTERS]])[0]
        cosines = library.index.similarities(vector, [hit.passage for hit in hits])
        fitting = fit(planned, hits, cosines if is_calibrated(embedder.name) else None)
        fits = {hit.passage: score for hit, score in fitting.kept}
        run.did("filter", cosines, {"score": fitting.score, "needed": fitting.needed, "kept": list(fits)})

        quotes = candidates(planned, [hit for hit, _ in fitting.kept])
        vectors = embedder.documents([quote.text for quote in quotes])
        taken = chosen(planned, quotes, [float(cosine) for cosine in vectors @ vector], vectors, fits)
        sentences = tuple(
            Sentence(quote.text, (Citation(quote.hit.paper, quote.hit.key, quote.hit.passage, quote.start, quote.end,
                                           quote.text),)) for quote in taken)
        run.did("answer", list(fits), {"sentences": [sentence.text for sentence in sentences]})

    text = " ".join(f"{one.text} [{', '.join(citation.key for citation in one.citations)}]" for one in sentences)
    return Answer(run.id, question, bool(sentences), text if sentences else UNANSWERED, sentences, hits,
                  tuple(run.events))
