"""The dated course: sessions before the usual onset, checkpoints at weeks 2, 4 and 6."""

from __future__ import annotations

import datetime as dt
import math

from openpbm.case import Case
from openpbm.facts.conditions import Protocol
from openpbm.planning.document import ConfoundedWeeks, PlannedCheckpoint, PlannedSession, Schedule
from openpbm.planning.overrides import NO_OVERRIDES, PlanOverrides
from openpbm.planning.session_length import SessionLength

__all__ = ["CHECKPOINTS", "DEFAULT_ONSET", "course_length", "make_schedule", "session_start"]

DEFAULT_ONSET = dt.time(21, 0)
CHECKPOINTS = {
    2: "safety and how many sessions were done; no word yet on whether it helps",
    4: "first look at the symptoms; one change at most",
    6: "the verdict: go on, stop, or see the doctor",
}
_LONGEST_COURSE_WEEKS = 6.0
# With three a week or fewer a day of rest lies between; with four, the seventh day meets the next week's first.
_DAYS_OF_WEEK = {1: (0,), 2: (0, 3), 3: (0, 2, 4), 4: (0, 2, 4, 6), 5: (0, 1, 2, 3, 4), 6: (0, 1, 2, 3, 4, 5),
                 7: (0, 1, 2, 3, 4, 5, 6)}  # fmt: skip
_IRON_IN_QUESTION = ConfoundedWeeks(
    from_week=0,
    to_week=12,
    reason="iron is unknown or being treated: light and iron cannot be told apart",
)


def course_length(protocol: Protocol, overrides: PlanOverrides = NO_OVERRIDES) -> tuple[int, int]:
    """Sessions a week and weeks: the overrides, else the protocol's fewest sessions, and weeks up to the verdict."""
    # Rounded up: whole sessions may not fall below the protocol's fewest.
    per_week = math.ceil(protocol.sessions_per_week[0])
    # The verdict falls in week 6; only a protocol that never was shorter goes on beyond it.
    weeks = math.ceil(max(protocol.weeks[0], min(protocol.weeks[1], _LONGEST_COURSE_WEEKS)))
    return overrides.sessions_per_week or per_week, overrides.weeks or weeks


def make_schedule(
    case: Case,
    protocol: Protocol,
    length: SessionLength,
    *,
    iron_in_question: bool,
    overrides: PlanOverrides = NO_OVERRIDES,
) -> Schedule:
    """Lay the sessions out from the start date, at least a day apart unless the protocol is daily."""
    start = case.course.start_date
    assert start is not None, "a case without a start date is asked for one, never planned"
    per_week, weeks = course_length(protocol, overrides)
    places = _places(case)
    positions = math.ceil(len(places) / case.device.heads)
    total = length.session_minutes * positions
    clock = session_start(case.condition.usual_onset or DEFAULT_ONSET, total)
    return Schedule(
        minutes_per_session=length.session_minutes,
        minutes_per_point=length.exposure_minutes,
        points=length.points,
        sessions_per_week=per_week,
        weeks=weeks,
        positions_per_session=positions,
        total_minutes_per_session=total,
        sessions=tuple(
            planned_session(number, day, start=start, clock=clock, places=places)
            for number, day in enumerate(_session_days(start, per_week, weeks), start=1)
        ),
        checkpoints=planned_checkpoints(start, tuple(CHECKPOINTS)),
        confounded_weeks=(_IRON_IN_QUESTION,) if iron_in_question else (),
    )


def planned_session(
    number: int, day: dt.date, *, start: dt.date, clock: dt.time | None, places: tuple[str, ...]
) -> PlannedSession:
    """One session of a course that began on `start`."""
    return PlannedSession(
        number=number,
        date=day,
        weekday=day.strftime("%A"),
        start_time=clock,
        week=1 + (day - start).days // 7,
        placements=places,
    )


def planned_checkpoints(start: dt.date, weeks: tuple[int, ...]) -> tuple[PlannedCheckpoint, ...]:
    """A checkpoint at the end of each of these weeks."""
    return tuple(
        PlannedCheckpoint(week=week, date=start + dt.timedelta(weeks=week), about=CHECKPOINTS.get(week, ""))
        for week in weeks
    )


def session_start(onset: dt.time, total_minutes: float) -> dt.time:
    """Start of a session: 1-2 h before onset and, when it can, long enough to be over an hour before it.

    An onset soon after midnight belongs to the evening before: its session keeps that evening's date.

    >>> session_start(dt.time(21, 30), 25.0)
    datetime.time(20, 0)
    >>> session_start(dt.time(0, 30), 25.0)
    datetime.time(23, 0)
    """
    ahead = min(120.0, max(90.0, 60.0 + total_minutes))
    # On the five minutes, since nobody starts at 19:46; earlier would pass two hours.
    start = math.ceil((onset.hour * 60 + onset.minute - ahead) / 5) * 5 % (24 * 60)
    return dt.time(start // 60, start % 60)


def _session_days(start: dt.date, per_week: int, weeks: int) -> list[dt.date]:
    return [start + dt.timedelta(days=7 * week + day) for week in range(weeks) for day in _DAYS_OF_WEEK[per_week]]


def _places(case: Case) -> tuple[str, ...]:
    sides = {"both": ("left", "right")}
    return tuple(f"{choice.site} {side}" for choice in case.sites for side in sides.get(choice.side, (choice.side,)))
