"""Courses of light made in memory: a plan, its sessions and what was written down, for any test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpbm.course.records import Course, DiaryDay, Event, RecordedScore, RecordedSession, TimelineChange
from openpbm.planning import AllowedPlan, transcribe_plan

START = dt.date(2027, 1, 4)


def make_plan(*, weeks: int = 6, start: dt.date = START, **changes: Any) -> AllowedPlan:
    """Three sessions a week on one calf; `changes` are arguments of `transcribe_plan`."""
    usual: dict[str, Any] = {
        "condition_id": "rls_primary",
        "days": [start + dt.timedelta(days=7 * week + day) for week in range(weeks) for day in (0, 2, 4)],
        "minutes": 20.0,
        "sessions_per_week": 3,
        "weeks": weeks,
        "places": (("posterior_calf", "left"),),
        "checkpoint_weeks": (),
        "output_status": "measured",
        "distance_mm": 300.0,
        "irradiance_mw_cm2": 25.0,
        "irradiance_upper_mw_cm2": 30.0,
        "skin_fluence_j_cm2": (27.0, 30.0, 33.0),
    }
    return transcribe_plan(**(usual | changes))


def given(plan: AllowedPlan, *, weeks: int | None = None, **changes: Any) -> tuple[RecordedSession, ...]:
    """A line for every planned session, done as planned."""
    row: dict[str, Any] = {
        "time": None,
        "site": "posterior_calf",
        "side": "left",
        "minutes": plan.session_minutes,
        "distance_mm": 300.0,
        "status": "done",
        "reason": "",
        "skin_reaction": "none",
    }
    return tuple(
        RecordedSession(line=s.number + 1, date=s.date, **(row | changes))
        for s in plan.schedule.sessions
        if weeks is None or s.week <= weeks
    )


def diary(values: Iterable[float | None], first: dt.date | None = None) -> tuple[DiaryDay, ...]:
    """One line a day from `first` (14 days before the start); None is a blank rating."""
    begin = first or START - dt.timedelta(days=14)
    return tuple(
        DiaryDay(
            line=n + 2,
            date=begin + dt.timedelta(days=n),
            entered_at=None,
            severity=value,
            onset=None,
            sleep_minutes=None,
            bother=None,
        )
        for n, value in enumerate(values)
    )


def scores(rows: Mapping[int, float], scale: str = "irls") -> tuple[RecordedScore, ...]:
    """Day of the course (0 is the start) -> value."""
    return tuple(
        RecordedScore(
            line=n,
            date=START + dt.timedelta(days=day),
            scale=scale,
            version="",
            value=float(value),
            items=None,
            source="clinician",
        )
        for n, (day, value) in enumerate(sorted(rows.items()), start=2)
    )


def event(day: int, kind: str, *, grade: int | None = None, detail: str = "") -> Event:
    return Event(line=2, date=START + dt.timedelta(days=day), kind=kind, detail=detail, grade=grade)


def change(day: int, kind: str, name: str, action: str, dose: str = "") -> TimelineChange:
    return TimelineChange(line=2, date=START + dt.timedelta(days=day), kind=kind, name=name, action=action, dose=dose)


def make_course(**changes: Any) -> Course:
    """A course of six weeks, every session done on a measured lamp, nothing else written down."""
    plan = changes.pop("plan", make_plan())
    return Course(**({"plan": plan, "sessions": given(plan)} | changes))


def write_plan(folder: Path, plan: AllowedPlan | None = None) -> Path:
    """plan.json of the same course, for tests from outside."""
    path = folder / "plan.json"
    path.write_text((plan or make_plan()).to_json(), encoding="utf-8")
    return path
