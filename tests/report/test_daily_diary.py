"""The printed diary asks for every day before and during the course, once, in the order of the calendar."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from report.report_plans import ALLOWED

from openpbm.course import read_course
from openpbm.course.append_lines import begin_course, take_paper_diary
from openpbm.course.paper_diary import read_paper_diary
from openpbm.planning import AllowedPlan, load_allowed_plan, load_plan
from openpbm.planning.document import PlannedCheckpoint
from openpbm.report.home_sheet import COLUMNS, LEAST_ROW_MM, diary_pages, render_home_sheet

START = dt.date(2026, 12, 1)


class Tables(HTMLParser):
    """The cells of every table of a page, row by row; a cell over several columns counts as so many."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self._cell: list[str] | None = None
        self._covered = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self._cell, self._covered = [], int(dict(attrs).get("colspan") or 1) - 1

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self._cell is not None:
            self.rows[-1] += ["".join(self._cell).strip(), *[""] * self._covered]
            self._cell = None


def plan_of(weeks: int, *, days: tuple[int, ...] = (0, 2, 4), checks: tuple[int, ...] = (2, 4, 6)) -> AllowedPlan:
    """The allowed plan of these tests with other dates: sessions on `days` of each week, checkpoints after `checks`."""
    plan = load_allowed_plan(ALLOWED)
    dates = [START + dt.timedelta(days=7 * week + day) for week in range(weeks) for day in days]
    first = plan.schedule.sessions[0]
    schedule = replace(
        plan.schedule,
        sessions=tuple(
            replace(first, number=number, date=date, start_time=dt.time(19, 40))
            for number, date in enumerate(dates, start=1)
        ),
        checkpoints=tuple(
            PlannedCheckpoint(week=week, date=START + dt.timedelta(weeks=week), about=f"look {week}") for week in checks
        ),
    )
    return replace(plan, schedule=schedule, course=replace(plan.course, start_date=START))


def test_six_weeks_are_a_page_before_and_two_pages_of_the_course() -> None:
    pages = diary_pages(plan_of(6))
    assert [page.title for page in pages] == [
        "My diary: before the first session",
        "My diary: the course, weeks 1 to 3",
        "My diary: the course, weeks 4 to 6",
    ]
    assert [len(page.rows) for page in pages] == [14, 22, 23]


@pytest.mark.parametrize("weeks", [1, 2, 4, 5, 6, 8, 12])
@pytest.mark.parametrize("days", [(0,), (0, 2, 4), tuple(range(7))])
def test_every_day_stands_once_and_no_row_is_too_low(weeks: int, days: tuple[int, ...]) -> None:
    """Property: 14 days before, then each day to the last checkpoint or week's end, without gap or repeat."""
    pages = diary_pages(plan_of(weeks, days=days))
    dates = [row.date for page in pages for row in page.rows if row.check_week is None]
    last = START + dt.timedelta(days=7 * max(weeks, 6) - 1)
    assert dates == [START + dt.timedelta(days=n) for n in range(-14, (last - START).days + 1)]
    for page in pages:
        assert len(page.rows) <= 36
        assert page.row_height_mm >= LEAST_ROW_MM
        # What the A4 page leaves, measured on the printed sheet: 297 mm less margins, heading, names and notice.
        assert len(page.rows) * page.row_height_mm <= 215.0


def test_a_session_shows_its_number_and_time_on_its_day() -> None:
    rows = [row for page in diary_pages(plan_of(6)) for row in page.rows if row.number]
    assert [(row.number, row.start_time, row.short_date) for row in rows[:2]] == [
        (1, "19:40", "Tue 1 Dec 2026"),
        (2, "19:40", "Thu 3 Dec 2026"),
    ]
    assert len(rows) == 18


def test_a_checkpoint_stands_before_its_day_and_the_last_one_closes_the_diary() -> None:
    """Ratings count for the days before a checkpoint: the day of the last one is not asked for."""
    rows = [row for page in diary_pages(plan_of(6)) for row in page.rows]
    place = next(n for n, row in enumerate(rows) if row.check_week == 2)
    assert (rows[place - 1].date, rows[place].date, rows[place + 1].date) == (
        dt.date(2026, 12, 14),
        dt.date(2026, 12, 15),
        dt.date(2026, 12, 15),
    )
    assert rows[place + 1].number == 7
    assert (rows[-1].check_week, rows[-2].date) == (6, dt.date(2027, 1, 11))


