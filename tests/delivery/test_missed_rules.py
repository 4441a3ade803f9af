"""Property: never is light to be made up; only runs of missed sessions ask for more than leaving one out."""

from __future__ import annotations

import datetime as dt

import pytest
from delivery.delivery_course import DAYS, WEEK_2, course, day, plan, row

from openpbm.course.records import RecordedSession
from openpbm.delivery import match_sessions, next_step
from openpbm.planning import AllowedPlan

THREE_WEEKS = (*DAYS, 14, 16, 18)


def ids(*rows: RecordedSession, of: AllowedPlan | None = None, at: dt.date = WEEK_2) -> list[str]:
    return [one.rule for one in next_step(match_sessions(course(*rows, of=of), at), at)]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ("dddddd", []),
        ("mmmmmd", []),
        ("dddddm", ["leave_out"]),
        ("dddddp", ["leave_out"]),
        ("ddddmm", ["leave_out"]),
        ("dddmmm", ["ask_why_missed", "leave_out"]),
        ("mmmmmm", ["restart_after_missed", "leave_out"]),
        ("dmm m ", ["ask_why_missed"]),
        ("ddd   ", ["ask_for_record"]),
        ("      ", ["ask_for_record"]),
        ("dddd  ", []),
    ],
)
def test_runs_up_to_the_last_due_session(statuses: str, expected: list[str]) -> None:
    words = {"d": "done", "m": "missed", "p": "partial"}
    rows = [row(number, words[s]) for number, s in zip(DAYS, statuses, strict=True) if s != " "]
    assert ids(*rows) == expected


def test_two_weeks_of_the_course_without_light_ask_for_a_new_start() -> None:
    rows = [row(0), *(row(number, "missed") for number in THREE_WEEKS[1:])]
    assert ids(*rows, of=plan(THREE_WEEKS), at=day(21)) == ["restart_after_missed", "restart_after_pause", "leave_out"]


def test_a_course_that_has_ended_is_no_pause() -> None:
    """The follow-up at week 12 asks nobody to begin again."""
    assert ids(*(row(number) for number in DAYS), at=day(84)) == []


def test_who_stops_writing_is_asked_for_the_record_not_to_begin_again() -> None:
    assert ids(row(0), of=plan(THREE_WEEKS), at=day(21)) == ["ask_for_record"]


def test_nothing_due_asks_for_nothing() -> None:
    assert ids(at=day(0)) == []
