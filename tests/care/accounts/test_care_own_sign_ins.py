"""Where somebody is signed in is theirs to see and to end, one by one or all others at once."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from care.conftest import PASSWORD, House, account_of
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from openpbm.care.audit.models import AuditEntry
from openpbm.care.home.browser_names import browser_name

PAGE = "/account/"


def sign_in(name: str = "alice", browser: str = "Mozilla/5.0 (X11; Linux) Firefox/130.0") -> Client:
    client = Client(HTTP_USER_AGENT=browser)
    client.post("/account/login/", {"login": name, "password": PASSWORD})
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(PAGE).status_code == 200
    return client


def is_in(client: Client) -> bool:
    client.get("/")
    return "_auth_user_id" in client.session


def row_of(client: Client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


@pytest.fixture
def three(house: House) -> Any:
    return [sign_in(browser=name) for name in ("(Windows) Chrome/120 Edg/120", "(iPhone) Safari/600", "Firefox/1")]


def test_each_is_listed_with_its_browser(three: Any) -> None:
    page = three[0].get(PAGE).content.decode()
    for name in ("Edge on Windows · this browser", "Safari on iPhone", "Firefox"):
        assert name in page
    assert page.count("Signed in ") - page.count("Signed in as") == 3


def test_one_is_ended_and_the_others_stay(three: Any, house: House) -> None:
    three[0].post(f"{PAGE}sign-ins/{row_of(three[1]).pk}/end/")
    assert [is_in(client) for client in three] == [True, False, True]
    entry = AuditEntry.objects.get(action="sign_in_ended")
    assert (entry.actor, entry.person_id) == (account_of(house.alice), house.alice.pk)


def test_all_others_are_ended_at_once(three: Any) -> None:
    three[2].post(f"{PAGE}sign-ins/others/end/")
    assert [is_in(client) for client in three] == [False, False, True]


def test_this_one_is_ended_too(three: Any) -> None:
    three[0].post(f"{PAGE}sign-ins/{row_of(three[0]).pk}/end/")
    assert [is_in(client) for client in three] == [False, True, True]


def test_nobody_elses_is_ended_nor_without_showing_again_who_one_is(three: Any, house: House) -> None:
    bob = sign_in("bob")
    assert bob.post(f"{PAGE}sign-ins/{row_of(three[0]).pk}/end/").status_code == 403
    session = bob.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time() - 301, "reauthenticated": True}
    ]
    session.save()
    answer = bob.post(f"{PAGE}sign-ins/others/end/")
    assert "reauthenticate" in answer.headers["Location"]
    assert all(is_in(client) for client in three)


def test_a_changed_password_ends_the_others(three: Any) -> None:
    new = {"oldpassword": PASSWORD, "password1": "a lamp beside the window", "password2": "a lamp beside the window"}
    three[0].post("/account/password/change/", new)
    assert [is_in(client) for client in three] == [True, False, False]
    assert "Safari" not in three[0].get(PAGE).content.decode()


def test_one_that_idled_out_is_ended_and_not_shown(three: Any) -> None:
    key = three[1].session.session_key
    store = SessionStore(key)
    store["seen_at"] = time.time() - 31 * 60
    store.save()
    assert "Safari" not in three[0].get(PAGE).content.decode()
    assert not SessionStore().exists(key)


@pytest.mark.parametrize(
    ("calls_itself", "shown"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537 Chrome/124 Mobile Safari/537", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605", "Safari on Mac"),
        ("curl/8.5", "Another program"),
        ("", "Another program"),
    ],
)
def test_a_browser_has_the_name_people_know(calls_itself: str, shown: str) -> None:
    assert browser_name(calls_itself) == shown
