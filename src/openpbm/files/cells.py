"""What a person or a spreadsheet writes into a cell: a day, a time of day, a moment."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable

__all__ = [
    "fraction_of_a_day",
    "is_slashed",
    "iso_date",
    "iso_time",
    "moment_of",
    "serial_day",
    "slashed_day_reader",
    "written_date",
    "written_time",
]

_EARLIEST, _LATEST = dt.date(1900, 1, 1), dt.date(2199, 12, 31)
# Day 0 of the spreadsheets that count days from 1900, and of no others in use.
_SERIAL_ZERO = dt.date(1899, 12, 30)
_DAY_MINUTES = 1440
_MONTHS = 12
_SLASHED = re.compile(r"([0-9]{1,2})\s*[/-]\s*([0-9]{1,2})\s*[/-]\s*([0-9]{4})")
_OFFSET = re.compile(r"\s*(Z|[+-][0-9]{2}(?::?[0-9]{2})?)$", re.IGNORECASE)


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
    dotted = re.fullmatch(r"([0-9]{1,2})\.\s?([0-9]{1,2})\.\s?([0-9]{4})", text)
    if dotted is not None:
        return _day(dotted[3], dotted[2], dotted[1])
    loose = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text)
    return None if loose is None else _day(*loose.groups())


def is_slashed(text: str) -> bool:
    """Whether two numbers with slashes or dashes begin a date: day and month, or month and day.

    >>> is_slashed("01/10/2026"), is_slashed("2026-10-01")
    (True, False)
    """
    return re.fullmatch(r"[0-9]{1,2}\s*[/-]\s*[0-9]{1,2}\s*[/-]\s*([0-9]{2}|[0-9]{4})", text.strip()) is not None


def slashed_day_reader(texts: Iterable[str]) -> Callable[[str], dt.date | None]:
    """How to read the days of one column, whose slashed dates all have their day in the same place.

    A single date says nothing, but a column does: 28/03/2026 can only begin with its day. Where no date of the column
    tells, or two contradict each other, slashed dates are not read; others are, as by `written_date`.

    >>> read = slashed_day_reader(["28/03/2026", "1/4/2026"])
    >>> read("1/4/2026"), slashed_day_reader(["1/4/2026"])("1/4/2026")
    (datetime.date(2026, 4, 1), None)
    """
    numbers = [found.groups() for text in texts if (found := _SLASHED.fullmatch(text.strip()))]
    firsts, seconds = {int(first) for first, _, _ in numbers}, {int(second) for _, second, _ in numbers}
    day_first, month_first = max(firsts, default=0) > _MONTHS, max(seconds, default=0) > _MONTHS

    def read(text: str) -> dt.date | None:
        found = _SLASHED.fullmatch(text.strip())
        if found is None or day_first == month_first:
            return written_date(text.strip().replace("/", "-"))
        first, second, year = found.groups()
        if day_first:
            return _day(year, second, first)
        return _day(year, first, second)

    return read


def serial_day(text: str) -> dt.date | None:
    """The day a spreadsheet keeps as a bare number, where it lies between 1990 and 2199; None for anything else.

    >>> serial_day("46273"), serial_day("12")
    (datetime.date(2026, 9, 8), None)
    """
    found = re.fullmatch(r"([0-9]{5,6})([.,][0-9]+)?", text)
    if found is None or not dt.date(1990, 1, 1) <= (day := _SERIAL_ZERO + dt.timedelta(days=int(found[1]))) <= _LATEST:
        return None
    return day


def fraction_of_a_day(text: str) -> str:
    """The clock a spreadsheet keeps as a part of a day, as H:MM; "" where the cell is none.

    >>> fraction_of_a_day("0.3125"), fraction_of_a_day("0,895833333"), fraction_of_a_day("7.5")
    ('7:30', '21:30', '')
    """
    # One decimal is a number somebody typed: half an hour, and hardly ever twelve hours.
    if not re.fullmatch(r"0?[.,][0-9]{2,}", text) or not float(text.replace(",", ".")):
        return ""
    minutes = round(float(text.replace(",", ".")) * _DAY_MINUTES)
    return f"{minutes // 60}:{minutes % 60:02d}"


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


def written_time(text: str) -> dt.time | None:
    """The time of day as people write it: 19:40, 19.40, 19h40 or 7:40 pm; None for anything else.

    >>> written_time("21.30"), written_time("7:40 pm"), written_time("0.25")
    (datetime.time(21, 30), datetime.time(19, 40), None)
    """
    if fraction_of_a_day(text):
        return None
    low = text.lower()
    half = re.fullmatch(r"([0-9]{1,2})(?:\s*[:.h]\s*([0-9]{2}))?\s*([ap])\.?\s*m\.?", low)
    if half and 1 <= int(half[1]) <= 12:
        low = f"{int(half[1]) % 12 + 12 * (half[3] == 'p')}:{half[2] or '00'}"
    return iso_time(re.sub(r"^([0-9]{1,2})[.h]([0-9]{2})$", r"\1:\2", low))


def moment_of(text: str) -> dt.datetime | None:
    """A date and time, with its offset from UTC where one is written; None for anything else.

    A date alone is the end of that day: it was written at some time during it.

    >>> moment_of("2026-12-01T21:30+01:00").isoformat(), moment_of("2026-12-01").isoformat()
    ('2026-12-01T21:30:00+01:00', '2026-12-01T23:59:00')
    """
    offset = _OFFSET.search(text[10:])
    bare = text[: 10 + offset.start()] if offset is not None else text
    day_text, _, clock = re.sub(r"\s+", "T", bare.strip(), count=1).partition("T")
    day = written_date(day_text)
    if day is None:
        return None
    if not clock:
        return None if offset is not None else dt.datetime.combine(day, dt.time(23, 59))
    time = iso_time(clock.split(".")[0])
    zone = None if offset is None else _zone(offset[1].upper())
    if time is None or (offset is not None and zone is None):
        return None
    return dt.datetime.combine(day, time, zone)


def _zone(written: str) -> dt.timezone | None:
    if written == "Z":
        return dt.UTC
    digits = written[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    if minutes >= _DAY_MINUTES:
        return None
    return dt.timezone(dt.timedelta(minutes=-minutes if written[0] == "-" else minutes))
