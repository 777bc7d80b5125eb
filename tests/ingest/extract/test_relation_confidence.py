"""Confidences of relations, and the judgements that they are calibrated on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.extract.noun_phrases import Phrase
from ingest.extract.relation_confidence import WEIGHTS, confidence, features, is_candidate
from ingest.extract.relations import FAMILIES
from kg.predicates import GENERAL, PREDICATES
from tests.ingest.extract.trees import tree
from training.relations.fit import LINE, fitted, half, predicted

TRAINING = Path(__file__).parents[3] / "training" / "relations"
SENTENCE = tree(
    "Salt/NN>lowers/nsubj ,/,>Salt/punct however/RB>lowers/advmod ,/,>lowers/punct lowers/VBZ>/ROOT "
    "the/DT>viscosity/det brine/NN>viscosity/compound viscosity/NN>lowers/obj"
)
SALT, VISCOSITY = Phrase(0, 0, 0), Phrase(6, 7, 7)


def judgements() -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TRAINING / "judgements.jsonl").read_text(encoding="utf-8").splitlines()]


def test_features_tell_what_stands_between_the_ends() -> None:
    seen = features(SENTENCE, SALT, VISCOSITY, "decreases")
    assert seen == features(SENTENCE, VISCOSITY, SALT, "decreases")
    assert seen["commas"] == pytest.approx(2 / 3)
    assert seen["verbs"] == pytest.approx(1 / 3)
    assert not seen["open"]
    assert features(SENTENCE, SALT, VISCOSITY, GENERAL)["open"]


def test_a_relation_over_a_longer_way_is_less_sure() -> None:
    seen = features(SENTENCE, SALT, VISCOSITY, "decreases")
    near = confidence("clause", False, False, seen)
    far = confidence("clause", False, False, {**seen, "distance": seen["distance"] * 2})
    assert 0 < far < near < 1
    assert confidence("a family that nobody judged", False, False, seen) < 1


def test_what_is_below_the_line_is_a_candidate() -> None:
    assert is_candidate(LINE - 0.01)
    assert not is_candidate(LINE)


def test_the_shipped_weights_are_those_of_the_recipe() -> None:
    shipped = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    assert shipped["line"] == LINE
    assert {name: round(value, 3) for name, value in fitted(judgements()).items()} == shipped["weights"]


def test_judgements_are_of_many_papers_and_hold_no_text() -> None:
    rows = judgements()
    names = {predicate.name for predicate in PREDICATES}
    assert len(rows) >= 300
    assert len({row["paper"] for row in rows}) >= 30
    for row in rows:
        assert set(row) == {
            "weights", "paper", "field", "passage", "sentence", "subject", "object", "predicate", "denied", "hedged",
            "family", "features", "verdict",
        }  # fmt: skip
        assert row["family"] in FAMILIES
        assert row["predicate"] in names


def test_confidences_hold_on_papers_that_they_were_not_fitted_to() -> None:
    halves = [[row for row in judgements() if half(row["paper"]) == number] for number in (0, 1)]
    for seen, unseen in (halves, halves[::-1]):
        shares = predicted(fitted(seen), unseen)
        right = [row["verdict"] == "right" for row in unseen]
        assert abs(sum(shares) - sum(right)) / len(right) < 0.08
        above = [one for one, share in zip(right, shares, strict=True) if share >= LINE]
        assert sum(above) / len(above) >= 0.7
