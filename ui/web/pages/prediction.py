"""Prediction: which concepts are likely to meet, how a pair of one's own stands, and what predictions were worth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from ui.web import frame, messages, quotes
from ui.web.served import served
from ui.web.tables import table
from ui.web.text import counted, html

if TYPE_CHECKING:
    from kg.prediction import Score
    from kg.prediction.backtest import Backtest, Outcome
    from kg.prediction.trials import Figures

_MOST = 100
_REASONS = 3
_HORIZON = 3


def page() -> None:
    """Reads the year and the wishes, and draws one of three views."""
    library = served().library
    frame.heading(
        "Prediction",
        "Which concepts are likely to meet that no paper names together yet, and what such predictions were worth.",
    )
    papers = library.papers()
    if not papers:
        messages.nothing_yet()
        return
    years = sorted({paper.year for paper in papers if paper.year is not None})
    undated = sum(paper.year is None for paper in papers)
    if not years:
        st.info(
            f"None of the {counted(len(papers), 'paper')} has a year, and predictions need to know what came first: "
            "add papers with their years, such as files from a publisher, or a corpus with `year`."
        )
        return
    if undated:
        st.caption(f"{counted(undated, 'paper')} without a year count as later than any.")
    likeliest, pair, past = st.tabs(["Likeliest links", "A pair of your own", "Proof on the past"])
    with likeliest:
        _likeliest(years)
    with pair:
        _pair(years)
    with past:
        _past(years)


def _year(name: str, years: list[int], key: str, at: int) -> int:
    return int(st.number_input(name, years[0], years[-1], years[at], key=key))


def _likeliest(years: list[int]) -> None:
    with st.form("prediction-top", border=False):
        left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
        with left:
            until = _year("From papers up to", years, "prediction-until", -1)
        most = middle.number_input("How many", 1, _MOST, 30)
        if right.form_submit_button("Predict", type="primary", width="stretch"):
            st.session_state["prediction-asked"] = until, int(most)
    asked = st.session_state.get("prediction-asked")
    if asked is not None:
        with st.spinner("Reading the papers of those years"):
            found = served().library.predict(until=asked[0], top=asked[1])
        _shown(list(found))


def _pair(years: list[int]) -> None:
    with st.form("prediction-pair", border=False):
        left, middle, year, right = st.columns([3, 3, 2, 1], vertical_alignment="bottom")
        a = left.text_input("A concept or phrase", max_chars=200, key="prediction-a")
        b = middle.text_input("Another one", max_chars=200, key="prediction-b")
        with year:
            until = _year("From papers up to", years, "prediction-pair-until", -1)
        if right.form_submit_button("Look", type="primary", width="stretch"):
            st.session_state["prediction-pair-asked"] = a.strip(), b.strip(), until
    asked = st.session_state.get("prediction-pair-asked")
    if asked is None:
        return
    if not asked[0] or not asked[1]:
        st.info("Name two concepts, or two phrases that stand in your papers.")
        return
    with st.spinner("Reading the papers of those years"):
        (one,) = served().library.predict([asked[:2]], until=asked[2])
    if one.score is None or one.percentile is None:
        st.html(f'<p class="hg-answer">{html(" ".join(one.reasons))}</p>')
        return
    st.html(
        f'<p class="hg-answer">More speaks for <strong>{html(one.a)}</strong> and <strong>{html(one.b)}</strong> than '
        f"for <strong>{one.percentile:.0f} %</strong> of the pairs that are as popular and that no paper "
        "names together.</p>"
    )
    st.html("<ul>" + "".join(f"<li>{html(reason)}</li>" for reason in one.reasons) + "</ul>")


def _shown(found: list[Score]) -> None:
    if not found:
        st.info("Every pair of concepts that fits together is named in a paper already.")
    table(
        [
            {
                "concept": one.a,
                "and": one.b,
                "score": f"{one.score:.2f}",
                "among equally popular pairs": f"{one.percentile:.0f} of 100",
                "why": "; ".join(one.reasons[:_REASONS]),
            }
            for one in found
            if one.score is not None and one.percentile is not None
        ]
    )


# The proof on the past ----------------------------------------------------------------------------------------------


def _past(years: list[int]) -> None:
    with st.form("prediction-past", border=False):
        left, middle, right = st.columns([2, 2, 1], vertical_alignment="bottom")
        before = max(years[0], years[-1] - _HORIZON)
        at = max(place for place, year in enumerate(years) if year <= before)
        with left:
            until = _year("Hide what is later than", years, "prediction-hide", at)
        horizon = middle.number_input("Years that are looked at then", 1, 20, _HORIZON)
        if right.form_submit_button("Look back", type="primary", width="stretch"):
            st.session_state["prediction-past-asked"] = until, int(horizon)
    asked = st.session_state.get("prediction-past-asked")
    if asked is not None:
        _proof(_told(*asked))


def _told(until: int, horizon: int) -> Backtest:
    """The proof; kept for when the page runs again."""
    library = served().library
    key = (str(library.address), library.info().revision, until, horizon)
    kept: tuple[Any, Backtest] | None = st.session_state.get("prediction-proof")
    if kept is not None and kept[0] == key:
        return kept[1]
    with st.spinner("Predicting as one could have then, and looking at what came"):
        done: Backtest = library.backtest(until, horizon)
    st.session_state["prediction-proof"] = key, done
    return done


def _proof(one: Backtest) -> None:
    low, high = one.figures.matched_interval
    st.html(
        f'<p class="hg-answer">In the {counted(one.horizon, "year")} after {one.until}, {one.met:,} pairs of '
        f"{one.concepts:,} concepts met for the first time. A pair that met stood above one as popular that did not "
        f"<strong>{100 * one.figures.matched:.0f} %</strong> of the time (between {100 * low:.0f} and {100 * high:.0f} "
        "%; by chance 50 %).</p>"
    )
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown("**Against the simple rules**")
        st.altair_chart(rules_chart(one), width="stretch")
        st.caption("How often a pair that met stands above one that did not. Lines are the middle 95 %.")
    with right:
        st.markdown("**The higher the score, the more pairs met**")
        st.altair_chart(tenths_chart(one), width="stretch")
        st.caption("Random unconnected pairs in tenths of their score, and the share that met.")
    precision = ", ".join(
        f"{100 * share:.0f} % of the best {k:,} ({100 * one.figures.precision_intervals[k][0]:.0f} to "
        f"{100 * one.figures.precision_intervals[k][1]:.0f} %)"
        for k, share in one.figures.precision.items()
    )
    if precision:
        st.caption(f"Among pairs that met and four times as many that did not, there met {precision}.")
    came = [each for each in one.outcomes if each.came]
    st.subheader(f"{len(came)} of the {len(one.outcomes)} likeliest links came true", anchor=False)
    for each in came:
        _came(each)
    left_out = [each.prediction for each in one.outcomes if not each.came]
    if left_out:
        with st.expander(f"{counted(len(left_out), 'link')} that did not, or not yet"):
            _shown(left_out)


def _came(one: Outcome) -> None:
    said, paper = one.prediction, one.paper
    when = "" if paper is None else f" <em>{paper.year}</em>"
    with st.container(border=True):
        st.html(f'<p class="hg-relation"><strong>{html(said.a)}</strong> and <strong>{html(said.b)}</strong>{when}</p>')
        there = {each.passage.id: each for each in served().library.store.passages(ids={q.passage for q in one.quotes})}
        for quote in one.quotes:
            if quote.passage in there:
                quotes.draw(quotes.Quote(quote.start, quote.end, there[quote.passage]))


def rules_chart(one: Backtest) -> Any:
    """Points with intervals: each rule against random pairs, and against pairs of equal popularity."""
    import altair

    told: dict[str, Figures] = {"this library": one.figures}
    told |= {name.replace("_", " "): figures for name, figures in one.baselines.items()}
    against = ("random pairs", "equally popular pairs")
    rows = [
        {"rule": name, "against": against[side], "share": share, "low": low, "high": high}
        for name, each in told.items()
        for side, (share, (low, high)) in enumerate(
            ((each.auc, each.auc_interval), (each.matched, each.matched_interval))
        )
    ]
    base = altair.Chart(altair.InlineData(rows)).encode(
        y=altair.Y("rule:N", sort=list(told), title=None, axis=altair.Axis(labelLimit=200)),
        yOffset=altair.YOffset("against:N", sort=list(against)),
        color=altair.Color("against:N", sort=list(against), legend=altair.Legend(orient="bottom", title="against")),
    )
    share = altair.X("share:Q", title="AUC (chance: .5)", scale=altair.Scale(domain=[0.4, 1.0], clamp=True))
    lines = base.mark_rule(strokeWidth=2).encode(x=altair.X("low:Q"), x2="high:Q")
    return (lines + base.mark_point(filled=True, size=70).encode(x=share)).properties(height=340)


def tenths_chart(one: Backtest) -> Any:
    """The share that met in each tenth of the score, with intervals."""
    import altair

    rows = [
        {"tenth": number, "share": each.met, "low": each.interval[0], "high": each.interval[1], "pairs": each.pairs}
        for number, each in enumerate(one.calibration, 1)
    ]
    base = altair.Chart(altair.InlineData(rows)).encode(x=altair.X("tenth:O", title="tenth of the score, from low"))
    share = altair.Y("share:Q", title="share that met", axis=altair.Axis(format="%"))
    bars = base.mark_bar().encode(y=share, tooltip=["tenth:O", "share:Q", "low:Q", "high:Q", "pairs:Q"])
    return (bars + base.mark_rule(strokeWidth=2).encode(y=altair.Y("low:Q"), y2="high:Q")).properties(height=340)


if __name__ == "__main__":
    page()
