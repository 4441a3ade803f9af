"""The clock of the symptoms and of the sessions: usual onset, its spread, how far ahead the light comes, how regular.

Times go round the clock: 23:30 and 00:30 are an hour apart and their middle is midnight.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from openpbm.course.records import DiaryDay, RecordedSession
from openpbm.planning import PlannedSession

__all__ = ["ClockProfile", "Lead", "clock_profile", "lead_before_onset", "onset_profile", "session_regularity"]

_DAY_MINUTES = 1440.0
# Times spread evenly round the clock have no middle; below this mean vector length [-] none is given.
_LEAST_CONCENTRATION = 0.1
#: A session is at its usual time when it starts within this of the person's median start [min] (our choice).
REGULAR_WITHIN_MINUTES = 60.0
#: Light is meant to start one to two hours before the usual onset [min].
LEAD_MINUTES = (60.0, 120.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockProfile:
    """Where times of day lie on the clock.

    count : times known
    median : circular median, None without times or where they lie all round the clock
    spread_minutes : median distance from it [min]
    within_hour : share of the times within 60 min of it, 0-1
    by_hour : (24,) times in each hour of the day
    """

    count: int
    median: dt.time | None
    spread_minutes: float | None
    within_hour: float | None
    by_hour: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """How long the session starts before the usual onset [min].

    state : "as meant" 60-120 min ahead, "too early", "too late" (less than an hour ahead, or after it), "unknown"
    """

    minutes: float | None
    state: Literal["as meant", "too early", "too late", "unknown"]


def clock_profile(times: Iterable[dt.time]) -> ClockProfile:
    """Median and spread round the clock; the order of the times does not matter.

    >>> clock_profile([dt.time(23, 30), dt.time(0, 30), dt.time(0, 0)]).median
    datetime.time(0, 0)
    """
    minutes = sorted(time.hour * 60 + time.minute + time.second / 60 for time in times)
    by_hour = tuple(sum(1 for value in minutes if int(value // 60) == hour) for hour in range(24))
    middle = _mean_direction(minutes)
    if middle is None:
        return ClockProfile(count=len(minutes), median=None, spread_minutes=None, within_hour=None, by_hour=by_hour)
    # Counted from the mean direction, no time lies across the cut of the clock from its neighbours.
    median = middle + statistics.median(_turn(value - middle) for value in minutes)
    distances = [abs(_turn(value - median)) for value in minutes]
    whole = round(median % _DAY_MINUTES) % int(_DAY_MINUTES)
    return ClockProfile(
        count=len(minutes),
        median=dt.time(whole // 60, whole % 60),
        spread_minutes=round(statistics.median(distances), 6),
        # A start exactly an hour off must not fall out by a rounding of the turn.
        within_hour=sum(1 for distance in distances if distance <= REGULAR_WITHIN_MINUTES + 1e-6) / len(distances),
        by_hour=by_hour,
    )


def onset_profile(diary: Iterable[DiaryDay]) -> ClockProfile:
    """The clock of the first symptoms of the day; days without an onset are left out."""
    return clock_profile(day.onset for day in diary if day.onset is not None)


def session_regularity(sessions: Iterable[RecordedSession]) -> ClockProfile:
    """The clock of the sessions that took place; `within_hour` is the index of regularity.

    One time a day: two places lit at the same session are one start.
    """
    starts: dict[dt.date, dt.time] = {}
    for row in sessions:
        if row.time is not None and row.status != "missed":
            starts[row.date] = min(row.time, starts.get(row.date, row.time))
    return clock_profile(starts.values())


def lead_before_onset(sessions: Iterable[PlannedSession], onset: dt.time | None) -> Lead:
    """How far the planned sessions start ahead of an onset, by their median start; across midnight as well.

    onset : the usual one, as of `onset_profile(...).median`; None gives "unknown"
    """
    start = clock_profile(s.start_time for s in sessions if s.start_time is not None).median
    if start is None or onset is None:
        return Lead(minutes=None, state="unknown")
    ahead = _turn(float((onset.hour - start.hour) * 60 + onset.minute - start.minute))
    least, most = LEAD_MINUTES
    if ahead < least:
        return Lead(minutes=ahead, state="too late")
    return Lead(minutes=ahead, state="as meant" if ahead <= most else "too early")


def _mean_direction(minutes: list[float]) -> float | None:
    """Direction of the mean vector [min after midnight], None where the times have none."""
    if not minutes:
        return None
    angles = [value / _DAY_MINUTES * math.tau for value in minutes]
    east = math.fsum(map(math.cos, angles)) / len(angles)
    north = math.fsum(map(math.sin, angles)) / len(angles)
    if math.hypot(east, north) < _LEAST_CONCENTRATION:
        return None
    return math.atan2(north, east) / math.tau * _DAY_MINUTES


def _turn(minutes: float) -> float:
    """The same turn of the clock from -720, included, to 720."""
    return (minutes + _DAY_MINUTES / 2) % _DAY_MINUTES - _DAY_MINUTES / 2
