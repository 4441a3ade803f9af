"""Who helps: let in, let go."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.actions import end_help, grant_help
from openpbm.care.people.consent_texts import consent_text
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.forms import HelperForm
from openpbm.care.people.models import Consent, HelperGrant, Person
from openpbm.care.people.selectors import helpers_of
from openpbm.errors import BadInput

__all__ = ["end", "helpers"]


def _may_invite(request: PersonRequest, person: Person) -> bool:
    """The person does; where they have no account, their clinic writes down what they signed."""
    return request.relation == Relation.PATIENT or person.user_id is None


@person_page(Relation.PATIENT, Relation.CLINICIAN)
def helpers(request: PersonRequest, person: Person) -> HttpResponse:
    """Who helps today, and the invitation of another."""
    form = HelperForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and not _may_invite(request, person):
        raise PermissionDenied("Only the person can let a helper in.")
    if request.method == "POST" and form.is_valid() and form.user is not None:
        try:
            grant_help(person=person, user=form.user, by=request.user)
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, f"{form.user.username} can see your record now.")
            return redirect("people:helpers", person_id=person.pk)
    context = {
        "person": person,
        "form": form,
        "grants": helpers_of(person),
        "may_invite": _may_invite(request, person),
        "text": consent_text(Consent.Purpose.HELPER),
    }
    return render(request, "people/helpers.html", context)


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_POST
def end(request: PersonRequest, person: Person, grant_id: int) -> HttpResponse:
    """End a helper's access."""
    grant = HelperGrant.objects.filter(pk=grant_id, person=person).first()
    if grant is None:
        raise PermissionDenied(ACCESS_DENIED)
    if grant.ended_at is None:
        end_help(grant=grant, by=request.user)
        messages.success(
            request, "The access has ended. So has the address that a calendar followed, if there was one."
        )
    return redirect("people:helpers", person_id=person.pk)
