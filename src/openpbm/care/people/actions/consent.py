"""Agreement and withdrawal, each bound to the very text that was shown."""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Mapping
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db import transaction

from openpbm.care import clock
from openpbm.care.accounts.models import User
from openpbm.care.audit import ledger
from openpbm.care.audit.signed_reason import reason_problems
from openpbm.care.people.access import Relation, require
from openpbm.care.people.capability import CAPABILITIES, CAPABILITY_WAITS, CHANGED_BECAUSE
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.models import Consent, Person, lock_person
from openpbm.care.people.selectors import consent_holds
from openpbm.care.people.signals import consent_withdrawn
from openpbm.errors import BadInput, Problem

__all__ = ["record_consent"]


@transaction.atomic
def record_consent(
    *,
    id: uuid.UUID | None = None,
    person: Person,
    purpose: str,
    given: bool,
    by: User,
    about: str = "",
    answers: Mapping[str, object] | None = None,
    how: str = Consent.How.ACCOUNT,
    signed_on: dt.date | None = None,
    witness: str = "",
) -> tuple[Consent, bool]:
    """Keep a yes or a withdrawal. A withdrawal is told to whoever must act on it, in the same transaction.

    how, signed_on, witness : as `record_paper_consent` gives them; a clinician agrees for nobody without a sheet
    """
    found = require(by, person, Relation.PATIENT, Relation.CLINICIAN)
    own_alone = given and purpose != Consent.Purpose.HELPER and how == Consent.How.ACCOUNT
    if own_alone and found == Relation.CLINICIAN:
        raise PermissionDenied("Only the person agrees. What they signed on paper is recorded with its scan.")
    if purpose not in Consent.Purpose.values:
        raise BadInput(
            Problem(
                key=f"consent {purpose!r}",
                message="not a purpose",
                remedy=f"known: {', '.join(Consent.Purpose.values)}",
            )
        )
    if purpose == Consent.Purpose.CAPABLE:
        _check_capability(given, answers or {})
    lock_person(person.pk)
    if purpose == Consent.Purpose.CAPABLE and given and not _sent_before(id):
        _check_said_no(person, answers or {})
    held = consent_holds(person, purpose, about)
    text = consent_text(purpose)
    row, created = ledger.append(
        Consent(
            id=id or uuid.uuid4(),
            person=person,
            purpose=purpose,
            about=about,
            version=text.version,
            text_digest=text.digest,
            given=given,
            answers=cast(Any, answers or {}),
            how=how,
            signed_on=signed_on,
            witness=witness,
        ),
        by=by,
        action="consent_given" if given else "consent_withdrawn",
        person_id=person.pk,
        clinic_id=person.clinic_id,
        detail={"purpose": str(purpose), "version": text.version, "about": about},
    )
    # Only the withdrawal that changes something acts; sent again, the same one must not end a help begun since.
    if created and held and not given:
        if purpose == Consent.Purpose.HELPER:
            for grant in person.helpers.filter(user_id=about, ended_at=None):
                grant.ended_at = clock.now()
                grant.save(update_fields=["ended_at"])
        consent_withdrawn.send(sender=Consent, person=person, consent=row, by=by)
    return row, created


def _check_capability(given: bool, answers: Mapping[str, object]) -> None:
    wanted = {one.id for one in CAPABILITIES}
    problems = [
        Problem(key=f"capability.{key}", message="not a question that is asked")
        for key in sorted(answers.keys() - wanted - {CHANGED_BECAUSE})
    ]
    problems += [
        Problem(key=f"capability.{one.id}", message=f"must be answered yes or no: {one.question}")
        for one in CAPABILITIES
        if not isinstance(answers.get(one.id), bool)
    ]
    if not problems and given != all(answers[key] for key in wanted):
        problems = [Problem(key="capability", message="holds only when every answer is yes, and then always")]
    # A bare withdrawal needs no answers.
    if problems and (given or answers):
        raise BadInput(problems)


def _check_said_no(person: Person, answers: Mapping[str, object]) -> None:
    """Who said no is not taken at a yes of the next minute: it counts a day later, and what has changed is asked."""
    rows = person.consents.filter(purpose=Consent.Purpose.CAPABLE).order_by("-audit_number")
    since_a_yes = itertools.takewhile(lambda row: not row.given, rows)
    # A bare withdrawal after the no does not hide it.
    newest = next((row for row in since_a_yes if row.answers), None)
    if newest is None:
        return
    said = [one.question for one in CAPABILITIES if newest.answers.get(one.id) is False]
    at = newest.created_at.astimezone(person.zone)
    message = f"on {at:%-d %B %Y, %H:%M} you said no to: {' '.join(said)}"
    because = str(answers.get(CHANGED_BECAUSE, ""))
    if reason_problems(because, CHANGED_BECAUSE, remedy=""):
        raise BadInput(Problem(CHANGED_BECAUSE, because or None, message, "Say in a few words what has changed since"))
    counts = newest.created_at + CAPABILITY_WAITS
    if clock.now() < counts:
        remedy = f"answer again from {counts.astimezone(person.zone):%-d %B %Y, %H:%M}, or ask a clinician"
        raise BadInput(Problem(key="capability", message=message, remedy=remedy))


def _sent_before(id: uuid.UUID | None) -> bool:
    return id is not None and Consent.objects.filter(pk=id).exists()
