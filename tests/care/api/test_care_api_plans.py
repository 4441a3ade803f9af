"""A plan that nobody let a person have is not read past the pages either."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, signed_in
from present import present

from openpbm.care.audit.ledger import append
from openpbm.care.devices.models import Lamp
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.models import PlanRelease, PlanRow
from openpbm.care.screening.models import ScreeningRow


def plan_of(person: Person, by: Any, version: Any, verdict: Any) -> PlanRow:
    lamp = Lamp.objects.create(name=f"Lamp {version}", clinic=person.clinic)
    intake, _ = append(Intake(person=person, document={"person": {"age_years": 52}}), by=by, action="intake")
    fixed = {"person": person, "lamp": lamp, "package_version": "0", "facts_digest": "0" * 64}
    screening = ScreeningRow(intake=intake, case={}, result={"verdict": verdict}, **fixed)
    append(screening, by=by, action="screening")
    document = {"verdict": verdict, "schedule": {"minutes": 15}}
    row = PlanRow(screening=screening, version=version, document=document, seed=1, **fixed)
    return append(row, by=by, action="plan_made")[0]


def versions(user: Any, person: Person) -> set[Any]:
    answer = signed_in(user).get(f"/api/people/{person.pk}/plans")
    assert answer.status_code == 200
    return {row["content"]["version"] for row in answer.json()}


@pytest.fixture
def plans(house: House) -> None:
    """Released, allowed and not released, refused; for alice of the clinic and for carol on her own."""
    for person, by in ((house.alice, house.clinician), (house.carol, house.carol.user)):
        first, *_ = (plan_of(person, by, number, verdict) for number, verdict in enumerate(VERDICTS, start=1))
        signed = PlanRelease(person=person, plan=first, statement="Released", signed_name=present(by).shown_name())
        append(signed, by=by, action="plan_released")


VERDICTS = ("allowed", "allowed", "refused")


def test_the_clinic_reads_every_version_and_the_person_and_helper_the_released_one(house: House, plans: None) -> None:
    assert versions(house.clinician, house.alice) == {1, 2, 3}
    assert versions(house.alice.user, house.alice) == {1}
    assert versions(house.helper, house.alice) == {1}


def test_without_a_clinic_a_plan_that_is_not_allowed_is_not_read(house: House, plans: None) -> None:
    assert versions(house.carol.user, house.carol) == {1, 2}
