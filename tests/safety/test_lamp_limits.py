"""Limits of lamps and of bare irradiances: eye, skin temperature, and what can only make them stricter."""

from __future__ import annotations

import dataclasses
import functools
import math
import random

import pytest
from present import present

from openpbm.device import beam, output_prior, treatment_distance_mm
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.safety.exposure_limits import eye_exposure
from openpbm.safety.lamp_limits import Irradiance, LampLimits, eye_seconds_by_hazard, irradiance_limits, lamp_limits
from openpbm.safety.laser_limits import Pulses, correction_c_a

BARE = Irradiance(wavelength_nm=850.0, irradiance_mw_cm2=50.0)


@functools.cache
def within_half_an_hour(light: Irradiance) -> LampLimits:
    return irradiance_limits(light, minutes=30.0)


def test_a_bare_eye_at_50_mw_cm2() -> None:
    """Worked: (18000 / 500)^(4/3) = 118.9 s, so 118 and not a second more; what cannot be judged is named."""
    found = within_half_an_hour(BARE)
    assert (found.eye.seconds_without_eyewear, found.eye.binding, found.eye.eyewear_needed) == (118, "ir_cornea", True)
    assert found.laser_class is None
    assert found.skin.limit_mw_cm2 is None
    assert found.not_looked_at[0].startswith("retinal_thermal, weak_visual_stimulus: not looked at")


@pytest.mark.parametrize(
    ("wavelength_nm", "irradiance_mw_cm2", "seconds", "needed"),
    [(800.0, 9.0, 30_000, True), (850.0, 5.0, 30_000, False), (660.0, 50.0, 0, True)],
)
def test_a_source_of_unknown_size_is_not_told_as_fine(
    wavelength_nm: float, irradiance_mw_cm2: float, seconds: int, needed: bool
) -> None:
    """9 mW/cm2 of 800 nm once needed no eyewear: the cornea allows it for ever, the retina 85 s of a 1 mm source."""
    light = Irradiance(wavelength_nm=wavelength_nm, irradiance_mw_cm2=irradiance_mw_cm2)
    found = within_half_an_hour(light).eye
    assert (found.seconds_without_eyewear, found.binding, found.eyewear_needed) == (seconds, "none", needed)
    small = within_half_an_hour(dataclasses.replace(light, source_mm=1.0)).eye
    assert small.eyewear_needed is needed
    # Eyewear that is needed was once said to need no density, since only the cornea had been asked.
    assert found.optical_density == small.optical_density
    assert (small.optical_density != 0.0) is needed


def test_of_several_lasers_the_broadest_spot_counts() -> None:
    """A second, narrower laser once took its own small disc, and so a cooler skin, for all the light."""
    probe = lamp_catalogue["laser_808_probe"]
    (wide,) = probe.emitters
    assert wide.power_mw is not None
    narrow = dataclasses.replace(wide, power_mw=1e-3 * wide.power_mw, spot_diameter_mm=0.5)
    one, two = (
        lamp_limits(dataclasses.replace(probe, emitters=emitters), 0.0, minutes=1.0).skin
        for emitters in ((wide,), (wide, narrow))
    )
    assert two.temperature.p95 >= one.temperature.p95
    assert two.seconds <= one.seconds


def test_a_broad_field_of_200_mw_cm2_is_too_warm() -> None:
    """A cap of 43 C on the 95th percentile refuses it, and the allowed seconds end before the session does."""
    found = within_half_an_hour(dataclasses.replace(BARE, irradiance_mw_cm2=200.0))
    warmth = found.skin.temperature
    assert 37.0 < warmth.p5 < warmth.median < warmth.p95
    assert warmth.p95 > 43.0
    assert 0 < found.skin.seconds < 300
    in_time = irradiance_limits(dataclasses.replace(BARE, irradiance_mw_cm2=200.0), minutes=found.skin.seconds / 60.0)
    assert 42.5 < in_time.skin.temperature.p95 <= 43.0


def test_no_light_is_skin_at_rest_in_a_cool_room() -> None:
    """A bare leg at 22 C: 30.1 C by the model of a whole body, and people a degree around it."""
    rest = within_half_an_hour(dataclasses.replace(BARE, irradiance_mw_cm2=0.001)).skin.temperature
    assert 28.5 < rest.p5 < 30.0 < rest.median < 30.2 < rest.p95 < 32.0


def test_a_small_field_is_cooler_and_a_covered_one_warmer() -> None:
    small = within_half_an_hour(dataclasses.replace(BARE, radius_mm=5.0)).skin.temperature
    broad = within_half_an_hour(BARE).skin.temperature
    covered = within_half_an_hour(dataclasses.replace(BARE, contact=True)).skin.temperature
    assert small.p95 < broad.p95 < covered.p95
    assert small.median < broad.median < covered.median


