"""Property: a line that names a day alone is as good as no line; it changes no count, ratio or verdict, and is marked.

A line of sessions.csv written ahead (a due day with a blank status) used to end the reading.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openpbm.course import Course, read_course
from openpbm.course.append_lines import take_paper_diary
from openpbm.course.paper_diary import PaperDiary
from openpbm.delivery import adherence, dose_verdict, find_deviations, match_sessions, next_step

Write = Callable[..., Path]
SESSIONS = ("date,time,site,side,minutes,distance_mm,status,reason,skin_reaction", "2026-12-01,19:40,,,26,,done,,none")
DIARY = ("date,entered_at,severity,onset,sleep_minutes", "2026-12-01,2026-12-01T22:00,4,21:30,400")
SCORES = ("date,scale,version,value,items_json", "2026-12-01,irls,,20,")


def without_marks(course: Course) -> Course:
    return dataclasses.replace(course, marks=(), left_out=())


def judged(course: Course) -> tuple[Any, ...]:
    as_of = dt.date(2026, 12, 8)
    records = match_sessions(course, as_of)
    return (
        adherence(course, as_of),
        dose_verdict(course.plan, records),
        find_deviations(course.plan, records),
        next_step(records, as_of),
    )


@pytest.mark.parametrize(
    ("name", "lines", "blank", "mark"),
    [
        ("sessions", SESSIONS, "2026-12-03,,,,,,,,", "blank_session"),
        ("sessions", SESSIONS, "2026-12-01,,,,,,,,", "blank_session"),
        ("sessions", SESSIONS, "2026-12-03,19:40,posterior_calf,both,,,,,", "blank_session"),
        ("sessions", SESSIONS, "2026-12-03", "blank_session"),
        ("diary", DIARY, "2026-12-02,,,,", "blank_day"),
        ("diary", DIARY, "2026-06-01,,,,", "blank_day"),
        ("diary", DIARY, "2026-12-01,2026-12-02T09:00,,,", "blank_day"),
        ("scores", SCORES, "2026-12-03,irls,,,", "blank_score"),
        ("scores", SCORES, "2026-12-01,irls,,,{}", "blank_score"),
    ],
)
def test_a_line_with_nothing_but_a_day_changes_nothing(
    folder: Path, write: Write, name: str, lines: tuple[str, ...], blank: str, mark: str
) -> None:
    write("sessions", *SESSIONS)
    write(name, *lines)
    before = read_course(folder)
    write(name, *lines, blank)
    after = read_course(folder)
    assert without_marks(after) == without_marks(before)
    assert judged(after) == judged(before)
    (told,) = (one.lines for one in after.marks if one.id == mark)
    assert 3 in told


def test_blank_lines_alone_know_as_little_as_no_file(folder: Path, write: Write) -> None:
    write("sessions", "date,status", "2026-12-01,", "2026-12-03,")
    course = read_course(folder)
    assert course.sessions == ()
    lines = {mark.id: mark.lines for mark in course.marks}
    assert lines["blank_session"] == (2, 3)
    assert "no_sessions" in lines


def test_a_line_of_the_paper_joins_one_written_ahead(folder: Path, write: Write) -> None:
    """The day written ahead says nothing, so what the paper says of it is no contradiction."""
    write("diary", DIARY[0], "2026-12-02,,,,")
    cells = {"date": "2026-12-02", "entered_at": "", "severity": "3"}
    taken = take_paper_diary(folder, PaperDiary(name="paper.csv", sessions=(), days=((2, cells),), blank=0, said=()))
    assert taken.days == 1
    assert [day.severity for day in read_course(folder).diary] == [3.0]
