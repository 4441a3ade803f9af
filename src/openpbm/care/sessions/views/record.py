"""A session written down afterwards, or corrected."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from openpbm.care import clock
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.ruler import cm_of
from openpbm.care.form_page import posted
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.sessions.actions import record_session
from openpbm.care.sessions.forms import AfterwardsForm
from openpbm.care.sessions.models import SessionRecord
from openpbm.care.sessions.positions import places_of_session
from openpbm.care.sessions.record_findings import each_message_once
from openpbm.care.sessions.selectors import newest_records, session_state
from openpbm.care.sessions.skin import skin_advice
from openpbm.care.sessions.time_passed import MoreThanPassed
from openpbm.care.sessions.views.no_plan import no_plan
from openpbm.errors import BadInput

__all__ = ["correct", "record"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def record(request: PersonRequest, person: Person) -> HttpResponse:
    """Write a session down afterwards, or that there was none."""
    now = clock.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return no_plan(request, person)
    plan = state.plan.followed
    today = now.astimezone(person.zone).date()
    day = _day(request.GET.get("date"))
    planned = next((session for session in plan.schedule.sessions if session.date == day), None)
    if planned is None and day is None and state.unwritten:
        planned = state.unwritten[0]
    initial = {
        "id": uuid.uuid4(),
        "date": day or (planned.date if planned else today),
        "status": request.GET.get("status", ""),
        "distance_cm": cm_of(plan.placement.distance_mm),
    }
    places = places_of_session(plan, planned)
    form = AfterwardsForm(posted(request), plan=plan, places=places, today=today, initial=initial)
    if form.is_valid():
        written = _write(request, form, plan=state.plan, lamp=state.plan.lamp, person=person)
        if written is not None:
            return _written(request, person, written)
    context = {"person": person, "form": form, "unwritten": state.unwritten}
    return render(request, "sessions/record.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def correct(request: PersonRequest, person: Person, record_id: uuid.UUID) -> HttpResponse:
    """Correct one record: a new one is written that replaces it; the old one stays on file."""
    old = get_object_or_404(newest_records(person).select_related("plan", "lamp", "start"), pk=record_id)
    today = clock.now().astimezone(person.zone).date()
    initial = {
        "id": uuid.uuid4(),
        "date": old.date,
        "time": old.time,
        "status": old.status,
        "minutes": old.minutes if old.minutes is None else f"{old.minutes:g}",
        "distance_cm": cm_of(old.distance_mm),
        "reason": old.reason,
        "skin_reaction": old.skin_reaction,
    }
    form = AfterwardsForm(
        posted(request), plan=old.plan.followed, places=[(old.site, old.side)], today=today, initial=initial
    )
    if form.is_valid():
        written = _write(request, form, plan=old.plan, lamp=old.lamp, person=person, corrects=old)
        if written is not None:
            return _written(request, person, written)
    return render(request, "sessions/record.html", {"person": person, "form": form, "corrected": old})


def _write(
    request: PersonRequest,
    form: AfterwardsForm,
    *,
    person: Person,
    plan: PlanRow,
    lamp: Lamp,
    corrects: SessionRecord | None = None,
) -> list[SessionRecord] | None:
    """Every line of the form or none; None where one cannot be, which the form then says."""
    try:
        with transaction.atomic():
            return [
                record_session(
                    person=person,
                    plan=plan,
                    lamp=lamp,
                    by=request.user,
                    start=corrects.start if corrects else None,
                    supersedes=corrects,
                    # A correction changes what people say of the session, not what the timer noted.
                    pauses=corrects.pauses if corrects else (),
                    **line,
                )[0]
                for line in form.lines()
            ]
    except MoreThanPassed as error:
        form.ask(error)
        return None
    except BadInput as error:
        add_problems(form, error)
        return None


def _written(request: PersonRequest, person: Person, records: Sequence[SessionRecord]) -> HttpResponse:
    """Back to the list, with everything that was found about what was written."""
    messages.success(request, "Written down.")
    for found in each_message_once(records):
        if found["level"] == "stop":
            messages.error(request, found["message"])
        elif found["level"] != "note":
            messages.warning(request, found["message"])
    for reaction in dict.fromkeys(record.skin_reaction for record in records):
        advice = skin_advice(reaction)
        if advice is not None and advice.stops:
            messages.error(request, advice.text)
    return redirect("sessions:list", person_id=person.pk)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
