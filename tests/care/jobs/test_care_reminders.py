"""Reminders: told once, shown whatever becomes of the e-mail, passed on when nobody answers."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from django.core import mail
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.accounts.models import Membership
from openpbm.care.audit.models import AuditEntry, ReadEntry
from openpbm.care.jobs import registry, send
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.escalate import escalate_due
from openpbm.care.jobs.heartbeat import SILENT_AFTER, record_heartbeat
from openpbm.care.jobs.models import Heartbeat, Reminder
from openpbm.care.jobs.scheduled_tasks import each_minute
from openpbm.care.jobs.selectors import open_reminders
from openpbm.care.jobs.send import MOST_ATTEMPTS, pause_after, send_due
from openpbm.care.people.models import HelperGrant
from openpbm.errors import BadInput

NOW = dt.datetime(2026, 3, 2, 18, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _nothing_above(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the layers above register is registered by each test itself."""
    monkeypatch.setattr(registry, "_reminder_sources", {})


@pytest.fixture
def addresses(_nothing_above: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "address_of", lambda user: f"{user.username}@example.org")


def reminder(house: House, **changes: Any) -> Reminder:
    values: dict[str, Any] = {
        "user": house.alice.user, "person_id": house.alice.pk, "kind": "checkpoint", "key": "diary alice 2026-03-02",
        "text": "Your burning feet diary", "due_at": NOW, "link": "/diary/",
    }  # fmt: skip
    return remind(**(values | changes))


def test_the_same_thing_is_told_once(house: House, addresses: None) -> None:
    assert reminder(house).pk == reminder(house, text="Other words").pk
    assert send_due(NOW, "one") == 1
    assert send_due(NOW, "two") == 0
    assert len(mail.outbox) == 1


def test_nothing_is_sent_before_its_time(house: House, addresses: None) -> None:
    reminder(house, due_at=NOW + MINUTE)
    assert send_due(NOW, "one") == 0
    assert send_due(NOW + MINUTE, "one") == 1


def test_the_e_mail_does_not_say_what_it_is_about(house: House, addresses: None) -> None:
    reminder(house)
    send_due(NOW, "one")
    (sent,) = mail.outbox
    assert sent.to == ["alice@example.org"]
    assert "burning" not in f"{sent.subject}{sent.body}"
    assert "You have something to look at in OpenPBM" in sent.body


def test_without_an_address_it_stands_on_the_page_alone(house: House) -> None:
    reminder(house)
    assert send_due(NOW, "one") == 1
    assert mail.outbox == []
    assert list(open_reminders(account_of(house.alice), NOW)) == [Reminder.objects.get()]


