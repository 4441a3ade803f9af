"""A clinic registers somebody; a person's details are changed."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, page, person_page
from openpbm.care.people.actions import register_with_account, renew_password, set_identity
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import IdentityForm, RegisterForm
from openpbm.care.people.models import Person
from openpbm.errors import BadInput

__all__ = ["details", "helper_password", "new", "password"]


@page(Role.CLINICIAN)
def new(request: SignedInRequest, clinic: Clinic) -> HttpResponse:
    """Register a person. The first password of their account is on the answer, and nowhere else."""
    form = RegisterForm(request.POST if request.method == "POST" else None, initial={"time_zone": clinic.time_zone})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            person, password = register_with_account(
                by=request.user,
                clinic=clinic,
                identity=form.identity(),
                time_zone=given["time_zone"],
                login_name=given["login_name"],
                id=given["id"],
            )
        except BadInput as error:
            add_problems(form, error)
        else:
            return render(request, "people/registered.html", {"person": person, "password": password}, status=201)
    return render(request, "people/new.html", {"form": form, "clinic": clinic})


@person_page(Relation.PATIENT, Relation.CLINICIAN)
def details(request: PersonRequest, person: Person) -> HttpResponse:
    """Name, contact, time zone."""
    known = person.identity
    born = dt.date.fromisoformat(known.birth_date) if known.birth_date else None
    initial = {
        "name": known.name, "birth_date": born, "email": known.email, "phone": known.phone, "address": known.address,
        "time_zone": person.time_zone,
    }  # fmt: skip
    form = IdentityForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            set_identity(
                person=person,
                identity=form.identity(),
                time_zone=form.cleaned_data["time_zone"],
                by=request.user,
            )
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, "Saved.")
            if person.new_zone_from is not None:
                counts = person.new_zone_from.astimezone(person.zone)
                messages.info(request, f"Days and hours follow the new time zone from {counts:%-d %B, %H:%M}.")
            return redirect("people:details", person_id=person.pk)
    return render(request, "people/details.html", {"person": person, "form": form})


@person_page(Relation.CLINICIAN)
@require_POST
def password(request: PersonRequest, person: Person) -> HttpResponse:
    """A new first password for a person who lost theirs."""
    return _renewed(request, person, person.user)


@person_page(Relation.CLINICIAN)
@require_POST
def helper_password(request: PersonRequest, person: Person, grant_id: int) -> HttpResponse:
    """The same for one of their helpers."""
    grant = person.helpers.filter(pk=grant_id, ended_at=None).select_related("user").first()
    return _renewed(request, person, None if grant is None else grant.user)


def _renewed(request: SignedInRequest, person: Person, user: User | None) -> HttpResponse:
    if user is None:
        raise PermissionDenied(ACCESS_DENIED)
    made = renew_password(person=person, user=user, by=request.user)
    return render(request, "people/new_password.html", {"person": person, "account": user, "password": made})
