"""Staff come in with two factors or not at all, however the second one came to the account or left it."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from care.conftest import PASSWORD, House
from django.test import Client
from django.urls import reverse

WORKLIST = "/people/"


def code_of(secret: str) -> str:
    """The code a telephone shows now: the oldest that counts would be too old when the half minute turns."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // app_settings.TOTP_PERIOD)))


def with_password(user: Any) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": user.username, "password": PASSWORD})
    assert client.session["_auth_user_id"] == str(user.pk)
    return client


@pytest.fixture
def secret(house: House) -> Any:
    found = generate_totp_secret()
    TOTP.activate(house.clinician, found)
    return found


def test_the_password_alone_opens_nothing(house: House) -> None:
    client = with_password(house.clinician)
    assert client.get(WORKLIST)["Location"] == reverse("mfa_activate_totp")
    assert client.get("/api/people").status_code == 403


def test_a_session_opened_before_the_second_factor_was_set_up_elsewhere_does_not_come_in_by_it(house: House) -> None:
    waiting = with_password(house.clinician)
    assert waiting.get(WORKLIST)["Location"] == reverse("mfa_activate_totp")
    found = generate_totp_secret()
    TOTP.activate(house.clinician, found)  # on another device
    assert waiting.get(WORKLIST)["Location"] == reverse("mfa_reauthenticate")
    assert waiting.get("/api/people").status_code == 403
    waiting.post(reverse("mfa_reauthenticate"), {"code": code_of(found)})
    assert waiting.get(WORKLIST).status_code == 200


def test_signing_in_with_both_factors_comes_in(house: House, secret: Any) -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": house.clinician.username, "password": PASSWORD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(WORKLIST).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert client.get(WORKLIST).status_code == 200


def test_setting_it_up_comes_in_and_taking_it_away_goes_out(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test itself is one transaction; on the site the view's own ends before the session is saved.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda done: done())
    client = with_password(house.clinician)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    found = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(found)})
    assert Authenticator.objects.filter(user=house.clinician, type="totp").exists()
    assert client.get(WORKLIST).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(WORKLIST)["Location"] == reverse("mfa_activate_totp")
