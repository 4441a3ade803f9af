"""A course of 25 min at 150 mm, both calves, three evenings a week for two weeks, and lines written about it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from openpbm.course.records import Course, RecordedSession
from openpbm.course.released_plan import PlannedSession, ReleasedPlan

START = dt.date(2026, 12, 7)
"""A Monday."""
CALVES = (("posterior_calf", "left"), ("posterior_calf", "right"))
DAYS = (0, 2, 4, 7, 9, 11)
WEEK_1 = START + dt.timedelta(weeks=1)
WEEK_2 = START + dt.timedelta(weeks=2)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def plan(days: tuple[int, ...] = DAYS, places: tuple[tuple[str, str], ...] = CALVES, **other: Any) -> ReleasedPlan:
    sessions = tuple(
        PlannedSession(
            number=number, date=day(offset), start_time=dt.time(20, 0), week=1 + offset // 7, placements=places
        )
        for number, offset in enumerate(days, start=1)
    )
    usual = ReleasedPlan(
        start_date=START,
        weeks=1 + max(days) // 7,
        sessions_per_week=3.0,
        sessions=sessions,
        checkpoints=((2, WEEK_2),),
        minutes=25.0,
        distance_mm=150.0,
        irradiance_mw_cm2=20.0,
        irradiance_upper_mw_cm2=26.0,
        fluence_j_cm2=(12.0, 30.0, 39.0),
        output_status="claimed",
        programme="rls",
        condition="rls_primary",
        document={},
    )
    return dataclasses.replace(usual, **other)


def row(number: int, status: str = "done", *, clock: str = "", **other: Any) -> RecordedSession:
    usual: dict[str, Any] = {
        "line": 2,
        "date": day(number),
        "time": dt.time.fromisoformat(clock) if clock else None,
        "site": "",
        "side": "",
        "minutes": None if status == "missed" else 25.0,
        "distance_mm": None if status == "missed" else 150.0,
        "status": status,
        "reason": "",
        "skin_reaction": None,
    }
    return RecordedSession(**(usual | other))


def course(*rows: RecordedSession, of: ReleasedPlan | None = None) -> Course:
    return Course(plan=of or plan(), sessions=rows)
