"""A lamp whose reading soon no longer counts: its keepers are notified once for each due day."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import output_state, with_readings
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import Reminder

__all__ = ["remind_of_measuring"]

_AHEAD = dt.timedelta(days=14)


def remind_of_measuring(now: dt.datetime) -> None:
    """Tell the owner, or the clinic's clinicians, two weeks before a lamp has to be measured again."""
    lamps = with_readings(Lamp.objects.filter(retired_at=None, measurements__isnull=False).distinct())
    due = [(lamp, day) for lamp in lamps if (day := output_state(lamp, now.date()).due_on) is not None]
    wanted = {
        f"measure {lamp.pk} {day} {user.pk}": (lamp, day, user)
        for lamp, day in due
        if day - _AHEAD <= now.date()
        for user in _keepers(lamp)
    }
    sent = set(Reminder.objects.filter(key__in=wanted).values_list("key", flat=True))
    for key, (lamp, day, user) in wanted.items():
        if key not in sent:
            remind(
                user=user,
                person_id=None,
                kind="lamp_due",
                key=key,
                text=f"{lamp.name}: measure it again by {day:%-d %B %Y}; after that its output counts as claimed.",
                due_at=now,
                link=reverse("devices:lamp", kwargs={"lamp_id": lamp.pk}),
            )


def _keepers(lamp: Lamp) -> list[User]:
    if lamp.owner is not None:
        return [lamp.owner]
    rows = Membership.objects.filter(clinic=lamp.clinic, role=Role.CLINICIAN, ended_at=None).select_related("user")
    return [row.user for row in rows]
