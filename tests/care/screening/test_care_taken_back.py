"""Somebody on their own was refused, answered again otherwise and was allowed within a second."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer, lamp_of, screened
from cases import changed
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.people.actions import record_intake
from openpbm.care.people.changed_answers import changed_answers
from openpbm.care.people.models import Intake, Person
from openpbm.care.plans.actions import order_plan
from openpbm.care.screening.models import ScreeningRow
from openpbm.errors import BadInput

WHY = "The doctor says it was another spot"


def document(**changes: Any) -> dict[str, Any]:
    case = changed(**changes)
    return {"person": case["person"], "condition": case["condition"]}


def answered(person: Person, reason: str = "", **changes: Any) -> Intake:
    return record_intake(person=person, document=document(**changes), reason=reason, by=account_of(person))[0]


REFUSED: tuple[dict[str, Any], ...] = (
    {"person__findings__malignancy_in_field": True},
    {"person__medications": ["verteporfin"]},
    {"person__sex": "female", "person__pregnant": True},
    {"person__findings__thyroid_in_field": True},
)


def refused_first(house: House, spoke_against: dict[str, Any]) -> tuple[Any, ScreeningRow]:
    carol = house.carol
    lamp = lamp_of(house, clinic=None, owner=carol.user, by=carol.user)
    answered(carol, **spoke_against)
    row = screened(carol, lamp, carol.user)
    assert row.verdict != "allowed"
    return lamp, row


@pytest.mark.parametrize("spoke_against", REFUSED, ids=lambda case: next(iter(case)).rsplit("__", 1)[-1])
def test_a_refusal_is_taken_back_with_a_reason_and_a_day_later(house: House, spoke_against: dict[str, Any]) -> None:
    carol = house.carol
    now = clock.now()
    sound = {"person__sex": "female", "person__pregnant": False} if "person__pregnant" in spoke_against else {}
    with clock.told_by(lambda: now):
        lamp, _ = refused_first(house, spoke_against)
        for bare in ("", "ok", "it is fine now"):
            with pytest.raises(BadInput, match="you had answered"):
                answered(carol, bare, **sound)
        answered(carol, WHY, **sound)
        row = screened(carol, lamp, carol.user)
        assert row.verdict == "needs_clinician"
        (waits,) = row.reasons
        assert waits.rule == "answers_taken_back"
        assert WHY in waits.message
        assert "count from" in waits.remedy
        with pytest.raises(BadInput, match="clinician"):
            order_plan(screening=row, by=account_of(carol), overrides=None)
        # Neither another lamp's distance nor a word more in the answers makes the wait shorter or longer.
        assert screened(carol, lamp, carol.user, distance_mm=200.0).verdict == "needs_clinician"
    later = now + dt.timedelta(hours=23)
    with clock.told_by(lambda: later):
        answered(carol, "", **sound | {"person__weight_kg": 71})
        assert screened(carol, lamp, carol.user).verdict == "needs_clinician"
    after = now + dt.timedelta(hours=24, seconds=1)
    with clock.told_by(lambda: after):
        row = screened(carol, lamp, carol.user)
        assert row.verdict == "allowed"
        # What was said before still stands in front.
        assert WHY in next(one.message for one in row.cautions if one.rule == "answers_taken_back")


def test_an_answer_that_was_missing_and_one_that_decides_nothing_wait_for_nothing(house: House) -> None:
    carol = house.carol
    lamp = lamp_of(house, clinic=None, owner=carol.user, by=carol.user)
    answered(carol, person__findings__malignancy_in_field="unknown")
    assert screened(carol, lamp, carol.user).verdict == "ask"
    answered(carol)
    assert screened(carol, lamp, carol.user).verdict == "allowed"
    answered(carol, person__age_years=53)
    row = screened(carol, lamp, carol.user)
    assert row.verdict == "allowed"
    assert "answers_taken_back" not in {one.rule for one in row.cautions}


def test_beside_a_clinic_a_clinician_asks(house: House) -> None:
    lamp = lamp_of(house)
    first = answer(house.alice, house.clinician, person__findings__malignancy_in_field=True)
    assert screened(house.alice, lamp, house.clinician).verdict == "refused"
    answer(house.alice, house.clinician, before=first)
    assert screened(house.alice, lamp, house.clinician).verdict == "allowed"


def test_over_the_api_a_reason_is_asked_as_well(house: House) -> None:
    carol = house.carol
    refused_first(house, REFUSED[0])
    client, where = signed_in(account_of(carol)), f"/api/people/{carol.pk}/intakes"
    body = {"id": "5f5e7f8e-3d0c-4e9b-9c3a-6f1d2f0a7c11", "document": document(), "reason": "ok"}
    told = client.post(where, body, content_type="application/json")
    assert told.status_code == 400
    assert "you had answered" in told.json()["problems"][0]["message"]
    assert client.post(where, body | {"reason": WHY}, content_type="application/json").status_code == 201


def test_the_page_that_records_shows_what_was_answered_before(house: House) -> None:
    carol = house.carol
    refused_first(house, REFUSED[1])
    client = signed_in(account_of(carol))
    step, check = (reverse("people:intake_step", args=[carol.pk, one]) for one in ("medicines", "check"))
    assert client.post(step, {"none_taken": "on"}).status_code == 302
    page = client.get(check).content.decode()
    assert "What you answered before" in page
    assert "verteporfin; now none" in page
    refused = client.post(check, {"reason": "ok"})
    assert refused.status_code == 400
    assert "what has changed since" in refused.content.decode()
    assert client.post(check, {"reason": "It was given for one eye, years ago"}).status_code == 302


def test_what_counts_as_a_change() -> None:
    before = {"person": {"findings": {"a": True, "b": False, "c": "unknown"}, "medications": ["x"]}}
    now = {"person": {"findings": {"a": False, "c": False}, "medications": ["x", "y"]}}
    assert [(one.path[-1], one.was, one.says) for one in changed_answers(before, now)] == [
        ("a", "yes", "no"), ("b", "no", "no answer"),
    ]  # fmt: skip
