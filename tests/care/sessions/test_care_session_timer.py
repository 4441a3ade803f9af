"""The countdown in a real browser: it counts, pauses, outlives a reload, moves on, and fills the form in."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qsl

import pytest
from care.conftest import signed_in
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone
from light_house import LEFT, RIGHT, agree, release
from playwright.sync_api import Page, Route, sync_playwright

from openpbm.care.sessions.actions import start_session
from openpbm.care.sessions.models import SessionRecord

SITE = "http://testserver"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Running:
    """A session of alice's that has begun: its page, made before the browser starts, and what the browser sent back.

    Django and the browser take turns, since Playwright keeps a loop running in this thread.
    """

    def __init__(self, person) -> None:
        self.client = signed_in(person.user)
        plan = release(person, person.clinic.memberships.get(role="clinician").user)
        self.start, _ = start_session(
            person=person, lamp=plan.lamp, places=[LEFT, RIGHT], started_at=timezone.now(), by=person.user
        )
        self.path = reverse("sessions:run", args=[person.pk, self.start.pk])
        self.response = self.client.get(self.path)
        self.sent: dict[str, str] = {}

    def answer(self, route: Route) -> None:
        """The page, its files, and a word for the form that was sent."""
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            found = Path(finders.find(path.removeprefix("/static/")))
            route.fulfill(path=found, content_type=_TYPES[found.suffix])
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
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 320, "height": 640})
            page.set_default_timeout(10_000)
            page.clock.install(time=timezone.now())
            page.route("**/*", self.answer)
            page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
            page.on("pageerror", lambda error: faults.append(str(error)))
            page.goto(SITE + self.path)
            page.clock.pause_at(timezone.now() + dt.timedelta(minutes=1))
            yield page
            browser.close()
        assert faults == []

    def rows(self) -> list[SessionRecord]:
        """The records after what the browser sent was taken in."""
        assert self.client.post(self.path, self.sent).status_code == 302
        return list(SessionRecord.objects.order_by("side"))


@pytest.fixture
def running(house):
    agree(house.alice)
    return Running(house.alice)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the session").press("Enter")
    page.get_by_role("heading", name="Sent").wait_for()


def wait(page: Page, **span: float) -> None:
    page.clock.run_for(dt.timedelta(**span).total_seconds() * 1000)


def shown(page: Page) -> str:
    return page.locator("[data-digits]").inner_text()


def test_both_places_are_counted_down_by_keyboard_and_written_down(running):
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


def test_a_reload_goes_on_where_it_was_and_a_stop_asks_for_the_reason(running):
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


def test_a_page_away_for_hours_counts_no_more_than_was_planned(running):
    with running.phone() as page:
        page.get_by_role("button", name="Light on: start").click()
        wait(page, seconds=30)
        page.clock.fast_forward(3 * 3600 * 1000)
        wait(page, seconds=1)
        assert shown(page) == "00:00"
        page.get_by_role("button", name="Stop and write down").click()
        assert page.get_by_label("Light: back of the calf, left").input_value() == "15"


def test_nothing_about_the_person_is_kept_in_the_browser(running):
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
