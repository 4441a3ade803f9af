"""The pages of a session: before, during and after it, the list, and the lamp."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from openpbm.care.accounts.request import SignedInRequest
from openpbm.care.audit.ledger import Conflict
from openpbm.care.devices.ruler import cm_of
from openpbm.care.devices.selectors import lamps_for, output_state
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.form_problems import add_problems
from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import open_holds
from openpbm.care.screening.wording import no_light
from openpbm.care.sessions.actions import StartRefused, record_session, record_skin_check, start_session
from openpbm.care.sessions.as_planned import minutes_left
from openpbm.care.sessions.check import Check, blocking, may_be_overridden
from openpbm.care.sessions.forms import AfterwardsForm, FinishForm, OverrideForm, SkinForm, StartForm
from openpbm.care.sessions.gather import situation_of
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.positions import places_of_session, positions_of
from openpbm.care.sessions.preparation import preparation
from openpbm.care.sessions.running import elapsed, why_light_stops
from openpbm.care.sessions.selectors import newest_records, session_state
from openpbm.care.sessions.session_table import session_table
from openpbm.care.sessions.skin import skin_advice
from openpbm.care.sessions.skin_due import last_lit
from openpbm.care.sessions.target_dose import target_dose
from openpbm.care.sessions.verify import decide
from openpbm.errors import BadInput
from openpbm.planning import AllowedPlan, PlannedSession

__all__ = ["correct", "guide", "my_lamp", "record", "run", "session_list", "skin", "state"]


def _no_plan(request: HttpRequest, person: Person) -> HttpResponse:
    context = {"person": person, "no_light": no_light(person, has_plan=False)}
    return render(request, "sessions/no_plan.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def guide(request: PersonRequest, person: Person) -> HttpResponse:
    """Before a session: what is checked, the preparation, the places; a POST begins it."""
    now = timezone.now()
    state = session_state(person=person, now=now)
    if state.start is not None:
        return redirect("sessions:run", person_id=person.pk, start_id=state.start.pk)
    if state.plan is None:
        return _no_plan(request, person)
    plan = state.plan.to_core()
    resumed = _resumed(request, person)
    places = _places_to_light(plan, state.today.planned if state.today else state.next, resumed)
    clinician = request.relation == Relation.CLINICIAN
    begin = StartForm(request.POST if "begin" in request.POST else None, initial={"id": uuid.uuid4()})
    override = OverrideForm(
        request.POST if "override" in request.POST else None,
        signer=request.user,
        initial={"id": uuid.uuid4()},
    )
    given = begin if "begin" in request.POST else override if "override" in request.POST and clinician else None
    found: list[Check] | None = None
    if given is not None and given.is_valid():
        try:
            start = _begin(request, person, state.plan.lamp, places, given.cleaned_data, resumed)
            return redirect("sessions:run", person_id=person.pk, start_id=start.pk)
        except StartRefused as refused:
            found = refused.checks
    situation = situation_of(person=person, lamp=state.plan.lamp, places=places, now=now, resumes=resumed, state=state)
    checks = found if found is not None else decide(situation)
    left = {place: minutes_left(situation, place) or plan.session_minutes for place in situation.places}
    context = {
        "person": person,
        "plan": plan,
        "lamp": state.plan.lamp,
        "resumed": resumed,
        "stops": blocking(checks),
        "told": [check for check in checks if not check.passed and not check.stops],
        "passed": [check for check in checks if check.passed],
        "positions": positions_of(plan, situation.places, left),
        "steps": preparation(plan, state.plan.lamp.name, output_status=situation.output),
        "begin": begin,
        "override": override if clinician and may_be_overridden(checks) else None,
        "state": state,
        "today": now.astimezone(person.zone).date(),
        "holds": open_holds(person) if any(check.way_out == "hold" for check in checks) else [],
    }
    return render(request, "sessions/guide.html", context)


def _resumed(request: HttpRequest, person: Person) -> SessionStart | None:
    wanted = request.POST.get("resumes") or request.GET.get("resumes")
    try:
        return SessionStart.objects.filter(person=person, pk=uuid.UUID(wanted)).first() if wanted else None
    except ValueError:
        return None


def _places_to_light(
    plan: AllowedPlan, session: PlannedSession | None, resumed: SessionStart | None
) -> list[tuple[str, str]]:
    if resumed is None:
        return list(places_of_session(plan, session))
    broken = {(row.site, row.side) for row in resumed.records.filter(newer__isnull=True, status="partial")}
    return [place for place in resumed.places() if place in broken]


def _begin(
    request: SignedInRequest,
    person: Person,
    lamp: Any,
    places: list[tuple[str, str]],
    given: dict[str, Any],
    resumed: SessionStart | None,
) -> SessionStart:
    there = SessionStart.objects.filter(person=person, pk=given["id"]).first()
    if there is not None:
        return there  # the button was pressed twice
    start, _ = start_session(
        id=given["id"],
        person=person,
        lamp=lamp,
        places=places,
        started_at=timezone.now(),
        by=request.user,
        override_reason=given.get("reason", ""),
        resumes=resumed,
    )
    return start


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def run(request: PersonRequest, person: Person, start_id: uuid.UUID) -> HttpResponse:
    """A session that was begun: its timer and, at the end, what was given. Afterwards, what came of it."""
    start = get_object_or_404(SessionStart.objects.select_related("plan", "lamp"), person=person, pk=start_id)
    records = list(start.records.filter(newer__isnull=True).order_by("site", "side"))
    if records:
        return _finished(request, person, start, records)
    plan = start.plan.to_core()
    minutes = {tuple(place): one["minutes"] for one in start.positions for place in one["places"]}
    places = [(place, minutes.get(place, start.minutes)) for place in start.places()]
    form = FinishForm(request.POST or None, places=places, distance_mm=start.distance_mm)
    if request.method == "POST" and form.is_valid():
        local = start.started_at.astimezone(person.zone)
        try:
            with transaction.atomic():  # every place or none: a session of which one is written counts as ended
                for row in form.rows():
                    record_session(
                        # Made out of the start: two devices that end one session write one record.
                        id=uuid.uuid5(start.pk, f"{row['site']}|{row['side']}"),
                        person=person,
                        plan=start.plan,
                        lamp=start.lamp,
                        date=local.date(),
                        time=local.time(),
                        by=request.user,
                        start=start,
                        **row,
                    )
        except Conflict:
            messages.warning(request, "This session was written down already, from another device. It stays as it is.")
        return redirect("sessions:run", person_id=person.pk, start_id=start.pk)
    ran_for = elapsed(start, timezone.now())
    context = {
        "person": person,
        "start": start,
        "plan": plan,
        "positions": positions_of(plan, start.places(), dict(places)),
        "form": form,
        "begun_at": start.started_at.astimezone(person.zone),
        "elapsed_s": int(ran_for.total_seconds()),
        "stops": why_light_stops(person),
        "interrupted": ran_for > dt.timedelta(minutes=sum(p for _, p in places) + 30),
    }
    return render(request, "sessions/run.html", context)


@require_GET
@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN, log_access=False)
def state(request: PersonRequest, person: Person, start_id: uuid.UUID) -> HttpResponse:
    """Whether the light of a session that was begun may go on; the timer's page, which is the look, asks on and on."""
    start = get_object_or_404(SessionStart, person=person, pk=start_id)
    reasons = why_light_stops(person, start)
    return JsonResponse({"stop": bool(reasons), "reasons": reasons})


