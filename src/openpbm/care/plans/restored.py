"""A database that came back from an earlier time: what was written after it is missing, so every course is held.

`openpbm restore` says so itself. A database that came back in another way, a copy put in its place or a snapshot of the
machine's disk, is found by a witness beside it: the last link of the audit, kept in the data folder each minute.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction

from openpbm.care.audit import ledger
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.jobs.registry import reminder_source
from openpbm.care.people.models import Person
from openpbm.care.plans.actions.hold_sessions import RESTORED, hold
from openpbm.care.plans.models import Hold
from openpbm.wording import date_in_words

__all__ = ["WITNESS", "hold_every_course", "hold_if_it_came_back", "keep_witness"]

#: Beside the database, in the data folder.
WITNESS = "audit-head.json"
_CAME_BACK = (
    "This record was brought back as it was on {day}. What was written after that is missing: an effect, a hold or a"
    " withdrawal may be among it. No session until somebody has looked through the record."
)
_FOUND = (
    "The database was put back to an earlier state, at latest of {day}. What was written after that is missing: an"
    " effect, a hold or a withdrawal may be among it. No session until somebody has looked through the record."
)


@transaction.atomic
def hold_every_course(*, as_of: dt.datetime | None, found_by: str) -> int:
    """Hold each course until somebody looked through the record; returns how many are held now.

    as_of : when what came back was written, None where only its last entry tells
    found_by : `restore` or `witness`, for the audit
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
    return held


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    number: int
    digest: str


def hold_if_it_came_back(folder: Path) -> int | None:
    """Hold every course where the database is not the one the witness saw; None where it goes on from that."""
    witness = _read(folder)
    with transaction.atomic():
        head = ChainHead.objects.filter(pk=1).first()
        held = None
        if not _goes_on(witness, head):
            held = hold_every_course(as_of=None, found_by="witness")
    keep_witness(folder)
    return held


def keep_witness(folder: Path) -> None:
    """Write down the last link of the audit, in one move."""
    head = ChainHead.objects.filter(pk=1).first()
    known = {"number": head.number if head else 0, "digest": head.digest if head else ""}
    beside = folder / f".{WITNESS}.{os.getpid()}"
    # On a full disk the older witness stays, which is still true.
    with contextlib.suppress(OSError):
        beside.write_text(json.dumps(known) + "\n", encoding="ascii")
        os.replace(beside, folder / WITNESS)


@reminder_source
def watch_each_minute(now: dt.datetime) -> None:
    """Each minute: has the database come back under the running server, and how far is it now."""
    hold_if_it_came_back(settings.DATA_DIR)


def _read(folder: Path) -> _Head | None:
    try:
        known = json.loads((folder / WITNESS).read_text(encoding="ascii"))
        return _Head(number=int(known["number"]), digest=str(known["digest"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _goes_on(witness: _Head | None, head: ChainHead | None) -> bool:
    """Whether the audit goes on from what was seen; a database with entries that nobody saw may be any."""
    number = head.number if head else 0
    if witness is None:
        return number == 0
    if witness.number == 0:
        return True
    seen = AuditEntry.objects.filter(number=witness.number).values_list("digest", flat=True).first()
    return seen == witness.digest
