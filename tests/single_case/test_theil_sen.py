"""Theil-Sen slope against an independent implementation and its closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import theilslopes

from openpbm.single_case import theil_sen_slope


@pytest.mark.parametrize("seed", range(5))
def test_scipy_finds_the_same_slope(seed: int) -> None:
    """scipy.stats.theilslopes, on uneven times and rounded values with ties."""
    random = np.random.default_rng(seed)
    time = np.sort(random.choice(60, size=13, replace=False)).astype(float)
    values = np.round(random.normal(size=13), 1)
    assert theil_sen_slope(time, values) == pytest.approx(theilslopes(values, time).slope, abs=1e-14)


def test_parker_2011_phases_by_hand() -> None:
    """By hand: 0, 1, 5 at days 0, 1, 2 have pair slopes 1, 4 and 2.5, so 2.5."""
    assert theil_sen_slope([0, 1, 2], [0, 1, 5]) == 2.5


def test_one_day_has_no_slope() -> None:
    """Property: no two different times, no slope."""
    assert theil_sen_slope([3], [1]) is None
    assert theil_sen_slope([], []) is None
    assert theil_sen_slope([3, 3], [1, 2]) is None
