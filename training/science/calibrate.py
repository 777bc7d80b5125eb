"""Sets the thresholds and the calibration of exported heads on the development passages, and measures them there.

    python -m training.science.calibrate HEAD… --data DIR --model ingest/extract/kg_sci --metrics FILE.json

A raw score becomes the share of findings with about that score which were right (isotonic regression; Zadrozny and
Elkan 2002, doi:10.1145/775047.775151). Below the threshold with the best F1 a relation is not given at all; above the
*line* at least .70 of all relations are right, and they count.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.isotonic import IsotonicRegression

from ingest.extract.kg_sci_model import KgSci, Reading
from kg.sentences import sentences
from training.science import gold
from training.science.examples import SCHEMES
from training.science.gold import GoldPassage

PRECISION = 0.70
KNOTS = 14, 30
"""Fewest and most points of a calibration; one for each fifty findings between."""
BINS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
UNCALIBRATED = {"threshold": 0.0, "line": 1.0, "mentions": [[0, 1], [0, 1]], "relations": [[0, 1], [0, 1]]}


@dataclass(frozen=True, slots=True)
class Finding:
    score: float
    right: bool


def findings(
    head: str, passages: Sequence[GoldPassage], readings: Sequence[Reading]
) -> tuple[list[Finding], list[Finding], int]:
    """Mentions and relations that were found, and how many relations there are to find."""
    mentions: list[Finding] = []
    relations: list[Finding] = []
    wanted = 0
    for passage, reading in zip(passages, readings, strict=True):
        spans = {(one.start, one.end) for one in passage.mentions}
        mentions += [
            Finding(one.confidence, (one.start, one.end) in spans)
            for one in reading.mentions
            if passage.partial in (None, one.label)
        ]
        if passage.partial is not None:
            continue
        stated = {(*ends, predicate) for *ends, predicate in _gold_relations(head, passage)}
        wanted += len(stated)
        for relation in reading.relations:
            first, second = reading.mentions[relation.subject], reading.mentions[relation.object]
            key = _directed(head, (first.start, first.end), (second.start, second.end), relation.predicate)
            relations.append(Finding(relation.confidence, key in stated))
    return mentions, relations, wanted


def _gold_relations(head: str, passage: GoldPassage) -> set[tuple[Any, ...]]:
    """As spans and a predicate; of BioRED those within a sentence, as nothing else is looked for."""
    places = [(one.start, one.end) for one in passage.mentions]
    bounds = np.array([start for start, _ in sentences(passage.text)])
    found = set()
    for a, b, predicate in passage.relations:
        together = np.searchsorted(bounds, places[a][0], "right") == np.searchsorted(bounds, places[b][0], "right")
        if together or head != "bio":
            found.add(_directed(head, places[a], places[b], predicate))
    return found


def _directed(head: str, one: tuple[int, int], other: tuple[int, int], predicate: str) -> tuple[Any, ...]:
    symmetric = predicate in SCHEMES[head].symmetric
    return (*sorted((one, other)), predicate) if symmetric else (one, other, predicate)


def calibration(found: Sequence[Finding]) -> list[list[float]]:
    """Scores, ascending, and the share that was right at each."""
    if len(found) < 20 or len({one.right for one in found}) < 2:
        return [[0.0, 1.0], [0.0, 1.0]]
    scores = np.array([one.score for one in found])
    fitted = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip")
    fitted.fit(scores, np.array([one.right for one in found], dtype=float))
    count = min(max(len(found) // 50, KNOTS[0]), KNOTS[1])
    knots = np.unique(np.quantile(scores, np.linspace(0, 1, count)).round(3))
    # Neighbouring steps are averaged, so that a few lucky findings at the top do not make certainty.
    values = [fitted.predict(scores[(scores >= low) & (scores <= high)]).mean() for low, high in _around(knots)]
    return [knots.tolist(), np.maximum.accumulate(values).round(3).tolist()]


def _around(knots: np.ndarray) -> Iterable[tuple[float, float]]:
    middles = (knots[1:] + knots[:-1]) / 2
    return zip([knots[0], *middles], [*middles, knots[-1]], strict=True)


def best_threshold(found: Sequence[Finding], wanted: int) -> float:
    """The score above which F1 is best."""
    best, threshold, right = 0.0, 0.0, 0
    for count, one in enumerate(sorted(found, key=lambda one: -one.score), start=1):
        right += one.right
        if 2 * right / (count + wanted) > best:
            best, threshold = 2 * right / (count + wanted), one.score
    return round(threshold, 3)


def counting_line(found: Sequence[Finding], precision: float = PRECISION, fewest: int = 10) -> float:
    """The lowest score above which that share of the findings is right; 1 where there is none."""
    line, right = 1.0, 0
    for count, one in enumerate(sorted(found, key=lambda one: -one.score), start=1):
        right += one.right
        if count >= fewest and right / count >= precision:
            line = one.score
    return round(line, 3)


def reliability(found: Sequence[Finding]) -> list[dict[str, float]]:
    """By bin of confidence: how many, the mean confidence, the share that was right."""
    rows = []
    for low, high in zip(BINS, BINS[1:], strict=False):
        inside = [one for one in found if low <= one.score < high or one.score == high == 1.0]
        if inside:
            mean = sum(one.score for one in inside) / len(inside)
            right = sum(one.right for one in inside) / len(inside)
            rows.append(
                {"from": low, "to": high, "found": len(inside), "confidence": round(mean, 3), "right": round(right, 3)}
            )
    return rows


def calibrate(head: str, data: Path, model: Path) -> dict[str, Any]:
    path = model / head / "head.json"
    told = {**json.loads(path.read_text(encoding="utf-8")), **UNCALIBRATED}
    _write(path, told)
    passages = gold.development(data, head)
    raw = KgSci(model)
    mentions, relations, wanted = findings(head, passages, [raw.read(passage.text, head) for passage in passages])
    told["mentions"] = calibration(mentions)
    if relations:
        told["threshold"] = best_threshold(relations, wanted)
        told["line"] = counting_line(relations)
        told["relations"] = calibration([one for one in relations if one.score >= told["threshold"]])
    _write(path, told)
    final = KgSci(model)
    readings = [final.read(passage.text, head) for passage in passages]
    mentions, relations, wanted = findings(head, passages, readings)
    counted = [
        finding
        for finding, relation in zip(
            relations,
            (r for p, reading in zip(passages, readings, strict=True) if p.partial is None for r in reading.relations),
            strict=True,
        )
        if relation.counted
    ]
    figures: dict[str, Any] = {"figures": scores(head, passages, readings)}
    figures["mentions"] = reliability(mentions)
    if SCHEMES[head].predicates:
        figures["relations"] = {
            "threshold": told["threshold"],
            "line": told["line"],
            "wanted": wanted,
            "found": len(relations),
            "counted": len(counted),
            "counted_right": round(sum(one.right for one in counted) / max(1, len(counted)), 3),
            "reliability": reliability(relations),
        }
    return figures


def scores(head: str, passages: Sequence[GoldPassage], readings: Sequence[Reading]) -> dict[str, float]:
    """F1 in percent, by set: spans, typed spans, relations by boundaries and strictly."""
    counts: dict[str, list[int]] = {}

    def count(name: str, mine: set[Any], theirs: set[Any]) -> None:
        at = counts.setdefault(name, [0, 0])
        at[0] += len(mine & theirs)
        at[1] += len(mine) + len(theirs)

    for passage, reading in zip(passages, readings, strict=True):
        mine = [one for one in reading.mentions if passage.partial in (None, one.label)]
        count(f"{passage.source} span", {(o.start, o.end) for o in mine}, {(o.start, o.end) for o in passage.mentions})
        if passage.partial is None:
            typed = {(o.start, o.end, o.label) for o in passage.mentions}
            count(f"{passage.source} typed", {(o.start, o.end, o.label) for o in mine}, typed)
        if passage.relations and not passage.concept_relations:
            labels = {(o.start, o.end): o.label for o in passage.mentions}
            own = {(o.start, o.end): o.label for o in reading.mentions}
            theirs = _gold_relations(head, passage)
            found = set()
            for one in reading.relations:
                first, second = reading.mentions[one.subject], reading.mentions[one.object]
                found.add(_directed(head, (first.start, first.end), (second.start, second.end), one.predicate))
            count(f"{passage.source} rel", found, theirs)
            count(
                f"{passage.source} rel strict",
                {(*one, own[one[0]], own[one[1]]) for one in found},
                {(*one, labels[one[0]], labels[one[1]]) for one in theirs},
            )
    return {name: round(200 * right / max(1, both), 2) for name, (right, both) in sorted(counts.items())}


def _write(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("heads", nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    options = parser.parse_args()
    metrics = json.loads(options.metrics.read_text()) if options.metrics.is_file() else {}
    for head in options.heads:
        metrics[head] = {**metrics.get(head, {}), **calibrate(head, options.data, options.model)}
        print(head, json.dumps(metrics[head]["figures"]))
    options.metrics.write_text(json.dumps(metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
