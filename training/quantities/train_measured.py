"""Learns what amounts measure from MeasEval's training paragraphs, with the mentions and parses of the product.

    python -m training.quantities.train_measured ARCHIVE --out FOLDER --metrics FILE

For each gold amount a softmax over the pairs of a thing and a property that `ingest.extract.measured` looks at; where
several mentions overlap what annotators marked, any of them is right. Starts at 0, so there is no seed.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ingest.extract.measured import WEIGHTS, Choice, Pair, choices
from ingest.extract.quantities import Amount, write_weights
from ingest.extract.quantity_values import read
from ingest.extract.syntax_extractor import SyntaxExtractor
from ingest.extract.syntax_pipeline import SyntaxPipeline
from training.quantities.corpus import Measurement, Paragraph, Span, paragraphs

L2 = 8.0
"""Strength of the Gaussian prior; chosen by cross-validation over the articles of train."""
TELLING = 0.7
"""Taken from the score of telling no property: properties told and missed are to be more alike."""
ITERATIONS = 100
SEEN = 2
SMALL = 0.004
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One gold amount: what it could measure, which pairs are right, and the mentions that these count."""

    article: str
    measurement: Measurement
    choice: Choice
    right: frozenset[Pair]
    mentions: list[Span]


class Reader:
    """Mentions and parses, as the product makes them."""

    def __init__(self) -> None:
        self._extractor, self._pipeline = SyntaxExtractor(), SyntaxPipeline()

    def cases(self, paragraph: Paragraph) -> list[Case]:
        """The gold amounts of a paragraph that do not overlap one another."""
        text = paragraph.text
        mentions = [(one.start, one.end) for one in self._extractor.extract([text]).mentions]
        apart = set(paragraph.amounts())
        kept = [one for one in paragraph.measurements if one.span in apart]
        amounts = [Amount(*one.span, *read(text[slice(*one.span)]), 1.0) for one in kept]
        read_choices = choices(text, self._pipeline.parses(text), amounts, mentions)
        return [
            Case(paragraph.article, one, choice, _right(one, choice, mentions), mentions)
            for one, choice in zip(kept, read_choices, strict=True)
        ]


def overlaps(span: Span, others: Sequence[Span]) -> bool:
    """Whether two spans share a character."""
    return any(span[0] < end and start < span[1] for start, end in others)


def _right(one: Measurement, choice: Choice, mentions: list[Span]) -> frozenset[Pair]:
    things = {thing for thing in choice.things if thing is not None and overlaps(mentions[thing], one.entities)}
    aspects = {
        thing for thing in choice.things if thing is not None and overlaps(mentions[thing], one.properties)
    } - things
    if not things:
        # What is measured stands elsewhere; its property is what there is.
        things, aspects = aspects, set()
    right = {(thing, aspect) for thing in things for aspect in aspects if (thing, aspect) in choice.pairs}
    return frozenset(right or {(thing, None) for thing in things} or {(None, None)})


def fit(cases: Sequence[Case], l2: float = L2) -> dict[str, float]:
    """The weights of the features."""
    counts = Counter(
        feature for case in cases for pair in case.choice.pairs for feature in {*case.choice.features(pair)}
    )
    names = sorted(feature for feature, count in counts.items() if count >= SEEN)
    place = {name: at for at, name in enumerate(names)}
    columns: list[int] = []
    rows, bounds = [0], [0]
    right: list[bool] = []
    for case in cases:
        for pair in case.choice.pairs:
            columns += [place[feature] for feature in case.choice.features(pair) if feature in place]
            rows.append(len(columns))
            right.append(pair in case.right)
        bounds.append(len(right))
    matrix = csr_matrix((np.ones(len(columns)), columns, rows), shape=(len(right), len(names)))
    transposed = matrix.T.tocsr()
    starts = np.array(bounds[:-1])
    owner = np.repeat(np.arange(len(cases)), np.diff(bounds))
    gold = np.array(right, dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        scores -= np.maximum.reduceat(scores, starts)[owner]
        every = np.exp(scores)
        all_sum = np.add.reduceat(every, starts)
        right_sum = np.maximum(np.add.reduceat(every * gold, starts), 1e-300)
        gradient = every / all_sum[owner] - every * gold / right_sum[owner]
        value = float(np.log(all_sum).sum() - np.log(right_sum).sum()) + 0.5 * l2 * float(weights @ weights)
        return value, transposed @ gradient + l2 * weights

    result = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return dict(zip(names, result.x.tolist(), strict=True))


def telling(weights: dict[str, float]) -> dict[str, float]:
    """The weights, more ready to tell a property."""
    return weights | {"P-none": weights.get("P-none", 0.0) - TELLING}


def figures(chosen: Sequence[tuple[Pair, Case]]) -> dict[str, float]:
    """In percent, a mention being right when it overlaps what annotators marked.

    `thing`: the measured thing is right, of the amounts whose thing is a mention in reach; `related`: the measured
    mention is the thing or its property, of all amounts; `property_…`: precision, recall and F1 of properties.
    """
    things = things_right = related = told = aspects = aspects_right = 0
    for (thing, aspect), case in chosen:
        one, mentions = case.measurement, case.mentions
        within = any(at is not None and overlaps(mentions[at], one.entities) for at in case.choice.things)
        things += within
        things_right += within and thing is not None and overlaps(mentions[thing], one.entities)
        related += thing is not None and overlaps(mentions[thing], (*one.entities, *one.properties))
        told += aspect is not None
        aspects += bool(one.properties)
        aspects_right += aspect is not None and overlaps(mentions[aspect], one.properties)
    return {
        "amounts": len(chosen),
        "thing_in_reach": things,
        "thing": _percent(things_right, things),
        "related": _percent(related, len(chosen)),
        "property_precision": _percent(aspects_right, told),
        "property_recall": _percent(aspects_right, aspects),
        "property_f1": _percent(2 * aspects_right, told + aspects),
    }


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(whole, 1), 2)


def cross_validated(cases: Sequence[Case], l2: float = L2) -> list[tuple[Pair, Case]]:
    """Every amount read by weights that have seen none of its article."""
    articles = sorted({case.article for case in cases})
    random.Random(1).shuffle(articles)
    chosen = []
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        weights = telling(fit([case for case in cases if case.article not in held], l2))
        chosen += [(case.choice.best(weights), case) for case in cases if case.article in held]
    return chosen


def main() -> None:
    """Trains, writes the weights and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    options = parser.parse_args()
    reader = Reader()
    train = [case for one in paragraphs(options.archive, "train") for case in reader.cases(one)]
    weights = telling(fit(train))
    kept = {name: round(weight, 3) for name, weight in weights.items() if abs(weight) >= SMALL}
    options.out.mkdir(parents=True, exist_ok=True)
    write_weights(kept, options.out / WEIGHTS)
    dev = [case for one in paragraphs(options.archive, "trial") for case in reader.cases(one)]
    measured = {
        "features": len(kept),
        "train, five folds by article": figures(cross_validated(train)),
        "dev": figures([(case.choice.best(kept), case) for case in dev]),
    }
    options.metrics.write_text(json.dumps(measured, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
