"""One letter a day, and one word on a device, at the time a person chose, if something is due; off until asked for."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from uuid import UUID

from django.urls import reverse

from openpbm.care.jobs.actions import remind_all
from openpbm.care.jobs.local_time import moment_at
from openpbm.care.jobs.models import DAILY, LETTER, PUSH, PushDevice, Reminder
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.jobs.selectors import known_keys
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold

__all__ = ["write_daily_letters"]

#: A site that was down sends what it missed so long after its time, and no later: at night nobody wants it.
_LATEST = dt.timedelta(hours=3)
#: By e-mail, and on the devices where it was switched on: two rows, so that one that fails holds up no other.
_WAYS = (LETTER, PUSH)
_OPEN = (Reminder.State.DUE, Reminder.State.SENT)


@reminder_source
def write_daily_letters(now: dt.datetime) -> None:
    """Today's letter, and word on their devices, for everybody whose time has come.

    Harmless when called twice: the day is in the key. None while light is on hold, so that nobody is called to it. What
    was seen on the page, or is done, needs no letter.
    """
    asked = Person.objects.filter(left_at=None, user__is_active=True).exclude(letter_at=None).select_related("user")
    due = [(person, at) for person in asked if (at := _time_today(person, now)) <= now < at + _LATEST]
    held = set(
        Hold.objects.filter(person__in=[row.pk for row, _ in due], lift=None).values_list("person_id", flat=True)
    )
    known = known_keys(_key(kind, person, now) for person, _ in due for kind in _WAYS)
    days = _days_due([person.pk for person, _ in due])
    with_device = _with_device([person.pk for person, _ in due])
    remind_all(
        Reminder(
            user=person.user, person_id=person.pk, kind=kind, key=_key(kind, person, now), due_at=at,
            text="Something is due today.", link=reverse("home:today", kwargs={"person_id": person.pk}),
        )
        for person, at in due
        if person.pk not in held and _has_one_today(person, days[person.pk], now)
        for kind in _WAYS
        if _key(kind, person, now) not in known and (kind == LETTER or person.pk in with_device)
    )  # fmt: skip


def _time_today(person: Person, now: dt.datetime) -> dt.datetime:
    assert person.letter_at is not None
    return moment_at(_today(person, now), person.letter_at, person.zone)


def _today(person: Person, now: dt.datetime) -> dt.date:
    return now.astimezone(person.zone).date()


def _with_device(people: list[UUID]) -> set[UUID]:
    return set(PushDevice.objects.filter(person__in=people).values_list("person_id", flat=True))


def _key(kind: str, person: Person, now: dt.datetime) -> str:
    return f"{kind}:{person.pk}:{_today(person, now)}"


def _days_due(people: list[UUID]) -> dict[UUID | None, list[dt.datetime]]:
    """When what is open for each falls due; the evening's reminders are there from the morning on."""
    found: dict[UUID | None, list[dt.datetime]] = defaultdict(list)
    open_ones = Reminder.objects.filter(person_id__in=people, kind__in=DAILY, state__in=_OPEN)
    for person_id, due_at in open_ones.values_list("person_id", "due_at"):
        found[person_id].append(due_at)
    return found


def _has_one_today(person: Person, due: list[dt.datetime], now: dt.datetime) -> bool:
    return any(at.astimezone(person.zone).date() == _today(person, now) for at in due)
