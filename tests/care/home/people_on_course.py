"""People of one clinic with a released plan of their own, for tests of the lists."""

from __future__ import annotations

import datetime as dt
from typing import Any

from courses import make_plan

from openpbm.care.audit.ledger import append
from openpbm.care.devices.actions import add_lamp
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Consent, Identity, Intake, Person, PersonKey
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


def on_course(person: Person, by: Any, lamp: Lamp, start: dt.date, *, weeks: tuple[int, ...] = (2, 4, 6)) -> PlanRow:
    """A released plan: Monday's rhythm of three a week over six weeks, one place, 20 minutes."""
    screening = screened(person, by, lamp)
    consent = Consent(person=person, purpose=Consent.Purpose.LIGHT, version="1", text_digest="0" * 64, given=True)
    append(consent, by=by, action="consent", person_id=person.pk)
    reported = make_plan(
        start=start, places=(CALF,), checkpoint_weeks=weeks, output_status="claimed", lamp_name="Panel",
        distance_mm=None, irradiance_mw_cm2=None, irradiance_upper_mw_cm2=None, skin_fluence_j_cm2=None,
    )  # fmt: skip
    document = reported.to_json_dict()
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
        "confirmed": True,
    }  # fmt: skip
    record_session(**(values | changes))
