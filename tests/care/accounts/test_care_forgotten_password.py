"""A forgotten password: by a link, once, for an hour, past no second factor, telling nobody who has an account."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from care.conftest import PASSWORD, House, account_of, signed_in
from django.core import mail
from django.test import Client
from django.urls import reverse
from present import present

from openpbm.care import clock
from openpbm.care.accounts.mail_address import AddressLink, account_address, keep_account_address
from openpbm.care.accounts.models import Membership, Role, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.send import send_due
from openpbm.care.people.access import address_of
from openpbm.care.people.actions import set_identity
from openpbm.care.people.models import Identity, Person

ASK = "/account/password/forgotten/"
NEW = "a lamp beside the window"


def letters() -> list[Any]:
    """What leaves with the worker's next minute."""
    mail.outbox = []
    send_due(clock.now(), "worker")
    return list(mail.outbox)


def link_in(letter: Any) -> str:
    return present(re.search(r"http://testserver(/\S+)", letter.body))[1]


def give_address(user: User, address: str = "alice@example.org") -> User:
    """An address, and its owner has confirmed it."""
    person = Person.objects.filter(user=user).first()
    if person is None:
        keep_account_address(user, address)
    else:
        set_identity(person=person, identity=Identity(name="Alice", email=address), time_zone="UTC", by=user)
    assert AddressLink.confirm(user, address_of(user), AddressLink.make_token(user, address))
    return user


@pytest.fixture
def alice(house: House) -> User:
    return give_address(account_of(house.alice))


def ask(name: str) -> Any:
    return Client().post(ASK, {"login_name": name})


def choose(link: str, password: str = NEW) -> tuple[Client, Any]:
    client = Client()
    page = client.get(link, follow=True)
    if b"does not work any more" in page.content:
        return client, page
    return client, client.post(page.request["PATH_INFO"], {"new_password1": password, "new_password2": password})


def comes_in(name: str, password: str) -> bool:
    client = Client()
    client.post("/account/login/", {"login": name, "password": password})
    return "_auth_user_id" in client.session


def test_the_link_replaces_the_password_once_and_ends_every_sign_in(alice: User) -> None:
    elsewhere = signed_in(alice)
    ask("Alice")
    (letter,) = letters()
    assert letter.to == ["alice@example.org"]
    assert "alice" not in letter.body.lower(), "a letter names nobody"
    link = link_in(letter)
    client, answer = choose(link)
    assert answer.headers["Location"] == "/account/login/"
    assert "_auth_user_id" not in client.session, "it signs nobody in"
    assert elsewhere.get("/").headers["Location"].startswith("/about/"), "a stranger again"
    assert comes_in("alice", NEW)
    assert not comes_in("alice", PASSWORD)
    assert b"does not work any more" in choose(link, "another one of mine")[1].content
    assert comes_in("alice", NEW)
    assert [entry.actor for entry in AuditEntry.objects.filter(action="password_replaced_by_link")] == [alice]
    assert any("was replaced" in letter.body for letter in letters())
    assert verify().ok


