"""Erasing a person: their key is forgotten, nothing names them any more, and no backup brings them back."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from care.conftest import PASSWORD, House, account_of, make_member, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.html import escape

from openpbm.care.accounts.models import Role, User
from openpbm.care.audit.models import AuditEntry
from openpbm.care.audit.verify import verify
from openpbm.care.encryption import signed_lines
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.access import people_of
from openpbm.care.people.actions import (
    ask_for_erasure,
    erase_oneself,
    erase_person,
    erasure_now,
    set_goal,
    take_erasure_back,
    view_retention,
)
from openpbm.care.people.erasing import WHAT_STAYS, erase_again, listed_as_erased
from openpbm.care.people.models import Goal, Person, PersonKey
from openpbm.errors import BadInput

LAW = "No treatment contract was made; nothing has to be kept"
ROUTE = "people:erasure"


def key_of(person: Person) -> bytes | None:
    wrapped = PersonKey.objects.get(pk=person.pk).wrapped
    return None if wrapped is None else bytes(wrapped)


def asked_and_seen(house: House, keep_until: dt.date | None = None) -> None:
    ask_for_erasure(person=house.alice, by=account_of(house.alice))
    view_retention(person=house.alice, by=house.clinician, keep_until=keep_until, basis=LAW)


@pytest.fixture
def erased(house: House) -> House:
    set_goal(person=house.alice, number=1, text="Sit through a film", by=account_of(house.alice))
    asked_and_seen(house)
    erase_person(person=house.alice, by=house.admin)
    return house


def test_nothing_names_them_any_more_and_the_audit_holds(erased: House) -> None:
    person = Person.objects.get(pk=erased.alice.pk)
    assert key_of(person) is None
    assert person.left_at is not None
    assert person.shown_name() == person.code
    with pytest.raises(BadInput, match="data key was forgotten"):
        Goal.objects.get(person=person).text()
    account = User.objects.get(pk=account_of(erased.alice).pk)
    assert "alice" not in account.username
    assert not account.is_active
    assert not account.has_usable_password()
    assert not person.helpers.filter(ended_at=None).exists()
    assert verify().faults == ()


def test_nobody_opens_the_record_and_the_clinics_pages_go_on(erased: House) -> None:
    for user in (erased.clinician, erased.helper):
        assert erased.alice not in people_of(user)
        answer = signed_in(user).get(reverse("people:consent", kwargs={"person_id": erased.alice.pk}))
        assert answer.status_code == 403
    for user, route in ((erased.clinician, "home:worklist"), (erased.clinician, "people:appointments")):
        assert signed_in(user).get(reverse(route)).status_code == 200
    page = signed_in(erased.auditor).get(reverse("home:audit"), {"code": erased.alice.code}).content.decode()
    assert "Erased" in page
    page = signed_in(erased.admin).get(reverse("people:erasures")).content.decode()
    assert erased.alice.code in page
    with pytest.raises(PermissionDenied):
        erase_person(person=Person.objects.get(pk=erased.alice.pk), by=erased.admin)


def test_only_what_a_clinician_let_go_is_erased_and_only_once_it_was_asked_for(house: House) -> None:
    later = house.alice.today() + dt.timedelta(days=3650)
    with pytest.raises(BadInput, match="has not asked to be erased"):
        erase_person(person=house.alice, by=house.admin)
    with pytest.raises(BadInput, match="has not asked to be erased"):
        view_retention(person=house.alice, by=house.clinician, keep_until=None, basis=LAW)
    ask_for_erasure(person=house.alice, by=account_of(house.alice))
    with pytest.raises(BadInput, match="is not known"):
        erase_person(person=house.alice, by=house.admin)
    with pytest.raises(BadInput, match="says no reason"):
        view_retention(person=house.alice, by=house.clinician, keep_until=None, basis="ok")
    with pytest.raises(BadInput, match="is not in the future"):
        view_retention(person=house.alice, by=house.clinician, keep_until=house.alice.today(), basis=LAW)
    view_retention(person=house.alice, by=house.clinician, keep_until=later, basis=LAW)
    with pytest.raises(BadInput, match=f"until {later}"):
        erase_person(person=house.alice, by=house.admin)
    take_erasure_back(person=house.alice, by=account_of(house.alice))
    assert erasure_now(house.alice).asked is None
    assert key_of(house.alice)


@pytest.mark.parametrize("who", ["clinician", "other_clinician", "auditor", "helper", "elsewhere", "alice", "carol"])
def test_nobody_but_an_administrator_of_the_clinic_erases(house: House, who: str) -> None:
    asked_and_seen(house)
    people: dict[str, Any] = vars(house) | {"elsewhere": make_member("ed", house.other_clinic, Role.ADMIN)}
    by = people[who].user if isinstance(people[who], Person) else people[who]
    with pytest.raises(PermissionDenied):
        erase_person(person=house.alice, by=by)
    if who != "alice":
        with pytest.raises(PermissionDenied):
            ask_for_erasure(person=house.alice, by=by)
    with pytest.raises(PermissionDenied):
        erase_oneself(person=house.alice, by=by)
    assert key_of(house.alice)


def test_a_key_that_came_back_with_a_backup_is_found_and_forgotten_again(house: House) -> None:
    before = key_of(house.alice)
    identity = bytes(Person.objects.get(pk=house.alice.pk).sealed_identity)
    asked_and_seen(house)
    erase_person(person=house.alice, by=house.admin)
    assert erase_again() == 0
    PersonKey.objects.filter(pk=house.alice.pk).update(wrapped=before)
    Person.objects.filter(pk=house.alice.pk).update(sealed_identity=identity, left_at=None)
    assert any("was erased, and has a key again" in fault for fault in verify().faults)
    assert erase_again() == 1
    assert key_of(house.alice) is None
    assert Person.objects.get(pk=house.alice.pk).shown_name() == house.alice.code
    assert erase_again() == 0
    assert listed_as_erased() == [house.alice.pk]


def test_who_was_erased_before_the_list_was_lost_stands_on_the_new_one(erased: House, settings: Any) -> None:
    Path(settings.ERASURES_FILE).unlink()
    assert erase_again() == 0
    assert listed_as_erased() == [erased.alice.pk]


def test_a_line_that_we_did_not_sign_erases_nobody(house: House, settings: Any) -> None:
    asked_and_seen(house)
    erase_person(person=house.alice, by=house.admin)
    file = Path(settings.ERASURES_FILE)
    forged = json.loads(file.read_text()) | {"person": str(house.bob.pk)}
    file.write_text(json.dumps(forged) + "\n")
    assert erase_again() == 0
    assert key_of(house.bob)


def test_with_no_room_for_the_list_nobody_is_erased(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    asked_and_seen(house)
    monkeypatch.setattr(signed_lines, "_replace", full)
    sent = {"password": PASSWORD}
    answer = signed_in(house.admin).post(reverse("people:erase", kwargs={"person_id": house.alice.pk}), sent)
    assert answer.status_code == 422
    assert "No space left on device" in answer.content.decode()
    assert key_of(house.alice)
    assert not AuditEntry.objects.filter(action="erasure_done").exists()


def test_asked_on_the_page_seen_by_a_clinician_done_by_an_administrator(house: House) -> None:
    where = {"person_id": house.alice.pk}
    patient, clinician, admin = (signed_in(user) for user in (house.alice.user, house.clinician, house.admin))
    page = patient.get(reverse(ROUTE, kwargs=where)).content.decode()
    for what, why, how_long in WHAT_STAYS:
        assert all(escape(text) in page for text in (what, why, how_long))
    assert patient.post(reverse(ROUTE, kwargs=where), {"act": "ask"}).status_code == 302
    assert Reminder.objects.filter(user=house.clinician, kind="erasure").count() == 1
    assert signed_in(house.helper).get(reverse(ROUTE, kwargs=where)).status_code == 403
    assert clinician.post(reverse(ROUTE, kwargs=where), {"act": "sign", "password": PASSWORD}).status_code == 422
    view = {"act": "sign", "password": PASSWORD, "basis": LAW}
    assert clinician.post(reverse(ROUTE, kwargs=where), view).status_code == 302
    assert "Nothing has to be kept readable" in patient.get(reverse(ROUTE, kwargs=where)).content.decode()
    assert Reminder.objects.filter(user=house.admin, kind="erasure").count() == 1
    assert admin.post(reverse("people:erase", kwargs=where), {"password": "wrong"}).status_code == 422
    assert key_of(house.alice)
    assert admin.post(reverse("people:erase", kwargs=where), {"password": PASSWORD}).status_code == 302
    assert key_of(house.alice) is None
    assert patient.get(reverse(ROUTE, kwargs=where)).status_code == 302  # to the sign-in


def test_a_clinician_asks_for_whoever_has_no_account_and_for_nobody_else(house: House) -> None:
    with pytest.raises(PermissionDenied):
        ask_for_erasure(person=house.alice, by=house.clinician)
    Person.objects.filter(pk=house.alice.pk).update(user=None)
    alice = Person.objects.get(pk=house.alice.pk)
    ask_for_erasure(person=alice, by=house.clinician)
    page = signed_in(house.clinician).get(reverse(ROUTE, kwargs={"person_id": alice.pk})).content.decode()
    assert "What must be kept" in page
    assert "Do not erase" in page


def test_on_their_own_they_erase_themselves_with_their_password(house: House) -> None:
    client, where = signed_in(house.carol.user), reverse(ROUTE, kwargs={"person_id": house.carol.pk})
    assert client.post(where, {"act": "sign", "password": "wrong"}).status_code == 422
    assert key_of(house.carol)
    page = client.post(where, {"act": "sign", "password": PASSWORD})
    assert "You are erased" in page.content.decode()
    assert key_of(house.carol) is None
    assert client.get(where).status_code == 302
    assert verify().faults == ()
