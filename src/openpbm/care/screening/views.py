"""The pages of screening: ask, show every reason, release a rule, print what a clinician needs."""

from __future__ import annotations

import dataclasses
import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.documents.render import pdf
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.people.selectors import latest_intake
from openpbm.care.people.urgent import urgent_of
from openpbm.care.screening import actions
from openpbm.care.screening.body_map import session_context
from openpbm.care.screening.forms import ReleaseRuleForm, SessionForms
from openpbm.care.screening.lamp_forms import lamps_of
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.referral import ReferralLetter, referral
from openpbm.care.screening.selectors import (
    changes_since,
    eye_safe_as_screened,
    is_newest,
    newest_screening,
    releases_of,
    vessels_of,
)
from openpbm.care.screening.wording import present_screening
from openpbm.errors import BadInput

__all__: list[str] = []

_EARLIER = 10
# A plan beside an open question helps a clinician decide; beside a refusal or a warning sign it only tempts.
_WORTH_A_PLAN = ("allowed", "ask", "needs_clinician")


def _user(request: SignedInRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def may_screen(request: PersonRequest, person: Person) -> None:
    """A clinician screens their patient; whoever has no clinic screens themselves, and their helper with them."""
    if request.relation != Relation.CLINICIAN and not person.self_managed:
        raise PermissionDenied("Screening is done by the clinic.")


def _screening(person: Person, screening_id: uuid.UUID) -> ScreeningRow:
    rows = person.screenings.select_related("lamp", "intake", "person__clinic", "person__key").filter(pk=screening_id)
    screening = rows.first()
    if screening is None:
        raise PermissionDenied(ACCESS_DENIED)
    screening.person = person
    return screening


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def new(request: PersonRequest, person: Person) -> HttpResponse:
    """Choose lamp, places, distance and first day."""
    may_screen(request, person)
    user = _user(request)
    asked = SessionForms(posted(request), user=user, person=person)
    chosen = asked.chosen() if request.method == "POST" else None
    if chosen is not None:
        try:
            row = actions.screen_person(person=person, by=user, **chosen)
        except BadInput as error:
            asked.add_problems(error)
        else:
            return redirect("screening:show", person_id=person.pk, screening_id=row.pk)
    context = {
        "person": person,
        **session_context(person, asked),
        "intake": latest_intake(person),
        "any_lamp": lamps_of(user, person).exists(),
        "earlier": person.screenings.select_related("lamp").order_by("-audit_number")[:_EARLIER],
    }
    return render_form(request, "screening/new.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def show(request: PersonRequest, person: Person, screening_id: uuid.UUID) -> HttpResponse:
    """The verdict with every reason, what was released, and what to do next."""
    may_screen(request, person)
    row = _screening(person, screening_id)
    clinician = request.relation == Relation.CLINICIAN
    changes, safe = changes_since(row), eye_safe_as_screened(row)
    # Without a clinic nobody answers for an open question or for unprotected eyes.
    needs_clinician = person.self_managed and not (row.verdict == "allowed" and safe)
    releasable = []
    if clinician and is_newest(row):
        releasable = [reason for reason in row.reasons if reason.level == "relative"]
    context = {
        "view": present_screening(row),
        "screening": row,
        "person": person,
        "changes": changes,
        "releases": releases_of(row),
        "releasable": releasable,
        "may_plan": not changes and not needs_clinician and row.verdict in _WORTH_A_PLAN,
        "ask_a_clinician": needs_clinician,
        "eye_safe": safe,
        "clinician": clinician,
        "vessels": vessels_of(row) if clinician else None,
        "urgent": urgent_of(row.intake.document),
        # What stops somebody is read first; what was asked, and what else to mind, waits behind it.
        "folded": not clinician and row.verdict not in ("allowed", "ask"),
    }
    return render(request, "screening/show.html", context)


@person_page(Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def release(request: PersonRequest, person: Person, screening_id: uuid.UUID) -> HttpResponse:
    """A clinician's signature under one relative rule (`?rule=`)."""
    row = _screening(person, screening_id)
    rule = request.POST.get("rule") or request.GET.get("rule") or ""
    form = ReleaseRuleForm(posted(request), signer=_user(request), initial={"rule": rule})
    if form.is_valid():
        try:
            later = actions.release_rule(
                screening=row, rule=form.cleaned_data["rule"], reason=form.cleaned_data["reason"], by=_user(request)
            )
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, f"Rule {rule} was released under your name.")
            return redirect("screening:show", person_id=person.pk, screening_id=later.pk)
    asked = [reason for reason in row.reasons if reason.rule == rule]
    context = {"person": person, "screening": row, "form": form, "asked": asked, "rule": rule}
    return render_form(request, "screening/release.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def clinician_request(request: PersonRequest, person: Person, screening_id: uuid.UUID) -> HttpResponse:
    """What somebody on their own takes to a clinician: what was asked and why it stopped. No minutes, no dose."""
    may_screen(request, person)
    row = _screening(person, screening_id)
    context = {"view": present_screening(row), "screening": row, "person": person}
    context["eye_safe"] = eye_safe_as_screened(row)
    return render(request, "screening/request.html", context)


def _letter(request: PersonRequest, person: Person) -> ReferralLetter | None:
    row = newest_screening(person)
    if row is None:
        return None
    row.person = person
    signed = ""
    if request.relation == Relation.CLINICIAN:
        signed = _user(request).shown_name()
    return referral(row, signed=signed, today=person.today())


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def referral_letter(request: PersonRequest, person: Person) -> HttpResponse:
    """The referral letter as a page; before any screening, what is missing."""
    return render(request, "screening/referral.html", {"person": person, "letter": _letter(request, person)})


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def referral_pdf(request: PersonRequest, person: Person) -> HttpResponse:
    """The referral letter as a PDF."""
    letter = _letter(request, person)
    if letter is None:
        return render(request, "screening/referral.html", {"person": person, "letter": None})
    # Built from data and not stored: the next screening makes the next letter.
    answer = HttpResponse(pdf("referral", dataclasses.asdict(letter)), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="referral-{person.code}.pdf"'
    return answer
