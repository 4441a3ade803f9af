"""Every session of the plan, and the lamp it is given with."""

from __future__ import annotations

import datetime as dt
import uuid

from django.http import HttpResponse
from django.shortcuts import render

from openpbm.care import clock
from openpbm.care.devices.models import Lamp
from openpbm.care.devices.selectors import lamps_for, output_state
from openpbm.care.people.access import PersonRequest, Relation, person_page
from openpbm.care.people.models import Person
from openpbm.care.sessions.positions import places_of_session, positions_of
from openpbm.care.sessions.selectors import newest_records, session_state
from openpbm.care.sessions.session_table import session_table
from openpbm.care.sessions.target_dose import target_dose
from openpbm.care.sessions.views.no_plan import no_plan
from openpbm.delivery import said_together

__all__ = ["my_lamp", "session_list"]


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def session_list(request: PersonRequest, person: Person) -> HttpResponse:
    """Every session of the plan, planned and given, with how much was done and how much light that was."""
    now = clock.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return no_plan(request, person)
    records = list(newest_records(person, state.plan).select_related("created_by"))
    table = session_table(state.plan.followed, records, now.astimezone(person.zone).date())
    left_plan = said_together(found for found in table.limits if found.level != "note")
    context = {"person": person, "state": state, "table": table, "left_plan": left_plan}
    return render(request, "sessions/list.html", context)


@person_page(Relation.PATIENT, Relation.HELPER, Relation.CLINICIAN)
def my_lamp(request: PersonRequest, person: Person) -> HttpResponse:
    """The lamp of the plan: distance, minutes, what reaches the target, and how its output is known."""
    now = clock.now()
    state = session_state(person=person, now=now)
    if state.plan is None:
        return no_plan(request, person)
    plan, lamps = state.plan.followed, state.plan.lamps
    mine = set(lamps_for(request.user).filter(pk__in=[lamp.pk for lamp in lamps]).values_list("pk", flat=True))
    context = {
        "person": person,
        "plan": plan,
        "lamp_names": state.plan.lamp_names,
        "lamps": [_known(lamp, now.astimezone(person.zone).date(), mine) for lamp in lamps],
        "positions": positions_of(plan, places_of_session(plan, None)),
        "dose": target_dose(state.plan),
    }
    return render(request, "sessions/my_lamp.html", context)


def _known(lamp: Lamp, on: dt.date, mine: set[uuid.UUID]) -> dict[str, object]:
    """How the output of one lamp is known, and whether the reader may open its file."""
    return {"lamp": lamp, "output": output_state(lamp, on), "may_open": lamp.pk in mine}
