"""What a request about a session costs: a stored plan is 147 kB and is read once, and a start holds a lock."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from care.conftest import signed_in
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from session_factories import agree, release, write

from openpbm.care.plans import models as plan_models
from openpbm.care.sessions.models import SessionStart

#: Of the start, those for the request itself (session, user, person, the look) and for the transaction included.
MOST_QUERIES = 25


@pytest.fixture
def alice(house):
    """A week into her course, three sessions written down."""
    agree(house.alice)
    today = house.alice.today()
    plan = release(house.alice, house.clinician, start=today - dt.timedelta(days=7))
    for days in (7, 5, 3):
        write(plan, today - dt.timedelta(days=days))
    return house.alice


@pytest.fixture
def parses(monkeypatch):
    """How often a stored plan was parsed."""
    seen = []
    parse = plan_models.load_plan

    def counted(document):
        seen.append(document)
        return parse(document)

    monkeypatch.setattr(plan_models, "load_plan", counted)
    return seen


def page(name, person, **more):
    return reverse(name, kwargs={"person_id": person.pk} | more)


def begin(client, person):
    sent = {"id": str(uuid.uuid4()), "ready": "on", "begin": "1"}
    return client.post(page("sessions:guide", person), sent)


@pytest.mark.parametrize("name", ["home:today", "sessions:guide", "sessions:list", "sessions:my_lamp"])
def test_a_page_parses_the_plan_once(alice, parses, name):
    assert signed_in(alice.user).get(page(name, alice)).status_code == 200
    assert len(parses) == 1


def test_a_start_and_its_end_parse_the_plan_once_each(alice, parses):
    client = signed_in(alice.user)
    assert begin(client, alice).status_code == 302
    assert len(parses) == 1
    run = page("sessions:run", alice, start_id=SessionStart.objects.get().pk)
    parses.clear()
    assert client.get(run).status_code == 200
    assert len(parses) == 1
    parses.clear()
    sent = {"minutes_0": "15", "minutes_1": "15", "distance_cm": "15", "skin_reaction": "none"}
    assert client.post(run, sent).status_code == 302
    assert len(parses) == 1


def test_a_start_asks_the_database_little(alice):
    client = signed_in(alice.user)
    client.get(page("sessions:guide", alice))  # the first request of a sign-in writes to the session
    with CaptureQueriesContext(connection) as queries:
        assert begin(client, alice).status_code == 302
    assert len(queries) <= MOST_QUERIES, [query["sql"][:100] for query in queries]
