"""Checks light that is prepared once against the plan that would be made at that distance, skin, fat or place."""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from cases import changed
from quick_plans import VARIED

from openpbm.case import SiteChoice, case_of
from openpbm.device import beam
from openpbm.errors import BadInput
from openpbm.facts.lamps import lamp_catalogue
from openpbm.facts.sites import sites
from openpbm.person import Person
from openpbm.planning import Plan, PlanOverrides, Quality, make_plan, rescale
from openpbm.planning import what_if as what_if_module
from openpbm.planning.dose import draw_placements, placed_rings
from openpbm.planning.other_distance import quick_rings
from openpbm.planning.what_if import PreparedLight, WhatIf, prepare_light
from openpbm.safety import Screening, screen
from openpbm.tissue import Measured, draw_tissues

FEW = Quality(scenarios=32)


_MADE: dict[str, Plan] = {}


def screened(name: str = "one panel", **changes: Any) -> Screening:
    return screen(case_of(changed(**(VARIED[name] | changes))))


def planned(name: str = "one panel", minutes: float | None = None, **changes: Any) -> Plan:
    key = f"{name} {minutes} {changes}"
    if key not in _MADE:
        _MADE[key] = make_plan(screened(name, **changes), overrides=PlanOverrides(minutes=minutes), quality=FEW)
    return _MADE[key]


@functools.cache
def prepared(name: str = "one panel") -> PreparedLight:
    return prepare_light(planned(name), screened(name))


def failed(found: WhatIf) -> set[str]:
    numbers = found.numbers
    limits = (*numbers.skin.limits, *numbers.eye.limits, *(row for target in numbers.targets for row in target.limits))
    return {limit.rule for limit in limits if not limit.passed}


def assert_is(found: WhatIf, plan: Plan) -> None:
    """The numbers are those of the plan: the lamp's exactly, those in tissue as near as `at` promises."""
    numbers, skin, eye = found.numbers, plan.skin, plan.eye
    assert skin is not None
    assert eye is not None
    for key in ("irradiance_mw_cm2", "irradiance_upper_mw_cm2", "fluence_j_cm2", "limit_ratio"):
        assert getattr(numbers.skin, key) == pytest.approx(getattr(skin, key))
    assert numbers.skin.bands == skin.bands
    assert numbers.eye.seconds_without_eyewear == eye.seconds_without_eyewear
    assert numbers.eye.eyewear_needed == eye.eyewear_needed
    assert [row.place for row in numbers.dose] == [row.place for row in plan.dose]
    for row, wanted in zip(numbers.dose, plan.dose, strict=True):
        assert row.depth_mm == wanted.depth_mm
        for key in ("p5", "median", "p95"):
            assert getattr(row.fluence_j_cm2, key) == pytest.approx(getattr(wanted.fluence_j_cm2, key), rel=0.03)
        assert (row.chance_in_window is None) == (wanted.chance_in_window is None)
        if row.chance_in_window is not None and wanted.chance_in_window is not None:
            assert row.chance_in_window == pytest.approx(wanted.chance_in_window, abs=0.03)
    for curve, there in zip(numbers.curves, plan.curves, strict=True):
        assert curve.window_j_cm2 == pytest.approx(there.window_j_cm2)
        assert curve.target_depth_mm == there.target_depth_mm


@pytest.mark.parametrize(
    ("name", "distance_mm"),
    [("one panel", d) for d in (40.0, 75.0, 150.0, 900.0)]
    + [("two colours, two places", d) for d in (100.0, 300.0)]
    + [("laser on points", 30.0)],
)
def test_light_at_another_distance_is_that_of_the_plan_made_there(name: str, distance_mm: float) -> None:
    minutes = planned(name).session_minutes
    there = planned(name, minutes=minutes, placement__distance_mm=distance_mm)
    assert_is(prepared(name).at(distance_mm=distance_mm, minutes=minutes), there)


@pytest.mark.parametrize(
    ("choice", "changes"),
    [
        ({"skin_type": 6}, {"person__skin_type": 6}),
        ({"place": SiteChoice(site="foot_sole", side="left")}, {"sites": [{"site": "foot_sole", "side": "left"}]}),
    ],
    ids=["skin", "place"],
)
def test_another_skin_or_place_is_that_of_the_plan_made_for_it(choice: Any, changes: dict[str, Any]) -> None:
    minutes = planned().session_minutes
    found = prepare_light(planned(), screened(), **choice)
    assert_is(found.at(), planned(minutes=minutes, **changes))
    assert_is(found.at(distance_mm=200.0), planned(minutes=minutes, placement__distance_mm=200.0, **changes))


