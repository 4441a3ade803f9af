"""A code half a minute early or late was refused; one that is still good was taken a second time after 30 seconds."""

from __future__ import annotations

import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from care.conftest import PASSWORD, House
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from openpbm.care.accounts.models import ShownCode, User
from openpbm.care.accounts.one_time_codes import take_code

SECRET = generate_totp_secret()
NOW = 1_800_000_015


def code(steps: int) -> str:
    """What a telephone shows whose clock differs by so many half minutes."""
    return str(format_hotp_value(hotp_value(SECRET, NOW // 30 + steps)))


@pytest.fixture
def clara(house: House, monkeypatch: pytest.MonkeyPatch) -> User:
    monkeypatch.setattr(time, "time", lambda: float(NOW))
    return house.clinician


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_on_either_side_is_taken(clara: User, steps: int, good: bool) -> None:
    assert take_code(clara, SECRET, code(steps)) == good


def test_each_code_opens_once_as_long_as_it_is_good(clara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    early = code(1)
    assert take_code(clara, SECRET, early)
    for later in (0, 20, 44, 59):
        monkeypatch.setattr(time, "time", lambda later=later: float(NOW + later))
        assert not take_code(clara, SECRET, early), later
        assert not take_code(clara, SECRET, f"{early[:3]}-{early[3:]}"), "nor written with a dash"
    assert take_code(clara, SECRET, code(2))
    monkeypatch.setattr(time, "time", lambda: float(NOW + 3600))
    assert take_code(clara, SECRET, code(120))
    assert ShownCode.objects.filter(user=clara).count() == 1, "old ones are not kept"


def test_another_account_has_its_own(clara: User, house: House) -> None:
    assert take_code(clara, SECRET, code(0))
    assert take_code(house.auditor, SECRET, code(0))


@pytest.mark.parametrize("typed", ["", "000000", "abc", "١٢٣٤٥٦", "12345678901"])
def test_what_is_no_code_is_refused(clara: User, typed: str) -> None:
    assert not take_code(clara, SECRET, typed)


def test_at_the_sign_in_and_when_asked_again(clara: User, monkeypatch: pytest.MonkeyPatch) -> None:
    TOTP.activate(clara, SECRET)

    def shown(typed: str) -> Any:
        client = Client()
        client.post(reverse("account_login"), {"login": "clara", "password": PASSWORD})
        client.post(reverse("mfa_authenticate"), {"code": typed})
        return client

    late = code(-1)
    client = shown(late)
    assert "_auth_user_id" in client.session
    cache.clear()  # what allauth remembers for 30 seconds
    assert "_auth_user_id" not in shown(late).session
    assert client.post(reverse("mfa_reauthenticate"), {"code": late}).status_code == 200
    assert client.post(reverse("mfa_reauthenticate"), {"code": code(0)}).status_code == 302
