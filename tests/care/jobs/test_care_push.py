"""A line on a device: off until asked, sealed, the rules of the letter, to push services alone, gone with it."""

from __future__ import annotations

import base64
import datetime as dt
import os
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import http_ece
import pytest
from care.conftest import House, account_of, signed_in
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from openpbm.care.audit.models import AuditEntry
from openpbm.care.checkpoints.export.everything import everything
from openpbm.care.encryption.keys import make_key
from openpbm.care.home.daily_letter import write_daily_letters
from openpbm.care.jobs import push_devices, send_push
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import PUSH, PushDevice, Reminder
from openpbm.care.jobs.push_devices import MOST_DEVICES, add_push_device, end_push_device
from openpbm.care.jobs.push_endpoint import check_endpoint, check_public
from openpbm.care.jobs.selectors import open_reminders
from openpbm.care.jobs.send import send_due
from openpbm.care.people.access import Relation
from openpbm.care.people.actions import set_letter_time
from openpbm.care.people.erasing import forget
from openpbm.care.plans.actions import hold
from openpbm.errors import BadInput

# 8:30 in Berlin, where alice lives.
AT = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
GOOGLE = "https://fcm.googleapis.com/fcm/send/abc:def"


def text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


class Service:
    """A push service on this machine: what it was sent, and what it answers."""

    def __init__(self) -> None:
        self.answers, self.taken = 201, list[tuple[str, dict[str, str], bytes]]()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                service.taken.append((self.path, {key.lower(): value for key, value in self.headers.items()}, body))
                self.send_response(service.answers)
                self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def do_GET(self) -> None:
                service.taken.append((self.path, {}, b""))
                self.send_error(404)

            def log_message(self, *_: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/push"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Iterator[Service]:
    """The service, reached although it is none of the known ones; and the site's key."""
    for module, name in ((push_devices, "check_endpoint"), (send_push, "check_endpoint"), (send_push, "check_public")):
        monkeypatch.setattr(module, name, lambda endpoint: None)
    settings.PUSH_KEY_FILE, settings.ALLOWED_HOSTS = tmp_path / "push.key", ["care.example.org", "testserver"]
    make_key(settings.PUSH_KEY_FILE)
    there = Service()
    yield there
    there.server.shutdown()
    there.server.server_close()


class Phone:
    """A browser's side of a subscription."""

    def __init__(self, endpoint: str) -> None:
        self.key, self.auth, self.endpoint = ec.generate_private_key(ec.SECP256R1()), os.urandom(16), endpoint

    def given(self) -> dict[str, str]:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": text(point), "auth": text(self.auth)}

    def reads(self, body: bytes) -> str:
        opened: bytes = http_ece.decrypt(body, private_key=self.key, auth_secret=self.auth)
        return opened.decode()


def turn_on(house: House, phone: Phone) -> PushDevice:
    return add_push_device(person=house.alice, browser="Chrome on Android", by=account_of(house.alice), **phone.given())


def asked(house: House, *, at: dt.time | None = dt.time(8, 30)) -> None:
    """Something is due that day, and a time is chosen."""
    remind(
        user=account_of(house.alice), person_id=house.alice.pk, kind="diary", key="diary alice",
        due_at=AT.replace(hour=19), text="Your burning feet diary",
    )  # fmt: skip
    set_letter_time(person=house.alice, at=at, by=account_of(house.alice))


def minute(service: Service, now: dt.datetime) -> int:
    """What the worker does in a minute; how much the service has taken by then."""
    write_daily_letters(now)
    send_due(now, "worker")
    return len(service.taken)


def test_once_a_day_at_the_chosen_time_and_the_phone_alone_reads_it(house: House, service: Service) -> None:
    phone = Phone(service.url)
    asked(house)
    assert minute(service, AT) == 0
    turn_on(house, phone)
    assert minute(service, AT - MINUTE) == 0
    assert [minute(service, AT + number * MINUTE) for number in (0, 1, 40, 900)] == [1, 1, 1, 1]
    path, headers, body = service.taken[0]
    assert (path, phone.reads(body)) == ("/push", "OpenPBM: something waits for you")
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "10800")
    assert headers["authorization"].startswith("vapid t=")
    # By the key that the browser was given, so that the service takes it.
    assert send_push.site_key() in headers["authorization"]
    assert PUSH not in [row.kind for row in open_reminders(account_of(house.alice), AT.replace(hour=20))]
    assert minute(service, AT + dt.timedelta(days=1)) == 1


@pytest.mark.parametrize("why", ["no time", "on hold"])
def test_none_without_a_time_or_while_light_is_on_hold(house: House, service: Service, why: str) -> None:
    turn_on(house, Phone(service.url))
    asked(house, at=None if why == "no time" else dt.time(8, 30))
    if why == "on hold":
        hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    assert minute(service, AT) == 0


def test_who_was_told_is_told_no_more_while_another_device_is_tried_again(house: House, service: Service) -> None:
    asked(house)
    first, second = (turn_on(house, Phone(f"{service.url}/{number}")) for number in (1, 2))
    service.answers = 503
    assert minute(service, AT) == 2
    assert "answered 503" in Reminder.objects.get(kind=PUSH).fault
    PushDevice.objects.filter(pk=first.pk).update(told=Reminder.objects.get(kind=PUSH).key)
    service.answers = 201
    minute(service, AT + 2 * MINUTE)
    assert [path for path, _, _ in service.taken[2:]] == ["/push/2"]
    assert PushDevice.objects.get(pk=second.pk).told
    assert Reminder.objects.get(kind=PUSH).state == Reminder.State.SENT


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_taken_away(house: House, service: Service, status: int) -> None:
    asked(house)
    turn_on(house, Phone(service.url))
    service.answers = status
    assert minute(service, AT) == 1
    assert not PushDevice.objects.exists()
    assert AuditEntry.objects.filter(action="push_device_ended", actor=None, person_id=house.alice.pk).count() == 1
    assert Reminder.objects.get(kind=PUSH).fault == ""


