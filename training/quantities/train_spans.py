"""Learns how far amounts reach, and which numbers are none, from MeasEval's training paragraphs.

    python -m training.quantities.train_spans ARCHIVE --out FOLDER --metrics FILE

A log-linear model over all ways to choose amounts from a paragraph's candidates that do not overlap: a semi-Markov
conditional random field (Sarawagi and Cohen 2004) whose segments are the candidates of
`ingest.extract.quantity_spans`. Training is convex and starts at 0, so there is no seed.
"""

import argparse
import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from ingest.extract.quantities import SPANS, Amount, amounts_by, write_weights
from ingest.extract.quantity_spans import Candidate, Spans
from training.quantities.corpus import Paragraph, paragraphs

L2 = 4.0
"""Strength of the Gaussian prior; chosen with the rest by cross-validation over the articles of train."""
ITERATIONS = 60
SEEN = 2
"""A feature counts when this many candidates of train have it."""
BIAS = 0.5
"""Added to every candidate's score: amounts found and missed are to be as many."""
SMALL = 0.004
"""Weights nearer to 0 are left out of the file."""
FOLDS = 5


@dataclass(frozen=True, slots=True)
class Example:
    """A paragraph with its candidates, their features and which of them are amounts."""

    paragraph: Paragraph
    candidates: list[Candidate]
    features: list[list[str]]
    right: list[bool]


def example(paragraph: Paragraph) -> Example:
    """Prepares one paragraph."""
    spans = Spans(paragraph.text)
    candidates = spans.candidates()
    starts = {key: spans.start_features(*key) for key in {(one.first, one.low) for one in candidates}}
    ends = {key: spans.end_features(*key) for key in {(one.after, one.high) for one in candidates}}
    features = [
        list(dict.fromkeys(starts[one.first, one.low] + ends[one.after, one.high] + spans.span_features(one)))
        for one in candidates
    ]
    gold = set(paragraph.amounts())
    right = [(spans.starts[one.first], spans.ends[one.after - 1]) in gold for one in candidates]
    return Example(paragraph, candidates, features, right)


def fit(examples: Sequence[Example], l2: float = L2) -> dict[str, float]:
    """The weights of the features."""
    counts = Counter(feature for one in examples for features in one.features for feature in features)
    names = sorted(feature for feature, count in counts.items() if count >= SEEN)
    place = {name: at for at, name in enumerate(names)}
    columns: list[int] = []
    rows = [0]
    right: list[float] = []
    groups: list[list[list[tuple[int, int]]]] = []
    for one in examples:
        groups += _groups(one.candidates, len(rows) - 1)
        for features, is_right in zip(one.features, one.right, strict=True):
            columns += [place[feature] for feature in features if feature in place]
            rows.append(len(columns))
            right.append(is_right)
    matrix = csr_matrix((np.ones(len(columns)), columns, rows), shape=(len(rows) - 1, len(names)))
    transposed = matrix.T.tocsr()
    gold = np.array(right, dtype=float)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        total, expected = _partition(groups, scores.tolist())
        value = total - float(scores @ gold) + 0.5 * l2 * float(weights @ weights)
        return value, transposed @ (expected - gold) + l2 * weights

    result = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
    return dict(zip(names, result.x.tolist(), strict=True))


def _groups(candidates: Sequence[Candidate], offset: int) -> list[list[list[tuple[int, int]]]]:
    """Candidates that overlap, directly or by others, together: for each place, those that end there and where they
    begin. Candidates are counted from `offset`."""
    groups: list[list[int]] = []
    reach = -1
    for at in sorted(range(len(candidates)), key=lambda at: candidates[at].first):
        if candidates[at].first >= reach:
            groups.append([])
        groups[-1].append(at)
        reach = max(reach, candidates[at].after)
    lattices = []
    for group in groups:
        places = sorted({place for at in group for place in (candidates[at].first, candidates[at].after)})
        number = {place: at for at, place in enumerate(places)}
        ending: list[list[tuple[int, int]]] = [[] for _ in places]
        for at in group:
            ending[number[candidates[at].after]].append((offset + at, number[candidates[at].first]))
        lattices.append(ending)
    return lattices


def _partition(groups: Sequence[list[list[tuple[int, int]]]], scores: Sequence[float]) -> tuple[float, np.ndarray]:
    """The logarithm of the sum over all choices, and the probability of each candidate."""
    expected = [0.0] * len(scores)
    total = 0.0
    for ending in groups:
        forward = [0.0] * len(ending)
        for place in range(1, len(ending)):
            terms = [forward[place - 1], *(forward[begin] + scores[at] for at, begin in ending[place])]
            most = max(terms)
            forward[place] = most + log(sum(exp(term - most) for term in terms))
        total += forward[-1]
        flow = [0.0] * len(ending)
        flow[-1] = 1.0
        for place in range(len(ending) - 1, 0, -1):
            flow[place - 1] += flow[place] * exp(forward[place - 1] - forward[place])
            for at, begin in ending[place]:
                share = flow[place] * exp(forward[begin] + scores[at] - forward[place])
                expected[at] += share
                flow[begin] += share
    return total, np.array(expected)


def figures(found: Sequence[tuple[list[Amount], Paragraph]]) -> dict[str, float]:
    """Precision, recall and F1 of spans, in percent."""
    right = mine = gold = 0
    for amounts, paragraph in found:
        spans, golden = {(one.start, one.end) for one in amounts}, set(paragraph.amounts())
        right, mine, gold = right + len(spans & golden), mine + len(spans), gold + len(golden)
    return {
        "paragraphs": len(found),
        "amounts": gold,
        "precision": round(100 * right / max(mine, 1), 2),
        "recall": round(100 * right / max(gold, 1), 2),
        "f1": round(200 * right / max(mine + gold, 1), 2),
    }


def score(
    weights: dict[str, float], held: Sequence[Paragraph], bias: float = BIAS
) -> list[tuple[list[Amount], Paragraph]]:
    """What the weights find."""
    shifted = weights | {"b": weights.get("b", 0.0) + bias}
    return [(amounts_by(shifted, one.text), one) for one in held]


def cross_validated(examples: Sequence[Example], l2: float = L2) -> list[tuple[list[Amount], Paragraph]]:
    """Every paragraph read by weights that have seen no paragraph of its article."""
    articles = sorted({one.paragraph.article for one in examples})
    random.Random(1).shuffle(articles)
    found = []
    for fold in range(FOLDS):
        held = set(articles[fold::FOLDS])
        weights = fit([one for one in examples if one.paragraph.article not in held], l2)
        found += score(weights, [one.paragraph for one in examples if one.paragraph.article in held])
    return found


def main() -> None:
    """Trains, writes the weights and the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    options = parser.parse_args()
    train = paragraphs(options.archive, "train")
    examples = [example(one) for one in train]
    weights = fit(examples)
    kept = {name: round(weight, 3) for name, weight in weights.items() if abs(weight) >= SMALL}
    kept["b"] = round(kept.get("b", 0.0) + BIAS, 3)
    options.out.mkdir(parents=True, exist_ok=True)
    write_weights(kept, options.out / SPANS)
    dev = paragraphs(options.archive, "trial")
    measured = {
        "features": len(kept),
        "train, five folds by article": figures(cross_validated(examples)),
        "dev": figures([(amounts_by(kept, one.text), one) for one in dev]),
    }
    options.metrics.write_text(json.dumps(measured, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    print(json.dumps(measured, indent=2))


if __name__ == "__main__":
    main()
