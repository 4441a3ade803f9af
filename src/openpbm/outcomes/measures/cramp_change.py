"""Cramps as a measure that can decide: how many a week before light and in the last days of light."""

from __future__ import annotations

import math
from collections.abc import Set
from datetime import date

from openpbm.course.records import Course
from openpbm.facts.scales import scales
from openpbm.outcomes.measures.cramps import CrampReport, cramp_counts, cramp_report
from openpbm.outcomes.measures.measure import LogRatio, Measure, Phase, Reading
from openpbm.outcomes.measures.phases import Phases

__all__ = ["CRAMP_SCALE", "cramp_measure"]

#: The count of a week, from the lines of single cramps.
CRAMP_SCALE = "cramp_diary"
_HALF = math.log(0.5)
#: Probabilities are kept this far from certainty: beyond it the normal scores are noise.
_LEAST_PROBABILITY = 1e-9


def cramp_measure(course: Course, phases: Phases, active: Set[date] = frozenset()) -> Measure:
    """Cramps a week as a measure; its probabilities are those of the rate ratio, not of a t test on counts.

    active : days of real light where active and sham periods took turns; they then stand in for the recent days
    """
    report = cramp_report(course, phases, active)
    before, recent = _rate(report, "baseline"), _rate(report, "recent")
    ratio = None if report is None else _log_ratio(report)
    counted = cramp_counts(course, phases)
    off = [count for day, count in counted.items() if phases.off and phases.off[0] <= day <= phases.off[1]]
    readings = tuple(_reading(day, count, phases, active) for day, count in counted.items())
    phase_names = [reading.phase for reading in readings]
    return Measure(
        scale=scales[CRAMP_SCALE],
        source="cramps",
        version=scales[CRAMP_SCALE].version,
        estimate=recent - before,
        standard_error=math.nan if ratio is None else abs(before) * ratio.standard_error,
        degrees_of_freedom=math.nan if ratio is None else ratio.degrees_of_freedom,
        rho=math.nan,
        baseline_mean=before,
        recent_mean=recent,
        off_mean=7.0 * sum(off) / len(off) if off else math.nan,
        counts=(phase_names.count("baseline"), phase_names.count("recent"), len(off)),
        days_due=0,
        insufficient_reason=_insufficient_reason(report),
        readings=readings,
        log_ratio=ratio,
    )


def _rate(report: CrampReport | None, phase: str) -> float:
    if report is None:
        return math.nan
    part = report["baseline"] if phase == "baseline" else report["recent"]
    rate = part["cramps_per_week"]
    return math.nan if rate is None else rate


def _log_ratio(report: CrampReport) -> LogRatio | None:
    """The logarithm of the rate ratio as a t distribution; None where the ratio cannot be had."""
    ratio = report["rate_ratio"]
    value, interval = ratio["value"], ratio["interval_90"]
    fewer, halved = ratio["probability_fewer"], ratio["probability_halved"]
    if value is None or interval is None or fewer is None or halved is None:
        return None
    from scipy.stats import norm, t

    freedom = float(report["baseline"]["days_known"] + report["recent"]["days_known"] - 2)
    if value > 0.0:
        half_width = 0.5 * (math.log(interval[1]) - math.log(interval[0]))
        return LogRatio(
            estimate=math.log(value),
            standard_error=half_width / float(t.ppf(0.95, freedom)),
            degrees_of_freedom=freedom,
        )
    # Without a cramp left the logarithm is minus infinity. A normal through the two published chances stands in.
    chances = [min(max(p, _LEAST_PROBABILITY), 1.0 - _LEAST_PROBABILITY) for p in (fewer, halved)]
    at_one, at_half = (float(norm.ppf(chance)) for chance in chances)
    error = -_HALF / max(at_one - at_half, 0.1)
    return LogRatio(estimate=-at_one * error, standard_error=error, degrees_of_freedom=1e6)


def _insufficient_reason(report: CrampReport | None) -> str:
    if report is None:
        return "no cramp is written down"
    # None before the light is no lack of data: there was no room to improve, which `Measure` says by itself.
    if report["baseline"]["cramps"] == 0 and report["baseline"]["days_known"] and report["recent"]["days_known"]:
        return ""
    return report["rate_ratio"]["reason"]


def _reading(day: date, count: int, phases: Phases, active: Set[date]) -> Reading:
    return Reading(date=day, value=float(count), phase=_phase(day, phases, active))


def _phase(day: date, phases: Phases, active: Set[date]) -> Phase:
    if phases.baseline[0] <= day <= phases.baseline[1]:
        return "baseline"
    if day in active or (not active and phases.recent[0] <= day <= phases.recent[1]):
        return "recent"
    if phases.off is not None and phases.off[0] <= day <= phases.off[1]:
        return "off"
    return "light" if phases.began <= day <= phases.recent[1] else ""
