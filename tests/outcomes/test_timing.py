"""Timing: regularity, lead before the onset, skin checks and sessions a week, against what was put in."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest
from courses import START, diary, event, given, make_course, make_plan
from present import present

from openpbm.course.records import Course, RecordedSession
from openpbm.outcomes.measures.phases import find_phases
from openpbm.outcomes.measures.timing import Timing, describe_timing

PLAN = make_plan()


def told(course: Course, week: int = 6) -> Timing:
    return describe_timing(course, find_phases(course, week))


def at(*times: dt.time) -> tuple[RecordedSession, ...]:
    """The first sessions of the plan at these times."""
    return tuple(dataclasses.replace(row, time=time) for row, time in zip(given(PLAN), times, strict=False))


def with_onset(onset: dt.time, days: int = 14, first: dt.date | None = None) -> tuple[Any, ...]:
    return tuple(dataclasses.replace(row, onset=onset) for row in diary([5.0] * days, first))


def tapered(*sessions_a_week: int) -> tuple[RecordedSession, ...]:
    """The first sessions of each week given, the rest written as missed."""
    allowed = dict(enumerate(sessions_a_week, start=1))
    rows = []
    for row, planned in zip(given(PLAN), PLAN.schedule.sessions, strict=True):
        kept = (planned.number - 1) % 3 < allowed[planned.week]
        rows.append(row if kept else dataclasses.replace(row, status="missed", minutes=None, skin_reaction=None))
    return tuple(rows)


def test_regularity_is_the_share_within_an_hour_of_the_usual_start() -> None:
    """Closed form: of 20:00, 20:00, 20:30, 23:00 three lie within an hour of the median 20:15."""
    found = told(make_course(sessions=at(dt.time(20), dt.time(20), dt.time(20, 30), dt.time(23))))["regularity"]
    assert (found["index"], found["usual_start"]) == (0.75, "20:15")
    assert (found["days_with_light"], found["days_with_a_time"]) == (4, 4)


def test_times_that_nobody_wrote_give_no_index() -> None:
    """Property: unknown is neither regular nor irregular."""
    found = told(make_course())["regularity"]
    assert (found["index"], found["days_with_light"], found["days_with_a_time"]) == (None, 18, 0)


@pytest.mark.parametrize(
    ("start", "state", "minutes"),
    [(20, "as meant", 90.0), (18, "too early", 210.0), (21, "too late", 30.0), (22, "too late", -30.0)],
)
def test_lead_is_from_the_start_to_the_usual_onset(start: int, state: str, minutes: float) -> None:
    """Closed form: minutes from the start to 21:30; an hour to two ahead is as meant."""
    found = told(make_course(diary=with_onset(dt.time(21, 30)), sessions=at(*[dt.time(start)] * 4)))["lead"]
    assert found["given"] == {"minutes": minutes, "state": state}
    assert found["planned"] == {"minutes": None, "state": "unknown"}
    assert found["onset_from"] == "days before light"


def test_onset_under_light_serves_only_where_there_is_none_before() -> None:
    """Property: light may move the onset, so that the days before it come first."""
    early, late = with_onset(dt.time(21)), with_onset(dt.time(23), 20, START)
    assert told(make_course(diary=early + late))["lead"]["usual_onset"] == "21:00"
    after = told(make_course(diary=late))["lead"]
    assert (after["usual_onset"], after["onset_from"]) == ("23:00", "all days so far")


def test_skin_check_counts_days_with_a_word_about_the_skin() -> None:
    """Closed form: 4 of 18 days looked at are 2/9; a missed session is no day with light."""
    rows = [dataclasses.replace(row, skin_reaction=None) for row in given(PLAN)]
    rows[:4] = [dataclasses.replace(row, skin_reaction="redness" if n else "none") for n, row in enumerate(rows[:4])]
    found = told(make_course(sessions=tuple(rows), events=(event(1, "none"), event(4, "none"))))["skin_check"]
    assert found["share"] == pytest.approx(4 / 18)
    assert found["reactions"] == {"none": 1, "redness": 3}
    assert (found["next_days_due"], found["next_days_written"]) == (18, 1)
    assert told(make_course(sessions=tapered(*[0] * 6)))["skin_check"]["share"] is None


def test_day_after_the_last_session_is_not_asked_for_before_it_has_come() -> None:
    """Property: light of the day before the checkpoint has no day after it yet."""
    rows = given(PLAN)
    last = dataclasses.replace(rows[-1], date=START + dt.timedelta(days=41), status="extra")
    assert told(make_course(sessions=(*rows, last)))["skin_check"]["next_days_due"] == 18


def test_fewest_sessions_are_those_whose_mean_stayed_below_the_bound() -> None:
    """Closed form: from 8, a fall of 2.4 (30 %) or 2 matters, so 4 holds with 2 a week and 7.5 with 1 does not."""
    course = make_course(diary=diary([8.0] * 14 + [4.0] * 28 + [7.5] * 14), sessions=tapered(3, 3, 2, 2, 1, 1))
    found = present(told(course)["sessions_a_week"])
    assert [row["sessions_a_week"] for row in found["fortnights"]] == [3.0, 2.0, 1.0]
    assert [row["held"] for row in found["fortnights"]] == [True, True, False]
    assert (found["held_at_or_below"], found["fewest_with_benefit"], found["reason"]) == (6.0, 2.0, "")
    assert "Descriptive" in found["note"]


@pytest.mark.parametrize(
    ("values", "sessions", "fewest", "reason"),
    [
        ([8.0] * 14 + [4.0] * 42, given(PLAN), 3.0, "nothing is known of fewer"),
        ([8.0] * 56, given(PLAN), None, "seen to hold"),
        ([None] * 14 + [4.0] * 42, given(PLAN), None, "before the first session"),
        ([8.0] * 14 + [4.0] * 3, given(PLAN), None, "no two weeks of light"),
        ([8.0] * 14 + [4.0] * 42, given(PLAN)[::3], None, "no two weeks of light"),
    ],
    ids=["one number", "no benefit", "no baseline", "no rating", "unwritten sessions"],
)
def test_what_cannot_be_told_has_its_reason(values: list[Any], sessions: Any, fewest: Any, reason: str) -> None:
    """Property: no number without what it needs; a due session without a line is unknown, not left out."""
    found = present(told(make_course(diary=diary(values), sessions=sessions))["sessions_a_week"])
    assert found["fewest_with_benefit"] == fewest
    assert reason in found["reason"]


def test_weeks_without_light_are_no_fewest_number() -> None:
    """Property: what lasts after the last session is carried over, not a benefit of no sessions."""
    found = present(told(make_course(diary=diary([8.0] * 14 + [4.0] * 70)), week=10)["sessions_a_week"])
    assert [row["sessions_a_week"] for row in found["fortnights"]] == [3.0, 3.0, 3.0, 0.0, 0.0]
    assert found["fewest_with_benefit"] == 3.0


def test_course_without_light_has_no_timing_and_no_error() -> None:
    """Property: before anything is written every part says that it is unknown."""
    found = told(make_course(sessions=()))
    assert found["regularity"]["index"] is found["skin_check"]["share"] is None
    assert present(found["sessions_a_week"])["fortnights"] == []


def test_blank_days_and_later_lines_change_nothing() -> None:
    """Property: a due but blank day, and lines dated after the checkpoint, are not there."""
    course = make_course(diary=diary([8.0] * 14 + [4.0] * 42))
    padded = dataclasses.replace(course, diary=(*course.diary, *with_onset(dt.time(3), 9, START + dt.timedelta(42))))
    assert told(padded) == told(course)