def test_no_redirect_is_followed(house: House, service: Service) -> None:
    asked(house)
    turn_on(house, Phone(service.url))
    service.answers = 307
    minute(service, AT)
    assert [path for path, _, _ in service.taken] == ["/push"]


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/x", "https://127.0.0.1/x", "https://[::1]/x", "https://10.0.0.1/x", "https://localhost/",
        "https://fcm.googleapis.com.evil.example/x", "https://evil.example/fcm.googleapis.com", "https://push.apple.com/",
        "https://fcm.googleapis.com@10.0.0.1/x", "https://a:b@fcm.googleapis.com/x", "https://fcm.googleapis.com:22/x",
        "https://10.0.0.1\\.push.apple.com/x", "https://fcm.googleapis.com:port/x", "https://evilpush.apple.com/x",
        "file:///etc/passwd", "", "https://fcm.googleapis.com/x\r\nHost: a", "https://fcm.googleapis.com/" + "x" * 1000,
    ],
)  # fmt: skip
def test_no_other_machine_is_ever_called(endpoint: str) -> None:
    with pytest.raises(BadInput, match="names no push service that is known here"):
        check_endpoint(endpoint)


@pytest.mark.parametrize(
    "host",
    [
        "fcm.googleapis.com", "updates.push.services.mozilla.com", "web.push.apple.com",
        "wns2-par02p.notify.windows.com",
    ],
)  # fmt: skip
def test_the_services_of_browser_makers_are_taken(host: str) -> None:
    check_endpoint(f"https://{host}/some/way?token=abc%3D")


@pytest.mark.parametrize(
    "inside", ["10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "fd00::1", "100.64.0.1", "::ffff:10.0.0.1"]
)
def test_a_known_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    rows = [(0, 0, 0, "", (address, 443)) for address in ("8.8.8.8", inside)]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: rows)
    with pytest.raises(BadInput, match="no public address"):
        check_public(GOOGLE)


def test_what_leads_inside_is_not_called_and_the_fault_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", ("10.0.0.1", 443))])
    asked(house)
    turn_on(house, Phone(GOOGLE))
    write_daily_letters(AT)
    send_due(AT, "worker")
    row = Reminder.objects.get(kind=PUSH)
    assert (row.state, "no public address" in row.fault) == (Reminder.State.DUE, True)


def test_one_row_a_device_sealed_in_the_export_and_gone_with_its_owner(house: House) -> None:
    phone = Phone(GOOGLE)
    row = turn_on(house, phone)
    assert turn_on(house, phone).pk == row.pk
    assert b"googleapis" not in bytes(PushDevice.objects.get().sealed_subscription)
    lines: Any = everything(house.alice, Relation.PATIENT)["push_devices"]
    assert [(line["browser"], line["subscription"]) for line in lines] == [("Chrome on Android", phone.given())]
    assert "push_devices" not in everything(house.alice, Relation.HELPER)
    forget(house.alice)
    assert not PushDevice.objects.exists()


def test_nobody_else_turns_it_on_or_off_and_there_are_so_many_at_most(house: House) -> None:
    row = turn_on(house, Phone(GOOGLE))
    for other in (house.clinician, account_of(house.carol)):
        with pytest.raises(PermissionDenied):
            end_push_device(device=row, by=other)
        with pytest.raises(PermissionDenied):
            add_push_device(person=house.alice, browser="x", by=other, **Phone(GOOGLE).given())
    for number in range(MOST_DEVICES - 1):
        turn_on(house, Phone(f"{GOOGLE}{number}"))
    with pytest.raises(BadInput, match="switch one of them off first"):
        turn_on(house, Phone(f"{GOOGLE}more"))


def test_the_account_page_turns_devices_on_and_off(house: House, service: Service) -> None:
    browser, other = signed_in(account_of(house.alice)), signed_in(account_of(house.carol))
    shown = browser.get(reverse("home:account")).content.decode()
    assert send_push.site_key() in shown
    assert "data-push-section hidden" in shown
    add = reverse("home:add_push_device")
    for wrong in ({}, {**Phone(GOOGLE).given(), "auth": "short"}, {**Phone(GOOGLE).given(), "p256dh": "!"}):
        assert browser.post(add, wrong).status_code == 302
    assert not PushDevice.objects.exists()
    browser.post(add, Phone(GOOGLE).given(), HTTP_USER_AGENT="Mozilla/5.0 (Android 14) Firefox/130.0")
    row = PushDevice.objects.get()
    assert (row.person, row.browser) == (house.alice, "Firefox on Android")
    # Without a script the list stays in reach.
    shown = browser.get(reverse("home:account")).content.decode()
    assert "data-push-section hidden" not in shown
    assert "Firefox on Android" in shown
    end = reverse("home:end_push_device", kwargs={"push_device_id": row.pk})
    assert other.post(end).status_code == 302
    assert PushDevice.objects.exists()
    assert browser.post(end).status_code == 302
    assert not PushDevice.objects.exists()


def test_without_the_sites_key_nothing_is_offered_and_its_worker_shows_the_same_word(
    house: House, settings: Any, tmp_path: Path
) -> None:
    settings.PUSH_KEY_FILE = tmp_path / "none.key"
    browser = signed_in(account_of(house.alice))
    assert "data-push" not in browser.get(reverse("home:account")).content.decode()
    worker = browser.get(reverse("home:service_worker")).content.decode()
    assert send_push.WORD in worker
    assert f'openWindow("{reverse("home:start")}")' in worker
