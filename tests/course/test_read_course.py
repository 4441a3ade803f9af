"""A course is what was written, in the order of days, with a mark wherever a reader must take care."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpbm.course import Course, mark_in_folder, read_course
from openpbm.errors import BadInput
from openpbm.facts.scales import scales

Write = Callable[..., Path]


def ids(course: Course) -> list[str]:
    return [mark.id for mark in course.marks]


def text_of(course: Course, mark: str) -> str:
    return next(mark_in_folder(one) for one in course.marks if one.id == mark)


def test_a_plan_alone_is_a_course_of_which_nothing_is_known(folder: Path) -> None:
    course = read_course(folder)
    assert ids(course) == ["no_sessions", "no_diary", "no_scores", "no_events", "no_timeline"]
    assert (course.sessions, course.diary) == ((), ())
    assert course.design is None


def test_a_file_with_its_first_line_alone_knows_as_little(folder: Path, write: Write) -> None:
    write("diary", "date,severity")
    assert "no_diary" in ids(read_course(folder))


def test_bom_crlf_blank_lines_quotes_and_order_of_columns_do_no_harm(folder: Path) -> None:
    text = '\ufeffSeverity, date ,notes\r\n\r\n4.5,2026-12-02,"tired, but ""fine"""\r\n,,\r\n'
    (folder / "diary.csv").write_bytes(text.encode())
    course = read_course(folder)
    assert [(d.line, d.date.day, d.severity, d.notes) for d in course.diary] == [(3, 2, 4.5, 'tired, but "fine"')]


def test_blank_is_unknown_and_never_zero(folder: Path, write: Write) -> None:
    write("sessions", "date,status,minutes", "2026-12-01,done,")
    write("diary", "date,severity,sleep_minutes,bother", "2026-12-01,,,2")
    course = read_course(folder)
    assert course.sessions[0].minutes is None
    assert (course.diary[0].severity, course.diary[0].sleep_minutes) == (None, None)


def test_every_optional_column_is_kept(folder: Path, write: Write) -> None:
    write("diary", "date,pain,awakenings,areas,at_rest,relieved_by_movement,caffeine,alcohol,exercise",
          "2026-12-01,3,2,calves,yes,no,2 cups,none,walk")  # fmt: skip
    write("spasms", "date,time,muscle,seconds,pain,trigger", "2026-12-01,02:10,calf,40,7,cold")
    write("guesses", "date,guess", "2026-12-05,sham")
    course = read_course(folder)
    day = course.diary[0]
    assert (day.pain, day.awakenings, day.areas, day.at_rest, day.relieved_by_movement) == (3, 2, "calves", True, False)
    assert (day.caffeine, day.alcohol, day.exercise) == ("2 cups", "none", "walk")
    assert (course.spasms[0].seconds, course.guesses[0].guess) == (40.0, "sham")


def test_a_day_entered_twice_is_marked_and_the_later_entry_counts(folder: Path, write: Write) -> None:
    write("diary", "date,entered_at,severity", "2026-12-01,2026-12-01T23:00,3", "2026-12-01,2026-12-01T21:00,8")
    course = read_course(folder)
    assert [day.severity for day in course.diary] == [3.0]
    assert text_of(course, "duplicate_day") == (
        "diary.csv: 2026-12-01: written down 2 times (different), counted once (lines 2, 3; line 2 counts)"
    )
    assert [row.line for row in course.left_out] == [3]


def test_where_nobody_knows_which_was_later_the_worse_day_counts(folder: Path, write: Write) -> None:
    write("diary", "date,entered_at,severity", "2026-12-01,2026-12-01T23:00,3", "2026-12-01,,8")
    assert [day.severity for day in read_course(folder).diary] == [8.0]


def test_identical_days_are_marked_too(folder: Path, write: Write) -> None:
    write("diary", "date,severity", "2026-12-01,3", "2026-12-01,3")
    course = read_course(folder)
    assert len(course.diary) == 1
    assert "the same twice" in text_of(course, "duplicate_day")


def test_a_day_written_before_it_came_is_left_out_and_marked(folder: Path, write: Write) -> None:
    write("diary", "date,entered_at,severity", "2026-12-05,2026-12-04T22:00,0", "2026-12-04,2026-12-04T22:00,5")
    course = read_course(folder)
    assert [day.date.day for day in course.diary] == [4]
    assert "1 line written down before the day came" in text_of(course, "future_dated")


@pytest.mark.parametrize(
    ("entered", "late"),
    [("2026-12-03T00:00", False), ("2026-12-03T00:01", True), ("2026-12-02", False), ("2026-12-03", True), ("", False)],
)
def test_an_entry_over_a_day_after_its_day_is_back_dated(folder: Path, write: Write, entered: str, late: bool) -> None:
    write("diary", "date,entered_at,severity", f"2026-12-01,{entered},5")
    course = read_course(folder)
    assert ("back_dated" in ids(course)) is late
    assert len(course.diary) == 1


