"""How the skin looked after the last session, and on the day after it."""

from __future__ import annotations

import uuid

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care import clock
from openpbm.care.form_page import posted
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.sessions.actions import record_skin_check
from openpbm.care.sessions.forms import SkinForm
from openpbm.care.sessions.selectors import last_lit, session_state
from openpbm.care.sessions.skin import skin_advice

__all__ = ["skin"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def skin(request: PersonRequest, person: Person) -> HttpResponse:
    """The question that is open, or what was answered last."""
    state = session_state(person=person, now=clock.now())
    form = SkinForm(posted(request), initial={"id": uuid.uuid4()})
    if state.skin is not None and form.is_valid():
        for record in state.skin.records:
            record_skin_check(
                id=uuid.uuid5(form.cleaned_data["id"], str(record.pk)),
                record=record,
                moment=state.skin.moment,
                reaction=form.cleaned_data["reaction"],
                note=form.cleaned_data["note"],
                by=request.user,
            )
        return redirect("sessions:skin", person_id=person.pk)
    last = last_lit(state.records)
    checks = [check for record in last for check in record.skin_checks.all()]
    newest = max(checks, key=lambda check: check.created_at, default=None)
    context = {
        "person": person,
        "missing": state.skin,
        "last": last,
        "form": form,
        "checks": checks,
        "advice": newest and skin_advice(newest.reaction, moment=newest.moment),
        "over": state.over,
    }
    return render(request, "sessions/skin.html", context)
