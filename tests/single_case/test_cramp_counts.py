"""Cramp counts: textbook error of a Poisson rate ratio, closed-form limit when none is left, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import t

from openpbm.errors import BadInput
from openpbm.single_case.cramp_counts import cramp_rate_ratio

EVEN = np.array([2.0, 1.0, 2.0, 3.0] * 5)  # scatters less than a Poisson count


def phases(before: int, after: int) -> np.ndarray:
    return np.repeat([False, True], [before, after])


def test_poisson_ratio_has_its_textbook_error() -> None:
    """Closed form: log ratio of the totals, standard error sqrt(1/40 + 1/20), t with 38 degrees of freedom."""
    ratio = cramp_rate_ratio(np.concatenate([EVEN, np.tile([1.0, 1.0, 2.0, 0.0], 5)]), phases(20, 20))
    error = math.sqrt(1 / 40 + 1 / 20)
    assert ratio.method == "poisson"
    assert ratio.value == pytest.approx(0.5)
    assert ratio.interval is not None
    half = t.ppf(0.95, 38) * error
    assert ratio.interval == pytest.approx((0.5 * math.exp(-half), 0.5 * math.exp(half)), rel=1e-6)
    assert ratio.probability_halved == pytest.approx(0.5, abs=1e-6)
    assert ratio.probability_below == pytest.approx(t.cdf(math.log(2) / error, 38), rel=1e-6)
    assert ratio.rates_per_day == (2.0, 1.0)


def test_clusters_widen_the_interval_and_not_the_ratio() -> None:
    """Negative binomial: equal totals, but cramps in clusters, give the same ratio and a wider interval."""
    clustered = np.concatenate([np.tile([8.0, 0.0, 0.0, 0.0], 5), np.tile([4.0, 0.0, 0.0, 0.0], 5)])
    ratio = cramp_rate_ratio(clustered, phases(20, 20))
    assert ratio.method == "negative_binomial"
    assert ratio.value == pytest.approx(0.5, rel=1e-4)
    assert ratio.dispersion is not None
    assert ratio.dispersion > 3.0
    assert ratio.interval is not None
    assert math.log(ratio.interval[1] / ratio.interval[0]) > 2 * 1.645 * math.sqrt(1 / 40 + 1 / 20) * 1.3


def test_no_cramp_left_has_the_limit_of_its_likelihood() -> None:
    """Closed form for Poisson counts: 2 * 40 log(1 + r) = 1.645^2 at the upper limit of the ratio."""
    ratio = cramp_rate_ratio(np.concatenate([EVEN, np.zeros(20)]), phases(20, 20))
    assert (ratio.value, ratio.method) == (0.0, "profile_likelihood")
    assert ratio.interval is not None
    assert ratio.interval[1] == pytest.approx(math.expm1(1.6448536**2 / 80), rel=1e-5)
    assert ratio.probability_below is not None
    assert ratio.probability_halved is not None
    assert 0.99 < ratio.probability_halved < ratio.probability_below


def test_a_missing_day_is_neither_counted_nor_zero() -> None:
    counts = np.concatenate([EVEN, EVEN / 1.0])
    holes = np.concatenate([counts, np.full(10, np.nan)])
    whole, holed = cramp_rate_ratio(counts, phases(20, 20)), cramp_rate_ratio(holes, phases(20, 30))
    assert whole == holed
    assert whole.days == (20.0, 20.0)
    zeroed = cramp_rate_ratio(np.nan_to_num(holes), phases(20, 30))
    assert zeroed.value is not None
    assert whole.value is not None
    assert zeroed.value < whole.value


def test_exposure_is_in_days() -> None:
    """Closed form: 10 cramps a fortnight before and 5 a week with light are the same rate."""
    counts = np.concatenate([np.full(6, 10.0), np.full(6, 5.0)])
    ratio = cramp_rate_ratio(counts, phases(6, 6), np.repeat([14.0, 7.0], 6))
    assert ratio.value == pytest.approx(1.0)
    assert ratio.rates_per_day == pytest.approx((10 / 14, 5 / 7))
    assert ratio.days == (84.0, 42.0)


def test_interval_covers_a_known_ratio() -> None:
    """Simulation with known truth: ratio 0.6, dispersion parameter 0.8, 14 and 28 days; 300 courses, 84-96 %."""
    chance, covered = np.random.default_rng(11), 0
    for _ in range(300):
        mean = np.where(phases(14, 28), 0.9, 1.5)
        interval = cramp_rate_ratio(chance.poisson(chance.gamma(1 / 0.8, 0.8 * mean)), phases(14, 28)).interval
        assert interval is not None
        covered += interval[0] <= 0.6 <= interval[1]
    assert 0.84 <= covered / 300 <= 0.96


@pytest.mark.parametrize(
    ("counts", "word"),
    [
        (np.zeros(20), "no cramp"),
        (np.r_[np.full(10, np.nan), np.ones(10)], "0 baseline"),
        (np.full(20, np.nan), "0 ba"),
    ],
)
def test_what_cannot_be_estimated_says_why(counts: np.ndarray, word: str) -> None:
    ratio = cramp_rate_ratio(counts, phases(10, 10))
    assert ratio.value is None
    assert ratio.interval is None
    assert ratio.probability_below is None
    assert word in ratio.reason


@pytest.mark.parametrize(
    ("counts", "exposure", "word"),
    [
        ([-1, 1], [1, 1], "whole"),
        ([0.5, 1], [1, 1], "whole"),
        ([np.inf, 1], [1, 1], "whole"),
        ([1, 1], [0, 1], "no days"),
    ],
)
def test_impossible_counts_are_refused(counts: list[float], exposure: list[float], word: str) -> None:
    with pytest.raises(BadInput, match=word):
        cramp_rate_ratio(counts, [False, True], exposure)
    with pytest.raises(BadInput, match="as many"):
        cramp_rate_ratio([1, 2, 3], [False, True])
