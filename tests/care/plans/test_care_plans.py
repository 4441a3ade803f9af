"""A plan is made by the worker, kept as it is, released by the right hand on the newest screening, and held."""

from __future__ import annotations

import sys
from typing import Any

import pytest
from care.conftest import House, account_of
from care.plans.planned_people import LAMP, agree, answer, first_plan, lamp_of, planned, screened
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from present import present

from openpbm.care.audit import ledger
from openpbm.care.jobs.models import Job
from openpbm.care.people.models import Consent, Identity
from openpbm.care.plans.actions import hold, hold_on_withdrawal, lift_hold, order_plan, release_plan
from openpbm.care.plans.make_plan_job import make_plan_job
from openpbm.care.plans.models import Hold, HoldLift, PlanRelease, PlanRow
from openpbm.care.plans.selectors import newest_plan, open_holds, released_plan
from openpbm.errors import BadInput


@pytest.fixture
def plan(house: House) -> PlanRow:
    return first_plan(house)


def test_the_worker_makes_a_plan_and_keeps_it_once(house: House, plan: PlanRow) -> None:
    assert plan.verdict == "allowed"
    assert plan.version == 1
    assert plan.followed.session_minutes > 0
    job = Job.objects.get()
    again = make_plan_job(job, lambda done, total: None)
    assert again["plan"] == str(plan.pk)
    assert again["href"] == f"/people/{house.alice.pk}/plans/{plan.pk}/"
    assert PlanRow.objects.count() == 1


def test_what_was_asked_is_planned_as_a_new_version(house: House, plan: PlanRow) -> None:
    second = planned(plan.screening, house.clinician, overrides={"minutes": 8.0, "weeks": 4})
    assert second.document["overrides"] == {"minutes": 8.0, "sessions_per_week": None, "weeks": 4}
    assert second.document["session_minutes"] == 8.0
    assert (second.version, second.supersedes) == (2, plan)
    assert newest_plan(house.alice) == second


@pytest.mark.parametrize("overrides", [{"minutes": -1}, {"minutes": 1e308}, {"weeks": 2.5}, {"dose": 4}])
def test_what_no_clock_can_hold_is_refused_before_a_job_is_made(
    house: House, plan: PlanRow, overrides: dict[str, Any]
) -> None:
    with pytest.raises(BadInput, match="overrides"):
        order_plan(screening=plan.screening, by=house.clinician, overrides=overrides)
    assert Job.objects.count() == 1


def test_a_clinician_releases_and_a_later_release_takes_its_place(house: House, plan: PlanRow) -> None:
    assert released_plan(house.alice) is None
    release_plan(plan=plan, statement="As discussed", by=house.clinician)
    assert released_plan(house.alice) == plan
    second = planned(plan.screening, house.clinician, overrides={"weeks": 4})
    assert released_plan(house.alice) == plan
    release_plan(plan=second, statement="Shorter", by=house.clinician)
    assert released_plan(house.alice) == second
    with pytest.raises(BadInput, match="released already"):
        release_plan(plan=plan, statement="Back", by=house.clinician)


def test_only_the_clinic_releases_for_its_patient(house: House, plan: PlanRow) -> None:
    for who in (house.alice.user, house.helper, house.other_clinician, house.admin, house.auditor):
        with pytest.raises(PermissionDenied):
            release_plan(plan=plan, statement="I do", by=present(who))
    assert not PlanRelease.objects.exists()


def test_a_plan_that_is_not_allowed_is_not_released(house: House) -> None:
    answer(house.alice, house.clinician)
    refused = planned(
        screened(house.alice, lamp_of(house), house.clinician), house.clinician, overrides={"minutes": 900}
    )
    assert refused.verdict == "refused"
    with pytest.raises(BadInput, match="only an allowed plan"):
        release_plan(plan=refused, statement="Go", by=house.clinician)


def test_newer_answers_and_newer_readings_end_a_plan_before_its_release(house: House, plan: PlanRow) -> None:
    from openpbm.care.devices.actions import record_measurement
    from openpbm.care.people.selectors import latest_intake

    today = house.alice.today()
    record_measurement(
        lamp=plan.lamp, by=house.clinician, measured_on=today, wavelength_nm=850.0, irradiance_mw_cm2=20.0,
        distance_mm=150.0, uncertainty_percent=5.0, meter="M1", meter_calibrated_on=today,
    )  # fmt: skip
    with pytest.raises(BadInput, match="changed since"):
        release_plan(plan=plan, statement="Go", by=house.clinician)
    answer(house.alice, house.clinician, before=latest_intake(house.alice))
    with pytest.raises(BadInput, match="answers: newer ones"):
        release_plan(plan=plan, statement="Go", by=house.clinician)


def test_a_plan_of_another_version_is_not_released(
    house: House, plan: PlanRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules["openpbm.planning.stale"], "__version__", "99.0")
    with pytest.raises(BadInput, match="make the plan again"):
        release_plan(plan=plan, statement="Go", by=house.clinician)


