"""A newcomer on their own, with a telephone and a common panel: from the account to a released plan, counted."""

from __future__ import annotations

from care.browser.axe import faults_of
from care.browser.browser_journeys import MINUTES, add_lamp, screen
from care.browser.conftest import Opener
from care.browser.first_path import walk_to_course
from care.browser.visitors import Visitors
from playwright.sync_api import expect

#: At most so many screens, taps, and words that are seen without opening anything; counted for cramps at night.
#: Restless legs ask more signs, and none of them is left out for the sake of a number.
SCREENS, TAPS, WORDS = 14, 40, 900


def test_alone_from_the_account_to_a_course_and_a_lamp_that_needs_a_clinician(demo: Visitors, opened: Opener) -> None:
    phone = opened(demo, None, phone=True, timezone_id="Europe/Berlin")
    walk = walk_to_course(phone, "solo", "a lamp of my own 2027", diagnosis="nocturnal_cramps")
    assert walk.screens <= SCREENS, walk.words
    assert walk.taps <= TAPS
    assert sum(walk.words.values()) <= WORDS, walk.words
    assert not walk.unseen
    assert not faults_of(phone)
    person_id = phone.url.split("/people/")[1].split("/")[0]
    phone.goto(f"/people/{person_id}/plans/sheet/")
    expect(phone.get_by_role("heading", name="My light sessions at home")).to_be_visible()
    assert MINUTES.search(phone.locator("body").inner_text())

    add_lamp(phone, kind="laser_808_probe", name="My laser")
    screen(phone, person_id, lamp="My laser", place="posterior_calf:gastrocnemius", side="left")
    expect(phone.get_by_role("button", name="Make the plan")).to_have_count(0)
    phone.get_by_role("link", name="Request to a clinician").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Request to a clinician")
    assert not MINUTES.search(phone.locator("main").inner_text())
