"""Two lines by least squares against statsmodels, an exact pair of lines, and what too few days cannot tell."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from openpbm.single_case import Coefficient, Piecewise, make_series, piecewise

TERMS = ("intercept", "trend", "level", "slope")


def estimates(fit: Piecewise) -> list[float | None]:
    return [getattr(fit, term).estimate for term in TERMS]


def errors(fit: Piecewise) -> list[float | None]:
    return [getattr(fit, term).standard_error for term in TERMS]


@pytest.mark.parametrize("origin", [0.0, 20000.0])
def test_statsmodels_finds_the_same(origin: float) -> None:
    """statsmodels OLS on the written-out design, with uneven times and missing days."""
    random = np.random.default_rng(3)
    time = origin + np.cumsum(random.integers(1, 4, size=20)).astype(float)
    values = random.normal(size=20)
    values[[4, 15]] = np.nan
    first = time[9]
    design = np.column_stack([np.ones(20), time - time[0], time >= first, (time - first) * (time >= first)])
    seen = ~np.isnan(values)
    oracle = sm.OLS(values[seen], design[seen].astype(float)).fit()
    fit = piecewise(make_series("A" * 9 + "B" * 11, values, time))
    assert estimates(fit) == pytest.approx(list(oracle.params), rel=1e-9, abs=1e-12)
    assert errors(fit) == pytest.approx(list(oracle.bse), rel=1e-9)


def test_two_exact_lines() -> None:
    """Closed form: y = 2 - t before, then 10 + 3 (t - 4); step 10 - (2 - 4) = 12, change of slope 4, no error."""
    values = [2 - t if t < 4 else 10 + 3 * (t - 4) for t in range(9)]
    fit = piecewise(make_series("AAAABBBBB", values))
    assert estimates(fit) == pytest.approx([2, -1, 12, 4], abs=1e-12)
    assert errors(fit) == [None, None, None, None]


@pytest.mark.parametrize(
    ("values", "exact"),
    [
        ([5.0] * 16, [5, 0, 0, 0]),
        ([0.0] * 16, [0, 0, 0, 0]),
        ([0.1 * day for day in range(16)], [0, 0.1, 0, 0]),
        ([1e6 + 0.3] * 8 + [1e6 + 2.3] * 8, [1e6 + 0.3, 0, 2, 0]),
    ],
    ids=["constant", "zeros", "one line", "far off"],
)
def test_what_is_rounding_is_zero_and_a_perfect_fit_has_no_error(values: list[float], exact: list[float]) -> None:
    """A constant series once had a trend of 2.73e-15 with a standard error of 0: as if it were known without doubt."""
    fit = piecewise(make_series("A" * 8 + "B" * 8, values))
    assert estimates(fit) == pytest.approx(exact, rel=1e-9, abs=0.0)
    assert errors(fit) == [None] * 4


def test_slope_counts_from_the_first_b_even_when_that_day_is_missing() -> None:
    """Closed form: a level line and 5 + (t - 3), whose first day is blank, step 5 at that day and not at the next."""
    fit = piecewise(make_series("AAABBBB", [0, 0, 0, np.nan, 6, 7, 8]))
    assert estimates(fit) == pytest.approx([0, 0, 5, 1], abs=1e-12)


def test_as_many_days_as_coefficients_leave_no_error() -> None:
    """Four days, four coefficients: an exact fit whose errors nobody knows."""
    fit = piecewise(make_series("AABB", [1, 2, 5, 9]))
    assert estimates(fit) == pytest.approx([1, 1, 2, 3], abs=1e-12)
    assert errors(fit) == [None, None, None, None]


def test_one_b_tells_the_step_and_no_slope() -> None:
    """One B: the change of slope cannot be told; the others are those of the line through A."""
    fit = piecewise(make_series("AAAB", [1, 2, 3.5, 9]))
    assert fit.slope == Coefficient(estimate=None, standard_error=None)
    assert estimates(fit)[:3] == pytest.approx([11 / 12, 1.25, 9 - (11 / 12 + 3.75)])
    assert None not in errors(fit)[:3]


def test_one_a_tells_the_intercept_alone() -> None:
    """One A: its value; neither trend, step nor change of slope can be told apart."""
    fit = piecewise(make_series("ABBBB", [4, 5, 7, 9, 9]))
    assert estimates(fit)[0] == pytest.approx(4)
    assert estimates(fit)[1:] == [None, None, None]
