"""A released plan for a person, with six weeks of sessions and the usual checkpoints."""

from __future__ import annotations

import datetime as dt

from courses import make_plan

from openpbm.care.audit.ledger import append
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.facts.conditions import Programme, programme_condition


def release(person: Person, start: dt.date, programme: Programme = "rls") -> PlanRelease:
    lamp, by = Lamp.objects.create(name="Panel"), person.user
    intake, _ = append(Intake(person=person, document={"condition": {"programme": programme}}), by=by, action="x")
    screening = ScreeningRow(person=person, intake=intake, lamp=lamp, case={}, result={"verdict": "allowed"})
    append(screening, by=by, action="x")
    condition = programme_condition(programme).id
    document = make_plan(start=start, condition_id=condition, checkpoint_weeks=(2, 4, 6)).to_json_dict()
    number = person.plans.count() + 1
    plan = PlanRow(person=person, screening=screening, lamp=lamp, version=number, document=document, seed=1)
    append(plan, by=by, action="x")
    return append(PlanRelease(person=person, plan=plan, statement="s", signed_name="n"), by=by, action="x")[0]
