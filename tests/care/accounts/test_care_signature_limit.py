"""A signature cannot be found by trying: after five wrong passwords no more are looked at for a quarter of an hour."""

from __future__ import annotations

import time
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, signed_in
from django.core.cache import cache

from openpbm.care.audit.models import AuditEntry
from openpbm.care.people.account import own_password
from openpbm.care.people.account.signature import SignatureForm


def signed(user: Any, password: str) -> str:
    """What the form says; "" for a signature that holds."""
    form = SignatureForm({"password": password}, signer=user)
    return "" if form.is_valid() else str(form.errors["password"][0])


def test_after_five_wrong_ones_the_right_one_waits_and_others_do_not(house: House) -> None:
    for number in range(5):
        assert signed(house.clinician, f"wrong {number}").startswith("This is not your password")
    assert "Wait 15 minutes" in signed(house.clinician, PASSWORD)
    assert signed(house.other_clinician, PASSWORD) == ""
    found = AuditEntry.objects.filter(action="signature_failed")
    assert found.count() == 5, "what was not looked at any more is not noted: the audit cannot be filled with it"
    assert {(entry.actor, entry.clinic_id) for entry in found} == {(house.clinician, house.clinic.pk)}


def test_right_ones_take_nothing_away_and_wrong_ones_are_forgotten_in_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(7):
        assert signed(house.clinician, PASSWORD) == ""
    monkeypatch.setattr(own_password, "_WITHIN_S", 0.05)
    for _ in range(5):
        signed(house.clinician, "wrong")
    time.sleep(0.1)
    assert signed(house.clinician, PASSWORD) == ""


def test_a_right_one_between_does_not_forgive_the_wrong_ones(house: House) -> None:
    for _ in range(4):
        signed(house.clinician, "wrong")
    assert signed(house.clinician, PASSWORD) == ""
    signed(house.clinician, "wrong")
    assert "Wait" in signed(house.clinician, PASSWORD)
    cache.clear()


def test_wrong_ones_at_changing_the_password_are_counted_with_them_and_told(house: House) -> None:
    client = signed_in(account_of(house.alice))
    form = {"password1": "a lamp beside the window", "password2": "a lamp beside the window"}
    for number in range(5):
        said = client.post("/account/password/change/", form | {"oldpassword": f"wrong {number}"}).content.decode()
        assert "This is not your password" in said
    said = client.post("/account/password/change/", form | {"oldpassword": PASSWORD}).content.decode()
    assert "Wait 15 minutes" in said
    assert "Wait 15 minutes" in signed(house.alice.user, PASSWORD)
    found = AuditEntry.objects.filter(action="password_wrong")
    assert {(entry.actor, entry.clinic_id, entry.person_id) for entry in found} == {
        (house.alice.user, house.clinic.pk, house.alice.pk)
    }
    assert found.count() == 5


def test_changing_the_password_is_counted_once_and_never_answered_with_a_bare_429(house: House) -> None:
    client = signed_in(account_of(house.alice))
    form = {"oldpassword": "wrong", "password1": "a lamp beside the window", "password2": "a lamp beside the window"}
    answers = [client.post("/account/password/change/", form) for _ in range(22)]
    assert {answer.status_code for answer in answers} == {200}
    assert "Wait 15 minutes" in answers[-1].content.decode()
    assert AuditEntry.objects.filter(action="password_wrong").count() == 5
