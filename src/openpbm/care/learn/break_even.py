"""When a lamp at home is cheaper than sessions in a clinic, maintenance sessions and new lamps counted."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

__all__ = ["Advance", "BreakEven", "Prices", "Schedule", "break_even", "clinic_total", "home_total", "session_weeks"]

WEEKS_PER_YEAR = 365.25 / 7
# Sums of money that differ by less than this are the same.
PENNY = 0.005


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """What each way costs, in one currency.

    clinic_session, travel : each time
    own_hour : what an hour of one's own time is worth
    clinic_minutes, home_minutes : own time for one session, travel or set-up included [min]
    lamp : price of a lamp; lamp_life_years : after so long it is bought again [years]
    """

    clinic_session: float
    travel: float
    own_hour: float
    clinic_minutes: float
    home_minutes: float
    lamp: float
    lamp_life_years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """A course of so many sessions a week for some weeks, then maintenance, as far ahead as one looks."""

    sessions_per_week: float
    course_weeks: float
    maintenance_per_week: float
    years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Advance:
    """Where both ways stand after so many sessions; `week` counts from the first session."""

    sessions: int
    week: float
    clinic: float
    home: float

    @property
    def month(self) -> float:
        """Months since the first session, to one place."""
        return round(self.week * 12 / WEEKS_PER_YEAR, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """After how many sessions a lamp is cheaper; None when it is not, as far ahead as one looks.

    first : cheaper for the first time; lasting : cheaper from then on, which a lamp bought again may put off
    course, end : where both stand when the course ends, and at the end of what was looked at
    """

    first: Advance | None
    lasting: Advance | None
    course: Advance
    end: Advance


def session_weeks(schedule: Schedule) -> list[float]:
    """The week in which each session falls, the first at 0.

    >>> session_weeks(Schedule(sessions_per_week=2, course_weeks=2, maintenance_per_week=1, years=0.1))
    [0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0]
    """
    horizon = schedule.years * WEEKS_PER_YEAR
    # The product of two floats may lie a hair above a whole number, which must not add a session.
    course = math.ceil(schedule.sessions_per_week * schedule.course_weeks - 1e-9)
    weeks = [number / schedule.sessions_per_week for number in range(course)]
    if schedule.maintenance_per_week > 0:
        every = 1 / schedule.maintenance_per_week
        following = (schedule.course_weeks + number * every for number in itertools.count())
        weeks.extend(itertools.takewhile(lambda week: week < horizon, following))
    return weeks


def clinic_total(prices: Prices, sessions: int) -> float:
    """What so many sessions in a clinic cost, travel and own time included.

    >>> prices = Prices(clinic_session=75, travel=10, own_hour=0, clinic_minutes=90, home_minutes=35, lamp=500,
    ...                 lamp_life_years=4)
    >>> clinic_total(prices, 6)
    510.0
    """
    each = prices.clinic_session + prices.travel + prices.own_hour * prices.clinic_minutes / 60
    return float(sessions * each)


def home_total(prices: Prices, sessions: int, week: float) -> float:
    """What so many sessions at home cost by that week: own time, and every lamp bought so far.

    >>> prices = Prices(clinic_session=75, travel=10, own_hour=0, clinic_minutes=90, home_minutes=35, lamp=500,
    ...                 lamp_life_years=4)
    >>> home_total(prices, 6, week=2), home_total(prices, 300, week=210)
    (500.0, 1000.0)
    """
    lamps = 1 + math.floor(week / (prices.lamp_life_years * WEEKS_PER_YEAR) + 1e-9)
    return float(lamps * prices.lamp + sessions * prices.own_hour * prices.home_minutes / 60)


def break_even(prices: Prices, schedule: Schedule) -> BreakEven:
    """After how many sessions a lamp of one's own has cost less than the same sessions in a clinic.

    Electricity is left out (some cents a session), and so is what a session is worth when light does not help.

    >>> prices = Prices(clinic_session=75, travel=10, own_hour=0, clinic_minutes=90, home_minutes=35, lamp=500,
    ...                 lamp_life_years=4)
    >>> schedule = Schedule(sessions_per_week=3, course_weeks=6, maintenance_per_week=1, years=2)
    >>> break_even(prices, schedule).lasting.sessions
    6
    """
    steps = [
        Advance(
            sessions=number,
            week=week,
            clinic=clinic_total(prices, number),
            home=home_total(prices, number, week),
        )
        for number, week in enumerate(session_weeks(schedule), start=1)
    ]
    cheaper = [step.home < step.clinic - PENNY for step in steps]
    # Counted from the end: a lamp bought again can make home dearer for a while after it was cheaper.
    not_after = len(cheaper) - next((at for at, good in enumerate(reversed(cheaper)) if not good), len(cheaper))
    in_course = sum(step.week < schedule.course_weeks for step in steps)
    return BreakEven(
        first=next((step for step, good in zip(steps, cheaper, strict=True) if good), None),
        lasting=steps[not_after] if not_after < len(steps) else None,
        course=steps[in_course - 1],
        end=steps[-1],
    )
