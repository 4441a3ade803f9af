"""What stands open for somebody now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import User
from openpbm.care.jobs.models import LETTER, PUSH, Reminder
from openpbm.care.people.access import people_of
from openpbm.care.people.models import Person

__all__ = ["count_open_reminders", "known_keys", "open_reminders", "open_reminders_about", "reminders_of"]

_OPEN = (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN)


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those among them that somebody is reminded of already."""
    return set(Reminder.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def reminders_of(user: User) -> QuerySet[Reminder]:
    """Their reminders, without those about people whose record is not open to them any more."""
    about = Q(person_id=None) | Q(person_id__in=people_of(user).values("pk"))
    return Reminder.objects.filter(about, user=user)


def count_open_reminders(user: User, now: dt.datetime) -> int:
    """How many they are: `open_reminders(...).count()`, and most often with one short question to the database.

    Every page asks, and hardly anybody has one: whose records the user may open is asked where one is.
    """
    return open_reminders(user, now).count() if _shown(Reminder.objects.filter(user=user), now).exists() else 0


def open_reminders(user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Their reminders whose time has come and that are not done, the oldest first; sent or not, they are shown."""
    return _shown(reminders_of(user), now).order_by("due_at")


def open_reminders_about(person: Person, user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Those of `open_reminders` that are about the person, whose record was found open to the user already."""
    return _shown(Reminder.objects.filter(user=user, person_id=person.pk), now).order_by("due_at")


def _shown(rows: QuerySet[Reminder], now: dt.datetime) -> QuerySet[Reminder]:
    return rows.filter(due_at__lte=now, state__in=_OPEN).exclude(kind__in=(LETTER, PUSH))
