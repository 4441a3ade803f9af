"""A phone whose browser speaks with the site in this process, and whose network can be cut.

What the service worker does without a network is done here by hand: a page that is asked for is the offline page, and
the files of the shell are there. The real worker has a journey of its own.
"""

from __future__ import annotations

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, ViewportSize
from present import present

__all__ = ["SITE", "Phone", "phone"]

SITE = "https://testserver"
_TYPES = {
    ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png",
    ".webmanifest": "application/manifest+json",
}  # fmt: skip
_SIZE: ViewportSize = {"width": 390, "height": 844}


class Phone:
    """One browser of one account. `cut`: there is no network. `lost`: the site's next answer gets lost on its way.

    posted : the addresses to which the site was sent something, in their order
    """

    def __init__(self, context: BrowserContext, client: Client) -> None:
        self.context, self.client = context, client
        # The browser's questions come in a context of their own, where Django would open another database connection.
        self._tests_own = contextvars.copy_context()
        client.handler.enforce_csrf_checks = True
        self.cut = self.lost = False
        self.posted: list[str] = []
        self.page = self.opened()

    def opened(self) -> Page:
        """Another tab."""
        page = self.context.new_page()
        page.set_default_timeout(10_000)
        return page

    def goto(self, path: str) -> None:
        """Open a page of the site."""
        self.page.goto(SITE + path)

    def killed(self) -> None:
        """The battery is empty: no script of the page runs any more; then it is opened again, on a blank page."""
        crash, self.page = self.page, self.opened()
        crash.close(run_before_unload=False)

    def network(self, *, cut: bool) -> None:
        """Cut the network, or give it back."""
        self.cut = cut
        self.context.set_offline(cut)

    def answer(self, route: Route) -> None:
        """A file, a page of the site, or what there is without a network."""
        request = route.request
        path = request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            found = Path(present(finders.find(path.removeprefix("/static/").partition("?")[0])))
            route.fulfill(path=found, content_type=_TYPES[found.suffix])
        elif not self.cut:
            self._from_the_site(route, request, path)
        elif request.is_navigation_request():
            route.fulfill(body=self._tests_own.run(self._offline), content_type="text/html")
        else:
            route.abort("internetdisconnected")

    def _offline(self) -> bytes:
        return self.client.get(reverse("home:offline"), secure=True).content

    def _from_the_site(self, route: Route, request: Request, path: str) -> None:
        answer = self._tests_own.run(self._ask, request, path)
        if self.lost:
            self.lost = False
            route.abort("connectionreset")
            return
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name != "Content-Security-Policy" or answer.status_code != 302
        }
        cookies = [f"{name}={morsel.value}; Path=/" for name, morsel in answer.cookies.items()]
        if cookies:
            headers["Set-Cookie"] = "\n".join(cookies)
        if request.is_navigation_request() and "Location" in headers:
            # Playwright hands on no request that a redirect leads to: the page is sent there by itself.
            goes = f"<script>location.replace({headers.pop('Location')!r})</script>"
            route.fulfill(headers=headers, body=goes, content_type="text/html")
            return
        route.fulfill(status=answer.status_code, headers=headers, body=answer.content)

    def _ask(self, request: Request, path: str) -> HttpResponse:
        headers = {"referer": request.headers.get("referer", SITE + path), "origin": SITE}
        if token := request.headers.get("x-csrftoken"):
            headers["x-csrftoken"] = token
        if request.method == "POST":
            self.posted.append(path)
            form = "application/x-www-form-urlencoded"
            answer = self.client.post(path, request.post_data or "", content_type=form, secure=True, headers=headers)
        else:
            answer = self.client.get(path, secure=True, headers=headers)
        return cast("HttpResponse", answer)


@contextmanager
def phone(browser: Browser, client: Client) -> Iterator[Phone]:
    """A phone; nothing may have gone wrong in the scripts of its pages."""
    faults: list[str] = []
    with browser.new_context(viewport=_SIZE, has_touch=True, is_mobile=True, service_workers="block") as context:
        made = Phone(context, client)
        context.route("**/*", made.answer)
        context.on("weberror", lambda error: faults.append(str(error.error)))
        yield made
    assert faults == []
