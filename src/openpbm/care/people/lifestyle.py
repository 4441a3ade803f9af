"""The lifestyle plan: food, drink, sleep, movement as they are when light begins, kept so, or written down as changed.

It is made of lines of the timeline and has no table of its own: how a habit was at first is a line that something went
on, which moves nothing, and every later wording of it is a change, which a checkpoint sees as it sees any other.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.people.access import require
from openpbm.care.people.actions import record_change
from openpbm.care.people.models import Person, lock_person
from openpbm.errors import BadInput, Problem
from openpbm.facts.timeline_kinds import TimelineKind, timeline_kinds

__all__ = ["HABITS", "Habit", "habits_of", "keep_habits"]

#: What the lifestyle plan asks, in the order shown.
HABITS: tuple[TimelineKind, ...] = tuple(kind for kind in timeline_kinds if kind.habit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """One habit as it is now: `since` when, and whether it `changed` since it was first written down."""

    kind: TimelineKind
    says: str
    since: dt.date
    changed: bool


def habits_of(person: Person) -> tuple[Habit, ...]:
    """What is written down, in the order of `HABITS`; a habit of which nothing is known is left out."""
    rows = person.changes.filter(kind__in=[kind.id for kind in HABITS]).order_by("date", "audit_number")
    known: dict[str, Habit] = {}
    by_id = {kind.id: kind for kind in HABITS}
    for row in rows:
        says = ", ".join(filter(None, (row.name, row.dose))) or "as before"
        known[row.kind] = Habit(kind=by_id[row.kind], says=says, since=row.date, changed=row.kind in known)
    return tuple(known[kind.id] for kind in HABITS if kind.id in known)


@transaction.atomic
def keep_habits(*, person: Person, date: dt.date, said: Mapping[str, str], by: User) -> int:
    """Write down each habit that is new or worded otherwise than it was, from that day on; how many they were.

    said : by kind; an empty text leaves the habit as it is
    Raises BadInput for a kind that is no habit, and as a line of the timeline does.
    """
    require(by, person)
    if unknown := sorted(said.keys() - {kind.id for kind in HABITS}):
        remedy = f"use {', '.join(kind.id for kind in HABITS)}"
        raise BadInput(
            Problem(key=name, message="is no habit of the lifestyle plan", remedy=remedy) for name in unknown
        )
    lock_person(person.pk)
    before = {habit.kind.id: habit for habit in habits_of(person)}
    new = {kind: text.strip() for kind, text in said.items() if text.strip()}
    news = {kind: text for kind, text in new.items() if kind not in before or before[kind].says != text}
    for kind, text in news.items():
        # The first wording is how things are; only what differs from it has changed.
        action = {True: "change", False: "continue"}[kind in before]
        record_change(person=person, date=date, kind=kind, name=text, action=action, dose="", by=by)
    return len(news)
