"""What stands open for somebody now."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from openpbm.care.jobs.models import Reminder
from openpbm.care.trust.models import User

__all__ = ["open_reminders"]

_OPEN = (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN)


def open_reminders(user: User, now: dt.datetime) -> QuerySet[Reminder]:
    """Their reminders whose time has come and that are not done, the oldest first; sent or not, they are shown."""
    return Reminder.objects.filter(user=user, due_at__lte=now, state__in=_OPEN).order_by("due_at")
