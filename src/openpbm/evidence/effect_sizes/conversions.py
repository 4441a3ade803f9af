"""From what a paper prints to a mean and a standard deviation, each method by its name."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri, stdtrit

from openpbm.evidence.effect_sizes.size import Floats, as_floats

__all__ = [
    "change_sd",
    "effective_size",
    "luo_mean_from_quartiles",
    "luo_mean_from_range",
    "paired_difference_variance",
    "sd_from_interval",
    "sd_from_standard_error",
    "wan_sd_from_quartiles",
    "wan_sd_from_range",
]


def sd_from_standard_error(standard_error: ArrayLike, n: ArrayLike) -> Floats:
    """Standard deviation of a group whose mean is printed with its standard error.

    >>> round(float(sd_from_standard_error(0.4, 25)), 2)
    2.0
    """
    error, size = as_floats(standard_error, n)
    return np.asarray(error * np.sqrt(size))


def sd_from_interval(low: ArrayLike, high: ArrayLike, n: ArrayLike, level: float = 0.95) -> Floats:
    """Standard deviation of a group whose mean is printed with an interval by t, as of small groups.

    Source: `cochrane2024` chapter 6.5.2.2.
    """
    below, above, size = as_floats(low, high, n)
    return np.asarray(np.sqrt(size) * (above - below) / (2.0 * stdtrit(size - 1.0, (1.0 + level) / 2.0)))


def change_sd(sd_before: ArrayLike, sd_after: ArrayLike, correlation: ArrayLike) -> Floats:
    """Standard deviation of the change within people, from that before and after and their correlation r.

    The correlation is hardly ever printed: state the one taken, and pool again with others.

    >>> [round(float(change_sd(6.0, 6.0, r)), 2) for r in (0.3, 0.5, 0.7)]
    [7.1, 6.0, 4.65]
    """
    before, after, r = as_floats(sd_before, sd_after, correlation)
    return np.asarray(np.sqrt(before**2 + after**2 - 2.0 * r * before * after))


def paired_difference_variance(sd1: ArrayLike, sd2: ArrayLike, n: ArrayLike, correlation: ArrayLike) -> Floats:
    """Variance of a mean difference in a cross-over, where the same n people had both (`elbourne2002`)."""
    spread = change_sd(sd1, sd2, correlation)
    return np.asarray(spread**2 / np.asarray(n, float))


def effective_size(n: ArrayLike, cluster_size: ArrayLike, intracluster_correlation: ArrayLike) -> Floats:
    """People a group of clusters counts for: n over the design effect 1 + (m - 1) ICC.

    Two legs of one person are a cluster of two.   Source: `cochrane2024` chapter 23.1.4.

    >>> round(float(effective_size(80, 2, 0.6)), 1)
    50.0
    """
    people, members, icc = as_floats(n, cluster_size, intracluster_correlation)
    return np.asarray(people / (1.0 + (members - 1.0) * icc))


def luo_mean_from_range(low: ArrayLike, median: ArrayLike, high: ArrayLike, n: ArrayLike) -> Floats:
    """Mean from the median and the least and greatest value (`luo2018` eq. 7): w = 4 / (4 + n^0.75)."""
    least, middle, most, size = as_floats(low, median, high, n)
    weight = 4.0 / (4.0 + size**0.75)
    return np.asarray(weight * (least + most) / 2.0 + (1.0 - weight) * middle)


def luo_mean_from_quartiles(q1: ArrayLike, median: ArrayLike, q3: ArrayLike, n: ArrayLike) -> Floats:
    """Mean from the median and the quartiles (`luo2018` eq. 11): w = 0.7 + 0.39 / n."""
    first, middle, third, size = as_floats(q1, median, q3, n)
    weight = 0.7 + 0.39 / size
    return np.asarray(weight * (first + third) / 2.0 + (1.0 - weight) * middle)


def wan_sd_from_range(low: ArrayLike, high: ArrayLike, n: ArrayLike) -> Floats:
    """Standard deviation from the least and greatest of n values (`wan2014` eq. 9)."""
    least, most, size = as_floats(low, high, n)
    return np.asarray((most - least) / (2.0 * ndtri((size - 0.375) / (size + 0.25))))


def wan_sd_from_quartiles(q1: ArrayLike, q3: ArrayLike, n: ArrayLike) -> Floats:
    """Standard deviation from the quartiles of n values (`wan2014` eq. 16).

    >>> round(float(wan_sd_from_quartiles(40.0, 60.0, 1000)), 2)
    14.85
    """
    first, third, size = as_floats(q1, q3, n)
    return np.asarray((third - first) / (2.0 * ndtri((0.75 * size - 0.125) / (size + 0.25))))
