"""The site installed on a phone, with its real service worker: what that keeps, and a session without a network."""

from __future__ import annotations

import re

from care.browser.browser_journeys import begin_session, new_course
from care.browser.conftest import Opener
from care.browser.visitors import Visitors, sign_in
from playwright.sync_api import Page, expect

#: Address -> text of all that the worker keeps; and what the manifest offers as icons, with the size each truly has.
_KEPT = """async () => {
  const kept = {};
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys())
      kept[new URL(request.url).pathname] = await (await caches.match(request)).text();
  return kept;
}"""
_ICONS = """async () => {
  const address = document.querySelector('link[rel="manifest"]').href;
  const { icons, start_url, display } = await (await fetch(address)).json();
  const drawn = (icon) => new Promise((give, fail) => {
    const image = new Image();
    Object.assign(image, { onload: () => give(`${image.naturalWidth}x${image.naturalHeight}`), onerror: fail });
    image.src = new URL(icon.src, address);
  });
  return { start_url, display, icons: await Promise.all(icons.map(async (icon) => [icon.sizes, await drawn(icon)])) };
}"""


def _installed(page: Page) -> None:
    page.wait_for_function("navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))")


def test_installed_it_opens_without_a_network_and_keeps_nothing_about_anybody(demo: Visitors, opened: Opener) -> None:
    account = new_course(demo, "wanda")
    page = opened(demo, None, phone=True, timezone_id="Europe/Berlin")
    sign_in(page, account)
    _installed(page)
    manifest = page.evaluate(_ICONS)
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    assert all(said in ("any", true) for said, true in manifest["icons"]), manifest

    page.context.set_offline(True)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_have_text("No network")
    page.context.set_offline(False)
    # It opens by itself as soon as there is a network again; an address asked for meanwhile would be lost.
    expect(page.get_by_role("heading", level=1)).not_to_have_text("No network")
    page.wait_for_load_state()
    begin_session(page, account.person_id or "")
    page.get_by_role("button", name="Light on: start").click()
    page.wait_for_function(
        "openpbm.store.all().then((all) => all.some((one) => one.sheet && one.state.places[0].since))"
    )
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()

    # The page is killed, and the icon on the phone tapped: the session that runs is what opens.
    context = page.context
    page.close()
    page = context.new_page()
    page.goto("/")
    page.get_by_role("button", name="STOP").click()
    page.get_by_label(re.compile("^Light: ")).fill("0.1")
    page.get_by_label("why?").fill("the bell rang")
    page.get_by_role("button", name="Save the session").click()
    expect(page.get_by_text("1 entry is not sent yet")).to_be_visible()
    kept = page.evaluate(_KEPT)
    assert {path for path in kept if not path.startswith("/static/")} == {"/offline/"}
    about_her = (account.username, "Wanda", account.person_id or "", "shoulder", "bell rang")
    assert [word for word in about_her if any(word in text for text in kept.values())] == []

    context.set_offline(False)
    expect(page.get_by_role("heading", level=1)).to_have_text("Session saved", timeout=40_000)
    expect(page.get_by_role("cell", name="0.1 min")).to_have_count(1)
    page.goto(f"/people/{account.person_id}/sessions/")
    expect(page.locator("main summary", has_text="Correct")).to_have_count(1)
