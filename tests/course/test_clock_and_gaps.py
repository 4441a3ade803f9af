"""Days written down, and the clock of symptoms and sessions: closed forms by hand; turning the clock turns all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from openpbm.course.circadian import clock_profile, lead_before_onset, onset_profile, session_regularity
from openpbm.course.gaps import expected_days, longest_gap, observed_days
from openpbm.course.records import DiaryDay, RecordedSession
from openpbm.planning import load_allowed_plan

FIRST = dt.date(2026, 12, 1)


def day(number: int) -> dt.date:
    return FIRST + dt.timedelta(days=number)


def clock(minutes: float) -> dt.time:
    return dt.time(int(minutes) // 60 % 24, int(minutes) % 60)


@pytest.mark.parametrize(
    ("days", "seen", "gap"),
    [([], 0, 7), ([0, 6], 2, 5), ([3], 1, 3), ([0, 1, 2, 3, 4, 5, 6], 7, 0), ([-1, 7, 99], 0, 7), ([5, 5], 1, 5)],
)
def test_days_of_a_week_are_counted(days: list[int], seen: int, gap: int) -> None:
    found = [day(number) for number in days]
    assert observed_days(found, FIRST, day(7)) == seen
    assert longest_gap(found, FIRST, day(7)) == gap


def test_a_stretch_that_ends_before_it_begins_has_no_days() -> None:
    assert expected_days(day(3), FIRST) == longest_gap([day(1)], day(3), FIRST) == 0


@given(st.lists(st.integers(-3, 30)), st.integers(0, 28))
def test_another_day_written_never_lengthens_the_silence(days: list[int], extra: int) -> None:
    """Property: seen + gap <= expected, and one more day never lowers the first nor raises the second."""
    found = [day(number) for number in days]
    more = [*found, day(extra)]
    assert observed_days(found, FIRST, day(28)) + longest_gap(found, FIRST, day(28)) <= expected_days(FIRST, day(28))
    assert longest_gap(more, FIRST, day(28)) <= longest_gap(found, FIRST, day(28))
    assert observed_days(more, FIRST, day(28)) >= observed_days(found, FIRST, day(28))


def test_the_middle_of_times_around_midnight_is_midnight() -> None:
    """By hand: 23:00, 0:00, 0:00, 1:00 have their median at 0:00 and half of them at no distance, half at 60 min."""
    profile = clock_profile([dt.time(23), dt.time(0), dt.time(1), dt.time(0)])
    assert profile.median == dt.time(0)
    assert profile.spread_minutes == 30.0
    assert profile.within_hour == 1.0
    assert [profile.by_hour[hour] for hour in (23, 0, 1, 12)] == [1, 2, 1, 0]


def test_times_all_round_the_clock_have_no_middle() -> None:
    assert clock_profile([dt.time(0), dt.time(12)]).median is None
    assert clock_profile([]).median is None


@given(st.lists(st.integers(0, 600), min_size=1, max_size=25), st.integers(0, 1439))
def test_turning_the_clock_turns_the_median_alone(times: list[int], turn: int) -> None:
    """Property: later times by some minutes, later median by as many, the same spread; no time is special."""
    times = [value - value % 2 for value in times]  # medians of even minutes are whole ones
    plain, turned = clock_profile(map(clock, times)), clock_profile(clock(value + turn) for value in times)
    assume(plain.median is not None and turned.median is not None)
    assert plain.median is not None
    assert turned.median == clock(plain.median.hour * 60 + plain.median.minute + turn)
    assert turned.spread_minutes == pytest.approx(plain.spread_minutes)


def diary_day(number: int, onset: dt.time | None) -> DiaryDay:
    empty: dict[str, Any] = {"entered_at": None, "severity": 4.0, "sleep_minutes": None, "bother": None}
    return DiaryDay(line=2, date=day(number), onset=onset, **empty)


def session(number: int, time: dt.time | None, status: Any = "done") -> RecordedSession:
    blank: dict[str, Any] = {"site": "", "side": "", "minutes": 26.0, "distance_mm": None, "reason": ""}
    return RecordedSession(line=2, date=day(number), time=time, status=status, skin_reaction=None, **blank)


def test_days_without_an_onset_are_left_out() -> None:
    profile = onset_profile([diary_day(0, dt.time(21)), diary_day(1, None), diary_day(2, dt.time(22))])
    assert (profile.count, profile.median) == (2, dt.time(21, 30))


def test_regularity_is_the_share_of_sessions_within_an_hour_of_the_usual_start() -> None:
    evenings = [session(number, dt.time(20)) for number in range(3)]
    other = [session(3, dt.time(9)), session(4, None), session(5, dt.time(9), "missed")]
    second_place = [session(0, dt.time(20, 30))]
    assert session_regularity([*evenings, *other, *second_place]).within_hour == 3 / 4


@pytest.mark.parametrize(
    ("onset", "minutes", "state"),
    [
        (dt.time(21, 10), 90.0, "as meant"),
        (dt.time(20, 40), 60.0, "as meant"),
        (dt.time(20, 39), 59.0, "too late"),
        (dt.time(21, 41), 121.0, "too early"),
        (dt.time(19, 0), -40.0, "too late"),
        (dt.time(0, 10), 270.0, "too early"),
        (None, None, "unknown"),
    ],
)
def test_light_is_meant_one_to_two_hours_before_onset(
    folder: Path, onset: dt.time | None, minutes: float | None, state: str
) -> None:
    lead = lead_before_onset(load_allowed_plan(folder / "plan.json").schedule.sessions, onset)
    assert (lead.minutes, lead.state) == (minutes, state)
