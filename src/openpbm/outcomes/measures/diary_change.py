"""The daily diary as a measure: the last days of light against the days before it, with autocorrelated noise."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from openpbm.course.records import DiaryDay
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import scales
from openpbm.outcomes.measures.measure import Measure, Reading
from openpbm.outcomes.measures.phases import Phases
from openpbm.outcomes.measures.reliability import least_error_of_change
from openpbm.single_case.interrupted_series import fit_series, recent_level_design

__all__ = ["DIARY_SCALE", "daily_series", "diary_measure"]

#: The daily 0-10 rating of the worst symptom.
DIARY_SCALE = "daily_severity"


def diary_measure(diary: Sequence[DiaryDay], phases: Phases, active: Set[dt.date] = frozenset()) -> Measure:
    """The worst symptom of the day as a measure; `insufficient_reason` says so where there are too few days.

    active : days of real light where active and sham periods took turns; they then stand in for the recent days
    """
    by_day = {row.date: row.severity for row in diary if row.severity is not None and row.date < phases.as_of}
    days, values = daily_series(by_day, phases.baseline[0], phases.recent[1])
    before = days < (phases.began - phases.baseline[0]).days
    dates = [phases.baseline[0] + dt.timedelta(days=int(day)) for day in days]
    recent = np.array([date in active if active else date >= phases.recent[0] for date in dates], dtype=np.bool_)
    seen = ~np.isnan(values)
    off = _values_between(by_day, phases.off)
    estimate, error, freedom, rho = _change(values, before, recent)
    counts = (int((seen & before).sum()), int((seen & recent).sum()), len(off))
    return Measure(
        scale=scales[DIARY_SCALE],
        source="diary",
        version=scales[DIARY_SCALE].version,
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=freedom,
        rho=rho,
        baseline_mean=_mean(values[before]),
        recent_mean=_mean(values[recent]),
        off_mean=_mean(np.array(off)),
        counts=counts,
        days_due=int(recent.sum()),
        insufficient_reason=_insufficient_reason(counts),
        readings=tuple(_reading(day, value, phases, active) for day, value in sorted(by_day.items())),
    )


def daily_series(
    by_day: Mapping[dt.date, float], first: dt.date, last: dt.date
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Day numbers 0, 1, ... from `first` to `last` and the value of each day, nan where there is none."""
    days = np.arange((last - first).days + 1)
    values = np.array([by_day.get(first + dt.timedelta(days=int(day)), math.nan) for day in days], dtype=np.float64)
    return days, values


def _change(
    values: NDArray[np.float64], before: NDArray[np.bool_], recent: NDArray[np.bool_]
) -> tuple[float, float, float, float]:
    seen = ~np.isnan(values)
    in_baseline, in_recent = int((seen & before).sum()), int((seen & recent).sum())
    if in_baseline < 2 or in_recent < 2:
        return math.nan, math.nan, math.nan, math.nan
    # The days between get a level for each fortnight: with a single one a response that comes late would be read
    # as autocorrelation.
    fit = fit_series(values, *recent_level_design(recent, seen & ~(before | recent)))
    least = least_error_of_change(scales[DIARY_SCALE], in_baseline, in_recent, daily=True)
    if not np.isfinite(fit.estimate[0, 0]):
        # A rating that never moved inside a phase has no noise to estimate: the scale's own error is all that is left.
        plain = float(np.mean(values[seen & recent]) - np.mean(values[seen & before]))
        return plain, least, float(in_baseline + in_recent - 2), math.nan
    # Ratings that hardly move make the fit too sure of itself.
    error = max(float(fit.standard_error[0, 0]), least)
    return float(fit.estimate[0, 0]), error, float(fit.degrees_of_freedom[0, 0]), float(fit.rho[0])


def _values_between(by_day: Mapping[dt.date, float], window: tuple[dt.date, dt.date] | None) -> list[float]:
    return [] if window is None else [value for day, value in by_day.items() if window[0] <= day <= window[1]]


def _mean(values: NDArray[np.float64]) -> float:
    seen = values[~np.isnan(values)]
    return float(seen.mean()) if len(seen) else math.nan


def _insufficient_reason(counts: tuple[int, int, int]) -> str:
    least_before, least_recent = int(outcome_limit("least_baseline_days")), int(outcome_limit("least_recent_days"))
    if counts[0] < least_before:
        return f"{counts[0]} days of diary before the first session, at least {least_before} needed"
    if counts[1] < least_recent:
        return f"{counts[1]} days of diary in the last days of light, at least {least_recent} needed"
    return ""


def _reading(day: dt.date, value: float, phases: Phases, active: Set[dt.date]) -> Reading:
    if phases.baseline[0] <= day <= phases.baseline[1]:
        return Reading(date=day, value=value, phase="baseline")
    if day in active or (not active and phases.recent[0] <= day <= phases.recent[1]):
        return Reading(date=day, value=value, phase="recent")
    if phases.off is not None and phases.off[0] <= day <= phases.off[1]:
        return Reading(date=day, value=value, phase="off")
    return Reading(date=day, value=value, phase="light" if phases.began <= day <= phases.recent[1] else "")
