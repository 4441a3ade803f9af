"""Light under a hold: which hold a session brought about itself, and which it fell under."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House
from care.sessions.session_factories import LEFT, RIGHT, release
from django.utils import timezone

from openpbm.care.audit.ledger import append
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import Hold, PlanRow
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.record_findings import light_while_held


@pytest.fixture
def plan(house: House) -> PlanRow:
    return release(house.alice, house.clinician)


@pytest.fixture
def tomorrow(house: House) -> Any:
    """A day that lies after every hold made now, whatever the clock says."""
    return house.alice.today() + dt.timedelta(days=1)


def light(plan: Any, day: dt.date, clock: Any, place: Any = LEFT, **more: Any) -> SessionRecord:
    site, side = place
    return SessionRecord(
        person=plan.person,
        plan=plan,
        lamp=plan.lamp,
        date=day,
        time=clock,
        site=site,
        side=side,
        minutes=15.0,
        distance_mm=150.0,
        status="done",
        pauses=[],
        **more,
    )


def kept(row: Any, house: House) -> Any:
    return append(row, by=house.alice.user, action="session_record", person_id=house.alice.pk)[0]


def severities(row: Any) -> list[Any]:
    return [one.level for one in light_while_held(row, timezone.now())]


def blister(house: House, about: Any) -> Hold:
    return hold(person=house.alice, cause="skin", message="A blister.", by=house.clinician, about=about)


def test_what_the_morning_brought_about_marks_the_evening_and_not_the_morning(
    house: House, plan: PlanRow, tomorrow: Any
) -> None:
    morning = kept(light(plan, tomorrow, dt.time(7, 0)), house)
    blister(house, morning)
    assert severities(light(plan, tomorrow, dt.time(7, 15), RIGHT)) == []
    assert severities(light(plan, tomorrow, dt.time(20, 0), RIGHT)) == ["stop"]


def test_a_start_of_another_day_does_not_move_the_light_out_of_the_hold(
    house: House, plan: PlanRow, tomorrow: Any
) -> None:
    start = SessionStart(person=house.alice, plan=plan, lamp=plan.lamp, started_at=timezone.now(), positions=[])
    start.started_at -= dt.timedelta(days=3)
    hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    assert severities(light(plan, tomorrow, dt.time(20, 0), start=start)) == ["stop"]


def test_correcting_twice_meets_no_hold_of_its_own(house: House, plan: PlanRow, tomorrow: Any) -> None:
    first = kept(light(plan, tomorrow, dt.time(7, 0)), house)
    blister(house, first)
    second = kept(light(plan, tomorrow, dt.time(7, 0), supersedes=first), house)
    assert severities(light(plan, tomorrow, dt.time(7, 0), supersedes=second)) == []
    assert severities(light(plan, tomorrow, dt.time(7, 20), RIGHT)) == []
