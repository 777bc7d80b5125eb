"""Finding passages: by words, by meaning, by both, and over the graph of concepts."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from kg.errors import UsageError
from kg.model import Hit
from kg.ranking import fused, ordered, sharpened
from kg.scope import EVERYWHERE

if TYPE_CHECKING:
    from kg.passage_graph import PassageGraph
    from kg.scope import Scope
    from kg.stores.graph_store import GraphStore
    from kg.vectors.embedder import Embedder
    from kg.vectors.vector_index import VectorIndex

Mode = Literal["hybrid", "lexical", "dense", "graph"]
MODES: tuple[Mode, ...] = get_args(Mode)

MOST_CHARACTERS = 10_000
"""Of a question, that are embedded; no model reads more."""

_DEPTH = 400  # passages that each way of looking puts forward
_MOST_WORDS = 64
_SEEDS = 20  # first hits that the walk starts from,
_SHARPNESS = 8.0  # in proportion to exp(8 · score)
_WALK_WEIGHT = 0.8  # against the fused scores, in the mode `graph`
_WORD = re.compile(r"[^\W_]+")

STOP_WORDS = frozenset("""
a about above after again against all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few for from further had has have having he her here hers him his how i
if in into is it its itself me more most my no nor not of off on once only or other our out over own same she should so
some such than that the their them then there these they this those through to too under until up upon very was we were
what when where whether which while who whom whose why will with within without would you your
""".split())


def words(query: str, most: int = _MOST_WORDS) -> list[str]:
    """The distinct words of a query that tell something, in order: runs of letters and digits, folded; all of its
    words when none but stop words are there. At most `most`."""
    telling = list(_first_distinct((word for word in _words(query) if word not in STOP_WORDS), most))
    return telling or list(_first_distinct(_words(query), most))


def _words(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("\u00ad", "")
    return (match[0] for match in _WORD.finditer(folded))


def _first_distinct(found: Iterator[str], most: int) -> Iterator[str]:
    seen: set[str] = set()
    for word in found:
        if word not in seen:
            if len(seen) == most:
                return
            seen.add(word)
            yield word


class Search:
    """Searches a library. One object serves many questions, from several threads, and follows what is added.

    `index` and `embedder` are asked for when a mode needs them: words alone are found without either.
    """

    def __init__(self, store: GraphStore, index: Callable[[], VectorIndex], embedder: Callable[[], Embedder]) -> None:
        self._store, self._index, self._embedder = store, index, embedder
        self._guard = threading.Lock()
        # By revision and scope. A snapshot of the graph may be large: two, for a question with and without a scope.
        self._allowed = lru_cache(maxsize=8)(self._read_allowed)
        self._graph = lru_cache(maxsize=2)(self._read_graph)

    def hits(self, query: str, k: int = 10, mode: Mode = "hybrid", scope: Scope = EVERYWHERE) -> list[Hit]:
        """The `k` passages in a scope that answer a query best, best first, ties by passage id.

        The score is a BM25 sum (lexical), a cosine (dense), or 0…1 relative to the other passages found (hybrid,
        graph). Raises UsageError for an unknown mode and for a query without a letter or a digit; LibraryError when the
        vectors are by another embedder than the one set.
        """
        if mode not in MODES:
            raise UsageError(f"No mode {mode!r}. There are: {', '.join(MODES)}.")
        asked = words(query)
        if not asked:
            raise UsageError(f"The query {query[:60]!r} holds no letter and no digit: there is nothing to search for.")
        if k <= 0:
            return []
        with self._store.reading():
            return self._as_hits(ordered(self._scores(query, asked, k, mode, scope), k))

    def _scores(self, query: str, asked: list[str], k: int, mode: Mode, scope: Scope) -> dict[str, float]:
        if mode == "lexical":
            return dict(self._store.lexical(asked, k, scope))
        allowed = None if scope.everywhere else self._allowed(self._store.revision(), scope)
        depth = max(k, _DEPTH)
        vector = self._embedder().queries([query[:MOST_CHARACTERS]])[0]
        if mode == "dense":
            return dict(self._index().search(vector, k, allowed))
        index = self._index()
        lexical = dict(self._store.lexical(asked, depth, scope))
        cosines = dict(index.search(vector, depth, allowed))
        cosines |= index.similarities(vector, lexical.keys() - cosines.keys())
        least = -max((cosine for _, cosine in index.search(-vector, 1, allowed)), default=0.0)
        both = fused(lexical, cosines, least)
        if mode == "hybrid":
            return both
        with self._guard:
            graph = self._graph(self._store.revision(), scope)
        walk = graph.walk(sharpened(ordered(both, _SEEDS), _SHARPNESS), graph.concepts_in(" ".join(asked)))
        return {passage: (both.get(passage, 0.0) + _WALK_WEIGHT * walk.get(passage, 0.0)) / (1 + _WALK_WEIGHT)
                for passage in both.keys() | walk.keys()}

    def _read_allowed(self, revision: str, scope: Scope) -> frozenset[str]:
        return frozenset(self._store.passage_ids(scope))

    def _read_graph(self, revision: str, scope: Scope) -> PassageGraph:
        from kg.passage_graph import PassageGraph

        return PassageGraph(self._store.mentions(), self._store.passage_ids(scope))

    def _as_hits(self, found: list[tuple[str, float]]) -> list[Hit]:
        passages = {one.passage.id: one for one in self._store.passages(ids=[passage for passage, _ in found])}
        return [
            Hit(id, one.paper.id, one.paper.key, one.paper.title, one.paper.year, one.passage.section, one.passage.page,
                score, one.passage.text)
            for id, score in found
            if (one := passages.get(id)) is not None
        ]
