"""Each rule of the verification by itself: what makes it fail, and whether a clinician can let the session begin."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from courses import START, change, given, make_plan

from openpbm.care.sessions.check_start import blocking, check_start, may_be_overridden
from openpbm.care.sessions.start_context import ChangesSince, StartContext

CALF = ("posterior_calf", "left")
NINE_PM = dt.time(21, 0)


def start_context(day: int = 4, **changes: Any) -> StartContext:
    """Third session of the first week (a Friday), the two before it given as planned."""
    plan = changes.pop("plan", make_plan())
    sessions = tuple(row for row in given(make_plan()) if row.date < START + dt.timedelta(days=day))
    values: dict[str, Any] = {
        "moment": dt.datetime.combine(START + dt.timedelta(days=day), NINE_PM, dt.UTC),
        "places": (CALF,),
        "plan": plan,
        "released_on": START,
        "sessions": sessions,
    }
    return StartContext(**(values | changes))


def failing(**changes: Any) -> dict[Any, Any]:
    return {check.rule: check for check in check_start(start_context(**changes)) if not check.passed}


def test_a_planned_session_with_everything_in_order_may_begin() -> None:
    assert failing() == {}


def rows_but(number: int, **changes: Any) -> tuple[Any, ...]:
    rows = list(given(make_plan()))[:2]
    rows[number] = dataclasses.replace(rows[number], **changes)
    return tuple(rows)


NEVER = [
    ("consent", {"consent": "withdrawn"}),
    ("consent", {"consent": "never"}),
    ("capability", {"capable": False}),
    ("hold", {"holds": ("a red flag",)}),
    ("released_plan", {"plan": None, "sessions": ()}),
    ("planned_lamp", {"same_lamp": False}),
    ("planned_place", {"places": (("foot_sole", "left"),)}),
    ("planned_place", {"places": ()}),
    ("lamp_in_use", {"lamp_retired": True}),
    ("verdict", {"since": ChangesSince(verdict="refused")}),
    ("verdict", {"since": ChangesSince(verdict="refer")}),
    ("photosensitiser", {"since": ChangesSince(photosensitiser="verteporfin")}),
    ("output_within_plan", {"since": ChangesSince(irradiance_mw_cm2=30.1)}),
    ("open_session", {"open_since": dt.datetime.combine(START, NINE_PM, dt.UTC)}),
    ("plan_days", {"day": -1}),
    ("plan_days", {"day": 42}),
    ("two_in_a_day", {"sessions": given(make_plan())[:3]}),
    ("fluence_above_plan", {"sessions": given(make_plan())[:3]}),
]
CLINICIAN = [
    ("measurement_valid", {"output": "expired"}),
    ("medicines_screened", {"since": ChangesSince(medicines=(change(1, "medicine", "ibuprofen", "start"),))}),
    ("answers_screened", {"since": ChangesSince(intake=START)}),
    ("screening_settled", {"since": ChangesSince(verdict="ask")}),
    ("lamp_unchanged", {"since": ChangesSince(passport=START)}),
    ("skin_looked_at", {"skin_missing": "after"}),
    ("skin_looked_at", {"skin_missing": "24h"}),
    ("history_written", {"sessions": given(make_plan())[:1]}),
    (
        "too_close_together",
        {"moment": dt.datetime(2027, 1, 7, 18, 30, tzinfo=dt.UTC), "sessions": rows_but(1, time=dt.time(23, 0))},
    ),
    ("earlier_much_longer_than_planned", {"sessions": rows_but(1, minutes=31.0)}),
    ("earlier_much_nearer_than_planned", {"sessions": rows_but(1, distance_mm=100.0)}),
]


@pytest.mark.parametrize(("rule", "changes"), NEVER, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(NEVER)])
def test_nobody_overrides_what_leaves_the_light_unchecked_or_forbidden(rule: str, changes: Any) -> None:
    checks = check_start(start_context(**changes))
    found = next(check for check in checks if check.rule == rule and not check.passed)
    assert (found.stops, found.overridable) == (True, False)
    assert not may_be_overridden(checks)
    assert blocking(checks)[0].overridable is False


@pytest.mark.parametrize(("rule", "changes"), CLINICIAN, ids=[f"{rule}-{n}" for n, (rule, _) in enumerate(CLINICIAN)])
def test_a_clinician_may_override_what_is_late_unwritten_or_unseen(rule: str, changes: Any) -> None:
    checks = check_start(start_context(**changes))
    assert {check.rule for check in blocking(checks)} == {rule}
    assert may_be_overridden(checks)
    assert all(check.message and check.source for check in checks)


def test_a_claimed_lamp_is_allowed_and_marked() -> None:
    found = failing(plan=make_plan(output_status="claimed"), output="claimed")
    assert set(found) == {"output_claimed"}
    assert found["output_claimed"].level == "note"


def test_what_could_not_take_place_before_the_release_is_not_asked_for() -> None:
    assert failing(sessions=(), released_on=START + dt.timedelta(days=4)) == {}
    assert "history_written" in failing(sessions=(), released_on=START)


def test_a_session_on_another_day_of_the_week_stands_for_an_open_one() -> None:
    found = failing(day=3)
    assert set(found) == {"planned_day"}
    assert "Friday, 8 January" in found["planned_day"].message


def test_a_fourth_session_in_a_week_is_refused_but_a_clinician_may_let_it_begin() -> None:
    rows = given(make_plan())[:3]
    found = failing(day=6, sessions=rows)
    assert {"too_many_in_a_week", "session_due"} <= {rule for rule, check in found.items() if check.stops}
    assert all(check.overridable for check in found.values())


def test_a_stop_that_a_clinician_looked_at_no_longer_stops() -> None:
    rows = rows_but(1, minutes=31.0)
    assert failing(sessions=rows, looked_at=START + dt.timedelta(days=2)) == {}


def test_a_session_broken_off_today_is_gone_on_with_for_what_is_left() -> None:
    rows = given(make_plan())
    broken = dataclasses.replace(rows[2], status="partial", minutes=8.0, time=dt.time(20, 0))
    sessions = (*rows[:2], broken)
    assert "two_in_a_day" in failing(sessions=sessions)
    assert failing(sessions=sessions, resumes=True) == {}
    unknown = dataclasses.replace(broken, minutes=None)
    assert "resume_known" in failing(sessions=(*rows[:2], unknown), resumes=True)
    whole = dataclasses.replace(broken, minutes=20.0)
    assert "resume_open" in failing(sessions=(*rows[:2], whole), resumes=True)


def test_history_that_is_missing_counts_as_given_against_the_course_cap() -> None:
    """Nothing written since the first day, and one session of the last week given twice as long."""
    plan = make_plan()
    extra = dataclasses.replace(given(plan)[15], minutes=60.0)
    found = failing(day=39, sessions=(extra,))
    assert not found["course_cap"].overridable
    assert "600 J/cm² in all; the course allows 594 J/cm²" in found["course_cap"].message
    assert "course_cap" not in failing(day=39, sessions=(dataclasses.replace(extra, minutes=20.0),))


def test_missed_sessions_one_after_another_ask_for_a_clinician() -> None:
    plan = make_plan()
    missed = tuple(dataclasses.replace(row, status="missed", minutes=None) for row in given(plan)[:6])
    found = failing(day=14, sessions=missed)
    assert found["restart_after_missed"].overridable


@pytest.mark.parametrize("rule", ["limits", "course_cap", "session_due", "history_written", "hold", "consent"])
def test_what_passed_is_listed_too(rule: str) -> None:
    assert next(check for check in check_start(start_context()) if check.rule == rule).passed
