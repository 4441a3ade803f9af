"""The dated course: sessions before the usual onset, checkpoints under light and after it."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from itertools import zip_longest
from typing import Literal

import numpy as np

from openpbm.case import Case
from openpbm.facts.conditions import Protocol
from openpbm.facts.exposure import limit_value
from openpbm.facts.rules import computed
from openpbm.facts.sites import sites
from openpbm.planning.days_that_suit import chosen_hour, days_that_suit, hour_of_dialysis
from openpbm.planning.document import ConfoundedWeeks, PlannedCheckpoint, PlannedSession, Schedule
from openpbm.planning.document.plan import NO_OVERRIDES, PlanOverrides
from openpbm.planning.prescription import SessionLength, is_point_lamp
from openpbm.reason import Reason
from openpbm.safety.lamp_check import Exposure

__all__ = [
    "DEFAULT_ONSET",
    "SessionTime",
    "checkpoint_weeks",
    "course_length",
    "make_schedule",
    "positions_for",
    "positions_of",
    "session_start",
    "time_reasons",
    "together_reasons",
    "total_minutes",
]

DEFAULT_ONSET = dt.time(21, 0)
DEFAULT_BEDTIME = dt.time(22, 30)
# Of the clock [min after midnight]: nobody is woken for light, and none is given at an hour of sleep.
_EARLIEST_START, _LATEST_START = 7 * 60, 21 * 60 + 30
# Before the usual onset [min], and before bedtime.
_LEAST_AHEAD, _USUALLY_AHEAD, _MOST_AHEAD = 60.0, 90.0, 120.0
_BEFORE_BEDTIME = 30
# Of the light in the middle: less is another dose. A figure of ours.
_LEAST_AT_THE_EDGE = 0.7
_CHECKPOINTS = {
    2: "safety and how many sessions were done; no word yet on whether it helps",
    4: "first look at the symptoms; one change at most",
    6: "the verdict: go on, stop, or see the doctor",
    8: "whether it lasts, with light or without it",
    10: "whether it lasts, with light or without it",
    12: "the long look: step down and pause, stop, or see the doctor",
}
# Once the last week is over; a published relapse came within three.
_WEEKS_WITHOUT_LIGHT = 4
_WITHOUT_LIGHT = "four weeks without light: whether what was gained lasts"
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
    positions = positions_of(case)
    total = total_minutes(case, length)
    usual = session_start(case.condition.usual_onset or DEFAULT_ONSET, total, case.person.bedtime).start
    clock = case.course.session_time or usual
    named = case.course.weekdays
    days = days_that_suit(start, named, per_week) if named else _DAYS_OF_WEEK[per_week]
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
            for number, day in enumerate(_session_days(start, days, weeks), start=1)
        ),
        checkpoints=planned_checkpoints(start, checkpoint_weeks(weeks), weeks=weeks),
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


def checkpoint_weeks(weeks: int) -> tuple[int, ...]:
    """The weeks at whose end a course of so many weeks is looked at; the last may lie four weeks after its light.

    >>> checkpoint_weeks(6)
    (2, 4, 6, 8, 10, 12)
    >>> checkpoint_weeks(12)
    (2, 4, 6, 8, 10, 12, 16)
    """
    return tuple(sorted({*_CHECKPOINTS, weeks + _WEEKS_WITHOUT_LIGHT}))


def planned_checkpoints(start: dt.date, at: tuple[int, ...], *, weeks: int) -> tuple[PlannedCheckpoint, ...]:
    """A checkpoint at the end of each of these weeks. weeks: of light."""
    about = _CHECKPOINTS | {weeks + _WEEKS_WITHOUT_LIGHT: _WITHOUT_LIGHT}
    return tuple(
        PlannedCheckpoint(week=week, date=start + dt.timedelta(weeks=week), about=about.get(week, "")) for week in at
    )


@dataclass(frozen=True, slots=True)
class SessionTime:
    """When a session starts, and by which rule: before the usual onset, or before bedtime where that does not fit."""

    start: dt.time
    rule: Literal["before_onset", "before_bedtime"]


def session_start(onset: dt.time, total_minutes: float, bedtime: dt.time | None = None) -> SessionTime:
    """Start of a session, between 07:00 and 21:30, since nobody is woken for light.

    1-2 h before the usual onset where that fits and, when it can, long enough to be over an hour before it; else it
    ends half an hour before bedtime, 22:30 where none is given.

    >>> session_start(dt.time(21, 30), 25.0)
    SessionTime(start=datetime.time(20, 0), rule='before_onset')
    >>> session_start(dt.time(3, 0), 25.0, bedtime=dt.time(22, 0))
    SessionTime(start=datetime.time(21, 5), rule='before_bedtime')
    """
    at = onset.hour * 60 + onset.minute
    latest = float(_LATEST_START)
    if bedtime is not None:
        latest = min(latest, _end_by_bedtime(bedtime, total_minutes) - total_minutes)
    earliest = max(at - _MOST_AHEAD, _EARLIEST_START)
    latest = min(at - _LEAST_AHEAD, latest)
    if earliest > latest:
        end = _end_by_bedtime(bedtime or DEFAULT_BEDTIME, total_minutes)
        # Down to the five minutes: a session that starts later would run into the half hour.
        start = math.floor(max(_EARLIEST_START, min(_LATEST_START, end - total_minutes)) / 5) * 5
        return SessionTime(dt.time(start // 60, start % 60), "before_bedtime")
    ahead = max(_USUALLY_AHEAD, _LEAST_AHEAD + total_minutes)
    wanted = min(latest, max(earliest, at - ahead))
    # On the five minutes, since nobody starts at 19:46; earlier would pass two hours, later the latest hour.
    start = math.ceil(wanted / 5) * 5
    if start > latest:
        start = math.floor(wanted / 5) * 5
    return SessionTime(dt.time(start // 60, start % 60), "before_onset")


def _end_by_bedtime(bedtime: dt.time, total_minutes: float) -> int:
    """The end of a session half an hour before bedtime [min after midnight]."""
    end = bedtime.hour * 60 + bedtime.minute - _BEFORE_BEDTIME
    # Who goes to bed after midnight, or early in the morning, has had the evening before for the light.
    return end if end - total_minutes >= _EARLIEST_START else end + 24 * 60


def time_reasons(case: Case, length: SessionLength) -> list[Reason]:
    """What is said of how long a session lasts, and where it does not stand before the usual onset."""
    found = [*_length_reasons(case, length), *_switching_reasons(case, length), *_clock_reasons(case, length)]
    if case.answer("dialysis") is True:
        found.append(hour_of_dialysis(case.course.weekdays, case.course.session_time))
    return found


def _length_reasons(case: Case, length: SessionLength) -> list[Reason]:
    """A session longer than people keep up is no plan, whatever dose it would bring."""
    total, on_one, found = total_minutes(case, length), length.exposure_minutes, []
    if is_point_lamp(case.device) and on_one > limit_value("point_longest"):
        found.append(computed("point_too_long", minutes=on_one, limit=limit_value("point_longest")))
    if total > limit_value("session_longest"):
        found.append(computed("session_too_long", total=total, limit=limit_value("session_longest")))
    elif total >= limit_value("session_long"):
        found.append(computed("session_long", total=total))
    return found


def _switching_reasons(case: Case, length: SessionLength) -> list[Reason]:
    """A lamp that switches itself off before the session is full gives less than the plan says, unless told."""
    lamps, minutes, found = [one.device for one in case.lamps] or [case.device], length.session_minutes, []
    for lamp in lamps:
        after = lamp.auto_off_minutes
        if after is None or after >= minutes:
            continue
        again = math.ceil(minutes / after) - 1
        times = "once" if again == 1 else f"{again} times"
        which = "This lamp" if len(lamps) == 1 else f"The {lamp.name}"
        found.append(computed("switches_off_within", lamp=which, after=after, minutes=minutes, times=times))
    return found


def _clock_reasons(case: Case, length: SessionLength) -> list[Reason]:
    onset, bedtime = case.condition.usual_onset, case.person.bedtime
    total = total_minutes(case, length)
    planned = session_start(onset or DEFAULT_ONSET, total, bedtime)
    if (chosen := case.course.session_time) is not None:
        return [chosen_hour(chosen, planned.start)]
    if planned.rule == "before_onset":
        return []
    return [
        computed(
            "session_before_bedtime",
            onset=f"{onset or DEFAULT_ONSET:%H:%M}",
            start=f"{planned.start:%H:%M}",
            bedtime=f"{bedtime or DEFAULT_BEDTIME:%H:%M}",
        )
    ]


def together_reasons(case: Case, exposure: Exposure) -> list[Reason]:
    """What is said of places lit at once: the outermost must get nearly what the middle of the lamp gives."""
    at_once = case.placement.places_at_once
    if at_once == 1:
        return []
    # Side by side, their middles a place's width apart.
    width_mm = max(sites[choice.site].treatment_width_mm for choice in case.sites)
    outermost_mm = width_mm * (at_once - 1) / 2.0
    middle, outer = exposure.beam.irradiance_mw_cm2(np.array([0.0, outermost_mm]), np.zeros(2)).tolist()
    share = outer / middle if middle > 0.0 else 0.0
    if not exposure.beam.extent_known:
        return [computed("places_together_unknown", places=at_once)]
    rule = "places_together" if share >= _LEAST_AT_THE_EDGE else "places_too_far_apart"
    return [computed(rule, places=at_once, share=share, distance=outermost_mm / 10.0)]


def total_minutes(case: Case, length: SessionLength) -> float:
    """Light over all places of one session, those lit one after the other [min]."""
    return length.session_minutes * positions_of(case)


def positions_of(case: Case) -> int:
    """How often the lamp is set down for all places of a case."""
    # What different lamps light at the same time counts once.
    return max(
        positions_for(_places_apart(part), part.device.heads, part.placement.places_at_once) for part in case.parts()
    )


def _places_apart(part: Case) -> int:
    """Places that a lamp has to be set down for: a bed lights left and right of the same one at once."""
    if part.device.kind == "whole_body":
        return len({choice.site for choice in part.sites})
    return len(_places_of(part))


def positions_for(places: int, heads: int, places_at_once: int) -> int:
    """How often the lamp is set down for so many places.

    >>> positions_for(6, heads=1, places_at_once=2), positions_for(3, heads=4, places_at_once=1)
    (3, 1)
    """
    return math.ceil(places / (heads * places_at_once))


def _session_days(start: dt.date, days_of_week: tuple[int, ...], weeks: int) -> list[dt.date]:
    return [start + dt.timedelta(days=7 * week + day) for week in range(weeks) for day in days_of_week]


def _places(case: Case) -> tuple[str, ...]:
    """Every place in the order of the session: those that different lamps light at once stand beside each other."""
    turns = zip_longest(*(_places_of(part) for part in case.parts()))
    return tuple(place for turn in turns for place in turn if place is not None)


def _places_of(case: Case) -> tuple[str, ...]:
    sides = {"both": ("left", "right")}
    return tuple(f"{choice.site} {side}" for choice in case.sites for side in sides.get(choice.side, (choice.side,)))