def test_minutes_at_the_planned_distance_are_those_of_rescaling() -> None:
    found, wanted = (
        prepared().at(minutes=7.0, sessions_per_week=3, weeks=6).numbers,
        rescale(planned(), minutes=7.0, sessions_per_week=3, weeks=6),
    )
    assert found.skin.fluence_j_cm2 == pytest.approx(wanted.skin.fluence_j_cm2)
    assert found.course.skin_fluence_j_cm2 == pytest.approx(wanted.course.skin_fluence_j_cm2)
    assert found.dose[0].fluence_j_cm2.median == pytest.approx(wanted.dose[0].fluence_j_cm2.median, rel=0.03)


def test_fat_that_was_measured_takes_the_place_of_what_is_drawn_and_structures_follow() -> None:
    """A centimetre more of fat moves everything below it by a centimetre, and the skin above not at all."""
    calf, person = sites["posterior_calf"], Person(sex="female")
    thin, thick = (draw_tissues(calf, person, count=64, seed=3, measured=Measured(fat_mm=mm)) for mm in (4.0, 14.0))
    assert np.unique(thin.thickness_mm[:, 2]).tolist() == [4.0]
    assert (thin.thickness_mm[:, :2] == thick.thickness_mm[:, :2]).all()
    assert thick.depth_of("gastrocnemius") - thin.depth_of("gastrocnemius") == pytest.approx(10.0)
    near, far = (prepare_light(planned(), screened(), fat_mm=mm).at().numbers.dose[0] for mm in (4.0, 14.0))
    assert far.depth_mm - near.depth_mm == pytest.approx(10.0)
    assert far.fluence_j_cm2.median < 0.7 * near.fluence_j_cm2.median


def test_a_distance_that_limits_refuse_is_never_shown_as_fine() -> None:
    """Nearer and nearer: what a plan made there is refused for is a limit that is not kept."""
    refused = 0
    for distance_mm in (15.0, 25.0, 60.0, 100.0, 400.0):
        there = planned(minutes=planned().session_minutes, placement__distance_mm=distance_mm)
        speaks = {reason.rule for reason in (*there.reasons, *there.cautions)}
        of_light = speaks - {reason.rule for reason in (*planned().reasons, *planned().cautions)}
        assert of_light - failed(prepared().at(distance_mm=distance_mm)) <= {
            "target_negligible",
            "part_outside_protocol",
        }
        refused += there.verdict != "allowed"
    assert refused >= 3


def test_stronger_skin_rules_speak_beside_the_numbers() -> None:
    found = prepare_light(planned(), screened(), skin_type=6).at()
    assert [reason.rule for reason in found.reasons] == ["dark_skin"]
    # Dark skin begins low, whatever the plan began with.
    assert "override_minutes_above_conservative_start" in failed(found)
    assert prepared().at().reasons == ()


def test_a_lamp_for_the_skin_that_is_held_off_is_told() -> None:
    lamp = {"device": {"id": "wrap_660_850"}, "placement": ..., "condition__diagnosis": "myofascial_spasm",
            "sites": [{"site": "upper_trapezius", "side": "left"}]}  # fmt: skip
    screening = screen(case_of(changed(**lamp)))
    found = prepare_light(make_plan(screening, quality=FEW), screening)
    assert "contact_lamp_held_off" not in failed(found.at())
    assert "contact_lamp_held_off" in failed(found.at(distance_mm=30.0))


def test_windows_that_the_plan_keeps_are_those_that_would_be_computed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the number of tissues, the first have the same optics: a quarter of a plan's windows are its first."""
    fewer = prepare_light(planned(), screened(), quality=Quality(scenarios=8)).at(distance_mm=200.0)
    monkeypatch.setattr(what_if_module, "_windows_of", lambda *_: {})
    assert prepare_light(planned(), screened(), quality=Quality(scenarios=8)).at(distance_mm=200.0) == fewer


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"skin_type": 7}, "skin_type = 7: must be at least 1 and at most 6"),
        ({"fat_mm": -1.0}, "fat_mm = -1.0: must be more than 0 and at most 150"),
        ({"fat_mm": float("nan")}, "fat_mm = nan"),
        ({"place": SiteChoice(site="elbow", side="left")}, 'place = "elbow": no such place'),
        ({"place": SiteChoice(site="foot_sole", side="left", target="gastrocnemius")}, "not at foot_sole"),
    ],
)
def test_what_cannot_be_is_named_before_any_light_is_computed(
    monkeypatch: pytest.MonkeyPatch, choice: Any, said: str
) -> None:
    monkeypatch.setattr(what_if_module, "draw_tissues", lambda *_, **__: pytest.fail("light was computed"))
    with pytest.raises(BadInput) as refused:
        prepare_light(planned(), screened(), **choice)
    assert said in str(refused.value)


