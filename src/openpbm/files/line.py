"""One line of a table, cell by cell: what is there by its column, and a problem where it cannot be read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from openpbm.errors import Problem
from openpbm.files.cells import fraction_of_a_day, is_slashed, moment_of, serial_day, written_date, written_time
from openpbm.files.numbers import DecimalSign, number_of
from openpbm.files.suggest import nearest

__all__ = ["Line", "spreadsheet_clock"]

ZONE_REMEDY = 'write time_zone = "Pacific/Auckland", or the like, into course.toml'
_YES_NO = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a table; each reading gives a value or None, and adds a problem where the cell cannot be read.

    number : of its first row in the file, the header being 1
    decimal : the decimal sign of the whole file, None where nothing in it decides
    zone : the time zone of whoever the file is about, None where it is not known
    factors : for a column whose heading names another unit than ours, what its numbers are multiplied by
    """

    file: str
    number: int
    cells: dict[str, str]
    problems: list[Problem]
    decimal: DecimalSign | None = None
    factors: dict[str, float] = field(default_factory=dict)
    zone: dt.tzinfo | None = None

    def text(self, column: str, *, needed: bool = False) -> str:
        """The cell without blanks around it; "" where it is blank or the column is not there."""
        text = self.cells.get(column, "")
        if needed and not text:
            self.add_problem(column, "blank, but needed", "fill it in or remove the line")
        return text

    def date(self, column: str, *, needed: bool = True) -> dt.date | None:
        """A day of the calendar."""
        text = self.text(column, needed=needed)
        day = written_date(text)
        if text and day is None:
            self.add_problem(column, *_no_day(text))
        return day

    def time(self, column: str) -> dt.time | None:
        """A time of day, None where blank."""
        text = self.text(column)
        time = written_time(text)
        if text and time is None:
            self.add_problem(column, *_no_time(text))
        return time

    def moment(self, column: str) -> dt.datetime | None:
        """A date and time on the clock of the file's zone, None where blank; a date alone is the end of that day.

        One written with an offset is converted; where the zone is not known nobody can say which day it was.
        """
        text = self.text(column)
        moment = moment_of(text)
        if text and moment is None:
            message = "a spreadsheet's number of a day" if serial_day(text) else "not a date and time"
            self.add_problem(column, message, "write it as 2026-12-01T21:30 or leave it blank")
        if moment is None or moment.tzinfo is None:
            return moment
        if self.zone is None:
            remedy = f"{ZONE_REMEDY}, or write the time at home without an offset"
            self.add_problem(column, "has an offset from UTC, and the time zone at home is not known", remedy)
            return None
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def value(
        self, column: str, lowest: float, highest: float, *, whole: bool = False, needed: bool = False
    ) -> float | None:
        """A number from `lowest` to `highest`, None where blank: blank is unknown, never zero."""
        text = self.text(column, needed=needed)
        if not text:
            return None
        bare = text.removesuffix("%").rstrip() if column.endswith("_percent") else text
        clock = fraction_of_a_day(bare) if column.endswith(("minutes", "seconds")) else ""
        if clock:
            self.add_problem(column, *spreadsheet_clock(clock))
            return None
        read = number_of(bare, decimal=self.decimal)
        if isinstance(read, Problem):
            self.add_problem(column, read.message, read.remedy)
            return None
        number = read * self.factors.get(column, 1.0)
        if not lowest <= number <= highest:
            self.add_problem(column, f"must be from {lowest:g} to {highest:g}", "correct it or leave it blank")
            return None
        if whole and number != int(number):
            self.add_problem(column, "must be a whole number", "correct it or leave it blank")
            return None
        return number

    def word(self, column: str, known: Iterable[str], *, needed: bool = False) -> str | None:
        """One of the known words whatever its case, None where blank."""
        text = self.text(column, needed=needed)
        words = tuple(known)
        if not text:
            return None
        if text.lower() in words:
            return text.lower()
        near, all_known = nearest(text.lower(), words), f"known: {', '.join(sorted(words))}"
        remedy = all_known if near is None else f"did you mean {near}? ({all_known})"
        self.add_problem(column, "not a known word", remedy)
        return None

    def yes_or_no(self, column: str) -> bool | None:
        """Yes or no, None where blank."""
        text = self.text(column).lower()
        if text and text not in _YES_NO:
            self.add_problem(column, "must be yes or no", "correct it or leave it blank")
        return _YES_NO.get(text)

    def add_problem(self, column: str, message: str, remedy: str) -> None:
        """Say what is wrong with this line at that column."""
        value = self.cells.get(column, "")
        self.problems.append(Problem(column, value, message, remedy, line=self.number, document=self.file))


def spreadsheet_clock(clock: str) -> tuple[str, str]:
    """Message and remedy for a clock that a spreadsheet wrote as a part of a day."""
    message = f"a fraction of a day, as a spreadsheet keeps {clock}"
    return message, "give the column the format text or time, or type what was meant"


def _no_day(text: str) -> tuple[str, str]:
    if is_slashed(text):
        return "may be day before month or month before day", "write it as YYYY-MM-DD"
    if (serial := serial_day(text)) is not None:
        return f"a spreadsheet's number of a day, perhaps {serial}", "write it as YYYY-MM-DD"
    return "not a day between 1900 and 2199 that exists", "write it as YYYY-MM-DD"


def _no_time(text: str) -> tuple[str, str]:
    if clock := fraction_of_a_day(text):
        return spreadsheet_clock(clock)
    return "not a time of day between 00:00 and 23:59", "write it as 21:30 or leave it blank"