def test_the_source_brings_the_retina_in() -> None:
    """Closed form: L alpha = 4 E / (pi alpha), over at least 11 mrad and at most 0.1 rad."""
    assert set(eye_seconds_by_hazard(BARE)) == {"ir_cornea"}
    seen = eye_seconds_by_hazard(dataclasses.replace(BARE, source_mm=20.0, distance_mm=200.0))
    assert set(seen) == {"ir_cornea", "retinal_thermal", "weak_visual_stimulus"}
    # 500 W/m2, R 0.501: L alpha R = 4 x 500 x 0.501 / (pi 0.1) = 3190, below 6000; at 11 mrad 29000, above 28000.
    assert seen["weak_visual_stimulus"] == seen["retinal_thermal"] == 30_000.0
    far = eye_seconds_by_hazard(dataclasses.replace(BARE, source_mm=20.0, distance_mm=5_000.0))
    assert far["retinal_thermal"] == pytest.approx((20_000.0 / 29_005.0) ** 4, rel=1e-3)
    red = dataclasses.replace(BARE, wavelength_nm=660.0)
    assert eye_seconds_by_hazard(red) == {}
    bright = eye_seconds_by_hazard(dataclasses.replace(red, source_mm=3.0))
    # L = 500 / (pi 0.015^2 / 4) = 2.83e6, weighted by 0.001 and held to 10^6 J.
    assert bright["blue_light"] == pytest.approx(1e6 / 2829.0, rel=1e-3)


def test_pulses_and_more_light_only_shorten() -> None:
    chance = random.Random(7)
    for _ in range(200):
        width_s = 10.0 ** chance.uniform(-9, -1)
        light = Irradiance(
            wavelength_nm=chance.uniform(600, 1000),
            irradiance_mw_cm2=10.0 ** chance.uniform(-1, 4),
            source_mm=10.0 ** chance.uniform(-1, 3),
        )
        steady = eye_seconds_by_hazard(light)
        train = Pulses(frequency_hz=chance.random() / width_s, width_s=width_s)
        pulsed = eye_seconds_by_hazard(dataclasses.replace(light, pulses=train))
        brighter = eye_seconds_by_hazard(dataclasses.replace(light, irradiance_mw_cm2=2.0 * light.irradiance_mw_cm2))
        assert all(pulsed[hazard] <= seconds and brighter[hazard] <= seconds for hazard, seconds in steady.items())


def test_a_panel_is_safe_for_the_eye_from_its_hazard_distance_on() -> None:
    panel = lamp_catalogue["panel_660_850"]
    found = lamp_limits(panel, 300.0, minutes=30.0)
    assert found.laser_class is None
    assert found.skin.limit_mw_cm2 is None
    safe_mm = found.eye.hazard_distance_mm
    assert safe_mm is not None
    from_there, nearer = (
        eye_exposure(panel, beam(panel, at), at, output_prior(panel).safety_factor).seconds_without_eyewear
        for at in (safe_mm, safe_mm - 10.0)
    )
    assert nearer < 1800.0 <= from_there


def test_a_laser_has_its_own_skin_limit_and_class() -> None:
    laser = lamp_catalogue["laser_808_probe"]
    found = lamp_limits(laser, treatment_distance_mm(laser, None), minutes=1.0)
    assert found.laser_class == "3B"
    assert found.skin.limit_mw_cm2 == pytest.approx(328.9, abs=0.05)
    assert (found.eye.seconds_without_eyewear, found.eye.binding, found.eye.hazard_distance_mm) == (
        0,
        "laser_eye",
        None,
    )
    assert found.eye.eyewear_needed


def test_a_laser_is_safe_from_where_its_beam_has_widened_enough() -> None:
    """Closed form: the Gaussian whose share through 7 mm is 10 C_A W/m2 of it, over the full angle; unknown without."""
    probe = lamp_catalogue["laser_808_probe"]
    at_mm = treatment_distance_mm(probe, None)
    (bare,) = probe.emitters
    (unknown,) = (line for line in lamp_limits(probe, at_mm, minutes=30.0).not_looked_at if "divergence_mrad" in line)
    assert "hazard_distance_mm" in unknown
    widening = dataclasses.replace(probe, emitters=(dataclasses.replace(bare, divergence_mrad=40.0),))
    found = lamp_limits(widening, at_mm, minutes=30.0)
    assert not any("divergence_mrad" in line for line in found.not_looked_at)
    power_w = present(bare.power_mw) * 1e-3 * output_prior(probe).safety_factor
    share = 10.0 * correction_c_a(bare.wavelength_nm) * math.pi * 0.0035**2 / power_w
    wide_mm = 7.0 * math.sqrt(-2.0 / math.log1p(-share))
    away_mm = (wide_mm - present(bare.spot_diameter_mm)) / (2.0 * math.tan(0.02))
    assert 0.0 <= present(found.eye.hazard_distance_mm) - away_mm <= 10.0
    # The treated eye is judged as if the beam stayed as narrow.
    assert found.eye.seconds_without_eyewear == 0


