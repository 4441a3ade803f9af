"""What stands open for somebody now."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from openpbm.care.accounts.models import User
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import people_of

__all__ = ["open_reminders", "reminders_of"]

_OPEN = (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN)


def reminders_of(user: User) -> QuerySet[Reminder]:
    """Their reminders, without those about people whose record is not open to them any more."""
    about = Q(person_id=None) | Q(person_id__in=people_of(user).values("pk"))
    return Reminder.objects.filter(about, user=user)


def open_reminders(user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Their reminders whose time has come and that are not done, the oldest first; sent or not, they are shown."""
    return reminders_of(user).filter(due_at__lte=now, state__in=_OPEN).order_by("due_at")
