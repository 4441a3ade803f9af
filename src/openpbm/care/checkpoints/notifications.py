"""Notifications that a checkpoint has come: to the clinicians of the clinic and to the person, until it is decided."""

from __future__ import annotations

import datetime as dt
import uuid

from django.urls import reverse

from openpbm.care.accounts.models import User
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import clinicians_of
from openpbm.care.people.models import Person

__all__ = ["complete_checkpoint_reminders", "key_of", "notify_of_checkpoint"]


def key_of(plan_id: uuid.UUID, week: int) -> str:
    """What the reminders of one checkpoint begin with."""
    return f"checkpoint:{plan_id}:{week}:"


def notify_of_checkpoint(person: Person, plan_id: uuid.UUID, week: int, now: dt.datetime) -> None:
    """Remind everybody who has to do with it; harmless when repeated."""
    link = reverse("checkpoints:show", kwargs={"person_id": person.pk, "week": week})
    addressed: list[tuple[User, str]] = [
        (user, f"{person.code}: checkpoint of week {week}. Read what is proposed and sign your decision.")
        for user in clinicians_of(person.pk)
    ]
    if person.user is not None:
        addressed.append((person.user, f"Week {week} of your course: read how it stands."))
    for user, text in addressed:
        key = f"{key_of(plan_id, week)}{user.pk}"
        remind(user=user, person_id=person.pk, kind="checkpoint", key=key, text=text, link=link, due_at=now)


def complete_checkpoint_reminders(plan_id: uuid.UUID, week: int, by: User) -> None:
    """It is decided: no clinician is reminded any more. The person's own reminder stays until it is read."""
    staff = Reminder.objects.filter(key__startswith=key_of(plan_id, week), user__memberships__isnull=False)
    for reminder in staff.distinct():
        mark(reminder=reminder, state=Reminder.State.DONE, by=by)
