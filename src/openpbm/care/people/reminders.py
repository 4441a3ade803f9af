"""What `people` tells the worker: where to write to, who answers for somebody, which appointments come up."""

from __future__ import annotations

import datetime as dt
import uuid
import zoneinfo
from collections.abc import Sequence

from django.urls import reverse

from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.registry import (
    register_address_of,
    register_clinicians_of,
    register_people_open_to,
    reminder_source,
)
from openpbm.care.people.access import people_of
from openpbm.care.people.models import Appointment, Person
from openpbm.care.trust.models import Role, User

__all__ = ["address_of", "clinicians_of", "remind_of_appointments"]

_AHEAD = dt.timedelta(hours=24)
_KIND = "appointment"


def address_of(user: User) -> str:
    """The e-mail address in the person's sealed identity; "" for staff, helpers and a forgotten key."""
    person = Person.objects.select_related("key").filter(user=user, key__wrapped__isnull=False).first()
    return "" if person is None else person.identity.email


def clinicians_of(person_id: uuid.UUID) -> Sequence[User]:
    """The clinicians of the person's clinic."""
    return list(
        User.objects.filter(
            memberships__clinic__people__pk=person_id,
            memberships__role=Role.CLINICIAN,
            memberships__ended_at=None,
            is_active=True,
        ).distinct()
    )


def remind_of_appointments(now: dt.datetime) -> None:
    """A reminder a day ahead of each planned appointment; one that was called off is reminded of no more."""
    soon = Appointment.objects.filter(
        state=Appointment.State.PLANNED,
        starts_at__gt=now,
        starts_at__lte=now + 2 * _AHEAD,
        person__user__isnull=False,
        person__left_at=None,
    ).select_related("person__user", "person__clinic")
    for row in soon:
        _remind(row)
    _cancel(now)


def _remind(row: Appointment) -> None:
    person, user = row.person, row.person.user
    if user is None:
        return
    zone = person.zone if person.clinic is None else zoneinfo.ZoneInfo(person.clinic.time_zone)
    local = row.starts_at.astimezone(zone)
    remind(
        user=user,
        person_id=person.pk,
        kind=_KIND,
        key=_key(row),
        text=f"Appointment on {local:%d %B} at {local:%H:%M}: {row.get_kind_display().lower()}.",
        due_at=row.starts_at - _AHEAD,
        link=reverse("people:book", kwargs={"person_id": person.pk}),
        local_time=f"{local:%Y-%m-%d %H:%M} {zone.key}",
    )


def _key(row: Appointment) -> str:
    return f"{_KIND} {row.pk}"


def _cancel(now: dt.datetime) -> None:
    gone = Appointment.objects.filter(state=Appointment.State.CANCELLED, starts_at__gt=now)
    waiting = (Reminder.State.DUE, Reminder.State.SENT, Reminder.State.SHOWN)
    keys = [_key(row) for row in gone]
    for reminder in Reminder.objects.filter(kind=_KIND, key__in=keys, state__in=waiting):
        mark(reminder=reminder, state=Reminder.State.CANCELLED, by=None)


def register() -> None:
    """Tell the worker."""
    register_address_of(address_of)
    register_clinicians_of(clinicians_of)
    register_people_open_to(lambda user: people_of(user).values("pk"))
    reminder_source(remind_of_appointments)