def test_an_e_mail_that_fails_is_tried_again_later_and_the_page_says_so(
    house: House, addresses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reminder(house)

    def refuses(*args: Any, **kwargs: Any) -> None:
        raise ConnectionRefusedError("mail server down")

    monkeypatch.setattr("openpbm.care.jobs.send.send_mail", refuses)
    assert send_due(NOW, "one") == 0
    row = Reminder.objects.get()
    assert (row.state, row.attempts) == ("due", 1)
    assert send_due(NOW + dt.timedelta(seconds=59), "one") == 0
    assert Reminder.objects.get().attempts == 1
    assert b"E-mail was not sent" in signed_in(account_of(house.alice)).get(reverse("jobs:reminders")).content
    monkeypatch.undo()


def test_an_e_mail_is_given_up_after_some_attempts_and_the_fault_stays(
    house: House, addresses: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reminder(house)
    monkeypatch.setattr("openpbm.care.jobs.send.send_mail", lambda *a, **k: (_ for _ in ()).throw(OSError("down")))
    moment = NOW
    for attempt in range(1, MOST_ATTEMPTS + 1):
        send_due(moment, "one")
        assert Reminder.objects.get().attempts == attempt
        moment += pause_after(attempt)
    send_due(moment, "one")
    row = Reminder.objects.get()
    assert (row.state, row.attempts) == ("sent", MOST_ATTEMPTS)
    assert "E-mail was not sent" in row.fault


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_after(n) // MINUTE for n in (1, 2, 3, 7, 8, 30)] == [1, 2, 4, 60, 60, 60]


def test_what_was_seen_or_done_already_is_not_sent(house: House, addresses: None) -> None:
    row = reminder(house)
    mark(reminder=row, state="shown", by=house.alice.user)
    assert send_due(NOW, "one") == 0
    assert mark(reminder=row, state="done", by=house.alice.user).state == "done"
    assert mark(reminder=row, state="shown", by=house.alice.user).state == "done"
    assert AuditEntry.objects.filter(action="reminder_done").count() == 1


def test_a_reminder_cannot_be_set_to_sent_by_hand(house: House) -> None:
    with pytest.raises(BadInput, match="not a state one sets"):
        mark(reminder=reminder(house), state="sent", by=house.alice.user)


def test_a_red_flag_nobody_answers_goes_to_every_clinician_once(house: House) -> None:
    row = reminder(house, escalates_at=NOW + 30 * MINUTE)
    assert escalate_due(NOW + 29 * MINUTE) == 0
    assert escalate_due(NOW + 30 * MINUTE) == 1
    assert escalate_due(NOW + 31 * MINUTE) == 0
    told = Reminder.objects.exclude(pk=row.pk).get()
    assert (told.user, told.person_id, told.link) == (house.clinician, house.alice.pk, "/diary/")
    assert told.text.startswith("Nobody has answered this: ")
    assert AuditEntry.objects.get(action="reminder_escalated").detail["to"] == ["clara"]


def test_where_there_is_no_clinic_the_person_is_told_again(house: House) -> None:
    row = reminder(house, user=house.carol.user, person_id=house.carol.pk, escalates_at=NOW)
    assert escalate_due(NOW) == 1
    assert Reminder.objects.exclude(pk=row.pk).get().user == house.carol.user


def test_what_was_done_in_time_does_not_escalate(house: House) -> None:
    mark(reminder=reminder(house, escalates_at=NOW), state="done", by=house.alice.user)
    assert escalate_due(NOW + 60 * MINUTE) == 0


def test_one_part_of_the_minute_that_fails_does_not_stop_the_rest(
    house: House, addresses: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A new connection is right for the worker; here the test's own transaction would go with the old one.
    monkeypatch.setattr(connections, "close_all", lambda: None)
    reminder(house)
    ReadEntry.objects.create(actor=house.clinician, person_id=house.alice.pk, route="people:record")

    @registry.reminder_source
    def broken(now: Any) -> None:
        raise RuntimeError("a rule that is broken")

    assert each_minute(NOW, "one") == 1
    assert "a rule that is broken" in caplog.text
    assert len(mail.outbox) == 1
    assert ReadEntry.objects.get().sealed_in is not None


def test_one_sees_and_ends_ones_own_reminders_alone(house: House) -> None:
    row = reminder(house, due_at=timezone.now())
    bob = signed_in(account_of(house.bob))
    assert b"burning feet" not in bob.get(reverse("jobs:reminders")).content
    assert bob.post(reverse("jobs:mark", args=[row.pk])).status_code == 403
    alice = signed_in(account_of(house.alice))
    assert b"burning feet" in alice.get(reverse("jobs:reminders")).content
    row.refresh_from_db()
    assert row.state == "shown"
    alice.post(reverse("jobs:mark", args=[row.pk]))
    row.refresh_from_db()
    assert row.state == "done"


@pytest.mark.parametrize("who", ["helper", "clinician"])
def test_whoever_has_left_is_reminded_of_nobody_there_any_more(house: House, who: str) -> None:
    user = getattr(house, who)
    row = reminder(house, user=user, due_at=timezone.now())
    about_nobody = reminder(house, user=user, person_id=None, key="own", text="Your own", due_at=timezone.now())
    client = signed_in(user)
    assert b"burning feet" in client.get(reverse("jobs:reminders")).content
    assert len(client.get("/api/reminders").json()) == 2
    HelperGrant.objects.filter(user=user).update(ended_at=timezone.now())
    Membership.objects.filter(user=user).update(ended_at=timezone.now())
    page = client.get(reverse("jobs:reminders")).content
    assert b"burning feet" not in page
    assert b"Your own" in page
    assert [one["id"] for one in client.get("/api/reminders").json()] == [str(about_nobody.pk)]
    assert client.post(reverse("jobs:mark", args=[row.pk])).status_code == 403
    assert client.post(f"/api/reminders/{row.pk}/done").status_code == 403


def test_a_silent_worker_is_seen_on_every_page_and_by_the_watchdog(house: House, client: Client) -> None:
    record_heartbeat("one")
    assert client.get("/healthz").status_code == 200
    page = signed_in(account_of(house.alice)).get(reverse("jobs:reminders"))
    assert b"Reminders are not running" not in page.content
    Heartbeat.objects.update(at=timezone.now() - SILENT_AFTER - dt.timedelta(seconds=1))
    assert (client.get("/healthz").status_code, client.get("/healthz").json()["worker"]) == (503, "silent")
    page = signed_in(account_of(house.alice)).get(reverse("jobs:reminders"))
    assert b"Reminders are not running" in page.content
