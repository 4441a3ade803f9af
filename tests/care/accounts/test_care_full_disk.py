"""A full disk told people that they had tried too often, and the API answered a fault of its own with HTML."""

from __future__ import annotations

import errno
import sqlite3
from typing import Any

import psycopg
import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from django.db import DatabaseError, OperationalError
from django.test import Client
from django.urls import reverse

from openpbm.care.accounts.models import Counter
from openpbm.care.audit.models import AuditEntry
from openpbm.care.database import cannot_write


def full(*_: Any, **__: Any) -> Any:
    """What Django raises when SQLite finds the disk full, told by a database that has no room."""
    try:
        with sqlite3.connect(":memory:") as small:
            small.execute("PRAGMA max_page_count = 1")
            small.execute("CREATE TABLE no_room (text)")
    except sqlite3.Error as error:
        raise OperationalError(*error.args) from error
    raise AssertionError("it had room")


def broken(*_: Any, **__: Any) -> Any:
    raise RuntimeError("a fault of ours")


def as_browser(user: Any = None) -> Client:
    client = signed_in(user) if user else Client()
    client.raise_request_exception = False
    return client


def raised(raiser: Any) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011
        raiser()
    return caught.value


class _FullOnPostgres(DatabaseError):
    __cause__ = psycopg.errors.DiskFull()


@pytest.mark.parametrize(
    ("error", "is_full"),
    [
        (raised(full), True),
        (_FullOnPostgres(), True),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (OperationalError("database or disk is full"), False),  # words alone decide nothing
        (raised(broken), False),
        (None, False),
    ],
)
def test_a_full_disk_is_known_by_its_code(error: Any, is_full: bool) -> None:
    assert cannot_write(error) == is_full


def test_at_the_sign_in_a_full_disk_says_so_and_not_that_one_tried_too_often(
    house: House, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CACHES = {"default": {"BACKEND": "openpbm.care.accounts.counters.Counters"}}
    monkeypatch.setattr(Counter, "save", full)
    monkeypatch.setattr("django.db.models.query.QuerySet.bulk_create", full)
    answer = as_browser().post("/account/login/", {"login": "alice", "password": PASSWORD})
    assert answer.status_code == 503
    said = answer.content.decode()
    assert "disk of the server is full" in said
    assert "too often" not in said


@pytest.mark.parametrize(
    ("broken_at", "path"),
    [
        ("openpbm.care.audit.ledger._link", "diary"),  # in the transaction of an action
        ("django.contrib.sessions.backends.db.SessionStore.save", "today"),  # outside every view
    ],
)
def test_wherever_it_shows_nothing_is_half_written(
    house: House, broken_at: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = as_browser(account_of(house.alice))
    session = browser.session
    del session["seen_at"]  # which the next page notes, and saves
    session.save()
    before = (AuditEntry.objects.count(), house.alice.changes.count())
    monkeypatch.setattr(broken_at, full)
    if path == "diary":
        answer = browser.post(f"/api/people/{house.alice.pk}/changes", _CHANGE, content_type="application/json")
        assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/json")
        assert "Nothing of what was sent was kept" in answer.json()["detail"]
    else:
        answer = browser.get(reverse("home:today", args=[house.alice.pk]))
        assert answer.status_code == 503
        assert "disk of the server is full" in answer.content.decode()
    monkeypatch.undo()
    assert (AuditEntry.objects.count(), house.alice.changes.count()) == before


_CHANGE = {
    "id": "6c1f7a1e-6f0a-4c3b-9d65-111111111111", "date": "2026-01-02", "kind": "other", "action": "started",
    "name": "a",
}  # fmt: skip


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    "broken_at",
    [
        "openpbm.care.people.access.relation",  # in a view
        "openpbm.care.accounts.models.User.member_of",  # in the middleware
        "django.contrib.sessions.backends.db.SessionStore.load",  # before anybody is known
    ],
)
def test_the_api_answers_a_fault_of_ours_in_json(
    house: House, broken_at: str, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = as_browser(account_of(house.alice))
    monkeypatch.setattr(broken_at, broken)
    answer = getattr(client, method)(f"/api/people/{house.alice.pk}/diary")
    assert (answer.status_code, answer.headers["Content-Type"]) == (500, "application/json")
    assert "a fault of ours" not in answer.content.decode()
    page = client.get(reverse("home:today", args=[house.alice.pk]))
    assert page.status_code == 500
    assert b"Something went wrong on our side" in page.content


def test_the_api_answers_a_foreign_host_in_json(db: None) -> None:
    answer = Client(HTTP_HOST="evil.example").get("/api/me")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/json")
