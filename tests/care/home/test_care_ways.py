"""How everybody gets from any page to every page of theirs: the bar, the menu at the top, the list of a record."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import agree, answer, lamp_of, planned, screened
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from openpbm.care.jobs.actions import remind
from openpbm.care.jobs.models import Reminder
from openpbm.care.people.models import HelperGrant, Person
from openpbm.care.plans.actions import hold, release_plan
from openpbm.care.plans.models import PlanRow

PATIENTS_ALONE = ("people:consent", "people:helpers", "people:details")
EVERYBODYS = (
    "people:intake", "people:timeline", "checkpoints:care_plan", "people:book", "scales:days", "scales:list",
    "sessions:list", "events:list", "checkpoints:export",
)  # fmt: skip


def url(name: str, person: Person, **more: Any) -> str:
    return reverse(name, kwargs={"person_id": person.pk} | more)


def text_of(client: Client, path: str) -> str:
    answered = client.get(path)
    assert answered.status_code == 200
    return answered.content.decode()


def part(page: Any, begin: Any, end: Any) -> Any:
    return page.split(begin, 1)[1].split(end, 1)[0]


def menu_of(page: Any) -> Any:
    return part(page, '<details class="menu">', "</details>")


def bar_of(page: Any) -> Any:
    return part(page, '<nav class="site-navigation"', "</nav>")


def plan_of_carol(house: House, **changes: Any) -> PlanRow:
    lamp = lamp_of(house, clinic=None, owner=house.carol.user, by=house.carol.user)
    answer(house.carol, house.carol.user, **changes)
    return planned(screened(house.carol, lamp, house.carol.user), house.carol.user)


def test_the_menu_of_a_patient_leads_to_their_record(house: House) -> None:
    menu = menu_of(text_of(signed_in(account_of(house.alice)), "/learn/"))
    assert f'href="{url("home:my_record", house.alice)}">My record<' in menu
    assert reverse("devices:list") not in menu


def test_the_menu_of_a_helper_leads_to_the_record_they_look_at(house: House) -> None:
    client = signed_in(house.helper)
    assert f'href="{url("home:my_record", house.alice)}">The record<' in menu_of(
        text_of(client, url("home:today", house.alice))
    )
    assert "my-record" not in menu_of(text_of(client, "/learn/"))


def test_lamps_are_found_by_who_keeps_them(house: House) -> None:
    assert f'href="{reverse("devices:list")}">My lamps<' in menu_of(
        text_of(signed_in(account_of(house.carol)), "/learn/")
    )
    for keeper in (house.admin, house.clinician):
        assert bar_of(text_of(signed_in(keeper), "/learn/")).count(reverse("devices:list")) == 1
    assert reverse("devices:list") not in text_of(signed_in(house.auditor), "/learn/")


def test_a_record_leads_to_each_page_its_reader_may_open_and_to_no_other(house: House) -> None:
    for user, person, routes, without in (
        (house.alice.user, house.alice, (*EVERYBODYS, *PATIENTS_ALONE), ()),
        (house.helper, house.alice, EVERYBODYS, PATIENTS_ALONE),
        (house.carol.user, house.carol, (*EVERYBODYS, *PATIENTS_ALONE, "screening:new"), ()),
    ):
        client = signed_in(user)
        page = part(text_of(client, url("home:my_record", person)), "<main", "</main>")
        for route in routes:
            assert f'href="{url(route, person)}"' in page, route
        for route in without:
            assert f'href="{url(route, person)}"' not in page, route
        for path in re.findall(r'<a href="(/[^"]+)"', page):
            assert client.get(path).status_code == 200, path


def test_the_bar_says_to_which_place_a_page_belongs(house: House) -> None:
    client = signed_in(account_of(house.alice))
    for page, place, current in (
        (url("events:report", house.alice), "Side effects", "page"),
        (url("events:list", house.alice), "Side effects", "true"),
        (reverse("learn:claims"), "Learn", "true"),
        (reverse("devices:list"), "Lamp", "true"),
    ):
        marked = re.findall(r'aria-current="(\w+)">.*?<span>(.*?)</span>', bar_of(text_of(client, page)), re.DOTALL)
        assert marked == [(current, place)], page


def test_somebody_alone_finds_their_plan_and_their_lamps_in_the_record(house: House) -> None:
    plan = plan_of_carol(house)
    page = text_of(signed_in(account_of(house.carol)), url("home:my_record", house.carol))
    assert url("plans:workbench", house.carol, plan_id=plan.pk) in page
    assert reverse("devices:list") in part(page, "<main", "</main>")


def reminded(user: Any, person: Person, key: str = "k", **more: Any) -> Reminder:
    return remind(
        user=user, person_id=person.pk, kind="other", key=key, text=f"Bring {key}",
        due_at=timezone.now() - dt.timedelta(minutes=1), **more,
    )  # fmt: skip


def test_everybody_is_told_how_many_reminders_are_open_and_where(house: House) -> None:
    client = signed_in(account_of(house.alice))
    assert f'href="{reverse("jobs:reminders")}">Reminders</a>' in menu_of(text_of(client, "/learn/"))
    reminded(house.alice.user, house.alice, "one")
    reminded(house.alice.user, house.alice, "two")
    reminded(house.clinician, house.alice, "three")
    menu = menu_of(text_of(client, "/learn/"))
    assert f'href="{reverse("jobs:reminders")}">Reminders (2)</a>' in menu
    assert ", open reminders: </span>2<" in menu
    assert "Reminders (1)" in menu_of(text_of(signed_in(house.clinician), "/learn/"))


def test_done_leads_back_to_the_page_where_it_was_pressed(house: House) -> None:
    row = reminded(house.alice.user, house.alice)
    client, today = signed_in(account_of(house.alice)), url("home:today", house.alice)
    form = part(text_of(client, today), f'action="{reverse("jobs:mark", args=[row.pk])}"', "</form>")
    assert f'name="next" value="{today}"' in form
    assert client.post(reverse("jobs:mark", args=[row.pk]), {"next": today})["Location"] == today
    row.refresh_from_db()
    assert row.state == Reminder.State.DONE


@pytest.mark.parametrize("back", ["", "https://example.org/", "//example.org/", "javascript:alert(1)", "home:start"])
def test_done_never_leads_off_the_site(house: House, back: str) -> None:
    row = reminded(house.alice.user, house.alice)
    answered = signed_in(account_of(house.alice)).post(reverse("jobs:mark", args=[row.pk]), {"next": back})
    assert answered["Location"] == reverse("jobs:reminders")


def test_a_reminder_says_its_time_as_people_write_it(house: House) -> None:
    reminded(house.alice.user, house.alice, local_time="2026-03-28 20:00 America/New_York")
    page = text_of(signed_in(account_of(house.alice)), reverse("jobs:reminders"))
    assert "28 March 2026, 20:00 (New York time)" in page
    assert "2026-03-28" not in page


def test_a_plan_that_nobody_released_waits_on_the_day_of_somebody_alone(house: House) -> None:
    plan = plan_of_carol(house)
    HelperGrant.objects.create(person=house.carol, user=house.helper)
    client, today = signed_in(account_of(house.carol)), url("home:today", house.carol)
    page = text_of(client, today)
    assert "Your plan waits for you" in page
    assert url("plans:workbench", house.carol, plan_id=plan.pk) in page
    assert "Your plan waits for you" not in text_of(signed_in(house.helper), today)
    agree(house.carol)
    release_plan(plan=plan, statement="I do this on my own", by=account_of(house.carol))
    assert "Your plan waits for you" not in text_of(client, today)


def test_a_plan_of_an_older_screening_does_not_wait(house: House) -> None:
    plan = plan_of_carol(house)
    screened(house.carol, plan.lamp, house.carol.user, distance_mm=200.0)
    assert "Your plan waits for you" not in text_of(signed_in(account_of(house.carol)), url("home:today", house.carol))


def test_a_hold_offers_a_helper_no_page_that_is_not_theirs(house: House) -> None:
    HelperGrant.objects.create(person=house.carol, user=house.helper)
    held = hold(person=house.carol, cause="question", message="Wait", by=house.carol.user)
    lift = url("plans:lift_hold", house.carol, hold_id=held.pk)
    today = url("home:today", house.carol)
    assert lift in text_of(signed_in(account_of(house.carol)), today)
    assert signed_in(house.helper).get(lift).status_code == 403
    assert lift not in text_of(signed_in(house.helper), today)
