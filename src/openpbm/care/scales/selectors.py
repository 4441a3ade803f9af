"""The diary and the scores as the core reads them: the newest version of each, in the order of dates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.db.models import QuerySet

from openpbm.care.people.models import Person
from openpbm.care.scales.due import DueScale, due_at, scale_calendar
from openpbm.care.scales.models import DiaryEntry, ScoreEntry, SpasmRecord
from openpbm.care.scales.programme import diagnosis_of, plan_of, programme_of
from openpbm.care.scales.wording import has_words
from openpbm.course.records import DiaryDay, RecordedScore, Spasm
from openpbm.planning import AllowedPlan

__all__ = [
    "calendar_of", "counted_spasms", "diary_days", "due_scales", "newest_days", "newest_scores", "recorded_scores",
    "recorded_spasms",
]  # fmt: skip

# Lines of a course's files count from 2: the first holds the names of the columns.
_FIRST_LINE = 2


def newest_days(person: Person) -> QuerySet[DiaryEntry]:
    """The entry that counts of every day, oldest day first."""
    return person.diary.filter(newer=None).order_by("date", "audit_number")


def newest_scores(person: Person) -> QuerySet[ScoreEntry]:
    """The scores that were not superseded, oldest day first."""
    return person.scores.filter(newer=None).order_by("date", "audit_number")


def diary_days(days: Iterable[DiaryEntry]) -> tuple[DiaryDay, ...]:
    """Every day of the diary, from its `newest_days`."""
    return tuple(row.to_core(line) for line, row in enumerate(days, _FIRST_LINE))


def recorded_scores(person: Person) -> tuple[RecordedScore, ...]:
    """Every score."""
    return tuple(row.to_core(line) for line, row in enumerate(newest_scores(person), _FIRST_LINE))


def counted_spasms(person: Person) -> QuerySet[SpasmRecord]:
    """The cramps written down one by one that were not taken back, in the order of days."""
    return person.spasms.filter(newer=None, counts=True).order_by("date", "audit_number")


def recorded_spasms(person: Person, days: Iterable[DiaryEntry]) -> tuple[Spasm, ...]:
    """Every cramp: those written down one by one, and what the `newest_days` of the diary count beyond them."""
    rows = list(counted_spasms(person))
    spasms = [row.to_core(line) for line, row in enumerate(rows, _FIRST_LINE)]
    known = Counter(row.date for row in rows)
    for day in days:
        spasms += day.to_spasms(_FIRST_LINE + len(spasms), known[day.date])
    return tuple(spasms)


def calendar_of(person: Person, today: dt.date, plan: AllowedPlan | None = None) -> tuple[DueScale, ...]:
    """Every time a deciding scale was, is or will be due, with the day it was filled.

    plan : the released one, where it was read already
    """
    plan = plan or plan_of(person)
    filled = list(newest_scores(person).values_list("scale", "date"))
    asked = scale_calendar(plan, programme_of(person, plan), filled, today, diagnosis_of(person, plan))
    # Nobody gives somebody on their own the paper form whose words may not be shown here.
    return tuple(row for row in asked if not person.self_managed or has_words(row.scale))


def due_scales(person: Person, today: dt.date) -> list[DueScale]:
    """The scales to fill now, the one that closes first before the others."""
    return due_at(calendar_of(person, today), today)
