"""What a person writes into a cell: a number, a day, a time of day."""

from __future__ import annotations

import datetime as dt
import math
import re

from openpbm.errors import Problem

__all__ = ["iso_date", "iso_time", "moment_of", "number_of", "written_date"]

_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
# Only plain decimals: float() would also take "nan", "1_000" and digits of other scripts.
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}( [0-9]{3})+([.,][0-9]*)?")


def iso_date(text: str) -> dt.date | None:
    """The day written YYYY-MM-DD between 1900 and 2199, None for anything else.

    >>> iso_date("2026-12-01"), iso_date("1.12.2026")
    (datetime.date(2026, 12, 1), None)
    """
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    return _day(*text.split("-"))


def written_date(text: str) -> dt.date | None:
    """The day written YYYY-MM-DD or D.M.YYYY between 1900 and 2199, None for anything else.

    With slashes nobody knows which of the two is the month, so those are not read.

    >>> written_date("1.12.2026"), written_date("1/12/2026")
    (datetime.date(2026, 12, 1), None)
    """
    dotted = re.fullmatch(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", text)
    if dotted is not None:
        return _day(dotted[3], dotted[2], dotted[1])
    loose = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    return None if loose is None else _day(*loose.groups())


def _day(year: str, month: str, day: str) -> dt.date | None:
    try:
        found = dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
    return found if _EARLIEST <= found <= _LATEST else None


def iso_time(text: str) -> dt.time | None:
    """The time of day written H:MM, HH:MM or HH:MM:SS on a 24-hour clock, None for anything else.

    >>> iso_time("9:05"), iso_time("9pm")
    (datetime.time(9, 5), None)
    """
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    return dt.time(hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None


def moment_of(text: str) -> dt.datetime | None:
    """A date and time on the writer's own clock (a zone is left out), None for anything else.

    A date alone is the end of that day: it was written at some time during it.

    >>> moment_of("2026-12-01T21:30+01:00"), moment_of("2026-12-01").isoformat()
    (datetime.datetime(2026, 12, 1, 21, 30), '2026-12-01T23:59:00')
    """
    day = iso_date(text[:10])
    if day is None:
        return None
    if len(text) == 10:
        return dt.datetime.combine(day, dt.time(23, 59))
    clock = re.sub(r"(Z|[+-][0-9]{2}:?[0-9]{2})$", "", text[11:]).split(".")[0]
    time = iso_time(clock) if text[10] in "T " else None
    return None if time is None else dt.datetime.combine(day, time)


def number_of(cell: str, *, decimal_comma: bool) -> float | Problem:
    """The number in a cell, or what is wrong with it.

    decimal_comma : whether a comma may stand for the decimal point, as in a file whose cells are parted by semicolons

    >>> number_of("3.5", decimal_comma=False), number_of("1 250,5", decimal_comma=True)
    (3.5, 1250.5)
    >>> print(number_of("3,5", decimal_comma=False))
    a decimal comma; write 3.5, or leave it blank
    """
    text = cell.replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    if _GROUPED.fullmatch(text):
        text = text.replace(" ", "")
    if "," in text and "." in text:
        return Problem(message="a point and a comma in one number", remedy="write it without a thousands sign")
    if re.fullmatch(r"[+-]?[0-9]*,[0-9]+([eE][+-]?[0-9]{1,3})?", text):
        text = text.replace(",", ".")
        if not decimal_comma:
            return Problem(message="a decimal comma", remedy=f"write {text}, or leave it blank")
    if not _NUMBER.fullmatch(text):
        return Problem(message="not a number", remedy="write one such as 4.5, or leave it blank")
    number = float(text)
    if not math.isfinite(number):
        return Problem(message="too large to be meant", remedy="correct it or leave it blank")
    return number
