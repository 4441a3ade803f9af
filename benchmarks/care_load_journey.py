"""What one patient does with the site, as locust plays it; started by `care_load.py`, which signs everybody in first.

A round is a look at today, a day of the diary, a session (begun and written down when one is due), progress, course,
lamp and effects, now and then with a mild effect reported. Between two pages the person reads for 2-8 s. Pictures,
styles and scripts of a page are asked for as a browser does, once a minute; they count as requests, not as pages.
"""

from __future__ import annotations

import html
import json
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from locust import FastHttpUser, events, task
from requests.cookies import create_cookie

_WAITING = iter(json.loads(Path(os.environ["OPENPBM_LOAD_PEOPLE"]).read_text(encoding="utf-8")))
_LEAST_S, _MOST_S = 2.0, 8.0
_ASSETS_KEPT_S = 60.0  # what the site tells a browser
_EFFECTS_REPORTED = 0.15

_FIELD = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_ASSET = re.compile(r'(?:src|href)="(/static/[^"#]+)')


def fields_of(page: str, *, hidden_only: bool = True) -> dict[str, str]:
    """Names and values of the inputs of a page."""
    found = (dict(_ATTRIBUTE.findall(tag)) for tag in _FIELD.findall(page))
    return {
        tag["name"]: html.unescape(tag.get("value", ""))
        for tag in found
        if "name" in tag and (not hidden_only or tag.get("type") == "hidden")
    }


@events.request.add_listener
def tell(name: str, exception: Exception | None, **_: Any) -> None:
    """Say what failed at once; `care_load.py` prints the lines."""
    if exception is not None:
        print(f"FAILED {name}: {exception}", flush=True)


@events.user_error.add_listener
def tell_fault(exception: Exception, **_: Any) -> None:
    """Say where a page was not what the journey takes it for; `care_load.py` counts these beside the requests."""
    print(f"LOST {exception!r}", flush=True)


class Patient(FastHttpUser):
    """Somebody signed in on their phone."""

    insecure = False
    connection_timeout = network_timeout = 30.0

    def wait_time(self) -> float:
        """No pause after a round: every page has its own."""
        return 0.0

    def on_start(self) -> None:
        """Take the cookies of the next of those who were signed in, and come at a moment of one's own."""
        who = next(_WAITING)
        self.person = f"/people/{who['person_id']}"
        self.kept: dict[str, float] = {}
        host = urlsplit(self.host or "").hostname
        for name, value in who["cookies"].items():
            self.client.cookiejar.set_cookie(create_cookie(name, value, domain=host))
        time.sleep(random.uniform(0.0, _MOST_S))

    @task
    def round(self) -> None:
        """Through the pages of a day."""
        self._look("today", "/today/")
        self._diary()
        self._session()
        for name in ("progress", "course", "lamp"):
            self._look(name, f"/{name}/")
        self._effects()

    def _diary(self) -> None:
        page = self._look("diary", "/diary/")
        severity, bother = random.randint(0, 10), random.randint(0, 10)
        answers = {"severity": severity, "bother": bother, "notes": "A day like the others."}
        self._follow(self._send("diary: save", "/diary/", page, answers), "diary: days")

    def _session(self) -> None:
        page = self._look("session", "/session/")
        if 'name="begin"' not in page:
            return
        where = self._send("session: begin", "/session/", page, {"ready": "on", "begin": "1"})
        if not where:
            return
        page = self._look("session: timer", where)
        # A round is over in seconds: whole sessions are more than has passed.
        given = dict(self._given(page)) | {"skin_reaction": "none", "distance_cm": "", "confirmed": "on"}
        self._follow(self._send("session: save", where, page, given), "session: saved")

    def _given(self, page: str) -> Iterator[tuple[str, str]]:
        """The minutes of every place as planned."""
        planned = re.findall(r"Planned: (\d+(?:\.\d+)?)", page)
        names = [name for name in fields_of(page, hidden_only=False) if name.startswith("minutes_")]
        yield from zip(names, planned, strict=True)

    def _effects(self) -> None:
        page = self._look("effects", "/effects/")
        if random.random() < _EFFECTS_REPORTED:
            date = fields_of(page, hidden_only=False)["date"]
            told = {"kind": "headache", "grade": "1", "detail": "Gone within an hour.", "date": date}
            self._follow(self._send("effects: report", "/effects/", page, told), "effects: advice")

    def _look(self, name: str, path: str) -> str:
        """Open a page with what belongs to it, and read it."""
        page = self._ask("GET", name, path)
        for asset in dict.fromkeys(_ASSET.findall(page)):
            if time.monotonic() - self.kept.get(asset, -_ASSETS_KEPT_S) >= _ASSETS_KEPT_S:
                self.kept[asset] = time.monotonic()
                self.client.get(asset, name="(assets)")
        time.sleep(random.uniform(_LEAST_S, _MOST_S))  # of this person alone: locust makes it so
        return page

    def _follow(self, path: str, name: str) -> str:
        return self._look(name, path) if path else ""

    def _send(self, name: str, path: str, page: str, answers: dict[str, Any]) -> str:
        """Send a form; where it leads."""
        body = urlencode(fields_of(page) | answers)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        with self.client.post(
            self._full(path), data=body, headers=kind, name=name, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 302:  # 0: no answer came
                said = re.sub(r"<[^>]+>|\s+", " ", answer.text or "")
                answer.failure(f"answered {answer.status_code} and not 302: {said[:300]}")
                return ""
            return str(answer.headers["Location"])

    def _ask(self, method: str, name: str, path: str) -> str:
        with self.client.request(method, self._full(path), name=name, catch_response=True) as answer:
            text: str = answer.text or ""
            if answer.status_code == 200 and "<h1" not in text:
                answer.failure("no page of the site")
            if "Sign in</h1>" in text:
                answer.failure("signed out")
            return text

    def _full(self, path: str) -> str:
        return path if path.startswith("/people/") else self.person + path
