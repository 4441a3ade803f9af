"""What stands open for somebody now."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import User
from openpbm.care.jobs.models import LETTER, PUSH, Reminder
from openpbm.care.people.access import people_of
from openpbm.care.people.models import Person
from openpbm.care.prepared import Prepared

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

    Every page asks, and hardly anybody has one about somebody else: whose records the user may open is asked there.
    """
    about = _ABOUT.rows(user=user, now=now)
    own = getattr(user, "person", None)
    others: set[uuid.UUID] = {one for one in about if one is not None}
    if own is not None and own.left_at is None:
        others.discard(own.pk)
    seen = set(people_of(user).filter(pk__in=others).values_list("pk", flat=True)) if others else set()
    return sum(one not in others or one in seen for one in about)


def open_reminders(user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Their reminders whose time has come and that are not done, the oldest first; sent or not, they are shown."""
    return _shown(reminders_of(user), now).order_by("due_at")


def open_reminders_about(person: Person, user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Those of `open_reminders` that are about the person, whose record was found open to the user already."""
    return _shown(Reminder.objects.filter(user=user, person_id=person.pk), now).order_by("due_at")


def _shown(rows: QuerySet[Reminder], now: dt.datetime) -> QuerySet[Reminder]:
    return rows.filter(due_at__lte=now, state__in=_OPEN).exclude(kind__in=(LETTER, PUSH))


_ABOUT = Prepared(lambda user, now: _shown(Reminder.objects.filter(user=user), now).values_list("person_id", flat=True))
