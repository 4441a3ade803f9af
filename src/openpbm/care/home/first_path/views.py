"""The screens of the path: each keeps what was answered and leads to the next, the last to the plan."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods

from openpbm.care.form_page import posted, render_form
from openpbm.care.home.first_path.choice import PathChoice
from openpbm.care.home.first_path.finish import finish
from openpbm.care.home.first_path.forms import AbleForm, PathPlaces, offered_sites
from openpbm.care.home.first_path.steps import STEPS, PathStep, after, before, step_of
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.actions import record_consent
from openpbm.care.people.capability import CAPABILITIES
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.intake_forms import AboutForm, ComplaintForm, MedicinesForm
from openpbm.care.people.models import Consent, Person
from openpbm.care.people.questions import complaint_of
from openpbm.care.people.selectors import consent_holds
from openpbm.care.people.step_form import StepForm
from openpbm.care.people.ticked_questions import TickedQuestionsForm
from openpbm.care.people.urgent import urgent_of
from openpbm.errors import BadInput
from openpbm.facts.crisis import crisis_message
from openpbm.files import JsonObject
from openpbm.report.body_choice import render_body_choice

__all__ = ["path_step"]

_FORMS: dict[str, type[StepForm]] = {"complaint": ComplaintForm, "about": AboutForm, "medicines": MedicinesForm}
#: Account and agreement stand before the first of these screens.
_SCREENS_BEFORE = 2


@person_page(Relation.PATIENT)
@require_http_methods(["GET", "POST"])
def path_step(request: PersonRequest, person: Person, step: str = "") -> HttpResponse:
    """One screen; without a name the first that is still to be answered."""
    if not person.self_managed:
        # Whom a clinic looks after it also leads: there these screens are the questions alone.
        return redirect("people:intake", person_id=person.pk)
    path = PathChoice(request.user, person)
    if not step:
        return _to(person, _first_open(path))
    here = step_of(step)
    if here is None:
        raise Http404(f"no screen {step} on the path")
    if missing := _missing_before(path, here):
        return _to(person, missing)
    if step == "able":
        return _able(request, path, here)
    if step == "place":
        return _place(request, path, here)
    if step == "lamp":
        return _lamp(request, path, here)
    return _answers(request, path, here)


def _to(person: Person, step: str) -> HttpResponse:
    return redirect("home:path", person_id=person.pk, step=step)


def _first_open(path: PathChoice) -> str:
    """Where to go on: what the rest depends on first, then the first page of questions."""
    if not consent_holds(path.person, Consent.Purpose.CAPABLE):
        return "able"
    return _missing_before(path, STEPS[-1]) or "about"


def _missing_before(path: PathChoice, here: PathStep) -> str:
    """The screen that must be answered before this one, "" where nothing is missing."""
    earlier = [step.id for step in STEPS[: STEPS.index(here)]]
    if "complaint" in earlier and complaint_of(path.document) is None:
        return "complaint"
    if "place" in earlier and not path.places:
        return "place"
    return "lamp" if "lamp" in earlier and path.lamp() is None else ""


def _context(path: PathChoice, here: PathStep, form: object) -> dict[str, object]:
    back = before(here.id)
    return {
        "person": path.person,
        "step": here,
        "number": _SCREENS_BEFORE + 1 + STEPS.index(here),
        "back": reverse("home:path", kwargs={"person_id": path.person.pk, "step": back}) if back else "",
        "form": form,
        "urgent": urgent_of(path.document),
    }


def _able(request: PersonRequest, path: PathChoice, here: PathStep) -> HttpResponse:
    form = AbleForm(posted(request))
    if form.is_valid():
        answers = {one.id: True for one in CAPABILITIES}
        try:
            record_consent(
                id=form.cleaned_data["id"], person=path.person, purpose=Consent.Purpose.CAPABLE, given=True,
                answers=answers, by=request.user,
            )  # fmt: skip
        except BadInput:
            # Somebody who said no before is asked there what has changed since.
            return redirect("people:ready", person_id=path.person.pk)
        return _to(path.person, after(here.id))
    context = _context(path, here, form) | {"capabilities": CAPABILITIES}
    return render_form(request, "home/first_path/able.html", context)


def _place(request: PersonRequest, path: PathChoice, here: PathStep) -> HttpResponse:
    condition = complaint_of(path.document)
    assert condition is not None
    initial = [row | {"place": f"{row['site']}:{row['target']}"} for row in path.places]
    places = PathPlaces(posted(request), prefix="places", initial=initial, form_kwargs={"condition": condition})
    if request.method == "POST" and places.is_valid():
        path.keep(path.document, places=[_plain(form.chosen()) for form in places if form.has_changed()])
        return _to(path.person, after(here.id))
    offered = [site.id for site in offered_sites(condition)]
    # Every text in the drawing was escaped as it was filled in.
    context = _context(path, here, None) | {"places": places, "body": mark_safe(render_body_choice(offered=offered))}
    return render_form(request, "home/first_path/place.html", context)


def _plain(place: JsonObject) -> JsonObject:
    return {key: value for key, value in place.items() if value not in (None, "")}


def _lamp(request: PersonRequest, path: PathChoice, here: PathStep) -> HttpResponse:
    form = path.lamp_form(request)
    if form.is_valid():
        path.take_lamp(form.cleaned_data["lamp"])
        request.session.pop("after_lamp", None)
        return _to(path.person, after(here.id))
    # Whoever describes a lamp by its label comes back to this screen.
    request.session["after_lamp"] = request.path
    return render_form(request, "home/first_path/lamp.html", _context(path, here, form))


def _form(request: PersonRequest, path: PathChoice, here: PathStep) -> StepForm:
    sent = posted(request)
    if here.id in _FORMS:
        return _FORMS[here.id](sent, document=path.document, age_on_file=path.draft.age is not None)
    return TickedQuestionsForm(sent, document=path.document, page=here.id, chosen=path.chosen())


def _answers(request: PersonRequest, path: PathChoice, here: PathStep) -> HttpResponse:
    form = _form(request, path, here)
    if form.is_valid():
        path.keep(form.document)
        if (following := after(here.id)) and "more" not in request.POST:
            return _to(path.person, following)
        if "more" in request.POST:
            return _to(path.person, here.id)
        try:
            return finish(path)
        except BadInput as error:
            add_problems(form, error)
    context = _context(path, here, form)
    context |= {"suggestions": getattr(form, "suggestions", ()), "crisis": _crisis(form)}
    name = here.id if here.id in _FORMS else "questions"
    return render_form(request, f"home/first_path/{name}.html", context)


def _crisis(form: StepForm) -> str:
    return crisis_message() if {"suicidal_thoughts", "severe_depression"} & form.fields.keys() else ""
