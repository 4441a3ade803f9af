"""LED arrays against closed forms: energy, inverse square of one LED, the uniform exitance of a wide panel."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from openpbm.device.led_array import LedArray, cosine_power


def array(**changes: float) -> LedArray:
    values: dict[str, Any] = {
        "power_mw": 100.0,
        "half_angle_deg": 60.0,
        "rows": 1,
        "columns": 1,
        "pitch_mm": 10.0,
        "distance_mm": 100.0,
    }
    return LedArray(**(values | changes))


@pytest.mark.parametrize("half_angle_deg", [10.0, 30.0, 60.0, 80.0])
def test_intensity_is_half_at_the_half_angle(half_angle_deg: float) -> None:
    """The definition of the half angle: I(theta_half) = I0 / 2, read back from the irradiance map."""
    led = array(half_angle_deg=half_angle_deg)
    theta = math.radians(half_angle_deg)
    on_axis, aside = led.irradiance_mw_cm2([0.0, 100.0 * math.tan(theta)], [0.0, 0.0])
    # E = I cos(theta) / r^2 with r = d / cos(theta)
    assert aside / on_axis / math.cos(theta) ** 3 == pytest.approx(0.5, rel=1e-12)


@pytest.mark.parametrize("half_angle_deg", [15.0, 30.0, 60.0])
def test_one_led_keeps_its_energy(half_angle_deg: float) -> None:
    """Conservation of energy: the map, integrated in rings over the plane, returns the emitted power."""
    led = array(half_angle_deg=half_angle_deg, distance_mm=20.0)
    theta = (np.arange(20_000) + 0.5) / 20_000 * math.pi / 2.0
    radius_mm = 20.0 * np.tan(theta)
    ring_mm2 = 2.0 * math.pi * radius_mm * 20.0 / np.cos(theta) ** 2 * (math.pi / 2.0 / 20_000)
    power_mw = np.sum(led.irradiance_mw_cm2(radius_mm, 0.0) / 100.0 * ring_mm2)
    assert power_mw == pytest.approx(100.0, rel=1e-5)


def test_a_close_array_keeps_its_energy() -> None:
    """Conservation of energy: the map of 4 x 6 LEDs close to the skin, integrated on a grid, returns their power."""
    leds = array(rows=4, columns=6, half_angle_deg=30.0, distance_mm=10.0)
    step_mm = 1.0
    axis = np.arange(-150.0, 150.0, step_mm) + step_mm / 2.0
    x, y = np.meshgrid(axis, axis)
    assert leds.irradiance_mw_cm2(x, y).sum() / 100.0 * step_mm**2 == pytest.approx(2400.0, rel=2e-3)


def test_one_led_falls_with_the_square_of_the_distance() -> None:
    """Inverse square law on the axis of a point source: E = P (m + 1) / (2 pi d^2)."""
    for distance_mm in (50.0, 500.0):
        expected = 100.0 * 2.0 / (2.0 * math.pi * distance_mm**2) * 100.0
        assert array(distance_mm=distance_mm).irradiance_mw_cm2(0.0, 0.0) == pytest.approx(expected)


def test_a_panel_far_away_is_one_source_and_close_up_is_not() -> None:
    """Far field: 100 LEDs at 20 m are one of 100 times the power; at 100 mm the inverse square would be 2x off."""
    panel = {"rows": 10, "columns": 10, "pitch_mm": 30.0}
    far = array(**panel, distance_mm=20_000.0).irradiance_mw_cm2(0.0, 0.0)
    assert far == pytest.approx(100.0 * array(distance_mm=20_000.0).irradiance_mw_cm2(0.0, 0.0), rel=1e-3)
    near = array(**panel, distance_mm=100.0).irradiance_mw_cm2(0.0, 0.0)
    assert near < 0.5 * 100.0 * array(distance_mm=100.0).irradiance_mw_cm2(0.0, 0.0)


def test_a_wide_lambertian_panel_close_up_gives_its_exitance() -> None:
    """Closed form: under an endless Lambertian plane the irradiance is its exitance P / pitch^2 everywhere."""
    panel = array(rows=101, columns=101, distance_mm=20.0)
    assert panel.irradiance_mw_cm2(0.0, 0.0) == pytest.approx(100.0, rel=2e-3)
    assert panel.irradiance_mw_cm2(5.0, 3.0) == pytest.approx(100.0, rel=2e-3)


def test_a_lambertian_disc_on_its_axis() -> None:
    """Closed form: a Lambertian disc of radius a gives M a^2 / (a^2 + d^2) on its axis; here a square made round."""
    grid = array(rows=81, columns=81, pitch_mm=1.0, distance_mm=30.0)
    x, y = grid.emitter_positions_mm()
    inside = np.hypot(x, y) <= 40.0
    single = array(pitch_mm=1.0, distance_mm=30.0)
    on_axis = single.irradiance_mw_cm2(x[inside], y[inside]).sum()
    exitance_mw_cm2 = 100.0 * 100.0
    assert on_axis == pytest.approx(exitance_mw_cm2 * 1600.0 / (1600.0 + 900.0), rel=2e-3)


def test_the_map_is_symmetric() -> None:
    leds = array(rows=3, columns=8)
    corners = leds.irradiance_mw_cm2([31.0, -31.0, 31.0, -31.0], [7.0, 7.0, -7.0, -7.0])
    assert np.ptp(corners) < 1e-12 * corners[0]


def test_incidence_cosines_of_a_wide_lambertian_panel() -> None:
    """Closed form: under an endless Lambertian plane the light arrives as cosine flux, quantiles sqrt(p)."""
    cosines = array(rows=201, columns=201, distance_mm=30.0).incidence_cosines(16)
    expected = np.sqrt((np.arange(16) + 0.5) / 16)
    # The lowest quantile needs light from beyond the panel's edge.
    assert cosines[2:] == pytest.approx(expected[2:], abs=0.01)
    assert list(cosines) == sorted(cosines)


def dense_quantiles(leds: LedArray, count: int, points: int) -> tuple[NDArray[np.float64], float]:
    """Quantiles and mean of the cosine, taken from each LED at each point of a dense grid on the central cell."""
    axis = ((np.arange(points) + 0.5) / points - 0.5) * leds.pitch_mm
    x, y = np.meshgrid(axis, axis)
    lit_x, lit_y = leds.emitter_positions_mm()
    squared = (x[..., None] - lit_x) ** 2 + (y[..., None] - lit_y) ** 2 + leds.distance_mm**2
    cosines = (leds.distance_mm / np.sqrt(squared)).ravel()
    weights = cosines ** (cosine_power(leds.half_angle_deg) + 3.0)
    order = np.argsort(cosines)
    share = np.cumsum(weights[order]) / weights.sum()
    middles = (np.arange(count) + 0.5) / count
    return cosines[order][np.searchsorted(share, middles)], float((weights * cosines).sum() / weights.sum())


@pytest.mark.parametrize("distance_mm", [5.0, 20.0, 150.0])
@pytest.mark.parametrize(
    ("rows", "columns", "pitch_mm", "half_angle_deg"),
    [
        (1, 1, 10.0, 60.0),
        (2, 2, 25.0, 30.0),
        (6, 6, 42.0, 30.0),
        (5, 8, 12.0, 30.0),
        (3, 3, 30.0, 10.0),
        (1, 7, 8.0, 60.0),
    ],
)
def test_incidence_cosines_are_those_of_every_point_and_led(
    rows: int, columns: int, pitch_mm: float, half_angle_deg: float, distance_mm: float
) -> None:
    """Against a dense integration over the cell, LED by LED: nothing of the tiling is used there."""
    leds = array(rows=rows, columns=columns, pitch_mm=pitch_mm, half_angle_deg=half_angle_deg, distance_mm=distance_mm)
    quantiles, mean = dense_quantiles(leds, 16, 161)
    assert leds.incidence_cosines(16) == pytest.approx(quantiles, abs=2e-3)
    assert np.mean(leds.incidence_cosines(400)) == pytest.approx(mean, abs=5e-4)


@pytest.mark.parametrize("side", [6, 7])
def test_between_the_leds_of_a_close_even_array_light_is_not_slanting(side: int) -> None:
    """36 LEDs of 42 mm pitch at 5 mm were sampled in the trough between four of them: mean cosine 0.62 for 0.85.

    Closed form: so close to so wide an array a cell receives the whole flux of one LED, mean (m + 1) / (m + 2).
    """
    cosines = array(rows=side, columns=side, pitch_mm=42.0, half_angle_deg=30.0, distance_mm=5.0).incidence_cosines(400)
    m = math.log(0.5) / math.log(math.cos(math.radians(30.0)))
    assert np.mean(cosines) == pytest.approx((m + 1) / (m + 2), abs=5e-4)


def test_odd_and_even_arrays_of_one_size_send_light_at_the_same_angles() -> None:
    """Both are 90 mm wide and send onto a cell what one LED sends onto 90 x 90 mm; the cells differ in size."""
    even = array(rows=6, columns=6, pitch_mm=15.0, distance_mm=12.0).incidence_cosines(16)
    odd = array(rows=9, columns=9, pitch_mm=10.0, distance_mm=12.0).incidence_cosines(16)
    assert even == pytest.approx(odd, abs=1e-12)


def test_angles_straight_under_one_led_are_a_closed_form() -> None:
    """Lambertian LED over its cell: shares of the flux sin^2 theta, over the configuration factor of the rectangle."""
    side, distance_mm = 20.0, 8.0
    a = side / 2.0 / distance_mm
    slant = math.hypot(1.0, a)
    caught = 4.0 / math.pi * a / slant * math.atan(a / slant)
    cosines = np.array(array(pitch_mm=side, distance_mm=distance_mm).incidence_cosines(64))
    beyond = 1.0 - (np.arange(64) + 0.5) / 64
    whole_ring = cosines > 1.0 / slant  # nearer the axis than the rectangle's sides
    assert 20 < whole_ring.sum() < 64
    assert cosines[whole_ring] == pytest.approx(np.sqrt(1.0 - caught * beyond[whole_ring]), abs=3e-4)


@pytest.mark.parametrize(
    ("half_angle_deg", "distance_mm"), [(1.0, 5.0), (1.0, 10_000.0), (89.0, 5.0), (60.0, 10_000.0)]
)
def test_incidence_cosines_at_the_ends_of_what_may_be_asked(half_angle_deg: float, distance_mm: float) -> None:
    """Neither the narrowest nor the widest lobe, near or far, leaves the cosines unordered or beyond 0 to 1."""
    strip = array(rows=1, columns=500, pitch_mm=0.1, half_angle_deg=half_angle_deg, distance_mm=distance_mm)
    cosines = np.array(strip.incidence_cosines(16))
    assert (np.diff(cosines) >= 0.0).all()
    assert cosines[0] > 0.0
    assert cosines[-1] <= 1.0


def test_incidence_cosines_of_one_distant_led_are_one() -> None:
    assert min(array(distance_mm=2000.0).incidence_cosines(16)) > 0.9999


def test_narrow_beams_do_not_overflow() -> None:
    """A half angle of 1 degree has exponent 4551; powers of millimetres would overflow."""
    assert cosine_power(1.0) == pytest.approx(4550.7, abs=1.0)
    assert np.isfinite(array(half_angle_deg=1.0, distance_mm=5000.0).irradiance_mw_cm2(0.0, 900.0))


def test_large_maps_are_cut_into_parts_without_a_seam() -> None:
    """The sum is taken in parts of two million pairs; the parts must meet."""
    leds = array(rows=60, columns=60)
    x = np.linspace(-100.0, 100.0, 1501)
    whole = leds.irradiance_mw_cm2(x, 0.0)
    assert whole == pytest.approx(whole[::-1])
    assert whole[750] == pytest.approx(float(leds.irradiance_mw_cm2(0.0, 0.0)))


@pytest.mark.parametrize(
    ("diameter_mm", "half_angle_deg", "distance_mm", "overstated_percent"),
    [(5.0, 60.0, 5.0, 25.0), (5.0, 60.0, 10.0, 6.25), (5.0, 60.0, 20.0, 1.5625), (20.0, 30.0, 100.0, 2.0)],
)
def test_a_point_overstates_the_peak_of_a_package(
    diameter_mm: float, half_angle_deg: float, distance_mm: float, overstated_percent: float
) -> None:
    """The figures the documentation gives; closed form of a Lambertian disc of radius a: by a^2 / d^2."""
    led = array(half_angle_deg=half_angle_deg, distance_mm=distance_mm)
    radius_mm = diameter_mm / 2.0 * np.sqrt((np.arange(4000) + 0.5) / 4000)
    disc = led.irradiance_mw_cm2(radius_mm, 0.0).mean()
    point = float(led.irradiance_mw_cm2(0.0, 0.0))
    assert 100.0 * (point / disc - 1.0) == pytest.approx(overstated_percent, abs=0.05)
