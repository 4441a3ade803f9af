"""Checks that a rescaled plan is the plan that would be made: light is linear in minutes and in output."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from courses import make_plan as write_down
from present import present
from quick_plans import TWO_COLOURS, VARIED, quick_plan

from openpbm.errors import BadInput
from openpbm.planning import Plan, PlanOverrides, load_plan, rescale
from openpbm.reason import Reason

CASES = VARIED | {"dark skin": {"person__skin_type": 6}}


def plan(overrides: PlanOverrides | None = None, **changes: Any) -> Plan:
    """A plan as a database would give it back."""
    return load_plan(quick_plan(overrides, **changes).to_json())


def leaves(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    """Every number and word with its place, limits apart: a plan has none."""
    if is_dataclass(value):
        for field in fields(value):
            if field.name != "limits":
                yield from leaves(getattr(value, field.name), f"{where}.{field.name}")
    elif isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from leaves(item, f"{where}[{number}]")
    else:
        yield where, value


def assert_same(one: Any, other: Any) -> None:
    here, there = dict(leaves(one)), dict(leaves(other))
    assert here.keys() == there.keys()
    for place, value in here.items():
        if isinstance(value, float):
            assert there[place] == pytest.approx(value, rel=1e-9, abs=1e-300), place
        else:
            assert there[place] == value, place


PARTS = ("dose", "curves", "skin", "eye")


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("minutes", [20.0, 7.25])
def test_other_minutes_are_the_plan_of_those_minutes(changes: dict[str, Any], minutes: float) -> None:
    """Linearity: the plan at 10 minutes, rescaled, equals the plan made for the other minutes to 1e-9."""
    scaled, made = (
        rescale(plan(PlanOverrides(minutes=10), **changes), minutes=minutes),
        plan(PlanOverrides(minutes=minutes), **changes),
    )
    assert (scaled.minutes, scaled.exposure_minutes) == (made.session_minutes, made.exposure_minutes)
    assert any(row.chance_in_window is not None for row in scaled.dose)
    for part in PARTS:
        assert_same(getattr(scaled, part), getattr(made, part))
    assert scaled.not_computed == ()


@pytest.mark.parametrize("factor", [0.5, 1.7])
def test_other_output_is_the_plan_of_a_lamp_of_that_power(factor: float) -> None:
    """Linearity in power; the eye's seconds, which are not linear, are computed again and agree too."""
    emitters: list[dict[str, Any]] = copy.deepcopy(TWO_COLOURS)
    for one in emitters:
        one["power_mw"] *= factor
    wanted = PlanOverrides(minutes=20)
    weaker = plan(wanted, device__emitters=emitters)
    scaled = rescale(plan(wanted, device__emitters=TWO_COLOURS), output_factor=factor)
    for part in PARTS:
        assert_same(getattr(scaled, part), getattr(weaker, part))


def test_nothing_asked_gives_the_stored_numbers_back_and_leaves_the_plan_alone() -> None:
    stored = plan()
    before = stored.to_json()
    scaled = rescale(stored)
    for part in PARTS:
        assert_same(getattr(scaled, part), getattr(stored, part))
    assert stored.to_json() == before


def test_the_course_is_the_sum_of_its_sessions() -> None:
    """Closed form: fluence at the skin = irradiance x minutes x sessions x 0.06."""
    stored = plan()
    course = rescale(stored, minutes=20, sessions_per_week=3.5, weeks=4).course
    assert (course.sessions, course.light_minutes) == (14.0, 280.0)
    assert stored.skin is not None
    assert course.skin_fluence_j_cm2 == pytest.approx(stored.skin.irradiance_mw_cm2 * 280 * 0.06)
    rates = {row.structure: row.fluence_rate_mw_cm2 for row in stored.dose if row.wavelength_nm is None}
    for row in course.dose:
        assert row.fluence_j_cm2.p95 == pytest.approx(rates[row.structure].p95 * 280 * 0.06)
    assert stored.schedule is not None
    assert rescale(stored).course.sessions == len(stored.schedule.sessions)


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
@pytest.mark.parametrize("minutes", [1.0, 4.0, 20.0, 25.0, 30.0, 31.0])
def test_a_limit_is_broken_here_where_a_plan_would_refuse(changes: dict[str, Any], minutes: float) -> None:
    """The workbench must not show as inside what the plan then refuses, nor the other way round."""
    made = plan(PlanOverrides(minutes=minutes, sessions_per_week=5, weeks=8), **changes)
    scaled = rescale(plan(**changes), minutes=minutes, sessions_per_week=5, weeks=8)
    limits = [*scaled.skin.limits, *scaled.eye.limits, *scaled.course.limits,
              *(limit for target in scaled.targets for limit in target.limits)]  # fmt: skip
    broken = {limit.rule for limit in limits if not limit.passed}
    said = {reason.rule for reason in (*made.reasons, *made.cautions)}
    # Rules about an override must all be limits here; the others a limit of the workbench may speak for.
    spoken = {rule for rule in said if rule.startswith("override_")} | ({limit.rule for limit in limits} & said)
    assert spoken - {"reach_uncertain"} == broken - {"reach_uncertain"}
    assert "reach_uncertain" in broken or "reach_uncertain" not in said


