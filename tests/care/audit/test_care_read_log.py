"""Whoever sees a word of somebody's record leaves an entry, on lists and in calendars too; a watched job leaves one."""

from __future__ import annotations

import datetime as dt

import pytest
from care.conftest import House, account_of, make_person, signed_in
from care.sessions.session_factories import LEFT, agree, release
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from openpbm.care.audit.ledger import seal_reads
from openpbm.care.audit.models import ReadEntry
from openpbm.care.audit.verify import verify
from openpbm.care.checkpoints.actions import open_feed
from openpbm.care.checkpoints.feed import token_of
from openpbm.care.jobs import registry
from openpbm.care.jobs.actions import enqueue, remind
from openpbm.care.people.actions import book_appointment
from openpbm.care.people.models import HelperGrant
from openpbm.care.sessions.actions import start_session


def looks(route: str) -> list[tuple[object, object]]:
    rows = ReadEntry.objects.filter(route=route).order_by("pk")
    return [(row.actor, row.person_id) for row in rows]


def test_the_worklist_is_a_look_at_everybody_on_the_page_and_nobody_else(house: House) -> None:
    dora = make_person("dora", house.clinic)
    signed_in(house.clinician).post("/people/", {"q": "MarkerDora"})
    assert looks("home:worklist") == [(house.clinician, dora.pk)]
    signed_in(house.clinician).get("/people/")
    assert {person for _, person in looks("home:worklist")} == {dora.pk, house.alice.pk}


def test_the_clinics_week_is_one_look_at_each_person_in_it(house: House) -> None:
    make_person("dora", house.clinic)
    for hour in (1, 3):
        book_appointment(
            person=house.alice, starts_at=timezone.now() + dt.timedelta(hours=hour), minutes=30, kind="clinic", note="",
            by=house.clinician,
        )  # fmt: skip
    signed_in(house.clinician).get(reverse("people:appointments"))
    assert looks("people:appointments") == [(house.clinician, house.alice.pk)]


def test_the_lists_of_the_api_are_looks(house: House) -> None:
    client = signed_in(house.clinician)
    client.get("/api/people")
    assert looks("api:list_people") == [(house.clinician, house.alice.pk)]
    remind_of(house)
    client.get("/api/reminders")
    assert looks("api:list_reminders") == [(house.clinician, house.alice.pk)]


def remind_of(house: House) -> None:
    for number in range(2):
        remind(
            user=house.clinician, person_id=house.alice.pk, kind="care", key=f"k{number}", text="x",
            due_at=timezone.now(),
        )  # fmt: skip


def test_reminders_and_whom_one_helps_are_looks(house: House) -> None:
    remind_of(house)
    signed_in(house.clinician).get(reverse("jobs:reminders"))
    assert looks("jobs:reminders") == [(house.clinician, house.alice.pk)]
    HelperGrant.objects.create(person=house.bob, user=house.helper)
    signed_in(house.helper).get("/")
    assert {person for _, person in looks("home:start")} == {house.alice.pk, house.bob.pk}


def test_a_job_is_one_look_however_long_it_is_watched(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry._handlers, "count", lambda job, progress: {})
    job = enqueue(kind="count", payload={}, by=house.clinician, person_id=house.alice.pk)
    client = signed_in(house.clinician)
    client.get(reverse("jobs:job", args=[job.pk]))
    for _ in range(3):
        assert client.get(reverse("jobs:progress", args=[job.pk])).status_code == 200
    assert looks("jobs:job") == [(house.clinician, house.alice.pk)]
    assert looks("jobs:progress") == []


def test_a_timer_is_one_look_however_long_it_runs(house: House) -> None:
    agree(house.alice)
    plan = release(house.alice, house.clinician)
    start, _ = start_session(
        person=house.alice, lamp=plan.lamp, places=[LEFT], started_at=timezone.now(), by=account_of(house.alice)
    )
    client, where = signed_in(account_of(house.alice)), {"person_id": house.alice.pk, "start_id": start.pk}
    client.get(reverse("sessions:run", kwargs=where))
    for _ in range(3):
        assert client.get(reverse("sessions:state", kwargs=where)).json() == {"stop": False, "reasons": []}
    assert looks("sessions:run") == [(house.alice.user, house.alice.pk)]
    assert looks("sessions:state") == []


def test_a_calendar_that_follows_is_a_look_by_nobody_known_once_an_hour(house: House) -> None:
    path = reverse("checkpoints:feed", args=[token_of(open_feed(person=house.alice, by=account_of(house.alice)))])
    for _ in range(3):
        assert Client().get(path).status_code == 200
    assert looks("checkpoints:feed") == [(None, house.alice.pk)]
    seal_reads()
    assert verify().ok
    page = signed_in(house.auditor).get("/clinic/audit/", {"kind": "reads"}).content.decode()
    assert "a calendar that follows" in page


def test_many_people_are_noted_in_as_few_queries_as_few(house: House) -> None:
    counts = []
    for upto in (10, 50):
        for number in range(upto):
            make_person(f"p{upto}-{number}", house.clinic)
        client = signed_in(house.clinician)
        client.get("/api/people")
        with CaptureQueriesContext(connection) as queries:
            client.get("/api/people")
        counts.append(sum("audit_readentry" in query["sql"] for query in queries))
    assert counts == [1, 1]
