"""People of one clinic with a released plan of their own, for tests of the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openpbm.care.audit.ledger import append
from openpbm.care.devices.actions import add_lamp
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Identity, Intake, Person, PersonKey
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.actions import record_session

CALF = ("posterior_calf", "left")


def somebody(clinic: Any, name: str) -> Person:
    """A person of the clinic, without an account."""
    person = Person.objects.create(clinic=clinic, time_zone="Europe/Berlin")
    PersonKey.make(person)
    person.set_identity(Identity(name=name))
    person.save()
    return person


def answered(person: Person, by: Any, before: Intake | None = None) -> Intake:
    row = Intake(person=person, document={"condition": {"diagnosis": "rls_primary"}}, supersedes=before)
    return append(row, by=by, action="intake", person_id=person.pk)[0]


def screened(person: Person, by: Any, lamp: Lamp, verdict: str = "allowed") -> ScreeningRow:
    intake = person.intakes.filter(newer=None).first() or answered(person, by)
    row = ScreeningRow(person=person, intake=intake, lamp=lamp, case={}, result={"verdict": verdict})
    return append(row, by=by, action="screening", person_id=person.pk)[0]


def a_lamp(clinic: Any, by: Any) -> Lamp:
    return add_lamp(by=by, clinic=clinic, name="Panel", passport={"document": {"id": "panel_660_850"}})


def on_course(person: Person, by: Any, lamp: Lamp, start: dt.date) -> PlanRow:
    """A released plan: Monday's rhythm of three a week over six weeks, one place, 20 minutes."""
    screening = screened(person, by, lamp)
    days = [start + dt.timedelta(days=7 * week + day) for week in range(6) for day in (0, 2, 4)]
    document = {
        "format": "openpbm-plan-1",
        "verdict": "allowed",
        "course": {"start_date": start.isoformat()},
        "condition": {"id": "rls_primary", "programme": "rls"},
        "lamp": {"name": "Panel", "output_status": "claimed"},
        "sites": [{"site": CALF[0], "side": CALF[1]}],
        "session_minutes": 20,
        "schedule": {
            "minutes_per_session": 20,
            "sessions_per_week": 3,
            "weeks": 6,
            "sessions": [
                {
                    "number": number,
                    "date": day.isoformat(),
                    "week": (day - start).days // 7 + 1,
                    "placements": [" ".join(CALF)],
                }
                for number, day in enumerate(days, start=1)
            ],
            "checkpoints": [
                {"week": week, "date": (start + dt.timedelta(weeks=week)).isoformat()} for week in (2, 4, 6)
            ],
        },
    }
    plan = PlanRow(person=person, screening=screening, lamp=lamp, version=1, document=document, seed=1)
    append(plan, by=by, action="plan_made", person_id=person.pk)
    release = PlanRelease(person=person, plan=plan, statement="Released", signed_name="Dr. Test")
    append(release, by=by, action="plan_released", person_id=person.pk)
    return PlanRow.objects.select_related("lamp", "person").get(pk=plan.pk)


def session(plan: PlanRow, by: Any, day: dt.date, **changes: Any) -> None:
    """One session of that day as planned."""
    values: dict[str, Any] = {
        "person": plan.person, "plan": plan, "lamp": plan.lamp, "date": day, "time": dt.time(20), "site": CALF[0],
        "side": CALF[1], "minutes": 20.0, "distance_mm": None, "status": "done", "skin_reaction": "none", "by": by,
    }  # fmt: skip
    record_session(**(values | changes))
