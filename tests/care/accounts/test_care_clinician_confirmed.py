"""An administrator invited himself as clinician, read every record and ended a hold, within a minute and unseen."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from care.conftest import PASSWORD, House, account_of, make_member, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openpbm.care import clock
from openpbm.care.accounts import staff
from openpbm.care.accounts.confirmation import confirm_clinician, restore_own
from openpbm.care.accounts.first_password import give_first_password
from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import Relation, clinicians_of, people_of, relation
from openpbm.care.people.account.operator import confirm_any_clinician, open_clinic, renew_any_password
from openpbm.errors import BadInput


def of(user: Any) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


def again(user: User) -> User:
    """The account as the next request finds it."""
    return User.objects.get(pk=user.pk)


def settled(user: User) -> User:
    """The account once its owner has chosen a password and set up a second factor."""
    user.set_password(PASSWORD)
    user.must_change_password = False
    user.save()
    if not Authenticator.objects.filter(user=user).exists():
        TOTP.activate(user, generate_totp_secret())
    return again(user)


def second_factor(user: User) -> Authenticator:
    made: Authenticator = TOTP.activate(user, generate_totp_secret()).instance
    # allauth's own column says the time on the wall, and the tests run past noon.
    made.created_at = clock.now()
    made.save()
    return made


def invited(house: House, name: str = "nora") -> User:
    row, _ = staff.invite_member(
        clinic=house.clinic, username=name, display_name=name.title(), role=Role.CLINICIAN, by=house.admin
    )
    return settled(row.user)


def told(user: User) -> list[str]:
    return list(Reminder.objects.filter(user=user).order_by("key").values_list("text", flat=True))


def opens_records(user: User, house: House) -> bool:
    """Whether anything of the clinic's people is open, asked in each of the ways the application asks."""
    user = again(user)
    ways = {
        relation(user, house.alice) == Relation.CLINICIAN,
        people_of(user).filter(pk=house.alice.pk).exists(),
        user in clinicians_of(house.alice.pk),
    }
    assert len(ways) == 1, ways
    return ways.pop()


def test_whom_an_administrator_invites_as_clinician_opens_nothing_until_a_clinician_confirms_them(house: House) -> None:
    nora = invited(house)
    browser = signed_in(nora)
    shut = [
        "/people/", "/appointments/", "/people/new/", reverse("home:today", args=[house.alice.pk]),
        f"/api/people/{house.alice.pk}/diary", reverse("people:confirm_clinician", args=[of(nora).pk]),
    ]  # fmt: skip
    assert [browser.get(path).status_code for path in shut] == [403] * len(shut)
    assert not opens_records(nora, house)
    waiting = browser.get("/", follow=True)
    assert "has to confirm you" in waiting.content.decode()

    confirm = reverse("people:confirm_clinician", args=[of(nora).pk])
    assert signed_in(house.admin).post(confirm, {"password": PASSWORD}).status_code == 403
    clinician = signed_in(house.clinician)
    assert clinician.post(confirm, {"password": "a guess"}).status_code == 422
    assert not opens_records(nora, house)
    assert clinician.post(confirm, {"password": PASSWORD}).status_code == 302
    assert opens_records(nora, house)
    assert browser.get("/people/").status_code == 200
    entry = AuditEntry.objects.get(action="clinician_confirmed")
    assert (entry.actor, entry.clinic_id, entry.detail) == (house.clinician, house.clinic.pk, {"username": "nora"})


def test_everybody_who_works_there_is_told_of_each_step(house: House) -> None:
    nora = invited(house)
    for user in (house.clinician, house.auditor):
        assert any("Adam invited Nora as clinician" in text for text in told(user)), user
    assert not told(house.other_clinician)
    confirm_clinician(membership=of(nora), by=house.clinician)
    for user in (house.admin, house.auditor):
        assert any("Clara confirmed Nora" in text for text in told(user)), user
    staff.end_membership(membership=of(nora), by=house.admin)
    assert any("Adam ended the access of Nora" in text for text in told(house.clinician))


def _becomes(house: House) -> User:
    staff.change_role(membership=of(house.auditor), role=Role.CLINICIAN, by=house.admin)
    return settled(house.auditor)


def _makes_himself(house: House) -> User:
    other = make_member("ada", house.clinic, Role.ADMIN)
    staff.change_role(membership=of(house.admin), role=Role.CLINICIAN, by=other)
    return settled(house.admin)


def _comes_back(house: House) -> User:
    staff.end_membership(membership=of(house.clinician), by=house.admin)
    staff.invite_member(clinic=house.clinic, username="clara", display_name="", role=Role.CLINICIAN, by=house.admin)
    return settled(house.clinician)


def _there_and_back(house: House) -> User:
    # What a reset had set aside is not given back to a role that was given again in between.
    TOTP.activate(house.clinician, generate_totp_secret())
    staff.renew_password(membership=of(house.clinician), by=house.admin)
    for role in (Role.AUDITOR, Role.CLINICIAN):
        staff.change_role(membership=of(house.clinician), role=role, by=house.admin)
    restore_own(house.clinician, timezone.now() - dt.timedelta(days=1))
    return house.clinician


@pytest.mark.parametrize("way", [invited, _becomes, _makes_himself, _comes_back, _there_and_back])
def test_no_way_to_the_role_opens_records_by_itself(house: House, way: Any) -> None:
    second = make_member("zoe", house.clinic, Role.CLINICIAN)
    user = way(house)
    assert of(user).role == Role.UNCONFIRMED
    assert not opens_records(user, house)
    with pytest.raises(PermissionDenied):
        confirm_clinician(membership=of(user), by=again(user))
    with pytest.raises(PermissionDenied):
        confirm_clinician(membership=of(user), by=house.other_clinician)
    confirm_clinician(membership=of(settled(user)), by=second)
    assert opens_records(user, house)


