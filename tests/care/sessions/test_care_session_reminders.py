"""One reminder for each thing due, at the person's own clock, done as soon as it is written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from care.conftest import House, account_of
from care.sessions.session_factories import agree, at, release, write
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openpbm.care.jobs.models import Reminder
from openpbm.care.plans.actions import hold
from openpbm.care.sessions.actions import record_skin_check
from openpbm.care.sessions.reminders import remind_of_sessions


@pytest.fixture
def plan(house: House) -> Any:
    agree(house.alice)
    return release(house.alice, house.clinician)


def remind(house: House, days: int = 0, clock: Any = dt.time(12, 0)) -> None:
    remind_of_sessions(at(house.alice, house.alice.today() + dt.timedelta(days=days), clock))


def kinds() -> list[Any]:
    return sorted(Reminder.objects.exclude(state="done").values_list("kind", flat=True))


def test_today_s_session_is_reminded_of_once_at_the_plan_s_time(house: House, plan: Any) -> None:
    remind(house)
    remind(house)
    reminder = Reminder.objects.get()
    assert reminder.kind == "session"
    assert reminder.user == house.alice.user
    assert reminder.due_at == at(house.alice, house.alice.today(), dt.time(20, 0))
    assert reminder.local_time.endswith("20:00 Europe/Berlin")
    assert reminder.link.endswith("/session/")


def test_writing_it_down_settles_it(house: House, plan: Any) -> None:
    remind(house)
    write(plan, house.alice.today(), looked=False)
    assert kinds() == []


def test_a_day_later_the_skin_is_asked_about_until_it_was_looked_at(house: House, plan: Any) -> None:
    rows = write(plan, house.alice.today(), looked=False)
    remind(house, days=1)
    assert kinds() == ["skin"]
    assert Reminder.objects.get(kind="skin").due_at.astimezone(house.alice.zone).hour == 9
    for row in rows:
        record_skin_check(record=row, moment="24h", reaction="none", by=account_of(house.alice))
    assert kinds() == []


def test_a_day_with_nothing_written_is_asked_about_once_and_never_doubled(house: House, plan: Any) -> None:
    remind(house, days=1)
    assert kinds() == ["session_unwritten"]
    text = Reminder.objects.get().text
    assert "Did it take place?" in text
    remind(house, days=1, clock=dt.time(18, 0))
    assert kinds() == ["session_unwritten"]


def test_nobody_is_reminded_of_light_on_hold(house: House, plan: Any) -> None:
    hold(person=house.alice, cause="red_flag", message="seen today", by=house.clinician)
    remind(house)
    assert kinds() == []


def test_more_sessions_cost_no_more_queries(house: House, plan: Any) -> None:
    remind(house)
    counts = []
    for day in (0, 2, 4, 7, 9):
        write(plan, house.alice.today(), time=dt.time(10 + day))
        with CaptureQueriesContext(connection) as queries:
            remind(house)
        counts.append(len(queries))
    assert len(set(counts)) == 1
