"""What a line of the list shows of a person's own writing: when they last wrote, and the diary of the last weeks."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Max

from openpbm.care.home.worklist_items import Facts, Finding
from openpbm.care.people.models import Person
from openpbm.care.scales.models import DiaryEntry

__all__ = ["Signs", "Status", "signs_of", "status_of"]

_DAYS = 28
_WIDTH, _HEIGHT = 112.0, 28.0
_MOST = 10.0
#: From this rank on nothing holds the light or is overdue: it only waits.
_PRESSING, _WAITING = 3, 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The dot of a line. word : what its colour and form say"""

    kind: str
    word: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """last : day of the newest line of diary or sessions, None for none;  days : since then

    points : the line of the diary's worst of the day, in units of the drawing; "" for fewer than two days
    words : the same for whoever does not see it
    """

    last: dt.date | None
    days: int | None
    points: str
    words: str


def status_of(findings: Sequence[Finding]) -> Status:
    """How pressing the worst of it is.

    >>> status_of([]).word
    'Nothing waits'
    """
    if not findings:
        return Status(kind="ok", word="Nothing waits")
    rank = findings[0].rank
    if rank <= _PRESSING:
        return Status(kind="stop", word="Pressing")
    if rank <= _WAITING:
        return Status(kind="caution", word="Waits for you")
    return Status(kind="info", word="Before a plan")


def signs_of(people: Sequence[Person], facts: Mapping[uuid.UUID, Facts]) -> dict[uuid.UUID, Signs]:
    """The signs of each of them, in two queries for fifty as for ten."""
    counted = DiaryEntry.objects.filter(person__in=people, newer=None)
    newest = dict(counted.values("person_id").annotate(last=Max("date")).values_list("person_id", "last"))
    since = min((facts[person.pk].today for person in people), default=dt.date.max) - dt.timedelta(days=_DAYS)
    worst: dict[uuid.UUID, list[tuple[dt.date, float]]] = defaultdict(list)
    for person_id, day, answers in (
        counted.filter(date__gt=since).order_by("date").values_list("person_id", "date", "answers")
    ):
        if answers.get("severity") is not None:
            worst[person_id].append((day, float(answers["severity"])))
    return {person.pk: _signs(facts[person.pk], newest.get(person.pk), worst[person.pk]) for person in people}


def _signs(facts: Facts, diary: dt.date | None, worst: list[tuple[dt.date, float]]) -> Signs:
    written = None if facts.course is None else facts.course.written_until
    last = max((day for day in (diary, written) if day is not None and day <= facts.today), default=None)
    days = None if last is None else (facts.today - last).days
    if len(worst) < 2:
        return Signs(last=last, days=days, points="", words="")
    first = facts.today - dt.timedelta(days=_DAYS - 1)
    points = " ".join(f"{_across((day - first).days):.1f},{_up(value):.1f}" for day, value in worst)
    entries = f"{len(worst)} entries, {worst[0][1]:g} first, {worst[-1][1]:g} last"
    words = f"Diary, worst of the day, last {_DAYS} days: {entries}"
    return Signs(last=last, days=days, points=points, words=words)


def _across(day: int) -> float:
    return 3.0 + max(day, 0) / (_DAYS - 1) * (_WIDTH - 6.0)


def _up(value: float) -> float:
    return _HEIGHT - 3.0 - min(value, _MOST) / _MOST * (_HEIGHT - 6.0)
