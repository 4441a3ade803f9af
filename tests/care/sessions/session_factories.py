"""Alice with a lamp, answers, consent and a released plan that began last Monday, for tests of sessions."""

from __future__ import annotations

import copy
import datetime as dt
import json
from pathlib import Path
from typing import Any

from care.conftest import account_of
from django.utils import timezone

from openpbm.care.audit.ledger import append
from openpbm.care.devices.models import Lamp, LampPassport
from openpbm.care.people.models import Consent, Intake, Person
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.actions import record_session, record_skin_check

LEFT, RIGHT = ("posterior_calf", "left"), ("posterior_calf", "right")
EVENING = dt.time(20, 0)
_PLAN = json.loads((Path(__file__).parents[3] / "examples/courses/calf_evening/plan.json").read_text(encoding="utf-8"))


def at(person: Person, day: dt.date, clock: dt.time = EVENING) -> dt.datetime:
    """A wall clock where they live, as a moment."""
    return dt.datetime.combine(day, clock, person.zone)


def plan_document(start: dt.date, *, output_status: str = "claimed", **changes: Any) -> dict[str, Any]:
    """The calf course, three evenings a week for six weeks, moved to another Monday."""
    document: dict[str, Any] = copy.deepcopy(_PLAN)
    by_days = start - dt.date.fromisoformat(document["course"]["start_date"])
    document["course"]["start_date"] = start.isoformat()
    for row in (*document["schedule"]["sessions"], *document["schedule"]["checkpoints"]):
        row["date"] = (dt.date.fromisoformat(row["date"]) + by_days).isoformat()
    document["lamp"]["output_status"] = output_status
    return document | changes


def make_lamp(person: Person, by: Any) -> Lamp:
    """A panel described by what its maker claims."""
    owner = None if person.clinic else person.user
    lamp = Lamp.objects.create(name="Evening panel", clinic=person.clinic, owner=owner)
    document = {
        "id": "evening_panel",
        "name": "Evening panel",
        "kind": "panel",
        "output_status": "claimed",
        "emitters": [{"wavelength_nm": 850, "irradiance_mw_cm2": 25.0, "at_distance_mm": 150}],
    }
    append(LampPassport(lamp=lamp, document=document), by=by, action="lamp_passport")
    return lamp


def agree(person: Person, purpose: str = Consent.Purpose.LIGHT, *, given: bool = True) -> None:
    row = Consent(person=person, purpose=purpose, version="1", text_digest="0" * 64, given=given)
    append(row, by=person.user, action="consent", person_id=person.pk)


def release(
    person: Person, by: Any, *, start: dt.date | None = None, lamp: Lamp | None = None, version: int = 1, **changes: Any
) -> PlanRow:
    """Answers, screening, plan and its signature; the course begins on `start` (today where they live)."""
    first = start or timezone.now().astimezone(person.zone).date()
    lamp = lamp or make_lamp(person, by)
    intake, _ = append(Intake(person=person, document={"person": {"age_years": 52}}), by=by, action="intake")
    screening = ScreeningRow(
        person=person, intake=intake, lamp=lamp, case={}, result={"verdict": "allowed"}, package_version="0",
        facts_digest="0" * 64,
    )  # fmt: skip
    append(screening, by=by, action="screening")
    plan = PlanRow(
        person=person, screening=screening, lamp=lamp, version=version, document=plan_document(first, **changes),
        seed=1, package_version="0", facts_digest="0" * 64,
    )  # fmt: skip
    append(plan, by=by, action="plan_made")
    signed = PlanRelease(person=person, plan=plan, statement="Released", signed_name=by.shown_name())
    append(signed, by=by, action="plan_released")
    return PlanRow.objects.select_related("lamp", "person").get(pk=plan.pk)


def write(plan: PlanRow, day: dt.date, *, by: Any = None, looked: bool = True, **changes: Any) -> list[Any]:
    """Write down a session of both calves as planned, the skin looked at right after and a day later."""
    rows = []
    for site, side in changes.pop("places", (LEFT, RIGHT)):
        values = {
            "person": plan.person,
            "plan": plan,
            "lamp": plan.lamp,
            "date": day,
            "time": EVENING,
            "site": site,
            "side": side,
            "minutes": 15.0,
            "distance_mm": 150.0,
            "status": "done",
            "skin_reaction": "none",
            "by": by or plan.person.user,
            # Tests write whole evenings at any hour of the day.
            "confirmed": True,
        }
        row, _ = record_session(**(values | changes))
        if looked and row.status != "missed":
            record_skin_check(record=row, moment="24h", reaction="none", by=by or account_of(plan.person))
        rows.append(row)
    return rows
