"""A wall clock that is put forward or back: every change of 2026 and 2027 in zones that each do it differently."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbm.care.jobs.local_time import moment_at

# Lord Howe moves by half an hour, Casablanca and Cairo by rules of their own, Kolkata never.
ZONES = [
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "Africa/Cairo", "America/Santiago",
    "Asia/Kolkata", "Pacific/Apia", "Pacific/Chatham", "Atlantic/Azores",
]  # fmt: skip


def changes(zone: zoneinfo.ZoneInfo) -> list[dt.datetime]:
    """Every moment of 2026 and 2027 at which the offset changes, found minute by minute around the changing hours."""
    found = []
    moment, end = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    while moment < end:
        after = moment + dt.timedelta(hours=1)
        if moment.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            steps = (moment + dt.timedelta(minutes=minute) for minute in range(61))
            found.append(next(m for m in steps if m.astimezone(zone).utcoffset() == after.astimezone(zone).utcoffset()))
        moment = after
    return found


def wall(moment: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    return moment.astimezone(zone).replace(tzinfo=None)


def first_with(walls: dt.datetime, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """By brute force, without fold: the first minute whose wall clock shows that time or has passed it."""
    moment = walls.replace(tzinfo=dt.UTC) - dt.timedelta(hours=15)
    while wall(moment, zone) < walls:
        moment += dt.timedelta(minutes=1)
    return moment


@pytest.mark.parametrize("name", ZONES)
def test_around_every_change_it_is_the_first_moment_that_shows_the_time_or_a_later_one(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    for change in changes(zone):
        for minutes in (-61, -31, -30, -1, 0, 1, 29, 30, 31, 59, 60, 61):
            shown = wall(change - dt.timedelta(minutes=1), zone) + dt.timedelta(minutes=1 + minutes)
            assert moment_at(shown.date(), shown.time(), zone) == first_with(shown, zone), (name, shown)


def test_the_zones_above_do_change_their_clocks() -> None:
    assert {name: len(changes(zoneinfo.ZoneInfo(name))) for name in ("Europe/Berlin", "Asia/Kolkata")} == {
        "Europe/Berlin": 4,
        "Asia/Kolkata": 0,
    }


@settings(max_examples=300, deadline=None)
@given(
    date=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)),
    minute=st.integers(0, 24 * 60 - 1),
    name=st.sampled_from(ZONES),
)
def test_the_clock_shows_the_time_or_the_end_of_a_gap(date: Any, minute: Any, name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    moment = moment_at(date, dt.time(minute // 60, minute % 60), zone)
    asked = dt.datetime.combine(date, dt.time(minute // 60, minute % 60))
    assert moment.tzinfo is dt.UTC
    assert wall(moment, zone) >= asked
    assert wall(moment - dt.timedelta(seconds=1), zone) < asked


@settings(max_examples=200, deadline=None)
@given(
    date=st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 30)),
    minute=st.integers(0, 24 * 60 - 1),
    name=st.sampled_from(ZONES),
)
def test_tomorrow_comes_after_today(date: Any, minute: Any, name: str) -> None:
    zone, time = zoneinfo.ZoneInfo(name), dt.time(minute // 60, minute % 60)
    step = moment_at(date + dt.timedelta(days=1), time, zone) - moment_at(date, time, zone)
    assert dt.timedelta(hours=22) <= step <= dt.timedelta(hours=26)
