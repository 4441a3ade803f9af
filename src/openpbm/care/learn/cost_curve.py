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

__all__ = ["cost_chart", "cost_rows"]

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


def cost_chart(rows: list[Advance]) -> dict[str, object]:
    """The chart of those rows as an ECharts option."""
    return {
        "tooltip": {"trigger": "axis"},
        "legend": {"data": ["Clinic", "Home lamp"], "top": 0, "left": "center"},
        "grid": {"left": 8, "right": 16, "top": 64, "bottom": 28, "containLabel": True},
        "xAxis": {
            "type": "value",
            "name": "Months",
            "nameLocation": "middle",
            "nameGap": 28,
            "min": 0,
            "max": rows[-1].month,
        },
        "yAxis": {"type": "value", "name": "US dollars in all", "min": 0},
        "series": [
            _line("Clinic", [[row.month, round(row.clinic)] for row in rows], "circle", "solid"),
            _line("Home lamp", [[row.month, round(row.home)] for row in rows], "triangle", "dashed"),
        ],
    }


def _line(name: str, points: list[list[float]], symbol: str, dash: str) -> dict[str, object]:
    # Two signs and two kinds of line: nobody has to tell the ways apart by colour.
    return {
        "type": "line",
        "name": name,
        "data": points,
        "symbol": symbol,
        "symbolSize": 8,
        "lineStyle": {"type": dash, "width": 2},
    }
