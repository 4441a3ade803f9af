"""One cell of the printed diary as people fill it in: the day, minutes of light, hours of sleep, the skin."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

from openpbm.facts.delivery import tolerance
from openpbm.files import (
    Line,
    fraction_of_a_day,
    iso_date,
    number_of,
    spreadsheet_clock,
    written_date,
)

__all__ = ["SKIN_WORDS", "clock_text", "minutes_done", "no_light", "printed_date", "skin_reaction", "sleep_minutes"]

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ALL_DONE = frozenset({"yes", "y", "x", "✓", "✔", "all", "done", "full", "ok"})
_NOT_DONE = frozenset({"no", "n", "none", "missed"})
# The worst first: of several words on one line the worst counts.
SKIN_WORDS = (
    ("blister", ("blister", "blisters", "blistered")),
    ("pain", ("pain", "painful", "sore", "hurts", "burning", "burn")),
    ("redness", ("redness", "red", "pink")),
    ("warmth", ("warmth", "warm", "hot")),
    ("none", ("none", "nothing", "fine", "ok", "normal", "good", "no")),
)
_DASHES = frozenset({"-", "–", "—", "/"})
_DENIALS = frozenset({"no", "not", "without", "never"})
_LONGEST_DONE_MINUTES = 240.0
_DAY_HOURS = 24.0


def no_light(line: Line) -> bool:
    """Whether `Done` says nothing, or that there was none."""
    text = line.text("done").lower()
    return (
        not text
        or text in _DASHES
        or text in _NOT_DONE
        or re.fullmatch(r"0+([.,]0+)?\s*(min(utes)?\.?)?", text) is not None
    )


def printed_date(line: Line) -> dt.date | None:
    """The day as printed ("Tue 1 Dec 2026") or as in any CSV; a weekday that is not that day's is a problem."""
    text = line.text("date")
    bare = re.fullmatch(r"(?:([A-Za-z]{2,9})[.,]*\s+)?(.*)", text)
    weekday, rest = (bare[1], bare[2]) if bare is not None else (None, text)
    found = re.fullmatch(r"([0-9]{1,2})\.?\s+([A-Za-z]{3,9})\.?\s+([0-9]{4})", rest)
    month = found[2][:3].lower() if found else ""
    if month in _MONTHS and found is not None:
        day = iso_date(f"{found[3]}-{_MONTHS.index(month) + 1:02d}-{int(found[1]):02d}")
        if day is None:
            line.add_problem("date", "not a day that exists", "correct it")
    elif weekday is not None and written_date(rest) is not None:
        day = written_date(rest)
    else:
        # The rule of every CSV, with its words for slashes and for a spreadsheet's number of a day.
        return line.date("date")
    if day is not None and weekday and weekday[:3].lower() != _WEEKDAYS[day.weekday()]:
        line.add_problem("date", f"that day is a {day:%A}", "correct the day or the date")
        return None
    return day


def clock_text(line: Line, column: str = "time") -> str:
    """A time of day as HH:MM, "" where blank or none."""
    time = line.time(column)
    return f"{time:%H:%M}" if time is not None else ""


def minutes_done(line: Line, planned_minutes: float) -> tuple[str, str] | None:
    """(status, minutes) of a session; None where nothing is written or it cannot be read."""
    text = line.text("done").lower()
    if text in _ALL_DONE:
        # No number was written, so none is known.
        return "done", ""
    if text in _NOT_DONE:
        return "missed", "0"
    words = line.text("done")
    bare = re.sub(r"\s*min(utes)?\.?$", "", words, flags=re.IGNORECASE)
    if clock := fraction_of_a_day(bare):
        line.add_problem("done", *spreadsheet_clock(clock))
        return None
    number = dataclasses.replace(line, cells=line.cells | {"done": bare})
    minutes = number.value("done", 0.0, _LONGEST_DONE_MINUTES)
    if minutes is None:
        return None
    status = (
        "missed"
        if minutes == 0
        else "partial"
        if minutes < tolerance("done_ratio_lowest") * planned_minutes
        else "done"
    )
    return status, f"{minutes:g}"


def sleep_minutes(line: Line) -> float | None:
    """Hours as 7.5, 7,5, 7:30 or 7h30, in minutes."""
    text = re.sub(r"\s*(hours|hour|hrs|hr|h)\.?$", "", line.text("sleep").lower())
    if not text:
        return None
    clock = re.fullmatch(r"([0-9]{1,2})\s*(?::|h)\s*([0-5][0-9])", text)
    if clock:
        minutes = int(clock[1]) * 60.0 + int(clock[2])
    else:
        read = _hours(line, text)
        if read is None:
            return None
        minutes = round(read * line.factors.get("sleep", 1.0) * 60.0, 1)
    if minutes > _DAY_HOURS * 60.0:
        line.add_problem("sleep", "more than 24 hours", "write hours, not minutes")
        return None
    return minutes


def _hours(line: Line, text: str) -> float | None:
    if kept := fraction_of_a_day(text):
        line.add_problem("sleep", *spreadsheet_clock(kept))
        return None
    # "7.30" is half past seven to some and 7 h 18 min to others; beyond 59 it can be no minutes.
    if like_a_clock := re.fullmatch(r"([0-9]{1,2})[.,]([0-5][0-9])", text):
        message = f"may be {like_a_clock[1]}:{like_a_clock[2]} or a decimal of hours"
        line.add_problem("sleep", message, "write hours and minutes as 7:30, or one decimal as 7.5")
        return None
    read = number_of(text, decimal=line.decimal)
    if isinstance(read, float) and read >= 0.0:
        return read
    line.add_problem("sleep", "not hours of sleep", "write 7.5 or 7:30, or leave it blank")
    return None


def skin_reaction(line: Line) -> str:
    """The worst reaction named; "" where blank. What might deny a reaction is asked for again, never guessed."""
    text = line.text("skin")
    words = re.findall(r"[a-z]+", text.lower())
    found = [kind for kind, known in SKIN_WORDS if set(known) & set(words)]
    if not text:
        return ""
    # "no" alone is an answer; before any other word it may deny or only soften it.
    denied = _DENIALS & set(words) and found != ["none"]
    if not found or denied or (found == ["none"] and len(words) > 1):
        line.add_problem("skin", "write none, warmth, redness, pain or blister here, and the rest under Notes", "")
        return ""
    return found[0]
