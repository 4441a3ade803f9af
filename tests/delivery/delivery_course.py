"""A course of 25 min at 150 mm, both calves, three evenings a week for two weeks, and lines written about it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpbm.course.records import Course, RecordedSession
from openpbm.planning import AllowedPlan, transcribe_plan

START = dt.date(2026, 12, 7)
"""A Monday."""
CALVES = (("posterior_calf", "left"), ("posterior_calf", "right"))
DAYS = (0, 2, 4, 7, 9, 11)
WEEK_1 = START + dt.timedelta(weeks=1)
WEEK_2 = START + dt.timedelta(weeks=2)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def plan(days: tuple[int, ...] = DAYS, places: tuple[tuple[str, str], ...] = CALVES, **other: Any) -> AllowedPlan:
    usual: dict[str, Any] = {
        "condition_id": "rls_primary",
        "days": [day(offset) for offset in days],
        "start_date": START,
        "start_time": dt.time(20, 0),
        "places": places,
        "minutes": 25.0,
        "sessions_per_week": 3,
        "weeks": 1 + max(days) // 7,
        "checkpoint_weeks": (2,),
        "distance_mm": 150.0,
        "irradiance_mw_cm2": 20.0,
        "irradiance_upper_mw_cm2": 26.0,
        "skin_fluence_j_cm2": (12.0, 30.0, 39.0),
    }
    return transcribe_plan(**(usual | other))


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


def course(*rows: RecordedSession, of: AllowedPlan | None = None) -> Course:
    return Course(plan=of or plan(), sessions=rows)
