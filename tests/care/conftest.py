"""Named people for every test of the web application: two patients, a helper, staff of two clinics."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass

import pytest
from care.db_snapshot import once
from care.one_database import leave_out_what_runs_on_the_other
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from present import present

from openpbm.care.accounts.models import Clinic, Membership, Role, User
from openpbm.care.audit.models import ChainHead
from openpbm.care.people.account.signed_in import SessionStore
from openpbm.care.people.models import HelperGrant, Identity, Person, PersonKey


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    leave_out_what_runs_on_the_other(config, items)


PASSWORD = "correct horse battery"

_the_machines = timezone.now
_BIRTHDAY_TO_COME = (_the_machines().month, _the_machines().day) < (5, 4)
#: Alice is 52, as her answers say.
BORN = dt.date(_the_machines().year - 52 - _BIRTHDAY_TO_COME, 5, 4)
_TO_MIDDAY = _the_machines().replace(hour=12, minute=0) - _the_machines()


def make_user(name: str) -> User:
    user = User(username=name, display_name=name.title())
    user.set_password(PASSWORD)
    user.save()
    return user


def make_member(name: str, clinic: Clinic, role: str) -> User:
    user = make_user(name)
    Membership.objects.create(user=user, clinic=clinic, role=role)
    return user


def make_person(name: str, clinic: Clinic | None = None, **identity: str) -> Person:
    person = Person.objects.create(clinic=clinic, user=make_user(name), time_zone="Europe/Berlin")
    PersonKey.make(person)
    person.set_identity(Identity(name=f"{name.title()} Marker{name.title()}", **identity))
    person.save()
    return person


def account_of(person: Person) -> User:
    """The account of a person who has one."""
    return present(person.user)


def signed_in(user: User | None) -> Client:
    """A browser of that user, who signed in at some time before, second factor passed where one is needed.

    Its session is written as signing in leaves it. Signing in itself, with its line in the audit, takes as long as a
    page, and tests of it go through the page that does.
    """
    assert user is not None
    client = Client()
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["second_factor"] = True
    # Noted at the first page, and saved with it.
    session["began_at"] = session["seen_at"] = time.time()
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = present(session.session_key)
    return client


@dataclass
class House:
    """Two clinics and the people around alice."""

    clinic: Clinic
    other_clinic: Clinic
    alice: Person
    bob: Person
    carol: Person  # manages herself
    helper: User
    clinician: User
    other_clinician: User
    auditor: User
    admin: User


@pytest.fixture(autouse=True)
def _midday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is past noon whenever the tests are run: near midnight "a quarter of an hour ago" is another day.

    Server and browser keep the machine's time, which other processes read as well: they put another fixture here.
    """
    monkeypatch.setattr(timezone, "now", after_midday)


def after_midday() -> dt.datetime:
    """Now, on a machine whose clock showed noon when the tests began."""
    return _the_machines() + _TO_MIDDAY


@pytest.fixture(autouse=True)
def _nobody_failed_before() -> None:
    """Wrong passwords of one test are not counted in the next, whose accounts have the same numbers."""
    cache.clear()
    # What one test noted of its audit is nothing to the next.
    settings.AUDIT_HEADS_FILE.unlink(missing_ok=True)
    settings.ERASURES_FILE.unlink(missing_ok=True)


@pytest.fixture
def house(db: None) -> House:
    return once("house", build_house)


def build_house() -> House:
    """Both clinics with everybody in them."""
    clinic = Clinic.objects.create(name="Clinic A", time_zone="Europe/Berlin")
    other = Clinic.objects.create(name="Clinic B", time_zone="Europe/Berlin")
    alice = make_person("alice", clinic, birth_date=BORN.isoformat())
    helper = make_user("helen")
    HelperGrant.objects.create(person=alice, user=helper)
    made = House(
        clinic=clinic,
        other_clinic=other,
        alice=alice,
        bob=make_person("bob", other),
        carol=make_person("carol"),
        helper=helper,
        clinician=make_member("clara", clinic, Role.CLINICIAN),
        other_clinician=make_member("oscar", other, Role.CLINICIAN),
        auditor=make_member("audrey", clinic, Role.AUDITOR),
        admin=make_member("adam", clinic, Role.ADMIN),
    )
    # They were always there: tests live at whatever time they like.
    ChainHead.objects.update(at=None)
    return made