def test_a_session_written_twice_counts_once(folder: Path, write: Write) -> None:
    line = "2026-12-01,19:40,posterior_calf,left,26,done,"
    write("sessions", "date,time,site,side,minutes,status,skin_reaction", line, line, line.replace("left", "right"))
    course = read_course(folder)
    assert [row.side for row in course.sessions] == ["left", "right"]
    assert ids(course)[-1] == "duplicate_session"


def test_of_two_accounts_of_one_session_the_worst_skin_then_the_least_light_stays(folder: Path, write: Write) -> None:
    head = "date,time,minutes,status,skin_reaction"
    write("sessions", head, "2026-12-01,19:40,26,done,none", "2026-12-01,19:40,10,partial,none",
          "2026-12-03,19:40,26,done,blister", "2026-12-03,19:40,,missed,")  # fmt: skip
    course = read_course(folder)
    assert [(row.status, row.skin_reaction) for row in course.sessions] == [("partial", "none"), ("done", "blister")]


def test_a_session_resumed_without_times_is_two_lines(folder: Path, write: Write) -> None:
    write("sessions", "date,minutes,status", "2026-12-01,10,partial", "2026-12-01,16,partial")
    assert len(read_course(folder).sessions) == 2


def test_a_status_that_its_minutes_deny_is_marked(folder: Path, write: Write) -> None:
    write("sessions", "date,minutes,status", "2026-12-01,0,done", "2026-12-03,26,missed", "2026-12-05,0,missed")
    course = read_course(folder)
    assert [(mark.file, mark.lines) for mark in course.marks if mark.id == "status_contradicts_minutes"] == [
        ("sessions.csv", (2,)),
        ("sessions.csv", (3,)),
    ]


def test_a_blank_score_is_left_out_and_marked(folder: Path, write: Write) -> None:
    write("scores", "date,scale,value", "2026-12-01,irls,20", "2026-12-08,irls,")
    course = read_course(folder)
    assert len(course.scores) == 1
    assert "blank_score" in ids(course)


def test_two_different_scores_of_one_day_stay_and_are_marked(folder: Path, write: Write) -> None:
    write("scores", "date,scale,value", "2026-12-01,irls,20", "2026-12-01,irls,25", "2026-12-01,isi,9")
    course = read_course(folder)
    assert len(course.scores) == 3
    assert "irls stands there 2 times" in text_of(course, "several_scores")


def test_versions_of_one_scale_are_never_read_as_one_line(
    folder: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    irls = dataclasses.replace(scales["irls"], versions=(scales["irls"].version, "older"))
    # By their names in sys.modules: in the package, `read_course` is the function.
    for module in ("openpbm.course.recorded_score", "openpbm.course.read_course"):
        monkeypatch.setattr(sys.modules[module], "scales", {"irls": irls})
    write("scores", "date,scale,version,value", "2026-12-01,irls,,20", "2026-12-08,irls,older,10")
    assert "mixed_versions" in ids(read_course(folder))
    write("scores", "date,scale,version,value", "2026-12-01,irls,,20", f"2026-12-08,irls,{irls.version},10")
    assert "mixed_versions" not in ids(read_course(folder))


def test_a_misspelt_file_is_not_lost_in_silence(folder: Path, write: Write) -> None:
    write("dairy", "date,severity", "2026-12-01,3")
    assert "did you mean diary.csv?" in text_of(read_course(folder), "unread_file")


def test_a_line_that_ends_early_is_marked(folder: Path, write: Write) -> None:
    write("diary", "date,severity,notes", "2026-12-01,3")
    assert "cut off before the last column; the rest is taken as blank (line 2)" in text_of(
        read_course(folder), "short_line"
    )


def test_a_sealed_draw_without_its_design_is_marked(folder: Path) -> None:
    """A key alone opens nothing, and nobody was told."""
    (folder / "design.key.json").write_text('{"nonce": "x"}', encoding="utf-8")
    assert "without design.json" in text_of(read_course(folder), "key_without_design")
    (folder / "design.json").write_text('{"kind": "blocks"}', encoding="utf-8")
    assert "key_without_design" not in ids(read_course(folder))


def test_a_key_given_twice_in_a_design_is_a_fault(folder: Path) -> None:
    (folder / "design.json").write_text('{"kind": "start", "kind": "blocks"}', encoding="utf-8")
    with pytest.raises(BadInput, match=r'design\.json: "kind" is given more than once'):
        read_course(folder)


def test_design_and_case_report_are_handed_on(folder: Path) -> None:
    (folder / "design.json").write_text('{"kind": "blocks"}', encoding="utf-8")
    (folder / "design.key.json").write_text('{"nonce": "x"}', encoding="utf-8")
    (folder / "case_report.toml").write_text('title = "One case"', encoding="utf-8")
    course = read_course(folder)
    assert (course.design, course.design_key) == ({"kind": "blocks"}, {"nonce": "x"})
    assert course.case_report == {"title": "One case"}


DIARY = [
    *(f"2026-12-{day:02d},2026-12-{day:02d}T22:00,{day % 5},21:30,x" for day in range(1, 12)),
    "2026-12-03,,9,,again",
    "2026-12-04,2026-12-09T10:00,1,,later",
    "2026-12-15,2026-12-12T10:00,1,,early",
]
SESSIONS = [
    "2026-12-01,19:40,posterior_calf,left,26,done,none",
    "2026-12-01,19:40,posterior_calf,right,26,done,redness",
    "2026-12-01,19:40,posterior_calf,right,20,partial,none",
    "2026-12-03,,,,10,partial,",
    "2026-12-03,,,,10,partial,",
    "2026-12-05,,,,,missed,",
]
SCORES = [
    '2026-12-01,irls,27,"{""1"": 2, ""2"": 3}"',
    '2026-12-01,irls,27,"{""2"": 3, ""1"": 2}"',
    "2026-12-01,irls,20,",
    "2026-12-08,isi,9,",
]


def without_lines(course: Course) -> dict[str, Any]:
    def said(row: Any) -> Any:
        return dataclasses.replace(row, line=0)

    names = ("sessions", "diary", "scores", "left_out")
    content: dict[str, Any] = {name: [said(row) for row in getattr(course, name)] for name in names}
    return content | {"marks": ids(course)}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32))
