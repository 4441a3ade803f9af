"""Exposure limits against the tables and worked examples of the standards."""

from __future__ import annotations

import dataclasses
import math

import pytest

from openpbm.device import BeamComponent, LaserSpot, beam
from openpbm.device.even_light import EvenField
from openpbm.errors import FactsError
from openpbm.facts.exposure import exposure_limits, limit_value, output_priors
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue
from openpbm.facts.references import references
from openpbm.safety.exposure_limits import (
    EyeExposure,
    cornea_seconds,
    eye_exposure,
    eye_safe_unsupervised,
    skin_exposure_ratio,
)
from openpbm.safety.laser_class import laser_class
from openpbm.safety.laser_limits import (
    LaserLight,
    Pulses,
    correction_c_a,
    laser_eye_seconds,
    laser_skin_limit_mw_cm2,
)
from openpbm.safety.retina import (
    blue_light_weight,
    retinal_thermal_seconds,
    retinal_weight,
    weak_visual_stimulus_seconds,
)

LAMPS = {lamp.kind: lamp for lamp in lamp_catalogue}


@pytest.mark.parametrize(
    ("wavelength_nm", "c_a", "limit_mw_cm2"),
    [
        (630, 1.000, 200),
        (660, 1.000, 200),
        (700, 1.000, 200),
        (750, 1.259, 252),
        (780, 1.445, 289),
        (810, 1.660, 332),
        (830, 1.820, 364),
        (850, 1.995, 399),
        (880, 2.291, 458),
        (904, 2.559, 512),
        (940, 3.020, 604),
        (980, 3.631, 726),
    ],
)
def test_skin_limit_of_lasers(wavelength_nm: float, c_a: float, limit_mw_cm2: float) -> None:
    """Table of C_A (2006/25/EC annex II) and of 200 C_A mW/cm2 (IEC 60825-1)."""
    assert correction_c_a(wavelength_nm) == pytest.approx(c_a, abs=6e-4)
    assert laser_skin_limit_mw_cm2(wavelength_nm) == pytest.approx(limit_mw_cm2, abs=0.6)


def laser_light(irradiance_w_m2: float, wavelength_nm: float) -> LaserLight:
    return LaserLight(wavelength_nm=wavelength_nm, irradiance_w_m2=irradiance_w_m2)


def on_skin(wavelength_nm: float, *, laser: bool) -> BeamComponent:
    spot = LaserSpot(power_mw=1.0, spot_diameter_mm=5.0)
    return BeamComponent(
        wavelength_nm=wavelength_nm, light=spot if laser else EvenField(level_mw_cm2=1.0, half_angle_deg=60.0)
    )


def test_skin_ratios_of_wavelengths_add() -> None:
    """Additivity: half of each of two limits is the whole of one; lamps have 20000 x 10^-0.75 W/m2, lasers 200 C_A."""
    halves = [
        (on_skin(660.0, laser=True), 100.0),
        (on_skin(850.0, laser=True), 0.5 * laser_skin_limit_mw_cm2(850.0)),
    ]
    assert skin_exposure_ratio(halves) == pytest.approx(1.0)
    assert skin_exposure_ratio([(on_skin(nm, laser=False), 355.66) for nm in (660.0,)]) == pytest.approx(1.0, rel=1e-4)
    assert skin_exposure_ratio([halves[0], (on_skin(850.0, laser=False), 177.83)]) == pytest.approx(1.0, rel=1e-4)
    assert skin_exposure_ratio([]) == 0.0