def test_somebody_alone_signs_after_consent_with_an_eye_safe_lamp(house: House) -> None:
    carol = house.carol
    answer(carol, carol.user)
    lamp = lamp_of(house, clinic=None, owner=carol.user, by=carol.user)
    own = planned(screened(carol, lamp, carol.user), carol.user)
    with pytest.raises(BadInput, match="capability check"):
        release_plan(plan=own, statement="I do this on my own", by=account_of(carol))
    agree(carol)
    assert release_plan(plan=own, statement="I do this on my own", by=account_of(carol)).plan == own


def test_somebody_alone_gets_no_plan_from_a_lamp_that_is_not_eye_safe(house: House) -> None:
    carol = house.carol
    answer(carol, carol.user)
    strong = LAMP | {"emitters": [LAMP["emitters"][0] | {"power_mw": 2000, "rows": 1, "columns": 1}]}
    lamp = lamp_of(house, document=strong, clinic=None, owner=carol.user, by=carol.user)
    screening = screened(carol, lamp, carol.user, distance_mm=50.0)
    with pytest.raises(BadInput, match="clinician"):
        order_plan(screening=screening, by=account_of(carol), overrides=None)
    assert not Job.objects.exists()


def test_a_hold_stays_until_it_is_lifted_by_signature(house: House, plan: PlanRow) -> None:
    first = hold(person=house.alice, cause="adverse_event", message="Blister", by=house.alice.user, about=plan)
    assert hold(person=house.alice, cause="adverse_event", message="Blister", by=None, about=plan) == first
    assert open_holds(house.alice) == [first]
    with pytest.raises(PermissionDenied):
        lift_hold(hold=first, reason="Healed, seen today", by=account_of(house.alice))
    with pytest.raises(BadInput, match="reason"):
        lift_hold(hold=first, reason="", by=house.clinician)
    lift_hold(hold=first, reason="Healed, seen today", by=house.clinician)
    lift_hold(hold=first, reason="Healed, seen today", by=house.clinician)
    assert HoldLift.objects.count() == 1
    assert open_holds(house.alice) == []


def test_somebody_alone_lifts_a_hold_only_with_who_agreed_whoever_asks_for_it(house: House) -> None:
    held = hold(person=house.carol, cause="adverse_event", message="Blister", by=house.carol.user)
    asked: dict[str, Any] = {"hold": held, "reason": "The blister has healed", "by": account_of(house.carol)}
    doctor = "Dr Example, family doctor"
    for named, at, said in (
        ("", "030 555 0142", "agreed_by"),
        ("  ", "030 555 0142", "agreed_by"),
        ("Dr. Nobody", "030 555 0142", "names no other person"),
        ("Carol MarkerCarol", "030 555 0142", "names no other person"),
        ("myself, nurse", "030 555 0142", "names no other person"),
        (doctor, "", "contact"),
        (doctor, "in town", "no telephone number"),
        (doctor, "000000", "no telephone number"),
    ):
        with pytest.raises(BadInput, match=said):
            lift_hold(**asked, agreed_by=named, contact=at)
    assert open_holds(house.carol) == [held]
    lift = lift_hold(**asked, agreed_by=doctor, contact="Practice, 030 555 0142")
    assert (lift.reason, lift.agreed_by) == ("The blister has healed", doctor)
    assert lift.contact() == "Practice, 030 555 0142"
    assert b"0142" not in bytes(lift.sealed_contact)
    assert open_holds(house.carol) == []


def test_the_contact_of_who_agreed_is_not_the_persons_own(house: House) -> None:
    carol = house.carol
    carol.set_identity(Identity(name="Carol Marker", email="carol@example.org", phone="+49 30 5550199"))
    carol.save()
    held = hold(person=carol, cause="adverse_event", message="Blister", by=carol.user)
    for own in ("030 5550199", "carol@example.org"):
        with pytest.raises(BadInput, match="is your own"):
            lift_hold(
                hold=held, reason="The blister has healed", by=account_of(carol), agreed_by="Dr Example, nurse",
                contact=own,
            )  # fmt: skip


def test_a_withdrawn_consent_holds_until_it_is_given_again(house: House) -> None:
    agree(house.carol)
    withdrawn = Consent(
        person=house.carol, purpose=Consent.Purpose.LIGHT, version="1", text_digest="0" * 64, given=False
    )
    ledger.append(withdrawn, by=house.carol.user, action="consent_withdrawn")
    hold_on_withdrawal(Consent, person=house.carol, consent=withdrawn, by=account_of(house.carol))
    held = Hold.objects.get()
    with pytest.raises(BadInput, match="not given again"):
        lift_hold(hold=held, reason="Read again, I take part", by=account_of(house.carol))
    agree(house.carol)
    lift_hold(hold=held, reason="Read again, I take part", by=account_of(house.carol))
    assert open_holds(house.carol) == []


def test_a_plan_is_never_edited(plan: PlanRow) -> None:
    plan.version = 7
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        plan.save()


def test_a_reason_is_signed_whole_or_not_at_all(house: House) -> None:
    held = hold(person=house.carol, cause="finding", message="Wait.", by=None)
    with pytest.raises(BadInput, match="reason: 419 characters, at most 400"):
        lift_hold(hold=held, reason="seen again " * 38 + "x", by=account_of(house.carol))
    assert not HoldLift.objects.exists()
