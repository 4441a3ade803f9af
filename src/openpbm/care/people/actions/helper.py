"""A helper is let in, and let go again."""

from __future__ import annotations

from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.people.access import Relation, require
from openpbm.care.people.actions.consent import record_consent
from openpbm.care.people.models import Consent, HelperGrant, Person, lock_person
from openpbm.errors import BadInput, Problem

__all__ = ["end_help", "grant_help"]


@transaction.atomic
def grant_help(*, person: Person, user: User, by: User) -> HelperGrant:
    """Let a helper into the record, with the consent that allows it. A helper already in stays as they are."""
    require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    lock_person(person.pk)
    there = person.helpers.filter(user=user, ended_at=None).first()
    if there is not None:
        return there
    # One answer for every reason: whether an account is a clinic's is nobody's business here.
    if user.pk == person.user_id or user.is_member or not user.is_active:
        raise BadInput(
            Problem(
                key=user.username,
                message="cannot be a helper in this record",
                remedy="name the account of somebody else",
            )
        )
    record_consent(person=person, purpose=Consent.Purpose.HELPER, given=True, by=by, about=str(user.pk))
    grant = HelperGrant.objects.create(person=person, user=user)
    ledger.record_event(
        "helper_let_in", by=by, person_id=person.pk, clinic_id=person.clinic_id, row=grant, detail={"helper": user.pk}
    )
    return grant


@transaction.atomic
def end_help(*, grant: HelperGrant, by: User) -> HelperGrant:
    """End a helper's access at once, and withdraw the consent it rested on."""
    require(by, grant.person, Relation.PATIENT, Relation.CLINICIAN)
    person = lock_person(grant.person_id)
    grant.refresh_from_db()
    # Ended by somebody else at the same time.
    if grant.ended_at is not None:
        return grant
    record_consent(person=person, purpose=Consent.Purpose.HELPER, given=False, by=by, about=str(grant.user_id))
    grant.refresh_from_db()
    # A grant from before consents were kept has no consent whose withdrawal ends it.
    if grant.ended_at is None:
        grant.ended_at = clock.now()
        grant.save(update_fields=["ended_at"])
    ledger.record_event(
        "helper_let_go",
        by=by,
        person_id=person.pk,
        clinic_id=person.clinic_id,
        row=grant,
        detail={"helper": grant.user_id},
    )
    return grant
