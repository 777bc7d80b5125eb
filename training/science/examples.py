"""Gold passages as what the network reads: windows of words, their tags, and the pairs of one sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.extract.word_pieces import WordPieces, Words
from kg.sentences import sentences
from training.science.gold import GoldPassage

NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a head tells apart. `levels` is how deep spans nest; a predicate in `symmetric` has no direction."""

    labels: tuple[str, ...]
    predicates: tuple[str, ...]
    symmetric: frozenset[str]
    levels: int = 1

    @property
    def undirected(self) -> bool:
        """Whether every predicate is symmetric: each pair is then read once, from left to right."""
        return set(self.predicates) == self.symmetric


SCHEMES: dict[str, Scheme] = {
    "scierc": Scheme(
        ("Task", "Method", "Metric", "Material", "OtherScientificTerm", "Generic"),
        ("USED-FOR", "FEATURE-OF", "HYPONYM-OF", "PART-OF", "EVALUATE-FOR", "COMPARE", "CONJUNCTION"),
        frozenset({"COMPARE", "CONJUNCTION"}),
    ),
    "stm": Scheme(("Material", "Process", "Data", "Method"), (), frozenset()),
    "bio": Scheme(
        (
            "GeneOrGeneProduct", "DiseaseOrPhenotypicFeature", "ChemicalEntity", "OrganismTaxon", "SequenceVariant",
            "CellLine",
        ),
        (
            "Association", "Positive_Correlation", "Negative_Correlation", "Bind", "Cotreatment", "Comparison",
            "Drug_Interaction", "Conversion",
        ),
        frozenset({
            "Association", "Positive_Correlation", "Negative_Correlation", "Bind", "Cotreatment", "Comparison",
            "Drug_Interaction", "Conversion",
        }),
    ),
    "materials": Scheme(
        (
            "MAT", "NUM", "VALUE", "FORM", "UNIT", "PROPERTY", "MEASUREMENT", "CITE", "QUAL_MEAS", "SAMPLE",
            "TECHNIQUE", "RANGE", "DEV", "INSTRUMENT",
        ),
        (
            "associatedInfo", "hasForm", "measuresProperty", "propertyValue", "conditionProperty", "usedAs",
            "conditionSampleFeatures", "usesTechnique", "refersToMaterial", "usedTogether", "conditionEnvironment",
            "sameMeas", "conditionInstrument", "usedIn", "usesInstrument", "takenFrom", "dopedBy",
        ),
        frozenset({"sameMeas", "usedTogether"}),
        levels=2,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class WordSpan:
    low: int
    high: int
    label: int


@dataclass(slots=True)
class Example:
    """One window. `levels` holds the spans of each level; `partial` is the only label that was annotated, if one.

    `sentence` numbers the sentence of each word; `relations` maps (span, span) to the number of a predicate, from 1.
    `features` are the shared layers' states, one row a piece.
    """

    passage: GoldPassage
    words: Words
    levels: tuple[tuple[WordSpan, ...], ...]
    sentence: NDArray[np.int64]
    relations: dict[tuple[tuple[int, int], tuple[int, int]], int]
    partial: int | None
    features: NDArray[np.float32] | None = None


def examples(passages: Iterable[GoldPassage], scheme: Scheme, pieces: WordPieces) -> list[Example]:
    return [example for passage in passages for example in _windows(passage, scheme, pieces)]


def _windows(passage: GoldPassage, scheme: Scheme, pieces: WordPieces) -> list[Example]:
    words = pieces.words(passage.text)
    starts = np.array([start for start, _ in sentences(passage.text)], dtype=np.int64)
    found = []
    for low, high in words.windows(starts):
        window = words.window(low, high)
        begin = {int(at): number for number, at in enumerate(window.starts)}
        end = {int(at): number + 1 for number, at in enumerate(window.ends)}
        spans: dict[int, WordSpan] = {}
        for place, mention in enumerate(passage.mentions):
            if mention.start in begin and mention.end in end and mention.label in scheme.labels:
                label = scheme.labels.index(mention.label)
                spans[place] = WordSpan(begin[mention.start], end[mention.end], label)
        relations: dict[tuple[tuple[int, int], tuple[int, int]], int] = {}
        for a, b, predicate in passage.relations:
            if a in spans and b in spans and predicate in scheme.predicates:
                ends = (spans[a].low, spans[a].high), (spans[b].low, spans[b].high)
                number = 1 + scheme.predicates.index(predicate)
                relations.setdefault(ends, number)
                if predicate in scheme.symmetric:
                    relations.setdefault((ends[1], ends[0]), number)
        sentence = np.searchsorted(starts, window.starts, side="right")
        partial = None if passage.partial is None else scheme.labels.index(passage.partial)
        levels = _levels(spans.values(), scheme.levels)
        found.append(Example(passage, window, levels, sentence, relations, partial))
    return found


def _levels(spans: Iterable[WordSpan], count: int) -> tuple[tuple[WordSpan, ...], ...]:
    """The outermost spans, then the outermost of what is left, and so on; spans of a level do not overlap."""
    left = sorted(set(spans), key=lambda one: (one.low, -one.high, one.label))
    levels: list[tuple[WordSpan, ...]] = []
    for _ in range(count):
        level: list[WordSpan] = []
        rest: list[WordSpan] = []
        for span in sorted(left, key=lambda one: (one.low - one.high, one.low)):
            clash = any(span.low < other.high and other.low < span.high for other in level)
            (rest if clash else level).append(span)
        levels.append(tuple(sorted(level, key=lambda one: one.low)))
        left = rest
    return tuple(levels)


def allowed_tags(example: Example, scheme: Scheme, level: int) -> NDArray[np.bool_]:
    """(words, tags): the tags, as `ingest.extract.tagging` numbers them, that the annotation allows at each word."""
    tags = 1 + 2 * len(scheme.labels)
    allowed = np.zeros((len(example.words), tags), dtype=bool)
    if example.partial is None:
        allowed[:, 0] = True
    else:
        # What is not the annotated label may be anything else.
        allowed[:] = True
        allowed[:, 1 + 2 * example.partial : 3 + 2 * example.partial] = False
    for span in example.levels[level]:
        allowed[span.low : span.high] = False
        allowed[span.low, 1 + 2 * span.label] = True
        allowed[span.low + 1 : span.high, 2 + 2 * span.label] = True
    return allowed


def pairs_of(spans: Sequence[WordSpan], sentence: NDArray[np.int64], undirected: bool) -> list[tuple[int, int]]:
    """The pairs (places among `spans`) of one sentence that do not overlap, in both orders unless undirected."""
    pairs = []
    for a, one in enumerate(spans):
        for b, other in enumerate(spans):
            if a == b or sentence[one.low] != sentence[other.low]:
                continue
            if one.low < other.high and other.low < one.high:
                continue
            if undirected and one.low > other.low:
                continue
            pairs.append((a, b))
    return pairs
