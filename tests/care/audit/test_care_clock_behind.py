"""A clock set back an hour once hid a refusal, a withdrawal and a newer plan: what is newest is told by the audit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, agree, release
from django.db import transaction
from django.urls import reverse

from openpbm.care import clock
from openpbm.care.audit.ledger import ClockBehind, append
from openpbm.care.audit.models import AuditEntry, ChainHead
from openpbm.care.people.models import Consent, Intake, Person
from openpbm.care.people.selectors import consent_holds, consents_now, latest_intake
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.plans.selectors import released_plan
from openpbm.care.screening.models import ScreeningRow
from openpbm.care.screening.selectors import newest_screening
from openpbm.care.sessions.actions import StartRefused, start_session

NOON = dt.datetime(2027, 3, 1, 12, tzinfo=dt.UTC)
BACK = [dt.timedelta(hours=1), dt.timedelta(seconds=5), dt.timedelta(hours=7)]


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    """It is noon all the while: no two rows are told apart by their moments."""
    with clock.told_by(lambda: NOON):
        yield


@pytest.fixture
def plan(house: House) -> PlanRow:
    agree(house.alice)
    return release(house.alice, house.clinician, start=NOON.date())


def told(moment: dt.datetime) -> Any:
    return clock.told_by(lambda: moment)


def an_hour_ago(act: Callable[[], Any]) -> Any:
    """Done now, with the clock of an hour ago: as on a server that took it before anybody looked at the clock."""
    ChainHead.objects.update(at=None)
    with told(NOON - dt.timedelta(hours=1)):
        return act()


def begin(plan: PlanRow) -> Any:
    return start_session(person=plan.person, places=[LEFT], started_at=clock.now(), by=account_of(plan.person))


def stops(plan: PlanRow) -> set[str]:
    ChainHead.objects.update(at=None)
    with pytest.raises(StartRefused) as caught:
        begin(plan)
    return {check.rule for check in caught.value.checks if check.stops}


def refuse(plan: PlanRow) -> ScreeningRow:
    row = ScreeningRow(
        person=plan.person, intake=plan.screening.intake, lamp=plan.lamp, case={}, result={"verdict": "refused"},
        package_version="0", facts_digest="0" * 64,
    )  # fmt: skip
    return append(row, by=None, action="screening", person_id=plan.person.pk)[0]


def test_a_refusal_is_seen_whatever_the_clock_said(plan: PlanRow) -> None:
    row = an_hour_ago(lambda: refuse(plan))
    assert newest_screening(plan.person) == row
    assert "verdict" in stops(plan)


def test_a_withdrawal_is_seen_whatever_the_clock_said(plan: PlanRow) -> None:
    an_hour_ago(lambda: agree(plan.person, given=False))
    assert not consent_holds(plan.person, Consent.Purpose.LIGHT)
    assert not consents_now(plan.person)[Consent.Purpose.LIGHT, ""].given
    assert "consent" in stops(plan)


def test_a_newer_plan_and_newer_answers_are_seen_whatever_the_clock_said(house: House, plan: PlanRow) -> None:
    newer = an_hour_ago(lambda: release(house.alice, house.clinician, lamp=plan.lamp, version=2, start=NOON.date()))
    assert released_plan(house.alice) == newer
    answers = Intake(person=house.alice, document={"person": {"age_years": 53}})
    row, _ = an_hour_ago(lambda: append(answers, by=house.clinician, action="intake", person_id=house.alice.pk))
    assert latest_intake(house.alice) == row
    assert "answers_screened" in stops(newer)


@pytest.mark.parametrize("back", BACK)
def test_nothing_is_written_while_the_clock_lies_before_the_last_entry(plan: PlanRow, back: dt.timedelta) -> None:
    entries = AuditEntry.objects.count()
    with told(NOON - back):
        with pytest.raises(ClockBehind, match="Nothing is written"), transaction.atomic():
            begin(plan)
        with pytest.raises(ClockBehind), transaction.atomic():
            agree(plan.person, given=False)
        with pytest.raises(ClockBehind), transaction.atomic():
            hold(person=plan.person, cause="question", message="Wait.", by=account_of(plan.person))
    assert AuditEntry.objects.count() == entries
    assert begin(plan)


def page(name: str, person: Person) -> str:
    return reverse(name, kwargs={"person_id": person.pk})


def test_pages_and_api_say_why_and_the_watchdog_sees_it(house: House, plan: PlanRow) -> None:
    client = signed_in(account_of(house.alice))
    sent = {"id": "00000000-0000-4000-8000-000000000001", "ready": "on", "begin": "1"}
    with told(NOON - dt.timedelta(hours=1)):
        answer = client.post(page("sessions:guide", house.alice), sent)
        assert answer.status_code == 503
        assert "Nothing is written until the clock is right" in answer.content.decode()
        body = {"id": sent["id"], "date": "2026-01-02", "kind": "other", "name": "Tea", "action": "start"}
        answer = client.post(f"/api/people/{house.alice.pk}/changes", body, content_type="application/json")
        assert (answer.status_code, "last entry" in answer.json()["detail"][0]) == (503, True)
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["clock"]) == (503, "lies before the last entry")
    assert client.get("/healthz").json()["clock"] == "runs"
