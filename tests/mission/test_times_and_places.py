"""Timing and place as life is: the days and the hour that suit, and what to do around a session."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from cases import make_case
from courses import make_plan

from openpbm.care.sessions.preparation import preparation
from openpbm.errors import BadInput
from openpbm.facts.conditions import conditions
from openpbm.planning.document import Schedule
from openpbm.planning.prescription import SessionLength
from openpbm.planning.schedule import make_schedule, time_reasons
from openpbm.report.body_choice import render_site_map
from openpbm.report.home_sheet import render_home_sheet

_BRIEF = next(row for one in conditions for row in one.protocols if row.id == "rls_primary_brief")
_LENGTH = SessionLength(exposure_minutes=25.0)


def _course(folder: Path, **changes: Any) -> Schedule:
    return make_schedule(make_case(folder, **changes), _BRIEF, _LENGTH, iron_in_question=False)


def test_r_001_25_sessions_stand_on_the_days_and_at_the_hour_of_the_chair(tmp_path: Path) -> None:
    """Dialysis on Tuesday, Thursday and Saturday morning: every session there, and the caution says it was chosen."""
    chair: dict[str, Any] = {
        "course__weekdays": ["tuesday", "thursday", "saturday"], "course__session_time": "10:30",
    }  # fmt: skip
    made = _course(tmp_path, **chair)
    assert {one.weekday for one in made.sessions} == {"Tuesday", "Thursday", "Saturday"}
    assert {one.start_time for one in made.sessions} == {dt.time(10, 30)}
    assert len(made.sessions) == made.sessions_per_week * made.weeks
    (said,) = time_reasons(make_case(tmp_path, **chair), _LENGTH)
    assert (said.rule, said.level) == ("session_time_chosen", "caution")
    dialysis = {"person__findings": {"dialysis": True, "none_other": True}}
    rules = [
        {one.rule for one in time_reasons(make_case(tmp_path, **more), _LENGTH)}
        for more in (dialysis, dialysis | chair)
    ]
    assert rules == [{"dialysis_hour_open"}, {"session_time_chosen", "dialysis_chair"}]


def test_r_001_06_of_more_days_those_are_taken_that_lie_furthest_apart(tmp_path: Path) -> None:
    made = _course(tmp_path, course__weekdays=["monday", "tuesday", "wednesday", "friday"])
    assert {one.weekday for one in made.sessions} == {"Monday", "Wednesday", "Friday"}
    with pytest.raises(BadInput, match=r"course\.weekdays.*fewer days than the 3 sessions a week"):
        _course(tmp_path, course__weekdays=["monday", "friday"])
    with pytest.raises(BadInput, match=r"course\.weekdays"):
        make_case(tmp_path, course__weekdays=["mon"])


def test_r_001_09_rest_is_named_as_what_helps_by_itself() -> None:
    """Beside the lamp and on the wall: not after a bath, a dim room, a fallback in the morning, rest each time."""
    plan = make_plan(places=(("posterior_calf", "left"),))
    steps = " ".join(step.text for step in preparation(plan, "the lamp"))
    sheet = render_home_sheet(plan)
    for said in (steps, sheet):
        assert "hot bath" in said
        assert "helps by itself" in said
        assert "dim" in said
    assert "with a dark lamp too" in steps
    assert "in the morning" in sheet


def test_r_001_07_a_person_has_a_map_of_their_own_places_in_the_order_of_the_session() -> None:
    """Both calves and the left knee hollow: three numbers on the back of the body, none on its front."""
    drawn = render_site_map([("posterior_calf", "both"), ("popliteal_fossa", "left")])
    front, back = drawn.split("From the front")
    assert [back.count(f">{number}</text>") for number in (1, 2, 3, 4)] == [1, 1, 1, 0]
    assert "</text>" not in front
    assert "3: " in back
