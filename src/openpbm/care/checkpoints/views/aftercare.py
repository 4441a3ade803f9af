"""After the course: does it last, and what comes next: a pause, fewer sessions, back to what held, or no more light."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from openpbm.care.checkpoints.aftercare import (
    courses_so_far,
    most_per_week,
    order_next_course,
    start_pause,
    suggested_next,
)
from openpbm.care.checkpoints.forms import NextCourseForm, PauseForm
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import must_sign
from openpbm.care.plans.selectors import open_holds
from openpbm.errors import BadInput

__all__ = ["after", "next_course", "pause"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_http_methods(["GET"])
def after(request: PersonRequest, person: Person) -> HttpResponse:
    """What is known of whether it lasts, every course so far, and what may follow."""
    courses = courses_so_far(person)
    if not courses:
        return redirect("checkpoints:my_course", person_id=person.pk)
    context = {
        "person": person,
        "courses": courses,
        "newest": courses[0],
        "suggested": suggested_next(person, courses).schedule,
        "holds": open_holds(person),
        "may_sign": request.relation == Relation.CLINICIAN or _alone(request, person),
        "own": request.relation == Relation.PATIENT,
    }
    return render(request, "checkpoints/after.html", context)


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def pause(request: PersonRequest, person: Person) -> HttpResponse:
    """Sign a planned pause, which begins today."""
    must_sign(request.user, person)
    form = PauseForm(posted(request), initial={"id": uuid.uuid4()}, signer=request.user)
    if form.is_valid():
        try:
            start_pause(id=form.cleaned_data["id"], person=person, weeks=form.cleaned_data["weeks"], by=request.user)
        except BadInput as error:
            add_problems(form, error)
        else:
            messages.success(request, "The pause is signed. No light from today; the diary goes on.")
            return redirect("checkpoints:after", person_id=person.pk)
    return render_form(request, "checkpoints/pause.html", {"person": person, "form": form})


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def next_course(request: PersonRequest, person: Person) -> HttpResponse:
    """Have the next course planned; the page of the job follows it."""
    must_sign(request.user, person)
    courses = courses_so_far(person)
    if not courses:
        return redirect("checkpoints:my_course", person_id=person.pk)
    following = suggested_next(person, courses)
    suggested = following.schedule
    initial = {
        "id": uuid.uuid4(),
        "sessions_per_week": max(1, suggested.sessions_per_week),
        "weeks": suggested.weeks,
        "start_date": following.start_date,
    }
    form = NextCourseForm(posted(request), initial=initial, most=most_per_week(courses))
    if form.is_valid():
        try:
            job = order_next_course(person=person, by=request.user, **form.cleaned_data)
        except BadInput as error:
            add_problems(form, error)
        else:
            return redirect("jobs:job", job.pk)
    context = {"person": person, "form": form, "suggested": suggested, "newest": courses[0]}
    return render_form(request, "checkpoints/next_course.html", context)


def _alone(request: PersonRequest, person: Person) -> bool:
    return person.self_managed and request.relation == Relation.PATIENT