def test_who_has_an_account_or_an_address_is_not_told(house: House, alice: User) -> None:
    keep_account_address(house.helper, "helen@example.org")  # never confirmed
    answers = {ask(name).content for name in ("alice", "nobody-of-that-name", "bob", "helen")}
    assert len({re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", answer) for answer in answers}) == 1
    assert [letter.to for letter in letters()] == [["alice@example.org"]]


def _after_an_hour(link: str, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    from django.contrib.auth.tokens import PasswordResetTokenGenerator

    later = dt.datetime.now() + dt.timedelta(hours=1, minutes=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)


def _signed_in_since(link: str, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    assert comes_in("alice", PASSWORD)


def _changed_since(link: str, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    alice.set_password("another one of mine")
    alice.save()


def _address_changed_since(link: str, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    give_address(alice, "elsewhere@example.org")


@pytest.mark.parametrize("spoil", [_after_an_hour, _signed_in_since, _changed_since, _address_changed_since])
def test_a_link_dies(alice: User, spoil: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("alice")
    link = link_in(letters()[0])
    spoil(link, alice, monkeypatch)
    assert b"does not work any more" in choose(link)[1].content
    assert not comes_in("alice", NEW)


def test_of_another_account_the_link_is_worth_nothing(alice: User, house: House) -> None:
    ask("alice")
    link = link_in(letters()[0])
    from django.utils.encoding import force_bytes
    from django.utils.http import urlsafe_base64_encode

    mine, theirs = (urlsafe_base64_encode(force_bytes(pk)) for pk in (alice.pk, account_of(house.bob).pk))
    assert b"does not work any more" in choose(link.replace(f"/{mine}/", f"/{theirs}/"))[1].content


def test_the_rules_for_a_password_hold_here_too(alice: User) -> None:
    ask("alice")
    _, answer = choose(link_in(letters()[0]), "short")
    assert answer.status_code == 200
    assert b"too short" in answer.content
    assert comes_in("alice", PASSWORD)


def test_the_second_factor_stands_behind_the_link(house: House, alice: User) -> None:
    TOTP.activate(alice, generate_totp_secret())
    ask("alice")
    choose(link_in(letters()[0]))
    client = Client()
    answer = client.post("/account/login/", {"login": "alice", "password": NEW})
    assert answer.headers["Location"] == reverse("mfa_authenticate")
    assert Authenticator.objects.filter(user=alice).exists()


def test_staff_without_a_second_factor_get_no_link_and_a_role_that_waits_goes_on_waiting(house: House) -> None:
    clara = give_address(house.clinician, "clara@example.org")
    ask("clara")
    assert letters() == []
    TOTP.activate(clara, generate_totp_secret())
    Membership.objects.get(user=clara).delete()
    Membership.objects.create(user=clara, clinic=house.clinic, role=Role.UNCONFIRMED)
    ask("clara")
    choose(link_in(letters()[0]))
    assert User.objects.get(pk=clara.pk).role_in(house.clinic.pk) == Role.UNCONFIRMED


def test_asking_again_and_again_is_held_and_fills_no_mailbox(alice: User) -> None:
    assert [ask("alice").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert len(letters()) == 3


def test_a_password_that_was_made_for_somebody_is_replaced_as_well(alice: User) -> None:
    alice.must_change_password = True
    alice.save()
    ask("alice")
    choose(link_in(letters()[0]))
    assert not User.objects.get(pk=alice.pk).must_change_password


def test_an_address_is_asked_for_at_the_sign_up_and_reaches_reminders_once_the_record_is_begun(db: None) -> None:
    client = Client()
    assert b"E-mail" in client.get(reverse("account_signup")).content
    client.post(
        reverse("account_signup"),
        {"username": "solo", "password1": NEW, "password2": NEW, "mail_address": "Solo@example.org"},
    )
    solo = User.objects.get(username="solo")
    assert (account_address(solo), solo.email) == ("Solo@example.org", "")
    (letter,) = letters()
    assert letter.to == ["Solo@example.org"]

    page = client.get("/account/").content.decode()
    assert "Not confirmed" in page
    assert client.get(link_in(letter)).status_code == 200
    assert "Not confirmed" in client.get("/account/").content.decode(), "a program that follows links confirms nothing"
    # Whoever finds the browser open cannot confirm an address of theirs: the password is asked for, then it goes on.
    asked = client.post(link_in(letter)).headers["Location"]
    assert "Not confirmed" in client.get("/account/").content.decode()
    client.post(asked, {"password": NEW})
    assert "Not confirmed" not in client.get("/account/").content.decode()

    form = {"name": "Solo", "time_zone": "Europe/Berlin", "keep_record": "on"}
    client.post(reverse("people:welcome"), form)
    person = Person.objects.get(user=solo)
    assert person.identity.email == "Solo@example.org"
    assert account_address(User.objects.get(pk=solo.pk)) == "", "it lies in one place"
    Reminder.objects.create(
        user=solo, person_id=person.pk, kind="checkpoint", key="k", text="Week 2", due_at=clock.now()
    )
    assert [letter.to for letter in letters()] == [["Solo@example.org"]]
    assert "Not confirmed" not in client.get("/account/").content.decode()


def test_an_address_is_confirmed_by_its_owner_alone_and_for_itself_alone(house: House) -> None:
    helen = house.helper
    keep_account_address(helen, "helen@example.org")
    token = AddressLink.make_token(helen, "helen@example.org")
    bob = account_of(house.bob)
    assert not AddressLink.confirm(bob, "helen@example.org", token)
    assert not AddressLink.confirm(helen, "other@example.org", token)
    assert not AddressLink.confirm(helen, "helen@example.org", f"{token}x")
    assert not AddressLink.confirm(helen, "", token)
    assert AddressLink.confirm(helen, "helen@example.org", token)


def test_an_old_link_confirms_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_account_address(house.helper, "helen@example.org")
    token = AddressLink.make_token(house.helper, "helen@example.org")
    later = time.time() + 3 * 24 * 3600 + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert not AddressLink.confirm(house.helper, "helen@example.org", token)


def test_staff_leave_an_address_and_their_reminders_reach_it(house: House) -> None:
    clara = house.clinician
    client = Client()
    client.post("/account/login/", {"login": "clara", "password": PASSWORD})
    session = client.session
    session["second_factor"] = True
    session.save()
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.post("/account/", {"email": "clara@example.org"}).status_code == 302
    assert address_of(User.objects.get(pk=clara.pk)) == "clara@example.org"
    assert b"clara@example.org" not in bytes(User.objects.get(pk=clara.pk).sealed_address)
    assert [letter.to for letter in letters()] == [["clara@example.org"]]
    assert AuditEntry.objects.filter(action="address_changed", actor=clara, clinic_id=house.clinic.pk).count() == 1


def test_an_address_is_changed_only_by_whoever_shows_again_who_they_are(house: House) -> None:
    left_open = signed_in(house.clinician)
    answer = left_open.post("/account/", {"email": "mallory@example.org"})
    assert "reauthenticate" in answer.headers["Location"]
    assert address_of(house.clinician) == ""
