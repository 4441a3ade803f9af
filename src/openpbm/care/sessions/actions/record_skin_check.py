"""Write down how the lit skin looked; sore or blistered skin holds the course."""

from __future__ import annotations

import uuid

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import require
from openpbm.care.people.models import lock_person
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.models import SessionRecord, SkinCheck
from openpbm.care.sessions.reminders import complete_skin_reminder
from openpbm.care.sessions.skin import skin_advice
from openpbm.errors import BadInput

__all__ = ["SKIN_REACTION", "hold_for_skin", "record_skin_check"]

#: What the course is held for where skin is sore or blistered; no correction of minutes settles it.
SKIN_REACTION = "skin_reaction"


@transaction.atomic
def record_skin_check(
    *,
    id: uuid.UUID | None = None,
    record: SessionRecord,
    moment: str,
    reaction: str,
    note: str = "",
    by: User,
) -> tuple[SkinCheck, bool]:
    """Write down how the lit skin looked; sore or blistered skin holds the course in the same transaction."""
    person = record.person
    require(by, person)
    lock_person(person.pk)
    row = SkinCheck(record=record, moment=moment, reaction=reaction)
    row.id = id or row.id
    if problems := field_problems(row, "moment", "reaction"):
        raise BadInput(problems)
    row.sealed_note = person.seal(note.strip(), f"skin {row.pk}")
    written, created = ledger.append(row, by=by, action="skin_check", person_id=person.pk, clinic_id=person.clinic_id)
    if created:
        hold_for_skin(record, reaction, by=by)
        if moment == "24h":
            complete_skin_reminder(person=person, day=record.date, by=by)
    return written, created


def hold_for_skin(record: SessionRecord, reaction: str, *, by: User) -> None:
    """Hold the course where the advice on that reaction stops the light."""
    advice = skin_advice(reaction)
    if advice is None or not advice.stops:
        return
    word = "sore skin" if reaction == "pain" else "a blister or burn"
    message = f"{word} after the session of {record.date:%-d %B %Y}. No light there until it has healed and been seen."
    hold(person=record.person, cause=SKIN_REACTION, message=message, by=by, about=record)
