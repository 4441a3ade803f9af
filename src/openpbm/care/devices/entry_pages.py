"""The pages on which a lamp is added: by a drawing of its kind and its label, from the catalogue, or from a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.accounts.models import Clinic, Role, User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.devices import actions
from openpbm.care.devices.forms import CatalogueLampForm, LampFileForm, NamedLampForm
from openpbm.care.devices.lamp_problems import add_lamp_problems
from openpbm.care.devices.own_lamp_form import EmittersFormSet, ModesFormSet, OwnLampForm
from openpbm.care.form_page import posted, render_form
from openpbm.errors import BadInput
from openpbm.facts.product_classes import product_classes

__all__ = ["Owner", "new", "owner_of_new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a lamp is: exactly one of the two."""

    clinic: Clinic | None
    user: User | None


def owner_of_new(user: User) -> Owner | None:
    """Whose a new lamp will be: the clinic's for its staff, else one's own; None for whoever keeps no lamps."""
    for membership in user.member_of():
        if membership.role in (Role.CLINICIAN, Role.ADMIN):
            return Owner(clinic=membership.clinic, user=None)
    if getattr(user, "person", None) is None:
        return None
    return Owner(clinic=None, user=user)


@require_http_methods(["GET", "POST"])
def new(request: SignedInRequest) -> HttpResponse:
    """Add a lamp: of the catalogue, by drawing and label (`?own=1`, then `&class=`), or from a file (`?file=1`)."""
    owner = owner_of_new(request.user)
    if owner is None:
        raise PermissionDenied("Lamps are added by their owner, or by a clinician or administrator of the clinic.")
    if "file" in request.GET:
        return _new_from_file(request, owner)
    if "own" not in request.GET:
        return _new_of_catalogue(request, owner)
    if request.method == "GET" and "class" not in request.GET:
        return render(request, "devices/pick.html", {"classes": product_classes})
    return _new_own_lamp(request, owner)


def _new_of_catalogue(request: SignedInRequest, owner: Owner) -> HttpResponse:
    form = CatalogueLampForm(posted(request))
    if form.is_valid():
        try:
            return _added(request, owner, form, {"document": form.document()})
        except BadInput as error:
            form.add_problems(error)
    return render_form(request, "devices/new.html", {"form": form, "way": "catalogue"})


def _new_from_file(request: SignedInRequest, owner: Owner) -> HttpResponse:
    form = LampFileForm(posted(request), request.FILES or None)
    if form.is_valid():
        try:
            return _added(request, owner, form, {"document": form.document()})
        except BadInput as error:
            form.add_problems(error)
    return render_form(request, "devices/new.html", {"form": form, "way": "file"})


def _new_own_lamp(request: SignedInRequest, owner: Owner) -> HttpResponse:
    product = product_classes.get(request.GET.get("class", ""))
    form = OwnLampForm(posted(request), product=product)
    emitters = EmittersFormSet(posted(request), prefix="emitters", form_kwargs={"product": product})
    modes = ModesFormSet(posted(request), prefix="modes")
    if form.is_valid() and emitters.is_valid() and modes.is_valid():
        document = form.document(
            [row.document() for row in emitters if row.has_changed()],
            [row.document() for row in modes if row.has_changed()],
        )
        passport = {
            "document": document,
            "product_class": product.id if product else "",
            "as_on_label": form.cleaned_data["as_on_label"],
        }
        try:
            return _added(request, owner, form, passport)
        except BadInput as error:
            add_lamp_problems(form, {"emitters": emitters, "modes": modes}, error)
    context = {"form": form, "emitters": emitters, "modes": modes, "product": product, "way": "own"}
    return render_form(request, "devices/new.html", context)


def _added(request: SignedInRequest, owner: Owner, form: NamedLampForm, passport: Mapping[str, object]) -> HttpResponse:
    """Add the lamp and show it; BadInput where the core cannot read it."""
    added = actions.add_lamp(
        by=request.user,
        clinic=owner.clinic,
        owner=owner.user,
        passport=dict(passport) | form.label(),
        **{name: form.cleaned_data[name] for name in ("id", "name", "serial")},
    )
    # Who came from the path to a first course goes on there.
    if came_from := request.session.pop("after_lamp", ""):
        return redirect(str(came_from))
    messages.success(request, f"{added.name} was added. Its output counts as claimed until it is measured.")
    return redirect("devices:lamp", lamp_id=added.pk)
