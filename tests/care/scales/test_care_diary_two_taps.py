"""The diary in two taps: a number or "as yesterday" fills in and saves nothing; 21:15 at 14:53 was last night's."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer
from care.scales.released_course import release
from django.urls import reverse
from django.utils import timezone

from openpbm.care import clock
from openpbm.care.people.models import Person
from openpbm.care.scales.actions import record_diary
from openpbm.care.scales.month_grid import month_grid
from openpbm.care.scales.recent_days import day_dots, times_near
from openpbm.care.scales.selectors import calendar_of, diary_days, newest_days
from openpbm.errors import BadInput


@pytest.fixture
def afternoon(house: House, monkeypatch: pytest.MonkeyPatch) -> dt.datetime:
    now = timezone.now().astimezone(house.alice.zone).replace(hour=14, minute=53)
    monkeypatch.setattr(clock, "now", lambda: now)
    return now


def write(person: Person, date: dt.date, **answers: Any) -> None:
    record_diary(person=person, date=date, entered_at=clock.now(), answers=answers, by=account_of(person))


def page(person: Person) -> str:
    return reverse("scales:diary", args=[person.pk])


def sent(person: Person, **answers: Any) -> dict[str, Any]:
    return {"entry_id": str(uuid.uuid4()), "date": f"{person.today()}"} | answers


def test_a_time_that_has_not_come_is_last_nights(house: House, afternoon: dt.datetime) -> None:
    today = afternoon.date()
    yesterday = today - dt.timedelta(days=1)
    write(house.alice, yesterday, severity=3)
    client = signed_in(account_of(house.alice))
    body = sent(house.alice, severity="6", onset="21:15")
    assert "for last night" in client.post(page(house.alice), body, follow=True).content.decode()
    kept = [(day.date, day.severity, day.onset) for day in diary_days(newest_days(house.alice))]
    assert kept == [(yesterday, 3.0, dt.time(21, 15)), (today, 6.0, None)]
    # Another time for a night that has one is a correction of that day, not of this one.
    refused = client.post(page(house.alice), sent(house.alice, severity="6", onset="22:45"))
    assert refused.status_code == 422
    assert "is written down already" in refused.content.decode()


def test_no_way_in_takes_a_time_that_has_not_come(house: House, afternoon: dt.datetime) -> None:
    with pytest.raises(BadInput, match="has not come yet today"):
        write(house.alice, afternoon.date(), onset="21:15")
    write(house.alice, afternoon.date(), onset="14:30")


def test_a_tap_fills_in_and_saves_nothing(house: House, afternoon: dt.datetime) -> None:
    write(house.alice, afternoon.date() - dt.timedelta(days=1), severity=6, bother=4, onset="21:15")
    client = signed_in(account_of(house.alice))
    same = client.get(page(house.alice), {"as": "yesterday"}).content.decode()
    assert 'id="id_severity_6" checked' in same
    assert 'id="id_bother_4" checked' in same
    assert 'value="21:15" class="rating" id="id_onset_near_3"' in same  # a time is offered, never taken over
    assert "Last time 6, on" in same
    tapped = client.get(page(house.alice), {"severity": "2"}).content.decode()
    assert 'id="id_severity_2" checked' in tapped
    assert "checked" not in client.get(page(house.alice), {"severity": "11"}).content.decode().split("severity_10")[0]
    assert house.alice.diary.count() == 1


def test_today_shows_the_row_and_as_yesterday_until_the_day_is_written(house: House, afternoon: dt.datetime) -> None:
    write(house.alice, afternoon.date() - dt.timedelta(days=1), severity=6)
    client, today = signed_in(account_of(house.alice)), reverse("home:today", args=[house.alice.pk])
    answer(house.alice, house.clinician)
    shown = client.get(today).content.decode()
    assert "at the worst?" in shown
    assert f'href="{page(house.alice)}?severity=10"' in shown
    assert f'href="{page(house.alice)}?as=yesterday"' in shown
    client.post(page(house.alice), sent(house.alice, severity="6", tags=["late coffee", "alcohol"]))
    assert diary_days(newest_days(house.alice))[-1].tags == "late coffee, alcohol"
    assert "severity=7" not in client.get(today).content.decode()


def test_the_tapped_time_counts_and_two_that_differ_are_asked(house: House, afternoon: dt.datetime) -> None:
    client, day = signed_in(account_of(house.alice)), f"{afternoon.date() - dt.timedelta(days=1)}"
    client.post(page(house.alice), sent(house.alice, date=day, onset_near="21:30"))
    assert diary_days(newest_days(house.alice))[-1].onset == dt.time(21, 30)
    both = client.post(page(house.alice), sent(house.alice, date=day, onset_near="22:00", onset="23:10"))
    assert both.status_code == 422
    client.post(page(house.alice), sent(house.alice, date=day, onset_near="21:30", onset="23:10"))
    assert diary_days(newest_days(house.alice))[-1].onset == dt.time(23, 10)


def test_fourteen_dots_a_month_and_times_across_midnight() -> None:
    today = dt.date(2026, 11, 30)
    dots = day_dots([], today)
    assert (len(dots), dots[0].date, dots[-1].written) == (14, dt.date(2026, 11, 17), False)
    grid = month_grid("2026-11", today, {dt.date(2026, 11, 3): 7.0, today: 2.0}, {today: "done"})
    assert grid.sentence == "November 2026: 2 days rated, from 2 to 7 of 10, about 4 on average; 1 day with light."
    assert (grid.before, grid.after) == ("2026-10", "")
    assert month_grid("2031-99", today, {}, {}).first == dt.date(2026, 11, 1)
    # The grid of the first of a month would be bare; what was rated the day before is shown, until this day is rated.
    first = dt.date(2026, 12, 1)
    assert month_grid(None, first, {today: 2.0}, {}).first == dt.date(2026, 11, 1)
    assert month_grid(None, first, {today: 2.0, first: 3.0}, {}).first == first
    assert month_grid(None, dt.date(2026, 12, 20), {dt.date(2026, 8, 3): 2.0}, {}).first == dt.date(2026, 11, 1)
    assert times_near([])[3] == "21:00"


def test_a_form_is_filled_one_question_a_screen_and_saved_at_its_end(house: House) -> None:
    client = signed_in(account_of(house.alice))
    where = reverse("scales:fill", args=[house.alice.pk, "phq9"])
    first = client.get(where).content.decode()
    assert "Question 1 of" in first
    names = re.findall(r'name="(item_\w+)"', first)
    assert len(set(names)) == 1
    second = client.post(where, {"at": "0", "go": "next", names[0]: "1"})
    assert second.status_code == 200
    assert f'<input type="hidden" name="{names[0]}" value="1">' in second.content.decode()
    assert "Question 1 of" in client.post(where, {"at": "x", "go": "back"}).content.decode()
    assert house.alice.scores.count() == 0


def test_somebody_on_their_own_is_never_asked_for_a_form_without_its_words(house: House) -> None:
    for person, asked in ((house.alice, True), (house.carol, False)):
        release(person, person.today(), "rls")
        assert ("irls" in {row.scale.id for row in calendar_of(person, person.today())}) is asked
        shown = signed_in(account_of(person)).get(reverse("scales:list", args=[person.pk])).content.decode()
        assert (reverse("scales:fill", args=[person.pk, "irls"]) in shown) is asked
