"""Dates as people write them, in the same words on every machine."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["MONTHS", "WEEKDAYS", "clock_in_words", "date_in_words", "dates_in_words"]

# Written out, not asked of the locale: a plan must read the same on every machine.
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def date_in_words(date: dt.date | str, *, weekday: bool = False) -> str:
    """A date, or its ISO text, as people write it.

    >>> date_in_words("2026-12-01", weekday=True), date_in_words(dt.date(2026, 12, 1))
    ('Tuesday 1 December 2026', '1 December 2026')
    """
    day = dt.date.fromisoformat(date) if isinstance(date, str) else date
    words = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} {words}" if weekday else words


def clock_in_words(time: dt.time | None) -> str:
    """A time of day; nothing where none was set.

    >>> clock_in_words(dt.time(19, 40)), clock_in_words(None)
    ('19:40', '')
    """
    return "" if time is None else f"{time:%H:%M}"


def dates_in_words(text: str) -> str:
    """A sentence with its ISO dates as people write them.

    >>> dates_in_words("all 12 sessions planned before 2026-12-01")
    'all 12 sessions planned before 1 December 2026'
    """
    return re.sub(r"\b\d{4}-\d{2}-\d{2}\b", lambda found: date_in_words(found[0]), text)
