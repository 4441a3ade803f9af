"""Two straight lines by ordinary least squares: level and trend before, the step and the change of slope after."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.single_case.series import Series

__all__ = ["Coefficient", "Piecewise", "piecewise"]

Floats = NDArray[np.float64]

# Share of the values' size below which a residual, or what a coefficient moves, is rounding and no finding.
_ROUNDING_SLACK = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One coefficient; None where the days there are cannot tell it.

    standard_error : None as well where no degree of freedom is left, and where the lines pass through every point:
        days without scatter say nothing of how far the next ones would lie off
    """

    estimate: float | None
    standard_error: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Piecewise:
    """Fit of y = intercept + trend t + level D + slope (t - t_B) D; D is 1 from the first B, at time t_B, on.

    intercept, level : in the units of the values; trend, slope : the same per unit of time
    The errors hold for days that are independent of each other, which days of a diary seldom are.
    """

    intercept: Coefficient
    trend: Coefficient
    level: Coefficient
    slope: Coefficient

    def to_dict(self) -> dict[str, dict[str, float | None]]:
        """The coefficients by name, each `{estimate, standard_error}`."""
        return asdict(self)


def piecewise(series: Series) -> Piecewise:
    """Fit one case. Time counts from 0 at its first row, the change of slope from 0 at its first B.

    >>> from openpbm.single_case import make_series
    >>> fit = piecewise(make_series("AAABBBB", [1, 2, 3, 10, 12, 14, 16]))
    >>> [round(c.estimate, 6) for c in (fit.intercept, fit.trend, fit.level, fit.slope)]
    [1.0, 1.0, 6.0, 1.0]
    """
    seen = series.seen
    time = (series.time - series.time[0])[seen]
    since = (series.time - series.time[series.first_b])[seen]
    after = np.where(since >= 0.0, 1.0, 0.0)
    design = np.column_stack([np.ones_like(time), time, after, since * after])
    intercept, trend, level, slope = _least_squares(design, series.values[seen])
    return Piecewise(intercept=intercept, trend=trend, level=level, slope=slope)


def _least_squares(design: Floats, values: Floats) -> list[Coefficient]:
    """Coefficients by singular values, so that those the days can tell survive beside those they cannot."""
    # Columns of one size: otherwise times in seconds would hide the step below the rank tolerance.
    size = np.linalg.norm(design, axis=0)
    size[size == 0.0] = 1.0
    left, singular, right = np.linalg.svd(design / size, full_matrices=False)
    # The same tolerance as numpy's matrix_rank.
    rank = int(np.sum(singular > singular[0] * max(design.shape) * np.finfo(np.float64).eps))
    left, singular, right = left[:, :rank], singular[:rank], right[:rank]
    estimates = right.T @ ((left.T @ values) / singular) / size
    # A coefficient is known when its axis lies wholly among the directions the days can tell.
    identified = np.sum(right**2, axis=0) > 1.0 - 1e-8
    freedom = values.size - rank
    errors = np.full(size.size, np.nan)
    residual = values - design @ estimates
    noise = _ROUNDING_SLACK * float(np.max(np.abs(values)))
    if freedom > 0 and np.max(np.abs(residual)) > noise:
        spread = float(residual @ residual) / freedom
        errors = np.sqrt(spread * np.sum((right.T / singular) ** 2, axis=1)) / size
    estimates[np.abs(estimates) * np.max(np.abs(design), axis=0) <= noise] = 0.0
    return [
        _coefficient(estimate, error, known=known)
        for estimate, error, known in zip(estimates.tolist(), errors.tolist(), identified.tolist(), strict=True)
    ]


def _coefficient(estimate: float, error: float, *, known: bool) -> Coefficient:
    # A level and a slope that the days cannot tell apart are not given, instead of one of the many pairs that fit.
    if not known:
        return Coefficient(estimate=None, standard_error=None)
    if not math.isfinite(error):
        return Coefficient(estimate=estimate, standard_error=None)
    return Coefficient(estimate=estimate, standard_error=error)
