"""A screened and planned person for the tests of screening and plans."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from care.conftest import House
from care.db_snapshot import once
from cases import SOUND, changed

from openpbm.care.audit import ledger
from openpbm.care.devices.actions import add_lamp
from openpbm.care.devices.models import Lamp
from openpbm.care.jobs.models import Job
from openpbm.care.people.models import Consent, Intake, Person
from openpbm.care.plans.actions import order_plan
from openpbm.care.plans.make_plan_job import make_plan_job
from openpbm.care.plans.models import PlanRow
from openpbm.care.screening.actions import screen_person
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.session_lamps import ChosenLamp
from openpbm.case import Placement

CALF = {"site": "posterior_calf", "side": "both", "target": "gastrocnemius"}
START = dt.date(2026, 12, 1)
# The lamp of the sound case: strong enough to reach the calf, safe for the eye.
LAMP = SOUND["device"] | {"name": "Tall lamp", "kind": "panel", "default_distance_mm": 150}


def answer(person: Person, by: Any, before: Any = None, **changes: Any) -> Intake:
    """Answers as the sound case has them, with changes by dotted path."""
    case = changed(**changes)
    document = {"person": case["person"], "condition": case["condition"]}
    row = Intake(person=person, document=document, supersedes=before)
    return ledger.append(row, by=by, action="intake", person_id=person.pk)[0]


def lamp_of(house: House, document: Any = None, **said: Any) -> Lamp:
    whose = {"clinic": house.clinic, "by": house.clinician} | said
    return add_lamp(name="Tall lamp", passport={"document": document or LAMP}, **whose)


def screened(
    person: Person, lamp: Lamp, by: Any, *, beside: Sequence[ChosenLamp] = (), placement: Placement | None = None,
    distance_mm: float | None = 150.0, **said: Any,
) -> ScreeningRow:  # fmt: skip
    """With one lamp at a distance or in a placement, and with those beside it."""
    asked: dict[str, Any] = {"sites": [CALF], "start_date": START}
    first = ChosenLamp(lamp=lamp, placement=placement or Placement(distance_mm=distance_mm))
    return screen_person(person=person, lamps=[first, *beside], by=by, **(asked | said))


def planned(screening: Any, by: Any, overrides: Any = None) -> PlanRow:
    """The plan of a screening, made at once instead of by the worker."""
    steps = []
    job = order_plan(screening=screening, by=by, overrides=overrides)
    found = make_plan_job(job, lambda done, total: steps.append((done, total)))
    assert steps[-1][0] == steps[-1][1] > 0
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE)
    return PlanRow.objects.get(pk=found["plan"])


def first_plan(house: House) -> PlanRow:
    """alice's plan, on sound answers and the clinic's lamp."""
    return once(("first plan", house.alice.pk), lambda: _first_plan(house))


def _first_plan(house: House) -> PlanRow:
    answer(house.alice, house.clinician)
    return planned(screened(house.alice, lamp_of(house), house.clinician), house.clinician)


def agree(person: Person) -> None:
    for purpose in (Consent.Purpose.LIGHT, Consent.Purpose.CAPABLE, Consent.Purpose.RECORD):
        row = Consent(person=person, purpose=purpose, version="1", text_digest="0" * 64, given=True)
        ledger.append(row, by=person.user, action="consent_given", person_id=person.pk)
