"""Before a session: what is checked, how to get ready, and the button that begins it."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import redirect, render

from openpbm.care import clock
from openpbm.care.n_of_1.selectors import todays_setting
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.plans.models import Hold
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.actions import StartRefused, start_session
from openpbm.care.sessions.as_planned import minutes_left
from openpbm.care.sessions.check_start import StartCheck, blocking, check_start, may_be_overridden
from openpbm.care.sessions.forms import OverrideForm, StartForm
from openpbm.care.sessions.models import SessionStart
from openpbm.care.sessions.positions import positions_of
from openpbm.care.sessions.preparation import preparation
from openpbm.care.sessions.selectors import SessionState, places_to_light, session_state
from openpbm.care.sessions.sitting import is_lit
from openpbm.care.sessions.start_context import load_start_context
from openpbm.care.sessions.views.no_plan import no_plan

__all__ = ["guide"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def guide(request: PersonRequest, person: Person) -> HttpResponse:
    """What is checked, the preparation, the places; a POST begins the session."""
    resumed = _resumed(request, person)
    begin = StartForm(request.POST if "begin" in request.POST else None, initial={"id": uuid.uuid4()})
    override = _override_form(request)
    sent = next((form for form in (begin, override) if form is not None and form.is_bound), None)
    refused: Sequence[StartCheck] | None = None
    if sent is not None and sent.is_valid():
        # The plan, its lamp and places are read once, under the lock; nothing that was read before it would count.
        try:
            start, _ = start_session(
                id=sent.cleaned_data["id"],
                person=person,
                started_at=clock.now(),
                by=request.user,
                override_reason=sent.cleaned_data.get("reason", ""),
                resumes=resumed,
            )
            return redirect("sessions:run", person_id=person.pk, start_id=start.pk)
        except StartRefused as error:
            refused = error.checks
    return _get_ready(request, person, resumed=resumed, begin=begin, override=override, refused=refused)


def _get_ready(
    request: PersonRequest,
    person: Person,
    *,
    resumed: SessionStart | None,
    begin: StartForm,
    override: OverrideForm | None,
    refused: Sequence[StartCheck] | None,
) -> HttpResponse:
    now = clock.now()
    state = session_state(person=person, now=now)
    if state.start is not None:
        return redirect("sessions:run", person_id=person.pk, start_id=state.start.pk)
    if state.plan is None:
        return no_plan(request, person)
    plan, lamp = state.plan.followed, state.plan.lamp
    today = now.astimezone(person.zone).date()
    places = places_to_light(state, resumed)
    known = load_start_context(person=person, lamp=lamp, places=places, now=now, resumes=resumed, state=state)
    checks = check_start(known) if refused is None else refused
    left = {place: minutes_left(known, place) or plan.session_minutes for place in known.places}
    stops = blocking(checks)
    context = {
        "person": person,
        "not_begun": today < plan.start_date and [check.rule for check in stops] == ["plan_days"],
        "over": state.word == "finished" and "plan_days" in {check.rule for check in stops},
        "done": not override and state.word == "done" and all(map(_follows_a_session, stops)),
        "next": state.next,
        # Errors of the form are shown beside the whole list.
        "as_last_time": resumed is None and not begin.is_bound and _given_before(state),
        "lamp_names": state.plan.lamp_names,
        "resumed": resumed,
        "stops": stops,
        "notes": [check for check in checks if not check.passed and not check.stops],
        "passed": [check for check in checks if check.passed],
        "positions": positions_of(plan, known.places, left),
        "steps": preparation(plan, state.plan.lamp_names),
        "setting": todays_setting(person, today),
        "begin": begin,
        "override": override if may_be_overridden(checks) else None,
        "today": today,
        "holds": _holds_to_lift(person, checks),
    }
    return render(request, "sessions/guide.html", context)


def _follows_a_session(stop: StartCheck) -> bool:
    """Whether it keeps the light off only because today's session was given: nothing but the skin is left to settle."""
    return stop.rule == "least_gap" or stop.page in ("", "skin")


def _given_before(state: SessionState) -> bool:
    """Whether light of this very plan was given before: its list was read in full then."""
    assert state.plan is not None
    return any(record.plan_id == state.plan.pk and is_lit(record) for record in state.records)


def _override_form(request: PersonRequest) -> OverrideForm | None:
    """A clinician's form to let a session begin; nobody else has one."""
    if request.relation != Relation.CLINICIAN:
        return None
    posted = request.POST if "override" in request.POST and "begin" not in request.POST else None
    return OverrideForm(posted, signer=request.user, initial={"id": uuid.uuid4()})


def _holds_to_lift(person: Person, checks: Sequence[StartCheck]) -> list[Hold]:
    return open_holds(person) if any(check.page == "hold" for check in checks) else []


def _resumed(request: PersonRequest, person: Person) -> SessionStart | None:
    wanted = request.POST.get("resumes") or request.GET.get("resumes")
    try:
        return SessionStart.objects.filter(person=person, pk=uuid.UUID(wanted)).first() if wanted else None
    except ValueError:
        return None