def test_lasers_seen_at_once_add_up() -> None:
    """Two of 7 C_A W/m2 each pass the long limit of 10 C_A, which each by itself keeps for ever."""
    two = [laser_light(7.0 * correction_c_a(nm), nm) for nm in (650.0, 904.0)]
    assert [laser_eye_seconds(one) for one in two] == [30_000.0, 30_000.0]
    assert laser_eye_seconds(*two) == pytest.approx((18.0 / 14.0) ** 4)
    train = Pulses(frequency_hz=10.0, width_s=2e-7)
    # Half and two thirds of a single pulse's limit, 0.002 C_A J/m2.
    pulsed = [
        dataclasses.replace(laser_light(10.0 * share * 2e-3 * correction_c_a(904.0), 904.0), pulses=train)
        for share in (0.5, 0.67)
    ]
    assert all(laser_eye_seconds(one) > 0.0 for one in pulsed)
    assert laser_eye_seconds(*pulsed) == 0.0


def test_three_small_lasers_are_one_of_their_power() -> None:
    """Three of 200 mW are 600 mW: class 4, where the strongest by itself is 3B."""
    one = Emitters(wavelength_nm=808.0, power_mw=200.0, spot_diameter_mm=5)
    cluster = dataclasses.replace(LAMPS["laser"], emitters=(one,) * 3, laser_class=None)
    assert laser_class(dataclasses.replace(cluster, emitters=(one,))) == "3B"
    assert laser_class(cluster) == "4"


def test_an_irradiance_alone_is_a_single_spot_unless_it_is_a_panel() -> None:
    """500 W/m2 of 850 nm: L alpha R is 3190 over 0.1 rad, below 6000, and 29000 over 11 mrad, far above."""
    stated = Emitters(wavelength_nm=850, irradiance_mw_cm2=50, at_distance_mm=150)
    panel = Lamp(id="bench", name="bench", kind="panel", output_status="measured", emitters=(stated,))
    torch = dataclasses.replace(panel, kind="other")
    assert dict(at(panel, 150.0, 1.0).seconds_by_hazard)["weak_visual_stimulus"] == 30_000.0
    assert dict(at(torch, 150.0, 1.0).seconds_by_hazard)["weak_visual_stimulus"] < 1.0
    assert not eye_safe_unsupervised(torch, at(torch, 150.0, 1.0))


def test_blue_light_counts_in_every_lamp() -> None:
    """A red LED of 1 W/sr at 200 mm, seen over 11 mrad: L 2.63e5, times 0.001, allows 10^6 / 263 s."""
    # A Lambertian emitter of pi watts has 1 W/sr along its axis.
    led = Emitters(wavelength_nm=660, power_mw=1e3 * math.pi, half_angle_deg=60, rows=1, columns=1, pitch_mm=10)
    lamp = Lamp(id="bench", name="bench", kind="other", output_status="measured", emitters=(led,))
    radiance = 1.0 / 0.2**2 / (math.pi * 0.011**2 / 4.0)
    exposure = at(lamp, 200.0, 1.0)
    assert dict(exposure.seconds_by_hazard)["blue_light"] == pytest.approx(1e9 / radiance, rel=1e-6)
    assert exposure.limiting_hazard == "blue_light"


def test_weights_outside_the_therapeutic_band() -> None:
    """IEC 62471 tables 4.1 and 4.2 as quoted: B 0.62 at 470 nm and 0.01 at 550 nm; R ten times B, 0.2 at 1100 nm."""
    assert blue_light_weight(470.0) == pytest.approx(0.62)
    assert blue_light_weight(550.0) == pytest.approx(0.01)
    assert (blue_light_weight(660.0), blue_light_weight(700.0)) == (0.001, 0.0)
    assert retinal_weight(470.0) == pytest.approx(6.2)
    assert (retinal_weight(550.0), retinal_weight(1100.0)) == (1.0, 0.2)
    assert correction_c_a(1064.0) == 5.0


@pytest.mark.parametrize(("seconds", "irradiance_w_m2"), [(999.9, 101.2), (100.0, 569.2), (10.0, 3201.0)])
def test_risk_group_edges_of_the_infrared_hazard(seconds: float, irradiance_w_m2: float) -> None:
    """IEC 62471 risk group table: 18000 t^-0.75 is 101, 569 and 3201 W/m2 at 1000, 100 and 10 s."""
    assert cornea_seconds(irradiance_w_m2) == pytest.approx(seconds, rel=1e-3)


