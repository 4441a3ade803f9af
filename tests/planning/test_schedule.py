"""Checks the course against the calendar: 1-2 h before onset, a day apart, inside the protocol, checkpoints 2-4-6."""

from __future__ import annotations

import calendar
import datetime as dt
import itertools
from pathlib import Path
from typing import Any

import pytest
from cases import make_case

from openpbm.facts.conditions import Protocol, conditions
from openpbm.planning.document import Schedule
from openpbm.planning.schedule import make_schedule, session_start
from openpbm.planning.session_length import SessionLength

ALL = [row for one in conditions for row in one.protocols]
BRIEF = next(row for row in ALL if row.id == "rls_primary_brief")


def course(
    folder: Path, protocol: Protocol = BRIEF, minutes: float = 25.0, iron: bool = False, **changes: Any
) -> Schedule:
    length = SessionLength(exposure_minutes=minutes)
    return make_schedule(make_case(folder, **changes), protocol, length, iron_in_question=iron)


def starts(schedule: Schedule) -> list[dt.datetime]:
    return [dt.datetime.combine(one.date, one.start_time) for one in schedule.sessions if one.start_time]


@pytest.mark.parametrize("protocol", ALL, ids=lambda row: row.id)
def test_the_course_stays_inside_its_protocol(tmp_path: Path, protocol: Protocol) -> None:
    made = course(tmp_path, protocol)
    assert protocol.sessions_per_week[0] <= made.sessions_per_week <= protocol.sessions_per_week[1]
    assert protocol.weeks[0] <= made.weeks <= protocol.weeks[1]
    assert len(made.sessions) == made.sessions_per_week * made.weeks
    assert [one.number for one in made.sessions] == list(range(1, len(made.sessions) + 1))


@pytest.mark.parametrize("protocol", ALL, ids=lambda row: row.id)
def test_sessions_lie_at_least_a_day_apart(tmp_path: Path, protocol: Protocol) -> None:
    times = starts(course(tmp_path, protocol))
    assert min(later - one for one, later in itertools.pairwise(times)) >= dt.timedelta(hours=24)


def test_weeks_and_weekdays_follow_the_calendar(tmp_path: Path) -> None:
    made = course(tmp_path)
    assert made.sessions[0].date == dt.date(2026, 12, 1)
    for one in made.sessions:
        assert one.weekday == calendar.day_name[one.date.weekday()]
        assert one.week == 1 + (one.date - dt.date(2026, 12, 1)).days // 7


@pytest.mark.parametrize("total_minutes", [2.0, 25.0, 44.0, 60.0, 240.0])
@pytest.mark.parametrize("onset", ["21:30", "18:07", "00:30", "01:59", "23:59", "12:00"])
def test_a_session_starts_one_to_two_hours_before_onset(onset: str, total_minutes: float) -> None:
    begins = dt.time.fromisoformat(onset)
    start = session_start(begins, total_minutes)
    ahead = (begins.hour * 60 + begins.minute - start.hour * 60 - start.minute) % (24 * 60)
    assert 60 <= ahead <= 120
    assert start.minute % 5 == 0


def test_onset_after_midnight_keeps_the_evening_before(tmp_path: Path) -> None:
    """Onset at 00:30: the session is at 23:00 on the day of the course, not 24 h away from it."""
    made = course(tmp_path, minutes=12.0, condition__usual_onset="00:30")
    assert (made.sessions[0].date, made.sessions[0].start_time) == (dt.date(2026, 12, 1), dt.time(23))


def test_without_an_onset_nine_in_the_evening_counts(tmp_path: Path) -> None:
    made = course(tmp_path, condition__usual_onset=...)
    assert made.sessions == course(tmp_path, condition__usual_onset="21:00").sessions


def test_checkpoints_fall_in_weeks_two_four_and_six(tmp_path: Path) -> None:
    made = course(tmp_path)
    assert [(one.week, one.date) for one in made.checkpoints] == [
        (2, dt.date(2026, 12, 15)),
        (4, dt.date(2026, 12, 29)),
        (6, dt.date(2027, 1, 12)),
    ]
    assert all(one.about for one in made.checkpoints)


def test_iron_in_question_marks_the_weeks(tmp_path: Path) -> None:
    assert course(tmp_path).confounded_weeks == ()
    (marked,) = course(tmp_path, iron=True).confounded_weeks
    assert (marked.from_week, marked.to_week) == (0, 12)


@pytest.mark.parametrize(
    ("heads", "side", "positions"), [(1, "both", 2), (2, "both", 1), (4, "both", 1), (1, "left", 1)]
)
def test_a_head_lies_on_one_place_at_a_time(tmp_path: Path, heads: int, side: str, positions: int) -> None:
    """Both calves with one head are two positions one after the other, with two heads one."""
    made = course(tmp_path, device__heads=heads, sites__0__side=side)
    assert made.positions_per_session == positions
    assert made.total_minutes_per_session == positions * made.minutes_per_session
    sides = ["left", "right"] if side == "both" else [side]
    assert made.sessions[0].placements == tuple(f"posterior_calf {one}" for one in sides)


def test_every_site_has_its_placement(tmp_path: Path) -> None:
    sites = [{"site": "posterior_calf", "side": "left"}, {"site": "foot_sole", "side": "both"}]
    made = course(tmp_path, sites=sites)
    assert made.sessions[0].placements == ("posterior_calf left", "foot_sole left", "foot_sole right")
    assert made.positions_per_session == 3


def test_a_leap_day_is_a_day(tmp_path: Path) -> None:
    made = course(tmp_path, course__start_date="2028-02-28")
    assert dt.date(2028, 3, 1) in [one.date for one in made.sessions]
    assert made.checkpoints[0].date == dt.date(2028, 3, 13)
