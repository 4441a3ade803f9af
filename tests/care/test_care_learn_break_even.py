"""Break-even of a home lamp: worked by hand, and the bounds it can never pass."""

from __future__ import annotations

import dataclasses
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbm.care.learn.break_even import (
    Prices,
    Schedule,
    break_even,
    clinic_total,
    home_total,
    session_weeks,
)
from openpbm.care.learn.cost_curve import cost_chart, cost_rows

PRICES = Prices(
    clinic_session=75, travel=10, own_hour=0, clinic_minutes=90, home_minutes=35, lamp=500, lamp_life_years=4
)
SCHEDULE = Schedule(sessions_per_week=3, course_weeks=6, maintenance_per_week=1, years=2)


def test_worked_by_hand() -> None:
    """Session 5 costs 425 in the clinic, session 6 510: above the lamp's 500. Session 6 is in the second week."""
    found = break_even(PRICES, SCHEDULE)
    assert found.lasting is not None
    assert (found.lasting.sessions, found.lasting.clinic, found.lasting.home) == (6, 510, 500)
    assert 1 < found.lasting.week < 2
    assert found.first == found.lasting
    assert (found.course.sessions, found.course.clinic, found.course.home) == (18, 1530, 500)


def test_sessions_that_keep_it_up_count() -> None:
    """A lamp of 2000 is dearer than the 18 sessions of the course (1530) and pays off in the sessions that follow."""
    dear = dataclasses.replace(PRICES, lamp=2000)
    found = break_even(dear, SCHEDULE)
    assert found.lasting is not None
    assert found.lasting.sessions == math.ceil(2001 / 85) == 24
    assert found.lasting.week == 6 + 5
    assert break_even(dear, dataclasses.replace(SCHEDULE, maintenance_per_week=0)).lasting is None


def test_a_new_lamp_counts() -> None:
    """A lamp that lasts half a year and one session a month: each new lamp costs more than its sessions save."""
    short = dataclasses.replace(PRICES, lamp=1500, lamp_life_years=0.5)
    rare = dataclasses.replace(SCHEDULE, maintenance_per_week=0.25, years=3)
    found = break_even(short, rare)
    assert found.first is not None
    assert found.first.sessions == 18  # 1530 against 1500, until the second lamp
    assert found.lasting is None
    assert found.end.home == 1500 * 6


def test_cheaper_for_a_while_and_then_for_good() -> None:
    replaced = dataclasses.replace(PRICES, lamp=1500, lamp_life_years=0.25)
    found = break_even(replaced, dataclasses.replace(SCHEDULE, maintenance_per_week=2, years=0.45))
    assert found.first is not None
    assert found.lasting is not None
    assert found.first.sessions == 18
    assert found.lasting.sessions == 36  # 36 x 85 = 3060, above two lamps


def test_own_time_counts_on_both_sides() -> None:
    """At 20 an hour a clinic session costs 85 + 30, one at home 20 x 35 / 60; by hand 500 / (115 - 11.67) = 4.84."""
    found = break_even(dataclasses.replace(PRICES, own_hour=20), SCHEDULE)
    assert found.lasting is not None
    assert found.lasting.sessions == 5


def test_never_when_the_clinic_is_free() -> None:
    found = break_even(dataclasses.replace(PRICES, clinic_session=0, travel=0), SCHEDULE)
    assert found.first is None
    assert found.lasting is None


def test_sessions_fall_in_their_weeks() -> None:
    weeks = session_weeks(SCHEDULE)
    assert sum(week < 6 for week in weeks) == 18
    assert len(weeks) == 18 + math.ceil(2 * 365.25 / 7 - 6)
    assert weeks == sorted(weeks)


money = st.floats(0, 5000)


@settings(max_examples=60, deadline=None)
@given(session=money, travel=money, lamp=money, life=st.floats(0.5, 20), often=st.floats(0, 7), years=st.floats(0.5, 5))
def test_what_is_said_to_be_cheaper_is(
    session: float, travel: float, lamp: float, life: float, often: float, years: float
) -> None:
    prices = dataclasses.replace(PRICES, clinic_session=session, travel=travel, lamp=lamp, lamp_life_years=life)
    schedule = dataclasses.replace(SCHEDULE, maintenance_per_week=often, years=years)
    found = break_even(prices, schedule)
    weeks = session_weeks(schedule)
    if found.lasting is None:
        assert found.end.home >= found.end.clinic - 0.01
        return
    assert found.first is not None
    assert found.first.sessions <= found.lasting.sessions
    for number in range(found.lasting.sessions, len(weeks) + 1):
        assert home_total(prices, number, weeks[number - 1]) < clinic_total(prices, number)


def test_the_chart_is_drawn_from_the_rows_of_the_table() -> None:
    rows = cost_rows(PRICES, SCHEDULE)
    chart = cost_chart(rows)
    drawn = {line.name: [place.split(",") for place in line.corners.split()] for line in chart.lines}
    # As far along as the month is, and as high as the money: the ends of the axes are month 0 and 0 dollars.
    highest = max(max(row.clinic, row.home) for row in rows)
    for name, costs in (("Clinic", [row.clinic for row in rows]), ("Home lamp", [row.home for row in rows])):
        for (x, y), row, cost in zip(drawn[name], rows, costs, strict=True):
            assert float(x) == pytest.approx(
                chart.left + row.month / rows[-1].month * (chart.right - chart.left), abs=0.06
            )
            assert float(y) == pytest.approx(chart.bottom - cost / highest * (chart.bottom - chart.top), abs=0.3)
    end = break_even(PRICES, SCHEDULE).end
    assert (rows[-1].sessions, rows[-1].clinic, rows[-1].home) == (end.sessions, end.clinic, end.home)
    assert rows[-1].month == pytest.approx(24, abs=0.1)
