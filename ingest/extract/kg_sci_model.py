"""kg_sci: concepts and relations of scientific text by a small trained network, in several schemes of annotation.

The bottom of MiniLM is shared; each *head* has layers of its own above it, a BiLSTM, taggers (one a level of nested
spans) decoded by constrained Viterbi, and a scorer of pairs of spans within a sentence. The networks run in
onnxruntime, int8, one window of one passage a call, so that nothing depends on what else is read; pairs are scored in
numpy. Weights: `kg_sci/`, whose model cards tell data and licences; recipe: `training/science`.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import ThreadpoolController

from ingest.extract.tagging import Span, Tags
from ingest.extract.weights import digest_of
from ingest.extract.word_pieces import WordPieces, Words
from kg.errors import LibraryError, UsageError
from kg.sentences import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "kg_sci"
HEADS = ("scierc", "stm", "bio", "materials")
"""What a person may ask for; `scierc` is an optional file."""
AUTO = "auto"
DISTANCES = (0, 1, 2, 3, 4, 5, 7, 10, 15, 25)
"""Upper bounds (words between two spans) of the buckets of distance; the last bucket is open."""
LONGEST_POOL = 24
"""Words of a span, or between two, that are looked at."""


@dataclass(frozen=True, slots=True)
class SciMention:
    """A span of the text with a label of its head's scheme; `confidence` is the calibrated chance that it is one."""

    start: int
    end: int
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class SciRelation:
    """`subject` and `object` are places among the mentions; `start`…`end` is the sentence.

    `confidence` is the calibrated chance that an annotator would mark it; `counted` whether it is above the line at
    which the relations above are right at least seven times in ten.
    """

    subject: int
    object: int
    predicate: str
    start: int
    end: int
    confidence: float
    counted: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What one head found in one text; mentions by place, nested ones after what holds them.

    `fit` is how likely the text is of the head's kind, where the head was chosen by the text; 1 where it was asked for.
    """

    head: str
    mentions: tuple[SciMention, ...] = ()
    relations: tuple[SciRelation, ...] = ()
    fit: float = 1.0


@dataclass(frozen=True, slots=True)
class Calibration:
    """Raw scores, ascending, and the share that was right at each; between them it is interpolated."""

    scores: tuple[float, ...] = (0.0, 1.0)
    right: tuple[float, ...] = (0.0, 1.0)

    def of(self, score: float) -> float:
        return float(np.interp(score, self.scores, self.right))


class KgSci:
    """All heads there are below a folder. Sessions are made at their first text and may be used from any thread."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        self.folder = folder
        self._pieces = WordPieces()
        self._making = threading.Lock()
        self._heads: dict[str, _Head] = {}

    @cached_property
    def heads(self) -> tuple[str, ...]:
        """The heads whose files are there."""
        return tuple(name for name in HEADS if (self.folder / name / "head.json").is_file())

    def choose(self, texts: Sequence[str]) -> str:
        """The head that fits a paper's texts best: a linear classifier over their word pieces, by tf-idf."""
        return self._chosen([self._pieces.words(text).pieces[1:-1] for text in texts])[0]

    def read(self, text: str, head: str = AUTO) -> Reading:
        """What a head finds in a passage. Raises UsageError for a head there is not."""
        words = self._pieces.words(text)
        bounds = sentences(text)
        starts = np.array([start for start, _ in bounds], dtype=np.int64)
        windows = [words.window(low, high) for low, high in words.windows(starts)]
        states = [self._shared(window) for window in windows]
        fit = 1.0
        if head == AUTO:
            head, fit = self._chosen([words.pieces[1:-1]])
        reader = self._head(head)
        mentions: list[SciMention] = []
        relations: list[SciRelation] = []
        for window, state in zip(windows, states, strict=True):
            reader.read(window, state, bounds, starts, mentions, relations)
        return Reading(head, tuple(mentions), tuple(relations), fit)

    def _chosen(self, pieces: Sequence[NDArray[np.int64]]) -> tuple[str, float]:
        names, rarity, weights, bias = self._chooser
        seen, counts = np.unique(np.concatenate([*pieces, np.zeros(0, dtype=np.int64)]), return_counts=True)
        shares = (1 + np.log(counts)) * rarity[seen]
        length = float(np.sqrt((shares**2).sum()))
        scores = (shares / length if length else shares) @ weights[seen] + bias
        present = [place for place, name in enumerate(names) if name in self.heads]
        best = max(present, key=lambda place: (scores[place], -place))
        return names[best], round(float(1 / np.exp(scores[present] - scores[best]).sum()), 3)

    def _shared(self, window: Words) -> NDArray[np.float32]:
        embedded = self._pieces.embedded(window.pieces)
        states: NDArray[np.float32] = self._bottom.run(None, {"embedded": embedded})[0]
        return states

    @cached_property
    def _bottom(self) -> Any:
        return _session(self.folder / "shared.onnx")

    @cached_property
    def _chooser(self) -> tuple[list[str], NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Heads; of each piece its rarity and its weights (pieces, heads); the heads' bias."""
        with np.load(self.folder / "auto.npz", allow_pickle=False) as stored:
            names = [str(name) for name in stored["heads"]]
            weights = stored["weights"].astype("f4") * stored["scale"]
            return names, stored["rarity"].astype("f4"), weights, stored["bias"]

    def _head(self, name: str) -> _Head:
        if name not in self.heads:
            missing = " Its file is optional and not installed." if name in HEADS else ""
            raise UsageError(f"No head {name!r}.{missing} There are: auto, {', '.join(self.heads)}.")
        with self._making:
            if name not in self._heads:
                self._heads[name] = _Head(self.folder / name)
            return self._heads[name]


class _Head:
    def __init__(self, folder: Path) -> None:
        told = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        self.labels: list[str] = told["labels"]
        self.predicates: list[str] = told["predicates"]
        self.symmetric = frozenset(told["symmetric"])
        self.levels: int = told["levels"]
        self.threshold: float = told["threshold"]
        self.line: float = told["line"]
        self.mention_calibration = Calibration(*(tuple(column) for column in told["mentions"]))
        self.relation_calibration = Calibration(*(tuple(column) for column in told["relations"]))
        self.tags = Tags(len(self.labels))
        self.session = _session(folder / "head.onnx")
        self.pairs = PairScores(folder / "pairs.npz") if self.predicates else None
        self.undirected = set(self.predicates) == self.symmetric
        self.is_symmetric = np.array([name in self.symmetric for name in self.predicates])

    def read(
        self,
        window: Words,
        states: NDArray[np.float32],
        bounds: Sequence[tuple[int, int]],
        starts: NDArray[np.int64],
        mentions: list[SciMention],
        relations: list[SciRelation],
    ) -> None:
        """Adds what is found in a window of the text to `mentions` and `relations`."""
        words, *scores = self.session.run(
            None, {"states": states, "first": window.first[None], "shapes": window.shapes[None]}
        )
        spans = _nested([self.tags.best(level[0]) for level in scores])
        offset = len(mentions)
        for span in spans:
            confidence = round(self.mention_calibration.of(span.confidence), 3)
            start, end = int(window.starts[span.low]), int(window.ends[span.high - 1])
            mentions.append(SciMention(start, end, self.labels[span.label], confidence))
        if self.pairs is None or len(spans) < 2:
            return
        sentence = np.searchsorted(starts, window.starts, side="right") - 1
        for a, b, predicate, score in self.scored(words[0], spans, sentence):
            if score >= self.threshold:
                start, end = bounds[int(sentence[spans[a].low])]
                confidence = round(self.relation_calibration.of(score), 3)
                relations.append(
                    SciRelation(
                        offset + a, offset + b, self.predicates[predicate], start, end, confidence, score >= self.line
                    )
                )

    def scored(
        self, words: NDArray[np.float32], spans: Sequence[Span], sentence: NDArray[np.int64]
    ) -> list[tuple[int, int, int, float]]:
        """(subject, object, predicate, score) of every pair of a sentence: its likeliest predicate, either way round.

        The score, 0…1, is the predicate's share times the geometric mean of the confidences of both ends. A symmetric
        predicate has the mean of its shares in both orders, and the earlier span for its subject.
        """
        assert self.pairs is not None
        pairs = [
            (a, b)
            for a, one in enumerate(spans)
            for b, other in enumerate(spans)
            if a != b
            and sentence[one.low] == sentence[other.low]
            and not (one.low < other.high and other.low < one.high)
            and not (self.undirected and a > b)
        ]
        if not pairs:
            return []
        shares = self.pairs.of(words, spans, np.array(pairs))[:, 1:]
        row = {pair: number for number, pair in enumerate(pairs)}
        found: list[tuple[int, int, int, float]] = []
        for (a, b), number in row.items():
            if a > b:
                continue
            forward = shares[number]
            back = shares[row[b, a]] if (b, a) in row else None
            if back is not None:
                both = (forward + back) / 2
                forward, back = np.where(self.is_symmetric, both, forward), np.where(self.is_symmetric, 0.0, back)
            best, ends = forward, (a, b)
            if back is not None and back.max() > forward.max():
                best, ends = back, (b, a)
            predicate = int(best.argmax())
            share = float(best[predicate])
            found.append((*ends, predicate, share * (spans[a].confidence * spans[b].confidence) ** 0.5))
        return found


class PairScores:
    """The scorer of pairs of spans, in numpy: (words, 384) states in, shares of the predicates (0 is none) out."""

    def __init__(self, path: Path) -> None:
        with np.load(path, allow_pickle=False) as stored:
            weights = {name: stored[name].astype(np.float32) for name in stored.files}
        inner = weights["in.weight"].T
        width = weights["width"].item()
        kinds = weights["types"].shape[1]
        gaps = weights["distances"].shape[1]
        cuts = np.cumsum([width, width, width, kinds, kinds, gaps])
        subject, object_, context, one, other, gap, before = np.split(inner, cuts.astype(int))
        self._subject, self._object, self._context, self._before = subject, object_, context, before
        self._one, self._other = weights["types"] @ one, weights["types"] @ other
        self._gap = weights["distances"] @ gap + weights["in.bias"]
        self._out, self._bias = weights["out.weight"].T, weights["out.bias"]
        self._threads = ThreadpoolController()

    def of(self, words: NDArray[np.float32], spans: Sequence[Span], pairs: NDArray[np.int64]) -> NDArray[np.float32]:
        """(pairs, 1 + predicates). `pairs` are places among the spans."""
        # Products too small to share: BLAS's other threads would only wait for more, each at a core's full speed.
        with self._threads.limit(limits=1, user_api="blas"):
            return self._shares(words, spans, pairs)

    def _shares(
        self, words: NDArray[np.float32], spans: Sequence[Span], pairs: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        low = np.array([one.low for one in spans])
        high = np.array([one.high for one in spans])
        label = np.array([one.label for one in spans])
        pooled = np.stack([words[a : min(b, a + LONGEST_POOL)].max(0) for a, b in zip(low, high, strict=True)])
        left, right = pairs[:, 0], pairs[:, 1]
        begin = np.minimum(high[left], high[right])
        end = np.maximum(begin, np.maximum(low[left], low[right]))
        between, which = np.unique(np.stack([begin, end], 1), axis=0, return_inverse=True)
        nothing = np.full(words.shape[1], -1.0, dtype=np.float32)
        contexts = np.stack(
            [words[a : min(b, a + LONGEST_POOL)].max(0) if b > a else nothing for a, b in between.tolist()]
        )
        seen = (
            (pooled @ self._subject)[left]
            + (pooled @ self._object)[right]
            + (contexts @ self._context)[which.reshape(-1)]
            + self._one[label[left]]
            + self._other[label[right]]
            + self._gap[np.searchsorted(DISTANCES, end - begin)]
            + (low[left] < low[right])[:, None] * self._before
        )
        scores = np.maximum(seen, 0.0) @ self._out + self._bias
        scores = np.exp(scores - scores.max(1, keepdims=True))
        shares: NDArray[np.float32] = scores / scores.sum(1, keepdims=True)
        return shares


def _nested(levels: Sequence[Sequence[Span]]) -> list[Span]:
    """The spans of all levels; an inner one that crosses an outer one, or says the same again, is left out."""
    kept: dict[tuple[int, int, int], Span] = {}
    for level in levels:
        outer = list(kept.values())
        for span in level:
            crossing = any(
                one.low < span.low < one.high < span.high or span.low < one.low < span.high < one.high for one in outer
            )
            if not crossing:
                kept.setdefault((span.low, span.high, span.label), span)
    return sorted(kept.values(), key=lambda one: (one.low, -one.high, one.label))


def _session(path: Path) -> Any:
    import onnxruntime

    if not path.is_file():
        raise LibraryError(f"{path.name} of kg_sci is missing in {path.parent}. Install Hypograph again.")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@lru_cache(maxsize=1)
def kg_sci() -> KgSci:
    """The shipped model, made once a process."""
    return KgSci()


@lru_cache(maxsize=1)
def weights_digest() -> str:
    """A hash over the names and bytes of the shipped files, model cards left out."""
    return digest_of(WEIGHTS)
