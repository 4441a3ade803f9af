"""A questionnaire as a measure: means of several scores, held against the measurement error the scale is known for."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np

from openpbm.course.records import RecordedScore
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.scales import Scale, followed_parts, has_total, scales
from openpbm.outcomes.measures.measure import Measure, Phase, Reading
from openpbm.outcomes.measures.phases import Phases
from openpbm.outcomes.measures.recorded_value import part_value, score_value
from openpbm.outcomes.measures.reliability import ROUNDING_SD, least_error_of_change

__all__ = ["score_measures"]

#: A published error of measurement comes from some tens of people; so many degrees of freedom keep that doubt.
_ERROR_FREEDOM = 30.0
#: From so many degrees of freedom on a person's own scatter stands in for an unpublished error.
_LEAST_OWN_FREEDOM = 3


def score_measures(rows: Sequence[RecordedScore], phases: Phases) -> tuple[Measure, ...]:
    """One measure for every scale, part and version written down that may be followed; never two on one line.

    A part is a measure of its own where its error is held: its thresholds speak of it and of nothing else.
    """
    lines: dict[tuple[str, str], list[RecordedScore]] = defaultdict(list)
    for row in rows:
        lines[row.scale, row.version or scales[row.scale].version].append(row)
    found: list[Measure] = []
    for id, version in sorted(lines):
        scale, filled = scales[id], lines[id, version]
        if not scale.for_change or scale.is_change:
            continue
        if has_total(scale):
            found.append(_measure(scale, version, [(row.date, score_value(row)) for row in filled], phases))
        for part in followed_parts(scale):
            values = [(row.date, part_value(row, part.id)) for row in filled]
            # A form that was given as its total alone says nothing of its parts, and no part is missed in it.
            if any(value is not None for _, value in values):
                found.append(_measure(part, version, values, phases))
    return tuple(found)


def _measure(of: Scale, version: str, dated: Sequence[tuple[dt.date, float | None]], phases: Phases) -> Measure:
    readings = [
        Reading(date=date, value=value, phase=_phase(date, phases, _recent_days(of)))
        for date, value in dated
        if value is not None
    ]
    readings.sort(key=lambda reading: (reading.date, reading.value))
    values = {name: [r.value for r in readings if r.phase == name] for name in ("baseline", "recent", "off")}
    estimate, error, freedom = _change(of, values["baseline"], values["recent"])
    counts = (len(values["baseline"]), len(values["recent"]), len(values["off"]))
    return Measure(
        scale=of,
        source="scores",
        version=version,
        estimate=estimate,
        standard_error=error,
        degrees_of_freedom=freedom,
        rho=math.nan,
        baseline_mean=_mean(values["baseline"]),
        recent_mean=_mean(values["recent"]),
        off_mean=_mean(values["off"]),
        counts=counts,
        days_due=0,
        insufficient_reason=_insufficient_reason(of, counts, values),
        readings=tuple(readings),
    )


def _recent_days(of: Scale) -> int:
    """How far back scores of the last days of light reach: two forms that ask about long spans must not overlap."""
    return max(int(outcome_limit("recent_score_days")), int(2 * (of.recall_days or 0)) - 1)


def _phase(date: dt.date, phases: Phases, recent_days: int) -> Phase:
    """A score of the first day, before the lamp was lit, is baseline; a late one still belongs to its week."""
    grace = dt.timedelta(days=int(outcome_limit("score_grace_days")))
    if date > phases.as_of + grace:
        return ""
    if date <= phases.began - dt.timedelta(days=int(outcome_limit("oldest_baseline_days")) + 1):
        return ""
    if date <= phases.began:
        return "baseline"
    if date <= phases.recent[1] - dt.timedelta(days=recent_days):
        return "light"
    if date <= phases.recent[1] + grace:
        return "recent"
    # Between the carry-over of the last session and the days without light a score belongs to neither.
    if phases.off is None or date < phases.off[0]:
        return ""
    return "off"


def _change(of: Scale, before: Sequence[float], recent: Sequence[float]) -> tuple[float, float, float]:
    """Difference of the means, its error and that error's degrees of freedom; nan where there is none."""
    if not before or not recent:
        return math.nan, math.nan, math.nan
    estimate = _mean(recent) - _mean(before)
    root = math.sqrt(1.0 / len(before) + 1.0 / len(recent))
    own, freedom = _scatter(before, recent)
    held = least_error_of_change(of, len(before), len(recent), level=_mean(before))
    # The held error or this person's own scatter, whichever is larger: the wider interval is the safe one.
    if _error_is_known(of):
        return estimate, max(held, own * root), _ERROR_FREEDOM
    if not freedom:
        return estimate, math.nan, math.nan
    # Weeks lean on each other, so the scatter between them is smaller than the error and is widened by half.
    return estimate, max(held, own * outcome_limit("own_scatter_factor") * root), freedom


def _error_is_known(of: Scale) -> bool:
    """Whether somebody measured how far two scores of an unchanged person lie apart; our own assumption is not that."""
    return of.reliability is not None and of.reliability.kind != "assumed"


def _scatter(before: Sequence[float], recent: Sequence[float]) -> tuple[float, float]:
    """Pooled standard deviation inside the phases, never below rounding, with its degrees of freedom; else 0, 0."""
    freedom = len(before) + len(recent) - 2
    if freedom < _LEAST_OWN_FREEDOM:
        return 0.0, 0.0
    squares = sum(float(np.sum((np.array(part) - _mean(part)) ** 2)) for part in (before, recent))
    return max(math.sqrt(squares / freedom), ROUNDING_SD), float(freedom)


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else math.nan


def _insufficient_reason(of: Scale, counts: tuple[int, int, int], values: Mapping[str, Sequence[float]]) -> str:
    least = int(outcome_limit("least_recent_scores"))
    if of.decides_from_week is None:
        return of.no_verdict
    if counts[0] == 0:
        return f"no {of.id} score from before the first session"
    if counts[1] < least:
        return (
            f"{counts[1]} {of.id} score in the last weeks of light, at least {least} needed: one score proves nothing"
        )
    if not _error_is_known(of) and counts[0] + counts[1] - 2 < _LEAST_OWN_FREEDOM:
        seen, enough = counts[0] + counts[1], _LEAST_OWN_FREEDOM + 2
        return f"the measurement error of {of.id} is not known here, and {seen} scores cannot show it; {enough} can"
    # Scores that never move look as if they had no error at all. At the best value they just had no room to move.
    steady = all(len(set(values[name])) == 1 for name in ("baseline", "recent"))
    if of.reliability is None and steady and set(values["baseline"]) != {_best(of)}:
        return f"the measurement error of {of.id} is not known here, and scores that never vary cannot show it"
    return ""


def _best(of: Scale) -> float | None:
    if of.direction == "lower":
        return of.minimum
    return of.maximum
