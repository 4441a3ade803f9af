"""Cramp counts: textbook error of a Poisson rate ratio, exact limit when none is left, and coverage."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta, t

from openpbm.errors import BadInput
from openpbm.single_case.cramp_counts import LogRatio, cramp_rate_ratio

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
    assert ratio.probability_below(0.5) == pytest.approx(0.5, abs=1e-6)
    assert ratio.probability_below(1.0) == pytest.approx(t.cdf(math.log(2) / error, 38), rel=1e-6)
    assert ratio.rates_per_day == (2.0, 1.0)


def test_clusters_widen_the_interval_and_not_the_ratio() -> None:
    """Closed form: equal totals, but cramps in clusters, have an error wider by the root of their dispersion."""
    clustered = np.concatenate([np.tile([8.0, 0.0, 0.0, 0.0], 5), np.tile([4.0, 0.0, 0.0, 0.0], 5)])
    ratio = cramp_rate_ratio(clustered, phases(20, 20))
    assert (ratio.method, ratio.likeness) == ("quasi_poisson", 0.0)
    assert ratio.value == pytest.approx(0.5)
    assert ratio.dispersion is not None
    assert ratio.dispersion == pytest.approx((5 * 6**2 / 2 + 15 * 2 + 5 * 3**2 + 15) / 38)
    assert ratio.interval is not None
    half = t.ppf(0.95, 38) * math.sqrt(ratio.dispersion * (1 / 40 + 1 / 20))
    assert math.log(ratio.interval[1] / ratio.interval[0]) == pytest.approx(2 * half)


def test_bad_nights_in_a_row_widen_the_interval_more_than_the_same_nights_mixed() -> None:
    """The same counts say less where bad nights come together: there are fewer of them to learn from."""
    mixed = np.tile([4.0, 0.0, 0.0, 4.0, 0.0, 4.0, 0.0], 6)
    in_runs = np.concatenate([np.repeat([0.0, 4.0, 0.0], [6, 9, 6]), np.repeat([4.0, 0.0, 4.0], [5, 12, 4])])
    assert sorted(mixed) == sorted(in_runs)
    apart, together = (cramp_rate_ratio(counts, phases(21, 21)) for counts in (mixed, in_runs))
    assert (apart.likeness, apart.value) == (0.0, together.value)
    assert together.likeness == 0.8
    assert apart.interval is not None
    assert together.interval is not None
    assert together.interval[1] > 1.5 * apart.interval[1]


@pytest.mark.parametrize(
    ("baseline", "with_light", "limit"),
    [(EVEN, 20, None), (np.tile([1.0, 1.0, 0.0, 1.0], 4), 24, 0.189), (EVEN, 5, None)],
)
def test_no_cramp_left_has_the_exact_limit(baseline: np.ndarray, with_light: int, limit: float | None) -> None:
    """Clopper and Pearson: the upper limit once was that of the profile likelihood, 0.098 where 0.189 is exact."""
    ratio = cramp_rate_ratio(np.concatenate([baseline, np.zeros(with_light)]), phases(len(baseline), with_light))
    assert (ratio.value, ratio.method) == (0.0, "exact")
    share = beta.ppf(0.95, 1, baseline.sum())
    exact = share / (1 - share) * len(baseline) / with_light
    assert ratio.interval == pytest.approx((0.0, exact))
    assert limit is None or exact == pytest.approx(limit, abs=5e-4)
    assert ratio.probability_below(exact) == pytest.approx(0.95)


def test_no_cramp_left_after_clustered_nights_is_less_sure() -> None:
    """Twenty cramps in two bad spells tell less than twenty on twenty nights."""
    spells = np.concatenate([np.repeat([0.0, 5.0, 0.0, 5.0, 0.0], [4, 2, 4, 2, 2]), np.zeros(14)])
    ratio, even = (
        cramp_rate_ratio(spells, phases(14, 14)),
        cramp_rate_ratio(np.concatenate([np.tile([1.0, 2.0], 7)[:14], np.zeros(14)]), phases(14, 14)),
    )
    assert ratio.interval is not None
    assert even.interval is not None
    assert ratio.interval[1] > 3 * even.interval[1]


def test_nights_between_tell_of_scatter_and_move_no_rate() -> None:
    """Closed form: each fortnight between about its own mean; a few nights of another are left out."""
    outer, clusters = np.tile([1.0, 1.0, 2.0, 0.0], 5), np.tile([7.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 2)
    counts = np.concatenate([EVEN, clusters, [9.0, 9.0, 9.0, 9.0], outer])
    place = np.repeat([0, 1, 2], [20, 18, 20])
    found = cramp_rate_ratio(counts, place == 2, between=place == 1)
    alone = cramp_rate_ratio(np.concatenate([EVEN, outer]), phases(20, 20))
    assert (found.value, found.rates_per_day, found.days) == (alone.value, alone.rates_per_day, alone.days)
    assert found.dispersion is not None
    assert found.dispersion == pytest.approx((5 + 10 + 2 * 36 + 12) / (54 - 3))
    assert isinstance(found.chance, LogRatio)
    assert found.chance.degrees_of_freedom == 51
    with pytest.raises(BadInput, match="as many"):
        cramp_rate_ratio(counts, place == 2, between=[True])


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


@pytest.mark.parametrize(("alike", "least"), [(0.0, 0.86), (0.5, 0.84)])
def test_interval_covers_a_known_ratio(alike: float, least: float) -> None:
    """Simulation with known truth: ratio 0.6, variance 2.2 times the mean, neighbouring nights alike; 300 courses.

    Nights that resemble each other were once covered in 80 of 100.
    """
    chance, covered, nights = np.random.default_rng(11), 0, 42
    lag = alike ** np.abs(np.subtract.outer(np.arange(nights), np.arange(nights)))
    logs = math.sqrt(math.log1p(0.8)) * chance.standard_normal((300, nights)) @ np.linalg.cholesky(lag).T
    mean = np.where(phases(14, 28), 0.9, 1.5) * np.exp(logs - 0.5 * math.log1p(0.8))
    for counts in chance.poisson(mean):
        interval = cramp_rate_ratio(counts, phases(14, 28)).interval
        assert interval is not None
        covered += interval[0] <= 0.6 <= interval[1]
    assert least <= covered / 300 <= 0.97


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
    assert ratio.probability_below(1.0) is None
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
