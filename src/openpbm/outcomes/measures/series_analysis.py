"""The diary as an interrupted time series, beside the verdict: step, end effect, overlap and a second opinion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict

import numpy as np
from numpy.typing import NDArray

from openpbm.course.circadian import ClockProfile, clock_profile
from openpbm.course.records import DiaryDay
from openpbm.outcomes.measures.baseline_drift import weekly_slope
from openpbm.outcomes.measures.diary_change import daily_series
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.measure import finite_or_none as known
from openpbm.outcomes.measures.phases import Phases
from openpbm.outcomes.measures.reliability import least_error_of_change

if TYPE_CHECKING:
    from openpbm.single_case.interrupted_series import SeriesFit

__all__ = ["SeriesAnalysis", "analyse_series"]

#: A step and a slope in each phase ask for this many days of each.
_LEAST_DAYS = 5
#: From this probability on a slope before light, or late under it, is spoken of.
_SLOPE_PROBABILITY = 0.95


class Effect(TypedDict):
    """One effect of the interrupted series, in points."""

    estimate: float | None
    standard_error: float | None
    degrees_of_freedom: float | None
    interval_90: list[float | None]
    below_zero: float | None


class InterruptedSeries(TypedDict):
    """The step at the first session, and the effect at the end of the recent days."""

    step: Effect
    end_of_phase_effect: Effect
    autocorrelation: float | None
    method: str


class Overlap(TypedDict):
    """How far the days under light lie beyond those before it [-]."""

    nap: float
    tau_u: float
    tau_bc: float | None
    note: str


class SecondOpinion(TypedDict):
    """The local-level model's change, P(better), and whether it agrees with the verdict's own."""

    estimate: float | None
    standard_error: float | None
    better: float | None
    converged: bool
    reason: str
    opinions_agree: bool | None


class SlopeBefore(TypedDict):
    """The slope of the days before light."""

    points_per_week: float | None
    falling: float | None
    already_improving: bool


class LateSlope(TypedDict):
    """The slope of the later half of the days under light."""

    points_per_week: float | None
    rising: float | None
    tolerance_suspected: bool


class Clock(TypedDict):
    """When symptoms begin in the day."""

    count: int
    median: str | None
    spread_minutes: float | None


class Circadian(TypedDict):
    """The same before light and under it."""

    before: Clock
    under_light: Clock


class SeriesAnalysis(TypedDict):
    """Everything several methods say of the same days."""

    interrupted_series: InterruptedSeries
    overlap: Overlap
    local_level: SecondOpinion
    slope_before: SlopeBefore
    late_slope: LateSlope
    circadian: Circadian


def analyse_series(diary: Sequence[DiaryDay], phases: Phases, measure: Measure) -> SeriesAnalysis | None:
    """What several methods say of the same days; None where there are too few.

    Phase B ends with the recent days. `opinions_agree` is False where the local-level model and the autocorrelated one
    differ by more than a standard error. No error of an effect is below that of the scale itself.
    """
    by_day = {row.date: row.severity for row in diary if row.severity is not None}
    days, values = daily_series(by_day, phases.baseline[0], phases.recent[1])
    on = days >= (phases.began - phases.baseline[0]).days
    seen = ~np.isnan(values)
    if min(int((seen & on).sum()), int((seen & ~on).sum())) < _LEAST_DAYS:
        return None
    recent = days >= (phases.recent[0] - phases.baseline[0]).days
    least = least_error_of_change(measure.scale, int((seen & ~on).sum()), int((seen & on).sum()), daily=True)
    return {
        "interrupted_series": _interrupted(values, int(on.argmax()), least),
        "overlap": _overlap(values, on),
        "local_level": _second_opinion(values, on, recent, measure, least),
        "slope_before": _slope_before(values[~on]),
        "late_slope": _late_slope(values[on]),
        "circadian": _circadian(diary, phases),
    }


def _interrupted(values: NDArray[np.float64], first_b: int, least: float) -> InterruptedSeries:
    from openpbm.single_case.interrupted_series import fit_series, step_and_slope_design

    fit = fit_series(values, *step_and_slope_design(len(values), first_b))
    fit = replace(fit, standard_error=np.maximum(fit.standard_error, least))
    return {
        "step": _effect(fit, 0),
        "end_of_phase_effect": _effect(fit, 1),
        "autocorrelation": known(fit.rho[0]),
        "method": "REML, AR(1), effective degrees of freedom",
    }


def _effect(fit: SeriesFit, k: int) -> Effect:
    low, high = fit.interval(0.9)
    return {
        "estimate": known(fit.estimate[0, k]),
        "standard_error": known(fit.standard_error[0, k]),
        "degrees_of_freedom": known(fit.degrees_of_freedom[0, k]),
        "interval_90": [known(low[0, k]), known(high[0, k])],
        "below_zero": known(fit.probability_below(0.0)[0, k]),
    }


def _overlap(values: NDArray[np.float64], on: NDArray[np.bool_]) -> Overlap:
    from openpbm.single_case import make_series, overlap

    letters = np.where(on, "B", "A").tolist()
    indices = overlap(make_series(letters, values), "lower")
    note = "Tau-U has no standard error"
    return {"nap": indices.nap, "tau_u": indices.tau_u, "tau_bc": indices.tau_bc, "note": note}


def _second_opinion(
    values: NDArray[np.float64],
    on: NDArray[np.bool_],
    recent: NDArray[np.bool_],
    measure: Measure,
    least: float,
) -> SecondOpinion:
    from openpbm.single_case.local_level import local_level_change

    other = local_level_change(values, on, recent)
    error = other.standard_error
    if error is not None:
        error = max(error, least)
    return {
        "estimate": other.estimate,
        "standard_error": error,
        "better": _chance_of_effect(other.estimate, error, measure.sign),
        "converged": other.converged,
        "reason": other.reason,
        "opinions_agree": other.agrees(measure.estimate, measure.standard_error),
    }


def _chance_of_effect(estimate: float | None, standard_error: float | None, sign: int) -> float | None:
    """P(better) where the level may have wandered anyway, its two variances taken as known."""
    if estimate is None or not standard_error:
        return None
    from scipy.stats import norm

    return float(norm.cdf(-sign * estimate / standard_error))


def _slope_before(baseline: NDArray[np.float64]) -> SlopeBefore:
    """Getting better before any light: whatever did that may have gone on."""
    per_week, rising = weekly_slope(baseline)
    falling = math.isfinite(rising) and 1.0 - rising >= _SLOPE_PROBABILITY
    return {
        "points_per_week": known(per_week),
        "falling": known(1.0 - rising),
        "already_improving": falling,
    }


def _late_slope(under_light: NDArray[np.float64]) -> LateSlope:
    """Tolerance: symptoms creeping up again in the later half of the days under the same light."""
    # The earlier half holds the response itself, whose fall would hide a later creeping up.
    per_week, rising = weekly_slope(under_light[len(under_light) // 2 :])
    suspected = math.isfinite(rising) and rising >= _SLOPE_PROBABILITY
    return {
        "points_per_week": known(per_week),
        "rising": known(rising),
        "tolerance_suspected": suspected,
    }


def _circadian(diary: Sequence[DiaryDay], phases: Phases) -> Circadian:
    """When symptoms begin in the day, before light and under it."""
    onsets = [(row.date, row.onset) for row in diary if row.onset is not None and row.date < phases.as_of]
    before = clock_profile(onset for date, onset in onsets if date < phases.began)
    under = clock_profile(onset for date, onset in onsets if date >= phases.began)
    return {"before": _clock(before), "under_light": _clock(under)}


def _clock(profile: ClockProfile) -> Clock:
    median = None if profile.median is None else profile.median.strftime("%H:%M")
    return {"count": profile.count, "median": median, "spread_minutes": profile.spread_minutes}
