"""When a scale is due: in the weeks its own row names, twice before the start, and often enough for each checkpoint.

A checkpoint gives no verdict from one score (`least_recent_scores`): one that would have no second gets it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.conditions import primary_outcomes, primary_scales
from openpbm.facts.scales import Scale, scales
from openpbm.planning import AllowedPlan

__all__ = ["DueScale", "due_at", "scale_calendar"]

_WEEK = dt.timedelta(days=7)
#: A checkpoint averages the scores of so many weeks before it, and speaks of symptoms from this week on.
_JUDGED_WEEKS = 3
_FIRST_LOOK = 4
#: A window opens so long before its day: with the days of grace it is a week, and meets the next without overlap.
_EARLY = dt.timedelta(days=2)
#: What the diary asks every day is no questionnaire.
_IN_THE_DIARY = ("daily_severity", "cramp_diary")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueScale:
    """One time a scale is due.

    week : of the course; None before it begins
    filled_on : when it was filled within its window
    """

    scale: Scale
    due_on: dt.date
    opens_on: dt.date
    closes_on: dt.date
    week: int | None
    filled_on: dt.date | None = None

    @property
    def examined(self) -> bool:
        """Whether a clinician fills it, by examining or measuring."""
        return self.scale.examined

    def state(self, today: dt.date) -> str:
        """`done`, `coming`, `due` or `missed`."""
        if self.filled_on is not None:
            return "done"
        if today < self.opens_on:
            return "coming"
        return "due" if today <= self.closes_on else "missed"


def scale_calendar(
    plan: AllowedPlan | None,
    programme: str | None,
    filled: Iterable[tuple[str, dt.date]],
    today: dt.date,
    diagnosis: str | None = None,
) -> tuple[DueScale, ...]:
    """Every time a scale of the programme is due; nothing where no programme is known.

    filled : (scale, day) of every score
    diagnosis : before a plan, the one that was named; None: the usual one of the programme
    """
    if programme is None:
        return ()
    rows = list(filled)
    calendar = []
    named = diagnosis if plan is None else plan.condition.id
    asked = primary_scales(programme) if named is None else primary_outcomes(named)
    for name in dict.fromkeys(id.partition(".")[0] for id in asked if id not in _IN_THE_DIARY):
        days = [day for id, day in rows if id == name]
        times = _before_a_plan(scales[name], days, today) if plan is None else _with_a_plan(plan, scales[name])
        calendar += [_due(scales[name], due_on, week, days) for due_on, week in times]
    return tuple(sorted(calendar, key=lambda row: (row.due_on, row.scale.id)))


def due_at(calendar: Iterable[DueScale], today: dt.date) -> list[DueScale]:
    """The rows whose window is open and that are not filled."""
    return sorted((row for row in calendar if row.state(today) == "due"), key=lambda row: (row.closes_on, row.scale.id))


def _due(of: Scale, due_on: dt.date, week: int | None, days: Sequence[dt.date]) -> DueScale:
    opens_on, closes_on = due_on - _EARLY, due_on + dt.timedelta(days=outcome_limit("score_grace_days"))
    inside = [day for day in days if opens_on <= day <= closes_on]
    return DueScale(
        scale=of,
        due_on=due_on,
        opens_on=opens_on,
        closes_on=closes_on,
        week=week,
        filled_on=min(inside, default=None),
    )


def _with_a_plan(plan: AllowedPlan, of: Scale) -> list[tuple[dt.date, int | None]]:
    """The weeks that the scale's own row names, and for a checkpoint without enough of them two more."""
    last = max(plan.checkpoint_days, default=plan.schedule.weeks)
    weeks = {week for week in of.asked_in_weeks if week <= last}
    for checkpoint in plan.checkpoint_days:
        judged = {week for week in weeks if week > 0 and checkpoint - _JUDGED_WEEKS <= week <= checkpoint}
        if checkpoint >= _FIRST_LOOK and len(judged) < outcome_limit("least_recent_scores"):
            weeks |= {checkpoint, max(1, checkpoint - _weeks_between(of))}
    before = [(plan.start_date + week * _WEEK + _EARLY, None) for week in sorted(weeks) if week < 0]
    return before + [(plan.start_date + week * _WEEK, week) for week in sorted(weeks) if week > 0]


def _before_a_plan(of: Scale, days: Sequence[dt.date], today: dt.date) -> list[tuple[dt.date, int | None]]:
    """Two scores as far apart as the scale's row says before anything is planned; older ones are no baseline."""
    recent = sorted(day for day in days if (today - day).days <= outcome_limit("oldest_baseline_days"))
    times: list[tuple[dt.date, int | None]] = [(day, None) for day in recent]
    if len(recent) < 2:
        times.append((max(today, recent[-1] + _weeks_between(of) * _WEEK) if recent else today, None))
    return times


def _weeks_between(of: Scale) -> int:
    """How far two forms lie apart, so that they do not ask about the same days."""
    return max(1, math.ceil((of.recall_days or 0) / 7))
