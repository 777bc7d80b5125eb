"""Trains what chooses the head for a text: a linear classifier over the mean of the shared layers' states.

    python -m training.science.auto --data DIR --model ingest/extract/kg_sci --metrics FILE.json

It learns from the heads' own training passages, classes weighted evenly. Measured on all development passages together:
F1 of spans with the head that was chosen, beside that with each set's own head and with each head for everything.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from ingest.extract.kg_sci_model import HEADS, KgSci
from training.science import gold
from training.science.gold import GoldPassage

STRENGTH = 30.0
"""Inverse of the regularisation, on states scaled to unit variance; chosen by cross-validation on training passages."""


def train(data: Path, model: Path) -> None:
    network = KgSci(model)
    rows, answers = [], []
    for place, head in enumerate(HEADS):
        for passage in gold.training(data, head):
            means = network.means(passage.text)
            if means:
                rows.append(np.mean(means, axis=0))
                answers.append(place)
    seen = np.array(rows)
    centre, spread = seen.mean(0), seen.std(0) + 1e-6
    fitted = LogisticRegression(C=STRENGTH / len(seen), class_weight="balanced", max_iter=2000)
    fitted.fit((seen - centre) / spread, np.array(answers))
    weights = (fitted.coef_ / spread).T.astype(np.float32)
    bias = (fitted.intercept_ - centre @ (fitted.coef_ / spread).T).astype(np.float32)
    np.savez_compressed(model / "auto.npz", heads=np.array(HEADS), weights=weights, bias=bias)


def measure(data: Path, model: Path) -> dict[str, object]:
    network = KgSci(model)
    passages = [(head, passage) for head in network.heads for passage in gold.development(data, head)]
    chosen = [network.choose([passage.text]) for _, passage in passages]
    counts: dict[str, list[int]] = {}
    table: dict[str, dict[str, int]] = {}
    for (own, passage), head in zip(passages, chosen, strict=True):
        row = table.setdefault(passage.source, {})
        row[head] = row.get(head, 0) + 1
        wanted = {(one.start, one.end) for one in passage.mentions}
        for name, by in (("own", own), ("auto", head), *((f"always {one}", one) for one in network.heads)):
            found = _spans(network, passage, by)
            at = counts.setdefault(name, [0, 0])
            at[0] += len(found & wanted)
            at[1] += len(found) + len(wanted)
    return {
        "span_f1": {name: round(200 * right / both, 2) for name, (right, both) in counts.items()},
        "chosen": table,
    }


def _spans(network: KgSci, passage: GoldPassage, head: str) -> set[tuple[int, int]]:
    """Of a set that annotates one label, mentions with that label alone are counted."""
    found = network.read(passage.text, head).mentions
    return {(one.start, one.end) for one in found if passage.partial in (None, one.label)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    options = parser.parse_args()
    train(options.data, options.model)
    metrics = json.loads(options.metrics.read_text()) if options.metrics.is_file() else {}
    metrics["auto"] = measure(options.data, options.model)
    print(json.dumps(metrics["auto"]))
    options.metrics.write_text(json.dumps(metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
