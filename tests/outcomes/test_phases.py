"""Which days are before, under and after light: by the calendar and by what was really given."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from courses import START, diary, given, make_course, make_plan
from present import present

from openpbm.outcomes.measures.phases import find_phases

DAY = dt.timedelta(days=1)


def test_phases_of_a_running_course() -> None:
    found = find_phases(make_course(diary=diary([5.0] * 14)), 6)
    assert found.baseline == (START - 14 * DAY, START - DAY)
    assert found.recent == (START + 28 * DAY, START + 41 * DAY)
    assert found.off is None
    assert found.stage == "verdict"


def test_a_late_first_session_moves_the_baseline_not_the_checkpoint() -> None:
    course = make_course()
    late = dataclasses.replace(course, sessions=course.sessions[3:])
    found = find_phases(late, 4)
    assert found.began == course.sessions[3].date
    assert found.as_of == START + 28 * DAY
    assert found.baseline[1] == found.began - DAY


@pytest.mark.parametrize(("week", "stage"), [(1, "safety"), (3, "safety"), (4, "first_look"), (6, "verdict")])
def test_stage_by_week(week: int, stage: str) -> None:
    assert find_phases(make_course(), week).stage == stage


def test_after_the_last_planned_session_light_has_stopped() -> None:
    found = find_phases(make_course(), 9)
    assert found.stage == "after"
    last = present(found.last_given)
    assert found.recent[1] == last + 3 * DAY
    assert found.off == (last + 14 * DAY, START + 62 * DAY)


def test_unwritten_sessions_are_unknown_and_prove_no_stop() -> None:
    """Two weeks without a line while the plan still runs: nobody knows, so light has not stopped."""
    course = make_course(sessions=given(make_plan(), weeks=2))
    assert find_phases(course, 5).stage == "first_look"
    missed = [dataclasses.replace(row, status="missed") for row in given(make_plan())[6:15]]
    told = dataclasses.replace(course, sessions=(*course.sessions, *missed))
    assert find_phases(told, 5).stage == "after"


def test_long_courses_are_long_while_light_goes_on() -> None:
    plan = make_plan(weeks=14)
    assert find_phases(make_course(plan=plan, sessions=given(plan)), 12).stage == "long"


def test_before_week_four_nothing_is_said_of_success_even_where_light_has_stopped() -> None:
    """One session, the rest written as missed and two low scores by day 7 once gave "improved" at week 2."""
    rows = given(make_plan())
    missed = [dataclasses.replace(row, status="missed") for row in rows[1:]]
    assert find_phases(make_course(sessions=(rows[0], *missed)), 3).stage == "safety"
