"""What a request about a session costs: of a plan of 147 kB its outline is read, and a start holds a lock."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any, cast

import pytest
from care.conftest import House, account_of, signed_in
from care.sessions.session_factories import agree, release, write
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openpbm.care.people.models import Person
from openpbm.care.sessions.models import SessionStart
from openpbm.planning import document
from openpbm.planning.document import Plan

#: Of the start, those for the request itself (session, user, person, the look) and for the transaction included.
MOST_QUERIES = 22


@pytest.fixture
def alice(house: House) -> Person:
    """A week into her course, three sessions written down."""
    agree(house.alice)
    today = house.alice.today()
    plan = release(house.alice, house.clinician, start=today - dt.timedelta(days=7))
    for days in (7, 5, 3):
        write(plan, today - dt.timedelta(days=days))
    return house.alice


@pytest.fixture
def parses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was read of a stored plan each time: "all" of it, or its "outline" alone."""
    seen: list[str] = []

    def counted(name: str, parse: Callable[[Any], Plan]) -> Callable[[Any], Plan]:
        return lambda written: seen.append(name) or parse(written)  # type: ignore[func-returns-value]

    for name, kind in (("load_plan", "all"), ("load_outline", "outline")):
        monkeypatch.setattr(f"openpbm.care.plans.models.{name}", counted(kind, getattr(document, name)))
    return seen


def page(name: str, person: Person, **more: object) -> str:
    return reverse(name, kwargs={"person_id": person.pk} | more)


def begin(client: Client, person: Person) -> HttpResponse:
    sent = {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"}
    return cast("HttpResponse", client.post(page("sessions:guide", person), sent))


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("home:today", ["outline"]),
        ("sessions:guide", ["outline"]),
        ("sessions:list", ["outline"]),
        ("sessions:my_lamp", ["outline", "all"]),  # which shows the light against depth
    ],
)
def test_a_page_reads_of_the_plan_what_it_shows_once(
    alice: Person, parses: list[str], name: str, read: list[str]
) -> None:
    assert signed_in(account_of(alice)).get(page(name, alice)).status_code == 200
    assert parses == read


def test_a_start_and_its_end_read_the_outline_once_each(alice: Person, parses: list[str]) -> None:
    client = signed_in(account_of(alice))
    assert begin(client, alice).status_code == 302
    assert parses == ["outline"]
    run = page("sessions:run", alice, start_id=SessionStart.objects.get().pk)
    parses.clear()
    assert client.get(run).status_code == 200
    assert parses == ["outline"]
    parses.clear()
    sent = {"minutes_0": "15", "minutes_1": "15", "distance_cm": "15", "skin_reaction": "none", "confirmed": "on"}
    assert client.post(run, sent).status_code == 302
    assert parses == ["outline"]


def test_a_start_asks_the_database_little(alice: Person) -> None:
    client = signed_in(account_of(alice))
    client.get(page("sessions:guide", alice))  # the first request of a sign-in writes to the session
    with CaptureQueriesContext(connection) as queries:
        assert begin(client, alice).status_code == 302
    assert len(queries) <= MOST_QUERIES, [query["sql"][:100] for query in queries]
