"""A password that somebody else made opens one page, until its owner has chosen another; a lost one is made again."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from care.access.every_route import fill, route_names
from care.conftest import PASSWORD, House, account_of, make_member, make_user, signed_in
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.accounts.staff import invite_member
from openpbm.care.audit.models import AuditEntry
from openpbm.care.people.actions import grant_help, register_with_account
from openpbm.care.people.models import HelperGrant, Identity

CHANGE, STAFF = "/account/password/change/", "/clinic/staff/"
OWN = "a lamp beside the window"


def secret_of(answer: Any) -> str:
    assert answer.status_code == 200, answer.content
    return present(re.search(r'class="secret">([^<]+)<', answer.content.decode()))[1]


def with_password(name: str, password: str) -> Client:
    client = Client()
    client.post(reverse("account_login"), {"login": name, "password": password})
    return client


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def choose(client: Client, old: str, new: str = OWN) -> Any:
    return client.post(CHANGE, {"oldpassword": old, "password1": new, "password2": new})


def of(user: Any) -> Membership:
    return Membership.objects.get(user=user, ended_at=None)


@pytest.fixture
def nora(house: House) -> Any:
    person, password = register_with_account(
        by=house.clinician, clinic=house.clinic, identity=Identity(name="Nora"), time_zone="UTC", login_name="nora"
    )
    return person, password


def test_with_a_first_password_every_way_leads_to_changing_it(house: House, nora: Any) -> None:
    person, password = nora
    client = with_password("nora", password)
    open_to_all = {
        "account_change_password", "account_logout", "account_reauthenticate", "mfa_reauthenticate",
        "mfa_authenticate", "healthz", "home:forgotten_password",
        "home:choose_password", "home:offline", "home:service_worker",
    }  # fmt: skip
    parameters = {
        "person_id": person.pk, "week": 2, "grant_id": 1, "membership_id": 1, "appointment_id": 1, "purpose": "record",
        **dict.fromkeys(
            ("lamp_id", "screening_id", "plan_id", "hold_id", "start_id", "record_id", "score_id", "event_id", "job_id",
             "reminder_id", "checkpoint_id", "report_id", "consent_id", "design_id"), person.pk,
        ),
    }  # fmt: skip
    for route in sorted(set(route_names()) - open_to_all):
        for path in fill(route, parameters):
            answer = client.get(path)
            if path.startswith("/api/"):
                assert answer.status_code == 403, path
                assert CHANGE in answer.json()["detail"], path
            else:
                assert (answer.status_code, answer.headers.get("Location")) == (302, CHANGE), path
    assert client.get("/healthz").status_code in (200, 503)
    assert "Somebody else made your first password" in client.get(CHANGE).content.decode()


def test_choosing_another_opens_the_rest_and_the_first_one_is_no_choice(house: House, nora: Any) -> None:
    person, password = nora
    client = with_password("nora", password)
    again = choose(client, password, password)
    assert again.status_code == 200
    assert "Choose one that only you know" in again.content.decode()
    assert User.objects.get(username="nora").must_change_password
    assert choose(client, password).headers["Location"] == reverse("home:start")
    assert not User.objects.get(username="nora").must_change_password
    assert client.get(reverse("home:today", args=[person.pk])).status_code == 200
    assert client.get("/api/me").status_code == 200


def test_a_member_of_staff_chooses_the_password_and_only_then_sets_up_the_second_factor(house: House) -> None:
    _, password = invite_member(
        clinic=house.clinic, username="ines", display_name="Ines", role=Role.CLINICIAN, by=house.admin
    )
    client = with_password("ines", password)
    assert client.get("/people/").headers["Location"] == CHANGE
    assert client.get(CHANGE).status_code == 200
    choose(client, password)
    assert client.get("/people/").headers["Location"] == reverse("mfa_activate_totp")


def test_who_signed_up_alone_chose_already(house: House) -> None:
    client = Client()
    client.post(reverse("account_signup"), {"username": "solo", "password1": OWN, "password2": OWN})
    assert not User.objects.get(username="solo").must_change_password
    assert client.get(reverse("people:welcome")).status_code == 200


def test_an_administrator_makes_a_first_password_again(house: House) -> None:
    TOTP.activate(house.clinician, generate_totp_secret())
    before = signed_in(house.clinician)
    assert before.get("/people/").status_code == 200
    admin = signed_in(house.admin)
    made = secret_of(admin.post(f"{STAFF}{of(house.clinician).pk}/password/"))
    assert not is_in_still(before)
    user = User.objects.get(pk=house.clinician.pk)
    assert user.check_password(made)
    assert user.must_change_password
    assert Authenticator.objects.filter(user=user).exists(), "the second factor was not said to be lost"
    entry = AuditEntry.objects.get(action="first_password_given")
    assert (entry.actor, entry.clinic_id, entry.row_id) == (house.admin, house.clinic.pk, str(user.pk))
    assert made not in admin.get(STAFF).content.decode()


def is_in_still(client: Client) -> bool:
    client.get("/")
    return is_in(client)


def test_with_it_goes_a_second_factor_that_was_lost(house: House) -> None:
    TOTP.activate(house.clinician, generate_totp_secret())
    secret_of(signed_in(house.admin).post(f"{STAFF}{of(house.clinician).pk}/password/", {"lost_device": "on"}))
    assert not Authenticator.objects.filter(user=house.clinician).exists()
    assert AuditEntry.objects.get(action="second_factor_forgotten").clinic_id == house.clinic.pk


def test_an_administrator_makes_none_for_themselves_nor_for_what_opens_more_than_the_clinic(house: House) -> None:
    admin = signed_in(house.admin)
    assert admin.post(f"{STAFF}{of(house.admin).pk}/password/").status_code == 400
    assert admin.post(f"{STAFF}{of(house.other_clinician).pk}/password/").status_code == 403
    Membership.objects.create(user=house.clinician, clinic=house.other_clinic, role=Role.CLINICIAN)
    refused = admin.post(f"{STAFF}{Membership.objects.get(user=house.clinician, clinic=house.clinic).pk}/password/")
    assert refused.status_code == 400
    assert b"outside this clinic" in refused.content
    assert User.objects.get(pk=house.clinician.pk).check_password(PASSWORD)
    HelperGrant.objects.create(person=house.bob, user=house.auditor)
    assert admin.post(f"{STAFF}{of(house.auditor).pk}/password/").status_code == 400


def test_a_clinician_makes_one_again_for_a_patient_and_for_a_helper_of_theirs(house: House) -> None:
    alice, clinician = house.alice, signed_in(house.clinician)
    page = clinician.get(reverse("people:details", args=[alice.pk])).content.decode()
    assert reverse("people:password", args=[alice.pk]) in page
    grant = HelperGrant.objects.get(person=alice)
    for user, path in (
        (alice.user, reverse("people:password", args=[alice.pk])),
        (house.helper, reverse("people:helper_password", args=[alice.pk, grant.pk])),
    ):
        before = signed_in(user)
        made = secret_of(clinician.post(path))
        assert not is_in_still(before)
        assert not is_in(with_password(present(user).username, PASSWORD))
        client = with_password(present(user).username, made)
        assert client.get(reverse("home:today", args=[alice.pk])).headers["Location"] == CHANGE
        entry = AuditEntry.objects.filter(action="first_password_given").latest("number")
        assert (entry.actor, entry.person_id, entry.clinic_id) == (house.clinician, alice.pk, house.clinic.pk)


def test_a_clinician_makes_none_for_an_account_that_opens_a_record_elsewhere(house: House) -> None:
    clinician = signed_in(house.clinician)
    grant = grant_help(person=house.carol, user=account_of(house.alice), by=account_of(house.carol))
    path = reverse("people:password", args=[house.alice.pk])
    refused = clinician.post(path).content
    assert b"outside this clinic" in refused
    assert b"openpbm account new-password alice" in refused  # who can do it, since it is the patient's own
    assert User.objects.get(pk=account_of(house.alice).pk).check_password(PASSWORD)
    HelperGrant.objects.filter(pk=grant.pk).delete()
    assert clinician.post(path).status_code == 200


def test_nobody_else_makes_one(house: House) -> None:
    make_user("frida")
    path = reverse("people:password", args=[house.alice.pk])
    for user in (house.alice.user, house.helper, house.other_clinician, house.auditor, house.admin):
        assert signed_in(user).post(path).status_code == 403
    grant = HelperGrant.objects.get(person=house.alice)
    grant.ended_at = grant.started_at
    grant.save()
    gone = reverse("people:helper_password", args=[house.alice.pk, grant.pk])
    assert signed_in(house.clinician).post(gone).status_code == 403
    second = make_member("zoe", house.clinic, Role.CLINICIAN)
    assert signed_in(second).post(f"{STAFF}{of(house.clinician).pk}/password/").status_code == 403
