"""The sequence of our own against SciPy's, and how even it is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats.qmc import Sobol, discrepancy

from openpbm.tissue.draw import MOST_AXES, _direction_numbers, sobol


def test_direction_numbers_are_those_of_scipy() -> None:
    """Joe and Kuo 2008: without a shift, 1,024 points of 32 axes are SciPy's, in another order."""
    assert MOST_AXES == 32
    theirs = Sobol(MOST_AXES, scramble=False).random_base2(10)
    bits = (np.arange(1024)[:, None] >> np.arange(10) & 1).astype(bool)
    ours = np.zeros((1024, MOST_AXES), dtype=np.int64)
    for place in range(10):
        ours ^= np.where(bits[:, place, None], _direction_numbers()[:, place], 0)
    order, other = np.argsort(ours[:, 0]), np.argsort(theirs[:, 0])
    assert (ours[order] / 2**30 == theirs[other]).all()


@pytest.mark.parametrize("count", [40, 100, 400, 1000])
def test_points_are_more_even_than_chance(count: int) -> None:
    """Centred discrepancy of the first six axes under half that of random points."""
    even, random = sobol(count, 24, seed=3)[:, :6], np.random.default_rng(3).random((count, 6))
    assert discrepancy(even) < 0.5 * discrepancy(random)
    assert ((even > 0) & (even < 1)).all()


def test_an_axis_more_changes_none_before_it() -> None:
    assert (sobol(64, 5, seed=2) == sobol(64, 9, seed=2)[:, :5]).all()
    assert (sobol(64, 5, seed=2) != sobol(64, 5, seed=4)).any()


def test_one_point_is_a_point() -> None:
    assert sobol(1, 4, seed=0).shape == (1, 4)
