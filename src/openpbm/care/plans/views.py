"""The pages of plans: the workbench, two plans side by side, release, printouts, holds."""

from __future__ import annotations

import dataclasses
import uuid
from typing import Any

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from openpbm.care.accounts.models import User
from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans import actions
from openpbm.care.plans.forms import (
    ComparisonForm,
    LiftForm,
    LinearForm,
    OverridesForm,
    OwnLiftForm,
    ReleaseForm,
    ReleaseRuleForm,
)
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.plans.printouts import render_printout
from openpbm.care.plans.selectors import newest_release, open_holds, released_plan
from openpbm.care.plans.workbench import curves, dose_table, limit_rows, rescaled_plan, unit_beside
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.forms import PlaceFormSet, ScreeningForm, places_initial
from openpbm.errors import BadInput
from openpbm.planning import compare_plans
from openpbm.reason import Reason
from openpbm.wording import URGENCY, verdict_words

__all__: list[str] = []

_VERSIONS = 12
_CONSENT_TEXT = "I looked at this plan, its cautions and its limits, and release it for this person."
_OWN_TEXT = "I read this plan and its cautions. I use the lamp as it says, and stop as soon as it says so."


def _user(request: SignedInRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _is_clinician(request: PersonRequest) -> bool:
    return request.relation == Relation.CLINICIAN


def _plan(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> PlanRow:
    """The plan, for a clinician; for the person where there is no clinic, or once it was released to them."""
    found = person.plans.select_related("lamp", "screening__lamp", "screening__intake", "release").filter(pk=plan_id)
    row = found.first()
    # Somebody else's plan and one not released yet get the same refusal: an answer must not tell which it was.
    if row is None or not (_is_clinician(request) or person.self_managed or hasattr(row, "release")):
        raise PermissionDenied(ACCESS_DENIED)
    row.person = row.screening.person = person
    return row


def _workbench_only(request: PersonRequest, person: Person) -> None:
    if not (_is_clinician(request) or person.self_managed):
        raise PermissionDenied("Plans are worked on by the clinic.")


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_POST
def order(request: PersonRequest, person: Person, screening_id: uuid.UUID) -> HttpResponse:
    """Have a plan made; the page of the job follows it."""
    _workbench_only(request, person)
    screening = person.screenings.select_related("lamp", "person").filter(pk=screening_id).first()
    if screening is None:
        raise PermissionDenied(ACCESS_DENIED)
    form = OverridesForm(request.POST)
    if form.is_valid():
        try:
            job = actions.order_plan(screening=screening, by=_user(request), overrides=form.cleaned_data)
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
@require_GET
def workbench(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The plan: what it gives, what limits it, what can be changed, and its release."""
    _workbench_only(request, person)
    row = _plan(request, person, plan_id)
    return render(request, "plans/workbench.html", _workbench_context(request, person, row, LinearForm(), {}))


@person_page(Relation.CLINICIAN)
@require_GET
def linear(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Other minutes, sessions, weeks or output at once: the part of the page alone for htmx, else the whole page."""
    row = _plan(request, person, plan_id)
    form = LinearForm(request.GET)
    changes = _changes(form) if form.is_valid() else {}
    alone = request.headers.get("HX-Request") == "true"
    status = 200 if form.is_valid() or not alone else 422
    context = _workbench_context(request, person, row, form, changes)
    return render(request, "plans/linear.html" if alone else "plans/workbench.html", context, status=status)


def _changes(form: LinearForm) -> dict[str, Any]:
    said = form.cleaned_data
    percent = said["output_percent"]
    kept = {key: said[key] for key in ("minutes", "sessions_per_week", "weeks")}
    return kept | {"output_factor": None if percent is None else percent / 100.0}


def _workbench_context(
    request: PersonRequest, person: Person, row: PlanRow, form: LinearForm, changes: dict[str, Any]
) -> dict[str, Any]:
    plan = row.core
    found, why_not = rescaled_plan(plan, **changes)
    clinician = _is_clinician(request)
    shown = found or plan
    limits = limit_rows(found) if found else []
    return {
        "person": person,
        "plan": row,
        "core": plan,
        "words": verdict_words(row.verdict),
        "verdict": row.verdict,
        "reasons": [_in_words(reason) for reason in plan.reasons],
        "cautions": plan.cautions,
        "releasable": [r for r in plan.reasons if clinician and r.level == "relative"],
        "form": form,
        "changed": any(value is not None for value in changes.values()),
        "found": found,
        "why_not": why_not,
        "broken": [limit for limit in limits if not limit.reason.passed],
        "kept": [limit for limit in limits if limit.reason.passed],
        "dose": dose_table(plan, shown.dose),
        "curves": curves(shown.curves),
        "clinician": clinician,
        # Somebody on their own reads minutes only where a plan allows them.
        "minutes_shown": clinician or row.verdict == "allowed",
        "problems": actions.release_problems(row),
        "is_released": released_plan(person) == row,
        "release": getattr(row, "release", None),
        "versions": _versions(person),
        "holds": open_holds(person),
        "may_sign": clinician or (person.self_managed and request.relation == Relation.PATIENT),
    }


def _in_words(reason: Reason) -> Reason:
    """The reason with its urgency as a person would say it."""
    if reason.urgency is None:
        return reason
    return dataclasses.replace(reason, urgency=URGENCY.get(reason.urgency, reason.urgency))


def _versions(person: Person) -> list[PlanRow]:
    return list(person.plans.select_related("lamp", "release").order_by("-version")[:_VERSIONS])


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def another(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Another lamp, place or distance: that needs new light, so screen again and have a plan made."""
    _workbench_only(request, person)
    row, user, posted = _plan(request, person, plan_id), _user(request), request.method == "POST"
    case = row.screening.case
    initial = {"lamp": row.lamp_id, "distance_mm": case["placement"].get("distance_mm")}
    initial["start_date"] = case["course"].get("start_date")
    form = ScreeningForm(request.POST if posted else None, user=user, person=person, initial=initial)
    places = PlaceFormSet(request.POST if posted else None, prefix="places", initial=places_initial(case))
    if posted and form.is_valid() and places.is_valid():
        said = form.cleaned_data
        try:
            screening = screen_person(
                person=person, lamp=said["lamp"], sites=places.chosen(), distance_mm=said["distance_mm"],
                start_date=said["start_date"], by=user, id=said["id"],
            )  # fmt: skip
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        else:
            try:
                job = actions.order_plan(screening=screening, by=user, overrides=None)
            except BadInput:
                # The screening itself says why there is no plan.
                return redirect("screening:show", person_id=person.pk, screening_id=screening.pk)
            return redirect("jobs:job", job.pk)
    context = {"person": person, "plan": row, "form": form, "places": places}
    return render(request, "plans/another.html", context, status=422 if posted else 200)


@person_page(Relation.CLINICIAN)
@require_GET
def compare(request: PersonRequest, person: Person) -> HttpResponse:
    """Two versions side by side (`?first=&second=`)."""
    versions = person.plans.select_related("lamp").order_by("-version")
    chosen = list(versions[:2])
    initial = {"first": chosen[1], "second": chosen[0]} if len(chosen) == 2 else {}
    form = ComparisonForm(request.GET or None, versions=versions, initial=initial)
    pair = (form.cleaned_data["first"], form.cleaned_data["second"]) if form.is_valid() else None
    if pair is None and not form.is_bound and len(chosen) == 2:
        pair = (chosen[1], chosen[0])
    compared = compare_plans(pair[0].core, pair[1].core) if pair else []
    rows = [dataclasses.replace(row, unit=unit_beside(row.name, row.unit)) for row in compared]
    context = {"person": person, "form": form, "pair": pair, "rows": rows, "enough": len(chosen) == 2}
    return render(request, "plans/compare.html", context, status=422 if form.errors else 200)


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def release(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Sign a plan."""
    _workbench_only(request, person)
    row, posted = _plan(request, person, plan_id), request.method == "POST"
    text = _CONSENT_TEXT if _is_clinician(request) else _OWN_TEXT
    form = ReleaseForm(request.POST if posted else None, signer=_user(request), initial={"statement": text})
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            actions.release_plan(plan=row, statement=said["statement"], by=_user(request), id=said["id"])
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        else:
            messages.success(request, f"Version {row.version} was released. Sessions follow it from here on.")
            return redirect("plans:workbench", person_id=person.pk, plan_id=row.pk)
    context = {"person": person, "plan": row, "form": form, "problems": actions.release_problems(row)}
    context |= {"before": newest_release(person), "holds": open_holds(person), "own": not _is_clinician(request)}
    return render(request, "plans/release.html", context, status=422 if posted else 200)


@person_page(Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def release_rule(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """Sign under a rule that only the plan found (`?rule=`); the plan is made again."""
    row, posted = _plan(request, person, plan_id), request.method == "POST"
    rule = request.POST.get("rule") or request.GET.get("rule") or ""
    form = ReleaseRuleForm(request.POST if posted else None, signer=_user(request), initial={"rule": rule})
    if posted and form.is_valid():
        said = form.cleaned_data
        try:
            job = actions.release_plan_rule(plan=row, rule=said["rule"], reason=said["reason"], by=_user(request))
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        else:
            return redirect("jobs:job", job.pk)
    asked = [_in_words(reason) for reason in row.core.reasons if reason.rule == rule]
    context = {"person": person, "plan": row, "form": form, "asked": asked, "rule": rule}
    return render(request, "plans/release_rule.html", context, status=422 if posted else 200)


def _printout(plan: PlanRow, name: str) -> HttpResponse:
    return HttpResponse(render_printout(plan, name))


# The core's pages carry their own style sheet, and work from a folder too; nothing else may do this.
_own_style = csp_update({"style-src": [SELF, UNSAFE_INLINE]})


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def report(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The plan's report."""
    row = _plan(request, person, plan_id)
    # Nobody at home reads minutes that nobody let them have; the home sheet is then a request without any.
    if not _is_clinician(request) and row.verdict != "allowed":
        raise PermissionDenied("A plan that is not allowed is read by a clinician.")
    return _printout(row, "report")


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def sheet(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The home sheet; for a plan that is not allowed the request to a clinician, without minutes."""
    return _printout(_plan(request, person, plan_id), "home_sheet")


def _released(request: HttpRequest, person: Person, name: str) -> HttpResponse:
    row = released_plan(person)
    if row is None:
        return render(request, "plans/none_released.html", {"person": person})
    return _printout(row, name)


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def released_report(request: PersonRequest, person: Person) -> HttpResponse:
    """The report of the plan that counts."""
    return _released(request, person, "report")


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def released_sheet(request: PersonRequest, person: Person) -> HttpResponse:
    """The home sheet of the plan that counts."""
    return _released(request, person, "home_sheet")


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def lift(request: PersonRequest, person: Person, hold_id: uuid.UUID) -> HttpResponse:
    """Lift a hold by signature."""
    _workbench_only(request, person)
    held: Hold | None = person.holds.filter(pk=hold_id).first()
    if held is None:
        raise PermissionDenied(ACCESS_DENIED)
    held.person = person
    posted = request.method == "POST"
    # Without a clinic no second pair of eyes is there, so the person says which health professional agreed.
    form = (OwnLiftForm if actions.needs_agreement(held) else LiftForm)(
        request.POST if posted else None, signer=_user(request)
    )
    if posted and form.is_valid():
        try:
            said = form.cleaned_data
            agreed_by = said.get("agreed_by", "")
            actions.lift_hold(hold=held, reason=said["reason"], by=_user(request), agreed_by=agreed_by)
        except BadInput as error:
            for problem in error.problems:
                form.add_error(None, str(problem))
        else:
            messages.success(request, "The hold is lifted. Sessions may go on.")
            return redirect(_back(request, person))
    context = {"person": person, "hold": held, "form": form, "lifted": getattr(held, "lift", None)}
    return render(request, "plans/lift_hold.html", context, status=422 if posted else 200)


def _back(request: HttpRequest, person: Person) -> str:
    row = released_plan(person)
    if row is not None:
        return reverse("plans:workbench", kwargs={"person_id": person.pk, "plan_id": row.pk})
    return reverse("people:intake", kwargs={"person_id": person.pk})
