"""Who is told of an effect that holds the sessions: every clinician of the clinic, and the person once more.

The text names neither the person nor what happened: it may travel by e-mail.
"""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from openpbm.care.accounts.models import User
from openpbm.care.events.models import AdverseEvent
from openpbm.care.jobs.notify_clinic import complete_reminders, notify_clinic, review_within

__all__ = ["complete_event_reminders", "notify_of_event"]


def notify_of_event(event: AdverseEvent) -> None:
    """Remind at once; harmless when repeated."""
    now = timezone.now()
    person = event.person
    notify_clinic(
        key=_key(event),
        kind="adverse_event",
        person_id=person.pk,
        staff_text=f"{person.code}: an effect was reported and the sessions are on hold. Look at it and sign a review.",
        own=person.user,
        own_text="You reported an effect and your sessions are on hold. Read again what to do; nobody watches this at"
        " once.",
        link=reverse("events:show", kwargs={"person_id": person.pk, "event_id": event.pk}),
        now=now,
        escalates_at=now + review_within(event.advice["urgency"]),
    )


def complete_event_reminders(event: AdverseEvent, by: User) -> None:
    """A clinician has looked: nothing about this event, nor what it escalated to, needs to be told any more."""
    complete_reminders(_key(event), by=by)


def _key(event: AdverseEvent) -> str:
    return f"adverse_event:{event.pk}:"
