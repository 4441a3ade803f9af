"""What nobody answered goes on to the clinic; to the person again where there is none."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openpbm.care.audit import ledger
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import clinicians_of

__all__ = ["escalate_due"]

_ENDED = (Reminder.State.DONE, Reminder.State.CANCELLED)


def escalate_due(now: dt.datetime) -> int:
    """Escalate what is past its time; returns how many this worker escalated."""
    late = Reminder.objects.filter(escalates_at__lte=now, escalated_at=None).exclude(state__in=_ENDED)
    return sum(_escalate(reminder, now) for reminder in late.select_related("user").order_by("escalates_at")[:200])


@transaction.atomic
def _escalate(reminder: Reminder, now: dt.datetime) -> int:
    open_still = Reminder.objects.filter(pk=reminder.pk, escalated_at=None).exclude(state__in=_ENDED)
    # Of two workers one changes the row; the other finds it escalated and tells nobody a second time.
    if not open_still.update(escalated_at=now):
        return 0
    clinicians = [user for user in clinicians_of(reminder.person_id) if user.pk != reminder.user_id]
    for user in clinicians:
        _tell(reminder, user, "Nobody has answered this: ", now)
    if not clinicians:
        _tell(reminder, reminder.user, "Still open: ", now)
    detail = {"kind": reminder.kind, "to": [user.username for user in clinicians] or [reminder.user.username]}
    ledger.record_event("reminder_escalated", by=None, person_id=reminder.person_id, row=reminder, detail=detail)
    return 1


def _tell(reminder: Reminder, user: object, before: str, now: dt.datetime) -> None:
    remind(
        user=user,  # type: ignore[arg-type]
        person_id=reminder.person_id,
        kind="escalation",
        key=f"escalated:{reminder.pk}:{getattr(user, 'pk', '')}",
        text=f"{before}{reminder.text}"[:300],
        link=reminder.link,
        due_at=now,
    )
