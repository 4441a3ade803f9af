"""One cell, by one rule: days, times of day, moments and numbers as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import Problem
from openpbm.files import iso_date, iso_time, moment_of, number_of, written_date

DAY = dt.date(2026, 12, 1)


@pytest.mark.parametrize("text", ["2026-12-01", "1.12.2026", "01.12.2026", "2026-12-1"])
def test_a_day_as_it_is_written(text: str) -> None:
    assert written_date(text) == DAY


@pytest.mark.parametrize(
    "text", ["", "12/01/2026", "2026-13-01", "30.2.2026", "0026-12-01", "2026-12-01T21:30", "today"]
)
def test_what_is_no_day_is_never_guessed_at(text: str) -> None:
    assert written_date(text) is None


def test_an_iso_day_has_both_its_zeros() -> None:
    assert iso_date("2026-12-01") == DAY
    assert iso_date("2026-12-1") is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("21:30", dt.time(21, 30)),
        ("9:05", dt.time(9, 5)),
        ("00:00:59", dt.time(0, 0, 59)),
        ("24:00", None),
        ("21:60", None),
        ("9pm", None),
        ("2130", None),
    ],
)
def test_a_time_of_day(text: str, time: dt.time | None) -> None:
    assert iso_time(text) == time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01T21:30", dt.datetime(2026, 12, 1, 21, 30)),
        ("2026-12-01 21:30:15.250", dt.datetime(2026, 12, 1, 21, 30, 15)),
        ("2026-12-01T21:30+01:00", dt.datetime(2026, 12, 1, 21, 30)),
        ("2026-12-01T21:30Z", dt.datetime(2026, 12, 1, 21, 30)),
        ("2026-12-01", dt.datetime(2026, 12, 1, 23, 59)),
        ("2026-12-01x21:30", None),
        ("yesterday", None),
    ],
)
def test_a_moment_is_on_the_writers_own_clock(text: str, moment: dt.datetime | None) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize(
    ("cell", "decimal_comma", "number"),
    [
        ("3.5", False, 3.5),
        (".5", False, 0.5),
        ("1e3", False, 1000.0),
        ("\u22123", False, -3.0),
        ("1 250", False, 1250.0),
        ("1\u00a0250,5", True, 1250.5),
        ("3,5", True, 3.5),
        ("0,85e3", True, 850.0),
    ],
)
def test_a_number_as_it_is_written(cell: str, decimal_comma: bool, number: float) -> None:
    assert number_of(cell, decimal_comma=decimal_comma) == number


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("3,5", "a decimal comma"),
        ("1.250,5", "a point and a comma in one number"),
        ("abc", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1e999", "too large to be meant"),
    ],
)
def test_a_number_that_cannot_be_meant_is_a_problem_with_its_remedy(cell: str, message: str) -> None:
    problem = number_of(cell, decimal_comma=False)
    assert isinstance(problem, Problem)
    assert problem.message == message
    assert problem.remedy


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_is_written_out_is_read_again(value: float) -> None:
    assert number_of(repr(value), decimal_comma=False) == value
