"""How long a sign-in lasts, how often a password may be tried, and what every page tells the browser."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openpbm.care.accounts.middleware import PATIENT_LIMITS, STAFF_LIMITS

SIGN_IN = "/account/login/"


@pytest.fixture
def nobody_failed_before() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def aged(client: Client, name: str, seconds: float) -> Client:
    """The same browser after so long; `began_at` or `seen_at` is what is set back."""
    session = client.session
    session.update({"began_at": time.time(), "seen_at": time.time()} | {name: time.time() - seconds})
    session.save()
    return client


@pytest.mark.parametrize(
    ("staff", "idle", "longest"),
    [(True, 15 * 60, 12 * 3600), (False, 30 * 60, 30 * 24 * 3600)],
    ids=["staff", "patient"],
)
def test_who_does_nothing_or_is_in_for_too_long_is_signed_out(
    house: House, staff: bool, idle: int, longest: int
) -> None:
    assert (STAFF_LIMITS if staff else PATIENT_LIMITS) == (idle, longest)
    user = house.clinician if staff else house.alice.user
    path = reverse("home:today", kwargs={"person_id": house.alice.pk})
    for name, limit in (("seen_at", idle), ("began_at", longest)):
        assert aged(signed_in(user), name, limit - 60).get(path).status_code == 200
        gone = aged(signed_in(user), name, limit + 1)
        answer = gone.get(path)
        assert answer.status_code != 200
        assert "_auth_user_id" not in gone.session


def test_looking_around_keeps_the_idle_time_away(house: House) -> None:
    client = aged(signed_in(account_of(house.alice)), "seen_at", PATIENT_LIMITS[0] - 60)
    client.get(reverse("home:today", kwargs={"person_id": house.alice.pk}))
    assert time.time() - client.session["seen_at"] < 60


def test_after_five_wrong_passwords_the_right_one_has_to_wait(house: House, nobody_failed_before: None) -> None:
    def tried(password: str) -> bool:
        client = Client()
        client.post(SIGN_IN, {"login": "alice", "password": password})
        return "_auth_user_id" in client.session

    assert tried(PASSWORD)
    assert not any(tried(f"wrong {number}") for number in range(5))
    assert not tried(PASSWORD)


@pytest.mark.parametrize("path", [SIGN_IN, "/learn/", "/people/{}/today/"])
def test_a_page_runs_files_of_the_site_alone_and_stands_in_no_frame(house: House, path: str) -> None:
    answer = signed_in(account_of(house.alice)).get(path.format(house.alice.pk), follow=True)
    policy = dict(
        rule.strip().partition(" ")[::2]
        for rule in answer.headers["Content-Security-Policy"].split(";")
        if rule.strip()
    )
    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == "'none'"
    assert policy["frame-ancestors"] == "'self'"
    assert not [rule for rule, value in policy.items() if "unsafe" in value or "http" in value or "*" in value]
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_no_browser_keeps_a_page_of_a_record(house: House) -> None:
    page = signed_in(account_of(house.alice)).get(reverse("home:today", kwargs={"person_id": house.alice.pk}))
    assert page.headers["Cache-Control"] == "no-store"


def test_a_form_of_another_site_is_refused(house: House) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(account_of(house.alice), backend=settings.AUTHENTICATION_BACKENDS[0])
    answer = client.post(reverse("scales:diary", kwargs={"person_id": house.alice.pk}), {"severity": "5"})
    assert answer.status_code == 403
    assert not house.alice.diary.exists()
