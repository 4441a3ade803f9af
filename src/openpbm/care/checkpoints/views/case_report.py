"""Case reports: the authors' part, the report built by the worker, its page and its JSON."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from csp.constants import NONE, SELF, UNSAFE_INLINE
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from openpbm.care.checkpoints.actions import light_is_cause, order_case_report
from openpbm.care.checkpoints.course import build_course
from openpbm.care.checkpoints.forms import AuthorsForm
from openpbm.care.checkpoints.models import CaseReport
from openpbm.care.checkpoints.selectors import reports_of
from openpbm.care.form_page import posted, render_form
from openpbm.care.people.access import ACCESS_DENIED, PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan

if TYPE_CHECKING:
    from openpbm.report.case_report import CaseReportDocument

#: What fills a gap, in the words of this site; the report itself names the files of a course folder.
_MISSING_WORDS = {
    "dose": "The minutes given and the light at the skin: in the plan and the sessions, or in the form for the report.",
    "timeline": "Sessions, and at least one line about other care; “none” says that nothing else changed.",
    "consent": "The person’s written consent to publication, with its day, in the form for the report.",
    "adverse_events": "Whether anything unwanted happened: report it, or “none” where the person was asked.",
}

__all__ = ["case_report", "report_json", "report_page"]


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
def case_report(request: PersonRequest, person: Person) -> HttpResponse:
    """Write the authors' part; the worker builds the report."""
    _may_write(request, person)
    last = person.authors_parts.order_by("-audit_number").first()
    initial: dict[str, object] = {}
    if last is not None:
        last.person = person
        initial = AuthorsForm.initial_of(last.document())
    plan = released_plan(person)
    form = AuthorsForm(
        posted(request),
        initial=initial or AuthorsForm.initial_of({}),
        light_is_cause=light_is_cause(person),
        today=person.today(),
        known=_known(person, plan),
    )
    if plan is not None and form.is_valid():
        _, job = order_case_report(
            id=form.cleaned_data["id"],
            person=person,
            document=form.document(),
            by=request.user,
        )
        return redirect("jobs:job", job_id=job.pk)
    reports = reports_of(person)
    context: dict[str, object] = {"person": person, "plan": plan, "form": form, "reports": reports}
    if reports:
        # The list is read without the sealed contents; only the newest is opened.
        newest = person.case_reports.get(pk=reports[0].pk)
        newest.person = person
        context["missing"] = [row["text"] for row in _said_here(newest.report())["missing_because"]]
    return render_form(request, "checkpoints/case_report.html", context)


# The report's page carries its own style sheet, so that it can be saved and handed in as one file.
@csp_replace({"default-src": [NONE], "style-src": [UNSAFE_INLINE], "img-src": [SELF, "data:"]})
@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def report_page(request: PersonRequest, person: Person, report_id: uuid.UUID) -> HttpResponse:
    """One report as it is handed in."""
    from openpbm.report.case_report import render_case_report

    _may_write(request, person)
    return HttpResponse(render_case_report(_said_here(_report(person, report_id).report())))


@person_page(Relation.PATIENT, Relation.CLINICIAN)
@require_GET
def report_json(request: PersonRequest, person: Person, report_id: uuid.UUID) -> HttpResponse:
    """One report as JSON, format `openpbm-case-report-1`."""
    _may_write(request, person)
    content = _report(person, report_id).report()
    answer = JsonResponse(content, json_dumps_params={"indent": 1, "ensure_ascii": False})
    answer.headers["Content-Disposition"] = 'attachment; filename="case_report.json"'
    return answer


def _said_here(report: CaseReportDocument) -> CaseReportDocument:
    """The report with what fills its gaps as this site calls it."""
    rows = report["missing_because"]
    return {**report, "missing_because": [{**row, "text": _MISSING_WORDS.get(row["id"], row["text"])} for row in rows]}


def _known(person: Person, plan: PlanRow | None) -> dict[str, str]:
    """What plan and records say of the light by themselves."""
    from openpbm.report.case_light import known_of_light

    return {} if plan is None else known_of_light(build_course(person, plan))


def _may_write(request: PersonRequest, person: Person) -> None:
    """A clinician; without a clinic the person alone."""
    if request.relation == Relation.PATIENT and not person.self_managed:
        raise PermissionDenied("A case report is written by your clinic; ask them for it.")


def _report(person: Person, report_id: uuid.UUID) -> CaseReport:
    row = CaseReport.objects.filter(person=person, pk=report_id).first()
    if row is None:
        raise PermissionDenied(ACCESS_DENIED)
    row.person = person
    return row
