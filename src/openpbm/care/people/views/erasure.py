"""Being erased: asked for by the person, seen by a clinician, done by an administrator, who sees a code alone."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.accounts.models import Clinic, Role
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.constraints import longest
from openpbm.care.day_field import DayField
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, page, person_page
from openpbm.care.people.account.signature import SignatureForm, SignedReasonField
from openpbm.care.people.actions import (
    ask_for_erasure,
    erase_oneself,
    erase_person,
    erasure_now,
    may_ask,
    take_erasure_back,
    view_retention,
)
from openpbm.care.people.erasing import WHAT_GOES, WHAT_STAYS
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Erasure, Person
from openpbm.errors import BadInput

__all__ = ["erase", "erasure", "erasures"]


class RetentionForm(SignatureForm):
    """What a clinician says of how long the record must be kept readable."""

    keep_until = DayField(
        label="Must be kept readable until", required=False, help_text="Leave it empty if nothing has to be kept."
    )
    basis = SignedReasonField(
        label="Why", help_text="The law or contract that says so, or why nothing has to be kept.",
        max_length=longest(Erasure, "basis"),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
@person_page(Relation.PATIENT, Relation.CLINICIAN)
def erasure(request: PersonRequest, person: Person) -> HttpResponse:
    """What goes, what stays and how it stands; the person asks here, the clinician says what must be kept."""
    form = _form(request, person)
    if request.method == "POST":
        answer = _answer(request, person, form)
        if answer is not None:
            return answer
    context = {
        "person": person, "form": form, "now": erasure_now(person), "goes": WHAT_GOES, "stays": WHAT_STAYS,
        "own": request.relation == Relation.PATIENT, "may_ask": may_ask(request.user, person),
    }  # fmt: skip
    return render(request, "people/erasure.html", context, status=422 if request.method == "POST" else 200)


def _form(request: PersonRequest, person: Person) -> SignatureForm | None:
    """What is signed here: a clinician's view, or somebody's own erasure where no clinic stands beside them."""
    sent = request.POST if request.method == "POST" and request.POST.get("act") == "sign" else None
    if request.relation == Relation.CLINICIAN:
        return RetentionForm(sent, signer=request.user)
    return SignatureForm(sent, signer=request.user) if person.self_managed else None


def _answer(request: PersonRequest, person: Person, form: SignatureForm | None) -> HttpResponse | None:
    """Do what was asked; None where the form has to be shown again."""
    act = request.POST.get("act")
    if act == "ask":
        ask_for_erasure(person=person, by=request.user)
        messages.success(request, "Erasure is asked for. The clinicians were told.")
    elif act == "take_back":
        take_erasure_back(person=person, by=request.user)
        messages.success(request, "It is taken back. Nothing is erased.")
    elif act == "sign" and form is not None and form.is_valid():
        return _signed(request, person, form)
    else:
        return None
    return redirect("people:erasure", person_id=person.pk)


def _signed(request: PersonRequest, person: Person, form: SignatureForm) -> HttpResponse | None:
    if request.relation == Relation.PATIENT:
        erase_oneself(person=person, by=request.user)
        logout(request)
        return render(request, "people/erased.html", {"stays": WHAT_STAYS})
    try:
        said = {name: form.cleaned_data[name] for name in ("keep_until", "basis")}
        view_retention(person=person, by=request.user, **said)
    except BadInput as error:
        add_problems(form, error)
        return None
    messages.success(
        request, "Written down. An administrator sees it and erases the person once nothing stands against it."
    )
    return redirect("people:erasure", person_id=person.pk)


@require_http_methods(["GET"])
@page(Role.ADMIN)
def erasures(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """Who has asked to be erased, by code, and who was."""
    people = Person.objects.filter(clinic=clinic, erasures__isnull=False).distinct().order_by("code")
    rows = [(person, erasure_now(person)) for person in people]
    context = {
        "clinic": clinic,
        "waiting": [(person, now) for person, now in rows if person.left_at is None and now.asked is not None],
        "erased": [person for person, _ in rows if person.left_at is not None],
    }
    return render(request, "people/erasures.html", context)


@require_http_methods(["GET", "POST"])
@page(Role.ADMIN)
def erase(request: SignedInRequest, clinic: Clinic, person_id: uuid.UUID) -> HttpResponse:
    """Erase a person, with one's password under it: it is for good."""
    person = Person.objects.filter(pk=person_id, clinic=clinic, left_at=None).first()
    if person is None:
        raise PermissionDenied(ACCESS_DENIED)
    form = SignatureForm(request.POST if request.method == "POST" else None, signer=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            erase_person(person=person, by=request.user)
        except BadInput as error:
            form.add_error(None, [str(problem) for problem in error.problems])
        else:
            messages.success(
                request, f"{person.code} is erased. Keep a copy of the list of erasures beside the key file."
            )
            return redirect("people:erasures")
    context = {"clinic": clinic, "person": person, "form": form, "now": erasure_now(person), "stays": WHAT_STAYS}
    return render(request, "people/erase.html", context, status=422 if form.is_bound else 200)
