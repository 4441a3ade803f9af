"""The database itself refuses what cannot be about a session, whoever writes to it."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from session_factories import EVENING, LEFT, agree, release, write

from openpbm.care.sessions.actions import start_session
from openpbm.care.sessions.models import SessionRecord, SessionStart, SkinCheck


@pytest.fixture
def plan(house):
    agree(house.alice)
    return release(house.alice, house.clinician)


def a_record(plan, **changes):
    values = {
        "person": plan.person, "plan": plan, "lamp": plan.lamp, "date": dt.date(2027, 1, 4), "time": EVENING,
        "site": LEFT[0], "side": LEFT[1], "minutes": 15.0, "status": "done",
    }  # fmt: skip
    return SessionRecord(**(values | changes))


def a_start(plan, **changes):
    values = {"person": plan.person, "plan": plan, "lamp": plan.lamp, "sites": [list(LEFT)], "minutes": 15.0}
    return SessionStart(**(values | {"started_at": timezone.now()} | changes))


def assert_refused(row):
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "skipped"},
        {"side": "upper"},
        {"minutes": -1.0},
        {"minutes": 601.0},
        {"distance_mm": -1.0},
        {"distance_mm": 5001.0},
        {"skin_reaction": "itch"},
    ],
)
def test_an_illegal_record_is_refused(plan, changes):
    a_record(plan).save(force_insert=True)
    assert_refused(a_record(plan, **changes))


def test_an_illegal_start_is_refused(plan):
    assert_refused(a_start(plan, minutes=-1.0))
    assert_refused(a_start(plan, distance_mm=-1.0))


def test_an_illegal_look_at_the_skin_is_refused(house, plan):
    (record,) = write(plan, house.alice.today(), places=(LEFT,))
    assert_refused(SkinCheck(record=record, moment="later", reaction="none"))
    assert_refused(SkinCheck(record=record, moment="24h", reaction="itch"))


def test_a_second_open_start_of_one_person_is_refused_until_the_first_is_written_down(house, plan):
    first, _ = start_session(person=house.alice, started_at=timezone.now(), by=house.alice.user)
    assert_refused(a_start(plan))
    write(plan, house.alice.today(), places=(LEFT,), start=first)
    a_start(plan).save(force_insert=True)


def test_the_open_start_of_one_person_is_no_matter_of_another(house, plan):
    start_session(person=house.alice, started_at=timezone.now(), by=house.alice.user)
    agree(house.bob)
    a_start(release(house.bob, house.other_clinician)).save(force_insert=True)
