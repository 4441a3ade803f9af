"""The change of level between the phases of one case, by REML with noise that carries over from day to day."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openpbm.single_case.series import MOST_POINTS, Series

__all__ = ["LevelChange", "level_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelChange:
    """Level of B less level of A, in the units of the values; every number None, with its reason, where there is none.

    interval_90 : central, Student's t with effective degrees of freedom
    autocorrelation : of one day to the next [-]
    """

    level: float | None
    standard_error: float | None
    degrees_of_freedom: float | None
    interval_90: tuple[float, float] | None
    autocorrelation: float | None
    reason: str = ""

    def to_dict(self) -> dict[str, object]:
        """The change as JSON."""
        return {
            "level": self.level,
            "standard_error": self.standard_error,
            "degrees_of_freedom": self.degrees_of_freedom,
            "interval_90": None if self.interval_90 is None else list(self.interval_90),
            "autocorrelation": self.autocorrelation,
            "reason": self.reason,
        }


def level_change(series: Series) -> LevelChange:
    """Fit two levels. Where all times are whole numbers a day without a row is a missing day; else rows are neighbours.

    >>> from openpbm.single_case import make_series
    >>> found = level_change(make_series("AAAAAABBBBBB", [5, 6, 5, 7, 5, 6, 3, 2, 3, 4, 2, 3]))
    >>> round(found.level, 1), found.interval_90[1] < 0
    (-2.9, True)
    """
    from openpbm.single_case.interrupted_series import fit_series

    values, on = _by_day(series)
    design = np.column_stack([np.ones(len(values)), on])
    fit = fit_series(values, design, np.array([[0.0, 1.0]]))
    level, error = float(fit.estimate[0, 0]), float(fit.standard_error[0, 0])
    if not (math.isfinite(level) and math.isfinite(error)):
        return LevelChange(
            level=None,
            standard_error=None,
            degrees_of_freedom=None,
            interval_90=None,
            autocorrelation=None,
            reason="too few values, or none that vary within a phase, so that chance cannot be measured",
        )
    low, high = fit.interval(0.9)
    return LevelChange(
        level=level,
        standard_error=error,
        degrees_of_freedom=float(fit.degrees_of_freedom[0, 0]),
        interval_90=(float(low[0, 0]), float(high[0, 0])),
        autocorrelation=float(fit.rho[0]),
    )


def _by_day(series: Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Value of each day, nan where there is none, and whether it belongs to B."""
    places = series.time - series.time[0]
    days = int(places[-1]) + 1
    if np.any(places != np.round(places)) or days > MOST_POINTS:
        places, days = np.arange(places.size, dtype=np.float64), places.size
    values = np.full(days, np.nan)
    values[places.astype(np.int64)] = series.values
    return values, (np.arange(days) >= places[series.first_b]).astype(np.float64)
