"""Who looks at the site in a browser: accounts out of the credentials file, and the way in."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time
from dataclasses import dataclass
from pathlib import Path

from care.services import Site
from playwright.sync_api import Browser, BrowserContext, Page, StorageState

__all__ = ["Account", "Visitors", "accounts_of", "one_time_code", "pass_second_step", "sign_in"]

STEP_SECONDS = 30
#: Where somebody is led to who has a first password.
CHOOSE = "/account/password/change/"


@dataclass(frozen=True, slots=True)
class Account:
    """One line of the credentials file."""

    username: str
    password: str
    totp_secret: str | None = None
    person_id: str | None = None


def accounts_of(credentials: Path) -> dict[str, Account]:
    """The demo's accounts by the last word of their login names: `ada`, `clinician`, `helper` and so on."""
    rows = json.loads(credentials.read_text(encoding="utf-8"))["users"]
    return {
        row["username"].removeprefix("demo."): Account(
            row["username"], row["password"], row["totp_secret"], row["person_id"]
        )
        for row in rows
    }


def one_time_code(secret: str, at: float | None = None) -> str:
    """The six digits of RFC 6238.

    >>> one_time_code("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", 59.0)  # the last six of the RFC's appendix B
    '287082'
    """
    counter = int((time.time() if at is None else at) // STEP_SECONDS)
    digest = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack_from('>I', digest, offset)[0] & 0x7FFFFFFF) % 1_000_000:06d}"


def sign_in(page: Page, account: Account) -> None:
    """Through the sign-in page, with the second step where there is one."""
    page.goto("/account/login/")
    page.get_by_label("Login name").fill(account.username)
    page.get_by_label("Password", exact=False).first.fill(account.password)
    page.locator("main").get_by_role("button", name="Sign in").click()
    if account.totp_secret is not None:
        pass_second_step(page, account.totp_secret)
    page.locator("details.menu").wait_for()
    if page.url.endswith(CHOOSE):
        choose_password(page, account.password)


def choose_password(page: Page, first: str) -> None:
    """Nothing else opens before the first password was changed."""
    for field, password in zip(
        page.locator('input[type="password"]').all(), (first, *[f"{first} own"] * 2), strict=True
    ):
        field.fill(password)
    page.get_by_role("button", name="Change password").click()
    page.wait_for_url(lambda address: "/account/password/" not in address)


def pass_second_step(page: Page, secret: str) -> None:
    """Type the code of the moment."""
    for _ in range(2):  # the half minute may end between typing and sending
        page.get_by_label(re.compile("code", re.I)).fill(one_time_code(secret))
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.locator("details.menu, .field-wrong").first.wait_for()
        if page.locator("details.menu").count():
            return


def _enter(context: BrowserContext, account: Account) -> None:
    """What `sign_in` sends, without its pages being drawn: that people can sign in is for journeys to show."""
    leads_to = _sent(context, "/account/login/", login=account.username, password=account.password)
    if account.totp_secret is not None:
        typed = (_sent(context, leads_to, code=one_time_code(account.totp_secret or "")) for _ in range(2))
        assert any(typed)  # the half minute may end between typing and sending
    if context.request.get("/", max_redirects=0).headers.get("location") == CHOOSE:
        page = context.new_page()
        page.goto(CHOOSE)
        choose_password(page, account.password)


def _sent(context: BrowserContext, form: str, **values: str) -> str:
    """Where a form leads to that was filled in like this; "" if it comes back."""
    context.request.get(form)
    token = next(cookie["value"] for cookie in context.cookies() if cookie["name"] == "csrf")
    answer = context.request.post(form, form={"csrfmiddlewaretoken": token, **values}, max_redirects=0)
    return answer.headers.get("location", "")


class Visitors:
    """Browser contexts on one site. Each account signs in once: a one-time code counts only once."""

    def __init__(self, site: Site) -> None:
        assert site.credentials is not None
        self.site = site
        self.url = site.url
        self.accounts = accounts_of(site.credentials)
        self._signed_in: dict[str, StorageState] = {}

    def context(self, browser: Browser, name: str | None, **options: object) -> BrowserContext:
        """A context of that account, signed in; of a stranger for None."""
        state = None if name is None else self.state_of(browser, name)
        return browser.new_context(base_url=self.url, storage_state=state, **options)  # type: ignore[arg-type]

    def state_of(self, browser: Browser, name: str) -> StorageState:
        """What a browser keeps of that account once it has signed in."""
        if name not in self._signed_in:
            with browser.new_context(base_url=self.url) as context:
                _enter(context, self.accounts[name])
                self._signed_in[name] = context.storage_state()
        return self._signed_in[name]
