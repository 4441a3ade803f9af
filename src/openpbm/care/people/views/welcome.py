"""How somebody without a clinic begins: a record, what they can do alone, what they agree to."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import record_consent, sign_up_self
from openpbm.care.people.capability import CAPABILITIES
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import CapabilityForm, WelcomeForm
from openpbm.care.people.models import Consent, Identity, Person
from openpbm.care.people.selectors import agreement_waits, consents_now
from openpbm.errors import BadInput

__all__ = ["ready", "welcome"]


def welcome(request: SignedInRequest) -> HttpResponse:
    """The first page after signing up."""
    user = request.user
    own = Person.objects.filter(user=user).first()
    if own is not None:
        return redirect("home:path", person_id=own.pk)
    form = WelcomeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            person = _begin(request, form)
        except BadInput as error:
            add_problems(form, error)
        else:
            return redirect("home:path" if form.cleaned_data["light"] else "people:consent", person_id=person.pk)
    texts = {"record": consent_text(Consent.Purpose.RECORD), "light": consent_text(Consent.Purpose.LIGHT)}
    return render(request, "people/welcome.html", {"form": form, "number": 2, "back": "", **texts})


@transaction.atomic
def _begin(request: SignedInRequest, form: WelcomeForm) -> Person:
    user = request.user
    given = form.cleaned_data
    identity = Identity(name=given["name"].strip())
    person = sign_up_self(user=user, identity=identity, time_zone=given["time_zone"])
    record_consent(person=person, purpose=Consent.Purpose.RECORD, given=True, by=user)
    if given["light"]:
        record_consent(person=person, purpose=Consent.Purpose.LIGHT, given=True, by=user)
    return person


@person_page(Relation.PATIENT)
def ready(request: PersonRequest, person: Person) -> HttpResponse:
    """Whether somebody can do this without a clinic. One no, and a clinician is needed."""
    newest = consents_now(person).get((Consent.Purpose.CAPABLE, ""))
    said_no = newest is not None and not newest.given and bool(newest.answers)
    form = CapabilityForm(request.POST if request.method == "POST" else None, said_no=said_no)
    if request.method == "POST" and form.is_valid() and (row := _answered(request, person, form)) is not None:
        if row.given:
            messages.success(request, "You can go on.")
            return redirect("people:consent" if agreement_waits(person) else "home:path", person_id=person.pk)
        return redirect("people:ready", person_id=person.pk)
    lacking = [one.lacking for one in CAPABILITIES if newest and newest.answers.get(one.id) is False]
    return render(request, "people/ready.html", {"person": person, "form": form, "newest": newest, "lacking": lacking})


def _answered(request: PersonRequest, person: Person, form: CapabilityForm) -> Consent | None:
    """Keep the answers; None with the problems on the form."""
    answers = form.answers()
    try:
        row, _ = record_consent(
            id=form.cleaned_data["id"], person=person, purpose=Consent.Purpose.CAPABLE,
            given=all(answers[one.id] for one in CAPABILITIES), answers=answers, by=request.user,
        )  # fmt: skip
    except BadInput as error:
        add_problems(form, error)
        return None
    return row
