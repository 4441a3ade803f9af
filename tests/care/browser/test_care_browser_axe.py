"""Every page as axe sees it: light, dark, desktop, 320 px wide, magnified twofold; a route without a case fails."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from care.access.every_route import route_names
from care.browser.axe import bring_axe, faults_of, overflow_of, seen
from care.browser.page_cases import CASES, WITHOUT_PAGE, Case, cases_of
from care.browser.visitors import Visitors
from care.command_forks import run_script
from care.services import site_environment
from playwright.sync_api import Browser, CDPSession, Page, expect

ROUTES = [route for route in route_names() if not route.startswith("api:")]

# The rules whose answer hangs on where things lie; at another magnification nothing else of a page changes.
LAYOUT = ["target-size", "scrollable-region-focusable"]

# A picture that nobody looks at is drawn small. The page lies as it would in full size; only a pointer would miss, so
# that buttons are pressed by key here.
DESKTOP = {"width": 1280, "height": 800, "deviceScaleFactor": 1, "mobile": False, "scale": 0.05}
NARROW = DESKTOP | {"width": 320, "height": 640}
# A page of 1280 x 800 magnified to 200 %: half as many CSS pixels, each two wide.
MAGNIFIED = DESKTOP | {"width": 640, "height": 400, "deviceScaleFactor": 2}


@pytest.fixture(scope="session")
def paths(demo: Visitors) -> dict[str, dict[str, list[str]]]:
    """Where each route lies for each person."""
    told = run_script(
        Path(__file__).with_name("demo_paths.py"),
        environment=site_environment(demo.site.data_dir, demo.site.database_url), folder=demo.site.data_dir,
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    found: dict[str, dict[str, list[str]]] = json.loads(told.stdout)
    return found


@pytest.fixture(scope="module")
def page_of(browser: Browser, demo: Visitors) -> Iterator[Callable[[str | None], Page]]:
    """The page of a visitor: one page, handed on with what the browser has fetched, each with the cookies they left.

    Still: a colour on its way from light to dark is no colour of the page.
    """
    with demo.context(browser, None, reduced_motion="reduce") as context:
        context.set_default_timeout(20_000)
        bring_axe(context)
        page = context.new_page()
        left: dict[str | None, Any] = {None: []}
        before: str | None = None

        def of(visitor: str | None) -> Page:
            nonlocal before
            left[before], before = context.cookies(), visitor
            if visitor is not None and visitor not in left:
                left[visitor] = demo.state_of(browser, visitor)["cookies"]
            context.clear_cookies()
            context.add_cookies(left[visitor])
            return page

        yield of


def _look(page: Page) -> list[str]:
    """All rules on a desktop in light and at 320 px in dark; magnified, what hangs on the layout.

    A page begins as the one before it ended, in one order and then in the other: each change lays it out and draws it.
    """
    looks = (_on_a_desktop, _narrow, _magnified)
    backwards = _shown.get(page) == ("light", MAGNIFIED)
    return [fault for look in looks[:: -1 if backwards else 1] for fault in look(page)]


def _on_a_desktop(page: Page) -> list[str]:
    _show(page, "light", DESKTOP)
    return [f"desktop, light: {fault}" for fault in seen(page, "faults", "cut", "headless")]


def _narrow(page: Page) -> list[str]:
    _show(page, "dark", NARROW)
    return [f"320 px, dark: {fault}" for fault in seen(page, "faults", "wide")]


def _magnified(page: Page) -> list[str]:
    _show(page, "light", MAGNIFIED)
    return [f"magnified: {fault}" for fault in seen(page, "faults", "wide", only=LAYOUT)]


#: What each page was last shown in.
_shown: dict[Page, tuple[str, dict[str, float]]] = {}


def _show(page: Page, colours: str, size: dict[str, float]) -> None:
    """Both at once, by the debugger itself: each step by itself would lay the page out and draw it."""
    if _shown.get(page) == (colours, size):
        return
    told = {"prefers-color-scheme": colours, "prefers-reduced-motion": "reduce"}
    features = [{"name": name, "value": value} for name, value in told.items()]
    _debugger(page).send("Emulation.setEmulatedMedia", {"features": features})
    _debugger(page).send("Emulation.setDeviceMetricsOverride", size)
    _shown[page] = (colours, size)


@cache
def _debugger(page: Page) -> CDPSession:
    return page.context.new_cdp_session(page)


def _open(page: Page, case: Case, site: Visitors) -> None:
    answer = page.goto(case.path)
    if "/reauthenticate/" in page.url and not case.route.endswith("reauthenticate"):
        page.locator('input[type="password"]').fill(site.accounts[str(case.visitor)].password)
        page.locator("main").get_by_role("button", name="Go on").press("Enter")
        page.wait_for_url(lambda url: "/reauthenticate/" not in url)
    assert answer is not None
    assert answer.status == 200, case.name


def test_every_route_has_a_case_or_no_page() -> None:
    assert [route for route in ROUTES if (route in CASES) == (route in WITHOUT_PAGE)] == []
    assert sorted({*CASES, *WITHOUT_PAGE} - set(ROUTES)) == []


@pytest.mark.parametrize("route", [route for route in ROUTES if route not in WITHOUT_PAGE])
def test_a_page_keeps_the_rules(
    route: str, paths: dict[str, Any], page_of: Callable[[str | None], Page], demo: Visitors
) -> None:
    found = []
    for case in cases_of(route, paths[route]):
        page = page_of(case.visitor)
        if route == "mfa_view_recovery_codes":
            _new_recovery_codes(page, demo)
        _open(page, case, demo)
        found += [f"{case.name}: {fault}" for fault in _look(page)]
    assert found == []


def _new_recovery_codes(page: Page, site: Visitors) -> None:
    _open(page, Case("", "/account/second-factor/recovery-codes/generate/", "clinician", ""), site)
    page.get_by_role("button", name="Make new codes").press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()


@pytest.mark.parametrize("route", sorted(WITHOUT_PAGE))
def test_what_is_said_to_have_no_page_has_none(
    route: str, paths: dict[str, Any], page_of: Callable[[str | None], Page]
) -> None:
    page = page_of("gia" if route.startswith("checkpoints:calendar") else "clinician")
    there = paths[route].get("gia") or next(iter(paths[route].values()))
    answer = page.context.request.get(there[0], max_redirects=0)
    whole = "<!doctype html" in answer.text()[:200].lower() if "text" in answer.headers["content-type"] else False
    assert not whole or answer.status != 200


@pytest.mark.parametrize(
    ("visitor", "path", "button"),
    [
        (None, "/account/login/", "Sign in"),
        ("clinician", "/people/new/", "Register"),
        ("ada", "/people/{ada}/effects/", "Save this report"),
        ("ada", "/people/{ada}/diary/", "Save this day"),
        ("clinician", "/lamps/new/", "Add this lamp"),
    ],
)
def test_a_form_that_comes_back_says_what_is_wrong_and_keeps_the_rules(
    visitor: str | None, path: str, button: str, page_of: Callable[[str | None], Page], demo: Visitors
) -> None:
    page = page_of(visitor)
    page.goto(path.format(ada=demo.accounts["ada"].person_id))
    page.locator("main form").first.evaluate("form => form.noValidate = true")
    page.locator("main").get_by_role("button", name=button).press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    assert _look(page) == []


def test_the_page_that_tells_a_first_password_keeps_the_rules(
    page_of: Callable[[str | None], Page], demo: Visitors
) -> None:
    page = page_of("other")
    page.goto(f"/people/{demo.accounts['jon'].person_id}/details/")
    page.get_by_role("button", name="New first password").press("Enter")
    expect(page.get_by_role("heading", name="New first password", level=1)).to_be_visible()
    assert _look(page) == []


@pytest.mark.parametrize("path", ["/nowhere/", "/people/{jon}/today/"])
def test_a_page_that_is_not_there_and_one_that_is_not_yours_keep_the_rules(
    path: str, page_of: Callable[[str | None], Page], demo: Visitors
) -> None:
    page = page_of("ada")
    answer = page.goto(path.format(jon=demo.accounts["jon"].person_id))
    assert answer is not None
    assert answer.status in (403, 404)
    assert _look(page) == []


def test_axe_finds_what_is_wrong(page_of: Callable[[str | None], Page]) -> None:
    page = page_of(None)
    page.goto("about:blank")
    page.set_content(
        "<!DOCTYPE html><html><body><main><p style='color:#bbb;background:#fff'>pale</p><input>"
        "<div style='width:2000px'>wide</div></main></body></html>"
    )
    rules = {fault.partition(":")[0] for fault in faults_of(page)}
    assert {"color-contrast", "html-has-lang", "label"} <= rules
    assert overflow_of(page)
