"""What a clinic must look at soon: every clinician is told at once, and all of them again when nobody did.

The texts name neither the person nor what it is about: they may travel.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator
import uuid

from django.db.models import Q

from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import clinicians_of

__all__ = ["complete_reminders", "notify_clinic", "review_within"]

#: Until when somebody must have looked, by urgency; after that the reminder goes on to the whole clinic.
_LOOKED_AT_WITHIN = {
    "emergency": dt.timedelta(hours=1),
    "same_day": dt.timedelta(hours=4),
    "urgent": dt.timedelta(hours=24),
}
_USUAL = dt.timedelta(hours=24)


def review_within(urgency: str | None) -> dt.timedelta:
    """How long the clinic has to look, by the urgency of a rule."""
    return _LOOKED_AT_WITHIN.get(urgency or "", _USUAL)


def notify_clinic(
    *,
    key: str,
    kind: str,
    person_id: uuid.UUID,
    staff_text: str,
    own: User | None,
    own_text: str,
    link: str,
    now: dt.datetime,
    escalates_at: dt.datetime,
) -> None:
    """Remind clinicians and person at once; harmless when repeated. Without clinicians the person's escalates."""
    clinicians = clinicians_of(person_id)
    addressed: list[tuple[User, str, dt.datetime | None]] = [(user, staff_text, escalates_at) for user in clinicians]
    if own is not None:
        addressed.append((own, own_text, None if clinicians else escalates_at))
    for user, text, escalates in addressed:
        remind(
            user=user,
            person_id=person_id,
            kind=kind,
            key=f"{key}{user.pk}",
            text=text,
            link=link,
            due_at=now,
            escalates_at=escalates,
        )


def complete_reminders(key: str, *, by: User | None) -> None:
    """Nothing under this key, nor what it escalated to, needs to be told any more."""
    own = Reminder.objects.filter(key__startswith=key)
    escalated = [Q(key__startswith=f"escalated:{pk}:") for pk in own.values_list("pk", flat=True)]
    wanted = functools.reduce(operator.or_, escalated, Q(key__startswith=key))
    for reminder in Reminder.objects.filter(wanted):
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)
