"""Power of sealed designs against closed forms, and what carry-over does to short blocks."""

from __future__ import annotations

import datetime as dt

import pytest
from scipy.stats import norm

from openpbm.single_case import BlocksPlan, DesignRequest, People, blocks_power, fewest_pairs, seal, start_power, verify

WEEKLY = BlocksPlan(pairs=5, days_per_period=7, washout_days=0)
AT_ONCE = People(autocorrelation=0.0, half_life_days=0.0)
DAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize("effect", [0.5, 1.5, 2.5])
def test_five_pairs_without_carry_over_have_their_closed_form(effect: float) -> None:
    """Only five differences of one sign reach p 0.05: Phi(effect / (SD sqrt(2/7)))^5."""
    (power,) = blocks_power(WEEKLY, AT_ONCE, [effect])
    assert power == pytest.approx(norm.cdf(effect / (2 * (2 / 7) ** 0.5)) ** 5, abs=0.03)


def test_weekly_blocks_find_little_of_an_effect_that_lasts() -> None:
    """With a half-life of 4 days five pairs of weeks have about 9 %; wash-out and longer periods bring it back."""
    (power,) = blocks_power(WEEKLY, People(), [1.5])
    assert power == pytest.approx(0.09, abs=0.025)
    found = fewest_pairs(21, People(), 1.5, 0.8)
    assert found is not None
    plan, reached = found
    assert (plan.washout_days, reached >= 0.8) == (8, True)
    assert fewest_pairs(7, People(), 1.5, 0.8) is None


def test_nothing_to_find_is_found_as_often_as_the_level_allows() -> None:
    """Exact tests: without an effect power is at most 0.05, carry-over or not."""
    (blocks,) = blocks_power(WEEKLY, People(), [0.0])
    (start,) = start_power((15, 34), 76, People(), [0.0])
    assert blocks == pytest.approx(1 / 32, abs=0.015)
    assert start == pytest.approx(0.05, abs=0.02)


def test_more_pairs_than_can_be_visited_are_drawn() -> None:
    (power,) = blocks_power(BlocksPlan(pairs=14, days_per_period=7, washout_days=0), AT_ONCE, [0.0], count=500)
    assert power == pytest.approx(0.05, abs=0.035)


def test_the_wash_out_is_sealed_and_an_older_design_has_none() -> None:
    request = DesignRequest(
        kind="blocks", first_day=DAY, made_on=DAY, blinded=False, pairs=5, days_per_period=14, half_life_days=4.0,
        washout_days=8,
    )  # fmt: skip
    design, _ = seal(request, seed=1, nonce="0" * 32)
    assert verify(design).washout_days == design["washout_days"] == 8
    assert any("left out" in note for note in design["notes"])
    with pytest.raises(Exception, match="commitment"):
        verify({**design, "washout_days": 0})
