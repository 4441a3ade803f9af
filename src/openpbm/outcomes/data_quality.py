"""How much of what was asked for is written down, and everything a reader must know about it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np

from openpbm.course.gaps import expected_days, longest_gap, observed_days
from openpbm.course.records import Course, Mark
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.diary_change import ROUNDING_SD
from openpbm.outcomes.measure import Measure
from openpbm.outcomes.phases import Phases
from openpbm.outcomes.recorded_value import score_marks

__all__ = ["data_quality"]


def data_quality(course: Course, phases: Phases, measures: Sequence[Measure], doubts: Sequence[str]) -> dict[str, Any]:
    """Completeness of the diary from the asked-for baseline to the checkpoint, its longest gap, and all marks.

    doubts : what was doubtful about lines of events and of the timeline
    Days are counted by the calendar, so that a blank line is worth no more than no line.
    """
    asked_from = phases.began - dt.timedelta(days=int(outcome_limit("baseline_days")))
    rated = [row.date for row in course.diary if row.severity is not None]
    expected = expected_days(asked_from, phases.as_of)
    observed = observed_days(rated, asked_from, phases.as_of)
    doubtful = [Mark(id="doubtful_line", text=text) for text in doubts]
    marks = [*course.marks, *_marks(course, phases, measures), *doubtful]
    return {
        "completeness": observed / expected if expected else None,
        "diary": {
            "expected_days": expected,
            "observed_days": observed,
            "longest_gap_days": longest_gap(rated, asked_from, phases.as_of),
            "baseline_days": observed_days(rated, phases.baseline[0], phases.began),
        },
        "scores": [
            {"scale": m.scale.id, "version": m.version, "baseline": m.counts[0], "recent": m.counts[1]}
            for m in measures
            if m.source == "scores"
        ],
        "marks": [{"id": mark.id, "text": mark.text} for mark in marks],
    }


def _marks(course: Course, phases: Phases, measures: Sequence[Measure]) -> list[Mark]:
    return [
        *_later_rows(course, phases),
        *_late_start(course, phases),
        *_silence(phases),
        *(mark for m in measures for mark in (*_baseline(m), *_unequal_spread(m))),
        *score_marks(course.scores),
    ]


def _later_rows(course: Course, phases: Phases) -> list[Mark]:
    grace = dt.timedelta(days=int(outcome_limit("score_grace_days")))
    later = {
        "sessions": [r.date for r in course.sessions if r.date >= phases.as_of],
        "diary": [r.date for r in course.diary if r.date >= phases.as_of],
        "scores": [r.date for r in course.scores if r.date > phases.as_of + grace],
        "events": [r.date for r in course.events if r.date > phases.as_of],
        "timeline": [r.date for r in course.timeline if r.date > phases.as_of],
    }
    return [
        Mark(
            id="after_the_checkpoint",
            text=f"{name}.csv: {len(dates)} lines dated after this checkpoint ({phases.as_of}), up to {max(dates)}, "
            "are not used",
        )
        for name, dates in later.items()
        if dates
    ]


def _late_start(course: Course, phases: Phases) -> list[Mark]:
    days = (phases.began - course.plan.start_date).days
    if abs(days) <= outcome_limit("late_start_days"):
        return []
    side = "after" if days > 0 else "before"
    text = f"the first session was on {phases.began}, {abs(days)} days {side} the planned start"
    return [Mark(id="start_moved", text=f"{text}; weeks are counted from the plan")]


def _silence(phases: Phases) -> list[Mark]:
    """The last days known to be under light end before the checkpoint, and light has not been said to have stopped."""
    if phases.off is not None or phases.last_given is None or phases.recent[1] >= phases.as_of - dt.timedelta(days=1):
        return []
    text = (
        f"no session is written down after {phases.last_given}: the last days of light known end on {phases.recent[1]}"
    )
    return [Mark(id="light_unknown", text=text)]


def _baseline(measure: Measure) -> list[Mark]:
    if measure.source != "scores" or measure.counts[0] != 1:
        return []
    text = (
        f"{measure.scale.id}: the baseline is a single score. If it is the screening score that led to treatment, it "
        f"was taken on a bad day, and a fall{_expected_drift(measure)} follows without any treatment; take two scores "
        "a week apart"
    )
    return [Mark(id="baseline_may_be_screening_score", text=text)]


def _unequal_spread(measure: Measure) -> list[Mark]:
    """Intervals take the days to be as restless before light as under it; where that fails they are wrong."""
    spreads = [_spread([r.value for r in measure.readings if r.phase == phase]) for phase in ("baseline", "recent")]
    low, high = min(spreads), max(spreads)
    if measure.source != "diary" or measure.lacking or high <= outcome_limit("unequal_spread") * low:
        return []
    text = (
        f"{measure.scale.id}: days scatter by {spreads[0]:.2g} points before light and {spreads[1]:.2g} now; intervals "
        "that take them as alike are too narrow or too wide"
    )
    return [Mark(id="unequal_spread", text=text)]


def _spread(values: Sequence[float]) -> float:
    """Standard deviation, never less than what rounding to whole numbers leaves."""
    return max(float(np.std(values, ddof=1)), ROUNDING_SD) if len(values) > 1 else ROUNDING_SD


def _expected_drift(measure: Measure) -> str:
    """What regression to the mean alone would do, where the scale's reliability and a usual mean are known."""
    reliability, sham = measure.scale.reliability, measure.scale.sham_course
    if reliability is None or sham is None:
        return ""
    sem = reliability.sd * (1.0 - reliability.test_retest) ** 0.5
    return f" of up to {1.96 * sem:.1f} points"
