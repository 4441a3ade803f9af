"""What keeps sessions from starting, and the signature that lets them go on."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.constraints import longest
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.people.access import require, require_unless_system
from openpbm.care.people.models import Consent, Person, lock_person
from openpbm.care.people.selectors import consent_holds
from openpbm.care.plans.actions.release_plan import must_sign
from openpbm.care.plans.hold_causes import cause_of
from openpbm.care.plans.models import Hold, HoldLift
from openpbm.care.plans.who_agreed import agreement_problems
from openpbm.care.screening.actions import signer_name
from openpbm.errors import BadInput, Problem
from openpbm.files import unsupported_values

__all__ = [
    "CONSENT_WITHDRAWN", "PLANNED_PAUSE", "RESTORED", "hold", "hold_on_withdrawal", "lift_hold", "needs_agreement",
    "settle_hold",
]  # fmt: skip

CONSENT_WITHDRAWN, PLANNED_PAUSE, RESTORED = "consent_withdrawn", "planned_pause", "restored"
_WHY = "say why sessions may go on: what was seen, and what was done about it"
#: What is said where a consent is withdrawn that light rests on.
_WITHDRAWN_WORDS = {
    Consent.Purpose.LIGHT: "Consent to investigational light was withdrawn. No session starts until it is given again.",
    Consent.Purpose.RECORD: "Consent to keeping the record was withdrawn. No session starts until this is settled.",
    Consent.Purpose.CAPABLE: "The capability check no longer holds. No session starts until it is done again.",
}


@transaction.atomic
def hold(*, person: Person, cause: str, message: str, by: User | None, about: models.Model | None = None) -> Hold:
    """Keep sessions from starting until somebody has decided. The same cause about the same row holds once."""
    require_unless_system(by, person)
    row = Hold(person=person, cause=cause, message=message[: longest(Hold, "message")])
    if about is not None:
        row.about_table, row.about_id = about._meta.db_table, str(about.pk)
        there = person.holds.filter(cause=cause, about_table=row.about_table, about_id=row.about_id, lift=None).first()
        if there is not None:
            return there
    written, _ = ledger.append(
        row, by=by, action="sessions_held", person_id=person.pk, clinic_id=person.clinic_id, detail={"cause": cause}
    )
    return written


@transaction.atomic
def lift_hold(*, hold: Hold, reason: str, by: User, agreed_by: str = "", contact: str = "") -> HoldLift:
    """Say with a signature that a hold is over. Lifted twice it is lifted once.

    agreed_by, contact : the health professional who agreed and how to reach them, needed from somebody on their own
    Raises BadInput for a reason that says nothing, and for an effect that nobody has reviewed.
    """
    person = lock_person(hold.person_id)
    must_sign(by, person)
    reason, agreed_by, contact = reason.strip(), agreed_by.strip(), contact.strip()
    there = HoldLift.objects.filter(hold=hold).first()
    if there is not None:
        return there
    problems = [*unsupported_values(reason, "reason"), *reason_problems(reason, "reason", remedy=_WHY)]
    if len(reason) > longest(HoldLift, "reason"):
        message = f"{len(reason)} characters, at most {longest(HoldLift, 'reason')}"
        problems.append(Problem(key="reason", message=message, remedy="shorten it"))
    if needs_agreement(hold):
        problems += agreement_problems(person, agreed_by, contact)
    problems += _not_yet(hold)
    if problems:
        raise BadInput(problems)
    row = HoldLift(hold=hold, reason=reason, agreed_by=agreed_by, signed_name=signer_name(by))
    row.sealed_contact = person.seal(contact, row.place())
    written, _ = ledger.append(row, by=by, action="hold_lifted", person_id=person.pk, clinic_id=person.clinic_id)
    return written


def _not_yet(hold: Hold) -> list[Problem]:
    """What has to come first, whoever signs."""
    cause = cause_of(hold)
    problems = [] if cause is None or cause.unreviewed is None else [cause.unreviewed]
    # A signature must not bring back light that was said no to: consent has to be given again first.
    if hold.cause == CONSENT_WITHDRAWN and not _agrees_again(hold):
        message = "was withdrawn and not given again"
        problems.append(Problem(key="consent", message=message, remedy="it is given on the consent page"))
    return problems


@transaction.atomic
def settle_hold(*, hold: Hold, note: str, by: User) -> HoldLift:
    """Say that what a hold rested on was corrected. No signature: whoever may write the record may set it right.

    Whether light may go on is judged by what was corrected, which holds again where something still stops.
    """
    require(by, hold.person)
    row = HoldLift(hold=hold, reason=note, signed_name=signer_name(by))
    person = hold.person
    written, _ = ledger.append(row, by=by, action="hold_settled", person_id=person.pk, clinic_id=person.clinic_id)
    return written


def needs_agreement(hold: Hold) -> bool:
    """Whether somebody on their own has to ask first: for all but what they decided alone, and a restored record."""
    return hold.person.self_managed and hold.cause not in (CONSENT_WITHDRAWN, PLANNED_PAUSE, RESTORED)


def _agrees_again(hold: Hold) -> bool:
    withdrawn = Consent.objects.filter(pk=hold.about_id).first()
    return withdrawn is None or consent_holds(hold.person, withdrawn.purpose, withdrawn.about)


def hold_on_withdrawal(sender: Any, *, person: Person, consent: Consent, by: User, **_: Any) -> None:
    """Hold the sessions of whoever withdrew a consent that light rests on."""
    # Consent to a helper is about who reads the record and not about light: taking it back stops no session.
    message = _WITHDRAWN_WORDS.get(Consent.Purpose(consent.purpose))
    if message is not None:
        hold(person=person, cause=CONSENT_WITHDRAWN, message=message, by=by, about=consent)
