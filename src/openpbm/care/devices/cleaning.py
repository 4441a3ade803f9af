"""The cleaning log of lamps: what was wiped, with what, and when each lamp is to be cleaned and measured next."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.devices.actions import audit_subject, must_be_theirs
from openpbm.care.devices.models import Cleaning, Lamp
from openpbm.care.devices.output import OutputState
from openpbm.care.devices.selectors import output_state
from openpbm.errors import BadInput, Problem

__all__ = ["CareDay", "care_days", "record_cleaning"]

_EARLIEST = dt.date(2000, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CareDay:
    """A lamp, the day it was last cleaned (None: nobody wrote one down), and its output with the day to measure."""

    lamp: Lamp
    cleaned_on: dt.date | None
    state: OutputState


@transaction.atomic
def record_cleaning(
    *, id: uuid.UUID | None = None, lamp: Lamp, by: User, cleaned_on: dt.date, wiped_with: str, cover_changed: bool,
    found: str = "",
) -> tuple[Cleaning, bool]:  # fmt: skip
    """Write down that a lamp was cleaned; the same id again gives the row written before.

    found : what was seen in doing so, such as a crack; "" where nothing was
    Raises PermissionDenied for somebody else's lamp, BadInput with one line a problem.
    """
    must_be_theirs(by, lamp)
    row = Cleaning(id=id or uuid.uuid4(), lamp=lamp, cleaned_on=cleaned_on, cover_changed=cover_changed)
    row.wiped_with, row.found = wiped_with.strip(), found.strip()
    problems = field_problems(row, "wiped_with", "found")
    if not row.wiped_with:
        problems.append(Problem(key="wiped_with", message="empty", remedy="say what it was wiped with"))
    # A day of grace: the day has begun somewhere east of the server.
    if not _EARLIEST <= cleaned_on <= clock.now().date() + dt.timedelta(days=1):
        message = f"must lie between {_EARLIEST} and today"
        problems.append(Problem(key="cleaned_on", value=cleaned_on, message=message, remedy="correct the day"))
    if problems:
        raise BadInput(problems)
    return ledger.append(row, by=by, action="lamp_cleaned", **audit_subject(lamp))


def care_days(lamps: Iterable[Lamp], today: dt.date) -> list[CareDay]:
    """What is next for each lamp, in their order; those in use, read with their readings."""
    rows = list(lamps)
    last = dict(Cleaning.objects.filter(lamp__in=rows).values_list("lamp").annotate(Max("cleaned_on")))
    return [CareDay(lamp=lamp, cleaned_on=last.get(lamp.pk), state=output_state(lamp, today)) for lamp in rows]
