"""Every sign-in, failed or not, and every change of what an account is opened with is in the audit of its clinic."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from care.conftest import PASSWORD, House, account_of, signed_in
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care.accounts.models import Membership, Role
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify

AUDIT = "/clinic/audit/"


def entries(action: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=action).order_by("number"))


def sign_in(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": password})
    return client


def test_in_and_out_and_a_wrong_password_are_noted_without_what_was_typed(house: House) -> None:
    client = sign_in("alice")
    client.post(reverse("account_logout"))
    sign_in("Alice", "a secret typed by mistake")
    alice = house.alice
    for action, actor in (("signed_in", alice.user), ("signed_out", alice.user), ("sign_in_failed", None)):
        (entry,) = entries(action)
        where = (entry.actor, entry.person_id, entry.clinic_id, entry.table, entry.row_id)
        assert where == (actor, alice.pk, house.clinic.pk, "accounts_user", str(account_of(alice).pk)), action
        assert "secret" not in str(entry.detail)
    assert verify().ok


def test_an_account_that_is_not_there_leaves_nothing(house: House) -> None:
    sign_in("nobody", "x")
    sign_in("my password typed into the wrong field", "x")
    assert entries("sign_in_failed") == []


def test_staff_helpers_and_people_alone_are_noted_where_they_belong(house: House) -> None:
    Membership.objects.create(user=house.auditor, clinic=house.other_clinic, role=Role.AUDITOR)
    for user in (house.auditor, house.helper, house.carol.user):
        sign_in(present(user).username)
    found: dict[Any, Any] = {}
    for entry in entries("signed_in"):
        found.setdefault(entry.actor, set()).add((entry.clinic_id, entry.person_id))
    assert found == {
        house.auditor: {(house.clinic.pk, None), (house.other_clinic.pk, None)},
        house.helper: {(house.clinic.pk, None)},
        house.carol.user: {(None, house.carol.pk)},
    }


def test_a_changed_password_is_noted(house: House) -> None:
    client = sign_in("alice")
    new = "a lamp beside the window"
    client.post(reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": new, "password2": new})
    (entry,) = entries("password_changed")
    assert (entry.actor, entry.person_id, entry.detail) == (house.alice.user, house.alice.pk, {})


def test_the_second_factor_is_noted_when_it_comes_goes_and_fails(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    # The test itself is one transaction; on the site the view's own ends before the answer is made.
    monkeypatch.setattr("django.db.transaction.on_commit", lambda done: done())
    from care.accounts.test_care_second_factor import code_of

    client = sign_in("clara")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert {entry.detail["kind"] for entry in entries("second_factor_added")} == {"totp", "recovery_codes"}
    other = sign_in("clara")
    other.post(reverse("mfa_authenticate"), {"code": "000000"})
    (wrong,) = entries("second_factor_wrong")
    assert (wrong.actor, wrong.clinic_id) == (None, house.clinic.pk)
    assert len(entries("signed_in")) == 1, "with the password alone nobody is in"
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=house.clinician, type="totp").exists()
    assert "totp" in {entry.detail["kind"] for entry in entries("second_factor_removed")}


def test_the_auditor_of_the_clinic_reads_it_in_words_and_no_other(house: House) -> None:
    sign_in("alice")
    sign_in("clara", "wrong")
    page = signed_in(house.auditor).get(AUDIT).content.decode()
    assert "Signed in" in page
    assert house.alice.code in page
    assert "Failed sign-in" in page
    assert "Clara" in page
    sign_in("bob")
    assert "bob" not in signed_in(house.auditor).get(AUDIT).content.decode()