def test_cornea_worked_example_and_long_limit() -> None:
    """Worked example: 500 W/m2 at 850 nm is allowed for 119 s; 100 W/m2 for as long as limits speak of."""
    assert cornea_seconds(500.0) == pytest.approx(119.0, abs=0.5)
    assert cornea_seconds(100.0) == 30_000.0
    assert cornea_seconds(0.0) == 30_000.0
    # Just above the long limit the short formula would give more than 1000 s, where the long limit already rules.
    assert cornea_seconds(100.1) == 1000.0


def test_retinal_limits() -> None:
    """ICNIRP 2013 and IEC 62471: 28000 / alpha, 6000 / alpha, and their short branches; R(850) = 10^-0.3."""
    assert retinal_weight(660.0) == 1.0
    assert retinal_weight(850.0) == pytest.approx(10.0**-0.3)
    assert retinal_thermal_seconds(28_000.0) == 30_000.0
    assert retinal_thermal_seconds(40_000.0) == pytest.approx(0.0625)
    assert weak_visual_stimulus_seconds(6_000.0) == 30_000.0
    assert weak_visual_stimulus_seconds(6_001.0) == 100.0
    assert weak_visual_stimulus_seconds(20_000.0) == pytest.approx(1.0)


def test_laser_eye_limit() -> None:
    """IEC 60825-1: 10 C_A W/m2 beyond 10 s, 18 C_A t^0.75 J/m2 below; both meet at 10 s (18 x 10^-0.25 = 10.1)."""
    assert laser_eye_seconds(laser_light(10.0, 633.0)) == 30_000.0
    assert laser_eye_seconds(laser_light(10.05, 633.0)) == 10.0
    assert laser_eye_seconds(laser_light(18.0, 633.0)) == pytest.approx(1.0)
    assert laser_eye_seconds(laser_light(18.0 * correction_c_a(808.0), 808.0)) == pytest.approx(1.0)
    assert laser_eye_seconds(laser_light(1e5, 808.0)) == 0.0


@pytest.mark.parametrize(
    ("power_mw", "wavelength_nm", "expected"),
    [
        (0.3, 650, "1"),
        (0.9, 650, "2"),
        (4.9, 650, "3R"),
        (6.0, 650, "3B"),
        (0.6, 808, "1"),
        (3.0, 808, "3R"),
        (200.0, 808, "3B"),
        (501.0, 980, "4"),
    ],
)
def test_laser_class_from_power(power_mw: float, wavelength_nm: float, expected: str) -> None:
    laser = Emitters(wavelength_nm=wavelength_nm, power_mw=power_mw, spot_diameter_mm=5)
    unlabelled = dataclasses.replace(LAMPS["laser"], emitters=(laser,), laser_class=None)
    assert laser_class(unlabelled) == expected
    assert laser_class(dataclasses.replace(unlabelled, laser_class="1M")) == "1M"
    assert laser_class(LAMPS["panel"]) is None


def at(lamp: Lamp, distance_mm: float, output_factor: float = 1.3) -> EyeExposure:
    return eye_exposure(lamp, beam(lamp, distance_mm), distance_mm, output_factor)


def test_the_panel_is_limited_by_its_infrared_half() -> None:
    """The cornea limit of the panel's own 850 nm irradiance; its red does not count there."""
    panel = LAMPS["panel"]
    infrared = beam(panel, 300.0).components[1].peak_mw_cm2(42.0, 42.0) * 10.0
    exposure = at(panel, 300.0, 1.3)
    assert exposure.limiting_hazard == "ir_cornea"
    assert exposure.seconds_without_eyewear == math.floor(cornea_seconds(1.3 * infrared))
    assert exposure.irradiance_w_m2 == pytest.approx(2.0 * 1.3 * infrared, rel=1e-6)
    assert exposure.eye_distance_mm == 300.0


