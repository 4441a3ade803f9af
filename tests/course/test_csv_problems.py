"""What a person's CSV can be wrong in: each problem names file, line, value, limit and remedy; all are told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.course import read_course
from openpbm.course.read_course import MOST_PROBLEMS
from openpbm.errors import BadInput

Write = Callable[..., Path]


def problems_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BadInput) as error:
        read_course(folder)
    return tuple(map(str, error.value.problems))


@pytest.mark.parametrize(
    ("name", "lines", "told"),
    [
        ("sessions", ("date,status,minutes", "2026-12-01,done,abc"), 'sessions.csv line 2: minutes = "abc": not a'),
        ("sessions", ("date,status,minutes", "2026-12-01,done,nan"), 'minutes = "nan": not a number'),
        ("sessions", ("date,status,minutes", "2026-12-01,done,241"), "must be from 0 to 240"),
        ("sessions", ("date,status,minutes", "2026-12-01,done,-1"), "must be from 0 to 240"),
        ("sessions", ("date,status,distance_mm", "2026-12-01,done,3001"), "must be from 0 to 3000"),
        ("sessions", ("date,status", "2026-12-01,don"), "did you mean done?"),
        ("sessions", ("date,status,minutes", "2026-12-01,,26"), 'status = "": blank, but needed'),
        ("sessions", ("date,status,skin_reaction", "2026-12-01,,pain"), 'status = "": blank, but needed'),
        ("sessions", ("date,status", "2026-13-01,"), "not a day between 1900 and 2199 that exists"),
        ("sessions", ("date,status,side", "2026-12-01,,lft"), "did you mean left?"),
        ("sessions", ("date,status,skin_reaction", "2026-12-01,done,blisters"), "did you mean blister?"),
        ("sessions", ("date,status,side", "2026-12-01,done,lft"), "did you mean left?"),
        ("sessions", ("date,status,time", "2026-12-01,done,25:00"), "not a time of day"),
        ("sessions", ("date,minutes", "2026-12-01,20"), "no column status"),
        ("diary", ("date,severity", "2026-12-01,11"), "must be from 0 to 10"),
        ("diary", ("date;severity", "2026-12-01;3,5", "2026-12-02;3.5"), "a decimal comma in"),
        ("diary", ("date,severity,notes", "2026-12-01,3,5,x"), "4 cells under 3 columns"),
        ("diary", ("date,severty", "2026-12-01,4"), '"severty": not a known column; did you mean severity?'),
        ("diary", ("date,severity,severity", "2026-12-01,4,5"), "severity stands twice"),
        ("diary", ("date,severity", "2026-02-30,4"), "not a day between 1900 and 2199 that exists"),
        ("diary", ("date,severity", "0026-12-01,4"), "not a day between 1900 and 2199 that exists"),
        ("diary", ("date,severity", "12/01/2026,4"), "write it as YYYY-MM-DD"),
        ("diary", ("date,severity", "30.2.2026,4"), "write it as YYYY-MM-DD"),
        ("diary", ("date;severity", "2026-12-01;1.25,5"), "not a number"),
        ("diary", ("date,sleep_minutes", "2026-12-01,0.3125"), "as a spreadsheet keeps 7:30"),
        ("diary", ("date,onset", "2026-12-01,0.895833333"), "as a spreadsheet keeps 21:30"),
        ("sessions", ("date,status,minutes", "2026-12-01,done,0.0104166667"), "as a spreadsheet keeps 0:15"),
        ("sessions", ("date,status,time", "2026-12-01,done,0.8333"), "as a spreadsheet keeps 20:00"),
        ("diary", ("date,severity", "46357,4"), "a spreadsheet's number of a day, perhaps 2026-12-01"),
        ("diary", ("date,entered_at", "2026-12-01,2026-11-30T20:00Z"), "the time zone at home is not known"),
        ("diary", ("date,sleep (weeks)", "2026-12-01,4"), "this unit is not known; use minutes"),
        ("diary", ("date,sleep", "2026-12-01,4"), "names no unit"),
        ("diary", ("date,severity", ",4"), 'date = "": blank, but needed'),
        ("diary", ("date,sleep_minutes", "2026-12-01,1441"), "must be from 0 to 1440"),
        ("diary", ("date,entered_at", "2026-12-01,yesterday"), "not a date and time"),
        ("diary", ("date,at_rest", "2026-12-01,perhaps"), "must be yes or no"),
        ("diary", ("date,notes", '2026-12-01,"open'), "check the quotes"),
        ("diary", ("date,notes", "2026-12-01,\x1b[31m"), "control character"),
        ("events", ("date,kind,grade", "2026-12-01,headache,6"), "must be from 1 to 5"),
        ("events", ("date,kind,grade", "2026-12-01,headache,1.5"), "must be a whole number"),
        ("guesses", ("date,guess", "2026-12-01,placebo"), "not a known word"),
        ("scores", ("date,scale,value", "2026-12-01,irsl,20"), "irls"),
        ("scores", ("date,scale,value", "2026-12-01,irls,41"), "must be from 0 to 40"),
        ("scores", ("date,scale,version,value", "2026-12-01,irls,no-such,20"), "not a version of irls"),
        ("scores", ("date,scale,items_json", "2026-12-01,irls,[3]"), "not an object"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 5}"'), "item 1 is 5: out of range"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 2.5}"'), "not a whole number"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": true}"'), "not a number"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""11"": 1}"'), 'irls has no item "11"'),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 1, ""1"": 2}"'), "more than once"),
        ("scores", ("date,scale,value", "2026-12-01,cipn20,30"), "cipn20 has no total, only parts"),
        ("scores", ("date,scale,value", "2026-12-01,bctq,2.5"), "bctq has no total, only parts"),
        (
            "scores",
            ("date,scale,items_json", '2026-12-01,nerve_conduction,"{""temperature"": 27, ""amplitude"": 9}"'),
            "warm the leg",
        ),
        ("scores", ("date,scale,items_json", '2026-12-01,ashworth,"{""1"": 2.5}"'), "give one of 0, 1, 1.5, 2, 3, 4"),
        ("scores", ("date,scale,value,source", "2026-12-01,irls,20,phone"), "known: app, clinician, paper"),
    ],
)
def test_a_problem_is_named(folder: Path, write: Write, name: str, lines: tuple[str, ...], told: str) -> None:
    write(name, *lines)
    problems = problems_of(folder)
    assert len(problems) == 1, problems
    assert told in problems[0]
    assert problems[0].startswith(f"{name}.csv line ")


def test_all_problems_of_all_files_are_told_at_once(folder: Path, write: Write) -> None:
    write("sessions", "date,status", "2026-12-01,x")
    write("diary", "date,severity", "2026-12-01,4", "2026-12-02,99")
    (folder / "design.json").write_text("{", encoding="utf-8")
    (folder / "case_report.toml").write_text("= 1", encoding="utf-8")
    (folder / "plan.json").write_text('{"verdict": "ask"}', encoding="utf-8")
    assert [problem.split(":")[0] for problem in problems_of(folder)] == [
        "plan.json",
        "sessions.csv line 2",
        "diary.csv line 3",
        "design.json line 1",
        "case_report.toml line 1",
    ]


def test_one_slip_repeated_does_not_fill_the_screen(folder: Path, write: Write) -> None:
    write("diary", "date,severity", *(f"2026-12-{1 + day % 28:02d},x" for day in range(100)))
    problems = problems_of(folder)
    assert len(problems) == MOST_PROBLEMS + 1
    assert problems[-1].startswith("and 60 more problems")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_spreadsheet_is_read(folder: Path, encoding: str) -> None:
    (folder / "diary.csv").write_bytes("date,notes\n2026-12-01,müde\n".encode(encoding))
    assert [day.notes for day in read_course(folder).diary] == ["müde"]


def test_bytes_that_are_no_text_are_named(folder: Path) -> None:
    (folder / "diary.csv").write_bytes(b"date,notes\n2026-12-01,\x00\x81\n")
    assert problems_of(folder)[0].startswith("diary.csv: not text in UTF-8, UTF-16 or Windows-1252")


@pytest.mark.parametrize(
    "lines",
    [
        ("date;severity;sleep (h)", "1.12.2026;3,5;7,5"),
        ("sep=;", "date;severity;sleep (h)", "1.12.2026;3,5;7,5"),
        ("date\tseverity\tsleep (hours)", "2026-12-01\t3.5\t7.5"),
    ],
)
def test_a_table_of_another_country_is_read(folder: Path, write: Write, lines: tuple[str, ...]) -> None:
    write("diary", *lines)
    (day,) = read_course(folder).diary
    assert (day.date.isoformat(), day.severity, day.sleep_minutes) == ("2026-12-01", 3.5, 450.0)


def test_a_line_number_counts_lines_of_the_file_not_rows(folder: Path, write: Write) -> None:
    write("diary", "date,severity,notes", '2026-12-01,4,"two', 'lines"', "", "2026-12-02,x,")
    assert problems_of(folder)[0].startswith("diary.csv line 5: severity")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a folder"):
        read_course(tmp_path / "nowhere")
