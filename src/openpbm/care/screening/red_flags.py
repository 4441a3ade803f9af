"""Red flags in answers nobody has screened yet: they lead the list of the clinic, which is notified until it acts."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.urls import reverse

from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.notify_clinic import complete_reminders, notify_clinic, review_within
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Intake
from openpbm.care.people.urgent import Urgent, urgent_of

__all__ = ["tell_of_red_flags", "unscreened_red_flags"]

_KIND = "red_flag"
_OPEN = (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN)


def unscreened_red_flags(**whose: Any) -> dict[uuid.UUID, tuple[Intake, list[Urgent]]]:
    """By person, the newest answers with their red flags, where nobody has screened from these answers yet.

    A screening takes over with its own verdict, newer answers with what they say.
    whose : narrows the intakes, as a filter of Django does
    """
    answered = Intake.objects.filter(newer=None, screenings=None, **whose).order_by("audit_number")
    # Answers are documents, which a query cannot ask for the meaning of: the newest of each person is read.
    flags_of = {row.person_id: (row, urgent_of(row.document)) for row in answered}
    return {person_id: (row, flags) for person_id, (row, flags) in flags_of.items() if flags}


@reminder_source
def tell_of_red_flags(now: dt.datetime) -> None:
    """Tell the clinic and the person; settle what was screened or answered otherwise. Harmless when repeated."""
    waiting = unscreened_red_flags(person__left_at=None)
    sent = Reminder.objects.filter(kind=_KIND, state__in=_OPEN).order_by("due_at")
    # Only what escalates says how long the clinic has known: the person's own reminder stays until it is read.
    since: dict[uuid.UUID | None, dt.datetime] = {}
    for person_id, due_at in sent.exclude(escalates_at=None).values_list("person_id", "due_at"):
        since.setdefault(person_id, due_at)
    for intake in Intake.objects.filter(pk__in=[row.pk for row, _ in waiting.values()]).select_related("person__user"):
        _tell(intake, waiting[intake.person_id][1], now, since.get(intake.person_id, now))
    current = {_key(row) for row, _ in waiting.values()}
    for alarm in {_alarm_of(key) for key in sent.values_list("key", flat=True)} - current:
        complete_reminders(alarm, by=None)


def _tell(intake: Intake, flags: list[Urgent], now: dt.datetime, first: dt.datetime) -> None:
    """first : since when the clinic has known of a red flag: answers given again give it no more time"""
    person = intake.person
    notify_clinic(
        key=_key(intake),
        kind=_KIND,
        person_id=person.pk,
        staff_text=f"{person.code}: a warning sign stands in the answers. Look at it, see to it, and screen.",
        own=person.user,
        own_text="One of your answers is a warning sign. Read again what to do; nobody watches this at once.",
        link=reverse("people:intake", kwargs={"person_id": person.pk}),
        now=now,
        escalates_at=first + review_within(flags[0].rule.urgency),
    )


def _key(intake: Intake) -> str:
    return f"{_KIND}:{intake.pk}:"


def _alarm_of(key: str) -> str:
    return key.rsplit(":", 1)[0] + ":"
