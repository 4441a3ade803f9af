"""The countdown in a real browser: it counts, pauses, outlives a reload, moves on, and fills the form in."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock
from urllib.parse import parse_qsl

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, RIGHT, agree, release
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route
from present import present
from pytest_django import DjangoAssertNumQueries

from openpbm.care.people.models import Person
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.actions import record_session, start_session
from openpbm.care.sessions.models import SessionRecord

SITE = "http://testserver"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Running:
    """A session of alice's that has begun: its page, made before the browser asks, and what the browser sent back."""

    def __init__(self, person: Person, browser: Browser) -> None:
        self.browser = browser
        self.client = signed_in(account_of(person))
        plan = release(person, present(person.clinic).memberships.get(role="clinician").user)
        self.start, _ = start_session(
            person=person, lamp=plan.lamp, places=[LEFT, RIGHT], started_at=timezone.now(), by=account_of(person)
        )
        self.path = reverse("sessions:run", args=[person.pk, self.start.pk])
        self.state_path = reverse("sessions:state", args=[person.pk, self.start.pk])
        self.state = self.client.get(self.state_path).content
        self.response = self.client.get(self.path)
        self.sent: dict[str, str] = {}
        self.asked = 0

    def opened_after(self, span: dt.timedelta) -> None:
        """The page as a server makes it that much later."""
        later = self.start.started_at + span
        with mock.patch("django.utils.timezone.now", return_value=later):
            self.response = self.client.get(self.path)

    def answer(self, route: Route) -> None:
        """The page, its files, and a word for the form that was sent."""
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            found = Path(present(finders.find(path.removeprefix("/static/"))))
            route.fulfill(path=found, content_type=_TYPES[found.suffix])
        elif path == self.state_path:
            self.asked += 1
            route.fulfill(body=self.state, content_type="application/json")
        elif route.request.method == "POST":
            self.sent = dict(parse_qsl(route.request.post_data or "", keep_blank_values=True))
            route.fulfill(body="<h1>Sent</h1>", content_type="text/html")
        else:
            policy = {"Content-Security-Policy": self.response.headers["Content-Security-Policy"]}
            route.fulfill(body=self.response.content, content_type="text/html; charset=utf-8", headers=policy)

    @contextmanager
    def phone(self) -> Iterator[Page]:
        """The page on a small phone whose clock the test winds; no fault on its console."""
        faults: list[str] = []
        with self.browser.new_context(viewport={"width": 320, "height": 640}) as context:
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.clock.install(time=timezone.now())
            page.route("**/*", self.answer)
            page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(SITE + self.path)
            page.clock.pause_at(timezone.now() + dt.timedelta(minutes=1))
            yield page
        assert faults == []

    def rows(self) -> list[SessionRecord]:
        """The records after what the browser sent was taken in."""
        # The browser's clock ran on, the server's did not: it asks whether so many minutes can be right.
        assert "have passed since it began" in self.client.post(self.path, self.sent).content.decode()
        assert self.client.post(self.path, self.sent | {"confirmed": "on"}).status_code == 302
        return list(SessionRecord.objects.order_by("side"))


@pytest.fixture
def running(house: House, browser: Browser) -> Running:
    agree(house.alice)
    return Running(house.alice, browser)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the session").press("Enter")
    page.get_by_role("heading", name="Sent").wait_for()


def wait(page: Page, **span: float) -> None:
    page.clock.run_for(round(dt.timedelta(**span).total_seconds() * 1000))


def shown(page: Page) -> str:
    return page.locator("[data-digits]").inner_text()


def test_both_places_are_counted_down_by_keyboard_and_written_down(running: Running) -> None:
    with running.phone() as page:
        assert shown(page) == "15:00"
        assert page.get_by_role("heading", name="Place 1 of 2: back of the calf, left").is_visible()
        assert not page.get_by_role("button", name="Save the session").is_visible()
        page.get_by_role("button", name="Light on: start").press("Enter")
        wait(page, minutes=2)
        assert shown(page) == "13:00"
        assert page.locator("[aria-live]").inner_text() == "13 minutes left"
        page.get_by_role("button", name="Pause").press("Enter")
        wait(page, minutes=1)
        assert shown(page) == "13:00"
        page.get_by_role("button", name="Go on").press("Enter")
        wait(page, minutes=14)
        assert "Move the lamp to the next place" in page.locator("[aria-live]").inner_text()
        page.get_by_role("button", name="Next place").press("Enter")
        assert page.get_by_role("heading", name="Place 2 of 2: back of the calf, right").is_visible()
        page.get_by_role("button", name="Light on: start").press("Enter")
        wait(page, minutes=16)
        assert page.get_by_label("Light: back of the calf, left").input_value() == "15"
        assert page.get_by_label("Light: back of the calf, right").input_value() == "15"
        page.get_by_label("I looked: nothing seen or felt").check()
        save(page)
    rows = running.rows()
    assert [(row.minutes, row.status, row.skin_reaction) for row in rows] == [(15.0, "done", "none")] * 2
    assert rows[0].pauses == [[120.0, 60.0]]