@pytest.mark.parametrize("distance_mm", [-1.0, 5001.0, float("nan"), float("inf")])
def test_distances_that_cannot_be_are_refused(distance_mm: float) -> None:
    with pytest.raises(BadInput, match="must be 0 to 5000 mm"):
        prepared().at(distance_mm=distance_mm)


def test_a_plan_without_minutes_has_no_light_to_ask() -> None:
    plan = replace(planned(placement__distance_mm=15.0), session_minutes=None)
    with pytest.raises(BadInput, match="has no session"):
        prepare_light(plan, screened())


@pytest.mark.parametrize("lamp", ["panel_660_850", "whole_body_660_850"])
@pytest.mark.parametrize(("distance_mm", "bound"), [(60.0, 0.01), (100.0, 0.002), (250.0, 0.001), (1200.0, 0.001)])
def test_ten_placements_tell_all_of_them(lamp: str, distance_mm: float, bound: float) -> None:
    of, placements = lamp_catalogue[lamp], draw_placements("area", 64, 1)
    lit = beam(of, distance_mm)
    quick, exact = quick_rings(of, lit, placements), placed_rings(of, lit, placements)
    for wavelength, rings in exact.items():
        relative = quick[wavelength] / rings - 1.0
        assert np.sqrt((relative**2).mean(axis=0)).max() < bound


def test_another_setting_of_the_lamp_is_that_of_the_plan_made_in_it() -> None:
    name = "two colours, two places"
    waves = [emitters.wavelength_nm for emitters in screened(name).case.device.emitters]
    modes = [{"name": "one", "wavelengths_nm": [max(waves)]}, {"name": "half", "output": 0.5}]
    of_half = {"device__modes": modes, "placement__mode": "half"}
    minutes = planned(name).session_minutes
    light = prepare_light(planned(name, minutes=minutes, **of_half), screened(name, **of_half))
    for mode in ("one", ""):
        found, chosen = light.at(mode=mode).numbers, {"placement__mode": mode or None}
        there = planned(name, minutes=minutes, **(of_half | chosen))
        assert there.skin is not None
        assert there.eye is not None
        # The plan made there may follow another protocol; what the lamp gives is the same.
        assert found.skin.irradiance_mw_cm2 == pytest.approx(there.skin.irradiance_mw_cm2)
        assert found.eye.seconds_without_eyewear == there.eye.seconds_without_eyewear
        assert [row.wavelength_nm for row in found.dose] == [row.wavelength_nm for row in there.dose]
        for row, wanted in zip(found.dose, there.dose, strict=True):
            assert row.fluence_j_cm2.median == pytest.approx(wanted.fluence_j_cm2.median, rel=0.03)
    with pytest.raises(BadInput, match=r'placement.mode = "dim": no mode of this lamp'):
        light.at(mode="dim")


def test_half_the_time_is_half_the_light_and_the_eye_is_judged_by_all_of_it() -> None:
    steady, pulsed = prepared().at(), prepared().at(duty=0.5)
    assert pulsed.numbers.skin.irradiance_mw_cm2 == pytest.approx(0.5 * steady.numbers.skin.irradiance_mw_cm2)
    middle, whole = (found.numbers.dose[0].fluence_j_cm2.median for found in (pulsed, steady))
    assert middle == pytest.approx(0.5 * whole)
    assert pulsed.numbers.eye.seconds_without_eyewear == steady.numbers.eye.seconds_without_eyewear
    with pytest.raises(BadInput, match="this lamp has a laser"):
        prepared("laser on points").at(duty=0.5)
    with pytest.raises(BadInput, match="duty = 0: must be above 0"):
        prepared().at(duty=0)


def test_longer_pulses_are_brighter_to_the_eye() -> None:
    """LEDs tried out at more of the time were judged for the eye as at their own share of it: nothing limited them."""
    pulses: dict[str, Any] = {
        "device__emitters__0__duty": 0.1,
        "device__emitters__0__pulse_frequency_hz": 40,
        "device__emitters__0__power_mw": 12.0,
    }
    light = prepare_light(planned(minutes=20.0, **pulses), screened(**pulses), quality=FEW)
    longer, steady = light.at(duty=1.0).numbers, prepared().at().numbers
    assert longer.skin.irradiance_mw_cm2 == pytest.approx(steady.skin.irradiance_mw_cm2)
    assert longer.eye.seconds_without_eyewear == steady.eye.seconds_without_eyewear
    assert light.at().numbers.eye.seconds_without_eyewear > steady.eye.seconds_without_eyewear