def test_the_role_that_waits_is_not_given_by_name_nor_shed_by_giving_it_again(house: House) -> None:
    with pytest.raises(BadInput, match="not given by that name"):
        staff.change_role(membership=of(house.auditor), role=Role.UNCONFIRMED, by=house.admin)
    nora = invited(house)
    staff.change_role(membership=of(nora), role=Role.CLINICIAN, by=house.admin)
    assert of(nora).role == Role.UNCONFIRMED
    staff.change_role(membership=of(house.clinician), role=Role.CLINICIAN, by=house.admin)
    assert of(house.clinician).role == Role.CLINICIAN, "the role they have already changes nothing"


def test_with_a_first_password_nobody_is_confirmed(house: House) -> None:
    row, _ = staff.invite_member(
        clinic=house.clinic, username="nora", display_name="Nora", role=Role.CLINICIAN, by=house.admin
    )
    with pytest.raises(BadInput, match="let them sign in and do both"):
        confirm_clinician(membership=row, by=house.clinician)
    settled(row.user)
    confirm_clinician(membership=row, by=house.clinician)
    with pytest.raises(BadInput, match="does not wait"):
        confirm_clinician(membership=row, by=house.clinician)


@pytest.mark.parametrize("device_too", [False, True], ids=["password", "and_device"])
def test_a_reset_of_a_clinicians_account_opens_no_record_and_is_told(house: House, device_too: bool) -> None:
    second = make_member("zoe", house.clinic, Role.CLINICIAN)
    TOTP.activate(house.clinician, generate_totp_secret())
    staff.renew_password(membership=of(house.clinician), by=house.admin, forget_second_factor=device_too)
    assert not opens_records(house.clinician, house)
    assert any("If you did not ask for it" in text for text in told(house.clinician))
    for user in (second, house.auditor):
        (text,) = told(user)
        assert "Adam made a new first password for Clara" in text
        assert ("took the second factor away" in text) == device_too
    confirm_clinician(membership=of(settled(house.clinician)), by=second)
    assert opens_records(house.clinician, house)


def test_the_second_factor_from_before_the_reset_gives_the_records_back_and_a_later_one_does_not(house: House) -> None:
    own = second_factor(house.clinician)
    staff.renew_password(membership=of(house.clinician), by=house.admin)
    restore_own(house.clinician, timezone.now())
    assert not opens_records(house.clinician, house), "set up after the reset, it may be the administrator's"
    restore_own(house.clinician, own.created_at)
    assert opens_records(house.clinician, house)
    assert any("before the reset" in text for text in told(house.auditor))
    # Taken away in a second step, nothing older than that is left.
    staff.renew_password(membership=of(house.clinician), by=house.admin)
    staff.renew_password(membership=of(house.clinician), by=house.admin, forget_second_factor=True)
    assert not Authenticator.objects.filter(user=house.clinician).exists()
    later = second_factor(house.clinician)
    restore_own(house.clinician, later.created_at)
    assert not opens_records(house.clinician, house)


def test_whom_nobody_confirmed_gains_nothing_by_an_old_second_factor(house: House) -> None:
    nora = invited(house)
    staff.renew_password(membership=of(nora), by=house.admin)
    restore_own(nora, timezone.now() - dt.timedelta(days=1))
    assert not opens_records(nora, house)


def test_a_reset_by_whoever_runs_the_machine_is_held_alike(house: House) -> None:
    TOTP.activate(house.clinician, generate_totp_secret())
    renew_any_password(username="clara", forget_second_factor=True)
    assert not opens_records(house.clinician, house)
    assert any(text.startswith("Whoever runs the machine made") for text in told(house.auditor))
    with pytest.raises(BadInput, match="let them sign in and do both"):
        confirm_any_clinician(username="clara")
    settled(house.clinician)
    assert [row.user for row in confirm_any_clinician(username="Clara")] == [house.clinician]
    assert opens_records(house.clinician, house)
    with pytest.raises(BadInput, match="no clinician who waits"):
        confirm_any_clinician(username="audrey")


def test_of_a_patients_new_password_the_patient_alone_is_told(house: House) -> None:
    give_first_password(user=account_of(house.alice), by=house.clinician, seen_in={house.clinic.pk: house.alice.pk})
    (text,) = told(account_of(house.alice))
    assert text.startswith("Clara made a new first password for you")
    assert not told(house.auditor)


def test_a_new_clinic_begins_with_a_clinician_who_confirms_the_others(db: None) -> None:
    clinic, passwords = open_clinic(
        name="Calf Clinic", time_zone="UTC", administrator="ann", clinician="cleo", clinician_name="Dr. Cleo"
    )
    assert list(passwords) == ["ann", "cleo"]
    cleo, ann = User.objects.get(username="cleo"), User.objects.get(username="ann")
    assert (cleo.role_in(clinic.pk), ann.role_in(clinic.pk)) == (Role.CLINICIAN, Role.ADMIN)
    assert cleo.check_password(passwords["cleo"])
    row, _ = staff.invite_member(clinic=clinic, username="nora", display_name="", role=Role.CLINICIAN, by=ann)
    settled(row.user)
    assert confirm_clinician(membership=row, by=cleo).confirmed_by == cleo
