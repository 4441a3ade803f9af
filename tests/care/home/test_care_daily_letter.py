"""One letter a day at the time somebody chose: off until asked, by their clock, never twice, not while on hold."""

from __future__ import annotations

import datetime as dt

import pytest
from care.conftest import House, account_of, signed_in
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from openpbm.care.home.daily_letter import write_daily_letters
from openpbm.care.jobs import send
from openpbm.care.jobs.actions import mark, remind
from openpbm.care.jobs.models import LETTER, Reminder
from openpbm.care.jobs.selectors import open_reminders
from openpbm.care.jobs.send import send_due
from openpbm.care.people.actions import set_letter_time
from openpbm.care.plans.actions import hold

# 8:30 in Berlin, where alice lives.
AT = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(send, "address_of", lambda user: f"{user.username}@example.org")


def evening_diary(house: House) -> Reminder:
    """Due at 20:00; made in the morning, as the worker does."""
    return remind(
        user=account_of(house.alice), person_id=house.alice.pk, kind="diary", key="diary alice",
        due_at=AT.replace(hour=19), text="Your burning feet diary",
    )  # fmt: skip


def minute(now: dt.datetime) -> int:
    """What the worker does in a minute; how many letters have gone out by then."""
    write_daily_letters(now)
    send_due(now, "worker")
    return len(mail.outbox)


def choose(house: House, at: dt.time | None = dt.time(8, 30)) -> None:
    set_letter_time(person=house.alice, at=at, by=account_of(house.alice))


def test_off_until_asked_for_and_the_page_tells_all_the_same(house: House) -> None:
    evening_diary(house)
    late = AT.replace(hour=20)
    assert [minute(now) for now in (AT, late)] == [0, 0]
    assert [row.kind for row in open_reminders(account_of(house.alice), late)] == ["diary"]


def test_once_at_the_chosen_time_and_of_nothing_that_says_more(house: House) -> None:
    evening_diary(house)
    choose(house)
    assert minute(AT - MINUTE) == 0
    assert [minute(AT), minute(AT + MINUTE), minute(AT + 2 * MINUTE)] == [1, 1, 1]
    # Another time on the same day gives no second letter.
    choose(house, dt.time(9, 0))
    assert [minute(AT + 40 * MINUTE), minute(AT.replace(hour=20))] == [1, 1]
    assert "burning" not in f"{mail.outbox[0].subject}{mail.outbox[0].body}"
    assert LETTER not in [row.kind for row in open_reminders(account_of(house.alice), AT.replace(hour=20))]


def test_none_where_nothing_is_due_or_it_is_done_or_the_time_is_long_past(house: House) -> None:
    choose(house)
    assert minute(AT) == 0
    diary = evening_diary(house)
    assert minute(AT + dt.timedelta(hours=3)) == 0
    mark(reminder=diary, state=Reminder.State.DONE, by=account_of(house.alice))
    assert minute(AT + MINUTE) == 0


def test_none_while_light_is_on_hold(house: House) -> None:
    evening_diary(house)
    choose(house)
    hold(person=house.alice, cause="finding", message="Wait.", by=house.clinician)
    assert minute(AT) == 0


def test_the_account_page_switches_it_on_and_off_for_the_person_alone(house: House) -> None:
    browser = signed_in(account_of(house.alice))
    for said, kept in (("08:30", dt.time(8, 30)), ("half past", dt.time(8, 30)), ("", None)):
        assert browser.post(reverse("home:set_letters"), {"letter_at": said}).status_code == 302
        house.alice.refresh_from_db()
        assert house.alice.letter_at == kept
    with pytest.raises(PermissionDenied):
        set_letter_time(person=house.alice, at=dt.time(8, 30), by=house.clinician)
