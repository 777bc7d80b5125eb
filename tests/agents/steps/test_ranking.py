from __future__ import annotations

import math

import pytest

from agents.steps.ranking import bradley_terry, chances, hop_strength, interval, path_strength, telling
from kg.model import Path
from kg.paths import paths
from kg.stores.memory_store import MemoryStore
from tests.kg.made import Said, record

STEPS: list[Said] = [("oil", "decreases", "viscosity"), ("viscosity", "causes", "spasm")]


def path(*more: list[Said]) -> Path:
    store = MemoryStore([record(f"p{number}", *said) for number, said in enumerate((STEPS, *more))])
    return paths(store, "oil", "spasm")[0]


def test_a_hop_is_as_strong_as_the_support_to_be_expected() -> None:
    assert hop_strength(1, 0) == pytest.approx(2 / 3)
    assert hop_strength(1, 0, 1) == pytest.approx(1.5 / 2.5)
    assert hop_strength(3, 1) == pytest.approx(4 / 6)
    assert path_strength(path()) == pytest.approx(2 / 3)
    assert path_strength(None) == 0.5


def test_the_interval_narrows_with_papers_and_holds_the_score() -> None:
    one, few, many = path(), path(STEPS, STEPS), path(*[STEPS] * 12)
    spans = [interval(0.6, each) for each in (one, few, many)]
    assert all(low <= 0.6 <= high for low, high in spans)
    assert spans[0] == (pytest.approx(0.6 * 0.5 / (2 / 3), abs=1e-4), 0.6)
    assert spans[2][1] - spans[2][0] < 0.15
    assert interval(0.6, many, seed=1) == interval(0.6, many, seed=1)
    assert interval(0.6, None) == (0.0, 1.0)


def test_bradley_terry_puts_the_winner_first_and_no_worth_is_without_bound() -> None:
    worth = bradley_terry(3, [(0, 1, 1.0), (0, 2, 1.0), (1, 2, 1.0)] * 5)
    assert worth[0] > worth[1] > worth[2] > 0
    assert sum(worth) == pytest.approx(1)
    assert bradley_terry(2, []) == [0.5, 0.5]
    even = bradley_terry(2, [(0, 1, 0.5), (1, 0, 0.5)])
    assert even[0] == pytest.approx(even[1])


def test_the_interval_of_a_chance_is_that_of_the_information_and_narrows_with_games() -> None:
    (low, high), other = chances([0.5, 0.5], [(0, 1, 5.0), (1, 0, 5.0)])
    # 10 games at even odds tell 2.5 of the difference, the half win and half loss of each .125: 2.625 = 1 / (4 v).
    reach = 1.959964 * (1 / (4 * 2.625)) ** 0.5
    assert (low, high) == other == (pytest.approx(1 / (1 + math.exp(reach)), abs=1e-4), pytest.approx(1 - low))
    games = [(0, 1, 1.0), (1, 2, 1.0), (0, 2, 1.0)]
    spans = [chances(bradley_terry(3, games * times), games * times) for times in (1, 3, 9)]
    widths = [[high - low for low, high in one] for one in spans]
    assert all(first > second > third for first, second, third in zip(*widths, strict=True))
    assert spans[2][0][0] > spans[2][2][1]


def test_what_is_least_known_tells_most() -> None:
    won = [(0, 1, 1.0)] * 8 + [(2, 3, 1.0)]
    pairs = [(0, 1), (0, 2), (2, 3), (1, 3)]
    worth = bradley_terry(5, won)
    assert telling([(0, 1), (2, 4)], worth, won) == [(2, 4), (0, 1)]
    chosen = telling(pairs, worth, won)
    assert len({one for pair in chosen for one in pair}) == 2 * len(chosen)
