"""An effect that holds the sessions: the hold, why it is there, and who is notified of it."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.events.models import AdverseEvent
from openpbm.care.jobs.notify_clinic import complete_reminders, notify_clinic, review_within
from openpbm.care.plans.models import Hold
from openpbm.wording import date_in_words

__all__ = ["complete_event_reminders", "hold_message", "hold_of", "notify_of_event"]

_MESSAGES = {
    "red_flag": "A warning sign was reported on {date}: {kind}. No light until a clinician has decided.",
    "stop_everywhere": "Reported on {date}: {kind}. This ends the light until a clinician has decided.",
    "adverse_event": "An effect was reported on {date}: {kind}. Sessions wait until a clinician has reviewed it.",
}


def hold_message(cause: str, shown_kind: str, date: dt.date) -> str:
    """Why the sessions wait, in a sentence that repeats nothing of the free text."""
    return _MESSAGES[cause].format(date=date_in_words(date.isoformat()), kind=shown_kind)


def hold_of(event: AdverseEvent) -> Hold | None:
    """The hold this event put on the sessions, lifted or not; None where it put none."""
    rows = Hold.objects.filter(about_table=AdverseEvent._meta.db_table, about_id=str(event.pk))
    return rows.select_related("lift").order_by("audit_number").first()


def notify_of_event(event: AdverseEvent) -> None:
    """Notify every clinician of the clinic, and the person once more; harmless when repeated."""
    # The texts name neither the person nor what happened: they may travel by e-mail.
    now = clock.now()
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
    """A clinician has reviewed it: no reminder of this event, nor of what it escalated to, stays open."""
    complete_reminders(_key(event), by=by)


def _key(event: AdverseEvent) -> str:
    return f"adverse_event:{event.pk}:"