def test_more_light_and_less_distance_leave_less_time() -> None:
    panel = LAMPS["panel"]
    times = [at(panel, distance_mm).seconds_without_eyewear for distance_mm in (100, 200, 300, 450, 1500)]
    assert times == sorted(times)
    assert times[0] < times[-1] == 30_000.0
    assert at(panel, 200.0, 1.15).seconds_without_eyewear > at(panel, 200.0, 1.3).seconds_without_eyewear


def test_a_pad_in_contact_is_looked_at_when_lifted() -> None:
    exposure = at(LAMPS["pad"], 0.0)
    assert exposure.eye_distance_mm == 100.0
    lifted = beam(LAMPS["pad"], 100.0).peak_mw_cm2(6.0, 6.0) * 13.0
    assert exposure.irradiance_w_m2 == pytest.approx(lifted)
    assert exposure.limiting_hazard == "none"
    assert "weak_visual_stimulus" in dict(exposure.seconds_by_hazard)
    assert eye_safe_unsupervised(LAMPS["pad"], exposure)


def test_a_class_3b_laser_is_never_eye_safe_alone() -> None:
    laser = LAMPS["laser"]
    exposure = at(laser, 0.0)
    assert exposure.limiting_hazard == "laser_eye"
    assert exposure.seconds_without_eyewear < 1e-3
    assert not eye_safe_unsupervised(laser, exposure)
    at_leisure = dataclasses.replace(exposure, seconds_without_eyewear=30_000.0)
    assert not eye_safe_unsupervised(laser, at_leisure)


def test_less_than_100_seconds_is_not_safe_alone() -> None:
    """IEC 62471 risk group 1 of the infrared eye hazard: 100 s."""
    panel = LAMPS["panel"]
    exposure = at(panel, 300.0)
    assert eye_safe_unsupervised(panel, dataclasses.replace(exposure, seconds_without_eyewear=100.0))
    assert not eye_safe_unsupervised(panel, dataclasses.replace(exposure, seconds_without_eyewear=99.0))


def test_a_strong_infrared_led_is_held_by_the_weak_stimulus_limit() -> None:
    """A 2 W, 10 degree, 810 nm LED at 200 mm: L alpha = I0 / d^2 / (pi alpha / 4) R by hand, alpha 11 mrad."""
    led = Emitters(wavelength_nm=810, power_mw=2000, half_angle_deg=10, rows=1, columns=1, pitch_mm=10)
    lamp = Lamp(id="bench", name="bench", kind="other", output_status="measured", emitters=(led,))
    intensity_w_sr = 2.0 * (45.28 + 1.0) / (2.0 * 3.14159)
    by_hand = intensity_w_sr / 0.2**2 / (3.14159 * 0.011 / 4.0) * 10.0**-0.22
    exposure = at(lamp, 200.0, 1.0)
    assert by_hand > 6_000.0
    seconds = dict(exposure.seconds_by_hazard)["weak_visual_stimulus"]
    assert seconds == pytest.approx(weak_visual_stimulus_seconds(by_hand), rel=0.01)
    assert exposure.limiting_hazard in {"weak_visual_stimulus", "retinal_thermal"}


def test_a_field_known_at_contact_only_is_taken_as_it_is() -> None:
    stated = Emitters(wavelength_nm=850, irradiance_mw_cm2=30, at_distance_mm=0)
    lamp = Lamp(id="bench", name="bench", kind="pad", output_status="claimed", emitters=(stated,))
    assert at(lamp, 0.0, 1.0).irradiance_w_m2 == pytest.approx(300.0)
    assert at(lamp, 0.0, 1.0).seconds_without_eyewear == math.floor(cornea_seconds(300.0))


def test_every_limit_has_a_source_that_is_a_reference() -> None:
    known = references
    for row in [*exposure_limits, *output_priors, *lamp_catalogue]:
        assert row.source in known


def test_an_unknown_limit_is_a_fault_of_the_tables() -> None:
    with pytest.raises(FactsError, match="no_such_limit"):
        limit_value("no_such_limit")
