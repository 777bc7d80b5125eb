"""The recipe of kg_sci: pure parts of it, and that cards tell what was measured. Nothing is trained here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("sklearn")

from ingest.extract.kg_sci_model import WEIGHTS
from ingest.extract.word_pieces import WordPieces
from training.science.calibrate import Finding, best_threshold, calibration, counting_line, reliability
from training.science.examples import SCHEMES, WordSpan, allowed_tags, examples, pairs_of
from training.science.gold import GoldMention, GoldPassage

ROOT = Path(__file__).parents[2]
METRICS = json.loads((ROOT / "training/science/metrics.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("head", ["stm", "bio", "materials", "scierc"])
def test_cards_tell_the_measured_figures(head: str) -> None:
    card = WEIGHTS / ("scierc/MODEL_CARD.md" if head == "scierc" else "MODEL_CARD.md")
    text = card.read_text(encoding="utf-8")
    for name, figure in METRICS[head]["figures"].items():
        assert f"{figure:.2f}" in text, name


def test_the_head_by_the_text_is_nearly_as_good_as_each_sets_own() -> None:
    f1 = METRICS["auto"]["span_f1"]
    assert f1["own"] - f1["auto"] <= 3
    assert max(value for name, value in f1.items() if name.startswith("always")) < f1["auto"] - 10


@pytest.mark.parametrize("head", ["bio", "materials", "scierc"])
def test_what_counts_is_right_seven_times_in_ten(head: str) -> None:
    told = METRICS[head]["relations"]
    assert told["counted_right"] >= 0.70
    assert told["counted"] < told["found"]
    # Where there are enough to tell, confidences are what they say within a tenth.
    for row in told["reliability"]:
        if row["found"] >= 50:
            assert abs(row["confidence"] - row["right"]) <= 0.1


def test_nested_spans_go_to_levels_and_crossing_pairs_are_left_out() -> None:
    places = ((0, 9, "PROPERTY"), (13, 19, "VALUE"), (13, 16, "NUM"), (17, 19, "UNIT"))
    mentions = tuple(GoldMention(*place) for place in places)
    passage = GoldPassage("1", "mulms", "toughness of 180 MJ was seen.", mentions, ((0, 1, "propertyValue"),))
    (example,) = examples([passage], SCHEMES["materials"], WordPieces())
    outer, inner = example.levels
    assert [(one.low, one.high) for one in outer] == [(0, 1), (2, 4)]
    assert [(one.low, one.high) for one in inner] == [(2, 3), (3, 4)]
    spans = [*outer, *inner]
    pairs = pairs_of(spans, example.sentence, undirected=False)
    assert (0, 1) in pairs and (1, 0) in pairs
    assert (1, 2) not in pairs
    assert set(example.relations) == {((0, 1), (2, 4))}


def test_a_set_that_annotates_one_label_allows_every_other_outside_of_it() -> None:
    disease = "DiseaseOrPhenotypicFeature"
    passage = GoldPassage("1", "ncbi-disease", "asthma in mice", (GoldMention(0, 6, disease),), partial=disease)
    scheme = SCHEMES["bio"]
    (example,) = examples([passage], scheme, WordPieces())
    allowed = allowed_tags(example, scheme, 0)
    begin = 1 + 2 * scheme.labels.index(disease)
    assert allowed[0].nonzero()[0].tolist() == [begin]
    assert not allowed[1, begin] and not allowed[1, begin + 1]
    assert allowed[1].sum() == allowed.shape[1] - 2


def test_undirected_pairs_are_read_once() -> None:
    spans = [WordSpan(0, 1, 0), WordSpan(2, 3, 0)]
    sentence = examples([GoldPassage("1", "biored", "a b c d")], SCHEMES["bio"], WordPieces())[0].sentence
    assert pairs_of(spans, sentence, undirected=True) == [(0, 1)]
    assert len(pairs_of(spans, sentence, undirected=False)) == 2


FOUND = [Finding(n / 100, n % 100 >= 50 or n % 10 == 0) for n in range(100)]


def test_calibrated_scores_rise_and_are_shares() -> None:
    scores, right = calibration(FOUND)
    assert scores == sorted(scores)
    assert right == sorted(right)
    assert right[0] < 0.3 < 0.9 < right[-1] <= 1
    assert calibration(FOUND[:5]) == [[0.0, 1.0], [0.0, 1.0]]


def test_the_line_is_the_lowest_with_enough_right_above_it() -> None:
    line = counting_line(FOUND)
    above = [one for one in FOUND if one.score >= line]
    assert sum(one.right for one in above) / len(above) >= 0.70
    lower = [one for one in FOUND if one.score >= line - 0.01]
    assert sum(one.right for one in lower) / len(lower) < 0.70
    assert counting_line([Finding(0.5, False)] * 20) == 1.0


def test_the_threshold_has_the_best_f1() -> None:
    def f1(threshold: float) -> float:
        above = [one for one in FOUND if one.score >= threshold]
        return 2 * sum(one.right for one in above) / (len(above) + 60)

    best = best_threshold(FOUND, wanted=60)
    assert f1(best) == max(f1(n / 100) for n in range(100))


def test_reliability_counts_every_finding_once() -> None:
    assert sum(row["found"] for row in reliability(FOUND)) == len(FOUND)
