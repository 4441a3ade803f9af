"""Cramps as a measure that can decide: how many a week before light and in the last days of light."""

from __future__ import annotations

import math
from collections.abc import Set
from datetime import date

from openpbm.course.records import Course
from openpbm.facts.scales import scales
from openpbm.outcomes.measures.cramps import CrampReport, compared_cramps, cramp_counts, cramp_report
from openpbm.outcomes.measures.measure import Measure, Phase, Reading
from openpbm.outcomes.measures.phases import Phases
from openpbm.single_case.cramp_counts import LogRatio, RateRatio, new_cramp_rate

__all__ = ["CRAMP_SCALE", "cramp_measure"]

#: The count of a week, from the lines of single cramps.
CRAMP_SCALE = "cramp_diary"
_NINETY_PERCENT_NORMAL = 1.6448536269514722  # 95th percentile of the standard normal


def cramp_measure(course: Course, phases: Phases, active: Set[date] = frozenset()) -> Measure:
    """Cramps a week as a measure; its probabilities are those of the rate ratio, not of a t test on counts.

    active : days of real light where active and sham periods took turns; they then stand in for the recent days
    """
    report = cramp_report(course, phases, active)
    before, recent = _rate(report, "baseline"), _rate(report, "recent")
    compared = compared_cramps(course, phases, active)
    ratio, last_days = None, frozenset[date]()
    if compared is not None:
        ratio, last_days = compared[1], frozenset(compared[0]["recent"])
    error, freedom = _error(ratio, before)
    if report is not None and (rise := _new_cramps(report)) is not None:
        recent, error, freedom = rise
    counted = cramp_counts(course, phases)
    off = [count for day, count in counted.items() if phases.off and phases.off[0] <= day <= phases.off[1]]
    readings = tuple(
        Reading(date=day, value=float(count), phase=_phase(day, phases, last_days)) for day, count in counted.items()
    )
    phase_names = [reading.phase for reading in readings]
    return Measure(
        scale=scales[CRAMP_SCALE],
        source="cramps",
        version=scales[CRAMP_SCALE].version,
        estimate=recent - before,
        standard_error=error,
        degrees_of_freedom=freedom,
        rho=math.nan,
        baseline_mean=before,
        recent_mean=recent,
        off_mean=7.0 * sum(off) / len(off) if off else math.nan,
        counts=(phase_names.count("baseline"), phase_names.count("recent"), len(off)),
        days_due=0,
        insufficient_reason=_insufficient_reason(report),
        readings=readings,
        ratio_chance=None if ratio is None else ratio.chance,
    )


def _rate(report: CrampReport | None, phase: str) -> float:
    if report is None:
        return math.nan
    part = report["baseline"] if phase == "baseline" else report["recent"]
    rate = part["cramps_per_week"]
    return math.nan if rate is None else rate


def _error(ratio: RateRatio | None, before: float) -> tuple[float, float]:
    """Standard error of the change in cramps a week, roughly, and its degrees of freedom; nan where there is none."""
    if ratio is None or ratio.chance is None:
        return math.nan, math.nan
    if isinstance(ratio.chance, LogRatio):
        return abs(before) * ratio.chance.standard_error, ratio.chance.degrees_of_freedom
    # Without a cramp left the distribution has one tail: the error that a normal with the same upper limit would have.
    return abs(before) * ratio.chance.interval()[1] / _NINETY_PERCENT_NORMAL, math.inf


def _new_cramps(report: CrampReport) -> tuple[float, float, float] | None:
    """Cramps a week, their error and its freedom, where none was written in the days before the light; else None.

    A ratio to nothing cannot be had, so that cramps that came under light once went unjudged. A day under light
    without any line counts as one without a cramp here: the rise is never made larger by what was not written.
    """
    baseline, light = report["baseline"], report["recent"]
    if baseline["cramps"] or not light["cramps"]:
        return None
    rise = new_cramp_rate(light["cramps"], (baseline["days_known"], light["days"]))
    if rise is None:
        return None
    rate, error = rise
    return 7.0 * rate, 7.0 * error, float(baseline["days_known"] + light["days"] - 2)


def _insufficient_reason(report: CrampReport | None) -> str:
    if report is None:
        return "no cramp is written down"
    # None before the light is no lack of data: there was no room to improve, which `Measure` says by itself.
    before, light = report["baseline"], report["recent"]
    if before["cramps"] == 0 and before["days_known"] and light["days_known"]:
        return report["rate_ratio"]["reason"] if light["cramps"] and _new_cramps(report) is None else ""
    return report["rate_ratio"]["reason"]


def _phase(day: date, phases: Phases, last_days: Set[date]) -> Phase:
    if phases.baseline[0] <= day <= phases.baseline[1]:
        return "baseline"
    if day in last_days:
        return "recent"
    if phases.off is not None and phases.off[0] <= day <= phases.off[1]:
        return "off"
    return "light" if phases.began <= day <= phases.recent[1] else ""
