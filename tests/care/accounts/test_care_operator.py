"""Whoever runs the machine opens clinics and gives first passwords again; the audit says so."""

from __future__ import annotations

from typing import Any

import pytest
from care.conftest import House, account_of, signed_in

from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.people.account.operator import open_clinic, renew_any_password
from openpbm.errors import BadInput


def test_a_clinic_is_opened_with_an_administrator_who_has_to_choose_a_password(db: None) -> None:
    clinic, passwords = open_clinic(name=" Calf Clinic ", time_zone="Europe/Berlin", administrator="ann")
    assert (clinic.name, clinic.time_zone) == ("Calf Clinic", "Europe/Berlin")
    ann = Membership.objects.get(clinic=clinic, ended_at=None).user
    assert ann.role_in(clinic.pk) == Role.ADMIN
    assert ann.check_password(passwords["ann"])
    assert ann.must_change_password
    entry = AuditEntry.objects.get(action="clinic_opened")
    assert (entry.actor, entry.clinic_id, entry.detail) == (None, clinic.pk, {"admin": "ann"})
    assert verify().ok


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "has 0 characters; write from 1 to 120"),
        ({"name": "x" * 121}, "has 121 characters; write from 1 to 120"),
        ({"name": "a\0b"}, "control character"),
        ({"name": "NORTH clinic"}, "there is a clinic of that name"),
        ({"time_zone": "Mars/Olympus"}, "Europe/Berlin"),
        ({"time_zone": "../etc/passwd"}, "Europe/Berlin"),
        ({"administrator": "Alice"}, "is taken"),
        ({"administrator": ""}, "username"),
        ({"administrator": "two words"}, "username"),
        ({"administrator": "x" * 151}, "username"),
        ({"clinician": "Alice"}, "is taken"),
        ({"clinician": "ann"}, "is taken"),
        ({"clinician": "two words"}, "username"),
    ],
)
def test_what_cannot_be_opened_is_said_and_leaves_nothing(house: House, wrong: dict[str, Any], said: str) -> None:
    Clinic.objects.create(name="North Clinic")
    before = [model.objects.count() for model in (Clinic, User, Membership, AuditEntry)]
    good = {"name": "South Clinic", "time_zone": "UTC", "administrator": "ann"}
    with pytest.raises(BadInput, match=said):
        open_clinic(**(good | wrong))
    assert [model.objects.count() for model in (Clinic, User, Membership, AuditEntry)] == before


def test_a_lost_password_is_replaced_and_old_sign_ins_end(house: House) -> None:
    browser = signed_in(account_of(house.alice))
    password = renew_any_password(username="ALICE")
    alice = User.objects.get(pk=account_of(house.alice).pk)
    assert alice.check_password(password)
    assert alice.must_change_password
    assert browser.get("/").status_code == 302
    entry = AuditEntry.objects.get(action="first_password_given")
    assert (entry.actor, entry.clinic_id, entry.person_id) == (None, house.clinic.pk, house.alice.pk)
    assert "whoever runs the machine" in signed_in(house.auditor).get("/clinic/audit/").content.decode()


def test_lost_devices_of_the_second_factor_go_when_asked(house: House) -> None:
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=house.clinician, type="totp", data={"secret": "x"})
    renew_any_password(username="clara")
    assert Authenticator.objects.filter(user=house.clinician).exists()
    renew_any_password(username="clara", forget_second_factor=True)
    assert not Authenticator.objects.filter(user=house.clinician).exists()
    assert AuditEntry.objects.filter(action="second_factor_forgotten", clinic_id=house.clinic.pk).count() == 1


def test_nobody_of_that_name_is_said(db: None) -> None:
    with pytest.raises(BadInput, match="there is none of that login name"):
        renew_any_password(username="nobody")


@pytest.mark.parametrize("zone", ["EST", "Etc/GMT+2", "Factory", "MST7MDT", "posixrules", "localtime", "GMT+2"])
def test_a_clinic_is_opened_in_a_zone_that_a_form_would_offer(db: None, zone: str) -> None:
    with pytest.raises(BadInput, match="time zone"):
        open_clinic(name="Calf Clinic", time_zone=zone, administrator="ann")
    assert not Clinic.objects.filter(name="Calf Clinic").exists()
