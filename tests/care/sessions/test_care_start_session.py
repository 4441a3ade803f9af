"""A session begins only where everything allows it, once, and a clinician may override what is only late."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of
from care.sessions.session_factories import LEFT, RIGHT, agree, make_lamp, release, write
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.models import AuditEntry
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRow
from openpbm.care.sessions.actions import StartRefused, start_session
from openpbm.care.sessions.models import SessionStart
from openpbm.errors import BadInput


def begin(plan: PlanRow, **changes: Any) -> tuple[SessionStart, bool]:
    values: dict[str, Any] = {
        "person": plan.person,
        "lamp": plan.lamp,
        "places": [LEFT, RIGHT],
        "started_at": timezone.now(),
        "by": plan.person.user,
    }
    return start_session(**(values | changes))


def refused(plan: PlanRow, **changes: Any) -> set[Any]:
    with pytest.raises(StartRefused) as caught:
        begin(plan, **changes)
    assert not SessionStart.objects.exists()
    return {check.rule for check in caught.value.checks if check.stops}


@pytest.fixture
def plan(house: House) -> PlanRow:
    agree(house.alice)
    return release(house.alice, house.clinician)


def test_a_planned_session_begins_with_its_minutes_and_distance(house: House, plan: PlanRow) -> None:
    start, created = begin(plan)
    assert created
    assert (start.plan_id, start.minutes, start.distance_mm) == (plan.pk, 15.0, 150.0)
    assert [position["places"] for position in start.positions] == [[list(LEFT)], [list(RIGHT)]]
    assert {check["rule"] for check in start.checks if not check["passed"]} == {"output_claimed"}
    assert AuditEntry.objects.filter(action="session_start", person_id=house.alice.pk).count() == 1


def test_the_same_start_sent_twice_is_there_once(plan: PlanRow) -> None:
    values = {"id": uuid.UUID(int=5), "started_at": timezone.now()}
    first, new = begin(plan, **values)
    again, new_again = begin(plan, **values)
    assert (first.pk, new, new_again) == (again.pk, True, False)
    with pytest.raises(Conflict):
        begin(plan, **values | {"places": [LEFT]})


def test_without_a_released_plan_nothing_begins(house: House) -> None:
    agree(house.alice)
    lamp = make_lamp(house.alice, house.clinician)
    with pytest.raises(StartRefused, match="released_plan"):
        start_session(
            person=house.alice, lamp=lamp, places=[LEFT], started_at=timezone.now(), by=account_of(house.alice)
        )  # fmt: skip


def test_another_lamp_place_or_person_s_plan_is_refused(house: House, plan: PlanRow) -> None:
    other = make_lamp(house.alice, house.clinician)
    assert "planned_lamp" in refused(plan, lamp=other)
    assert "planned_place" in refused(plan, places=[("foot_sole", "left")])
    assert "planned_place" in refused(plan, places=[])
    agree(house.bob)
    assert "released_plan" in refused(plan, person=house.bob, by=house.bob.user)


def test_no_clinician_overrides_what_is_never_overridable(house: House, plan: PlanRow) -> None:
    hold(person=house.alice, cause="red_flag", message="new weakness in the leg", by=house.clinician)
    assert "hold" in refused(plan, by=house.clinician, override_reason="seen by me this morning")


def test_consent_withdrawn_stops_for_good(house: House, plan: PlanRow) -> None:
    agree(house.alice, given=False)
    assert "consent" in refused(plan, by=house.clinician, override_reason="she told me she agrees")


def test_a_second_session_on_a_day_is_refused_to_everybody(house: House, plan: PlanRow) -> None:
    write(plan, house.alice.today())
    stops = refused(plan, by=house.clinician, override_reason="the first one was short, I think")
    assert "two_in_a_day" in stops


def test_one_begun_and_not_written_down_stops_the_next(plan: PlanRow) -> None:
    begin(plan)
    with pytest.raises(StartRefused, match="open_session"):
        begin(plan)


def test_a_clinician_lets_a_session_begin_with_reason_and_name(house: House, plan: PlanRow) -> None:
    from openpbm.care.people.actions import record_change

    record_change(
        person=house.alice, date=house.alice.today(), kind="medicine", name="ibuprofen", action="start", dose="400 mg",
        by=account_of(house.alice),
    )  # fmt: skip
    assert refused(plan) == {"medicines_screened"}
    with pytest.raises(PermissionDenied, match="clinician"):
        begin(plan, override_reason="it is only a painkiller, I checked")
    with pytest.raises(PermissionDenied, match="not yours"):
        begin(plan, by=house.other_clinician, override_reason="it is only a painkiller")
    with pytest.raises(BadInput, match="says no reason"):
        begin(plan, by=house.clinician, override_reason="fine")
    start, _ = begin(plan, by=house.clinician, override_reason="ibuprofen does not take up 850 nm")
    assert (start.signed_name, start.override_reason[:9]) == ("Clara", "ibuprofen")
    assert AuditEntry.objects.get(action="session_start").detail == {"overridden": ["medicines_screened"]}


@pytest.mark.parametrize(
    ("kind", "name", "action"),
    [
        ("medicine", "verteporfin", "start"),
        ("medicine", "simvastatin + Visudyne", "start"),
        ("other", "PDT on the forehead", "start"),
        ("medicine", "Ameluz", "stop"),
    ],
)
def test_a_photosensitiser_cannot_be_overridden(house: House, plan: PlanRow, kind: str, name: str, action: str) -> None:
    from openpbm.care.people.actions import record_change

    record_change(
        person=house.alice, date=house.alice.today(), kind=kind, name=name, action=action, dose="",
        by=account_of(house.alice),
    )  # fmt: skip
    assert "photosensitiser" in refused(plan, by=house.clinician, override_reason="she says it was long ago")


@pytest.mark.parametrize("shift", [dt.timedelta(days=2), dt.timedelta(minutes=-16)])
def test_a_start_is_now(plan: PlanRow, shift: dt.timedelta) -> None:
    with pytest.raises(BadInput, match="a session begins now"):
        begin(plan, started_at=timezone.now() + shift)


def test_a_clock_without_a_zone_is_refused(plan: PlanRow) -> None:
    with pytest.raises(BadInput, match="time zone"):
        begin(plan, started_at=dt.datetime(2027, 1, 4, 20))


def test_somebody_on_their_own_needs_the_capability_check(house: House) -> None:
    agree(house.carol)
    plan = release(house.carol, house.carol.user)
    assert "capability" in refused(plan)
    agree(house.carol, "capability")
    assert begin(plan)[1]
