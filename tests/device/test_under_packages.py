"""A pad in contact at the scale of its LEDs: continuous with 5 mm, and never below the even level."""

from __future__ import annotations

import math

import pytest

from openpbm.device import UnderPackages, beam
from openpbm.facts.lamps import Emitters, Lamp


def pad(distance_mm: float, *, diameter_mm: float | None = 5.0, pitch_mm: float = 25.0) -> UnderPackages:
    leds = Emitters(
        wavelength_nm=850.0, power_mw=40.0, half_angle_deg=60.0, rows=5, columns=5, pitch_mm=pitch_mm,
        emitter_diameter_mm=diameter_mm,
    )  # fmt: skip
    lamp = Lamp(id="wrap", name="wrap", kind="wrap", output_status="claimed", emitters=(leds,), contact=True)
    (part,) = beam(lamp, distance_mm).at_worst.components
    assert isinstance(part.light, UnderPackages)
    return part.light


def peak(light: UnderPackages) -> float:
    return float(light.irradiance_mw_cm2(0.0, 0.0))


@pytest.mark.parametrize("diameter_mm", [None, 3.0, 5.0])
@pytest.mark.parametrize("pitch_mm", [6.0, 25.0])
def test_the_peak_has_no_jump_at_5_mm(diameter_mm: float | None, pitch_mm: float) -> None:
    """Limits of a sparse wrap fell 6.4-fold where it was moved from 5 mm onto the skin."""
    near = pad(4.999, diameter_mm=diameter_mm, pitch_mm=pitch_mm)
    leds = Emitters(wavelength_nm=850.0, power_mw=40.0, half_angle_deg=60.0, rows=5, columns=5, pitch_mm=pitch_mm)
    lamp = Lamp(id="wrap", name="wrap", kind="wrap", output_status="claimed", emitters=(leds,), contact=True)
    off = beam(lamp, 5.0).components[0]
    assert peak(near) == pytest.approx(float(off.irradiance_mw_cm2(0.0, 0.0)), rel=1e-2)


def test_nearer_is_never_less() -> None:
    peaks = [peak(pad(distance_mm)) for distance_mm in (0.0, 1.0, 2.5, 4.0, 4.99)]
    assert peaks == sorted(peaks, reverse=True)


@pytest.mark.parametrize("diameter_mm", [3.0, 5.0, 8.0])
def test_a_package_behind_its_cover_is_the_disc_of_the_closed_form(diameter_mm: float) -> None:
    """P / (pi (a^2 + d^2)) on the axis of a Lambertian disc; the neighbours 100 mm away add nothing."""
    light = pad(0.0, diameter_mm=diameter_mm, pitch_mm=100.0)
    assert peak(light) == pytest.approx(100.0 * 40.0 / (math.pi * ((diameter_mm / 2.0) ** 2 + 3.0**2)), rel=2e-3)
    assert light.spot_radius_mm**2 == pytest.approx((diameter_mm / 2.0) ** 2 + 9.0)


def test_an_unknown_package_is_the_brightest() -> None:
    known = [peak(pad(0.0, diameter_mm=diameter_mm)) for diameter_mm in (1.0, 3.0, 5.0)]
    assert peak(pad(0.0, diameter_mm=None)) > max(known)


def test_a_dense_pad_is_all_but_even() -> None:
    """6 mm pitch behind 3 mm: 1.15 times the even level under a disc (docs/methods/lamp.md)."""
    dense, sparse = pad(0.0, pitch_mm=6.0), pad(0.0, pitch_mm=25.0)
    # A pad of five by five ends soon: the level in its middle is a little below that of an endless one.
    assert 1.0 / dense.mean_over_peak == pytest.approx(1.15, abs=0.12)
    assert 1.0 / sparse.mean_over_peak == pytest.approx(13.0, rel=0.03)
