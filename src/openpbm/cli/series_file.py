"""A CSV of one or several cases: columns phase, value and, if wanted, time and case."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING

from openpbm.errors import BadInput, Problem
from openpbm.files import Column, Line, read_table, written_date

if TYPE_CHECKING:
    from openpbm.single_case import Series

__all__ = ["read_cases"]

_COLUMNS = (
    Column(name="phase", needed=True),
    Column(name="value", needed=True, number=True),
    Column(name="time", number=True),
    Column(name="case"),
)
_LARGEST = 1e12
# A file of another kind has a problem in every row; forty are enough to see it.
_MOST_PROBLEMS = 40
_ONLY_CASE = "series"


def read_cases(path: Path) -> list[Series]:
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
    with_time = any(line.text("time") for line in table.lines)
    # One date makes the column one of dates: a bare number among them is a problem, not a day.
    dated = any(re.match(r"[0-9]{4}-|[0-9]{1,2}\.[0-9]{1,2}\.", line.text("time")) for line in table.lines)
    named = any(line.text("case") for line in table.lines)
    columns: dict[str, tuple[list[str], list[float], list[float]]] = {}
    for line in table.lines:
        phases, values, times = columns.setdefault(_case(line) if named else _ONLY_CASE, ([], [], []))
        phases.append(_phase(line))
        value = line.value("value", -_LARGEST, _LARGEST)
        # A missing day keeps its place: without it its neighbours would move together.
        values.append(math.nan if value is None else value)
        times.append(_time(line, dated) if with_time else len(times))
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


def _time(line: Line, dated: bool) -> float:
    text = line.text("time", needed=True)
    if not dated:
        # A wrong time is on the list of problems by now; the zero only lets the other lines be read.
        return line.value("time", -_LARGEST, _LARGEST) or 0.0
    day = written_date(text)
    if day is None:
        if text:
            line.add_problem(
                "time",
                "not a day between 1900 and 2199 that exists",
                "write every time as YYYY-MM-DD, or every one as a number",
            )
        return 0.0
    return float(day.toordinal())
