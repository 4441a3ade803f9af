"""Who read whose record. Pages and answers that show several people leave one entry for each of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.contrib.auth.base_user import AbstractBaseUser

from openpbm.care import clock
from openpbm.care.audit.models import ReadEntry

__all__ = ["log_calendar_access", "log_read_access"]

#: Calendars ask again and again: within so long it is the same reading.
_ONE_READING = dt.timedelta(hours=1)


def log_read_access(by: AbstractBaseUser, people: Iterable[uuid.UUID | None], *, route: str) -> None:
    """Write down that somebody saw something of these people; once each, in one query."""
    ids = {one: None for one in people if one is not None}
    # One row by itself is its own transaction; in bulk, Django opens one around it, and a page of one person is common.
    if len(ids) == 1:
        ReadEntry.objects.create(actor_id=by.pk, person_id=next(iter(ids)), route=route)
    elif ids:
        ReadEntry.objects.bulk_create([ReadEntry(actor_id=by.pk, person_id=one, route=route) for one in ids])


def log_calendar_access(person_id: uuid.UUID, *, route: str) -> None:
    """Write down that a calendar followed its secret address; whose calendar that is nobody knows."""
    now = clock.now()
    same = ReadEntry.objects.filter(
        person_id=person_id, route=route, actor=None, at__gt=now - _ONE_READING, at__lte=now
    )
    if not same.exists():
        ReadEntry.objects.create(actor=None, person_id=person_id, route=route)
