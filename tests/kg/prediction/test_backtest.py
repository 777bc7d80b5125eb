from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from kg.errors import UsageError
from kg.prediction import predictor
from kg.prediction.backtest import Backtest, backtest
from kg.prediction.candidates import Known, focus, unstated
from kg.prediction.features import Pairs
from kg.prediction.trials import Field, auc, judged
from tests.kg.made import record
from tests.kg.prediction import field


@pytest.fixture(scope="module")
def done() -> Backtest:
    return backtest(field.library(field.papers()), 2006, 3, top=100)


def test_the_past_tells_what_a_prediction_was_worth(done: Backtest) -> None:
    figures = done.figures
    assert (done.papers, done.later) == (72, 36)
    assert figures.auc > 0.6 and figures.matched > 0.6  # two subjects that hardly mix are easily told apart
    assert figures.auc_interval[0] <= figures.auc <= figures.auc_interval[1]
    assert figures.matched_interval[0] <= figures.matched <= figures.matched_interval[1]
    assert done.gain_interval[0] <= done.gain <= done.gain_interval[1]
    assert set(done.baselines) == {
        "preferential_attachment", "common_neighbours", "adamic_adar", "resource_allocation", "jaccard"
    }  # fmt: skip
    assert 10 in figures.precision and figures.precision_intervals.keys() == figures.precision.keys()


def test_the_higher_the_score_the_more_pairs_meet(done: Backtest) -> None:
    tenths = done.calibration
    assert [one.low for one in tenths] == sorted(one.low for one in tenths)
    half = len(tenths) // 2
    assert sum(one.met for one in tenths[half:]) > sum(one.met for one in tenths[:half])
    assert all(one.interval[0] <= one.met <= one.interval[1] for one in tenths)


def test_what_came_true_is_shown_with_its_paper_and_its_sentence(done: Backtest) -> None:
    came = [one for one in done.outcomes if one.came]
    assert came and len(done.outcomes) <= 100
    for one in came:
        assert one.paper is not None and one.paper.year is not None and 2007 <= one.paper.year <= 2009
        words = " ".join(quote.quote for quote in one.quotes)
        assert one.prediction.a in words and one.prediction.b in words
    assert all(not one.quotes for one in done.outcomes if not one.came)


def test_later_papers_do_not_change_what_was_predicted(done: Backtest) -> None:
    early = unstated(predictor(field.library(field.papers(2006)), 2006), 100)
    assert [one.prediction for one in done.outcomes] == early


def test_its_json_has_the_promised_keys(done: Backtest) -> None:
    told = done.as_json()
    promised = {"pairs", "positives", "auc", "auc_degree_matched", "precision_at", "baselines", "interval"}
    assert promised <= told.keys()
    assert told["interval"].keys() == {"auc", "auc_degree_matched", "precision_at", "gain"}
    assert told["baselines"]["adamic_adar"].keys() == {"auc", "auc_degree_matched", "precision_at", "interval"}
    assert told["came_true"] == sum(one["came"] for one in told["predictions"])


def test_too_little_is_said_with_what_would_be_needed() -> None:
    library = field.library(field.papers(2007))
    with pytest.raises(UsageError, match="24 papers of 2002 or earlier"):
        backtest(library, 2002)
    with pytest.raises(UsageError, match="No paper is of 2008 to 2010"):
        backtest(library, 2007)
    with pytest.raises(UsageError, match=r"Only \d+ pairs of concepts met"):
        backtest(field.library([*field.papers(2006), record("one", ("moth web", "is", "boron weld"), year=2007)]), 2006)
    undated = [*field.papers(2002), *(record(f"u{at}", ("silk", "is", "thin")) for at in range(3))]
    with pytest.raises(UsageError, match="3 of the library's 27 papers have no year"):
        backtest(field.library(undated), 2002)
    with pytest.raises(UsageError, match="at least one year"):
        backtest(library, 2006, 0)


def test_the_list_holds_no_pair_that_a_paper_names_and_none_of_two_names_for_one_thing() -> None:
    library = field.library(field.papers())
    one = predictor(library, 2010)
    found = unstated(one, 200)
    asked = one.scores([(each.a, each.b) for each in found])
    assert [each.score for each in found] == [each.score for each in asked]
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert all(each.papers == 0 for each in asked)
    names = [name for each in found for name in (each.a, each.b)]
    assert max(names.count(name) for name in names) <= 3
    assert all(not {*each.a.split()} & {*each.b.split()} for each in found)


def test_a_pair_is_known_where_papers_name_it_by_broader_names() -> None:
    new = [record(f"new{at}", ("moth web extract", "is like", "cast bolt dust"), year=2008) for at in range(3)]
    told = [record(f"told{at}", ("moth web foil", "meets", "carbon steel rod"), year=2008) for at in range(2)]
    view, _ = predictor(field.library([*field.papers(), *new, *told]), 2010).made
    place = {one.label: at for at, one in enumerate(view.concepts)}
    asked = [place[name] for name in ("moth web extract", "carbon steel", "boron weld")]
    known = Known(view, np.array(asked))
    assert known.together(asked[0], asked[1])  # "moth web" and "carbon steel" stand in two papers together
    assert not known.together(asked[0], asked[2])


def test_phrases_of_any_subject_have_no_focus() -> None:
    everywhere = [
        record(f"x{at}", (dice.choice(field.SILK + field.STEEL), "gives", "good results"), year=2005)
        for at in range(40)
        if (dice := random.Random(at))
    ]
    view, _ = predictor(field.library([*field.papers(2006), *everywhere]), 2006).made
    told = dict(zip((one.label for one in view.concepts), focus(view).tolist(), strict=True))
    assert told["good results"] < min(told["spider silk"], told["carbon steel"])


numbers = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=12)


@given(numbers, numbers)
def test_auc_counts_pairs_in_order(good: list[tuple[int, int]], bad: list[tuple[int, int]]) -> None:
    sides = [np.array(values, float) for side in (good, bad) for values in zip(*side, strict=True)]
    won = sum(w * v * (1.0 if one > other else 0.5 if one == other else 0.0) for one, w in good for other, v in bad)
    mass = sum(w for _, w in good) * sum(v for _, v in bad)
    if mass:
        assert auc(*sides) == pytest.approx(won / mass)
    else:
        assert np.isnan(auc(*sides))


def test_matched_pairs_are_as_popular_as_those_that_met_so_popularity_has_half() -> None:
    dice = np.random.default_rng(0)
    popular = dice.uniform(0.05, 2.0, 100) ** 2
    chances = np.minimum(popular / popular.sum() * 6, 0.9)
    earlier, later = (sparse.csr_array((dice.random((60, 100)) < chances).T.astype(float)) for _ in range(2))
    told = Field(earlier, later)
    trial = told.trial(np.random.default_rng(1))
    assert all(told.links[[a], [b]] == 0 for a, b in zip(*trial.positives, strict=True))
    found = judged(trial, told.size, lambda pairs: told.degree[pairs.a] * told.degree[pairs.b], told.baselines())
    assert found.figures.auc > 0.65
    assert 0.4 < found.figures.matched < 0.6
    random_rule = judged(trial, told.size, lambda pairs: dice.random(len(pairs.a)), told.baselines())
    assert 0.4 < random_rule.figures.auc < 0.6
    assert isinstance(trial.random, Pairs) and len(trial.random.a) == 4 * len(trial.positives.a)
