"""A hold, and the signature that lifts it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.access import must_work_on_plans
from openpbm.care.plans.forms import LiftForm, OwnLiftForm
from openpbm.care.plans.hold_causes import HoldCause, cause_of
from openpbm.care.plans.models import Hold
from openpbm.care.plans.selectors import released_plan
from openpbm.errors import BadInput

__all__ = ["lift"]


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def lift(request: PersonRequest, person: Person, hold_id: uuid.UUID) -> HttpResponse:
    """Lift a hold by signature."""
    must_work_on_plans(request, person)
    held: Hold | None = person.holds.filter(pk=hold_id).first()
    if held is None:
        raise PermissionDenied(ACCESS_DENIED)
    held.person = person
    cause = cause_of(held)
    lifted = getattr(held, "lift", None)
    if cause is not None and cause.review_page and lifted is None and request.relation == Relation.CLINICIAN:
        # An effect is reviewed and its hold lifted on one page, with what was reported in front.
        return redirect(cause.review_page)
    posted = request.method == "POST"
    # Without a clinic no second pair of eyes is there, so the person says which health professional agreed.
    form_class = OwnLiftForm if actions.needs_agreement(held) else LiftForm
    form = form_class(request.POST if posted else None, signer=request.user)
    if posted and form.is_valid() and _lifted(request, held, form, cause):
        messages.success(request, "The hold is lifted. Sessions may go on.")
        return redirect(_back(request, person))
    context = {"person": person, "hold": held, "cause": cause, "form": form, "lifted": lifted}
    return render(request, "plans/lift_hold.html", context, status=422 if posted else 200)


def _lifted(request: PersonRequest, held: Hold, form: LiftForm, cause: HoldCause | None) -> bool:
    """Lift it; False with the problems on the form."""
    signature = form.cleaned_data
    read = request.POST.get("read", "")
    if read and cause is not None and read != cause.digest:
        form.add_error(None, "More was written about it since you opened this page. Read it above, then sign.")
        return False
    told = {name: signature.get(name, "") for name in ("reason", "agreed_by", "contact")}
    try:
        actions.lift_hold(hold=held, by=request.user, **told)
    except BadInput as error:
        add_problems(form, error)
        return False
    return True


def _back(request: HttpRequest, person: Person) -> str:
    row = released_plan(person)
    if row is not None:
        return reverse("plans:workbench", kwargs={"person_id": person.pk, "plan_id": row.pk})
    return reverse("people:intake", kwargs={"person_id": person.pk})
