"""Who is told of an effect that holds the sessions: every clinician of the clinic, and the person once more.

The text names neither the person nor what happened: it may travel by e-mail.
"""

from __future__ import annotations

import datetime as dt
import functools
import operator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from openpbm.care.events.models import AdverseEvent
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.trust.models import Membership, Role, User

__all__ = ["settle", "tell"]

#: Until when somebody must have looked, by urgency; after that the reminder goes on to the whole clinic.
_LOOKED_AT_WITHIN = {
    "emergency": dt.timedelta(hours=1),
    "same_day": dt.timedelta(hours=4),
    "urgent": dt.timedelta(hours=24),
}
_USUAL = dt.timedelta(hours=24)


def tell(event: AdverseEvent) -> None:
    """Remind at once; harmless when repeated."""
    now = timezone.now()
    person = event.person
    link = reverse("events:show", kwargs={"person_id": person.pk, "event_id": event.pk})
    within = _LOOKED_AT_WITHIN.get(event.advice["urgency"] or "", _USUAL)
    staff = f"{person.code}: an effect was reported and the sessions are on hold. Look at it and sign a review."
    own = "You reported an effect and your sessions are on hold. Read again what to do; nobody watches this at once."
    addressed: list[tuple[User, str, dt.datetime | None]] = [
        (user, staff, now + within) for user in _clinicians(person.clinic_id)
    ]
    if person.user is not None:
        addressed.append((person.user, own, None if addressed else now + within))
    for user, text, escalates_at in addressed:
        remind(
            user=user,
            person_id=person.pk,
            kind="adverse_event",
            key=f"{_key(event)}{user.pk}",
            text=text,
            link=link,
            due_at=now,
            escalates_at=escalates_at,
        )


def settle(event: AdverseEvent, by: User) -> None:
    """A clinician has looked: nothing about this event, nor what it escalated to, needs to be told any more."""
    own = Reminder.objects.filter(key__startswith=_key(event))
    escalated = [Q(key__startswith=f"escalated:{pk}:") for pk in own.values_list("pk", flat=True)]
    wanted = functools.reduce(operator.or_, escalated, Q(key__startswith=_key(event)))
    for reminder in Reminder.objects.filter(wanted):
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)


def _clinicians(clinic_id: int | None) -> list[User]:
    if clinic_id is None:
        return []
    rows = Membership.objects.filter(clinic_id=clinic_id, role=Role.CLINICIAN, ended_at=None).select_related("user")
    return [row.user for row in rows if row.user.is_active]


def _key(event: AdverseEvent) -> str:
    return f"adverse_event:{event.pk}:"
