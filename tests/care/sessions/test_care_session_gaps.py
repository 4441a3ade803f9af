"""Ways around a session's checks that once were open: each of these light, or a look at it, would have gone unseen."""

from __future__ import annotations

import datetime as dt
import importlib
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import EVENING, LEFT, RIGHT, agree, release, write
from django.urls import reverse
from django.utils import timezone

from openpbm.care.audit.ledger import Conflict, append
from openpbm.care.devices.models import Lamp, LampPassport, Measurement
from openpbm.care.sessions.actions import record_session, record_skin_check, start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.selectors import open_start
from openpbm.care.sessions.start_context import load_start_context
from openpbm.errors import BadInput, Problem


@pytest.fixture
def plan(house: House) -> Any:
    agree(house.alice)
    return release(house.alice, house.clinician)


def begin(plan: Any, **changes: Any) -> SessionStart:
    values = {"person": plan.person, "lamp": plan.lamp, "places": [LEFT, RIGHT], "by": plan.person.user}
    return start_session(**({"started_at": timezone.now()} | values | changes))[0]


def test_a_start_dated_ahead_does_not_leave_today_open_for_another(plan: Any) -> None:
    with pytest.raises(BadInput, match="a session begins now"):
        begin(plan, started_at=timezone.now() + dt.timedelta(hours=20))
    assert not SessionStart.objects.exists()


def test_a_begun_session_is_not_ended_by_a_place_it_was_not_begun_at(house: House, plan: Any) -> None:
    start = begin(plan, places=[LEFT])
    with pytest.raises(BadInput, match="was not begun at"):
        record_session(
            person=house.alice, plan=plan, lamp=plan.lamp, date=house.alice.today(), time=EVENING, site="face",
            side="left", minutes=None, distance_mm=None, status="missed", reason="away", start=start,
            by=account_of(house.alice),
        )  # fmt: skip
    assert open_start(house.alice) == start


def test_a_session_is_written_down_for_every_place_or_for_none(
    house: House, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = begin(plan)

    def fails_at_the_second(**given: Any) -> tuple[SessionRecord, bool]:
        if SessionRecord.objects.exists():
            raise BadInput(Problem(message="the computer stopped here"))
        return record_session(**given)

    # By its name: the package offers the function of the same name.
    ending = importlib.import_module("openpbm.care.sessions.actions.end_session")
    monkeypatch.setattr(ending, "record_session", fails_at_the_second)
    sent = {"minutes_0": "15", "minutes_1": "15", "distance_cm": "15", "skin_reaction": "none", "confirmed": "on"}
    where = reverse("sessions:run", kwargs={"person_id": house.alice.pk, "start_id": start.pk})
    assert signed_in(account_of(house.alice)).post(where, sent).status_code == 400
    assert not SessionRecord.objects.exists()
    assert open_start(house.alice) == start


def test_a_note_of_the_timer_nested_without_end_is_no_note(house: House, plan: Any) -> None:
    start = begin(plan, places=[LEFT])
    where = reverse("sessions:run", kwargs={"person_id": house.alice.pk, "start_id": start.pk})
    sent = {"minutes_0": "15", "pauses_0": "[" * 4000, "distance_cm": "15", "skin_reaction": "none", "confirmed": "on"}
    signed_in(account_of(house.alice)).post(where, sent)
    assert SessionRecord.objects.get().pauses == []


def test_readings_of_one_wavelength_each_are_added_up_against_the_plan(house: House) -> None:
    lamp = Lamp.objects.create(name="Two colours", clinic=house.clinic)
    emitters = [{"wavelength_nm": nm, "irradiance_mw_cm2": 12.5, "at_distance_mm": 150} for nm in (660, 850)]
    document = {"id": "two", "name": "Two colours", "kind": "panel", "output_status": "claimed", "emitters": emitters}
    append(LampPassport(lamp=lamp, document=document), by=house.clinician, action="lamp_passport")
    agree(house.alice)
    plan = release(house.alice, house.clinician, lamp=lamp)
    for wavelength_nm, level in ((660.0, 20.0), (658.0, 21.0), (850.0, 22.0), (None, 30.0)):
        row = Measurement(
            lamp=lamp, measured_on=house.alice.today(), wavelength_nm=wavelength_nm, irradiance_mw_cm2=level,
            distance_mm=150.0, uncertainty_percent=8.0, meter="bench",
        )  # fmt: skip
        append(row, by=house.clinician, action="lamp_measured")
    found = load_start_context(person=house.alice, lamp=plan.lamp, places=[LEFT], now=timezone.now())
    assert found.since.irradiance_mw_cm2 == 21.0 + 22.0


def test_a_skin_check_under_somebody_elses_id_is_a_conflict_that_tells_nothing(house: House, plan: Any) -> None:
    taken = uuid.uuid4()
    (row,) = write(plan, house.alice.today(), places=(LEFT,), looked=False)
    record_skin_check(id=taken, record=row, moment="24h", reaction="none", note="mine", by=account_of(house.alice))
    agree(house.bob)
    other = release(house.bob, house.other_clinician)
    (his,) = write(other, house.bob.today(), places=(LEFT,), looked=False)
    with pytest.raises(Conflict, match="recorded already"):
        record_skin_check(id=taken, record=his, moment="24h", reaction="none", note="mine", by=account_of(house.bob))
