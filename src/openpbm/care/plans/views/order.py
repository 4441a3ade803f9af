"""Have a plan made: from a screening, or for another lamp, place or distance."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.access import must_work_on_plans, plan_of
from openpbm.care.plans.forms import OverridesForm
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.body_map import places_context
from openpbm.care.screening.forms import PlaceFormSet, ScreeningForm, add_screening_problems, places_initial
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
    row, user, posted = plan_of(request, person, plan_id), request.user, request.method == "POST"
    case = row.screening.case
    initial = {"lamp": row.lamp_id, "distance_mm": case["placement"].get("distance_mm")}
    initial["places_at_once"] = case["placement"].get("places_at_once", 1)
    if mode := case["placement"].get("mode"):
        initial["mode"] = f"{row.lamp_id}:{mode}"
    initial["start_date"] = case["course"].get("start_date")
    form = ScreeningForm(request.POST if posted else None, user=user, person=person, initial=initial)
    places = PlaceFormSet(request.POST if posted else None, prefix="places", initial=places_initial(case))
    if posted and form.is_valid() and places.is_valid():
        said = form.cleaned_data
        try:
            screening = screen_person(
                person=person, lamp=said["lamp"], sites=places.chosen(), distance_mm=said["distance_mm"],
                start_date=said["start_date"], places_at_once=said["places_at_once"], mode=said["mode"], by=user,
                id=said["id"],
            )  # fmt: skip
        except BadInput as error:
            add_screening_problems(form, places, error)
        else:
            try:
                job = actions.order_plan(screening=screening, by=user, overrides=None)
            except BadInput as error:
                for problem in error.problems:
                    messages.warning(request, str(problem))
                return redirect("screening:show", person_id=person.pk, screening_id=screening.pk)
            return redirect("jobs:job", job.pk)
    context = {"person": person, "plan": row, "form": form, **places_context(person, places)}
    return render(request, "plans/another.html", context, status=422 if posted else 200)
