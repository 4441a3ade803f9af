"""What a reader must know about the data of one checkpoint: late, thin, mixed, silent or doubtful."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from openpbm.course.mark import Mark
from openpbm.course.records import Course
from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.outcomes.measures.measure import Measure
from openpbm.outcomes.measures.phases import Phases
from openpbm.outcomes.measures.recorded_value import score_marks
from openpbm.outcomes.measures.reliability import ROUNDING_SD
from openpbm.wording import date_in_words

__all__ = ["data_marks"]


def data_marks(course: Course, phases: Phases, measures: Sequence[Measure]) -> list[Mark]:
    """Every mark of a checkpoint beyond those of the reader; what is marked is never repaired silently."""
    return [
        *_later_rows(course, phases),
        *_late_start(course, phases),
        *_silence(phases),
        *(mark for m in measures for mark in (*_baseline(m), *_unequal_spread(m))),
        *score_marks(course.scores),
        *_sources(course),
        *_back_filled(course, phases),
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
            message=f"{_lines(len(dates))} up to {date_in_words(max(dates))}, later than this checkpoint looks,"
            f" {'is' if len(dates) == 1 else 'are'} not used",
            file=f"{name}.csv",
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
    return [Mark(id="start_moved", message=f"{text}; weeks are counted from the plan")]


def _silence(phases: Phases) -> list[Mark]:
    """The last days known to be under light end before the checkpoint, and light has not been said to have stopped."""
    if phases.off is not None or phases.last_given is None or phases.recent[1] >= phases.as_of - dt.timedelta(days=1):
        return []
    text = (
        f"no session is written down after {phases.last_given}: the last days of light known end on {phases.recent[1]}"
    )
    return [Mark(id="light_unknown", message=text)]


def _baseline(measure: Measure) -> list[Mark]:
    before = [r.value for r in measure.readings if r.phase == "baseline"]
    if measure.source == "diary":
        return _thin_baseline(measure, len(before))
    if len(before) > 1 and measure.scale.id == "irls" and max(before) - min(before) > _apart():
        text = (
            f"irls: the baseline scores lie {max(before) - min(before):g} points apart; repeat before relying on them"
        )
        return [Mark(id="baseline_scores_differ", message=text)]
    if len(before) != 1:
        return []
    text = (
        f"{measure.scale.id}: the baseline is a single score. If it is the screening score that led to treatment, it "
        f"was taken on a bad day and falls without any treatment{_error(measure)}; take two scores a week apart"
    )
    return [Mark(id="baseline_may_be_screening_score", message=text)]


def _apart() -> float:
    return outcome_limit("baseline_scores_apart")


def _thin_baseline(measure: Measure, days: int) -> list[Mark]:
    if measure.insufficient_reason or days >= outcome_limit("thin_baseline_days"):
        return []
    why = "where only bad days are written down, any later day looks better"
    text = f"{measure.scale.id}: {days} days were rated before light; {why}"
    return [Mark(id="thin_baseline", message=text)]


def _sources(course: Course) -> list[Mark]:
    """Scores of one scale entered in different ways: a person and a clinician do not rate alike."""
    by_scale: dict[str, set[str]] = {}
    for row in course.scores:
        if row.source is not None:
            by_scale.setdefault(row.scale, set()).add(row.source)
    return [
        Mark(
            id="mixed_sources",
            message=f"{name}: scores come from {' and '.join(sorted(found))}, who may rate differently",
        )
        for name, found in sorted(by_scale.items())
        if len(found) > 1
    ]


def _back_filled(course: Course, phases: Phases) -> list[Mark]:
    """More than half of a phase entered from memory, days later."""
    marks = []
    for name, (first, last) in (("before light", phases.baseline), ("the last days of light", phases.recent)):
        days = [row for row in course.diary if row.severity is not None and first <= row.date <= last]
        late = [row for row in days if row.entered_at is not None and (row.entered_at.date() - row.date).days > 1]
        if len(late) > len(days) / 2:
            text = f"{len(late)} of {len(days)} days of {name} were entered later than the next day, from memory"
            marks.append(Mark(id="mostly_from_memory", message=text))
    return marks


def _unequal_spread(measure: Measure) -> list[Mark]:
    """Intervals take the days to be as restless before light as under it; where that fails they are wrong."""
    spreads = [_spread([r.value for r in measure.readings if r.phase == phase]) for phase in ("baseline", "recent")]
    low, high = min(spreads), max(spreads)
    if measure.source != "diary" or measure.insufficient_reason or high <= outcome_limit("unequal_spread") * low:
        return []
    text = (
        f"{measure.scale.id}: days scatter by {spreads[0]:.2g} points before light and {spreads[1]:.2g} now; intervals "
        "that take them as alike are too narrow or too wide"
    )
    return [Mark(id="unequal_spread", message=text)]


def _spread(values: Sequence[float]) -> float:
    """Standard deviation, never less than what rounding to whole numbers leaves."""
    return max(float(np.std(values, ddof=1)), ROUNDING_SD) if len(values) > 1 else ROUNDING_SD


def _error(measure: Measure) -> str:
    """What measurement error alone makes of one score, where it is known."""
    reliability = measure.scale.reliability
    if reliability is None:
        return ""
    error = reliability.error_at(measure.baseline_mean)
    return f" (one score is good to about {1.96 * error:.1f} points either way)"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"