def test_the_order_of_lines_does_not_matter(folder: Path, write: Write, seed: int) -> None:
    """Property: a shuffled file gives the same course, line numbers apart."""

    def course(order: random.Random | None) -> dict[str, Any]:
        for name, head, rows in (
            ("diary", "date,entered_at,severity,onset,notes", DIARY),
            ("sessions", "date,time,site,side,minutes,status,skin_reaction", SESSIONS),
            ("scores", "date,scale,value,items_json", SCORES),
        ):
            lines = list(rows)
            if order is not None:
                order.shuffle(lines)
            write(name, head, *lines)
        return without_lines(read_course(folder))

    expected = course(None)
    assert len(expected["diary"]) == 11
    assert len(expected["left_out"]) == 6
    assert course(random.Random(seed)) == expected


def test_days_are_sorted(folder: Path, write: Write) -> None:
    write("events", "date,kind", "2026-12-09,headache", "2026-12-02,none")
    assert [event.date for event in read_course(folder).events] == [dt.date(2026, 12, 2), dt.date(2026, 12, 9)]


def test_stamps_in_utc_are_converted_with_the_zone_of_the_course(folder: Path, write: Write) -> None:
    """Mornings in Auckland lie on the day before in UTC: all 64 days were thrown out as written before they came."""
    write("diary", "date,entered_at,severity", "2026-12-02,2026-12-01T18:30:00Z,4", "2026-12-03,2026-12-02T18:30Z,5")
    with pytest.raises(BadInput, match="the time zone at home is not known"):
        read_course(folder)
    (folder / "course.toml").write_text('time_zone = "Pacific/Auckland"\n', encoding="utf-8")
    course = read_course(folder)
    assert [day.entered_at for day in course.diary] == [
        dt.datetime(2026, 12, 2, 7, 30),
        dt.datetime(2026, 12, 3, 7, 30),
    ]
    assert course.left_out == ()


def test_another_offset_and_a_stamp_without_one_stand_side_by_side(folder: Path, write: Write) -> None:
    (folder / "course.toml").write_text('time_zone = "America/Chicago"\n', encoding="utf-8")
    write("diary", "date,entered_at,severity", "2026-12-01,2026-12-02T04:00+01:00,4", "2026-12-02,2026-12-02T21:00,5")
    assert [day.entered_at for day in read_course(folder).diary] == [
        dt.datetime(2026, 12, 1, 21, 0),
        dt.datetime(2026, 12, 2, 21, 0),
    ]


@pytest.mark.parametrize("zone", ["EST", "Etc/GMT+2", "Factory", "Auckland", "localtime"])
def test_a_zone_that_is_no_place_is_refused(folder: Path, zone: str) -> None:
    (folder / "course.toml").write_text(f'time_zone = "{zone}"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="no time zone of a place"):
        read_course(folder)
