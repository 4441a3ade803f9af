"""The last days of a diary as one looks back at them: dots, the last answer to each question, the usual onset."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpbm.care.people.models import Person
from openpbm.care.scales.diary_questions import Question
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.selectors import newest_days

__all__ = ["DOTS", "DayDot", "day_dots", "last_answers", "level_of", "recent_days", "times_near"]

#: Days shown as dots: two rows of a week.
DOTS = 14
_READ = 30
_DAY_MINUTES, _NOON, _HALF_HOUR, _QUARTER = 24 * 60, 12 * 60, 30, 15
#: Where nothing was written yet, the row of times stands around this [min].
_EVENING = 21 * 60
_BEFORE, _AFTER = 3, 4


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDot:
    """One day. worst : 0-10 as written, None where not said;  written : whether anything was"""

    date: dt.date
    worst: float | None
    written: bool

    @property
    def level(self) -> str:
        """The class that colours it; the number stands in it as well."""
        return level_of(self.worst)


def level_of(worst: float | None) -> str:
    """`none`, `low`, `middle` or `high`."""
    if worst is None:
        return "none"
    return "low" if worst <= 3.0 else "middle" * (worst <= 6.0) or "high"


def recent_days(person: Person, until: dt.date) -> list[DiaryEntry]:
    """The entries that count up to a day, the newest first, without their notes."""
    rows = newest_days(person).filter(date__lte=until).defer("sealed_notes")
    return list(rows.reverse()[:_READ])


def day_dots(rows: Iterable[DiaryEntry], until: dt.date) -> tuple[DayDot, ...]:
    """The last two weeks up to a day, oldest first."""
    found = {row.date: row for row in rows}
    days = (until - dt.timedelta(days=back) for back in reversed(range(DOTS)))
    return tuple(
        DayDot(date=day, worst=found[day].answers.get("severity"), written=True)
        if day in found
        else DayDot(date=day, worst=None, written=False)
        for day in days
    )


def last_answers(rows: Iterable[DiaryEntry], questions: Iterable[Question], before: dt.date) -> dict[str, str]:
    """For each rating its last answer before a day, as one reads it; nothing where it was never given."""
    earlier = [row for row in rows if row.date < before]
    found = {}
    for question in questions:
        row = next((row for row in earlier if question.name in row.answers), None)
        if row is not None and question.kind == "rating":
            day = f"{row.date:%A} {row.date.day} {row.date:%B}"
            found[question.name] = f"Last time {row.answers[question.name]:g}, on {day}."
    return found


def times_near(rows: Sequence[DiaryEntry]) -> tuple[str, ...]:
    """Times of day in steps of half an hour around the usual onset."""
    # Counted from noon: an onset after midnight belongs to the evening before it.
    known = [(_minutes(row.answers["onset"]) - _NOON) % _DAY_MINUTES for row in rows if row.answers.get("onset")]
    usual = statistics.median(known) + _NOON if known else _EVENING
    middle = round(usual / _QUARTER) * _QUARTER
    steps = ((middle + step * _HALF_HOUR) % _DAY_MINUTES for step in range(-_BEFORE, _AFTER + 1))
    return tuple(f"{minutes // 60:02d}:{minutes % 60:02d}" for minutes in steps)


def _minutes(time: str) -> int:
    read = dt.time.fromisoformat(time)
    return read.hour * 60 + read.minute
