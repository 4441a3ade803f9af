"""One cell, by one rule: days, times of day, moments and numbers as people and spreadsheets write them."""

from __future__ import annotations

import datetime as dt
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbm.errors import Problem
from openpbm.files import fraction_of_a_day, is_slashed, iso_date, moment_of, number_of, written_date, written_time

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
        ("9pm", dt.time(21, 0)),
        ("21.30", dt.time(21, 30)),
        ("21h30", dt.time(21, 30)),
        ("7:40 p.m.", dt.time(19, 40)),
        ("2130", None),
        ("0.25", None),
        ("13 pm", None),
    ],
)
def test_a_time_of_day(text: str, time: dt.time | None) -> None:
    assert written_time(text) == time


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01T21:30", dt.datetime(2026, 12, 1, 21, 30)),
        ("2026-12-01 21:30:15.250", dt.datetime(2026, 12, 1, 21, 30, 15)),
        ("2026-12-01T21:30+01:00", dt.datetime(2026, 12, 1, 21, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))),
        ("2026-12-01T21:30Z", dt.datetime(2026, 12, 1, 21, 30, tzinfo=dt.UTC)),
        ("2026-12-01 21:30 -0730", dt.datetime(2026, 12, 1, 21, 30, tzinfo=dt.timezone(-dt.timedelta(hours=7.5)))),
        ("1.12.2026 21:30", dt.datetime(2026, 12, 1, 21, 30)),
        ("2026-12-01T21:30+99:00", None),
        ("2026-12-01", dt.datetime(2026, 12, 1, 23, 59)),
        ("2026-12-01x21:30", None),
        ("yesterday", None),
    ],
)
def test_a_moment_keeps_the_offset_that_is_written(text: str, moment: dt.datetime | None) -> None:
    assert moment_of(text) == moment


@pytest.mark.parametrize(("text", "slashed"), [("01/10/2026", True), ("1-10-26", True), ("2026-10-01", False)])
def test_day_and_month_in_either_order_are_told_apart_from_other_slips(text: str, slashed: bool) -> None:
    assert is_slashed(text) is slashed


@pytest.mark.parametrize(
    ("text", "clock"),
    [("0.3125", "7:30"), ("0,895833333", "21:30"), (".25", "6:00"), ("0.5", ""), ("0.00", ""), ("1.25", ""), ("7", "")],
)
def test_a_spreadsheets_part_of_a_day_is_known_by_its_clock(text: str, clock: str) -> None:
    assert fraction_of_a_day(text) == clock


@pytest.mark.parametrize(
    ("cell", "decimal", "number"),
    [
        ("3.5", None, 3.5),
        ("3,5", None, 3.5),
        (".5", None, 0.5),
        ("1e3", None, 1000.0),
        ("\u22123", None, -3.0),
        ("1.205", ".", 1.205),
        ("1.205", ",", 1205.0),
        ("1,050", ".", 1050.0),
        ("1,050", ",", 1.05),
        ("0.333", None, 0.333),
        ("1234.567", None, 1234.567),
        ("1.205e3", None, 1205.0),
        ("1.250,5", None, 1250.5),
        ("1,234,567", None, 1234567.0),
        ("1 250,5", None, 1250.5),
        ("1\u00a0250,5", ",", 1250.5),
        ("1\u202f250", None, 1250.0),
        ("12 345 678", None, 12345678.0),
        ("1’250", None, 1250.0),
        ("0,85e3", ",", 850.0),
    ],
)
def test_a_number_as_it_is_written(cell: str, decimal: Literal[".", ","] | None, number: float) -> None:
    assert number_of(cell, decimal=decimal) == number


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("1.205", "may be 1205 or 1.205"),
        ("1,050", "may be 1050 or 1.050"),
        ("98 102", "a blank inside it: one number or two?"),
        ("15 16", "not a number"),
        ("15\u202f16", "not a number"),
        ("1 2345", "not a number"),
        ("1.25,5.3", "not a number"),
        ("12,34,567", "not a number"),
        ("1 234.567 8", "not a number"),
        ("abc", "not a number"),
        ("nan", "not a number"),
        ("inf", "not a number"),
        ("1_000", "not a number"),
        ("1e999", "too large to be meant"),
    ],
)
def test_a_number_that_cannot_be_meant_is_a_problem_with_its_remedy(cell: str, message: str) -> None:
    problem = number_of(cell, decimal=None)
    assert isinstance(problem, Problem)
    assert problem.message == message
    assert problem.remedy


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_that_is_written_out_is_read_again(value: float) -> None:
    assert number_of(repr(value), decimal=".") == value
