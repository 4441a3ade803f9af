"""A patient's day by keyboard alone, on a narrow screen: Tab, Space, Enter and arrows, with a ring at every stop."""

from __future__ import annotations

from collections.abc import Callable

from care.browser.browser_journeys import new_course
from care.browser.visitors import Visitors
from playwright.sync_api import Page, expect

MOST_STOPS = 90

# The ring of a radio or a tick box lies around its label, which is what one sees.
_RING = """() => {
  const here = document.activeElement;
  const drawn = element => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  };
  const box = (element => element.getBoundingClientRect())(here.matches("input[type=radio], input[type=checkbox]")
    && here.nextElementSibling ? here.nextElementSibling : here);
  return {
    what: `${here.tagName} ${here.id || here.textContent.trim().slice(0, 40)}`,
    ring: drawn(here) || (here.nextElementSibling !== null && drawn(here.nextElementSibling)),
    seen: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    body: here === document.body,
  };
}"""


def _tab_to(page: Page, wanted: str) -> None:
    """Tab until what has the focus matches; each stop on the way shows where it is."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        here = page.evaluate(_RING)
        if here["body"]:
            continue  # round the end of the page, through the browser's own frame
        assert here["ring"], f"no ring around {here['what']} of {page.url}"
        assert here["seen"], f"{here['what']} of {page.url} has the focus outside the screen"
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"{wanted} of {page.url} cannot be reached with Tab")


def _press(page: Page, wanted: str, key: str = "Enter") -> None:
    _tab_to(page, wanted)
    page.keyboard.press(key)


def _heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(text)


def test_a_day_by_keyboard_alone(demo: Visitors, opened: Callable[..., Page]) -> None:
    kay = new_course(demo, "kay")
    page = opened(demo, None, viewport={"width": 390, "height": 844})
    page.goto("/account/login/")
    # The field for the name has the focus, or Tab leads there.
    if not page.evaluate("document.activeElement.matches('#id_login')"):
        _tab_to(page, "#id_login")
    page.keyboard.type(kay.username)
    _tab_to(page, "#id_password")
    page.keyboard.type(kay.password)
    page.keyboard.press("Enter")
    _heading(page, "Today")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    _press(page, f"a[href^='/people/{kay.person_id}/diary/']")
    _heading(page, "Diary")
    _tab_to(page, "input[name=severity]")
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(page.locator("input[name=severity]:checked")).to_have_value("3")
    _press(page, "main button[type=submit]")
    expect(page.get_by_role("status")).to_contain_text("is saved")

    _press(page, f"a[href='/people/{kay.person_id}/today/']")
    _heading(page, "Today")
    _press(page, f"main a[href^='/people/{kay.person_id}/session/']")
    _heading(page, "Get ready for your session")
    _press(page, "input[name=ready]", "Space")
    _press(page, "button[name=begin]", "Space")
    _heading(page, "Your session")
    _press(page, "[data-do=start]")
    expect(page.locator("[data-do=pause]")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("[data-do=start]")).to_be_focused()
    _press(page, "[data-do=stop]")
    expect(page.locator("[data-reason]")).to_be_focused()
    page.keyboard.type("Trying it by keyboard")
    _press(page, "[data-finish] button[type=submit]")
    _heading(page, "Saved: no light was given")  # sent by the script, so that the page of before stands for a while
    page.wait_for_load_state()

    _press(page, f"a[href='/people/{kay.person_id}/effects/']")
    _heading(page, "Report an effect")
    _press(page, "main form summary")
    _tab_to(page, "#id_kind")
    page.keyboard.type("Headache")
    expect(page.locator("#id_kind")).to_have_value("headache")
    _tab_to(page, "input[name=grade]")
    page.keyboard.press("Space")
    expect(page.locator("#advice .verdict")).to_be_visible()
    _tab_to(page, "main form button[type=submit]")
    page.keyboard.press("Enter")
    _heading(page, "Headache")


def test_places_are_chosen_on_the_drawn_body_by_keyboard(demo: Visitors, opened: Callable[..., Page]) -> None:
    page = opened(demo, "clinician")
    page.goto(f"/people/{demo.accounts['ada'].person_id}/screening/new/")
    _press(page, ".spot")
    first = page.evaluate("document.activeElement.dataset.site")
    assert page.locator("select[name=places-0-place]").input_value().startswith(f"{first}:")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    second = page.evaluate("document.activeElement.dataset.site")
    expect(page.locator(".spot[aria-pressed=true]")).to_have_count(2)
    assert page.locator("select[name=places-0-side]").input_value() == ("both" if first == second else "right")
    page.locator("select[name=places-0-place]").select_option("lower_back:erector_spinae")
    expect(page.locator("[data-site=lower_back][aria-pressed=true]")).not_to_have_count(0)


def test_the_list_of_people_is_stepped_through_by_key(demo: Visitors, opened: Callable[..., Page]) -> None:
    page = opened(demo, "clinician")
    page.goto("/people/")
    rows = page.locator("[data-row-link]")
    for key, at in (("j", 0), ("j", 1), ("k", 0), ("k", 0)):
        page.keyboard.press(key)
        expect(rows.nth(at)).to_be_focused()
    # In a field the letters are letters.
    page.get_by_label("Name or code").focus()
    page.keyboard.press("j")
    expect(page.get_by_label("Name or code")).to_have_value("j")
    rows.nth(0).focus()
    page.keyboard.press("Enter")
    _heading(page, "Record")
