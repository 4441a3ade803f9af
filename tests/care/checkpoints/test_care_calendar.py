"""A calendar by a secret address: dates and nothing else, in the person's own time, ended at once."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from care.conftest import House, account_of, signed_in
from care.course_rows import release_example
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from icalendar.cal.component import Component

from openpbm.care.checkpoints.actions import close_feed, open_feed
from openpbm.care.checkpoints.feed import calendar_of, token_of
from openpbm.care.checkpoints.models import CalendarFeed
from openpbm.care.people.actions import end_help, grant_help
from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.plans.models import PlanRelease


def release(person: Person, days_ago: int) -> PlanRelease:
    start = dt.date(2026, 9, 7)
    return release_example(person, person.today() - dt.timedelta(days=days_ago) - start)


def events(person: Person) -> list[Component]:
    return Calendar.from_ical(calendar_of(person)).walk("VEVENT")


def feed_url(token: Any) -> str:
    return reverse("checkpoints:feed", kwargs={"token": token})


def test_every_session_and_checkpoint_by_the_person_s_clock(house: House) -> None:
    released = release(house.alice, 3)
    plan = released.plan.followed
    found = events(house.alice)
    sessions = [row for row in found if row["SUMMARY"] == "OpenPBM session"]
    assert len(sessions) == len(plan.schedule.sessions) == 18
    begins = sessions[0]["DTSTART"]
    assert "TZID" not in begins.params
    assert sessions[0].decoded("DTSTART") == dt.datetime.combine(
        plan.schedule.sessions[0].date, dt.time(20), house.alice.zone
    )
    assert {row.decoded("DTSTART") for row in found if row["SUMMARY"] == "OpenPBM checkpoint"} == {
        day for day in plan.checkpoint_days.values()
    }
    # A zone's rules as RDATE alone made sessions an hour late in summer where a calendar ignores RDATE.
    assert b"VTIMEZONE" not in calendar_of(house.alice)


def test_a_session_stays_at_its_hour_when_the_clocks_change(house: House) -> None:
    start = dt.date(2026, 9, 7)
    release_example(house.alice, dt.date(2026, 10, 12) - start)
    at = [row.decoded("DTSTART") for row in events(house.alice) if row["SUMMARY"] == "OpenPBM session"]
    assert {moment.hour for moment in at} == {18, 19}
    assert {moment.astimezone(house.alice.zone).hour for moment in at} == {20}


@pytest.mark.parametrize("zone", ["America/Chicago", "Pacific/Auckland", "Asia/Kolkata"])
def test_other_zones_keep_their_hour_as_well(house: House, zone: str) -> None:
    house.alice.time_zone = zone
    house.alice.save()
    start = dt.date(2026, 9, 7)
    release_example(house.alice, dt.date(2026, 9, 21) - start)
    at = [row.decoded("DTSTART") for row in events(house.alice) if row["SUMMARY"] == "OpenPBM session"]
    assert {moment.astimezone(ZoneInfo(zone)).hour for moment in at} == {20}
    assert {moment.utcoffset() for moment in at} == {dt.timedelta(0)}


def test_nothing_of_health_stands_in_it(house: House) -> None:
    release(house.alice, 3)
    text = calendar_of(house.alice).decode().lower()
    for word in ("calf", "legs", "restless", "alice", "marker", "panel", house.alice.code.lower(), "clinic"):
        assert word not in text


def test_while_sessions_are_on_hold_none_is_called_to(house: House) -> None:
    release(house.alice, 10)
    before = len(events(house.alice))
    hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    left = [row.decoded("DTSTART").date() for row in events(house.alice) if row["SUMMARY"] == "OpenPBM session"]
    assert len(events(house.alice)) < before
    assert left
    assert max(left) < house.alice.today()


def test_the_address_answers_without_signing_in_and_only_to_its_secret(house: House) -> None:
    release(house.alice, 3)
    feed = open_feed(person=house.alice, by=account_of(house.alice))
    answer = Client().get(feed_url(token_of(feed)))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    for wrong in ("x", feed.secret, token_of(feed)[:-1], f"{feed.secret}:{feed.secret}"):
        assert Client().get(feed_url(wrong)).status_code == 403


def test_an_ended_address_and_a_replaced_one_are_dead(house: House) -> None:
    first = token_of(open_feed(person=house.alice, by=account_of(house.alice)))
    second = token_of(open_feed(person=house.alice, by=account_of(house.alice)))
    assert Client().get(feed_url(first)).status_code == 403
    assert Client().get(feed_url(second)).status_code == 200
    assert close_feed(person=house.alice, by=account_of(house.alice)) == 1
    assert Client().get(feed_url(second)).status_code == 403
    assert CalendarFeed.objects.filter(revoked_at=None).count() == 0


def test_a_helper_neither_reads_nor_makes_the_address(house: House) -> None:
    grant = grant_help(person=house.alice, user=account_of(house.bob), by=account_of(house.alice))
    token = token_of(open_feed(person=house.alice, by=account_of(house.alice)))
    url = reverse("checkpoints:calendar", kwargs={"person_id": house.alice.pk})
    helper = signed_in(account_of(house.bob))
    assert token not in helper.get(url).content.decode()
    # Made by a helper it would end the one the person's own calendar follows.
    assert helper.post(url, {"new": "1"}).status_code == 302
    with pytest.raises(PermissionDenied):
        open_feed(person=house.alice, by=account_of(house.bob))
    assert Client().get(feed_url(token)).status_code == 200
    # It may have been read over a shoulder.
    end_help(grant=grant, by=account_of(house.alice))
    assert Client().get(feed_url(token)).status_code == 403


def test_who_asks_again_is_told_that_nothing_changed(house: House) -> None:
    release(house.alice, 3)
    url = feed_url(token_of(open_feed(person=house.alice, by=account_of(house.alice))))
    tag = Client().get(url).headers["ETag"]
    # Packed on its way, the tag comes back as a weak one.
    for sent in (tag, f"W/{tag}"):
        again = Client().get(url, headers={"If-None-Match": sent})
        assert (again.status_code, again.content) == (304, b"")
    hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    changed = Client().get(url, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.headers["ETag"] != tag) == (200, True)


def test_an_address_that_is_asked_all_the_time_is_told_to_wait(house: House) -> None:
    url = feed_url(token_of(open_feed(person=house.alice, by=account_of(house.alice))))
    answers = [Client().get(url) for _ in range(31)]
    assert [answer.status_code for answer in answers[:30]] == [200] * 30
    assert answers[30].status_code == 429
    assert int(answers[30].headers["Retry-After"]) > 0


def test_whoever_has_left_has_no_calendar(house: House) -> None:
    token = token_of(open_feed(person=house.alice, by=account_of(house.alice)))
    house.alice.left_at = timezone.now()
    house.alice.save()
    assert Client().get(feed_url(token)).status_code == 403


def test_the_page_makes_shows_and_ends_the_address(house: House) -> None:
    release(house.alice, 3)
    client = signed_in(account_of(house.alice))
    url = reverse("checkpoints:calendar", kwargs={"person_id": house.alice.pk})
    client.post(url, {"new": "1"})
    token = token_of(CalendarFeed.objects.get())
    assert token in client.get(url).content.decode()
    client.post(url, {"end": "1"})
    assert token not in client.get(url).content.decode()
    assert CalendarFeed.objects.get().revoked_at is not None


@pytest.mark.parametrize("who", ["bob", "carol"])
def test_another_person_reaches_neither_page_nor_file(house: House, who: str) -> None:
    for name in ("calendar", "calendar_file"):
        url = reverse(f"checkpoints:{name}", kwargs={"person_id": house.alice.pk})
        assert signed_in(getattr(house, who).user).get(url).status_code == 403
