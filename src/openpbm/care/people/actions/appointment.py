"""Times agreed on."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import field_problems
from openpbm.care.people.access import Relation, require
from openpbm.care.people.models import Appointment, Person
from openpbm.errors import BadInput, Problem
from openpbm.files import unsupported_values

__all__ = ["book_appointment", "set_appointment_state"]


@transaction.atomic
def book_appointment(
    *, person: Person, starts_at: dt.datetime, minutes: int, kind: str, note: str, by: User
) -> Appointment:
    """Agree on a time. One that overlaps others can be meant so (two chairs): the page warns, this does not refuse."""
    require(by, person)
    row = Appointment(person=person, starts_at=starts_at, minutes=minutes, kind=kind, note=note)
    if problems := unsupported_values(note, "note") + field_problems(row, "kind", "minutes", "note"):
        raise BadInput(problems)
    row.save(force_insert=True)
    detail = {"starts_at": starts_at.isoformat(), "minutes": minutes, "kind": str(kind)}
    ledger.record_event(
        "appointment_booked", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=row, detail=detail
    )
    return row


@transaction.atomic
def set_appointment_state(*, appointment: Appointment, state: str, by: User) -> Appointment:
    """Set the state of an appointment: kept, missed or cancelled."""
    require(by, appointment.person, Relation.PATIENT, Relation.CLINICIAN)
    if state not in Appointment.State.values:
        raise BadInput(
            Problem(key=f"state {state!r}", message="not known", remedy=f"one of {', '.join(Appointment.State.values)}")
        )
    row = Appointment.objects.select_for_update(no_key=True).select_related("person").get(pk=appointment.pk)
    detail = {"before": row.state, "after": str(state)}
    row.state = state
    row.save(update_fields=["state"])
    ledger.record_event(
        "appointment_state", by=by, person_id=row.person_id, clinic_id=row.person.clinic_id, row=row, detail=detail
    )
    return row