def test_a_reload_goes_on_where_it_was_and_a_stop_asks_for_the_reason(running: Running) -> None:
    with running.phone() as page:
        page.get_by_role("button", name="Light on: start").click()
        wait(page, minutes=4)
        page.reload()
        assert "The timer went on meanwhile" in page.locator("[data-note]").inner_text()
        wait(page, minutes=1)
        assert shown(page) == "10:00"
        page.get_by_role("button", name="Stop and write down").click()
        assert page.get_by_label("Light: back of the calf, left").input_value() == "5"
        assert page.get_by_label("Light: back of the calf, right").input_value() == "0"
        assert page.evaluate("document.activeElement.name") == "reason"
        page.keyboard.type("skin got hot")
        save(page)
    assert [(row.minutes, row.status, row.reason) for row in running.rows()] == [
        (5.0, "partial", "skin got hot"),
        (0.0, "missed", "skin got hot"),
    ]


def test_a_page_away_for_hours_counts_no_more_than_was_planned(running: Running) -> None:
    with running.phone() as page:
        page.get_by_role("button", name="Light on: start").click()
        wait(page, seconds=30)
        page.clock.fast_forward(3 * 3600 * 1000)
        wait(page, seconds=1)
        assert shown(page) == "00:00"
        page.get_by_role("button", name="Stop and write down").click()
        assert page.get_by_label("Light: back of the calf, left").input_value() == "15"


def test_nothing_about_the_person_is_kept_in_the_browser(running: Running) -> None:
    with running.phone() as page:
        page.get_by_role("button", name="Light on: start").click()
        kept = page.evaluate("JSON.stringify(sessionStorage)")
        assert str(running.start.pk) in kept
        assert "calf" not in kept
        assert "alice" not in kept.lower()
        page.get_by_role("button", name="Stop and write down").click()
        page.get_by_label("why?").fill("tried it only")
        save(page)
        assert "openpbm-session" not in page.evaluate("JSON.stringify(sessionStorage)")


def test_a_session_opened_elsewhere_counts_only_what_can_be_left_and_leaves_the_minutes_to_the_person(
    running: Running,
) -> None:
    running.opened_after(dt.timedelta(minutes=20))
    with running.phone() as page:
        assert page.locator("[data-late]").is_visible()
        assert "perhaps on another phone" in page.locator("[data-late]").inner_text()
        assert page.get_by_role("heading", name="Place 2 of 2: back of the calf, right").is_visible()
        assert shown(page) == "10:00"
        page.get_by_role("button", name="Light on: start").click()
        wait(page, minutes=4)
        page.reload()
        wait(page, minutes=1)
        assert shown(page) == "05:00"  # the same tab goes on: nothing is taken off twice
        page.get_by_role("button", name="Stop and write down").click()
        assert page.get_by_label("Light: back of the calf, left").input_value() == ""
        assert page.get_by_label("Light: back of the calf, right").input_value() == ""
        page.get_by_label("Light: back of the calf, left").fill("15")
        page.get_by_label("Light: back of the calf, right").fill("5")
        page.get_by_label("why?").fill("on two phones")
        save(page)
    assert [(row.minutes, row.pauses) for row in running.rows()] == [(15.0, []), (5.0, [])]


def test_a_session_opened_elsewhere_after_all_its_minutes_is_only_written_down(running: Running) -> None:
    running.opened_after(dt.timedelta(minutes=31))
    with running.phone() as page:
        assert "nothing left to count down" in page.locator("[data-late-over]").inner_text()
        assert not page.get_by_role("button", name="Light on: start").is_visible()
        assert page.get_by_role("button", name="Save the session").is_visible()
        assert page.get_by_label("Light: back of the calf, left").input_value() == ""


def test_a_page_that_comes_at_once_or_within_a_minute_counts_everything(running: Running) -> None:
    running.opened_after(dt.timedelta(seconds=50))
    with running.phone() as page:
        assert shown(page) == "15:00"
        assert not page.locator("[data-late]").is_visible()


def test_a_hold_stops_the_timer_and_says_why(running: Running) -> None:
    with running.phone() as page:
        page.get_by_role("button", name="Light on: start").click()
        wait(page, minutes=2)
        assert running.asked >= 4
        running.state = json.dumps({"stop": True, "reasons": ["Sessions are on hold: a warning sign."]}).encode()
        wait(page, seconds=16)
        page.get_by_text("Turn the lamp off and leave it off.").wait_for()
        assert page.get_by_text("Sessions are on hold: a warning sign.").is_visible()
        assert not page.get_by_role("button", name="Go on").is_visible()
        stood = shown(page)
        wait(page, minutes=3)
        assert shown(page) == stood
        page.get_by_role("button", name="Stop and write down").click()
        assert 2 <= float(page.get_by_label("Light: back of the calf, left").input_value()) <= 2.5


def test_the_server_says_stop_on_a_hold_and_when_another_device_wrote_the_session_down(
    running: Running, house: House
) -> None:
    def state() -> Any:
        return running.client.get(running.state_path).json()

    assert state() == {"stop": False, "reasons": []}
    hold(person=house.alice, cause="red_flag", message="A warning sign was reported.", by=house.clinician)
    assert state() == {"stop": True, "reasons": ["Sessions are on hold: A warning sign was reported."]}
    assert "Sessions are on hold" in running.client.get(running.path).content.decode()
    record_session(
        person=house.alice, plan=running.start.plan, lamp=running.start.lamp, date=house.alice.today(), time=None,
        site=LEFT[0], side=LEFT[1], minutes=5.0, distance_mm=None, status="partial", reason="felt ill",
        confirmed=True, by=account_of(house.alice), start=running.start,
    )  # fmt: skip
    assert "on another device" in state()["reasons"][-1]


def test_the_question_whether_light_may_go_on_is_cheap(
    running: Running, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(12):
        running.client.get(running.state_path)
