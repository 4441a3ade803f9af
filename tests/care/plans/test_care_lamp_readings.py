"""A later reading that does not fit a running plan holds its sessions: it went on silently at a tenth of its light."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House
from care.plans.planned_people import answer, first_plan, planned, screened

from openpbm.care.devices.actions import record_measurement
from openpbm.care.devices.models import Measurement
from openpbm.care.devices.passport import lamp_of
from openpbm.care.devices.reading import claimed_at
from openpbm.care.devices.selectors import passport_of
from openpbm.care.people.selectors import latest_intake
from openpbm.care.plans.actions import release_plan
from openpbm.care.plans.hold_causes import cause_of
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import open_holds


def running(house: House) -> PlanRow:
    """alice's course, planned on the claim of the clinic's lamp."""
    plan = first_plan(house)
    release_plan(plan=plan, statement="Go", by=house.clinician)
    return plan


def read(house: House, plan: PlanRow, share: float, **changes: Any) -> Measurement:
    distance_mm = changes.pop("distance_mm", 150.0)
    claimed = claimed_at(lamp_of(passport_of(plan.lamp).document), None, distance_mm)
    assert claimed is not None
    today = house.alice.today()
    said: dict[str, Any] = {
        "by": house.clinician, "measured_on": today, "wavelength_nm": None, "uncertainty_percent": 8.0,
        "irradiance_mw_cm2": share * claimed, "distance_mm": distance_mm, "meter": "Thermopile 12",
        "meter_calibrated_on": today - dt.timedelta(days=90),
    }  # fmt: skip
    return record_measurement(lamp=plan.lamp, **(said | changes))[0]


@pytest.mark.parametrize(
    ("share", "changes", "held"),
    [
        (0.1, {}, True),
        (0.45, {}, True),
        # Signed it counts, and the dose is all the same no longer the planned one.
        (0.3, {"signed": True}, True),
        (1.4, {}, True),
        (3.0, {}, True),
        # Nearer than the plan's distance no start of a session could compare it.
        (3.0, {"distance_mm": 100.0}, True),
        (0.9, {}, False),
        (1.1, {"distance_mm": 300.0}, False),
    ],
)
def test_a_reading_that_does_not_fit_the_plan_holds_the_course(
    house: House, share: float, changes: dict[str, Any], held: bool
) -> None:
    plan = running(house)
    reading = read(house, plan, share, **changes)
    holds = open_holds(house.alice)
    assert bool(holds) is held
    if held:
        assert f"{100 * share:.0f} %" in holds[0].message
        cause = cause_of(holds[0])
        assert cause is not None
        assert any(f"{reading.distance_mm / 10:g} cm" in text for _, text in cause.facts)


def test_a_correction_settles_the_hold_and_a_wrong_one_holds_again(house: House) -> None:
    plan = running(house)
    slip = read(house, plan, 0.1)
    assert len(open_holds(house.alice)) == 1
    worse = read(house, plan, 9.0, supersedes=slip)
    assert [hold.about_id for hold in open_holds(house.alice)] == [str(worse.pk)]
    read(house, plan, 1.0, supersedes=worse)
    assert open_holds(house.alice) == []


def test_a_new_plan_with_the_reading_settles_the_hold(house: House) -> None:
    plan = running(house)
    read(house, plan, 0.7, measured_on=house.alice.today() - dt.timedelta(days=1))
    read(house, plan, 0.45, signed=True)
    assert len(open_holds(house.alice)) == 1
    answer(house.alice, house.clinician, before=latest_intake(house.alice))
    again = planned(screened(house.alice, plan.lamp, house.clinician), house.clinician)
    release_plan(plan=again, statement="Go on with less", by=house.clinician)
    assert open_holds(house.alice) == []
    # The plan rests on the reading now, so less of a change matters.
    read(house, again, 0.62, signed=True)
    assert len(open_holds(house.alice)) == 1
