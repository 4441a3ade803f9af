"""Interrupted time series: what changed in one person's days, with autocorrelated noise, by REML and Student's t.

The estimate is that of restricted maximum likelihood, the standard error carries the correction for an estimated
autocorrelation and the degrees of freedom are effective ones, so that an interval of 42 days means what it says.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["SeriesFit", "fit_many", "fit_series", "recent_level_design", "step_and_slope_design"]

Floats = NDArray[np.float64]

#: Where the autocorrelation of daily ratings is looked for [-]. A bound at zero would bend the estimate upward and make
#: the intervals of people without autocorrelation too wide (0.95 for 0.90 in 42 days). Close to one, the levels of
#: several stretches and a wandering mean explain the same days, and the estimate means nothing.
RHO_RANGE = (-0.5, 0.9)
_FEW = 256
_DAYS_A_LEVEL = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesFit:
    """What was estimated, one row a person; a person who cannot be fitted is nan throughout, apart from `days`.

    estimate, standard_error, degrees_of_freedom : (people, contrasts), in the units of the values
    rho : (people,) autocorrelation from one day to the next [-]
    sigma : (people,) standard deviation of the noise of a day
    log_likelihood : (people,) at the estimate, restricted where it was asked for
    days : (people,) days with a value
    """

    estimate: Floats
    standard_error: Floats
    degrees_of_freedom: Floats
    rho: Floats
    sigma: Floats
    log_likelihood: Floats
    days: Floats

    def probability_below(self, limit: float | Floats) -> Floats:
        """P(contrast < limit) under a flat prior, (people, contrasts): the t distribution about the estimate."""
        from scipy.stats import t

        scores = (limit - self.estimate) / self.standard_error
        return np.asarray(t.cdf(scores, self.degrees_of_freedom), dtype=np.float64)

    def interval(self, level: float = 0.9) -> tuple[Floats, Floats]:
        """Central interval of that probability, lower and upper, each (people, contrasts)."""
        from scipy.stats import t

        half = t.ppf(0.5 + level / 2.0, self.degrees_of_freedom) * self.standard_error
        return self.estimate - half, self.estimate + half


def step_and_slope_design(days: int, first_b: int) -> tuple[Floats, Floats]:
    """Design (days, 4) of level, trend, step and change of slope, and its contrasts (2, 4).

    The contrasts are the step at the first day of phase B, and the effect at the end: the last day against the
    continued line of phase A. `first_b` counts from 0.

    >>> step_and_slope_design(5, 3)[1].tolist()
    [[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, 1.0]]
    """
    day = np.arange(days, dtype=np.float64)
    on = (day >= first_b).astype(np.float64)
    design = np.column_stack([np.ones(days), day - first_b, on, on * (day - first_b)])
    return design, np.array([[0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 1.0, days - 1.0 - first_b]])


def recent_level_design(recent: NDArray[np.bool_], between: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Design (days, columns) of the baseline's level, the recent days' level, one a fortnight between; a contrast.

    recent, between : (days,) which days belong to which, all others are baseline; the contrast is recent - baseline.
    Days between have a level a fortnight: with a single one, a response that comes slowly or late would be read as
    autocorrelation and drown the change.
    """
    day = np.arange(len(recent))
    # Without days between, argmax is 0, and no level is made of any fortnight.
    fortnight = (day - int(np.argmax(between))) // _DAYS_A_LEVEL
    levels = [between & (fortnight == number) for number in np.unique(fortnight[between])]
    columns = [np.ones(len(recent)), recent.astype(np.float64), *(level.astype(np.float64) for level in levels)]
    design = np.column_stack(columns)
    contrast = np.zeros((1, design.shape[1]))
    contrast[0, 1] = 1.0
    return design, contrast


def fit_many(
    values: Floats,
    design: Floats,
    contrasts: Floats,
    *,
    restricted: bool = True,
    rho_range: tuple[float, float] = RHO_RANGE,
    threads: int = 1,
) -> SeriesFit:
    """Fit the same design to many people.

    values : (people, days), one column a calendar day, nan where nothing was written
    design : (days, columns); contrasts : (contrasts, columns)
    restricted : REML; False gives maximum likelihood
    Raises ValueError where the shapes do not agree.
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    design = np.ascontiguousarray(design, dtype=np.float64)
    contrasts = np.ascontiguousarray(contrasts, dtype=np.float64)
    if values.ndim != 2 or values.shape[1] != design.shape[0] or contrasts.shape[1] != design.shape[1]:
        raise ValueError(f"values {values.shape}, design {design.shape}, contrasts {contrasts.shape}: shapes disagree")
    from openpbm.single_case.autocorrelated_likelihood import fit_rows

    values, added_back = _centred(values, design, contrasts)
    out = np.empty((len(values), 4 + 3 * len(contrasts)))
    cuts = np.linspace(0, len(values), threads + 1 if len(values) > _FEW else 2, dtype=int)

    def work(k: int) -> None:
        rows = slice(cuts[k], cuts[k + 1])
        fit_rows(values[rows], design, contrasts, restricted, rho_range[0], rho_range[1], out[rows])

    shares = range(len(cuts) - 1)
    if len(shares) == 1:
        # One person's fit is shorter than the start of a thread.
        work(0)
    else:
        with ThreadPoolExecutor(max_workers=len(shares)) as pool:
            list(pool.map(work, shares))
    return SeriesFit(
        estimate=out[:, 4::3] + added_back,
        standard_error=out[:, 5::3],
        degrees_of_freedom=out[:, 6::3],
        rho=out[:, 0],
        sigma=out[:, 1],
        log_likelihood=out[:, 2],
        days=out[:, 3],
    )


def _centred(values: Floats, design: Floats, contrasts: Floats) -> tuple[Floats, Floats]:
    """Values about each person's mean, and what that mean adds to each contrast, (people, contrasts).

    Sums of squares of far-off values would lose the digits that decide about rho. Only a design that holds a constant
    can give the mean back; any other leaves the values as they are.
    """
    constant, *_ = np.linalg.lstsq(design, np.ones(len(design)), rcond=None)
    if not np.allclose(design @ constant, 1.0, atol=1e-9):
        return values, np.zeros((len(values), len(contrasts)))
    seen = ~np.isnan(values)
    mean = np.where(seen, values, 0.0).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.ascontiguousarray(values - mean[:, None]), mean[:, None] * (contrasts @ constant)[None, :]


def fit_series(values: Floats, design: Floats, contrasts: Floats) -> SeriesFit:
    """Fit one person, values (days,), by REML; the arrays of the answer keep a first axis of length 1."""
    return fit_many(np.asarray(values, dtype=np.float64)[None, :], design, contrasts)
