"""The diary as an interrupted time series, beside the verdict: step, end effect, overlap and a second opinion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openpbm.course.circadian import ClockProfile, clock_profile
from openpbm.course.records import DiaryDay
from openpbm.outcomes.measures.diary_change import daily_series
from openpbm.outcomes.measures.finite import finite_or_none as known
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import Phases

__all__ = ["analyse_series"]

#: A step and a slope in each phase ask for this many days of each.
_LEAST_DAYS = 5
#: From this probability on a slope before light, or late under it, is spoken of.
_SLOPE_PROBABILITY = 0.95


def analyse_series(diary: Sequence[DiaryDay], phases: Phases, measure: Measure) -> dict[str, Any] | None:
    """What several methods say of the same days; None where there are too few.

    Phase B ends with the recent days. `opinions_agree` is False where the local-level model and the autocorrelated one
    differ by more than a standard error.
    """
    by_day = {row.date: row.severity for row in diary if row.severity is not None}
    days, values = daily_series(by_day, phases.baseline[0], phases.recent[1])
    on = days >= (phases.began - phases.baseline[0]).days
    seen = ~np.isnan(values)
    if min(int((seen & on).sum()), int((seen & ~on).sum())) < _LEAST_DAYS:
        return None
    recent = days >= (phases.recent[0] - phases.baseline[0]).days
    return {
        "interrupted_series": _interrupted(values, int(on.argmax())),
        "overlap": _overlap(values, on),
        "local_level": _second_opinion(values, on, recent, measure),
        "slope_before": _slope_before(values[~on]),
        "late_slope": _late_slope(values[on]),
        "circadian": _circadian(diary, phases),
    }


def _interrupted(values: NDArray[np.float64], first_b: int) -> dict[str, Any]:
    from openpbm.single_case.interrupted_series import fit_series, step_and_slope_design

    fit = fit_series(values, *step_and_slope_design(len(values), first_b))
    low, high = fit.interval(0.9)
    below = fit.probability_below(0.0)
    rows = {
        name: {
            "estimate": known(fit.estimate[0, k]),
            "standard_error": known(fit.standard_error[0, k]),
            "degrees_of_freedom": known(fit.degrees_of_freedom[0, k]),
            "interval_90": [known(low[0, k]), known(high[0, k])],
            "below_zero": known(below[0, k]),
        }
        for k, name in enumerate(("step", "end_of_phase_effect"))
    }
    return {
        **rows,
        "autocorrelation": known(fit.rho[0]),
        "method": "REML, AR(1), effective degrees of freedom",
    }


def _overlap(values: NDArray[np.float64], on: NDArray[np.bool_]) -> dict[str, Any]:
    from openpbm.single_case import make_series, overlap

    found = overlap(make_series(["B" if day else "A" for day in on], values), "lower")
    return {"nap": found.nap, "tau_u": found.tau_u, "tau_bc": found.tau_bc, "note": "Tau-U has no standard error"}


def _second_opinion(
    values: NDArray[np.float64], on: NDArray[np.bool_], recent: NDArray[np.bool_], measure: Measure
) -> dict[str, Any]:
    from openpbm.single_case.local_level import local_level_change

    other = local_level_change(values, on, recent)
    return {
        "estimate": other.estimate,
        "standard_error": other.standard_error,
        "converged": other.converged,
        "reason": other.reason,
        "opinions_agree": other.agrees(measure.estimate, measure.standard_error),
    }


def _slope_before(baseline: NDArray[np.float64]) -> dict[str, Any]:
    """Getting better before any light: whatever did that may have gone on."""
    per_week, rising = _weekly_slope(baseline)
    falling = math.isfinite(rising) and 1.0 - rising >= _SLOPE_PROBABILITY
    return {
        "points_per_week": known(per_week),
        "falling": known(1.0 - rising),
        "already_improving": falling,
    }


def _late_slope(under_light: NDArray[np.float64]) -> dict[str, Any]:
    """Tolerance: symptoms creeping up again in the later half of the days under the same light."""
    per_week, rising = _weekly_slope(under_light[len(under_light) // 2 :])
    suspected = math.isfinite(rising) and rising >= _SLOPE_PROBABILITY
    return {
        "points_per_week": known(per_week),
        "rising": known(rising),
        "tolerance_suspected": suspected,
    }


def _weekly_slope(values: NDArray[np.float64]) -> tuple[float, float]:
    """Slope of some days [points a week] and P(slope > 0), nan where it cannot be told."""
    from openpbm.single_case.interrupted_series import fit_series

    day = np.arange(len(values), dtype=np.float64)
    fit = fit_series(values, np.column_stack([np.ones(len(values)), day]), np.array([[0.0, 7.0]]))
    return float(fit.estimate[0, 0]), 1.0 - float(fit.probability_below(0.0)[0, 0])


def _circadian(diary: Sequence[DiaryDay], phases: Phases) -> dict[str, Any]:
    """When symptoms begin in the day, before light and under it."""
    known = [(row.date, row.onset) for row in diary if row.onset is not None and row.date < phases.as_of]
    before = clock_profile(onset for date, onset in known if date < phases.began)
    under = clock_profile(onset for date, onset in known if date >= phases.began)
    return {"before": _clock(before), "under_light": _clock(under)}


def _clock(profile: ClockProfile) -> dict[str, Any]:
    median = None if profile.median is None else profile.median.strftime("%H:%M")
    return {"count": profile.count, "median": median, "spread_minutes": profile.spread_minutes}
