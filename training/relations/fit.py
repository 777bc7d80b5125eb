"""Fits the confidence of relations to judgements, and says how well it holds.

    python -m training.relations.fit

Reads `judgements.jsonl`, writes `metrics.json` beside it and `ingest/extract/relation_confidence.json`. A logistic
model with a penalty of `PENALTY` on every weight but the common one, found by Newton's method: the same bytes on every
run. The papers are cut in two halves by the hash of their ids. The figures are those of each half under the weights
fitted to the other; the shipped weights are fitted to both. Since confidences are calibrated, the line above which a
relation counts is drawn at the confidence that is the precision wanted.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.extract.relation_confidence import WEIGHTS

HERE = Path(__file__).parent
PENALTY = 3.0
LINE = 0.7

Row = dict[str, Any]


def main() -> None:
    rows = [json.loads(line) for line in (HERE / "judgements.jsonl").read_text(encoding="utf-8").splitlines()]
    halves = [[row for row in rows if half(row["paper"]) == number] for number in (0, 1)]
    told = [*zip(halves[1], predicted(fitted(halves[0]), halves[1]), strict=True)]
    told += zip(halves[0], predicted(fitted(halves[1]), halves[0]), strict=True)
    weights = fitted(rows)
    rounded = {name: round(value, 3) for name, value in sorted(weights.items())}
    WEIGHTS.write_text(json.dumps({"line": LINE, "weights": rounded}, indent=1) + "\n", encoding="utf-8")
    figures = {"judged": len(rows), "papers": len({row["paper"] for row in rows}), **_figures(told)}
    (HERE / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def half(paper: str) -> int:
    """0 or 1, by the paper's id alone."""
    return blake2b(paper.encode(), digest_size=1).digest()[0] % 2


def told_of(row: Row) -> dict[str, float]:
    """The features of a judgement by the names of their weights."""
    told = {"all": 1.0, f"family {row['family']}": 1.0, "denied": float(row["denied"]), "hedged": float(row["hedged"])}
    return told | {name: float(value) for name, value in row["features"].items()}


def fitted(rows: Sequence[Row]) -> dict[str, float]:
    """The weights by name."""
    names = sorted({name for row in rows for name in told_of(row)})
    table, right = _table(rows, names), np.array([row["verdict"] == "right" for row in rows], dtype=float)
    penalty = np.diag([0.0 if name == "all" else PENALTY for name in names])
    weights = np.zeros(len(names))
    for _ in range(50):
        share = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (right - share) - penalty @ weights
        step = np.linalg.solve(table.T @ (table * (share * (1 - share))[:, None]) + penalty, slope)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-9:
            break
    return dict(zip(names, weights.tolist(), strict=True))


def predicted(weights: dict[str, float], rows: Sequence[Row]) -> list[float]:
    """Confidences, 0…1; a family that the weights do not know counts as the common one."""
    names = sorted({name for row in rows for name in told_of(row)})
    known = np.array([weights.get(name, 0.0) for name in names])
    shares: list[float] = (1 / (1 + np.exp(-_table(rows, names) @ known))).tolist()
    return shares


def _table(rows: Sequence[Row], names: Sequence[str]) -> NDArray[np.float64]:
    place = {name: at for at, name in enumerate(names)}
    table = np.zeros((len(rows), len(names)))
    for number, row in enumerate(rows):
        for name, value in told_of(row).items():
            table[number, place[name]] = value
    return table


def _figures(told: Sequence[tuple[Row, float]]) -> dict[str, Any]:
    right = [row["verdict"] == "right" for row, _ in told]
    shares = [share for _, share in told]
    above = [one for one, share in zip(right, shares, strict=True) if share >= LINE]
    below = [one for one, share in zip(right, shares, strict=True) if share < LINE]
    families: dict[str, list[bool]] = defaultdict(list)
    fields: dict[str, list[bool]] = defaultdict(list)
    for (row, _), one in zip(told, right, strict=True):
        families[row["family"]].append(one)
        fields[row["field"]].append(one)
    table = []
    for low in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        high = {0.0: 0.5, 0.9: 1.0}.get(low, round(low + 0.1, 1))
        inside = [(s, r) for s, r in zip(shares, right, strict=True) if low <= s < high or (high == 1.0 and s == 1.0)]
        if inside:
            mean, held = (sum(pair[place] for pair in inside) / len(inside) for place in (0, 1))
            table.append(
                {
                    "from": low,
                    "to": high,
                    "relations": len(inside),
                    "mean confidence": _round(mean),
                    "right": _round(held),
                }
            )
    gap = sum(row["relations"] * abs(row["mean confidence"] - row["right"]) for row in table) / len(told)
    return {
        "right": _share(right),
        "brier": _round(sum((s - r) ** 2 for s, r in zip(shares, right, strict=True)) / len(told)),
        "calibration error": _round(gap),
        "line": LINE,
        "counted": {"relations": len(above), "share": _round(len(above) / len(told)), "right": _share(above)},
        "candidates": {"relations": len(below), "right": _share(below)},
        "verdicts": dict(sorted(Counter(row["verdict"] for row, _ in told).items())),
        "reliability": table,
        "families": {name: {"relations": len(ones), "right": _share(ones)} for name, ones in sorted(families.items())},
        "fields": {name: {"relations": len(ones), "right": _share(ones)} for name, ones in sorted(fields.items())},
    }


def _share(ones: Sequence[bool]) -> float | None:
    return _round(sum(ones) / len(ones)) if ones else None


def _round(value: float) -> float:
    return round(value, 3)


if __name__ == "__main__":
    main()
