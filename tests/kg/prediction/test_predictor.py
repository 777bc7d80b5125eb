from __future__ import annotations

import random
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import prediction
from kg.errors import UsageError
from kg.library import Library
from kg.model import Decision
from kg.prediction import kept
from kg.prediction.texts import texts
from kg.stores.sqlite_store import SqliteStore
from tests.kg.made import origin, record
from tests.kg.prediction import field

PAIRS = [(a, b) for a in field.SILK[:6] for b in (*field.STEEL[:6], "glow-worm web", "study", "no such thing")]


@pytest.fixture(scope="module")
def until_2006() -> prediction.Predictor:
    return prediction.predictor(field.library(field.papers()), 2006)


def test_pairs_of_one_subject_stand_above_those_that_cross_subjects(until_2006: prediction.Predictor) -> None:
    inside = [pair for pool in (field.SILK, field.STEEL) for pair in combinations(pool[:40], 2)]
    crossing = [(a, b) for a in field.SILK[:40] for b in field.STEEL[:40]]
    near, far = (
        [one for one in until_2006.scores(pairs) if one.papers == 0 and one.percentile is not None]
        for pairs in (inside, crossing)
    )
    assert len(near) >= 5 and len(far) >= 50
    assert mean(one.percentile for one in near) > mean(one.percentile for one in far) + 25
    assert all(0 <= one.percentile <= 100 for one in [*near, *far])
    best = max(near, key=lambda one: one.percentile)
    assert any("like surroundings" in reason or "that suit one" in reason for reason in best.reasons)


def test_later_papers_change_no_bit_of_a_score() -> None:
    early = prediction.predictor(field.library(field.papers(2006)), 2006)
    late = prediction.predictor(field.library(field.papers(2010)), 2006)
    assert early.scores(PAIRS) == late.scores(PAIRS)
    assert [one.score for one in early.scores(PAIRS)].count(None) < len(PAIRS) / 2


def test_a_later_record_of_an_earlier_paper_changes_no_bit_of_a_score() -> None:
    doi = (("doi", "10.1000/made"),)
    earlier = [*field.papers(2006), record("made", ("moth web", "meets", "boron weld"), year=2006, identifiers=doi)]
    fuller = record("again", ("moth web", "meets", "cast steel"), more="much more " * 50, year=2009, identifiers=doi)
    scores = prediction.predictor(field.library(earlier), 2006).scores(PAIRS)
    library = field.library([*earlier, fuller])
    assert prediction.predictor(library, 2006).scores(PAIRS) == scores
    assert prediction.predictor(library, 2006).scores([("moth web", "boron weld")])[0].papers == 1
    assert prediction.predictor(library, 2009).scores([("moth web", "boron weld")])[0].papers == 0


@settings(max_examples=10, deadline=None)
@given(st.randoms(use_true_random=False))
def test_a_score_does_not_depend_on_the_other_pairs_or_on_which_name_comes_first(
    until_2006: prediction.Predictor, dice: random.Random
) -> None:
    asked = dice.sample(PAIRS, dice.randint(1, 20))
    alone = {pair: until_2006.scores([pair])[0] for pair in asked[:3]}
    together = until_2006.scores(asked)
    assert [(one.a, one.b) for one in together] == asked
    assert all(one == alone.get((one.a, one.b), one) for one in together)
    turned = until_2006.scores([(b, a) for a, b in asked])
    assert [(one.score, one.percentile, one.reasons) for one in turned] == [
        (one.score, one.percentile, one.reasons) for one in together
    ]


def test_the_order_in_which_papers_were_read_does_not_count(until_2006: prediction.Predictor) -> None:
    shuffled = field.papers()
    random.Random(1).shuffle(shuffled)
    assert prediction.predictor(field.library(shuffled), 2006).scores(PAIRS) == until_2006.scores(PAIRS)


def test_a_phrase_that_is_no_concept_is_counted_from_the_texts(until_2006: prediction.Predictor) -> None:
    (phrase,) = until_2006.scores([("study", "spider silk")])  # of the titles alone
    assert phrase.score is not None and phrase.papers > 0
    plural, singular = until_2006.scores([("Spider-silks", "studies"), ("spider silk", "study")])
    assert plural.score == singular.score


