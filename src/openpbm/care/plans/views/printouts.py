"""A plan as it is printed: the report and the home sheet, of one version and of the one that counts."""

from __future__ import annotations

import uuid

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.access import is_clinician, plan_of
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.printouts import render_printout
from openpbm.care.plans.selectors import released_plan
from openpbm.report.page import WayBack

__all__ = ["released_report", "released_sheet", "report", "sheet"]

# The core's pages carry their own style sheet, and work from a folder too; nothing else may do this.
_own_style = csp_update({"style-src": [SELF, UNSAFE_INLINE]})


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def report(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The plan's report."""
    row = plan_of(request, person, plan_id)
    # Nobody at home reads minutes that nobody let them have; the home sheet is then a request without any.
    if not is_clinician(request) and row.verdict != "allowed":
        raise PermissionDenied("A plan that is not allowed is read by a clinician.")
    return _printout(request, row, "report")


@_own_style
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def sheet(request: PersonRequest, person: Person, plan_id: uuid.UUID) -> HttpResponse:
    """The home sheet; for a plan that is not allowed the request to a clinician, without minutes."""
    return _printout(request, plan_of(request, person, plan_id), "home_sheet")


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


def _released(request: PersonRequest, person: Person, name: str) -> HttpResponse:
    row = released_plan(person)
    if row is None:
        return render(request, "plans/none_released.html", {"person": person})
    return _printout(request, row, name)


def _printout(request: PersonRequest, plan: PlanRow, name: str) -> HttpResponse:
    return HttpResponse(render_printout(plan, name, _way_back(request, plan.person)))


def _way_back(request: PersonRequest, person: Person) -> WayBack:
    if is_clinician(request):
        return WayBack(label="Back to the record", href=reverse("home:record", args=[person.pk]))
    return WayBack(label="Back to the course", href=reverse("checkpoints:my_course", args=[person.pk]))
