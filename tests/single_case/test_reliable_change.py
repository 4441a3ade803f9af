"""Reliable change against the published example of Jacobson and Truax (1991) and the recomputed IRLS rows."""

from __future__ import annotations

import numpy as np
import pytest

from openpbm.errors import BadInput
from openpbm.single_case.reliable_change import (
    minimal_detectable_change,
    regression_to_the_mean,
    reliable_change_index,
    standard_error_of_difference,
    standard_error_of_measurement,
)


def test_jacobson_and_truax_1991() -> None:
    """Published: 47.5 to 32.5, s 7.5, r 0.80 give SEM 3.354, S_diff 4.743, RCI 3.16 (improved)."""
    assert round(float(standard_error_of_measurement(7.5, 0.80)), 3) == 3.354
    assert round(float(standard_error_of_difference(7.5, 0.80)), 3) == 4.743
    assert round(float(reliable_change_index(47.5, 32.5, 7.5, 0.80, better="lower")), 2) == 3.16
    assert round(float(reliable_change_index(47.5, 32.5, 7.5, 0.80, better="higher")), 2) == -3.16


@pytest.mark.parametrize(
    ("sd", "reliability", "difference", "detectable"), [(6, 0.81, 3.70, 7.25), (5.5, 0.87, 2.80, 5.50)]
)
def test_detectable_change_of_the_irls(sd: float, reliability: float, difference: float, detectable: float) -> None:
    """Recomputed from assumed spreads: S_diff 3.70 and MDC95 7.25, or 2.80 and 5.50."""
    assert round(float(standard_error_of_difference(sd, reliability)), 2) == difference
    assert round(float(minimal_detectable_change(sd, reliability)), 2) == detectable


def test_regression_to_the_mean_of_an_extreme_first_score() -> None:
    """Closed form: 32 in a population of mean 24 with r 0.81 drifts by -1.52; at the mean, or with r 1, by nothing."""
    assert round(float(regression_to_the_mean(32.0, 24.0, 0.81)), 2) == -1.52
    assert regression_to_the_mean(24.0, 24.0, 0.5) == 0.0
    assert regression_to_the_mean(32.0, 24.0, 1.0) == 0.0


def test_arrays_give_what_their_elements_give() -> None:
    before, after = np.array([47.5, 30.0]), np.array([32.5, 31.0])
    sd, reliability = np.array([7.5, 6.0]), np.array([0.80, 0.81])
    together = reliable_change_index(before, after, sd, reliability, better="lower")
    alone = [reliable_change_index(*four, better="lower") for four in zip(before, after, sd, reliability, strict=True)]
    assert together.tolist() == alone
    assert together[1] < 0 < together[0]


@pytest.mark.parametrize(("sd", "reliability"), [(-1.0, 0.8), (6.0, 1.2), (6.0, -0.1)])
def test_impossible_spreads_and_reliabilities_are_refused(sd: float, reliability: float) -> None:
    with pytest.raises(BadInput, match=r"sd|reliability"):
        standard_error_of_measurement(sd, reliability)
