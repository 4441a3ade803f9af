"""Which days of a course are before, under and after light, as seen from one checkpoint."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from openpbm.course.records import Course, TimelineChange
from openpbm.delivery import FIRST_WORD_DAYS, follows_another, lit_days
from openpbm.errors import BadInput, Problem
from openpbm.facts.checkpoint_rules import Stage, outcome_limit
from openpbm.facts.timeline_kinds import timeline_action, timeline_kind

__all__ = ["Phases", "find_phases", "phases_on"]

_LATEST_WEEK = 520


@dataclass(frozen=True, slots=True, kw_only=True)
class Phases:
    """Dates, first and last included.

    as_of : the checkpoint's day; sessions count that were due before it, ratings of the days before it
    began : day of the first session given, else the planned start
    last_given : day of the last session given by then, None where none is written down
    baseline, recent : (first, last) before light, and the last days of light
    off : (first, last) without light once it has stopped, else None
    reached : (first, last) the last days of the light of an earlier course, which this one is to keep up; None where
        this is the first
    """

    week: int
    stage: Stage
    as_of: dt.date
    began: dt.date
    last_given: dt.date | None
    baseline: tuple[dt.date, dt.date]
    recent: tuple[dt.date, dt.date]
    off: tuple[dt.date, dt.date] | None
    reached: tuple[dt.date, dt.date] | None = None


def find_phases(course: Course, week: int) -> Phases:
    """The phases of `course` at the checkpoint of that week, counted from the plan's start.

    Raises BadInput for a week that is none.
    """
    if not 1 <= week <= _LATEST_WEEK:
        raise BadInput(
            Problem(
                key=f"--week {week}",
                message=f"a checkpoint lies in weeks 1 to {_LATEST_WEEK}",
                remedy="the usual ones are 2, 4, 6, 12",
            )
        )
    return _phases(course, week, course.plan.start_date + dt.timedelta(weeks=week))


def phases_on(course: Course, day: dt.date) -> Phases:
    """The phases as of any day, for what is asked of the record between two checkpoints; week 0 before the start."""
    return _phases(course, max(0, (day - course.plan.start_date).days // 7), day)


def _phases(course: Course, week: int, as_of: dt.date) -> Phases:
    given = [day for day in lit_days(course) if day < as_of]
    # From the first light and not from the plan: a late start would put days before light among those under it.
    began = given[0] if given else course.plan.start_date
    last_given = given[-1] if given else None
    stopped = last_given is not None and _has_stopped(course, last_given, as_of)
    day_before = as_of - dt.timedelta(days=1)
    end = day_before if last_given is None else min(day_before, last_given + _carry_over(stopped))
    recent_first = max(began, end - dt.timedelta(days=int(outcome_limit("recent_days")) - 1))
    earliest = min((row.date for row in course.diary), default=began)
    asked_for = began - dt.timedelta(days=int(outcome_limit("baseline_days")))
    baseline_first = max(
        min(earliest, asked_for), began - dt.timedelta(days=int(outcome_limit("oldest_baseline_days")))
    )
    reached = _reached(course, began)
    return Phases(
        week=week,
        stage=_stage(week, (as_of - began).days, stopped=stopped, follows=reached is not None),
        as_of=as_of,
        began=began,
        last_given=last_given,
        baseline=(baseline_first, began - dt.timedelta(days=1)),
        recent=(recent_first, end),
        off=_off(last_given, day_before) if stopped and last_given is not None else None,
        reached=reached,
    )


def _reached(course: Course, began: dt.date) -> tuple[dt.date, dt.date] | None:
    """The last days of light before a plan that follows another; None where the light began with this one."""
    if not follows_another(course):
        return None
    start = course.plan.start_date
    last_lit = max(day for day in lit_days(course) if day < start)
    last = min(last_lit + _carry_over(stopped=True), start - dt.timedelta(days=1))
    return max(began, last - dt.timedelta(days=int(outcome_limit("recent_score_days")) - 1)), last


def _has_stopped(course: Course, last_given: dt.date, as_of: dt.date) -> bool:
    """Whether light has really stopped: nothing given for two weeks, and nothing due that nobody wrote about.

    A due session without a line is unknown, not missed, so it proves no stop while the plan still runs; a planned
    pause that is written down does.
    """
    if (as_of - last_given).days < outcome_limit("off_days"):
        return False
    if any(pause_begins(row) and last_given <= row.date <= as_of for row in course.timeline):
        return True
    written = {row.date for row in course.sessions}
    week_before = as_of - dt.timedelta(days=7)
    still_due = [s.date for s in course.plan.schedule.sessions if last_given < s.date < as_of]
    return all(day in written for day in still_due) or all(day < week_before for day in still_due)


def pause_begins(row: TimelineChange) -> bool:
    """Whether a line of the timeline says that the light was stopped, as a planned pause is written."""
    kind, action = timeline_kind(row.kind), timeline_action(row.action)
    return kind is not None and kind.id == "light" and action is not None and action.id == "stop"


def _carry_over(stopped: bool) -> dt.timedelta:
    """How long after the last session written down the days still count as under light.

    Without a further line nobody knows whether light went on, so the days that count end here too, only a little later.
    """
    return dt.timedelta(days=int(outcome_limit("carry_over_days" if stopped else "longest_pause_days")))


def _stage(week: int, days_since_first: int, *, stopped: bool, follows: bool) -> Stage:
    """Nothing is said of success before four weeks from the first light, also where light has stopped by then."""
    # A few days of grace, so that a first session a day late does not push week 4 back into silence.
    if not follows and (week < 4 or days_since_first < FIRST_WORD_DAYS - outcome_limit("late_start_days")):
        return "safety"
    if stopped:
        return "after"
    if follows:
        return "maintenance"
    if week < 6:
        return "first_look"
    return "verdict" if week < 12 else "long"


def _off(last_given: dt.date, day_before: dt.date) -> tuple[dt.date, dt.date] | None:
    """Days without light once what the last session carried over is gone."""
    first = last_given + dt.timedelta(days=int(outcome_limit("off_days")))
    return (first, day_before) if first <= day_before else None
