"""What an amount says: its values and its unit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.quantity_values import read


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("180 MJ/m3", 180, 180, "MJ/m3"),
        ("between 5 and 10 °C", 5, 10, "°C"),
        ("5–10 °C", 5, 10, "°C"),
        ("from 284 K to 211 K", 211, 284, "K"),
        ("1.4%–3.1%", 1.4, 3.1, "%"),
        ("about 300 patients", 300, 300, "patients"),
        ("10,308 employees", 10308, 10308, "employees"),
        ("12 500 K", 12500, 12500, "K"),
        ("3,5 mm", 3.5, 3.5, "mm"),
        ("< 0.05", None, 0.05, ""),
        ("≥16", 16, None, ""),
        ("fewer than 20 mice", None, 20, "mice"),
        ("no fewer than 20 mice", 20, None, "mice"),
        ("more than 24 h", 24, None, "h"),
        ("no more than 24 h", None, 24, "h"),
        ("5 or more", 5, None, ""),
        ("over 4 weeks", 4, 4, "weeks"),
        ("over 40%", 40, None, "%"),
        ("−4 °C", -4, -4, "°C"),
        ("∼−25.9 to −26.5‰", -26.5, -25.9, "‰"),
        ("<−60‰", None, -60, "‰"),
        ("46.8% ± 1.6%", 45.2, 48.4, "%"),
        ("±5%", -5, 5, "%"),
        ("1 × 10−5 Torr", 1e-5, 1e-5, "Torr"),
        ("6 × 10^6 kg s−1", 6e6, 6e6, "kg s−1"),
        ("2·10⁻³ M", 2e-3, 2e-3, "M"),
        ("(0.28–0.42)×10-10m", 2.8e-11, 4.2e-11, "m"),
        ("10−4", 1e-4, 1e-4, ""),
        ("5.9 million", 5.9e6, 5.9e6, ""),
        ("three occasions", 3, 3, "occasions"),
        ("twenty-five mice", 25, 25, "mice"),
        ("two hundred and five", 205, 205, ""),
        ("a dozen eggs", 12, 12, "eggs"),
        ("1/20", 0.05, 0.05, ""),
        ("2-year", 2, 2, "year"),
        ("1, 5, 10, 20 and 50 μg/L", 1, 50, "μg/L"),
        ("1.3 ± 0.5 wt.%", 0.8, 1.8, "wt.%"),
        ("6 November 2011", 2011, 2011, ""),
        ("$300", 300, 300, "$"),
        ("30 m s−1", 30, 30, "m s−1"),
    ],
)
def test_values_and_unit(text: str, low: float | None, high: float | None, unit: str) -> None:
    assert read(text) == (low, high, unit)


@pytest.mark.parametrize(
    "text", ["60 × 10 × 3 mm3", "1:10", "room temperature", "several hundred", "10 s to 5 min", ""]
)
def test_what_is_no_stretch_of_one_scale_has_no_values(text: str) -> None:
    assert read(text)[:2] == (None, None)


@given(st.text(alphabet="0123456789.,−–-±×^ ()%/<>≤~°µmKg⁻² toandrlesh", max_size=40))
def test_values_are_in_order_and_the_unit_quotes(text: str) -> None:
    low, high, unit = read(text)
    assert low is None or high is None or low <= high
    assert unit in text


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["to", "–", "and"]))
def test_two_whole_numbers_bound_an_amount(one: int, other: int, joint: str) -> None:
    joined = f"between {one} and {other} K" if joint == "and" else f"{one} {joint} {other} K"
    assert read(joined) == (min(one, other), max(one, other), "K")


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    low, high, _ = read(text)
    assert low is None or high is None or low <= high
