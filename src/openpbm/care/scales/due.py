"""When a scale is due: twice before the start, and in the two weeks that each checkpoint judges.

A checkpoint gives no verdict from one score (`least_recent_scores`), so the week before it has one as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.facts.checkpoint_rules import outcome_limit
from openpbm.facts.conditions import primary_outcomes, primary_scales
from openpbm.facts.scales import Scale, scales
from openpbm.planning import AllowedPlan

__all__ = ["DueScale", "due_at", "scale_calendar"]

_WEEK = dt.timedelta(days=7)
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
    plan: AllowedPlan | None, programme: str | None, filled: Iterable[tuple[str, dt.date]], today: dt.date
) -> tuple[DueScale, ...]:
    """Every time a scale of the programme is due; nothing where no programme is known.

    filled : (scale, day) of every score
    """
    if programme is None:
        return ()
    rows = list(filled)
    calendar = []
    asked = primary_scales(programme) if plan is None else primary_outcomes(plan.condition.id)
    for name in dict.fromkeys(id.partition(".")[0] for id in asked if id not in _IN_THE_DIARY):
        days = [day for id, day in rows if id == name]
        times = _before_a_plan(days, today) if plan is None else _with_a_plan(plan)
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


def _with_a_plan(plan: AllowedPlan) -> list[tuple[dt.date, int | None]]:
    times: dict[dt.date, int | None] = {
        plan.start_date - 2 * _WEEK + _EARLY: None,
        plan.start_date - _WEEK + _EARLY: None,
    }
    for week, date in plan.checkpoint_days.items():
        for ahead in (1, 0):
            if week - ahead > 0:
                times.setdefault(date - ahead * _WEEK, week - ahead)
    return sorted(times.items())


def _before_a_plan(days: Sequence[dt.date], today: dt.date) -> list[tuple[dt.date, int | None]]:
    """Two scores a week apart before anything is planned; older ones are no baseline."""
    recent = sorted(day for day in days if (today - day).days <= outcome_limit("oldest_baseline_days"))
    times: list[tuple[dt.date, int | None]] = [(day, None) for day in recent]
    if len(recent) < 2:
        times.append((max(today, recent[-1] + _WEEK) if recent else today, None))
    return times
