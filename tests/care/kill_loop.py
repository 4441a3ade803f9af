"""Killing the site while it is written to: nothing confirmed may be lost, nothing may be there twice."""

from __future__ import annotations

import datetime as dt
import http.client
import itertools
import json
import os
import random
import re
import signal
import sqlite3
import threading
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from care.command_forks import run_python
from care.services import Site, openpbm, site_environment

PASSWORD = "correct horse battery staple"

#: So many people, with that password if one is given; each line is a name, a person and the session of a browser that
#: signed in before, as signing in leaves it: hashing a password is slow on purpose, and not what is tested.
MAKE_PEOPLE = """
import sys, time, django
django.setup()
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from openpbm.care.accounts.models import User
from openpbm.care.people.account.signed_in import SessionStore
from openpbm.care.people.models import Person, PersonKey
there = User.objects.count()
hashed = make_password(sys.argv[2] if len(sys.argv) > 2 else None)
for number in range(there, there + int(sys.argv[1])):
    user = User.objects.create(username=f"writer{number}", password=hashed)
    person = Person.objects.create(user=user, time_zone="Europe/Berlin")
    PersonKey.make(person)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["began_at"] = session["seen_at"] = time.time()
    session.save()
    print(user.username, person.pk, session.session_key)
"""

_STORED = """
import json, sys, django
django.setup()
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.audit.models import AuditEntry
people = sys.argv[1:]
rows = [str(pk) for pk in DiaryEntry.objects.filter(person__in=people).values_list("pk", flat=True)]
entries = AuditEntry.objects.filter(table=DiaryEntry._meta.db_table, person_id__in=people)
told = list(entries.values_list("row_id", flat=True))
print(json.dumps({"rows": rows, "told": told}))
"""


def in_site(site: Site, script: str, *words: str) -> str:
    """Run a script beside the site, on its database."""
    environment = site_environment(site.data_dir, site.database_url)
    environment["DJANGO_SETTINGS_MODULE"] = "openpbm.care.settings"
    environment["OPENPBM_SECRET_FILE"] = str(site.data_dir / "keys" / "cookies.key")
    said = run_python(script, words, environment=environment, folder=site.data_dir.parent)
    said.check_returncode()
    return said.stdout


