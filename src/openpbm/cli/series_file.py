"""A CSV of one or several cases: columns phase, value and, if wanted, time and case."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from openpbm.errors import BadInput, Problem
from openpbm.files import Column, Line, is_slashed, read_table, slashed_day_reader, written_time

if TYPE_CHECKING:
    from openpbm.single_case import Series

__all__ = ["read_cases"]

_COLUMNS = (
    Column(name="phase", needed=True),
    Column(name="value", needed=True, number=True),
    Column(name="time", number=True, aliases=("date", "day")),
    Column(name="case"),
)
_LARGEST = 1e12
# A file of another kind has a problem in every row; forty are enough to see it.
_MOST_PROBLEMS = 40
_ONLY_CASE = "series"
_DAY_MINUTES = 1440
#: How a cell of the time column becomes a number: days since the year 1, or the number itself.
ReadTime = Callable[[Line], float]


def read_cases(path: Path) -> list[Series]:
    """The cases of a file, or of every CSV file of a folder; BadInput with every problem of every file.

    In a folder a file without a case column is the case of its name, and a case of another is `FILE/CASE`.
    """
    if not path.is_dir():
        return _cases_of_file(path)
    files = sorted(file for file in path.iterdir() if file.suffix.casefold() == ".csv")
    cases: list[Series] = []
    problems: list[Problem] = []
    for file in files:
        try:
            found = _cases_of_file(file)
        except BadInput as error:
            problems += error.problems
            continue
        alone = [case.name for case in found] == [_ONLY_CASE]
        cases += [replace(case, name=file.stem if alone else f"{file.stem}/{case.name}") for case in found]
    if not files:
        problems.append(Problem(message="no CSV file in this folder", remedy="name the file", document=str(path)))
    if problems:
        raise BadInput(problems)
    return cases


def _cases_of_file(path: Path) -> list[Series]:
    """The cases of the file, in the order of their names; BadInput with every problem found.

    Blank value: a missing day. Time: a number or a day; without one the rows stand in their order.
    """
    from openpbm.single_case import make_series

    problems: list[Problem] = []
    table = read_table(path, _COLUMNS, problems)
    if table is None:
        raise BadInput(problems)
    if not table.lines:
        raise BadInput(
            Problem(
                message="holds no row", remedy="write the columns phase,value and one row a day", document=path.name
            )
        )
    times_written = [line.text("time") for line in table.lines]
    with_time = any(times_written)
    time_of = _time_reader(times_written)
    named = any(line.text("case") for line in table.lines)
    columns: dict[str, tuple[list[str], list[float], list[float]]] = {}
    for line in table.lines:
        phases, values, times = columns.setdefault(_case(line) if named else _ONLY_CASE, ([], [], []))
        phases.append(_phase(line))
        value = line.value("value", -_LARGEST, _LARGEST)
        # A missing day keeps its place: without it its neighbours would move together.
        values.append(math.nan if value is None else value)
        times.append(time_of(line) if with_time else len(times))
    if problems:
        raise BadInput([*problems[:_MOST_PROBLEMS], *_rest(problems)])
    cases = []
    for name in sorted(columns):
        phases, values, times = columns[name]
        try:
            cases.append(make_series(phases, values, times, name=name))
        except BadInput as error:
            problems.extend(problem.within(path.name) for problem in error.problems)
    if problems:
        raise BadInput([*problems[:_MOST_PROBLEMS], *_rest(problems)])
    return cases


def _rest(problems: list[Problem]) -> list[Problem]:
    more = len(problems) - _MOST_PROBLEMS
    return [Problem(message=f"and {more} more", remedy="correct these first")] if more > 0 else []


def _case(line: Line) -> str:
    return line.text("case", needed=True)


def _phase(line: Line) -> str:
    text = line.text("phase", needed=True).upper()
    if text and text not in ("A", "B"):
        line.add_problem("phase", "must be A (before) or B (with the treatment)", "correct it")
    return text


def _time_reader(written: list[str]) -> ReadTime:
    # One date makes the column one of dates: a bare number among them is a problem, not a day.
    if not any(re.match(r"[0-9]{1,4}\s*[-./][ ]?[0-9]{1,2}\s*[-./]", text) for text in written):
        return _number
    read = slashed_day_reader(re.split(r"[ T]", text, maxsplit=1)[0] for text in written)
    seen: set[tuple[str, float]] = set()

    def moment(line: Line) -> float:
        text = line.text("time", needed=True)
        time = _days_since_year_one(text, read)
        if time is None:
            if text:
                line.add_problem("time", *_unreadable(text))
            # Every unreadable line has a time of its own: it is on the list of problems and no double of another.
            return -float(line.number)
        # Said here by its date: numbers of days are all the series itself knows.
        if (line.text("case"), time) in seen:
            line.add_problem("time", "stands twice", "keep one row a time or part the cases by a case column")
        seen.add((line.text("case"), time))
        return time

    return moment


def _number(line: Line) -> float:
    line.text("time", needed=True)
    # A wrong time is on the list of problems by now; the zero only lets the other lines be read.
    return line.value("time", -_LARGEST, _LARGEST) or 0.0


def _days_since_year_one(text: str, read: Callable[[str], dt.date | None]) -> float | None:
    """A day, and the part of it that a time of day after it says."""
    day_text, _, clock_text = re.sub(r"[ T]+", "T", re.sub(r"(?<=[-./])\s+", "", text)).partition("T")
    day, clock = read(day_text), written_time(clock_text)
    if day is None or (clock is None and clock_text):
        return None
    minutes = 0
    if clock is not None:
        minutes = 60 * clock.hour + clock.minute
    return day.toordinal() + minutes / _DAY_MINUTES


def _unreadable(text: str) -> tuple[str, str]:
    if is_slashed(text):
        return (
            "nobody can tell day from month: no date of this column has a day after the 12th, or two contradict",
            "write every time as YYYY-MM-DD",
        )
    return (
        "not a day between 1900 and 2199 that exists",
        "write every time as YYYY-MM-DD, or every one as a number",
    )
