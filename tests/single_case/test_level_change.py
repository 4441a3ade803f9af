"""The change of level by REML: the closed form of independent days, gaps in the days, and what cannot be told."""

from __future__ import annotations

import numpy as np
import pytest

from openpbm.single_case import level_change, make_series

VALUES = [5.0, 6.0, 5.0, 7.0, 5.0, 6.0, 5.5, 3.0, 2.0, 3.0, 4.0, 2.0, 3.0, 2.5]


def test_the_level_lies_near_the_plain_difference_and_its_interval_about_it() -> None:
    found = level_change(make_series("A" * 7 + "B" * 7, VALUES))
    assert found.level == pytest.approx(np.mean(VALUES[7:]) - np.mean(VALUES[:7]), abs=0.2)
    assert found.interval_90 is not None
    assert found.level is not None
    assert found.interval_90[0] < found.level < found.interval_90[1] < 0


def test_a_day_without_a_row_is_a_missing_day() -> None:
    """Times with a gap say the same as a blank row in its place; other times are taken in their order."""
    gap = make_series("A" * 7 + "B" * 7, VALUES, [0, 1, 2, 4, *range(5, 15)])
    blank = make_series("A" * 8 + "B" * 7, [*VALUES[:3], float("nan"), *VALUES[3:]])
    assert level_change(gap) == level_change(blank)
    odd = make_series("A" * 7 + "B" * 7, VALUES, [0.5 * n for n in range(14)])
    assert level_change(odd) == level_change(make_series("A" * 7 + "B" * 7, VALUES))


@pytest.mark.parametrize(("letters", "values"), [("AABB", [1, 2, 3, 4]), ("A" * 7 + "B" * 7, [5.0] * 7 + [3.0] * 7)])
def test_what_cannot_be_told_says_why(letters: str, values: list[float]) -> None:
    found = level_change(make_series(letters, values))
    assert found.level is None or len(values) < 5
    assert found.reason or found.interval_90


def test_interval_covers_a_known_step() -> None:
    """Simulation with known truth: step -2, neighbours alike by 0.3, 14 and 28 days; 200 people, 84-96 %."""
    chance, held = np.random.default_rng(5), 0
    for _ in range(200):
        noise = chance.standard_normal(42)
        for day in range(1, 42):
            noise[day] = 0.3 * noise[day - 1] + 0.954 * noise[day]
        interval = level_change(make_series("A" * 14 + "B" * 28, noise - 2.0 * (np.arange(42) >= 14))).interval_90
        assert interval is not None
        held += interval[0] <= -2.0 <= interval[1]
    assert 0.84 <= held / 200 <= 0.96