@pytest.mark.parametrize(("irradiance_mw_cm2", "density"), [(9.9, 0.0), (50.0, 0.7), (100.0, 1.0), (101.0, 1.1)])
def test_eyewear_brings_the_light_to_what_may_be_seen_for_long(irradiance_mw_cm2: float, density: float) -> None:
    """Over 1000 s the cornea may get 100 W/m2: log10 of the irradiance over it, rounded up."""
    eye = within_half_an_hour(dataclasses.replace(BARE, irradiance_mw_cm2=irradiance_mw_cm2)).eye
    assert eye.optical_density == density


def test_whoever_stands_farther_away_may_look_no_shorter() -> None:
    panel = lamp_catalogue["panel_660_850"]
    eye = lamp_limits(panel, 200.0, minutes=30.0).eye
    assert [other.who for other in eye.others] == ["helper", "bystander"]
    seconds = [eye.seconds_without_eyewear, *(other.seconds_without_eyewear or 0 for other in eye.others)]
    assert seconds == sorted(seconds)
    # Never nearer than the one treated, whose place is said.
    assert {other.distance_mm for other in lamp_limits(panel, 2500.0, minutes=30.0).eye.others} == {2500.0}


def test_whoever_stands_beyond_the_hazard_distance_may_look_that_long() -> None:
    """The beam widened for the distance alone: half a metre beyond it a helper was told of no time at all."""
    bare = Emitters(wavelength_nm=808.0, power_mw=100.0, spot_diameter_mm=8.0, divergence_mrad=300.0)
    probe = Lamp(id="a", name="probe", kind="laser", output_status="claimed", emitters=(bare,), contact=True)
    found = lamp_limits(probe, 0.0, minutes=30.0)
    assert found.laser_class == "3B"
    for other in found.eye.others:
        assert other.distance_mm > present(found.eye.hazard_distance_mm)
        assert present(other.seconds_without_eyewear) >= 1800
        assert other.eyewear_needed
    narrow = dataclasses.replace(bare, divergence_mrad=1.0)
    near = lamp_limits(dataclasses.replace(probe, emitters=(narrow,)), 0.0, minutes=30.0).eye
    assert [other.seconds_without_eyewear for other in near.others] == [0, 0]


def test_a_laser_and_leds_together_are_safe_from_farther_than_either() -> None:
    """Two lights each just within what an eye may get are twice that; with next to no LEDs it is the laser alone."""
    laser = Emitters(wavelength_nm=808.0, power_mw=100.0, spot_diameter_mm=8.0, divergence_mrad=300.0)
    leds = Emitters(wavelength_nm=850.0, power_mw=900.0, half_angle_deg=15.0, rows=6, columns=6, pitch_mm=30.0)

    def safe_mm(*emitters: Emitters) -> float:
        lamp = Lamp(id="a", name="head", kind="other", output_status="claimed", emitters=emitters)
        found = lamp_limits(lamp, 100.0, minutes=30.0)
        for other in found.eye.others:
            long_enough = present(other.seconds_without_eyewear) >= 1800
            assert long_enough == (other.distance_mm >= present(found.eye.hazard_distance_mm))
        return present(found.eye.hazard_distance_mm)

    of_laser, of_leds, together = safe_mm(laser), safe_mm(leds), safe_mm(laser, leds)
    assert max(of_laser, of_leds) < together <= math.sqrt(2.0) * max(of_laser, of_leds) + 20.0
    faint = dataclasses.replace(leds, power_mw=0.01)
    assert safe_mm(laser, faint) == pytest.approx(of_laser, rel=0.01, abs=10.0)
    second = dataclasses.replace(laser, wavelength_nm=830.0)
    assert of_laser < safe_mm(laser, second, leds)


def test_the_treated_eye_is_lit_by_a_laser_and_the_leds_beside_it() -> None:
    """It was the shorter time of both: a laser that may be looked into all day took nothing off the time of LEDs."""
    laser = Emitters(
        wavelength_nm=633.0, power_mw=0.3, spot_diameter_mm=8.0, spot_profile="flat_top", divergence_mrad=1.0
    )
    leds = Emitters(wavelength_nm=850.0, power_mw=1000.0, half_angle_deg=30.0, rows=6, columns=6, pitch_mm=30.0)

    def seconds(*emitters: Emitters) -> int:
        lamp = Lamp(id="a", name="head", kind="other", output_status="measured", emitters=emitters)
        return lamp_limits(lamp, 300.0, minutes=30.0).eye.seconds_without_eyewear

    assert seconds(laser) == 30_000
    assert seconds(laser, leds) < seconds(leds) / 2
    faint = dataclasses.replace(laser, power_mw=1e-3)
    assert seconds(faint, leds) == pytest.approx(seconds(leds), rel=0.02)
