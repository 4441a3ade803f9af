"""Whatever is written and whenever one asks: what is let begin never passes a cap of the plan."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from courses import START, given, make_plan
from hypothesis import example, settings
from hypothesis import given as sampled
from hypothesis import strategies as st

from openpbm.care.sessions.check_start import blocking, check_start
from openpbm.care.sessions.start_context import StartContext
from openpbm.course import Course
from openpbm.course.records import RecordedSession
from openpbm.delivery import cumulative_fluence, find_deviations, match_sessions

PLAN = make_plan()
CAPS = {
    "two_in_a_day", "fluence_above_plan", "longer_than_planned", "much_longer_than_planned", "nearer_than_planned",
    "much_nearer_than_planned", "outside_plan", "place_not_planned",
}  # fmt: skip
ROW = given(PLAN)[0]

days = st.integers(min_value=-3, max_value=48)
rows = st.builds(
    lambda day, hour, minutes, distance, status: dataclasses.replace(
        ROW,
        date=START + dt.timedelta(days=day),
        time=None if hour is None else dt.time(hour),
        minutes=None if status == "missed" else minutes,
        distance_mm=distance,
        status=status,
    ),
    days,
    st.none() | st.integers(min_value=0, max_value=23),
    st.none() | st.sampled_from([0.0, 5.0, 12.0, 20.0, 21.0, 25.0, 45.0]),
    st.none() | st.sampled_from([100.0, 200.0, 290.0, 300.0, 400.0]),
    st.sampled_from(["done", "partial", "missed", "extra"]),
)


def as_planned(moment: dt.datetime, line: int, minutes: float = 20.0) -> RecordedSession:
    return dataclasses.replace(ROW, line=line, date=moment.date(), time=moment.time(), minutes=minutes)


@settings(max_examples=150, deadline=None, derandomize=True)
@sampled(
    history=st.lists(rows, max_size=12),
    day=days,
    hour=st.integers(min_value=0, max_value=23),
    overridden=st.booleans(),
)
@example(history=[dataclasses.replace(ROW, minutes=None)], day=0, hour=23, overridden=True)
@example(history=[dataclasses.replace(ROW, minutes=5.0, status="partial")], day=0, hour=23, overridden=True)
def test_what_may_begin_passes_no_cap(history: Any, day: int, hour: int, overridden: bool) -> None:
    moment = dt.datetime.combine(START + dt.timedelta(days=day), dt.time(hour, 30), dt.UTC)
    sessions = tuple(dataclasses.replace(row, line=n) for n, row in enumerate(history, start=2))
    wish = StartContext(
        moment=moment, places=(("posterior_calf", "left"),), plan=PLAN, released_on=START, sessions=sessions
    )
    stops = [check for check in blocking(check_start(wish)) if not (overridden and check.overridable)]
    if stops:
        return
    tomorrow = moment.date() + dt.timedelta(days=1)
    before = find_deviations(PLAN, match_sessions(Course(plan=PLAN, sessions=sessions), tomorrow))
    after_rows = (*sessions, as_planned(moment.replace(tzinfo=None), len(sessions) + 2))
    after = match_sessions(Course(plan=PLAN, sessions=after_rows), tomorrow)
    new = {found.rule for found in find_deviations(PLAN, after) if found not in before}
    assert not new & CAPS
    assert PLAN.prescription.skin_fluence_j_cm2 is not None
    inside = [record for record in after if PLAN.start_date <= record.date]
    most = len(PLAN.schedule.sessions) * PLAN.prescription.skin_fluence_j_cm2.upper * 1.1
    assert cumulative_fluence(inside).course_j_cm2[2] <= most * (1 + 1e-9)


@settings(max_examples=20, deadline=None, derandomize=True)
@sampled(tries=st.lists(st.integers(min_value=0, max_value=6 * 24 * 7), min_size=5, max_size=60))
def test_a_course_of_whatever_is_let_begin_stays_in_its_plan(tries: Any) -> None:
    """Every wish that may begin is given as planned and the skin looked at; wishes come at any hour."""
    sessions: tuple[RecordedSession, ...] = ()
    for hours in sorted(tries):
        moment = dt.datetime.combine(START, dt.time(0, 15), dt.UTC) + dt.timedelta(hours=hours)
        wish = StartContext(moment=moment, places=(("posterior_calf", "left"),), plan=PLAN, sessions=sessions)
        stops = [check for check in blocking(check_start(wish)) if check.rule != "history_written"]
        if not stops:
            sessions = (*sessions, as_planned(moment.replace(tzinfo=None), len(sessions) + 2))
    end = START + dt.timedelta(weeks=7)
    records = match_sessions(Course(plan=PLAN, sessions=sessions), end)
    assert find_deviations(PLAN, records) == ()
    assert len(sessions) <= len(PLAN.schedule.sessions)
