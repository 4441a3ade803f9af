"""A released plan for a person, with six weeks of sessions and the usual checkpoints."""

from __future__ import annotations

import datetime as dt

from openpbm.care.audit.ledger import append
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow


def release(person: Person, start: dt.date, programme: str = "rls") -> PlanRelease:
    lamp, by = Lamp.objects.create(name="Panel"), person.user
    intake, _ = append(Intake(person=person, document={"condition": {"programme": programme}}), by=by, action="x")
    screening = ScreeningRow(person=person, intake=intake, lamp=lamp, case={}, result={"verdict": "allowed"})
    append(screening, by=by, action="x")
    sessions = [
        {"date": (start + dt.timedelta(days=7 * week + day)).isoformat(), "number": 3 * week + n, "week": week + 1}
        for week in range(6)
        for n, day in enumerate((0, 2, 4), start=1)
    ]
    document = {
        "format": "openpbm-plan-1",
        "verdict": "allowed",
        "course": {"start_date": start.isoformat()},
        "condition": {"id": "rls_primary", "programme": programme},
        "sites": [{"site": "posterior_calf", "side": "left"}],
        "schedule": {"minutes_per_session": 20, "sessions_per_week": 3, "weeks": 6, "sessions": sessions},
    }
    number = person.plans.count() + 1
    plan = PlanRow(person=person, screening=screening, lamp=lamp, version=number, document=document, seed=1)
    append(plan, by=by, action="x")
    return append(PlanRelease(person=person, plan=plan, statement="s", signed_name="n"), by=by, action="x")[0]
