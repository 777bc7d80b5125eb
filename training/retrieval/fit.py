"""Learns how much each reason to follow a passage weighs (`kg.hops`), and says how well that holds.

    python -m training.retrieval.fit --data DATA --libraries FOLDER

DATA holds the collections (`training.retrieval.collections`); each becomes a library in FOLDER, where it is not there
yet. A logistic model over the features, every collection, every question in it and both answers (wanted or not) of
equal weight, with a penalty of `PENALTY` on standardised weights. The figures in `metrics.json` are those of each
collection under weights learnt from the other two; the weights that ship (`kg/hops.json`) are learnt from all three.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

import kg
from kg.hops import FEATURES, HopModel
from kg.library import Library
from kg.search import Search
from training.retrieval.collections import HOPS, Collection, collection

HERE = Path(__file__).parent
WEIGHTS = HERE.parent.parent / "kg/hops.json"
PENALTY = 0.02
DECIMALS = 3


@dataclass(frozen=True)
class Weighable:
    """A question's candidates: what the model sees of them, and whether each is wanted."""

    values: NDArray[np.float64]
    wanted: NDArray[np.bool_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--libraries", type=Path, required=True)
    arguments = parser.parse_args()
    sets: dict[str, list[Weighable]] = {}
    figures: dict[str, Any] = {"penalty": PENALTY, "learnt from the other two": {}, "learnt from all": {}}
    libraries = {}
    for name in HOPS:
        told = collection(name, arguments.data)
        libraries[name] = (told, library_of(told, arguments.libraries))
        sets[name] = weighables(*libraries[name])
    whole = fitted([sets[name] for name in HOPS])
    for name, (told, library) in libraries.items():
        others = fitted([sets[other] for other in HOPS if other != name])
        figures["learnt from the other two"][name] = recalls(told, library, others)
        figures["learnt from all"][name] = recalls(told, library, whole)
    told_weights = {feature: float(weight) for feature, weight in zip(FEATURES, whole.weights, strict=True)}
    WEIGHTS.write_text(json.dumps({"bias": whole.bias, "weights": told_weights}, indent=1) + "\n", encoding="utf-8")
    (HERE / "metrics.json").write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def library_of(told: Collection, folder: Path) -> Library:
    """The library of a collection; made where it is not there."""
    place = folder / told.name / "lib"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        corpus = place.parent / "corpus.jsonl"
        corpus.write_text("".join(json.dumps(one) + "\n" for one in told.documents), encoding="utf-8")
        kg.open_library(place).add(corpus)
    return kg.open_library(place)


def searching(library: Library, model: HopModel | None = None) -> Search:
    """The library's search with other weights than those shipped."""
    return Search(library.store, lambda: library.index, lambda: library.embedder, model=model)


def weighables(told: Collection, library: Library) -> list[Weighable]:
    """Every question's candidates."""
    search = searching(library)
    keys = {one.passage.id: one.paper.key for one in library.store.passages()}
    found = []
    for question, text in told.questions.items():
        passages, values = search.features(text)
        wanted = [told.judged[question].get(keys[passage], 0) > 0 for passage in passages]
        found.append(Weighable(values, np.array(wanted)))
    return found


def fitted(sets: Sequence[Sequence[Weighable]]) -> HopModel:
    """The weights that make the judgements likeliest, rounded."""
    values = np.concatenate([one.values for questions in sets for one in questions])
    wanted = np.concatenate([one.wanted for questions in sets for one in questions]).astype(float)
    weight = np.concatenate(
        [np.full(len(one.wanted), 1 / len(one.wanted) / len(questions)) for questions in sets for one in questions]
    )
    for answer in (0.0, 1.0):
        weight[wanted == answer] /= weight[wanted == answer].sum()
    mean, spread = values.mean(axis=0), values.std(axis=0) + 1e-9
    table = np.column_stack([(values - mean) / spread, np.ones(len(values))])
    penalty = np.array([PENALTY] * len(FEATURES) + [0.0])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = table @ weights
        likely = np.logaddexp(0, np.where(wanted > 0, -scores, scores))
        slope = table.T @ (weight * (expit(scores) - wanted))
        return float(weight @ likely + 0.5 * penalty @ weights**2), slope + penalty * weights

    found = minimize(loss, np.zeros(table.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 2000}).x
    weights = (found[:-1] / spread).round(DECIMALS)
    return HopModel(weights, round(float(found[-1] - (found[:-1] / spread) @ mean), DECIMALS))


def recalls(told: Collection, library: Library, model: HopModel) -> dict[str, float]:
    """Mean recall among the first 2, 5 and 10 papers."""
    search = searching(library, model)
    shares: dict[int, list[float]] = {2: [], 5: [], 10: []}
    for question, text in told.questions.items():
        found = list(dict.fromkeys(hit.key for hit in search.hits(text, 40)))
        gold = {key for key, grade in told.judged[question].items() if grade > 0}
        for most, values in shares.items():
            values.append(len(gold & set(found[:most])) / len(gold))
    return {f"recall@{most}": round(float(np.mean(values)), 4) for most, values in shares.items()}


if __name__ == "__main__":
    main()
