"""A database that came back from an earlier time: what was written after it is missing, so every course is held.

`openpbm restore` says so itself. A database that came back in another way, a copy put in its place or a snapshot of the
machine's disk, is found by what was noted of its audit outside of it (`care.audit.noted_heads`).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openpbm.care.audit import ledger
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.noted_heads import PUT_BACK, goes_on_from_notes, note_put_back
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Person
from openpbm.care.plans.actions.hold_sessions import RESTORED, hold
from openpbm.care.plans.models import Hold
from openpbm.wording import date_in_words

__all__ = ["hold_every_course", "hold_if_it_came_back"]

_CAME_BACK = (
    "This record was brought back as it was on {day}. What was written after that is missing: an effect, a hold or a"
    " withdrawal may be among it. No session until somebody has looked through the record."
)
_FOUND = (
    "The database was put back to an earlier state, or the notes that show that it was not are gone. What was written"
    " since {day} may be missing: an effect, a hold, a withdrawal. No session until somebody has looked through the"
    " record."
)


@transaction.atomic
def hold_every_course(*, as_of: dt.datetime | None, found_by: str) -> tuple[AuditEntry, int]:
    """Hold each course until somebody looked through the record; returns (the entry that says so, how many are held).

    as_of : when what came back was written, None where only its last entry tells
    found_by : `restore` or `notes`, for the audit
    """
    newest = AuditEntry.objects.order_by("-number").first()
    detail = {"found_by": found_by, "as_of": as_of.isoformat() if as_of else "", "last_entry": newest and newest.number}
    entry = ledger.record_event("database_restored", by=None, detail=detail)
    known = as_of or (newest.at if newest else entry.at)
    words = _FOUND if as_of is None else _CAME_BACK
    held = 0
    for person in Person.objects.filter(plans__isnull=False).distinct().order_by("pk"):
        day = date_in_words(known.astimezone(person.zone).date().isoformat())
        # Held already for an earlier restore, which nobody has looked at: one look settles both.
        if not Hold.objects.filter(person=person, cause=RESTORED, lift=None).exists():
            hold(person=person, cause=RESTORED, message=words.format(day=day), by=None, about=entry)
        held += 1
    return entry, held


def hold_if_it_came_back() -> int | None:
    """Hold every course where the database does not go on from what was noted of it; None where it does. BadInput."""
    if goes_on_from_notes():
        return None
    entry, held = hold_every_course(as_of=None, found_by="notes")
    # Behind the holds, and by their own entry: whatever comes between, they are made once more, and never left out.
    note_put_back(entry, PUT_BACK)
    return held


@reminder_source
def watch_each_minute(now: dt.datetime) -> None:
    """Each minute: has the database come back under the running server."""
    hold_if_it_came_back()
