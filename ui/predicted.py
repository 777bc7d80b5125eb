"""Predictions and their proof on the past: what the commands read, and what people see of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kg.errors import UsageError
from ui import batches
from ui.terminal import one_line, say, write, write_json_lines, write_table

if TYPE_CHECKING:
    from kg.library import Library
    from kg.prediction import Score
    from kg.prediction.backtest import Backtest

_SHOWN = 2  # reasons of each pair on a screen


def pairs(library: Library, source: str, until: int, quiet: bool) -> int:
    """Scores the pairs of a file (`-`: stdin), each a line `{a, b}`, and writes a line for each in the same order: its
    score, or `{id, error}` for one that is no pair. Returns the exit status."""
    lines = list(batches.read(source, ["a", "b"]))
    asked = [(line["a"], line["b"]) for line, error in lines if error is None]
    scores = iter(library.predict(asked, until=until))

    def told() -> Iterator[dict[str, Any]]:
        for line, error in lines:
            named = {"id": line["id"]} if "id" in line else {}
            yield named | ({"error": error} if error is not None else next(scores).as_json())

    write_json_lines(told())
    failed = sum(error is not None for _, error in lines)
    if failed and not quiet:
        say(f"{failed} of {len(lines)} lines could not be read: see `error` in their answers.")
    return 1 if failed else 0


def only_one(top: int | None, source: str | None) -> None:
    """Raises UsageError when both a number of pairs and a file of them were given."""
    if top is not None and source is not None:
        raise UsageError("--top and --pairs were both given: ask for the likeliest pairs, or for some of your own.")


def draw(found: Sequence[Score]) -> None:
    """The likeliest pairs as a table, with what speaks for each."""
    write_table(
        ["concept", "and", "score", "percentile", "why"],
        [
            (one.a, one.b, f"{one.score:.2f}", f"{one.percentile:.0f}", one_line("; ".join(one.reasons[:_SHOWN])))
            for one in found
            if one.score is not None and one.percentile is not None
        ],
        numbers=["score", "percentile"],
    )
    if not found:
        write("Every pair of concepts that fits together is named in a paper already.")


def draw_backtest(one: Backtest) -> None:
    """The figures with their intervals, then each prediction and what became of it."""
    write(
        f"{one.papers:,} papers up to {one.until}, {one.later:,} of the {one.horizon} years after it. "
        f"Of {one.concepts:,} concepts, {one.met:,} pairs met for the first time; "
        f"{one.positives:,} of them were judged against others."
    )
    rows = [("this library's predictor", one.figures), *((_words(name), told) for name, told in one.baselines.items())]
    write_table(
        ["judged by", "AUC", "95 %", "equally popular", "95 % "],
        [
            (
                name,
                f"{told.auc:.3f}",
                _between(told.auc_interval),
                f"{told.matched:.3f}",
                _between(told.matched_interval),
            )
            for name, told in rows
        ],
    )
    write(
        "Over the best of the simple rules, among equally popular pairs: "
        f"{one.gain:+.3f} {_between(one.gain_interval)}."
    )
    write_table(
        ["of the best", "met", "95 %"],
        [
            (f"{k:,}", f"{100 * share:.0f} %", _between(one.figures.precision_intervals[k]))
            for k, share in one.figures.precision.items()
        ],
    )
    came = sum(each.came for each in one.outcomes)
    write(f"\nOf the {len(one.outcomes)} links that it would have named in {one.until}, {came} came true:")
    for each in one.outcomes:
        told = each.prediction
        mark = "+" if each.came else "-"
        where = f" ({each.paper.key}, {each.paper.year})" if each.paper is not None else ""
        write(one_line(f"{mark} {told.a} – {told.b}{where}"))
        for quote in each.quotes:
            write(f"    “{one_line(quote.quote)}”")


def _between(interval: tuple[float, float]) -> str:
    return f"[{interval[0]:.3f} {interval[1]:.3f}]"


def _words(name: str) -> str:
    return name.replace("_", " ")
