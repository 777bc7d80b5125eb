"""Which stretches of a text are amounts."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.quantities import quantities
from ingest.extract.quantity_spans import Spans


def found(text: str) -> list[str]:
    return [text[one.start : one.end] for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("The silk had a toughness of 180 MJ/m3.", ["180 MJ/m3"]),
        ("Samples were stored at 4 °C for 24 h before use.", ["4 °C", "24 h"]),
        ("The difference was significant (p < 0.05).", ["< 0.05"]),
        ("The film was 3.2 ± 0.4 μm thick.", ["3.2 ± 0.4 μm"]),
        ("Growth was seen between 5 and 10 °C.", ["between 5 and 10 °C"]),
        ("Yields rose by 12% in dry years.", ["12%"]),
        ("Pores of 5–10 nm were seen.", ["5–10 nm"]),
        ("The mass was less than 2.5 kg.", ["less than 2.5 kg"]),
        ("Particles move at 30 m s−1.", ["30 m s−1"]),
    ],
)
def test_amounts_are_found_whole(text: str, amounts: list[str]) -> None:
    assert found(text) == amounts


@pytest.mark.parametrize(
    "text",
    [
        "Similar results were reported earlier [12,13].",
        "The structure is shown in Fig. 3.",
        "Water is H2O and rust is Fe2O3.",
        "Iron oxidises in moist air.",
        "",
    ],
)
def test_numbers_that_measure_nothing_are_no_amounts(text: str) -> None:
    assert found(text) == []


def test_neither_half_of_between_or_of_a_tolerance_stands_alone() -> None:
    assert "100%" not in found("The ice volume was between 60% and 100% of the present one.")
    assert "0.25‰" not in found("The mean was 1.23±0.25‰ in all runs.")


def test_an_amount_has_its_values_and_its_unit() -> None:
    (amount,) = quantities("Growth was seen between 5 and 10 °C.")
    assert (amount.low, amount.high, amount.unit) == (5, 10, "°C")
    assert 0 < amount.confidence <= 1


PIECES = st.sampled_from(
    "5 10 0.05 3,000 1999 × 10 ± – to between and ( ) [ ] , . ; < ≥ ∼ % °C μm m s−1 MJ/m3 patients three hundred fold "
    "p = Fig. the silk over 24 h wt.% 1/20 10−4 room temperature".split()
)


@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_amounts_quote_the_text_in_order_and_apart(text: str) -> None:
    amounts = quantities(text)
    last = 0
    for one in amounts:
        assert last <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == text[one.start : one.end].strip()
        assert one.low is None or one.high is None or one.low <= one.high
        assert one.unit in text[one.start : one.end]
        assert 0 <= one.confidence <= 1
        last = one.end


@given(st.text(max_size=80))
def test_any_text_can_be_looked_through(text: str) -> None:
    for one in quantities(text):
        assert 0 <= one.start < one.end <= len(text)


@given(st.lists(PIECES, max_size=25).map(" ".join))
def test_candidates_differ_and_hold_a_number(text: str) -> None:
    spans = Spans(text)
    candidates = spans.candidates()
    assert len({(one.first, one.after) for one in candidates}) == len(candidates)
    for one in candidates:
        low, high = spans.numbers[one.low], spans.numbers[one.high]
        assert one.first <= low.first < high.after <= one.after <= len(spans.words)


def test_a_long_table_of_numbers_is_read_in_reasonable_time() -> None:
    rows: Sequence[str] = [f"{row} {row * 3}.5 ± 0.{row % 9 + 1} mm, {row}–{row + 4} °C" for row in range(400)]
    assert quantities("\n".join(rows))