def _finished(request: HttpRequest, person: Person, start: SessionStart, records: list[SessionRecord]) -> HttpResponse:
    today = timezone.now().astimezone(person.zone).date()
    again = any(record.status == "partial" and record.date == today for record in records)
    reactions = [record.skin_reaction for record in records if record.skin_reaction]
    context = {
        "person": person,
        "start": start,
        "records": records,
        "findings": _unique(found for record in records for found in record.findings),
        "can_resume": again and not start.resumed_by.exists(),
        "advice": skin_advice(reactions[0]) if reactions else None,
        "lit": any(record.status != "missed" for record in records),
    }
    return render(request, "sessions/finished.html", context)


def _unique(findings: Any) -> list[dict[str, Any]]:
    return list({found["message"]: found for found in findings}.values())


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def record(request: PersonRequest, person: Person) -> HttpResponse:
    """Write a session down afterwards, or that there was none."""
    now = timezone.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return _no_plan(request, person)
    plan = state.plan.to_core()
    today = now.astimezone(person.zone).date()
    day = _day(request.GET.get("date"))
    planned = next((one for one in plan.schedule.sessions if one.date == day), None)
    if planned is None and day is None and state.unwritten:
        planned = state.unwritten[0]
    initial = {
        "id": uuid.uuid4(),
        "date": day or (planned.date if planned else today),
        "status": request.GET.get("status", ""),
        "distance_cm": cm_of(plan.placement.distance_mm),
    }
    places = places_of_session(plan, planned)
    form = AfterwardsForm(request.POST or None, plan=plan, places=places, today=today, initial=initial)
    if request.method == "POST" and form.is_valid():
        written = _write(request, form, person=person, plan=state.plan, lamp=state.plan.lamp)
        if written is not None:
            return _told(request, person, written)
    context = {"person": person, "form": form, "plan": plan, "unwritten": state.unwritten, "planned": planned}
    return render(request, "sessions/record.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def correct(request: PersonRequest, person: Person, record_id: uuid.UUID) -> HttpResponse:
    """Correct one record: a new one is written that replaces it; the old one stays on file."""
    old = get_object_or_404(newest_records(person).select_related("plan", "lamp", "start"), pk=record_id)
    today = timezone.now().astimezone(person.zone).date()
    initial = {
        "id": uuid.uuid4(),
        "date": old.date,
        "time": old.time,
        "status": old.status,
        "minutes": old.minutes,
        "distance_cm": cm_of(old.distance_mm),
        "reason": old.reason,
        "skin_reaction": old.skin_reaction,
    }
    form = AfterwardsForm(
        request.POST or None, plan=old.plan.to_core(), places=[(old.site, old.side)], today=today, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        kept = {"plan": old.plan, "lamp": old.lamp, "start": old.start, "supersedes": old, "pauses": old.pauses}
        written = _write(request, form, person=person, **kept)
        if written is not None:
            return _told(request, person, written)
    return render(request, "sessions/record.html", {"person": person, "form": form, "corrected": old})


def _write(request: SignedInRequest, form: AfterwardsForm, **same: Any) -> list[SessionRecord] | None:
    """Every line of the form or none; None where one cannot be, which the form then says."""
    try:
        with transaction.atomic():
            return [record_session(by=request.user, **same, **row)[0] for row in form.rows()]
    except BadInput as error:
        add_problems(form, error)
        return None


def _told(request: HttpRequest, person: Person, written: list[SessionRecord]) -> HttpResponse:
    messages.success(request, "Written down.")
    for found in _unique(found for row in written for found in row.findings):
        level = messages.error if found["severity"] == "stop" else messages.warning
        if found["severity"] != "note":
            level(request, found["message"])
    for advice in {row.skin_reaction: skin_advice(row.skin_reaction) for row in written}.values():
        if advice is not None and advice.stops:
            messages.error(request, advice.text)
    return redirect("sessions:list", person_id=person.pk)


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def session_list(request: PersonRequest, person: Person) -> HttpResponse:
    """Every session of the plan, planned and given, with how much was done and how much light that was."""
    now = timezone.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return _no_plan(request, person)
    records = list(newest_records(person, state.plan).select_related("created_by"))
    today = now.astimezone(person.zone).date()
    table = session_table(state.plan.to_core(), records, today)
    left_plan = [found for found in table.limits if found.severity != "note"]
    context = {"person": person, "state": state, "table": table, "left_plan": left_plan}
    return render(request, "sessions/list.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def skin(request: PersonRequest, person: Person) -> HttpResponse:
    """How the skin looked after the last session, and on the day after it."""
    local = timezone.now().astimezone(person.zone)
    state = session_state(person=person, now=local)
    records = list(newest_records(person).prefetch_related("skin_checks"))
    last = last_lit(records)
    form = SkinForm(request.POST or None, initial={"id": uuid.uuid4()})
    if request.method == "POST" and state.skin is not None and form.is_valid():
        given = form.cleaned_data
        for one in state.skin.records:
            record_skin_check(
                id=uuid.uuid5(given["id"], str(one.pk)),
                record=one,
                moment=state.skin.moment,
                reaction=given["reaction"],
                note=given["note"],
                by=request.user,
            )
        return redirect("sessions:skin", person_id=person.pk)
    checks = [check for one in last for check in one.skin_checks.all()]
    newest = max(checks, key=lambda check: check.created_at, default=None)
    context = {
        "person": person,
        "missing": state.skin,
        "last": last,
        "form": form,
        "checks": checks,
        "advice": None if newest is None else skin_advice(newest.reaction),
    }
    return render(request, "sessions/skin.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def my_lamp(request: PersonRequest, person: Person) -> HttpResponse:
    """The lamp of the plan: distance, minutes, what reaches the target, and how its output is known."""
    now = timezone.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return _no_plan(request, person)
    plan = state.plan.to_core()
    today = now.astimezone(person.zone).date()
    context = {
        "person": person,
        "plan": plan,
        "lamp": state.plan.lamp,
        "output": output_state(state.plan.lamp, today),
        "positions": positions_of(plan, places_of_session(plan, None)),
        "dose": target_dose(plan),
        "may_open_lamp": lamps_for(request.user).filter(pk=state.plan.lamp_id).exists(),
    }
    return render(request, "sessions/my_lamp.html", context)
