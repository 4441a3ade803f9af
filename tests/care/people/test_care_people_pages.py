"""Each page about a person: who gets it, what it does, and that nobody else's name is on it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from care.conftest import PASSWORD, House, account_of, make_person, make_user, signed_in
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from openpbm.care.jobs.appointment_reminders import remind_of_appointments
from openpbm.care.jobs.models import Reminder
from openpbm.care.people import actions
from openpbm.care.people.access import address_of, clinicians_of
from openpbm.care.people.capability import CAPABILITIES
from openpbm.care.people.models import Appointment, HelperGrant, Identity, Person
from openpbm.care.people.selectors import consent_holds, free_morning_slots, goals_of, overlapping

PAGES = ["intake", "care_plan", "timeline", "lifestyle", "book", "consent", "helpers", "details", "ready"]
#: who may open each page of alice: patient, helper, clinician of her clinic
ALLOWED = {
    "intake": "phc", "care_plan": "phc", "timeline": "phc", "lifestyle": "phc", "book": "phc",
    "consent": "pc", "helpers": "pc", "details": "pc", "ready": "p",
}  # fmt: skip


def url(name: str, person: Person, **more: Any) -> str:
    application = "checkpoints" if name in ("care_plan", "goal", "stage") else "people"
    return reverse(f"{application}:{name}", kwargs={"person_id": person.pk, **more})


@pytest.mark.parametrize("name", PAGES)
def test_who_gets_a_page(house: House, name: str) -> None:
    users = {
        "p": house.alice.user, "h": house.helper, "c": house.clinician, "b": house.bob.user,
        "o": house.other_clinician, "a": house.auditor, "d": house.admin,
    }  # fmt: skip
    for letter, user in users.items():
        answer = signed_in(user).get(url(name, house.alice))
        expected = 200 if letter in ALLOWED[name] else 403
        assert answer.status_code == expected, (name, user)
        assert b"MarkerBob" not in answer.content
        assert (b"MarkerAlice" in answer.content) <= (expected == 200)
        unknown = signed_in(user).get(url(name, Person(pk=uuid.uuid4())))
        assert unknown.status_code == 403


def test_a_helper_gets_in_by_the_patient_and_out_at_once(house: House) -> None:
    frida = make_user("frida")
    alice, friend = signed_in(account_of(house.alice)), signed_in(frida)
    assert friend.get(url("intake", house.alice)).status_code == 403
    alice.post(url("helpers", house.alice), {"login_name": "Frida", "agree": "on"})
    assert friend.get(url("intake", house.alice)).status_code == 200
    assert friend.post(url("helpers", house.alice), {"login_name": "bob", "agree": "on"}).status_code == 403
    grant = HelperGrant.objects.get(user=frida)
    alice.post(url("end_help", house.alice, grant_id=grant.pk))
    assert friend.get(url("intake", house.alice)).status_code == 403


@pytest.mark.parametrize("name", ["nobody", "clara"])
def test_an_account_that_cannot_help_and_one_that_is_not_there_get_one_answer(house: House, name: str) -> None:
    answer = signed_in(account_of(house.alice)).post(url("helpers", house.alice), {"login_name": name, "agree": "on"})
    assert f"“{name}” cannot be a helper here" in answer.content.decode()


def test_a_clinician_lets_no_helper_in_for_somebody_with_an_account(house: House) -> None:
    make_user("frida")
    sent = {"login_name": "frida", "agree": "on"}
    assert signed_in(house.clinician).post(url("helpers", house.alice), sent).status_code == 403


def test_the_helper_of_somebody_else_cannot_be_ended(house: House) -> None:
    grant = HelperGrant.objects.get(person=house.alice)
    assert signed_in(account_of(house.carol)).post(url("end_help", house.carol, grant_id=grant.pk)).status_code == 403
    assert HelperGrant.objects.get(pk=grant.pk).ended_at is None


def test_signing_up_alone_from_the_first_page_to_the_questions(house: House) -> None:
    client = signed_in(make_user("sam"))
    assert client.get(reverse("people:welcome")).status_code == 200
    assert client.post(reverse("people:welcome"), {"time_zone": "Europe/Berlin"}).status_code == 200
    assert not Person.objects.filter(user__username="sam").exists(), "no record without consent to it"
    sent = {"name": "Sam", "time_zone": "Europe/Berlin", "keep_record": "on"}
    assert client.post(reverse("people:welcome"), sent).status_code == 302
    sam = Person.objects.get(user__username="sam")
    assert consent_holds(sam, "record")
    yes = {"id": uuid.uuid4(), **{one.id: "yes" for one in CAPABILITIES}}
    assert client.post(url("ready", sam), yes)["Location"] == url("consent", sam)
    assert consent_holds(sam, "capability")
    page = client.get(url("consent", sam))
    row = next(row for row in page.context["rows"] if row.purpose == "investigational_light")
    sent = {"id": row.id, "purpose": "investigational_light", "given": "yes"}
    client.post(url("consent", sam), sent)
    assert not consent_holds(sam, "investigational_light"), "the text must be ticked as read"
    page = client.post(url("consent", sam), sent | {"read": "on"}, follow=True)
    assert consent_holds(sam, "investigational_light")
    assert reverse("home:path", kwargs={"person_id": sam.pk}) in page.content.decode()
    assert client.get(reverse("people:welcome"))["Location"] == reverse("home:path", kwargs={"person_id": sam.pk})


def test_one_no_and_a_clinician_is_needed(house: House) -> None:
    client = signed_in(account_of(house.carol))
    answers = {"id": uuid.uuid4(), **{one.id: "yes" for one in CAPABILITIES}, "feel_heat": "no"}
    page = client.post(url("ready", house.carol), answers, follow=True).content.decode()
    assert "You need a clinician beside you" in page
    assert "Skin that cannot feel heat" in page
    assert not consent_holds(house.carol, "capability")
    again = answers | {"id": uuid.uuid4(), "feel_heat": "yes"}
    page = client.post(url("ready", house.carol), again).content.decode()
    assert "you said no to: Can you feel on the treated skin" in page
    page = client.post(url("ready", house.carol), again | {"changed_because": "The numbness has gone"}).content.decode()
    assert "answer again from" in page
    assert not consent_holds(house.carol, "capability")


def test_a_clinician_does_not_agree_for_somebody_with_an_account(house: House) -> None:
    sent = {"id": uuid.uuid4(), "purpose": "record", "given": "yes", "read": "on"}
    assert signed_in(house.clinician).post(url("consent", house.alice), sent).status_code == 403
    with pytest.raises(PermissionDenied, match="Only the person agrees"):
        actions.record_consent(person=house.alice, purpose="record", given=True, by=house.clinician)


@pytest.mark.parametrize("sent", [{}, {"purpose": "record"}, {"purpose": "helper", "given": "yes"},
                                  {"purpose": "record", "given": "no", "id": "x"}])  # fmt: skip
def test_a_mangled_consent_is_refused(house: House, sent: dict[str, Any]) -> None:
    assert signed_in(account_of(house.alice)).post(url("consent", house.alice), sent).status_code == 400


def test_a_clinic_registers_and_shows_the_password_once(house: House) -> None:
    client = signed_in(house.clinician)
    page = client.get(reverse("people:new"))
    sent = {
        "id": page.context["form"]["id"].value(), "name": "Nora New", "time_zone": "Europe/Berlin", "login_name": "nora"
    }  # fmt: skip
    first = client.post(reverse("people:new"), sent)
    assert first.status_code == 201
    assert 'class="secret"' in first.content.decode()
    again = client.post(reverse("people:new"), sent)
    assert 'class="secret"' not in again.content.decode()
    assert Person.objects.filter(user__username="nora").count() == 1
    wrong = client.post(reverse("people:new"), sent | {"id": str(uuid.uuid4()), "login_name": "alice"})
    assert "cannot be had" in wrong.content.decode()
    assert signed_in(house.admin).get(reverse("people:new")).status_code == 403
    assert signed_in(account_of(house.alice)).get(reverse("people:new")).status_code == 403


def test_goals_and_stages_on_the_care_plan(house: House) -> None:
    alice, clara = signed_in(account_of(house.alice)), signed_in(house.clinician)
    sent = {"id": str(uuid.uuid4()), "number": "2", "text": "Sit through a film"}
    assert alice.post(url("goal", house.alice), sent).status_code == 302
    assert [row.text() for row in goals_of(house.alice)] == ["Sit through a film"]
    assert alice.post(url("goal", house.alice), sent | {"text": ""}).status_code == 400
    assert alice.post(url("goal", house.alice), sent | {"text": "Other"}).status_code == 409
    stage = url("stage", house.alice, stage="assess")
    assert alice.get(stage).status_code == 403
    done: dict[str, Any] = {"owner": house.clinician.pk, "due": "2026-12-01", "done": "on", "note": "seen"}
    assert clara.post(stage, done).status_code == 302
    page = alice.get(url("care_plan", house.alice)).content.decode()
    assert "Sit through a film" in page
    assert "Clara" in page
    assert clara.post(stage, done | {"owner": account_of(house.bob).pk}).status_code == 200, (
        "not somebody of another clinic"
    )
    assert clara.get(url("stage", house.alice, stage="nonsense")).status_code == 404


def test_the_timeline_asks_once_about_a_medicine_that_nobody_knows(house: House) -> None:
    client = signed_in(account_of(house.alice))
    sent = {
        "id": str(uuid.uuid4()), "kind": "medicine", "name": "Amelux", "action": "start", "dose": "",
        "date": house.alice.today().isoformat(),
    }  # fmt: skip
    assert "Did you mean Ameluz?" in client.post(url("timeline", house.alice), sent).content.decode()
    assert not house.alice.changes.exists()
    assert client.post(url("timeline", house.alice), sent | {"keep_name": "on"}).status_code == 302
    stretching = sent | {"id": str(uuid.uuid4()), "kind": "exercise", "name": "stretching"}
    assert client.post(url("timeline", house.alice), stretching).status_code == 302


def test_the_timeline_takes_a_change_once(house: House) -> None:
    client = signed_in(account_of(house.alice))
    sent = {
        "id": str(uuid.uuid4()), "kind": "iron", "name": "ferrous sulfate", "action": "start",
        "date": house.alice.today().isoformat(), "dose": "65 mg",
    }  # fmt: skip
    for _ in range(2):
        assert client.post(url("timeline", house.alice), sent).status_code == 302
    assert house.alice.changes.count() == 1
    page = client.get(url("timeline", house.alice)).content.decode()
    assert "ferrous sulfate" in page
    assert "12 weeks" in page
    assert "sent already" in client.post(url("timeline", house.alice), sent | {"dose": "1 g"}).content.decode()
    wrong = client.post(url("timeline", house.alice), sent | {"id": str(uuid.uuid4()), "date": "2199-01-01"})
    assert wrong.context["form"].errors["date"]


BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: Any, minute: int = 0, day: dt.date = dt.date(2027, 3, 1)) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), BERLIN)


def book(person: Person, starts_at: Any, by: Any, **more: Any) -> Appointment:
    given: dict[str, Any] = {"minutes": 30, "kind": "clinic", "note": ""} | more
    return actions.book_appointment(person=person, starts_at=starts_at, by=by, **given)


def test_an_overlap_is_warned_of_and_booked_when_it_is_meant(house: House) -> None:
    client = signed_in(house.clinician)
    dora = make_person("dora", house.clinic)
    book(dora, at(8), house.clinician, minutes=60)
    sent = {"day": "2027-03-01", "time": "08:30", "minutes": "30", "kind": "dialysis_chair", "note": ""}
    page = client.post(url("book", house.alice), sent)
    assert "This overlaps" in page.content.decode()
    assert b"MarkerDora" not in page.content, "whose it is stays with them"
    assert not house.alice.appointments.exists()
    assert client.post(url("book", house.alice), sent | {"overlap_is_meant": "on"}).status_code == 302
    assert house.alice.appointments.get().starts_at == at(8, 30)
    assert client.post(url("book", house.alice), sent | {"time": "09:00"}).status_code == 302
    assert signed_in(account_of(house.alice)).post(url("book", house.alice), sent).status_code == 403
    assert overlapping(house.bob, at(8), 60) == [], "another clinic's chairs are its own"


def test_a_time_that_the_clock_leaves_out_is_refused(house: House) -> None:
    sent = {"day": "2027-03-28", "time": "02:30", "minutes": "30", "kind": "clinic", "note": ""}
    page = signed_in(house.clinician).post(url("book", house.alice), sent)
    assert "leave this time out" in page.content.decode()


def test_free_mornings_leave_out_what_is_taken(house: House) -> None:
    book(house.alice, at(7, 15), house.clinician)
    slots = free_morning_slots(house.clinic, dt.date(2027, 3, 1))
    assert dt.time(7) not in slots
    assert dt.time(7, 30) not in slots
    assert slots[0] == dt.time(8)
    assert slots[-1] == dt.time(11, 30)
    assert len(free_morning_slots(house.other_clinic, dt.date(2027, 3, 1))) == 10


def test_the_next_appointment_stands_first_and_those_that_are_over_by_themselves(house: House) -> None:
    """The one in nine days stood above the one of tomorrow, and the oldest among them."""
    for days, note in ((9, "in nine days"), (1, "tomorrow"), (-20, "long ago"), (-2, "two days ago")):
        book(house.alice, timezone.now() + dt.timedelta(days=days), house.clinician, note=note)
    page = signed_in(house.clinician).get(url("book", house.alice)).content.decode()
    stand = [page.index(text) for text in ("Coming up", "tomorrow", "in nine days", "Past", "two days ago", "long ago")]
    assert stand == sorted(stand)


def test_r_004_16_an_appointment_is_kept_missed_or_called_off(house: House) -> None:
    row = book(house.alice, at(8), house.clinician)
    where = url("appointment_state", house.alice, appointment_id=row.pk)
    alice = signed_in(account_of(house.alice))
    assert alice.post(where, {"state": "kept"}).status_code == 403
    assert alice.get(where).status_code == 405
    assert alice.post(where, {"state": "cancelled"}).status_code == 302
    for elsewhere in ("https://evil.example/", "//evil.example", "99:99", "people:new", "not-a-page"):
        answer = signed_in(house.clinician).post(where, {"state": "kept", "back": elsewhere})
        assert answer["Location"] == url("book", house.alice), elsewhere
    assert signed_in(house.clinician).post(where, {"state": "eaten"}).status_code == 400
    other = url("appointment_state", house.carol, appointment_id=row.pk)
    assert signed_in(account_of(house.carol)).post(other, {"state": "cancelled"}).status_code == 403


def test_the_list_is_the_clinics_own(house: House) -> None:
    book(house.bob, at(8), house.other_clinician)
    page = signed_in(house.clinician).get(reverse("people:appointments") + "?day=2027-03-01")
    assert b"MarkerBob" not in page.content
    page = signed_in(house.other_clinician).get(reverse("people:appointments") + "?day=2027-03-01")
    assert b"MarkerBob" in page.content
    assert signed_in(account_of(house.alice)).get(reverse("people:appointments")).status_code == 403
    assert signed_in(house.clinician).get(reverse("people:appointments") + "?day=nonsense").status_code == 200


def test_an_appointment_is_reminded_of_once_and_not_when_it_was_called_off(house: House) -> None:
    now = timezone.now()
    row = book(house.alice, now + dt.timedelta(hours=30), house.clinician)
    book(house.alice, now + dt.timedelta(days=9), house.clinician)
    for _ in range(2):
        remind_of_appointments(now)
    reminder = Reminder.objects.get()
    assert reminder.user == house.alice.user
    assert reminder.due_at == row.starts_at - dt.timedelta(hours=24)
    assert reminder.local_time.endswith("Europe/Berlin")
    actions.set_appointment_state(appointment=row, state="cancelled", by=house.clinician)
    remind_of_appointments(now)
    reminder.refresh_from_db()
    assert reminder.state == Reminder.State.CANCELLED


def test_the_worker_learns_addresses_and_who_answers(house: House) -> None:
    identity = Identity(name="Alice", email="alice@example.org")
    actions.set_identity(person=house.alice, identity=identity, time_zone="UTC", by=account_of(house.alice))
    assert address_of(account_of(house.alice)) == "alice@example.org"
    assert address_of(house.clinician) == ""
    assert list(clinicians_of(house.alice.pk)) == [house.clinician]
    assert list(clinicians_of(house.carol.pk)) == []


def test_details_are_changed_and_wrong_ones_refused(house: House) -> None:
    client = signed_in(account_of(house.alice))
    sent = {"name": "Alice Other", "birth_date": "1970-05-04", "email": "a@example.org", "time_zone": "UTC"}
    assert client.post(url("details", house.alice), sent).status_code == 302
    assert Person.objects.get(pk=house.alice.pk).identity.name == "Alice Other"
    for wrong in ({"email": "no"}, {"birth_date": "1800-01-01"}, {"time_zone": "Mars"}):
        assert client.post(url("details", house.alice), sent | wrong).status_code == 200
    assert Person.objects.get(pk=house.alice.pk).identity.email == "a@example.org"


def test_the_password_of_these_people_is_not_on_any_page(house: House) -> None:
    assert PASSWORD.encode() not in signed_in(account_of(house.alice)).get(url("details", house.alice)).content
