"""What papers print becomes a mean and a deviation: against the rules of the named papers and against drawn samples."""

from __future__ import annotations

import numpy as np
import pytest

from openpbm.evidence.effect_sizes import (
    change_sd,
    effective_size,
    luo_mean_from_quartiles,
    luo_mean_from_range,
    mean_difference,
    odds_ratio,
    paired_difference_variance,
    peto_odds_ratio,
    rate_ratio,
    ratio_of_means,
    risk_difference,
    sd_from_interval,
    sd_from_standard_error,
    standardised_mean_difference,
    wan_sd_from_quartiles,
    wan_sd_from_range,
)


@pytest.mark.parametrize("size", [15, 80])
def test_means_and_deviations_from_medians_come_near_those_of_normal_samples(size: int) -> None:
    drawn = np.random.default_rng(5).normal(50.0, 10.0, (4000, size))
    low, q1, median, q3, high = np.quantile(drawn, (0.0, 0.25, 0.5, 0.75, 1.0), axis=1)
    assert luo_mean_from_quartiles(q1, median, q3, size).mean() == pytest.approx(50.0, abs=0.1)
    assert luo_mean_from_range(low, median, high, size).mean() == pytest.approx(50.0, abs=0.1)
    assert wan_sd_from_range(low, high, size).mean() == pytest.approx(10.0, rel=0.02)
    # Quantiles of a sample are a matter of convention: with few people theirs lie a little further apart.
    assert wan_sd_from_quartiles(q1, q3, size).mean() == pytest.approx(10.0, rel=0.1)


def test_luo_takes_less_than_the_mean_of_the_extremes() -> None:
    """`luo2018`: with skewed extremes the optimal weight leans on the median more the larger the sample."""
    assert luo_mean_from_range(0.0, 10.0, 100.0, 10) > luo_mean_from_range(0.0, 10.0, 100.0, 100) > 10.0


def test_a_standard_error_and_an_interval_give_the_deviation_back() -> None:
    """Zinman 2004 printed +-0.4, which must be a standard error: the deviation is about 2.0 with 25 people."""
    assert float(sd_from_standard_error(0.4, 25)) == pytest.approx(2.0)
    half = 2.0638985 * 2.0 / 5.0
    assert float(sd_from_interval(3.0 - half, 3.0 + half, 25)) == pytest.approx(2.0, rel=1e-6)


def test_change_within_people_shrinks_with_their_correlation() -> None:
    assert float(change_sd(6.0, 6.0, 1.0)) == pytest.approx(0.0)
    assert float(paired_difference_variance(6.0, 8.0, 20, 0.5)) == pytest.approx((36 + 64 - 48) / 20)
    assert float(effective_size(80, 1, 0.6)) == 80.0


def test_one_half_goes_to_studies_with_an_empty_cell_alone() -> None:
    effect, variance = odds_ratio([0, 4], [10, 10], [3, 3], [10, 12])
    assert effect == pytest.approx(np.log([0.5 * 7.5 / (10.5 * 3.5), 4 * 9 / (6 * 3)]))
    assert variance == pytest.approx([1 / 0.5 + 1 / 10.5 + 1 / 3.5 + 1 / 7.5, 1 / 4 + 1 / 6 + 1 / 3 + 1 / 9])
    difference, spread = risk_difference(0, 10, 0, 20)
    assert float(difference) == pytest.approx(0.5 / 11 - 0.5 / 21)
    assert float(spread) > 0.0


def test_peto_adds_nothing_and_knows_nothing_of_a_study_without_events() -> None:
    """Observed less expected over the hypergeometric variance, by hand: 1 of 20 against 4 of 20."""
    effect, variance = peto_odds_ratio([1, 0], [20, 20], [4, 0], [20, 20])
    spread = 20 * 20 * 5 * 35 / (40**2 * 39)
    assert effect[0] == pytest.approx((1 - 2.5) / spread)
    assert variance[0] == pytest.approx(1 / spread)
    assert np.isnan(effect[1])
    assert np.isnan(variance[1])


def test_rates_and_ratios_of_means() -> None:
    effect, variance = rate_ratio(10, 100.0, 20, 100.0)
    assert (float(effect), float(variance)) == pytest.approx((np.log(0.5), 0.15))
    effect, variance = ratio_of_means(8.0, 2.0, 16, 10.0, 2.0, 25)
    assert (float(effect), float(variance)) == pytest.approx((np.log(0.8), 4 / (16 * 64) + 4 / (25 * 100)))


def test_the_numbers_of_metafor_for_two_means() -> None:
    """escalc of metafor 4.6.0 for 12 and 90 people: 2.0 (0.9) against 1.4 (1.3)."""
    numbers = (2.0, 0.9, 12, 1.4, 1.3, 90)
    assert mean_difference(*numbers) == pytest.approx((0.6, 0.086277777777777787))
    assert standardised_mean_difference(*numbers) == pytest.approx((0.47177727137710784, 0.095535492453209289))
