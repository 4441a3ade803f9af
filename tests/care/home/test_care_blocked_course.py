"""What stops a course is seen, and what is only tried out stops none: once a what-if blocked a course unseen."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.home.people_on_course import CALF, a_lamp, answered, on_course
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.audit.ledger import append
from openpbm.care.devices.models import Lamp
from openpbm.care.people.actions import record_change
from openpbm.care.people.models import Consent, Intake, Person
from openpbm.care.plans.models import PlanRow
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.sessions.actions import StartRefused, start_session


@pytest.fixture
def plan(house: House) -> PlanRow:
    return on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), house.alice.today())


def tried_out(
    plan: PlanRow, *, lamp: Lamp | None = None, site: str = CALF[0], distance_mm: float | None = None,
    intake: Intake | None = None, verdict: str = "refused",
) -> ScreeningRow:  # fmt: skip
    row = ScreeningRow(person=plan.person, intake=intake or plan.screening.intake, lamp=lamp or plan.lamp)
    row.case = {"sites": [{"site": site, "side": CALF[1]}], "placement": {"distance_mm": distance_mm}}
    row.result = {"verdict": verdict, "reasons": [], "cautions": []}
    row.package_version, row.facts_digest = "0", "0" * 64
    row.set_setup()
    return append(row, by=None, action="screening", person_id=plan.person.pk)[0]


@pytest.fixture
def course(plan: PlanRow) -> PlanRow:
    """On a screening of that lamp and place, as the pages make it."""
    tried_out(plan, verdict="allowed")
    newest = plan.person.screenings.latest("audit_number")
    document = plan.document
    later = PlanRow(person=plan.person, screening=newest, lamp=plan.lamp, version=2, document=document, seed=1)
    append(later, by=None, action="plan_made", person_id=plan.person.pk)
    from openpbm.care.plans.models import PlanRelease

    signed = PlanRelease(person=plan.person, plan=later, statement="Released", signed_name="Dr. Test")
    append(signed, by=None, action="plan_released", person_id=plan.person.pk)
    return PlanRow.objects.select_related("lamp", "person", "screening").get(pk=later.pk)


def stops(person: Person) -> set[str]:
    try:
        start_session(person=person, started_at=clock.now(), by=account_of(person))
    except StartRefused as error:
        return {check.rule for check in error.checks if check.stops}
    return set()


def today(house: House) -> str:
    answer = signed_in(account_of(house.alice)).get(reverse("home:today", args=[house.alice.pk]))
    return answer.content.decode()


def worklist(house: House) -> str:
    return signed_in(house.clinician).get(reverse("home:worklist")).content.decode()


@pytest.mark.parametrize("verdict", ["refused", "ask", "needs_clinician"])
@pytest.mark.parametrize("what", ["lamp", "site", "distance_mm"])
def test_what_a_clinician_only_tries_out_touches_nothing(
    house: House, course: PlanRow, what: str, verdict: str
) -> None:
    others: dict[str, Any] = {"lamp": a_lamp(house.clinic, house.clinician), "site": "face", "distance_mm": 10.0}
    tried_out(course, **{what: others[what]}, verdict=verdict)
    assert "No session begins" not in today(house)
    assert "Begin" in today(house)
    assert "No session begins" not in worklist(house)
    assert stops(house.alice) == set()


def test_the_same_setup_refused_stops_and_is_seen(house: House, course: PlanRow) -> None:
    tried_out(course)
    assert "verdict" in stops(house.alice)
    page = today(house)
    assert "No session begins until this is settled" in page
    assert "A newer screening says no to light" in page
    assert "Your next session" not in page
    assert "No session begins: a newer screening says no to light" in worklist(house)


def test_newer_answers_count_whatever_the_setup(house: House, course: PlanRow) -> None:
    newer = answered(house.alice, house.clinician, before=course.screening.intake)
    assert "No session begins: answers are newer than the screening" in worklist(house)
    tried_out(course, lamp=a_lamp(house.clinic, house.clinician), intake=newer)
    assert {"verdict", "answers_screened"} <= stops(house.alice)
    assert "No session begins: a newer screening says no to light" in worklist(house)


def test_a_warning_sign_counts_whatever_the_setup(house: House, course: PlanRow) -> None:
    tried_out(course, site="face", verdict="refer")
    assert "verdict" in stops(house.alice)
    assert "No session begins until this is settled" in today(house)
    assert "A referral is due" in worklist(house)


def test_a_new_medicine_is_seen(house: House, course: PlanRow) -> None:
    record_change(
        person=house.alice, date=house.alice.today(), kind="medicine", name="tretinoin", action="increase", dose="2 mg",
        by=account_of(house.alice),
    )  # fmt: skip
    assert "medicines_screened" in stops(house.alice)
    assert "New since the screening: tretinoin" in today(house)
    assert "No session begins: tretinoin is newer than the screening" in worklist(house)


def test_a_lamp_put_away_and_an_agreement_never_given_are_seen(house: House, course: PlanRow) -> None:
    Lamp.objects.filter(pk=course.lamp_id).update(retired_at=clock.now())
    assert "This lamp was taken out of use" in today(house)
    assert "No session begins: the lamp was taken out of use" in worklist(house)


def test_who_never_agreed_is_seen(house: House) -> None:
    from care.sessions.session_factories import release

    release(house.alice, house.clinician)
    assert not Consent.objects.filter(person=house.alice).exists()
    assert "is not on record yet" in today(house)
    assert "No session begins: agreement to light is not on record" in worklist(house)
