"""A session that was begun: its timer, whether its light may go on, and what was given."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from openpbm.care import clock
from openpbm.care.audit.ledger import Conflict
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.actions import end_session
from openpbm.care.sessions.finish_form import FinishForm
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.positions import positions_of
from openpbm.care.sessions.record_findings import each_message_once
from openpbm.care.sessions.selectors import unfinished_places
from openpbm.care.sessions.sitting import sittings
from openpbm.care.sessions.skin import skin_advice
from openpbm.care.sessions.time_passed import MoreThanPassed
from openpbm.delivery.place import Place

__all__ = ["minutes_at", "run", "state", "why_light_stops"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def run(request: PersonRequest, person: Person, start_id: uuid.UUID) -> HttpResponse:
    """The timer and, at the end, what was given. Afterwards, what was written down."""
    starts = SessionStart.objects.select_related("plan__screening", "plan__lamp", "lamp")
    start = get_object_or_404(starts, person=person, pk=start_id)
    records = list(start.records.filter(newer__isnull=True).order_by("site", "side"))
    if records:
        return _finished(request, person, start, records)
    minutes = minutes_at(start)
    plan = start.plan.followed
    form = FinishForm(request.POST or None, plan=plan, places=list(minutes.items()), distance_mm=start.distance_mm)
    if request.method == "POST" and form.is_valid():
        try:
            _finish(request, start, form)
        except Conflict:
            messages.warning(request, "This session was written down already, from another device. It stays as it is.")
        except MoreThanPassed as error:
            form.ask(error)
        if not form.errors:
            return redirect("sessions:run", person_id=person.pk, start_id=start.pk)
    now = clock.now()
    (sitting,) = sittings([start])
    context = {
        "person": person,
        "start": start,
        "positions": positions_of(plan, start.places(), minutes),
        "scanned": plan.skin and plan.skin.scanned,
        "form": form,
        "begun_at": start.started_at.astimezone(person.zone),
        "elapsed_s": int(sitting.passed_min(now) * 60),
        "stops": why_light_stops(person),
        "interrupted": sitting.phase(now) == "abandoned",
    }
    return render(request, "sessions/run.html", context)


def minutes_at(start: SessionStart) -> dict[Place, float]:
    """The minutes at each place of the session [min]."""
    written = {(site, side): position["minutes"] for position in start.positions for site, side in position["places"]}
    return {place: written.get(place, start.minutes) for place in start.places()}


def _finish(request: PersonRequest, start: SessionStart, form: FinishForm) -> None:
    given = form.cleaned_data
    end_session(
        start=start, lines=form.lines(), by=request.user, stopped=given["stopped"], item=given["item"],
    )  # fmt: skip


@require_GET
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN, log_access=False)
def state(request: PersonRequest, person: Person, start_id: uuid.UUID) -> HttpResponse:
    """Whether the light of a session that was begun may go on. The timer's page asks again and again."""
    start = get_object_or_404(SessionStart, person=person, pk=start_id)
    reasons = why_light_stops(person)
    if start.records.exists():
        reasons.append("This session was written down already, on another device.")
    return JsonResponse({"stop": bool(reasons), "reasons": reasons})


def why_light_stops(person: Person) -> list[str]:
    """What keeps the light off, in words; empty where nothing does."""
    return [f"Sessions are on hold: {hold.message}" for hold in open_holds(person)]


def _finished(
    request: PersonRequest, person: Person, start: SessionStart, records: list[SessionRecord]
) -> HttpResponse:
    today = clock.now().astimezone(person.zone).date()
    left_open = bool(unfinished_places(records, start)) and any(record.date == today for record in records)
    reaction = next((record.skin_reaction for record in records if record.skin_reaction), "")
    context = {
        "person": person,
        "start": start,
        "records": records,
        "findings": each_message_once(records),
        "can_resume": left_open and not start.resumed_by.exists() and not open_holds(person),
        "advice": skin_advice(reaction),
        "lit": any(record.status != "missed" for record in records),
    }
    return render(request, "sessions/finished.html", context)