def test_a_course_longer_than_its_checkpoints_goes_on_to_the_end_of_its_last_week() -> None:
    rows = [row for page in diary_pages(plan_of(8)) for row in page.rows]
    assert (rows[-3].number, rows[-3].date) == (24, START + dt.timedelta(days=53))
    assert rows[-1].date == START + dt.timedelta(days=55)


def test_without_a_start_date_the_first_session_begins_the_course() -> None:
    plan = plan_of(2, checks=())
    undated = replace(plan, course=replace(plan.course, start_date=None))
    assert diary_pages(undated)[0].rows[-1].date == START - dt.timedelta(days=1)


def test_the_sheet_says_why_every_day_counts(allowed: dict[str, Any]) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", render_home_sheet(load_plan(allowed)))
    assert "also on days without light, also before the first session" in text
    assert "Without a before there is no after" in re.sub(r" +", " ", text)


def test_every_row_fills_every_column(allowed: dict[str, Any]) -> None:
    rows = Tables(render_home_sheet(load_plan(allowed))).rows
    assert {len(row) for row in rows} == {len(COLUMNS)}
    # Two headings, 14 days before, 14 days of the course, one checkpoint.
    assert len(rows) == 2 + 14 + 14 + 1


def test_the_printed_table_filled_in_by_hand_comes_back_whole(allowed: dict[str, Any], tmp_path: Path) -> None:
    """Round trip: all tables of the sheet under their own headings, every day filled, read back as the same values."""
    rows = Tables(render_home_sheet(load_plan(allowed))).rows
    names = [heading for heading, _width in COLUMNS]
    assert rows[0] == names
    wanted: dict[dt.date, tuple[Any, ...]] = {}
    lit: list[tuple[Any, ...]] = []
    first = dt.date(2026, 12, 14)
    for row in rows[1:]:
        if row[0] == "No." or row[0].startswith("Check"):
            continue
        day = first + dt.timedelta(days=len(wanted))
        assert row[1] == f"{day:%a} {day.day} {day:%b} {day.year}"
        number, onset, note = len(wanted), dt.time(18 + len(wanted) % 5, 30), f"day {len(wanted)}, at home"
        row[4:8] = [str(number % 11), f"{onset:%H:%M}", "7:30", str((number + 3) % 11)]
        row[9] = note
        wanted[day] = (number % 11, onset, 450.0, (number + 3) % 11, note)
        if row[0]:
            row[3], row[8] = "25", "none"
            lit.append((day, dt.time(20), 25.0, "done", "none"))
    (tmp_path / "plan.json").write_text(json.dumps(allowed), encoding="utf-8")
    begin_course(tmp_path)
    paper = io.StringIO(newline="")
    csv.writer(paper).writerows(rows)
    typed = tmp_path / "typed" / "paper.csv"
    typed.parent.mkdir()
    typed.write_text(paper.getvalue(), encoding="utf-8")
    read = read_paper_diary(typed, load_allowed_plan(tmp_path / "plan.json"))
    taken = take_paper_diary(tmp_path, read)
    assert (taken.sessions, taken.days, taken.events, read.blank) == (4, 28, 0, 0)
    course = read_course(tmp_path)
    assert {d.date: (d.severity, d.onset, d.sleep_minutes, d.bother, d.notes) for d in course.diary} == wanted
    assert [(s.date, s.time, s.minutes, s.status, s.skin_reaction) for s in course.sessions] == lit


def test_the_sheet_as_printed_and_left_blank_records_nothing(allowed: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(allowed), encoding="utf-8")
    paper = io.StringIO(newline="")
    csv.writer(paper).writerows(Tables(render_home_sheet(load_plan(allowed))).rows)
    (tmp_path / "paper.csv").write_text(paper.getvalue(), encoding="utf-8")
    read = read_paper_diary(tmp_path / "paper.csv", load_allowed_plan(tmp_path / "plan.json"))
    assert (read.sessions, read.days, read.events, read.blank) == ((), (), (), 28)
