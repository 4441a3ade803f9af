"""A session whose network is cut, whose page is killed, or that is open twice: one record, with the true minutes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from unittest import mock

import pytest
from care.browser.phone import Phone, phone
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import LEFT, agree, release
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from openpbm.care.people.models import Person
from openpbm.care.plans.selectors import open_holds
from openpbm.care.sessions.models import SessionRecord, SessionStart

#: Taps from opening the site to the light being on, for somebody who has had a session of this plan.
TAPS = 3


@pytest.fixture
def alice(house: House) -> Person:
    """With a course that begins today."""
    agree(house.alice)
    release(house.alice, house.clinician)
    return house.alice


@pytest.fixture
def hers(alice: Person, browser: Browser) -> Iterator[Phone]:
    """Her phone, on the page where a session is begun."""
    with phone(browser, signed_in(account_of(alice))) as made:
        yield made


def guide(person: Person) -> str:
    return reverse("sessions:guide", args=[person.pk])


def begun(hers: Phone, person: Person) -> Page:
    hers.goto(guide(person))
    hers.page.get_by_label("I have done all of this and feel well today").check()
    hers.page.get_by_role("button", name="Begin the session").click()
    hers.page.get_by_role("button", name="Light on: start").click()
    expect(hers.page.get_by_role("button", name="Pause")).to_be_visible()
    hers.page.wait_for_function(
        "async () => (await openpbm.store.all()).some((one) => one.sheet && one.state.places[0].since !== null)"
    )
    return hers.page


def kept(page: Page, what: str) -> None:
    """Wait until the browser has written it, in its own time."""
    page.wait_for_function(f"async () => (await openpbm.store.all()).some((one) => {what})")


def stop(page: Page, *, left: str, right: str, why: str = "the network went") -> None:
    page.get_by_role("button", name="STOP").click()
    page.get_by_label("Light: back of the calf, left").fill(left)
    page.get_by_label("Light: back of the calf, right").fill(right)
    page.get_by_label("why?").fill(why)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the session").click()


def rows(person: Person) -> list[tuple[str, float | None, str]]:
    return [(row.side, row.minutes, row.status) for row in SessionRecord.objects.filter(person=person).order_by("side")]


def test_without_a_network_it_runs_is_kept_sealed_and_arrives_once(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    hers.network(cut=True)
    stop(page, left="0.5", right="0")
    save(page)
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    raw = page.evaluate(_RAW)
    assert raw["extractable"] is False
    assert "calf" not in raw["said"]
    assert rows(alice) == []
    # Refreshed without a network, it is still there, and no second session begins.
    page.reload()
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    hers.network(cut=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Session saved")
    assert rows(alice) == [("left", 0.5, "partial"), ("right", 0.0, "missed")]
    page.wait_for_load_state()
    assert page.evaluate("openpbm.store.all().then((all) => all.length)") == 0


#: All bytes that the browser keeps, and whether a script could read the key out.
_RAW = """async () => {
  const done = (asked) => new Promise((give) => { asked.onsuccess = () => give(asked.result); });
  const base = await done(indexedDB.open("openpbm", 1));
  const all = (name) => done(base.transaction(name).objectStore(name).getAll());
  const [key] = await all("keys");
  const said = (await all("entries")).map((row) => new TextDecoder("latin1").decode(row.sealed)).join("");
  return { extractable: key.extractable, said };
}"""


def test_an_answer_lost_on_its_way_doubles_nothing(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    stop(page, left="1", right="0")
    hers.lost = True
    save(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Session saved", timeout=30_000)
    assert rows(alice) == [("left", 1.0, "partial"), ("right", 0.0, "missed")]


def test_a_dead_battery_and_a_refresh_without_a_network_lose_nothing(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    where = page.url
    page.get_by_role("button", name="Pause").click()
    hers.network(cut=True)
    kept(page, "one.state.places[0].paused !== null")
    hers.killed()
    hers.page.goto(where)
    page = hers.page
    expect(page.get_by_role("button", name="Go on")).to_be_visible()
    assert page.locator("[data-digits]").inner_text() in ("15:00", "14:59", "14:58", "14:57")
    expect(page.locator("[data-position] img").first).to_have_attribute("src", re.compile("^data:image/svg"))
    stop(page, left="0.3", right="0")
    save(page)
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    hers.killed()
    hers.network(cut=False)
    hers.goto(guide(alice))
    # Begun and not written down, it is what the page for a new one leads to; what was kept is sent from there.
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Session saved")
    hers.goto(guide(alice))
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("Today’s session is written down")
    assert rows(alice) == [("left", 0.3, "partial"), ("right", 0.0, "missed")]
    # What a page writes late is not kept once the record has the session: it would be sent again from the next page.
    assert sum(path.endswith("/arrived/") for path in hers.posted) == 1


def test_two_tabs_run_one_session_and_the_second_goes_on_when_the_first_is_closed(hers: Phone, alice: Person) -> None:
    first = begun(hers, alice)
    second = hers.opened()
    second.goto(first.url)
    expect(second.get_by_text("This session is open in another window")).to_be_visible()
    expect(second.get_by_role("button", name="Light on: start")).not_to_be_visible()
    expect(second.get_by_role("button", name="Save the session")).not_to_be_visible()
    first.close()
    expect(second.get_by_role("button", name="Pause")).to_be_visible()
    assert "The timer went on meanwhile" in second.locator("[data-note]").inner_text()
    stop(second, left="0.2", right="0")
    second.get_by_label("why?").press("Enter")
    expect(second.get_by_role("heading", level=1)).to_have_text("Session saved")
    second.go_back()
    second.go_forward()
    expect(second.get_by_role("heading", level=1)).to_have_text("Session saved")
    assert rows(alice) == [("left", 0.2, "partial"), ("right", 0.0, "missed")]


def test_without_a_network_nothing_begins(hers: Phone, alice: Person) -> None:
    hers.goto(guide(alice))
    hers.page.get_by_label("I have done all of this and feel well today").check()
    hers.network(cut=True)
    hers.page.get_by_role("button", name="Begin the session").click()
    expect(hers.page.get_by_role("heading", level=1)).to_have_text("No network")
    assert not SessionStart.objects.exists()


def test_more_minutes_than_passed_on_both_clocks_are_cut_and_the_day_stays_taken(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    hers.network(cut=True)
    stop(page, left="15", right="15")
    save(page)
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    later = timezone.now() + dt.timedelta(hours=3)
    with mock.patch("django.utils.timezone.now", return_value=later):
        hers.network(cut=False)
        expect(page.get_by_role("heading", level=1)).to_have_text("Session saved")
        hers.goto(guide(alice))
        expect(page.get_by_role("heading", level=1)).to_have_text("Today’s session is written down")
    left, right = SessionRecord.objects.order_by("side")
    assert (left.minutes or 0) <= 2.5
    assert (right.minutes or 0) <= 2.5
    assert left.reason.startswith("The phone sent 15 minutes, and only")
    assert left.date == alice.today()


def test_a_stop_for_a_symptom_bars_light_at_once_and_holds_on_arrival(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    hers.network(cut=True)
    stop(page, left="0.5", right="0", why="")
    page.get_by_label("My eyes hurt, or I saw spots").check()
    page.get_by_label("A blister or burn").check()
    save(page)
    expect(page.get_by_text("No more light until somebody has looked at it.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("No more light until somebody has looked at it.")).to_be_visible()
    expect(page.get_by_role("button", name="Light on")).not_to_be_visible()
    assert open_holds(alice) == []
    hers.network(cut=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Session saved")
    assert {hold.cause for hold in open_holds(alice)} == {"light_stopped", "skin_reaction"}
    assert SessionRecord.objects.filter(reason="My eyes hurt, or I saw spots").count() == 2


def test_nobody_is_signed_out_over_what_is_not_sent_and_a_timeout_wipes_nothing(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    hers.network(cut=True)
    stop(page, left="0.5", right="0")
    save(page)
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    # The site answers again, but knows nobody: the time was up.
    session = hers.client.cookies.pop("session")
    hers.network(cut=False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert rows(alice) == []
    hers.client.cookies["session"] = session.value
    with mock.patch("openpbm.care.sessions.views.arrived.end_session", side_effect=OSError("the disk is full")):
        hers.client.raise_request_exception = False
        hers.goto(reverse("home:today", args=[alice.pk]))
        expect(page.locator("[data-unsent]")).to_contain_text("Not sent yet: 1 entry")
        page.locator("details.menu > summary").click()
        page.get_by_role("button", name="Sign out").click()
        expect(page.get_by_role("alert").filter(has_text="You are still signed in: 1 not sent")).to_be_visible()
        with page.expect_download() as saved:
            page.get_by_role("button", name="Save as a file").click()
        assert '"minutes_0": "0.5"' in saved.value.path().read_text()
    page.locator("details.menu > summary").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert rows(alice) == [("left", 0.5, "partial"), ("right", 0.0, "missed")]


def test_what_another_device_wrote_stays_and_its_reaction_holds_all_the_same(hers: Phone, alice: Person) -> None:
    page = begun(hers, alice)
    hers.network(cut=True)
    stop(page, left="0.5", right="0")
    page.get_by_label("Sore or painful").check()
    save(page)
    start = SessionStart.objects.get()
    other = signed_in(account_of(alice))
    sent = {
        "minutes_0": "1",
        "minutes_1": "0",
        "distance_cm": "15",
        "reason": "on the other phone",
        "skin_reaction": "none",
    }
    assert other.post(reverse("sessions:run", args=[alice.pk, start.pk]), sent).status_code == 302
    hers.network(cut=False)
    expect(page.locator("[data-unsent]")).to_contain_text(
        "Another device wrote this session down first (minutes: 1 and 0)"
    )
    assert rows(alice) == [(LEFT[1], 1.0, "partial"), ("right", 0.0, "missed")]
    assert [hold.cause for hold in open_holds(alice)] == ["skin_reaction"]
    page.get_by_role("button", name="Leave it as it is recorded").click()
    expect(page.locator("[data-unsent]")).to_have_count(0)


@pytest.mark.parametrize("size", [(195, 422), (360, 640), (390, 844), (768, 1024), (1440, 900)])
def test_what_is_pressed_is_on_the_screen_and_under_no_bar(size: tuple[int, int], hers: Phone, alice: Person) -> None:
    hers.page.set_viewport_size({"width": size[0], "height": size[1]})
    hers.goto(guide(alice))
    # A phone at twice its size keeps what is read in sight, and has this button at its end.
    assert size[0] < 200 or in_reach(hers.page, "Begin the session") == ""
    hers.page.get_by_label("I have done all of this and feel well today").check()
    hers.page.get_by_role("button", name="Begin the session").click()
    expect(hers.page.get_by_role("button", name="Light on: start")).to_be_visible()
    assert [in_reach(hers.page, name) for name in ("Light on: start", "STOP")] == ["", ""]
    hers.page.get_by_role("button", name="Light on: start").click()
    assert [in_reach(hers.page, name) for name in ("Pause", "STOP")] == ["", ""]
    assert hers.page.get_by_role("button", name="STOP").evaluate("(stop) => stop.scrollWidth <= stop.clientWidth")
    assert hers.page.locator("[data-digits]").is_visible()
    assert not hers.page.locator(".site-navigation").is_visible()


def in_reach(page: Page, name: str) -> str:
    """What lies over the button where a thumb presses it; "" for nothing, with all of it on the screen."""
    said: str = page.get_by_role("button", name=name).evaluate("""(button) => {
      const box = button.getBoundingClientRect();
      const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
      if (!inside) return `off the screen: ${JSON.stringify(box)}`;
      const points = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.5], [0.1, 0.9], [0.9, 0.9]];
      const at = ([x, y]) => document.elementFromPoint(box.left + x * box.width, box.top + y * box.height);
      const over = points.map(at);
      return over.every((one) => button.contains(one)) ? "" : over.map((one) => one?.outerHTML.slice(0, 60)).join();
    }""")
    return said


def test_after_the_first_time_the_light_is_on_after_three_taps(hers: Phone, alice: Person) -> None:
    with mock.patch("openpbm.care.sessions.views.start._given_before", return_value=True):
        hers.goto(reverse("home:today", args=[alice.pk]))
        taps = [
            hers.page.locator("main").get_by_role("link", name="Begin", exact=True),
            hers.page.get_by_role("button", name="As last time, and I feel well: begin"),
            hers.page.get_by_role("button", name="Light on: start"),
        ]
        for tap in taps:
            tap.click()
    expect(hers.page.get_by_role("button", name="Pause")).to_be_visible()
    assert len(taps) <= TAPS
    assert SessionStart.objects.count() == 1
