"""What both ways have cost as the months go by: the rows of the table and the chart made from the same rows."""

from __future__ import annotations

import bisect

from openpbm.care.learn.break_even import (
    WEEKS_PER_YEAR,
    Advance,
    Prices,
    Schedule,
    clinic_total,
    home_total,
    session_weeks,
)
from openpbm.care.line_chart import Line, LineChart, draw_lines

__all__ = ["cost_chart", "cost_rows", "cost_sentence"]

ROWS = 12


def cost_rows(prices: Prices, schedule: Schedule) -> list[Advance]:
    """Where both ways stand at evenly spaced weeks, the beginning and the end among them."""
    weeks = session_weeks(schedule)
    last = max(schedule.years * WEEKS_PER_YEAR, schedule.course_weeks)
    rows = []
    for number in range(ROWS + 1):
        week = last * number / ROWS
        sessions = bisect.bisect_right(weeks, week)
        # A lamp that has worn out is bought for the next session, not for the date.
        home = home_total(prices, sessions, weeks[sessions - 1])
        rows.append(Advance(sessions=sessions, week=week, clinic=clinic_total(prices, sessions), home=home))
    return rows


def cost_chart(rows: list[Advance]) -> LineChart:
    """The chart of those rows."""
    # Two signs and two kinds of line: nobody has to tell the ways apart by colour.
    clinic = Line(name="Clinic", look="", points=[(row.month, round(row.clinic)) for row in rows])
    home = Line(name="Home lamp", look="second", dotted=True, points=[(row.month, round(row.home)) for row in rows])
    return draw_lines([clinic, home], across="months", upward="US dollars in all", x_ends=(0.0, rows[-1].month))


def cost_sentence(rows: list[Advance]) -> str:
    """The chart in words."""
    end = rows[-1]
    return (
        "What the clinic and the home lamp have cost in all, month by month; at the end clinic"
        f" {end.clinic:,.0f}, home {end.home:,.0f} US dollars"
    )
