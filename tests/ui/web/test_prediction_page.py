"""The Prediction page, over a made field of research."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.fakes.web import HOSTILE, article, htmls, library_of, opened
from tests.kg.made import record
from tests.kg.prediction import field
from ui.web.pages.prediction import rules_chart, tenths_chart


def click(app: AppTest, label: str) -> AppTest:
    next(one for one in app.button if one.label == label).click()
    app.run()
    assert not app.exception
    return app


def year(app: AppTest, key: str, value: int) -> None:
    next(one for one in app.number_input if one.key == key).set_value(value)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory):  # noqa: ANN201
    hostile = record("hostile", (HOSTILE, "is", "moth web"), (HOSTILE, "is", "moth silk"), year=2003)
    again = record("hostile again", (HOSTILE, "is", "moth web"), year=2004)
    return library_of(tmp_path_factory.mktemp("field"), *field.papers(), hostile, again)


def test_an_empty_library_says_where_to_begin(tmp_path: Path) -> None:
    assert "no papers in this library yet" in opened(library_of(tmp_path), "prediction").info[0].value


def test_papers_without_years_are_said(tmp_path: Path) -> None:
    undated = library_of(tmp_path, article("one", ("silk", "is", "thin")))
    assert "None of the 1 paper has a year" in opened(undated, "prediction").info[0].value


def test_the_likeliest_links_stand_in_a_table_with_what_speaks_for_them(library) -> None:  # noqa: ANN001
    app = opened(library, "prediction")
    year(app, "prediction-until", 2006)
    shown = htmls(click(app, "Predict"))
    assert "of 100" in shown and "equally popular pairs" in shown


def test_a_pair_of_ones_own_is_judged_and_its_text_is_text(library) -> None:  # noqa: ANN001
    app = opened(library, "prediction")
    for key, text in (("prediction-a", HOSTILE), ("prediction-b", "carbon steel")):
        next(one for one in app.text_input if one.key == key).set_value(text)
    shown = htmls(click(app, "Look"))
    assert "of the pairs that are as popular" in shown
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    next(one for one in app.text_input if one.key == "prediction-b").set_value("no such thing")
    assert "No paper up to 2010 names" in htmls(click(app, "Look"))


def test_the_proof_on_the_past_is_drawn(library) -> None:  # noqa: ANN001
    app = opened(library, "prediction")
    year(app, "prediction-hide", 2006)
    shown = htmls(click(app, "Look back"))
    assert "of the time (between" in shown
    assert "likeliest links came true" in " ".join(one.value for one in app.subheader)
    assert len(app.get("vega_lite_chart")) == 2


def test_plots_show_every_figure_with_its_interval(library) -> None:  # noqa: ANN001
    done = library.backtest(2006)
    (values,) = rules_chart(done).to_dict()["datasets"].values()
    assert {one["rule"] for one in values} == {"this library", *(name.replace("_", " ") for name in done.baselines)}
    assert all(one["low"] <= one["share"] <= one["high"] for one in values)
    assert len(tenths_chart(done).to_dict()["layer"]) == 2


def test_what_cannot_be_done_is_said(library) -> None:  # noqa: ANN001
    app = opened(library, "prediction")
    year(app, "prediction-hide", 2010)
    assert "No paper is of 2011 to 2013" in click(app, "Look back").error[0].value
