"""What a person agreed to: read, give, withdraw."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import record_consent
from openpbm.care.people.consent_texts import ConsentText, consent_text
from openpbm.care.people.models import Consent, Person
from openpbm.care.people.selectors import consents_now, latest_intake
from openpbm.errors import BadInput, Problem

__all__ = ["consent"]

_ASKED = (Consent.Purpose.RECORD, Consent.Purpose.LIGHT)


@person_page(Relation.PATIENT, Relation.CLINICIAN)
def consent(request: PersonRequest, person: Person) -> HttpResponse:
    """Each purpose with its text, what holds now, and everything that was said before."""
    # Only the person agrees. Where they have no account, the clinic writes down what they signed on paper.
    may_agree = request.relation == Relation.PATIENT or person.user_id is None
    if request.method == "POST":
        if not may_agree:
            raise PermissionDenied("Only the person can agree or withdraw here.")
        return _answer(request, person)
    now = consents_now(person)
    history = person.consents.select_related("created_by").order_by("-audit_number")
    return render(
        request,
        "people/consent.html",
        {
            "person": person,
            "may_agree": may_agree,
            "rows": [_row(purpose, now.get((purpose, ""))) for purpose in _ASKED],
            "capable": now.get((Consent.Purpose.CAPABLE, "")),
            "history": history,
            "all_given": all(purpose in now_given(now) for purpose in _ASKED),
            "answered": latest_intake(person) is not None,
        },
    )


def now_given(now: dict[tuple[str, str], Consent]) -> set[str]:
    """The purposes agreed to."""
    return {purpose for (purpose, about), row in now.items() if row.given and not about}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentRow:
    """One purpose on the page: its text today, and what was last said to it. id : of the answer that may come"""

    purpose: Consent.Purpose
    text: ConsentText
    given: bool
    changed: bool
    newest: Consent | None
    id: uuid.UUID


def _row(purpose: Consent.Purpose, newest: Consent | None) -> ConsentRow:
    text = consent_text(purpose)
    given = newest is not None and newest.given
    changed = given and newest is not None and newest.text_digest != text.digest
    return ConsentRow(
        purpose=purpose, text=text, given=given, changed=changed, newest=newest, id=uuid.uuid4()
    )  # fmt: skip


def _answer(request: SignedInRequest, person: Person) -> HttpResponse:
    purpose, given = request.POST.get("purpose", ""), request.POST.get("given")
    if purpose not in _ASKED or given not in ("yes", "no"):
        raise BadInput(Problem(key="consent", message="choose what you agree to or withdraw, on the consent page"))
    if given == "yes" and request.POST.get("read") != "on":
        messages.error(request, "Tick that you have read the text, then agree.")
        return redirect("people:consent", person_id=person.pk)
    record_consent(
        id=_id(request.POST.get("id", "")),
        person=person,
        purpose=purpose,
        given=given == "yes",
        by=request.user,
    )
    if given == "yes":
        messages.success(request, "Your agreement is recorded.")
    else:
        messages.warning(request, "Your withdrawal is recorded. No new session can start.")
    return redirect("people:consent", person_id=person.pk)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise BadInput(
            Problem(key="consent", message="the form has no id", remedy="open the page again and send it once more")
        ) from None
