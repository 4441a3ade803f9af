"""A course needs a before: its first day is proposed two weeks after the diary began, and without one it is said."""

from __future__ import annotations

import datetime as dt

import pytest
from care.conftest import House, account_of, signed_in
from care.plans.planned_people import answer, first_plan, screened
from django.urls import reverse
from django.utils import timezone

from openpbm.care.plans.actions import release_plan, store_plan
from openpbm.care.scales.actions import record_diary
from openpbm.care.screening.baseline import begins_sooner, proposed_start, with_baseline
from openpbm.errors import BadInput


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
    # A no said before the diary began does not outlive it.
    assert kept(began + dt.timedelta(days=7), baseline_diary_kept=False) is True
    sooner = [begins_sooner({}, house.alice, began + dt.timedelta(days=days)) for days in (13, 14)]
    assert sooner == [True, False]
    assert not begins_sooner({"findings": {"baseline_diary_kept": True}}, house.alice, today)
    assert with_baseline({}, house.bob, today)["findings"] == {"baseline_diary_kept": False}
    old = today - dt.timedelta(days=60)
    record_diary(
        person=house.bob, date=old, entered_at=timezone.now(), answers={"severity": 4}, by=account_of(house.bob)
    )
    assert proposed_start(house.bob) == today + dt.timedelta(days=1)


def test_light_before_two_weeks_of_diary_is_signed_for_with_a_reason(house: House) -> None:
    """The first light of a course without a baseline: nobody begins it by leaving a field empty."""
    made = first_plan(house)
    assert "early_start" not in _release_page(house, made.pk)
    no_diary = answer(house.alice, house.clinician, made.screening.intake, person__findings__baseline_diary_kept=False)
    row = screened(house.alice, made.lamp, house.clinician)
    assert row.intake == no_diary
    assert "baseline_missing" in {caution.rule for caution in row.cautions}
    plan = store_plan(screening=row, plan=made.core, by=house.clinician)
    assert "early_start" in _release_page(house, plan.pk)
    for reason in ("", "ok"):
        with pytest.raises(BadInput, match="early_start"):
            release_plan(plan=plan, statement="Seen", by=house.clinician, early_start=reason)
    why = "Her dialysis unit changes its hours in a week"
    assert release_plan(plan=plan, statement="Seen", by=house.clinician, early_start=why).early_start == why
    shown = signed_in(house.clinician).get(reverse("plans:workbench", args=[house.alice.pk, plan.pk]))
    assert why in shown.content.decode()


def _release_page(house: House, plan: object) -> str:
    return signed_in(house.clinician).get(reverse("plans:release", args=[house.alice.pk, plan])).content.decode()
