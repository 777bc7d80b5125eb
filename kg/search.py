"""Finding passages: by words, by meaning, by both, and over the graph of concepts."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from kg.errors import UsageError
from kg.model import Hit, Mention, PaperPassage, shortened
from kg.ranking import diverse, fused, ordered
from kg.scope import EVERYWHERE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from kg.hops import HopModel, Look, ReadPassage
    from kg.scope import Scope
    from kg.snapshot import Snapshot, Snapshots
    from kg.stores.graph_store import GraphStore
    from kg.vectors.embedder import Embedder
    from kg.vectors.vector_index import VectorIndex

Mode = Literal["hybrid", "lexical", "dense", "graph"]
MODES: tuple[Mode, ...] = get_args(Mode)

MOST_CHARACTERS = 10_000
"""Of a question, that are embedded; no model reads more."""

_DEPTH = 400  # passages that each way of looking puts forward
_MOST_WORDS = 64
_POSTINGS = 2000  # passages of each word that are told apart
_MOST_LOOKED_UP = 16  # rarest words of a question that are looked up one by one
_NEAREST = 60  # passages near to a second question
_DIVERSE = 60  # first passages whose likeness to one another counts
_WALK_WEIGHT = 0.8  # against the fused scores, in the mode `graph`
_WORD = re.compile(r"[^\W_]+")
_ABBREVIATION = re.compile(r"\b[A-Z][A-Za-z]*[A-Z]\w*\b")
_MOST_ABBREVIATIONS = 8  # of a question, that are looked up

STOP_WORDS = frozenset(
    """
