"""The ways people go through the site, with clicks and typing alone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from care.browser.visitors import Account, Visitors
from care.command_forks import run_script
from care.services import site_environment
from playwright.sync_api import Page, expect

__all__ = [
    "MINUTES", "add_lamp", "agree", "begin_session", "fill_in_intake", "make_plan", "new_course", "open_in_record",
    "register", "screen", "sign_and_release",
]  # fmt: skip

#: A number of minutes, as no page may show it to somebody who may have no light.
MINUTES = re.compile(r"\d+(\.\d+)?\s*(min\b|minutes?\b)")
#: What the plan's job may take on a busy machine [ms].
PLAN_WITHIN = 90_000


def new_course(site: Visitors, login: str) -> Account:
    """Somebody of the demo clinic with a plan released today, made beside the site."""
    made = run_script(
        Path(__file__).with_name("new_course.py"), login,
        environment=site_environment(site.site.data_dir, site.site.database_url), folder=site.site.data_dir,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    row: dict[str, Any] = json.loads(made.stdout)
    account = Account(row["username"], row["password"], None, row["person_id"])
    site.accounts[login] = account
    return account


def register(site: Visitors, page: Page, login: str) -> Account:
    """A clinician registers somebody with an account; the first password is read off the page."""
    page.goto("/people/")
    page.get_by_role("link", name="Register somebody").click()
    page.get_by_label("Name", exact=False).first.fill(f"{login.title()} Journey")
    page.get_by_label("Login name for an account").fill(login)
    page.get_by_role("button", name="Register").click()
    password = page.locator(".secret").inner_text().strip()
    address = page.get_by_role("link", name="Consent", exact=True).get_attribute("href") or ""
    site.accounts[login] = Account(login, password, None, address.split("/")[2])
    return site.accounts[login]


def open_in_record(page: Page, name: str) -> None:
    """From the first page over the menu and one's record to the page of that name."""
    page.goto("/")
    page.locator("details.menu > summary").click()
    page.locator("details.menu").get_by_role("link", name="My record").click()
    page.locator("main").get_by_role("link", name=re.compile(f"^{name}")).click()


def agree(page: Page) -> None:
    """Agree to everything that is asked."""
    open_in_record(page, "Consent")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you agree to")
    page.wait_for_load_state()
    while (boxes := page.get_by_label("I have read this and I agree")).count():
        boxes.first.check()
        page.get_by_role("button", name=re.compile("^Agree")).first.click()
        expect(page.get_by_label("I have read this and I agree")).to_have_count(boxes.count())


def fill_in_intake(page: Page, person_id: str, *, diagnosis: str, yes: tuple[str, ...] = (), **about: str) -> None:
    """All pages of the intake, the last with every answer on it, recorded. `yes`: codes answered with yes."""
    page.goto(f"/people/{person_id}/intake/")
    page.locator("main").get_by_role("link", name=re.compile("^(Begin|Change answers)$")).click()
    while (step := _step_of(page)) != "check":
        if step == "about":
            _about(page, **about)
        elif step == "complaint":
            page.get_by_label("What should the light help with?").select_option(diagnosis)
            page.get_by_label("Who has confirmed it?").fill("neurologist")
        elif step == "medicines":
            page.get_by_label("I take no medicines at all").check()
        elif step == "done-so-far":
            for field in page.locator('input[type="radio"][value="yes"]').all():
                field.check()
        elif step != "iron":
            _questions(page, yes)
        page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Record the answers").click()
    expect(page.get_by_text("Your answers are recorded.")).to_be_visible()


def _step_of(page: Page) -> str:
    # The address changes before the page is there: a question counted too early would pass for one that is not asked.
    page.wait_for_load_state()
    return page.url.rstrip("/").rpartition("/")[2]


def _about(page: Page, *, age: str = "44", sex: str = "Male", height: str = "180", weight: str = "80") -> None:
    page.get_by_label("Age").fill(age)
    page.get_by_label(sex, exact=True).check()
    page.get_by_label("Height").fill(height)
    page.get_by_label("Weight").fill(weight)
    page.get_by_label("Type 3").check()


def _questions(page: Page, yes: tuple[str, ...]) -> None:
    for code in yes:
        answer = page.locator(f'input[name="{code}"][value="yes"]')
        if answer.count():
            answer.check()
    page.get_by_label("I have read every question on this page").check()


def screen(page: Page, person_id: str, *, lamp: str, place: str, side: str) -> None:
    """Screen for today with that lamp at that place; ends on the verdict."""
    page.goto(f"/people/{person_id}/screening/new/")
    page.get_by_role("combobox", name="Lamp").select_option(label=lamp)
    first = page.locator("[data-place] fieldset").first
    first.get_by_label("Place, and what the light is meant for").select_option(place)
    first.get_by_label("Side").select_option(side)
    day = page.evaluate("() => new Intl.DateTimeFormat('sv', {timeZone: 'Europe/Berlin'}).format(new Date())")
    page.get_by_label("First day").fill(day)
    page.get_by_role("button", name=re.compile("^(Screen|Check)$")).click()
    page.locator(".verdict").wait_for()


def make_plan(page: Page) -> None:
    """From the screening's page to the plan's, over the page of the job."""
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("link", name="Show the result").click(timeout=PLAN_WITHIN)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Plan, version")


def sign_and_release(page: Page, password: str) -> None:
    """Release the plan on the page; a wrong password first, which signs nothing."""
    page.get_by_role("link", name="Release", exact=True).click()
    page.get_by_label("Your password").fill("not the password")
    page.get_by_role("button", name="Sign and release").click()
    expect(page.get_by_text("nothing was signed").first).to_be_visible()
    page.get_by_label("Your password").fill(password)
    page.get_by_role("button", name="Sign and release").click()
    expect(page.get_by_text("was released. Sessions follow it from here on.")).to_be_visible()


def begin_session(page: Page, person_id: str) -> None:
    """The checklist, ticked, and the button."""
    page.goto(f"/people/{person_id}/session/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Get ready for your session")
    page.get_by_label("I have done all of this and feel well today").check()
    page.get_by_role("button", name="Begin the session").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your session")


def add_lamp(page: Page, *, kind: str, name: str) -> None:
    """A lamp of one's own, of a kind in the catalogue."""
    page.goto("/lamps/new/")
    page.get_by_label("Kind of lamp").select_option(kind)
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add this lamp").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
