"""How long a wash-out takes: the closed form of exponential carry-over, and who is counted."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpbm.mechanism.washout import WASHOUT_WEEKS, left_over, washout

WEEKS = np.arange(WASHOUT_WEEKS + 1.0)
EVERYBODY = np.ones(1000, dtype=bool)
# Days in which the effect leaves, one person in each thousandth of 2 to 40.
CARRY_OVER_D = np.linspace(2.0, 40.0, 1000)
LEFT = np.exp(-np.outer(1.0 / CARRY_OVER_D, 7.0 * WEEKS))


@pytest.mark.parametrize("below", [0.05, 0.1, 0.5])
def test_weeks_are_those_of_exponential_carry_over(below: float) -> None:
    """Nine of ten have less than `below` after ln(1 / below) of the ninth decile's time."""
    expected = math.ceil(float(np.quantile(CARRY_OVER_D, 0.9)) * math.log(1.0 / below) / 7.0)
    assert washout(LEFT, EVERYBODY, below=below).weeks == expected


def test_people_in_whom_light_does_nothing_shorten_no_washout() -> None:
    nine_tenths = np.arange(1000) % 10 == 0
    silent = np.where(nine_tenths[:, None], LEFT, 0.0)
    assert washout(silent, nine_tenths, below=0.1).weeks == washout(LEFT[::10], EVERYBODY[::10], below=0.1).weeks
    assert washout(silent, ~EVERYBODY, below=0.1).weeks is None


def test_what_comes_back_is_not_gone_and_weights_count() -> None:
    back = np.zeros((1, WEEKS.size))
    back[0, [0, 9]] = 1.0, 0.2
    assert washout(back, EVERYBODY[:1], below=0.1).weeks == 10
    assert washout(np.ones((1, WEEKS.size)), EVERYBODY[:1], below=0.1).weeks is None
    quick = np.where(CARRY_OVER_D < 5.0, 1.0, 0.0)
    assert washout(LEFT, EVERYBODY, below=0.1, weights=quick / quick.sum()).weeks == 2


def test_what_is_left_is_a_share_of_the_most_that_there_was() -> None:
    left = left_over(np.array([[0.0, -4.0], [0.0, 0.0]]), np.array([[-2.0, -1.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(left, [[0.5, 0.25], [0.0, 0.0]])
