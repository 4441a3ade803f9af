"""Slope of a series as the median over all pairs of points: a few strange days hardly move it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["theil_sen_slope"]

Floats = NDArray[np.float64]


def theil_sen_slope(time: ArrayLike, values: ArrayLike) -> float | None:
    """Median of (y_j - y_i) / (t_j - t_i) over all pairs with different times, in value per unit of time.

    time, values : (n,) finite
    None when no two times differ.

    >>> theil_sen_slope([0, 1, 2, 3, 4], [1, 3, 5, 7, 60])
    2.0
    """
    times, numbers = np.asarray(time, dtype=np.float64), np.asarray(values, dtype=np.float64)
    first, second = np.triu_indices(times.size, k=1)
    gaps = times[second] - times[first]
    apart = gaps != 0.0
    if not np.any(apart):
        return None
    return float(np.median((numbers[second] - numbers[first])[apart] / gaps[apart]))
