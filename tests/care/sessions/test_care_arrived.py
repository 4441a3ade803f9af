"""What a phone sends later: written once, under its own session and day, with no more minutes than have passed."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import cast
from unittest import mock

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.actions import start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart
from openpbm.care.sessions.sitting import sittings

Sent = dict[str, str]


@pytest.fixture
def start(house: House) -> SessionStart:
    """A session of alice's, begun now."""
    agree(house.alice)
    plan = release(house.alice, house.clinician)
    begun, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT, RIGHT], started_at=timezone.now(), by=account_of(house.alice)
    )
    return begun


@pytest.fixture
def client(start: SessionStart) -> Client:
    return signed_in(account_of(start.person))


def kept(**changes: str) -> Sent:
    """What a phone keeps of a session of 30 minutes, broken off in the second half."""
    said = {"minutes_0": "15", "minutes_1": "9", "distance_cm": "15", "reason": "the doorbell", "skin_reaction": "none"}
    return said | {"item": str(uuid.uuid4()), "late": "on", "passed_s": "1500"} | changes


def send(client: Client, start: SessionStart, sent: Sent, *, after: dt.timedelta) -> HttpResponse:
    path = reverse("sessions:arrived", args=[start.person_id, start.pk])
    with mock.patch("django.utils.timezone.now", return_value=start.started_at + after):
        answer = client.post(path, sent)
    return cast("HttpResponse", answer)


def minutes(start: SessionStart) -> list[float | None]:
    return list(SessionRecord.objects.filter(start=start).order_by("side").values_list("minutes", flat=True))


def test_sent_three_times_on_the_next_day_it_is_one_session_of_its_own_day(start: SessionStart, client: Client) -> None:
    sent = kept()
    for hours in (20, 21, 30):
        assert send(client, start, sent, after=dt.timedelta(hours=hours)).status_code == 200
    assert minutes(start) == [15.0, 9.0]
    assert {row.date for row in start.records.all()} == {start.person.today()}


@pytest.mark.parametrize(("server_min", "phone_min"), [(10, 600), (600, 10)])
def test_neither_clock_alone_is_believed(start: SessionStart, client: Client, server_min: int, phone_min: int) -> None:
    """Ten minutes have passed on one of them; a minute more is left for the way from the lamp to the phone."""
    sent = kept(passed_s=str(phone_min * 60))
    assert send(client, start, sent, after=dt.timedelta(minutes=server_min)).status_code == 200
    assert minutes(start) == [11.0, 0.0]
    assert start.records.order_by("side")[0].reason.startswith("The phone sent 15 minutes, and only 11 had passed")


def test_late_and_short_the_caps_still_count_the_time_until_it_was_written(start: SessionStart, client: Client) -> None:
    sent = kept(minutes_0="5", minutes_1="0", passed_s="300")
    assert send(client, start, sent, after=dt.timedelta(hours=5)).status_code == 200
    again = SessionStart.objects.get()
    again.written_at = min(row.created_at for row in start.records.all())  # type: ignore[attr-defined]
    (sitting,) = sittings([again])
    light = sitting.light_min({LEFT: 5.0, RIGHT: 0.0}, timezone.now())
    assert set(light) == {LEFT, RIGHT}
    assert all(given >= 10 for given in light.values())


def test_without_a_word_of_why_it_is_taken_when_it_is_late_and_asked_about_when_not(
    start: SessionStart, client: Client
) -> None:
    assert send(client, start, kept(reason="", late=""), after=dt.timedelta(hours=1)).status_code == 422
    assert minutes(start) == []
    assert send(client, start, kept(reason=""), after=dt.timedelta(hours=1)).status_code == 200
    assert [row.reason[:8] for row in start.records.order_by("side")] == ["", "Not said"]


def test_another_device_was_first_its_record_stays_and_the_symptom_holds(start: SessionStart, client: Client) -> None:
    assert send(client, start, kept(), after=dt.timedelta(hours=1)).status_code == 200
    second = send(client, start, kept(minutes_0="2", stopped="eyes"), after=dt.timedelta(hours=2))
    assert second.status_code == 409
    assert minutes(start) == [15.0, 9.0]
    (held,) = open_holds(start.person)
    assert held.cause == "light_stopped"
    assert "My eyes hurt" in held.message
