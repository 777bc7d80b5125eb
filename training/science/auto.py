"""Trains what chooses the head for a text: a linear classifier over its word pieces, weighed by tf-idf.

    python -m training.science.auto --data DIR --acl FILE.jsonl.xz --model ingest/extract/kg_sci --metrics FILE.json

It learns from texts alone: the training passages of STM, of BioRED and NCBI Disease, and of MuLMS, and for computer
science abstracts of the ACL Anthology, so that it needs nothing of SciERC. Classes are weighted evenly. Measured on all
development passages together: F1 of spans with the head that was chosen, beside that with each set's own head and with
each head for everything.
"""

from __future__ import annotations

import argparse
import json
import lzma
from itertools import islice
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression

from ingest.extract.kg_sci_model import HEADS, KgSci
from ingest.extract.word_pieces import WordPieces
from training.science import gold
from training.science.gold import GoldPassage

STRENGTH = 30.0
"""Inverse of the regularisation."""
VOCABULARY = 30522
ABSTRACTS = 400
"""Of the ACL Anthology: the first ones of the file."""


def texts(head: str, data: Path, acl: Path) -> list[str]:
    """What a head's class is learnt from."""
    if head == "scierc":
        with lzma.open(acl, "rt", encoding="utf-8") as lines:
            told = (json.loads(line).get("abstract") for line in lines)
            return list(islice((text for text in told if text), ABSTRACTS))
    return [passage.text for passage in gold.training(data, head)]


def train(data: Path, acl: Path, model: Path) -> None:
    pieces = WordPieces()
    rows: list[csr_matrix] = []
    answers: list[int] = []
    for place, head in enumerate(HEADS):
        for text in texts(head, data, acl):
            counts = np.bincount(pieces.words(text).pieces[1:-1], minlength=VOCABULARY)
            rows.append(csr_matrix(counts[None].astype(np.float32)))
            answers.append(place)
    weighed = TfidfTransformer(sublinear_tf=True)
    seen = weighed.fit_transform(vstack(rows))
    fitted = LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=3000).fit(seen, answers)
    scale = np.abs(fitted.coef_).max() / 127
    np.savez_compressed(
        model / "auto.npz",
        heads=np.array(HEADS),
        rarity=weighed.idf_.round(1).astype(np.float16),
        weights=(fitted.coef_.T / scale).round().astype(np.int8),
        scale=np.float32(scale),
        bias=fitted.intercept_.astype(np.float32),
    )


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
    parser.add_argument("--acl", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--metrics", type=Path, required=True)
    options = parser.parse_args()
    train(options.data, options.acl, options.model)
    metrics = json.loads(options.metrics.read_text()) if options.metrics.is_file() else {}
    metrics["auto"] = measure(options.data, options.model)
    print(json.dumps(metrics["auto"]))
    options.metrics.write_text(json.dumps(metrics, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