a about above after again against all also am an and any are as at be because been before being below between both but
by can could did do does doing down during each few for from further had has have having he her here hers him his how i
if in into is it its itself me more most my no nor not of off on once only or other our out over own same she should so
some such than that the their them then there these they this those through to too under until up upon very was we were
what when where whether which while who whom whose why will with within without would you your
""".split()
)


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


@dataclass(frozen=True, slots=True)
class _First:
    """What words and meaning find: BM25 sums and cosines by passage, the least cosine of all, and both fused."""

    vector: NDArray[np.float32]
    lexical: dict[str, float]
    cosines: dict[str, float]
    least: float

    def among(self, passages: Collection[str]) -> _First:
        """What is left of it: on a server, a paper may go between one look and the next."""
        lexical = {id: score for id, score in self.lexical.items() if id in passages}
        cosines = {id: cosine for id, cosine in self.cosines.items() if id in passages}
        return _First(self.vector, lexical, cosines, self.least)

    def scores(self) -> dict[str, float]:
        return fused(self.lexical, self.cosines, self.least)


@dataclass(frozen=True, slots=True)
class _Found:
    """Passages with their scores, best first, and why each was found."""

    scores: list[tuple[str, float]]
    why: Callable[[str], tuple[str, ...]] = lambda passage: ()


class Search:
    """Searches a library. One object serves many questions, from several threads, and follows what is added.

    `index` and `embedder` are asked for when a mode needs them: words alone are found without either. `folder` is where
    what the passages name is kept from one process to the next.
    """

    def __init__(
        self,
        store: GraphStore,
        index: Callable[[], VectorIndex],
        embedder: Callable[[], Embedder],
        folder: Path | None = None,
        model: HopModel | None = None,
    ) -> None:
        self._store, self._index, self._embedder, self._folder = store, index, embedder, folder
        self._given = model
        self._allowed = lru_cache(maxsize=8)(self._read_allowed)  # by revision and scope
        self._vector = lru_cache(maxsize=64)(self._embedded)

    @cached_property
    def snapshots(self) -> Snapshots:
        """What the library's passages name."""
        from kg.snapshot import Snapshots

        return Snapshots(self._store, self._folder)

    @cached_property
    def _model(self) -> HopModel:
        from kg.hops import hop_model

        return hop_model() if self._given is None else self._given

    def hits(self, query: str, k: int = 10, mode: Mode = "hybrid", scope: Scope = EVERYWHERE) -> list[Hit]:
        """The `k` passages in a scope that answer a query best, best first, ties by passage id.

        The score is a BM25 sum (lexical), a cosine (dense), or 0…1 relative to the other passages found (hybrid,
        graph). `hybrid` follows what the first passages name where that is likely to help (`kg.hops`), and repeats
        little. Raises UsageError for an unknown mode and for a query without a letter or a digit; LibraryError when the
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
            return self._as_hits(self._found(query, asked, k, mode, scope), k)

    def _found(self, query: str, asked: list[str], k: int, mode: Mode, scope: Scope) -> _Found:
        if mode == "lexical":
            return _Found(ordered(self._store.lexical(asked, k, scope), k))
        allowed = self._allowed_in(scope)
        if mode == "dense":
            return _Found(ordered(self._index().search(self._vector(query[:MOST_CHARACTERS]), k, allowed), k))
        snapshot = self.snapshots.current(scope)
        first = self._first(query, asked, max(k, _DEPTH), scope, allowed).among(snapshot.rows)
        if not first.lexical and not first.cosines:
            return _Found([])
        look = self._look(query, asked, first.scores(), snapshot, scope)
        if mode == "graph":
            return _Found(ordered(_with_walk(look), k))
        return self._followed(look, first, allowed)

    def _first(self, query: str, asked: list[str], depth: int, scope: Scope, allowed: frozenset[str] | None) -> _First:
        index, vector = self._index(), self._vector(query[:MOST_CHARACTERS])
        lexical = dict(self._store.lexical(asked, depth, scope))
        cosines = dict(index.search(vector, depth, allowed))
        cosines |= index.similarities(vector, lexical.keys() - cosines.keys())
        least = -max((cosine for _, cosine in index.search(-vector, 1, allowed)), default=0.0)
        return _First(vector, lexical, cosines, least)

    def _look(
        self, query: str, asked: Sequence[str], scores: Mapping[str, float], snapshot: Snapshot, scope: Scope
    ) -> Look:
        """A question with what the first stage found for it, to follow further."""
        import numpy as np

        from kg.hops import READ, Look

        rows = snapshot.rows
        base = np.zeros(len(snapshot.passages))
        for passage, score in scores.items():
            base[rows[passage]] = score
        total = len(snapshot.passages)
        counts = dict(zip(asked, self._store.frequencies(asked, scope), strict=True))
        weights = {word: math.log(1 + (total - count + 0.5) / (count + 0.5)) for word, count in counts.items()}
        looked_up = sorted(asked, key=lambda word: -weights[word])[:_MOST_LOOKED_UP]
        kept = [word for word in asked if word in looked_up]
        held = np.zeros((len(kept), total))
        for place, word in enumerate(kept):
            for passage, score in self._store.lexical([word], _POSTINGS, scope):
                if (row := rows.get(passage)) is not None:
                    held[place, row] = max(score, 1e-9)
        held /= max(held.sum(axis=0).max(initial=0.0), 1e-9)
        first = [passage for passage, _ in ordered(scores, READ)]
        telling = {word: weights[word] for word in kept}
        return Look(snapshot, query, base, telling, held, self._read(first, rows), self._meant(query))

    def _meant(self, query: str) -> frozenset[str]:
        """What the library's papers abbreviate as the query does: the keys of the concepts."""
        short = dict.fromkeys(_ABBREVIATION.findall(query[:MOST_CHARACTERS]))
        found = (self._store.concepts_called(one)[:1] for one in list(short)[:_MOST_ABBREVIATIONS])
        return frozenset(key for concepts in found for concept in concepts for key in concept.keys)

    def _read(self, passages: Sequence[str], rows: Mapping[str, int]) -> list[ReadPassage]:
        from kg.hops import ReadPassage
        from kg.named import beside, named_sentences

        mentions: dict[str, list[Mention]] = defaultdict(list)
        for mention, _ in self._store.mentions(passages=passages):
            mentions[mention.passage].append(mention)
        told = {one.passage.id: one for one in self._store.passages(ids=passages)}
        read = []
        for one in (told[id] for id in passages if id in told):
            id = one.passage.id
            sentences = named_sentences(one.passage.text, mentions[id])
            read.append(
                ReadPassage(
                    rows[id], _title(one), one.passage.text, tuple(sentences), frozenset(beside(one.paper.title))
                )
            )
        return read

    def looked_at(self, query: str, scope: Scope = EVERYWHERE) -> Look:
        """A query with what the first stage found for it: what is followed from there."""
        return self._met(query, scope)[0]

    def features(self, query: str, scope: Scope = EVERYWHERE) -> tuple[list[str], NDArray[np.float64]]:
        """The passages worth weighing for a query, and what the model sees of them: (passages, `kg.hops.FEATURES`).
        Its weights are learnt from this."""
        with self._store.reading():
            look, first = self._met(query, scope)
            return self._weighable(look, first, self._allowed_in(scope))

    def _met(self, query: str, scope: Scope) -> tuple[Look, _First]:
        asked = words(query)
        with self._store.reading():
            snapshot = self.snapshots.current(scope)
            first = self._first(query, asked, _DEPTH, scope, self._allowed_in(scope)).among(snapshot.rows)
            return self._look(query, asked, first.scores(), snapshot, scope), first

    def _allowed_in(self, scope: Scope) -> frozenset[str] | None:
        return None if scope.everywhere else self._allowed(self._store.revision(), scope)

    def _weighable(
        self, look: Look, first: _First, allowed: frozenset[str] | None
    ) -> tuple[list[str], NDArray[np.float64]]:
        from kg import hops

        index, passages, rows = self._index(), look.snapshot.passages, look.snapshot.rows
        vectors = [self._vector(one) for one in hops.second_questions(look)]
        nearest = [
            {id: cosine for id, cosine in index.search(vector, _NEAREST, allowed) if id in rows} for vector in vectors
        ]
        chosen = set(hops.candidates(look).tolist())
        chosen.update(rows[passage] for near in nearest for passage, _ in ordered(near, hops.FROM_EACH))
        ids = [passages[row] for row in sorted(chosen)]
        for vector, near, one in zip(vectors, nearest, look.read, strict=False):
            least = -max((cosine for _, cosine in index.search(-vector, 1, allowed)), default=0.0)
            look.asked_again(near | index.similarities(vector, ids), least, one.row)
        whole = self._completed(first, look, ids)
        return ids, hops.values(look, [rows[id] for id in ids], [whole[id] for id in ids])

    def _followed(self, look: Look, first: _First, allowed: frozenset[str] | None) -> _Found:
        """The order of the first stage, or that of the model where following is likely to help."""
        from kg import hops

        rows, papers = look.snapshot.rows, look.snapshot.papers
        found = ordered(first.scores(), len(rows))
        follows = hops.opens(look)
        if follows:
            ids, values = self._weighable(look, first, allowed)
            # What is nearest to the question stays first: what it leads to is read after it.
            scored = dict(zip(ids, self._model.chances(values).tolist(), strict=True)) | {found[0][0]: 1.0}
            lowest = min(scored.values())
            scored |= {passage: lowest * score for passage, score in found if passage not in scored}
            found = ordered(scored, len(scored))
        likeness = self._vectors([passage for passage, _ in found[:_DIVERSE]])
        found = diverse(found, likeness, {passage: papers[rows[passage]] for passage, _ in found})

        def why(passage: str) -> tuple[str, ...]:
            row = rows[passage]
            led = hops.reasons(look, row, self._model) if follows and row not in look.first_rows else []
            held = [word for word, share in zip(look.words, look.held[:, row], strict=True) if share > 0]
            said = [f"holds {', '.join(held)}"] if held else []
            cosine = first.cosines.get(passage)
            near = [f"near in meaning ({cosine:.2f})"] if cosine is not None else []
            return (*led, *(said + near if 2 * len(held) >= len(look.words) else near + said))

        return _Found(found, why)

    def _completed(self, first: _First, look: Look, ids: Sequence[str]) -> dict[str, float]:
        """The first stage's scores, of passages too that it did not put forward."""
        greatest = max(first.lexical.values(), default=0.0)
        sums = {id: float(look.held[:, look.snapshot.rows[id]].sum()) * greatest for id in ids}
        lexical = {id: score for id, score in sums.items() if score > 0} | first.lexical
        cosines = self._index().similarities(first.vector, [id for id in ids if id not in first.cosines])
        return fused(lexical, first.cosines | cosines, first.least)

    def _embedded(self, text: str) -> NDArray[np.float32]:
        vector: NDArray[np.float32] = self._embedder().queries([text])[0]
        return vector

    def _vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        import numpy as np

        stored = self._store.vectors(self._embedder().name, ids)
        return {id: np.frombuffer(one, "<f4") for id, one in zip(ids, stored, strict=True) if one is not None}

    def _read_allowed(self, revision: str, scope: Scope) -> frozenset[str]:
        return frozenset(self._store.passage_ids(scope))

    def _as_hits(self, found: _Found, k: int) -> list[Hit]:
        scores = found.scores[:k]
        passages = {one.passage.id: one for one in self._store.passages(ids=[passage for passage, _ in scores])}
        return [
            Hit(
                id,
                one.paper.id,
                one.paper.key,
                one.paper.title,
                one.paper.year,
                one.passage.section,
                one.passage.page,
                score,
                one.passage.text,
                found.why(id),
            )
            for id, score in scores
            if (one := passages.get(id)) is not None
        ]


def _with_walk(look: Look) -> dict[str, float]:
    from kg.hops import walked

    reached = walked(look)
    rows = ((look.base > 0) | (reached > 0)).nonzero()[0].tolist()
    passages = look.snapshot.passages
    return {passages[row]: float((look.base[row] + _WALK_WEIGHT * reached[row]) / (1 + _WALK_WEIGHT)) for row in rows}


def _title(one: PaperPassage) -> str:
    return one.paper.title if one.paper.title.strip() else shortened(one.passage.text, 40)
