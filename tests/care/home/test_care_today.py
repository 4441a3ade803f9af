"""Where everybody lands, and what a patient's day shows."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of, make_user, signed_in
from care.home.people_on_course import a_lamp, on_course, session
from care.sessions.session_factories import agree
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.events.actions import report_event
from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.actions import book_appointment
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.scales.actions import record_diary


def today(person: Person, **more: Any) -> str:
    return reverse("home:today", kwargs={"person_id": person.pk} | more)


def body(response: Any) -> str:
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_everybody_lands_where_they_belong(house: House) -> None:
    for person in (house.alice, house.carol):
        # To what they agree to first; once that was answered, to their day.
        assert signed_in(account_of(person)).get("/")["Location"] == reverse("people:consent", args=[person.pk])
        agree(person)
        assert signed_in(account_of(person)).get("/")["Location"] == today(person)
    assert signed_in(house.helper).get("/")["Location"] == today(house.alice)
    assert signed_in(house.clinician).get("/")["Location"] == reverse("home:worklist")
    assert signed_in(make_user("nobody")).get("/")["Location"] == reverse("people:welcome")
    assert Client().get("/")["Location"].startswith(reverse("home:front"))
    front = body(Client().get(reverse("home:front"))).split("<main", 1)[1]
    ways = [front.index(f'href="{reverse(name)}"') for name in ("account_signup", "account_login", "learn:index")]
    assert ways == sorted(ways)


def test_a_helper_of_two_chooses_and_sees_no_third(house: House) -> None:
    HelperGrant.objects.create(person=house.carol, user=house.helper)
    page = body(signed_in(house.helper).get("/"))
    assert today(house.alice) in page
    assert today(house.carol) in page
    assert str(house.bob.pk) not in page


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_the_day_of_somebody_else_is_refused(house: House, who: str) -> None:
    answer = signed_in(getattr(house, who).user).get(today(house.alice))
    assert answer.status_code == 403
    assert "MarkerAlice" not in answer.content.decode()


def test_before_anything_the_next_step_is_the_questions(house: House) -> None:
    page = body(signed_in(account_of(house.carol)).get(today(house.carol)))
    assert reverse("home:path", kwargs={"person_id": house.carol.pk}) in page
    assert "Diary of today" not in page


def test_a_session_due_today_leads_until_it_is_done(house: House) -> None:
    plan = on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), house.alice.today())
    client, page_of_today = signed_in(account_of(house.alice)), today(house.alice)
    page = body(client.get(page_of_today))
    assert page.index("Today's session".replace("'", "&#x27;")) < page.index("Diary of today")
    assert "About 20 minutes" in page
    session(plan, house.alice.user, house.alice.today())
    page = body(client.get(page_of_today))
    assert "About 20 minutes" not in page
    assert "is written down. Well done." in page
    record_diary(
        person=house.alice, date=house.alice.today(), entered_at=timezone.now(), answers={"severity": 3.0},
        by=account_of(house.alice),
    )  # fmt: skip
    assert "Diary of today" not in body(client.get(page_of_today))


def test_a_day_after_a_session_the_skin_is_asked_for(house: House) -> None:
    yesterday = house.alice.today() - dt.timedelta(days=1)
    plan = on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), yesterday)
    session(plan, house.alice.user, yesterday, time=dt.time(0, 5))
    assert "How does the skin look?" in body(signed_in(account_of(house.alice)).get(today(house.alice)))


def test_a_hold_says_why_and_whom_to_call_and_no_session_is_offered(house: House) -> None:
    on_course(house.alice, house.clinician, a_lamp(house.clinic, house.clinician), house.alice.today())
    report_event(person=house.alice, date=house.alice.today(), kind="burn", grade=2, by=account_of(house.alice))
    page = body(signed_in(account_of(house.alice)).get(today(house.alice)))
    assert "Your light is on hold." in page
    assert "Clinic A" in page
    assert "Nobody watches these pages live" in page
    assert "About 20 minutes" not in page
    assert "On the effect you reported:" in page


def test_a_reminder_on_the_page_is_shown_to_whom_it_is_for_alone(house: House) -> None:
    row = remind(
        user=account_of(house.alice), person_id=house.alice.pk, kind="other", key="k", text="Bring the lamp",
        due_at=timezone.now() - dt.timedelta(minutes=1),
    )  # fmt: skip
    assert "Bring the lamp" not in body(signed_in(house.clinician).get(today(house.alice)))
    row.refresh_from_db()
    assert row.state == Reminder.State.DUE
    assert "Bring the lamp" in body(signed_in(account_of(house.alice)).get(today(house.alice)))
    row.refresh_from_db()
    assert row.state == Reminder.State.SHOWN


def test_an_appointment_stands_there_on_the_clock_of_the_person(house: House) -> None:
    day = house.alice.today() + dt.timedelta(days=3)
    at = dt.datetime.combine(day, dt.time(8, 15), house.alice.zone)
    book_appointment(
        person=house.alice, starts_at=at, minutes=30, kind="dialysis_chair", note="Chair 4", by=house.clinician
    )
    page = body(signed_in(account_of(house.alice)).get(today(house.alice)))
    assert "08:15" in page
    assert "Chair 4" in page
