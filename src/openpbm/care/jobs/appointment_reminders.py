"""Appointments that come up: a reminder a day ahead."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.urls import reverse

from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Appointment

__all__ = ["remind_of_appointments"]

_AHEAD = dt.timedelta(hours=24)
_KIND = "appointment"


@reminder_source
def remind_of_appointments(now: dt.datetime) -> None:
    """A reminder a day ahead of each planned appointment; a cancelled one is reminded of no more."""
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
