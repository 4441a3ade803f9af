"""The diary is reminded of in the evening and a form when it is due, by the person's own clock, once."""

from __future__ import annotations

import datetime as dt

from care.conftest import House, account_of
from care.scales.released_course import release
from django.utils import timezone

from openpbm.care.jobs.models import Reminder
from openpbm.care.jobs.registry import reminder_sources
from openpbm.care.scales.actions import record_diary, record_score
from openpbm.care.scales.reminders import remind_of_diaries, remind_of_scales


def test_the_worker_knows_both() -> None:
    assert {remind_of_diaries, remind_of_scales} <= set(reminder_sources())


def test_the_diary_is_reminded_of_at_eight_in_the_evening_where_the_person_lives(house: House) -> None:
    release(house.alice, dt.date(2026, 3, 20))
    for now in (dt.datetime(2026, 3, 28, 9, tzinfo=dt.UTC), dt.datetime(2026, 3, 28, 10, tzinfo=dt.UTC)):
        remind_of_diaries(now)
    remind_of_diaries(dt.datetime(2026, 3, 29, 9, tzinfo=dt.UTC))  # the clocks changed in the night
    rows = list(Reminder.objects.order_by("due_at"))
    assert [row.due_at for row in rows] == [
        dt.datetime(2026, 3, 28, 19, tzinfo=dt.UTC),
        dt.datetime(2026, 3, 29, 18, tzinfo=dt.UTC),
    ]
    assert {row.user for row in rows} == {house.alice.user}
    assert rows[0].local_time == "2026-03-28 20:00 Europe/Berlin"


def test_nobody_without_a_released_plan_or_after_the_course_is_reminded(house: House) -> None:
    release(house.bob, dt.date(2025, 1, 6))
    remind_of_diaries(dt.datetime(2026, 3, 28, 9, tzinfo=dt.UTC))
    remind_of_scales(dt.datetime(2026, 3, 28, 9, tzinfo=dt.UTC))
    assert Reminder.objects.count() == 0


def test_a_day_written_down_is_not_reminded_of_and_settles_a_reminder(house: House) -> None:
    alice = house.alice
    release(alice, alice.today())
    remind_of_diaries(timezone.now())
    assert Reminder.objects.get().state == Reminder.State.DUE
    record_diary(
        person=alice, date=alice.today(), entered_at=timezone.now(), answers={"severity": 1}, by=account_of(alice)
    )
    assert Reminder.objects.get().state == Reminder.State.DONE
    Reminder.objects.all().delete()
    remind_of_diaries(timezone.now())
    assert Reminder.objects.count() == 0


def test_a_form_is_reminded_of_once_a_window_and_settled_by_filling_it(house: House) -> None:
    alice = house.alice
    release(alice, alice.today() - dt.timedelta(days=14))
    remind_of_scales(timezone.now())
    remind_of_scales(timezone.now())
    row = Reminder.objects.get()
    assert (row.kind, row.due_at.astimezone(alice.zone).hour, row.state) == ("scale", 17, Reminder.State.DUE)
    record_score(person=alice, date=alice.today(), scale="irls", value=20, source="paper", by=account_of(alice))
    row.refresh_from_db()
    assert row.state == Reminder.State.DONE
    remind_of_scales(timezone.now())
    assert Reminder.objects.count() == 1


def test_what_a_clinician_examines_is_not_asked_of_the_person(house: House) -> None:
    release(house.alice, house.alice.today() - dt.timedelta(days=14), "neuropathy")
    remind_of_scales(timezone.now())
    texts = " ".join(Reminder.objects.values_list("text", flat=True))
    keys = {key.split(":")[2] for key in Reminder.objects.values_list("key", flat=True)}
    assert keys == {"nrs", "ntss6"}, texts
