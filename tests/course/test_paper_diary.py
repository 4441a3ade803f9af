"""The printed diary comes back whole: each filled line is taken as written, a blank one stays unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openpbm.course import read_course
from openpbm.course.append_lines import Taken, begin_course, take_paper_diary
from openpbm.course.paper_diary import read_paper_diary
from openpbm.errors import BadInput
from openpbm.planning import load_allowed_plan

HEAD = 'No.,Date,Time,"Done, min",Worst symptom 0–10,"Sleep, hours",Skin and eyes after,"Notes: medicines, iron"'
DAILY = (
    'No.,Date,Session (time planned),"Done, min",Worst symptom 0–10,Began at,"Sleep, hours",Bother 0–10,'
    'Skin and eyes after,"Notes: medicines, iron, caffeine, exercise"'
)
Write = Callable[..., Path]


@pytest.fixture
def take(folder: Path) -> Callable[..., Taken]:
    def taken(*lines: str, head: str = HEAD, entered: dt.datetime | None = None) -> Taken:
        paper = folder / "paper" / "typed.csv"
        paper.parent.mkdir(exist_ok=True)
        paper.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
        return take_paper_diary(folder, read_paper_diary(paper, load_allowed_plan(folder / "plan.json"), entered))

    return taken


Take = Callable[..., Taken]


def test_the_printed_table_is_taken_as_written(folder: Path, take: Take) -> None:
    taken = take(
        "1,Tue 1 Dec 2026,19:40,26,6,7.5,none,iron as before",
        "2,Thu 3 Dec 2026,20:15,10,8,6:30,red,",
        '"Check, week 2",Tue 15 Dec 2026,,,,,,',
        "3,Sat 5 Dec 2026,19:40,0,4,,,forgot",
        "4,Tue 8 Dec 2026,19:40,,,,,",
    )
    assert (taken.sessions, taken.days, taken.already_there) == (3, 3, ())
    course = read_course(folder)
    assert [(r.date.day, r.time, r.site, r.side, r.minutes, r.status, r.skin_reaction) for r in course.sessions] == [
        (1, dt.time(19, 40), "posterior_calf", "both", 26.0, "done", "none"),
        (3, dt.time(20, 15), "posterior_calf", "both", 10.0, "partial", "redness"),
        (5, dt.time(19, 40), "posterior_calf", "both", 0.0, "missed", None),
    ]
    assert [(d.date.day, d.severity, d.sleep_minutes, d.notes, d.entered_at) for d in course.diary] == [
        (1, 6.0, 450.0, "iron as before", None),
        (3, 8.0, 390.0, "", None),
        (5, 4.0, None, "forgot", None),
    ]


def test_every_day_is_taken_before_the_start_and_without_light(folder: Path, take: Take) -> None:
    """A verdict needs days before the light and between sessions: their lines make no session, done or missed."""
    taken = take(
        ",Mon 30 Nov 2026,,,7,22:15,6.5,5,,coffee",
        "1,Tue 1 Dec 2026,19:40,26,6,21.30,7,4,none,",
        ",Wed 2 Dec 2026,,,5,9:30 pm,7:30,3,,",
        "2,Thu 3 Dec 2026,19:40,,,,,,,",
        ",Fri 4 Dec 2026,,0,4,,,0,,",
        ",Sun 6 Dec 2026,,-,0,21h30,8,,none,",
        head=DAILY,
    )
    assert (taken.sessions, taken.days, taken.events) == (1, 5, 0)
    course = read_course(folder)
    assert [(s.date.day, s.status) for s in course.sessions] == [(1, "done")]
    assert [(d.date.day, d.severity, d.onset, d.sleep_minutes, d.bother, d.notes) for d in course.diary] == [
        (30, 7.0, dt.time(22, 15), 390.0, 5.0, "coffee"),
        (1, 6.0, dt.time(21, 30), 420.0, 4.0, ""),
        (2, 5.0, dt.time(21, 30), 450.0, 3.0, ""),
        (4, 4.0, None, None, 0.0, ""),
        (6, 0.0, dt.time(21, 30), 480.0, None, "skin: none"),
    ]


def test_a_reaction_seen_the_day_after_is_an_event_not_a_note_alone(folder: Path, take: Take) -> None:
    """Rules of safety read sessions and events: a blister seen on a day without light must reach them."""
    line = ",Wed 2 Dec 2026,,,5,,,,small blister,"
    assert take(line, head=DAILY).events == 1
    course = read_course(folder)
    assert [(e.date.day, e.kind, e.detail) for e in course.events] == [
        (2, "blister", "on a day without light: small blister")
    ]
    assert course.diary[0].notes == "skin: small blister"
    again = take(line, head=DAILY)
    assert (again.events, again.days, len(again.already_there)) == (0, 0, 2)


def test_other_events_of_that_day_stay_beside_it(folder: Path, write: Write, take: Take) -> None:
    write("events", "date,kind,detail,grade", "2026-12-02,headache,,1")
    assert take(",2026-12-02,,,,,,,red,", head=DAILY).events == 1
    assert [event.kind for event in read_course(folder).events] == ["headache", "redness"]


def test_the_events_are_words_the_rules_know() -> None:
    from openpbm.course.paper_diary import _EVENT_OF_SKIN
    from openpbm.facts.event_kinds import event_kind

    assert {kind: (found := event_kind(word)) is not None and found.skin for kind, word in _EVENT_OF_SKIN.items()} == {
        "blister": True,
        "pain": True,
        "redness": True,
    }


def test_skin_before_the_course_is_no_event_of_the_light(folder: Path, take: Take) -> None:
    assert take(",2026-11-30,,,5,,,,red,", head=DAILY).events == 0
    assert read_course(folder).diary[0].notes == "skin: red"


def test_light_on_another_day_than_planned_is_a_session(folder: Path, take: Take) -> None:
    assert take(",2026-12-04,19:00,26,5,,,,none,", head=DAILY).sessions == 1
    assert read_course(folder).sessions[0].status == "done"


def test_light_before_the_start_is_kept_and_spoken_of(folder: Path, write: Write) -> None:
    paper = write("typed", DAILY, ",2026-11-29,20:00,26,5,,,,none,")
    read = read_paper_diary(paper, load_allowed_plan(folder / "plan.json"))
    assert len(read.sessions) == 1
    assert "before the course begins on 2026-12-01" in read.said[0]


def test_an_onset_that_may_be_meant_for_the_evening_is_spoken_of(folder: Path, write: Write) -> None:
    paper = write("typed", "Date,Began", "2026-11-29,9:30", "2026-11-30,10.15", "2026-12-02,09:30", "2026-12-04,21:30")
    read = read_paper_diary(paper, load_allowed_plan(folder / "plan.json"))
    assert [cells["onset"] for _line, cells in read.days] == ["09:30", "10:15", "09:30", "21:30"]
    assert [said.split(":")[0] for said in read.said] == ["began on line 2, 3"]


def test_headings_of_each_page_may_stand_again(folder: Path, take: Take) -> None:
    taken = take(",2026-11-30,,,7,,,,,", DAILY, "1,2026-12-01,19:40,26,6,,,,,", head=DAILY)
    assert (taken.sessions, taken.days) == (1, 2)


def test_short_headings_in_any_order_and_iso_dates_do_as_well(folder: Path, take: Take) -> None:
    take("7,2026-12-01,26,4", head="sleep,date,done,WORST")
    assert read_course(folder).diary[0].sleep_minutes == 420.0


def test_done_without_a_number_is_done_with_minutes_unknown(folder: Path, take: Take) -> None:
    take("1,2026-12-01,,yes,,,,")
    assert [(r.status, r.minutes) for r in read_course(folder).sessions] == [("done", None)]


def test_more_minutes_than_planned_are_kept_and_spoken_of(folder: Path, write: Write) -> None:
    paper = write("typed", "Date,Done", "2026-12-01,52", "2026-12-03,27")
    read = read_paper_diary(paper, load_allowed_plan(folder / "plan.json"))
    assert [cells["minutes"] for _line, cells in read.sessions] == ["52", "27"]
    assert [said.split(",")[0] for said in read.said] == ["line 2: 52 min"]


def test_a_blank_date_is_taken_from_the_plan_by_its_number(folder: Path, take: Take) -> None:
    take("2,,,26,5,,,")
    assert read_course(folder).sessions[0].date == dt.date(2026, 12, 3)


def test_typing_the_same_paper_twice_adds_nothing(folder: Path, take: Take) -> None:
    line = "1,Tue 1 Dec 2026,19:40,26,6,7.5,none,x"
    take(line)
    before = [(folder / name).read_bytes() for name in ("sessions.csv", "diary.csv")]
    again = take(line, entered=dt.datetime(2026, 12, 24, 12))
    assert (again.sessions, again.days, len(again.already_there)) == (0, 0, 2)
    assert [(folder / name).read_bytes() for name in ("sessions.csv", "diary.csv")] == before


def test_a_day_that_says_something_else_is_never_changed(folder: Path, take: Take) -> None:
    take("1,2026-12-01,19:40,26,6,,,")
    before = [(folder / name).read_bytes() for name in ("sessions.csv", "diary.csv")]
    with pytest.raises(BadInput) as error:
        take("1,2026-12-01,19:40,20,3,,,", "2,2026-12-03,19:40,26,3,,,")
    assert [fault.split(";")[0].split(" holds")[0] for fault in map(str, error.value.problems)] == [
        "typed.csv line 2: sessions.csv line 2",
        "typed.csv line 2: diary.csv line 2",
    ]
    assert [(folder / name).read_bytes() for name in ("sessions.csv", "diary.csv")] == before


def test_what_is_there_stays_byte_for_byte_in_its_own_order_of_columns(folder: Path, take: Take) -> None:
    old = '\ufeffNotes,severity,date,sleep_minutes,bother\r\n"a, b",3.50,2026-11-30,,2'.encode()
    (folder / "diary.csv").write_bytes(old)
    take("1,2026-12-01,,26,6,,,x")
    assert (folder / "diary.csv").read_bytes() == old + b"\r\nx,6,2026-12-01,,\r\n"


def test_a_column_the_paper_needs_and_the_file_lacks_is_named(folder: Path, write: Write, take: Take) -> None:
    write("diary", "date,severity", "2026-11-30,3")
    with pytest.raises(BadInput, match=r"diary\.csv: no column notes"):
        take("1,2026-12-01,,,6,,,x")
    assert not (folder / "sessions.csv").exists()


def test_the_time_of_typing_marks_days_told_late(folder: Path, take: Take) -> None:
    take("1,2026-12-01,,26,6,,,", entered=dt.datetime(2026, 12, 10, 9))
    assert "back_dated" in [mark.id for mark in read_course(folder).marks]


def test_own_words_about_the_skin_are_kept(folder: Path, take: Take) -> None:
    take("1,2026-12-01,,26,6,,a little red for an hour,")
    course = read_course(folder)
    assert course.sessions[0].skin_reaction == "redness"
    assert course.diary[0].notes == "skin: a little red for an hour"


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1,Wed 1 Dec 2026,,26,,,,", "that day is a Tuesday"),
        ("1,31 Feb 2026,,26,,,,", "not a day that exists"),
        ("1,1/12/2026,,26,,,,", "may be day before month"),
        ("99,,,26,,,,", "no session of the plan has this number"),
        ("1,2026-12-01,,half,,,,", 'done = "half": not a number'),
        ("1,2026-12-01,,260,,,,", "must be from 0 to 240"),
        ("1,2026-12-01,,26,11,,,", "must be from 0 to 10"),
        ("1,2026-12-01,,26,6,450,,", "sleep"),
        ("1,2026-12-01,,26,6,25,,", "more than 24 hours"),
        ("1,2026-12-01,,26,6,,no redness,", "write none, warmth, redness"),
        ("1,2026-12-01,,26,6,,not red,", "write none, warmth, redness"),
        ("1,2026-12-01,,26,6,,itchy,", "write none, warmth, redness"),
        ("1,2026-12-01,,,6,,red,", "blank, yet Skin is filled in"),
        ("1,2026-12-01,late,26,6,,,", "not a time of day"),
        ("1,2026-12-31,,26,6,,,", "when this was typed"),
        (",2026-12-04,,,6,,itchy,", "write none, warmth, redness"),
        (",2026-12-04,,half,6,,,", 'done = "half": not a number'),
    ],
)
def test_a_line_that_cannot_be_read_stops_all(folder: Path, take: Take, line: str, told: str) -> None:
    with pytest.raises(BadInput) as error:
        take("3,2026-12-05,,26,6,,,", line, entered=dt.datetime(2026, 12, 20, 9))
    assert len(error.value.problems) == 1
    assert str(error.value.problems[0]).startswith("typed.csv line 3: ")
    assert told in str(error.value.problems[0])
    assert not (folder / "sessions.csv").exists()


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",2026-12-02,,,6,late,,,,", 'began = "late": not a time of day'),
        (",2026-12-02,,,6,21,,,,", 'began = "21": not a time of day'),
        (",2026-12-02,,,6,13:30 pm,,,,", "not a time of day"),
        (",2026-12-02,,,6,,,12,,", 'bother = "12": must be from 0 to 10'),
        (",,,,6,,,,,", "write the day"),
    ],
)
def test_a_cell_of_the_daily_sheet_that_cannot_be_read_is_named(take: Take, line: str, told: str) -> None:
    with pytest.raises(BadInput) as error:
        take(line, head=DAILY)
    assert len(error.value.problems) == 1
    assert told in str(error.value.problems[0])


def test_two_lines_of_one_day_are_asked_about(take: Take) -> None:
    with pytest.raises(BadInput, match="already stands on line 2"):
        take("1,2026-12-01,,26,6,,,", "2,2026-12-01,,26,5,,,")


def test_a_write_that_fails_leaves_the_old_file(folder: Path, take: Take, monkeypatch: pytest.MonkeyPatch) -> None:
    take("1,2026-12-01,,26,6,,,")
    before = (folder / "sessions.csv").read_bytes()

    def full(*_args: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openpbm.course.append_lines.os.replace", full)
    with pytest.raises(BadInput, match="No space left"):
        take("2,2026-12-03,,26,6,,,")
    assert (folder / "sessions.csv").read_bytes() == before
    assert not list(folder.glob(".*.new"))


def test_a_course_is_begun_with_first_lines_and_nothing_there_changes(tmp_path: Path) -> None:
    course = tmp_path / "new" / "course"
    assert begin_course(course) == ("sessions.csv", "diary.csv", "scores.csv", "events.csv", "timeline.csv")
    header = "date,entered_at,severity,onset,sleep_minutes,bother,notes\n"
    assert (course / "diary.csv").read_text(encoding="utf-8") == header
    (course / "diary.csv").write_text("date\n", encoding="utf-8")
    assert begin_course(course) == ()
    assert (course / "diary.csv").read_text(encoding="utf-8") == "date\n"


SHORT = "No.,Date,Session,Done,Worst,Began,Sleep,Bother,Skin,Notes"


@pytest.mark.parametrize(
    ("head", "line"),
    [
        (SHORT.replace(",", ";"), ";2026-09-08;;;6,5;21:30;7,5;5;;"),
        (f"sep=;\n{SHORT.replace(',', ';')}", ";2026-09-08;;;6,5;21:30;7,5;5;;"),
        (SHORT, ',2026-09-08,,,"6,5",21:30,"7,5",5,,'),
        (SHORT, ",8.9.2026,,,6.5,21.30,7:30,5,,,,"),
        (SHORT, ",Tue 8.9.2026,,,6.5,9:30 pm,7h30,5,,"),
        (SHORT.replace("Sleep", "Sleep (min)"), ",2026-09-08,,,6.5,21h30,450,5,,"),
        (SHORT.replace(",", "\t"), "\tTue 8 Sep 2026\t\t\t6,5\t21:30\t7,5\t5\t\t"),
    ],
    ids=["semicolons", "sep", "quoted commas", "dots and blank cells behind", "weekday", "minutes of sleep", "tabs"],
)
def test_the_same_day_out_of_many_spreadsheets(folder: Path, take: Take, head: str, line: str) -> None:
    take(line, head=head)
    (day,) = read_course(folder).diary
    assert (day.date, day.severity, day.onset, day.sleep_minutes, day.bother) == (
        dt.date(2026, 9, 8), 6.5, dt.time(21, 30), 450.0, 5.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (",2026-09-08,,,6,0.895833333,7.5,5,,", "a fraction of a day, as a spreadsheet keeps 21:30"),
        (",2026-09-08,,,6,21:30,0.3125,5,,", "a fraction of a day, as a spreadsheet keeps 7:30"),
        (",2026-09-08,,,6,21:30,0.25,5,,", "a fraction of a day, as a spreadsheet keeps 6:00"),
        ("1,2026-12-01,,0.0180555556,6,21:30,7.5,5,,", "a fraction of a day, as a spreadsheet keeps 0:26"),
        (",2026-09-08,,,6,21.30,7.30,5,,", "may be 7:30 or a decimal of hours"),
        (",2026-09-08,,,6,21.30,6.45,5,,", "may be 6:45 or a decimal of hours"),
        (",46273,,,6,21:30,7.5,5,,", "a spreadsheet's number of a day, perhaps 2026-09-08"),
        (",08/09/2026,,,6,21:30,7.5,5,,", "may be day before month or month before day"),
        (",Mon 8.9.2026,,,6,21:30,7.5,5,,", "that day is a Tuesday"),
    ],
)
def test_what_a_spreadsheet_made_of_a_cell_is_refused_by_name(take: Take, line: str, told: str) -> None:
    with pytest.raises(BadInput) as error:
        take(line, head=SHORT)
    assert [told in str(problem) for problem in error.value.problems] == [True]
