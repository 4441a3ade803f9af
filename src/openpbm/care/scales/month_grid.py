"""A month of days as a grid: the rating of each day as written, and whether light was given."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from openpbm.care.scales.recent_days import level_of

__all__ = ["MonthDay", "MonthGrid", "month_grid"]

_MONTHS_BACK = 36


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthDay:
    """One day of the grid. inside : of this month and not ahead;  session : its state in words, "" for none"""

    date: dt.date
    inside: bool
    worst: float | None
    session: str

    @property
    def level(self) -> str:
        """The class that colours it."""
        return level_of(self.worst)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthGrid:
    """A month. before, after : "2026-10" of the months around it, "" where there is nothing to see"""

    first: dt.date
    weeks: tuple[tuple[MonthDay, ...], ...]
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The grid for whoever does not see it."""
        days = [day for week in self.weeks for day in week if day.inside]
        rated = [day.worst for day in days if day.worst is not None]
        lit = sum(day.session in ("done", "partly done", "extra") for day in days)
        said = f"{self.first:%B %Y}: {_days(len(rated))} rated"
        if rated:
            said += f", from {min(rated):g} to {max(rated):g} of 10, about {sum(rated) / len(rated):.0f} on average"
        return f"{said}; {_days(lit)} with light." if lit else f"{said}."


def _days(number: int) -> str:
    return f"{number} day{'s' * (number != 1)}"


def month_grid(
    month: str | None, today: dt.date, worst: Mapping[dt.date, float | None], sessions: Mapping[dt.date, str]
) -> MonthGrid:
    """The month by its name "2026-11"; where the name says nothing, this one, or before its first rating the last one.

    worst : rating of each day that was written;  sessions : state of the session of a day, in words
    """
    newest = max((day for day, rating in worst.items() if rating is not None and day <= today), default=today)
    # On the first of a month its grid would be bare: then the month before is of more use.
    first = _first(month, today, usual=max(newest, today - dt.timedelta(days=today.day)))
    weeks = calendar.Calendar().monthdatescalendar(first.year, first.month)
    before = (first - dt.timedelta(days=1)).replace(day=1)
    after = (first + dt.timedelta(days=32)).replace(day=1)
    return MonthGrid(
        first=first,
        weeks=tuple(
            tuple(
                MonthDay(
                    date=day,
                    inside=day.month == first.month and day <= today,
                    worst=worst.get(day),
                    session=sessions.get(day, ""),
                )
                for day in week
            )
            for week in weeks
        ),
        before=f"{before:%Y-%m}",
        after=f"{after:%Y-%m}" * (after <= today),
    )


def _first(month: str | None, today: dt.date, *, usual: dt.date) -> dt.date:
    try:
        first = dt.datetime.strptime(f"{month}-01", "%Y-%m-%d").date()
    except ValueError:
        return usual.replace(day=1)
    oldest = today - dt.timedelta(days=31 * _MONTHS_BACK)
    if not oldest <= first <= today:
        return usual.replace(day=1)
    return first
