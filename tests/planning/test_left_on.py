"""Skin that feels no warmth is held to a lamp that nobody switches off, in a plan and in what is tried out on it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cases import changed
from present import present
from quick_plans import QUICK

from openpbm.case import case_of
from openpbm.planning import Plan, PlanOverrides, RescaledPlan, load_plan, make_plan, rescale
from openpbm.safety import screen

RULE = "skin_too_warm_left_on"
NUMB = {
    "person__findings__loss_of_protective_sensation": True,
    "course__supervision": "clinician",
    "release__rules": ["loss_of_protective_sensation"],
    "release__by": "a physiatrist",
}


def plan_of(power_mw: float, minutes: float | None = None, **more: Any) -> Plan:
    case = case_of(changed(device__emitters__0__power_mw=power_mw, **(NUMB | more)))
    return make_plan(screen(case), overrides=PlanOverrides(minutes=minutes), quality=QUICK)


def kept(found: RescaledPlan) -> list[bool]:
    return [limit.passed for limit in found.skin.limits if limit.rule == RULE]


def test_more_output_tried_out_is_held_to_it_as_a_plan_is() -> None:
    """A plan of so strong a lamp was refused for it, and the same light tried out on a weaker one kept every limit."""
    weak, strong = plan_of(100.0), plan_of(550.0, minutes=4.0)
    tried = rescale(weak, minutes=4.0, output_factor=5.5)
    assert RULE in [reason.rule for reason in strong.reasons]
    assert kept(rescale(weak)) == [True]
    assert kept(tried) == [False]
    (limit,) = [limit for limit in tried.skin.limits if limit.rule == RULE]
    (row,) = [row for row in present(strong.choice).quality if row.rule == RULE]
    assert limit.value == pytest.approx(row.value)
    assert not row.kept


def test_a_timer_helps_and_is_kept_in_the_plan() -> None:
    timed = plan_of(100.0, device__auto_off_minutes=4)
    assert timed.lamp.auto_off_minutes == 4
    assert kept(rescale(timed, minutes=4.0, output_factor=5.5)) == [True]
    # A plan of before it was kept says nothing of a timer, which is taken as none.
    stored = json.loads(timed.to_json())
    del stored["lamp"]["auto_off_minutes"]
    assert kept(rescale(load_plan(stored), minutes=4.0, output_factor=5.5)) == [False]


def test_skin_that_feels_warmth_is_not_held_to_it() -> None:
    feeling = make_plan(screen(case_of(changed())), quality=QUICK)
    assert kept(rescale(feeling)) == []
