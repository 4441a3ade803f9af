"""A day of the diary is written once, corrected by a newer entry, and reads as a line of the course."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from care.conftest import House
from django.utils import timezone

from openpbm.care.audit.ledger import Conflict
from openpbm.care.audit.verify import verify
from openpbm.care.scales.actions import record_diary
from openpbm.care.scales.models import DiaryEntry
from openpbm.care.scales.selectors import diary_days, newest_days, recorded_spasms
from openpbm.errors import BadInput


def write(house: House, date: Any = None, **changes: Any) -> tuple[DiaryEntry, bool]:
    given = {
        "person": house.alice,
        "date": date or house.alice.today(),
        "entered_at": timezone.now(),
        "answers": {"severity": 6},
        "notes": "",
        "by": house.alice.user,
    }
    return record_diary(**(given | changes))


def test_the_same_entry_sent_twice_is_there_once_whenever_it_was_entered(house: House) -> None:
    key = uuid.uuid4()
    first, new = write(house, id=key, notes="bad night")
    again, new_again = write(house, id=key, notes="bad night", entered_at=timezone.now() + dt.timedelta(minutes=3))
    assert (new, new_again, again.pk) == (True, False, first.pk)
    assert again.entered_at == first.entered_at


def test_an_entry_sent_again_after_its_correction_is_still_the_same_entry(house: House) -> None:
    key = uuid.uuid4()
    write(house, id=key)
    write(house, answers={"severity": 2})
    again, new = write(house, id=key)
    assert (again.pk, new) == (key, False)
    assert [day.severity for day in diary_days(newest_days(house.alice))] == [2.0]


def test_the_same_id_with_another_answer_or_note_conflicts(house: House) -> None:
    key = uuid.uuid4()
    write(house, id=key)
    with pytest.raises(Conflict):
        write(house, id=key, answers={"severity": 5})
    with pytest.raises(Conflict):
        write(house, id=key, notes="something")


def test_a_correction_supersedes_and_the_earlier_entry_stays(house: House) -> None:
    first, _ = write(house)
    second, _ = write(house, answers={"severity": 3, "onset": "00:00"})
    third, _ = write(house, answers={"severity": 4})
    assert (second.supersedes_id, third.supersedes_id) == (first.pk, second.pk)
    (day,) = diary_days(newest_days(house.alice))
    assert (day.line, day.severity, day.onset) == (2, 4.0, None)
    assert house.alice.diary.count() == 3
    assert verify().faults == ()


def test_days_come_in_order_with_times_by_the_persons_own_clock(house: House) -> None:
    today = house.alice.today()
    write(house, today, answers={"severity": 1}, entered_at=dt.datetime(2026, 7, 1, 22, 30, tzinfo=dt.UTC))
    write(house, today - dt.timedelta(days=2), answers={"onset": "23:15", "at_rest": True, "sleep_minutes": 400})
    before, last = diary_days(newest_days(house.alice))
    assert (before.line, last.line) == (2, 3)
    assert (before.onset, before.at_rest, before.sleep_minutes) == (dt.time(23, 15), True, 400.0)
    assert last.entered_at == dt.datetime(2026, 7, 2, 0, 30)  # Berlin in summer


def test_notes_are_sealed_and_open_again(house: House) -> None:
    row, _ = write(house, notes="Marker of a secret")
    assert b"Marker" not in bytes(row.sealed_notes)
    assert diary_days(newest_days(house.alice))[0].notes == "Marker of a secret"


def test_cramps_are_counted_beside_the_day(house: House) -> None:
    write(house, answers={"cramps": 3})
    assert len(recorded_spasms(house.alice, newest_days(house.alice))) == 3
    assert diary_days(newest_days(house.alice))[0].severity is None


@pytest.mark.parametrize(("days", "said"), [(1, "has not come yet"), (-400, "check the year")])
def test_a_day_that_has_not_come_or_long_ago_is_refused(house: House, days: int, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        write(house, house.alice.today() + dt.timedelta(days=days))


def test_a_day_without_any_answer_is_refused(house: House) -> None:
    with pytest.raises(BadInput, match="nothing was answered"):
        write(house, answers={"severity": None}, notes="  ")
    assert house.alice.diary.count() == 0


def test_yesterday_written_today_is_marked(house: House) -> None:
    late, _ = write(house, house.alice.today() - dt.timedelta(days=1))
    on_time, _ = write(house)
    assert (late.entered_later(), on_time.entered_later()) == (True, False)
