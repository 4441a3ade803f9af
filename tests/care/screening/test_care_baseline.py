"""A course needs a before: its first day is proposed two weeks after the diary began, and without one it is said."""

from __future__ import annotations

import datetime as dt

from care.conftest import House, account_of
from django.utils import timezone

from openpbm.care.scales.actions import record_diary
from openpbm.care.screening.baseline import proposed_start, with_baseline


def test_the_first_day_waits_for_the_diary_and_a_sooner_one_is_marked(house: House) -> None:
    today = house.alice.today()
    assert proposed_start(house.alice) == today + dt.timedelta(days=14)
    began = today - dt.timedelta(days=5)
    record_diary(
        person=house.alice, date=began, entered_at=timezone.now(), answers={"severity": 4}, by=account_of(house.alice)
    )
    assert proposed_start(house.alice) == began + dt.timedelta(days=14)

    def kept(start: dt.date, **findings: bool) -> object:
        return with_baseline({"findings": findings}, house.alice, start)["findings"]["baseline_diary_kept"]

    assert kept(began + dt.timedelta(days=6)) is False
    assert kept(began + dt.timedelta(days=7)) is True
    assert kept(began + dt.timedelta(days=1), baseline_diary_kept=True) is True
    assert with_baseline({}, house.bob, today)["findings"] == {"baseline_diary_kept": False}
    old = today - dt.timedelta(days=60)
    record_diary(
        person=house.bob, date=old, entered_at=timezone.now(), answers={"severity": 4}, by=account_of(house.bob)
    )
    assert proposed_start(house.bob) == today + dt.timedelta(days=1)