def test_every_limit_tells_value_limit_unit_and_level() -> None:
    scaled = rescale(plan(), minutes=31, output_factor=4.0)
    by_id = {limit.rule: limit for limit in scaled.skin.limits}
    minutes = by_id["override_minutes_above_protocol"]
    assert (minutes.value, minutes.limit, minutes.unit, minutes.passed) == (31.0, 30.0, "min", False)
    assert minutes.level == "absolute"
    assert by_id["override_skin_dose_above_protocol"].passed is False
    assert by_id["irradiance_outside_protocol"].limit == 50.0
    assert by_id["skin_irradiance_limit"].value == scaled.skin.limit_ratio


@pytest.mark.parametrize("changes", CASES.values(), ids=CASES.keys())
def test_the_bound_that_is_shown_is_the_bound_that_is_held(changes: dict[str, Any]) -> None:
    """A dose of 3.84 beside "lowest 4, kept" was a slack of 5 % that nobody was told of."""
    made = plan(**changes)
    lengths = (0.1, 0.51, 19.0, 19.2, 20.0, 30.0, 30.002)
    for limit in [limit for minutes in lengths for limit in rescale(made, minutes=minutes).skin.limits]:
        below = limit.rule.endswith("_below_protocol")
        if limit.rule in ("irradiance_outside_protocol", "no_dose_within_limits"):
            continue
        value, bound = (float(f"{number:.3g}") for number in (limit.value or 0.0, limit.limit or 0.0))
        inside = value >= bound if below else value <= bound
        assert inside or not limit.passed, limit
        outside = (limit.value or 0.0) < (limit.limit or 0.0) * 0.9999 if below else value > bound
        assert not (outside and limit.passed), limit


def test_a_plan_without_draws_says_that_chances_need_light() -> None:
    stored = dataclasses.replace(plan(), window_draws=())
    scaled = rescale(stored, minutes=25, output_factor=0.9)
    assert all(row.chance_in_window is None for row in scaled.dose)
    assert any("needs new light run" in line for line in scaled.not_computed)


def test_a_plan_that_was_written_down_has_no_light_to_rescale() -> None:
    with pytest.raises(BadInput, match="written down, not computed"):
        rescale(write_down())


def test_a_refused_plan_can_be_rescaled_until_it_fits() -> None:
    """A plan refused for its minutes has no schedule; the workbench must still find the way back."""
    refused = plan(PlanOverrides(minutes=60, weeks=5))
    assert refused.verdict == "refused"
    scaled = rescale(refused, minutes=25)
    assert all(limit.passed for limit in scaled.skin.limits)
    assert scaled.course.weeks == 5


@pytest.mark.parametrize(
    ("given", "needle"),
    [
        ({"minutes": 0}, "minutes = 0: must be more than 0"),
        ({"minutes": float("nan")}, "minutes = nan"),
        ({"output_factor": -1.0}, "output_factor = -1"),
        ({"output_factor": 11}, "at most 10"),
        ({"sessions_per_week": 8}, "at most 7"),
        ({"weeks": 2.5}, "whole number"),
    ],
)
def test_numbers_that_cannot_be(given: dict[str, Any], needle: str) -> None:
    with pytest.raises(BadInput, match=needle):
        rescale(plan(), **given)


def test_a_specialist_plan_has_nothing_to_rescale() -> None:
    with pytest.raises(BadInput, match="no session"):
        rescale(plan(condition__diagnosis="trigeminal_neuralgia"))


def test_the_eyes_are_there_for_all_places_of_a_session() -> None:
    """Two places of 8 minutes each were held against the eyes' limit as 8 minutes."""
    one = plan(sites=[{"site": "posterior_calf", "side": "left"}])
    both = plan()
    seconds = present(one.eye).seconds_without_eyewear
    each = seconds / 60.0 * 0.6
    told = [rescale(made, minutes=each).eye.eyewear_needed for made in (one, both)]
    assert told == [False, True]
    together = plan(placement__places_at_once=2, placement__distance_mm=300)
    assert not rescale(together, minutes=present(together.eye).seconds_without_eyewear / 60.0 * 0.6).eye.eyewear_needed


def test_more_output_is_held_to_the_warmth_of_the_skin() -> None:
    """Numbers tried out once were not: five times the light was told as within the limits but for the protocol's."""
    made = plan()

    def warmth(factor: float) -> Reason:
        found = rescale(made, output_factor=factor).skin.limits
        (only,) = [limit for limit in found if limit.rule == "skin_too_warm"]
        return only

    as_planned, strong = warmth(1.0), warmth(9.0)
    assert as_planned.passed is True
    assert strong.passed is False
    assert (strong.value or 0.0) > (strong.limit or 0.0) == 43.0


def test_heat_in_a_body_is_not_passed_over_for_a_wall_called_a_panel() -> None:
    """1.6 m2 of LEDs are a wall by their array, and the heat of other minutes is held to the limit as in a plan."""
    wall = [{"wavelength_nm": 850, "power_mw": 30, "half_angle_deg": 30, "rows": 40, "columns": 20, "pitch_mm": 45}]
    tall = plan(device__kind="panel", device__emitters=wall, course__supervision="clinician")
    (core,) = [limit for limit in rescale(tall, minutes=40.0).skin.limits if limit.rule == "core_too_warm"]
    planned = {limit.rule: limit for limit in present(tall.choice).quality}["core_too_warm"]
    assert core.value == pytest.approx(planned.value * 40.0 / present(tall.session_minutes))
    assert core.limit == planned.limit
    before = dataclasses.replace(present(tall.skin), body_heat_j_kg_min=None)
    known = "heat in the whole body: needs a plan of these minutes"
    assert known in rescale(dataclasses.replace(tall, skin=before)).not_computed
    assert known not in rescale(tall).not_computed
    assert not any(line.startswith("heat") for line in rescale(plan()).not_computed)
