"""What a person's CSV can be wrong in: each fault names file, line, value, limit and way out; all are told at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openpbm.course import read_course
from openpbm.course.read_course import MOST_FAULTS
from openpbm.errors import BadInput

Write = Callable[..., Path]


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(BadInput) as error:
        read_course(folder)
    return error.value.faults


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
        ("diary", ("date,severity", '2026-12-01,"3,5"'), "a decimal comma; write 3.5"),
        ("diary", ("date,severity,notes", "2026-12-01,3,5,x"), "4 cells under 3 columns"),
        ("diary", ("date;severity", "2026-12-01;4"), "parted by semicolons"),
        ("diary", ("date,severty", "2026-12-01,4"), '"severty": not a known column; did you mean severity?'),
        ("diary", ("date,severity,severity", "2026-12-01,4,5"), "severity stands twice"),
        ("diary", ("date,severity", "2026-02-30,4"), "not a day between 1900 and 2199 that exists"),
        ("diary", ("date,severity", "0026-12-01,4"), "not a day between 1900 and 2199 that exists"),
        ("diary", ("date,severity", "01.12.2026,4"), "write it as YYYY-MM-DD"),
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
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 5}"'), "item 1 is 5, must be from 0 to 4"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 2.5}"'), "must be a multiple of 1"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": true}"'), "not a number"),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""11"": 1}"'), 'irls has no item "11"'),
        ("scores", ("date,scale,items_json", '2026-12-01,irls,"{""1"": 1, ""1"": 2}"'), "stands twice"),
        ("scores", ("date,scale,value,source", "2026-12-01,irls,20,phone"), "known: app, clinician, paper"),
    ],
)
def test_a_fault_is_named(folder: Path, write: Write, name: str, lines: tuple[str, ...], told: str) -> None:
    write(name, *lines)
    faults = faults_of(folder)
    assert len(faults) == 1, faults
    assert told in faults[0]
    assert faults[0].startswith(f"{name}.csv line ")


def test_all_faults_of_all_files_are_told_at_once(folder: Path, write: Write) -> None:
    write("sessions", "date,status", "2026-12-01,x")
    write("diary", "date,severity", "2026-12-01,4", "2026-12-02,99")
    (folder / "design.json").write_text("{", encoding="utf-8")
    (folder / "case_report.toml").write_text("= 1", encoding="utf-8")
    (folder / "plan.json").write_text('{"verdict": "ask"}', encoding="utf-8")
    assert [fault.split(":")[0] for fault in faults_of(folder)] == [
        "plan.json",
        "sessions.csv line 2",
        "diary.csv line 3",
        "design.json line 1",
        "case_report.toml",
    ]


def test_one_slip_repeated_does_not_fill_the_screen(folder: Path, write: Write) -> None:
    write("diary", "date,severity", *(f"2026-12-{1 + day % 28:02d},x" for day in range(100)))
    faults = faults_of(folder)
    assert len(faults) == MOST_FAULTS + 1
    assert faults[-1].startswith("and 60 more faults")


def test_text_that_is_not_utf8_is_named_with_its_line(folder: Path) -> None:
    (folder / "diary.csv").write_bytes("date,notes\n2026-12-01,müde\n".encode("latin-1"))
    assert faults_of(folder) == ("diary.csv line 2: not UTF-8 text; save the file again as CSV UTF-8",)


def test_a_line_number_counts_lines_of_the_file_not_rows(folder: Path, write: Write) -> None:
    write("diary", "date,severity,notes", '2026-12-01,4,"two', 'lines"', "", "2026-12-02,x,")
    assert faults_of(folder)[0].startswith("diary.csv line 5: severity")


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not a folder"):
        read_course(tmp_path / "nowhere")
