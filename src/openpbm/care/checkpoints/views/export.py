"""Taking everything along: one ZIP, and a letter for one's doctor."""

from __future__ import annotations

import dataclasses

from allauth.account.decorators import reauthentication_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods

from openpbm.care.audit import ledger
from openpbm.care.checkpoints.care_team import team_line
from openpbm.care.checkpoints.doctor_letter import doctor_letter
from openpbm.care.checkpoints.export import archive
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person

__all__ = ["doctor_pdf", "export"]


def _at_home(request: PersonRequest) -> bool:
    """Staff passed a second factor and stay in for minutes; a telephone at home may lie open for weeks."""
    return request.relation != Relation.CLINICIAN


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_http_methods(["GET", "POST"])
@reauthentication_required(allow_get=True, enabled=_at_home)  # type: ignore[untyped-decorator]
def export(request: PersonRequest, person: Person) -> HttpResponse:
    """What is in the file, and the file itself."""
    if request.method != "POST":
        own, helper = request.relation == Relation.PATIENT, request.relation == Relation.HELPER
        return render(request, "checkpoints/export.html", {"person": person, "own": own, "helper": helper})
    ledger.record_event("exported", by=request.user, person_id=person.pk, clinic_id=person.clinic_id)
    answer = HttpResponse(archive(person, request.relation), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="openpbm-{person.code}-{person.today()}.zip"'
    return answer


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
@require_GET
def doctor_pdf(request: PersonRequest, person: Person) -> HttpResponse:
    """Two pages for the person's doctor; `?to=` names the role of the care team it is for."""
    from openpbm.care.documents.render import pdf

    role = request.GET.get("to")
    to = None if role is None else team_line(person, role)
    if role is not None and to is None:
        raise Http404(f"no role {role}")
    answer = HttpResponse(
        pdf("for_my_doctor", dataclasses.asdict(doctor_letter(person, request.relation, to))),
        content_type="application/pdf",
    )
    answer.headers["Content-Disposition"] = f'inline; filename="openpbm-{person.code}-{person.today()}.pdf"'
    return answer