def test_what_no_paper_up_to_the_year_names_is_unknown(until_2006: prediction.Predictor) -> None:
    told = until_2006.scores([("graphene", "spider silk"), ("---", "spider silk"), ("Spider silk", "spider silks")])
    assert [one.score for one in told] == [None] * 3 == [one.percentile for one in told]
    assert told[0].reasons == ("No paper up to 2006 names 'graphene'.",)
    assert "same concept" in told[2].reasons[0]
    later = [*field.papers(2006), record("late", ("graphene", "coats", "spider silk"), year=2007)]
    assert prediction.predictor(field.library(later), 2006).scores([("graphene", "spider silk")])[0].score is None
    assert prediction.predictor(field.library(later), 2007).scores([("graphene", "spider silk")])[0].papers == 1


def test_an_abbreviation_names_what_it_stands_for() -> None:
    short = record("short", ("GWS", "beats", "cast plate"), as_names={"GWS": "glow-worm silk"}, year=2006)
    told = prediction.predictor(field.library([*field.papers(2006), short]), 2006)
    assert told.scores([("glow-worm silk", "cast plate")])[0].papers == 1


def test_names_that_a_person_merged_are_one() -> None:
    library = field.library(field.papers(2006))
    asked = [("moth silk", "boron alloy"), ("moth thread", "boron alloy")]
    apart = prediction.predictor(library, 2006).scores(asked)
    assert apart[0].score != apart[1].score
    library.store.decide(Decision("merge", "moth silk", "moth thread"))
    one, other = prediction.predictor(library, 2006).scores(
        [("moth silk", "boron alloy"), ("moth thread", "boron alloy")]
    )
    assert (one.score, one.papers) == (other.score, other.papers)


def test_too_few_papers_are_said_with_what_would_be_needed() -> None:
    library = field.library(field.papers(2002))
    told = prediction.predictor(library, 2002)
    assert "24 papers of 2002 or earlier" in str(told.shortage) and "need 30 or more" in str(told.shortage)
    (score,) = told.scores([("spider silk", "spider web")])
    assert score.score is None and score.reasons == (told.shortage,)
    with pytest.raises(UsageError, match="read more"):
        _ = told.made


def test_papers_without_a_year_are_later_than_any() -> None:
    undated = [replace(one, facts=replace(one.facts, year=None)) for one in field.papers(2006)]
    assert texts(field.library(undated).store, 2020).papers == 0
    everything = prediction.predictor(field.library(undated), None)
    assert everything.papers == len(undated)
    assert everything.scores([("spider silk", "carbon steel")])[0].score is not None


def test_it_is_kept_for_the_next_process_and_made_anew_when_the_library_changed(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path, create=True)
    for one in field.papers(2006):
        store.add(one, origin(one))
    library = Library(tmp_path)
    first = prediction.predictor(library, 2006)
    path = kept.file_of(tmp_path / "index", 2006)
    before = path.stat().st_mtime_ns
    again = prediction.predictor(Library(tmp_path), 2006)
    assert again.scores(PAIRS) == first.scores(PAIRS) and path.stat().st_mtime_ns == before
    store.add(crossing := record("new", ("moth web", "meets", "boron weld"), year=2006), origin(crossing))
    assert prediction.predictor(library, 2006).scores([("moth web", "boron weld")])[0].papers == 1
    path.write_bytes(path.read_bytes()[:5000])
    assert prediction.predictor(Library(tmp_path), 2006).scores([("moth web", "boron weld")])[0].papers == 1
    path.unlink()
    prediction.predictor(Library(tmp_path), 2006, keep=False)
    assert not path.exists()


def test_what_is_counted_is_what_the_texts_hold(until_2006: prediction.Predictor) -> None:
    known = until_2006.texts
    names = [("spider silk",), ("steel",), ("spider silk", "spider thread"), ("silk contains",), ("no such",)]
    columns = known.naming(names).toarray()
    found = [
        " ".join(known.vocabulary[word - 1] if word else "|" for word in part)
        for part in np.split(known.words, known.ends[:-1])
    ]
    for column, keys in zip(columns.T, names, strict=True):
        assert [bool(one) for one in column] == [any(f" {key} " in f" {text} " for key in keys) for text in found]
