"""Have a plan made: from a screening, or for another lamp, place or distance."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.access import must_work_on_plans, plan_of
from openpbm.care.plans.forms import OverridesForm
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.body_map import session_context
from openpbm.care.screening.forms import SessionForms
from openpbm.errors import BadInput

__all__ = ["another", "order"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_POST
def order(request: PersonRequest, person: Person, screening_id: uuid.UUID) -> HttpResponse:
    """Have a plan made; the page of the job follows it."""
    must_work_on_plans(request, person)
    screening = person.screenings.select_related("lamp", "person").filter(pk=screening_id).first()
    if screening is None:
        raise PermissionDenied(ACCESS_DENIED)
    form = OverridesForm(request.POST)
    if form.is_valid():
        try:
            job = actions.order_plan(screening=screening, by=request.user, overrides=form.cleaned_data)
        except BadInput as error:
            problems: list[str] = [str(problem) for problem in error.problems]
        else:
            return redirect("jobs:job", job.pk)
    else:
        problems = [f"{form.fields[name].label}: {' '.join(map(str, said))}" for name, said in form.errors.items()]
    for problem in problems:
        messages.warning(request, problem)
    return redirect("screening:show", person_id=person.pk, screening_id=screening.pk)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def another(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Another lamp, place or distance: that needs new light, so screen again and have a plan made."""
    must_work_on_plans(request, person)
    row, user = plan_of(request, person, plan_id), request.user
    asked = SessionForms(posted(request), user=user, person=person, of=row.screening)
    chosen = asked.chosen() if request.method == "POST" else None
    if chosen is not None:
        try:
            screening = screen_person(person=person, by=user, **chosen)
        except BadInput as error:
            asked.add_problems(error)
        else:
            try:
                job = actions.order_plan(screening=screening, by=user, overrides=None)
            except BadInput as error:
                for problem in error.problems:
                    messages.warning(request, str(problem))
                return redirect("screening:show", person_id=person.pk, screening_id=screening.pk)
            return redirect("jobs:job", job.pk)
    context = {"person": person, "plan": row, **session_context(person, asked)}
    return render_form(request, "plans/another.html", context)
