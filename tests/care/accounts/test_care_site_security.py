"""What the site tells browsers, which passwords it takes, and that a session begins and ends with the sign-in."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from openpbm.care import settings as site


def test_behind_https_the_cookies_are_the_hosts_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENPBM_HTTPS", "1")
    try:
        behind = importlib.reload(site)
        assert behind.SESSION_COOKIE_SECURE is behind.CSRF_COOKIE_SECURE is True
        assert behind.SESSION_COOKIE_NAME.startswith("__Host-")
        assert behind.CSRF_COOKIE_NAME.startswith("__Host-")
        assert behind.SESSION_COOKIE_SAMESITE == behind.CSRF_COOKIE_SAMESITE == "Lax"
        assert behind.SESSION_COOKIE_HTTPONLY
        assert behind.SECURE_HSTS_SECONDS >= 31_536_000
    finally:
        monkeypatch.undo()
        importlib.reload(site)


@pytest.mark.parametrize("path", ["/account/login/", "/api/openapi.json"])
def test_no_other_site_is_let_read_an_answer(db: None, path: str) -> None:
    answer = Client().get(path, HTTP_ORIGIN="https://evil.example")
    assert answer.status_code == 200
    assert not [name for name in answer.headers if name.startswith("Access-Control-")]
    assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("way", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_on_to_another_site(house: House, way: str) -> None:
    answer = Client().post(f"/account/login/?next={way}", {"login": "alice", "password": PASSWORD, "next": way})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/account/login/", "text/html; charset=utf-8"),
        ("/nowhere/", "text/html; charset=utf-8"),
        ("/api/me", "application/json"),
        ("/api/nowhere", "application/json"),
    ],
)
def test_every_answer_says_what_it_is(house: House, path: str, kind: str) -> None:
    answer = signed_in(account_of(house.alice)).get(path, follow=True)
    assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize(
    ("password", "taken"),
    [
        ("a lamp beside the window", True),
        ("zzzzz eeee ooo", True),  # no digit, no capital, no sign
        ("7391 5520 8846 1", True),  # nothing but digits
        ("elevenchars", False),
        ("qwertyqwerty", False),  # among the commonest
        ("1qaz2wsx3edc", False),
    ],
)
def test_which_passwords_are_taken(password: str, taken: bool) -> None:
    try:
        validate_password(password)
    except ValidationError:
        assert not taken
    else:
        assert taken


@pytest.mark.parametrize("password", ["  Spaces around it  ", "Größe und 光 12 Zeichen", "x7 " * 40])
def test_a_password_is_taken_just_as_it_was_typed(db: None, password: str) -> None:
    Client().post("/account/signup/", {"username": "solo", "password1": password, "password2": password})

    def comes_in(typed: str) -> bool:
        client = Client()
        client.post("/account/login/", {"login": "solo", "password": typed})
        return "_auth_user_id" in client.session

    assert comes_in(password)
    assert not comes_in(password.swapcase())
    assert not comes_in(password[:-1])
    assert "scrypt" in site.PASSWORD_HASHERS[0].lower()
    assert make_password(password) != make_password(password)


def test_signing_in_begins_another_session(house: House) -> None:
    client = Client()
    client.get("/account/login/")
    session: Any = client.session
    session["seen"] = True
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    client.post("/account/login/", {"login": "alice", "password": PASSWORD})
    inside = client.session.session_key
    assert inside != before
    client.post("/account/logout/")
    again = Client()
    again.cookies["session"] = str(inside)
    assert again.get("/").headers["Location"].startswith("/about/"), "a stranger again"