class Browser:
    """A browser as small as can be: one connection, cookies, the token of a form."""

    def __init__(self, site: Site) -> None:
        self.port = site.port
        self.cookies: dict[str, str] = {}
        self.connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: str = "", kind: str = "application/json") -> tuple[int, bytes]:
        """One request whose answer was read in full, else an OSError or HTTPException."""
        self.connection = self.connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Content-Type": kind}
        headers["X-CSRFToken"] = self.cookies.get("csrf", "")
        try:
            self.connection.request(method, path, body.encode() or None, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        for line in answer.headers.get_all("Set-Cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, content

    def close(self) -> None:
        """Hang up; the next request connects again."""
        if self.connection is not None:
            self.connection.close()
            self.connection = None

    def sign_in(self, name: str, password: str = PASSWORD) -> None:
        """Sign in as a patient."""
        self.ask("GET", "/account/login/")
        # On to a page that every build has.
        entries = {"login": name, "password": password, "next": "/healthz"}
        form = urlencode(entries | {"csrfmiddlewaretoken": self.cookies["csrf"]})
        status, content = self.ask("POST", "/account/login/", form, "application/x-www-form-urlencoded")
        if status != 302:
            said = re.sub(r"<[^>]+>|\s+", " ", content.decode(errors="replace"))
            raise AssertionError(f"{name} cannot sign in ({status}): {said[:400]}")


def diary_body(number: int) -> dict[str, Any]:
    """One day's diary with an id of its own; the days go round, so most correct an earlier one."""
    today = dt.date.today()
    return {
        "id": str(uuid.uuid4()),
        "date": (today - dt.timedelta(days=1 + number % 28)).isoformat(),
        "entered_at": dt.datetime.now(dt.UTC).isoformat(),
        "answers": {"severity": number % 11},
        "notes": f"entry {number}",
    }


@dataclass
class Writer:
    """One patient who writes as fast as the site lets them, and sends each entry again until it is confirmed."""

    site: Site
    person_id: str
    session: str
    stop: threading.Event
    sent: dict[str, dict[str, Any]] = field(default_factory=dict)
    retried: int = 0
    refused: list[str] = field(default_factory=list)
    slowest_s: float = 0.0

    def path(self) -> str:
        return f"/api/people/{self.person_id}/diary"

    def __post_init__(self) -> None:
        self.browser = Browser(self.site)
        self.browser.cookies |= {"session": self.session, "csrf": "c" * 32}

    def write(self) -> None:
        """Until the stop, and then to the end of the entry at hand."""
        for number in itertools.count():
            if self.stop.is_set():
                return
            self._until_confirmed(diary_body(number))

    def _until_confirmed(self, body: dict[str, Any]) -> None:
        began = time.monotonic()
        for attempt in itertools.count():
            with suppress(OSError, http.client.HTTPException):
                status, content = self.browser.ask("POST", self.path(), json.dumps(body))
                if status in (200, 201):
                    self.sent[body["id"]] = body
                    self.retried += attempt > 0
                    self.slowest_s = max(self.slowest_s, time.monotonic() - began)
                    return
                if status == 429:
                    # It asks for less than a writer without pause would send.
                    time.sleep(0.3)
                elif status < 500:
                    self.refused.append(f"{status} {content[:300]!r}")
                    return
            time.sleep(0.05)


@dataclass
class Outcome:
    """What the run came to."""

    kills: list[str]
    confirmed: int
    sent_again: int
    stored: int
    lost: int
    without_audit: int
    doubled: int
    refused: list[str]
    resent: dict[str, int]
    changed: dict[str, int]
    integrity: str
    audit: dict[str, Any]
    slowest_s: float
    duration_s: float

    def faults(self) -> list[str]:
        """What must not be; nothing is how it should end."""
        wrong = {
            "entries lost": self.lost,
            "entries without a line of the audit": self.without_audit,
            "entries or lines of the audit too many": self.doubled,
            "entries refused": len(self.refused),
            "entries sent again and not answered by 200": sum(n for s, n in self.resent.items() if s != "200"),
            "changed entries not answered by 409": sum(n for s, n in self.changed.items() if s != "409"),
            "integrity": 0 if self.integrity == "ok" else 1,
            "audit": 0 if self.audit.get("ok") else 1,
            "nothing was written": 0 if self.confirmed else 1,
        }
        return [f"{what}: {count}" for what, count in wrong.items() if count]


def kill_run(
    site: Site, *, duration_s: float, kills: int, writers: int = 12, again: int = 15, seed: int = 1
) -> Outcome:
    """Write with many and kill so often, spread evenly over the run; then count, and send so many of each again."""
    people = [line.split() for line in in_site(site, MAKE_PEOPLE, str(writers)).splitlines()]
    stop = threading.Event()
    all_writers = [Writer(site, person_id, session, stop) for _, person_id, session in people]
    threads = [threading.Thread(target=writer.write, daemon=True) for writer in all_writers]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    done = _kill(site, duration_s, kills, began, random.Random(seed))
    stop.set()
    for thread in threads:
        thread.join(90)
    duration = time.monotonic() - began
    if any(thread.is_alive() for thread in threads):
        raise AssertionError("a writer was not answered within 90 s after the last kill")
    return _count(site, all_writers, done, duration, again)


def _kill(site: Site, duration_s: float, kills: int, began: float, choose: random.Random) -> list[str]:
    done = []
    # By turns: every web process, the worker, gunicorn's master, one web process.
    for turn in range(kills):
        at = began + duration_s * (turn + 1) / (kills + 1) + choose.uniform(-0.2, 0.2)
        time.sleep(max(0.0, at - time.monotonic()))
        name = ("web processes", "worker", "web master", "one web process")[turn % 4]
        done.append(name) if _kill_now(_victims(site, name)) else done.append(f"{name} (none was there)")
    time.sleep(max(0.0, began + duration_s - time.monotonic()))
    return done


def _victims(site: Site, name: str) -> list[int | None]:
    deadline = time.monotonic() + 60  # a master that was killed is started again, which takes long beside other tests
    while time.monotonic() < deadline:
        victims: dict[str, Sequence[int | None]] = {
            "web processes": site.web_workers,
            "worker": [site.worker],
            "web master": [site.web_master],
            "one web process": site.web_workers[:1],
        }
        if any(victims[name]):
            return list(victims[name])
        time.sleep(0.1)
    return []


def _kill_now(victims: list[int | None]) -> int:
    killed = 0
    for pid in victims:
        if pid is not None:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                killed += 1
    return killed


def _count(site: Site, writers: list[Writer], kills: list[str], duration_s: float, again: int) -> Outcome:
    confirmed = {entry: body for writer in writers for entry, body in writer.sent.items()}
    resent, changed = _send_again(site, writers, again)
    stored = json.loads(in_site(site, _STORED, *(writer.person_id for writer in writers)))
    audit = openpbm(
        "audit", "verify", "--json", "--data-dir", site.data_dir, data_dir=site.data_dir, database_url=site.database_url
    )
    return Outcome(
        kills=kills,
        confirmed=len(confirmed),
        sent_again=sum(writer.retried for writer in writers),
        stored=len(stored["rows"]),
        lost=len(set(confirmed) - set(stored["rows"])),
        without_audit=len(set(stored["rows"]) - set(stored["told"])),
        doubled=len(set(stored["rows"]) - set(confirmed)) + len(stored["told"]) - len(set(stored["told"])),
        refused=[line for writer in writers for line in writer.refused],
        resent=resent,
        changed=changed,
        integrity=_integrity(site.data_dir, site.database_url),
        audit=json.loads(audit.stdout) if audit.stdout.strip() else {"ok": False, "faults": [audit.stderr]},
        slowest_s=round(max(writer.slowest_s for writer in writers), 2),
        duration_s=round(duration_s, 1),
    )


def _send_again(site: Site, writers: list[Writer], most_each: int) -> tuple[dict[str, int], dict[str, int]]:
    """Confirmed entries as they were (200), and changed under the same id (409); how often each status came."""
    same: dict[str, int] = {}
    other: dict[str, int] = {}
    for writer in writers:
        writer.browser.close()  # the server has hung up meanwhile
        for body in list(writer.sent.values())[:most_each]:
            status, _ = writer.browser.ask("POST", writer.path(), json.dumps(body))
            same[str(status)] = same.get(str(status), 0) + 1
            altered = body | {"answers": {"severity": (body["answers"]["severity"] + 1) % 11}}
            status, _ = writer.browser.ask("POST", writer.path(), json.dumps(altered))
            other[str(status)] = other.get(str(status), 0) + 1
        writer.browser.close()
    return same, other


def _integrity(data_dir: Path, database_url: str | None) -> str:
    if database_url:
        import psycopg

        # Reads every row of every table through the planner's own checks; a torn page or index raises.
        with psycopg.connect(database_url) as connection:
            connection.execute("SET enable_seqscan = on")
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            for (table,) in tables:
                connection.execute(f"SELECT count(*), md5(string_agg(t::text, '')) FROM \"{table}\" t").fetchall()
        return "ok"
    with sqlite3.connect(data_dir / "openpbm.sqlite3") as connection:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
