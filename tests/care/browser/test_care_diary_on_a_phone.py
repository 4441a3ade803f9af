"""A day of the diary and a form on a phone: few taps, and the button that goes on always on the screen under no bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from care.browser.first_path import SIZES
from care.browser.phone import Phone, phone
from care.browser.test_care_session_offline import in_reach
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer
from django.urls import reverse
from playwright.sync_api import Browser, expect

#: Taps from opening the site to a day that is saved.
TAPS = 3


@pytest.fixture
def hers(house: House, browser: Browser) -> Iterator[Phone]:
    """Alice's phone; her answers are known, so that a diary is asked of her."""
    answer(house.alice, house.clinician)
    with phone(browser, signed_in(account_of(house.alice))) as made:
        yield made


def test_a_day_takes_three_taps_and_ends_on_today(hers: Phone, house: House) -> None:
    page = hers.page
    taps: list[Callable[[], object]] = [
        lambda: hers.goto(reverse("home:today", args=[house.alice.pk])),
        lambda: page.locator(".number-row").get_by_role("link", name="4").click(),
        lambda: page.get_by_role("button", name="Save this day").click(),
    ]
    assert len(taps) <= TAPS
    for tap in taps:
        tap()
    expect(page.get_by_role("status")).to_contain_text("is saved")
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    assert house.alice.diary.get().answers == {"severity": 4.0}


def test_save_and_next_stay_on_the_screen(hers: Phone, house: House) -> None:
    shown = {
        "Save this day": reverse("scales:diary", args=[house.alice.pk]),
        "Next": reverse("scales:fill", args=[house.alice.pk, "phq9"]),
    }
    for name, path in shown.items():
        hers.goto(path)
        for width, height in SIZES:
            hers.page.set_viewport_size({"width": width, "height": height})
            assert (name, width, in_reach(hers.page, name)) == (name, width, "")
