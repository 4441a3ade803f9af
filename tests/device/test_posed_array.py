"""A tilted array: untilted it is the plain one, its light is conserved, and one emitter obeys the cosine law."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpbm.device import LedArray, PosedArray
from openpbm.facts.lamps import Stand

PANEL = LedArray(power_mw=500.0, half_angle_deg=30.0, rows=6, columns=5, pitch_mm=42.0, distance_mm=300.0)
STEPS = np.linspace(-90.0, 90.0, 13)


def posed(array: LedArray = PANEL, **stand: float | tuple[float, float]) -> PosedArray:
    return PosedArray(array=array, stand=Stand(**stand))  # type: ignore[arg-type]


def test_an_untilted_array_is_the_plain_one() -> None:
    grid = np.meshgrid(STEPS, STEPS)
    assert posed().irradiance_mw_cm2(*grid) == pytest.approx(PANEL.irradiance_mw_cm2(*grid), rel=1e-12)
    assert posed().incidence_cosines(16) == pytest.approx(PANEL.incidence_cosines(16), abs=2e-3)


def test_an_offset_moves_the_light_along() -> None:
    moved = posed(offset_mm=(70.0, -30.0))
    x, y = np.meshgrid(STEPS, STEPS)
    assert moved.irradiance_mw_cm2(x + 70.0, y - 30.0) == pytest.approx(PANEL.irradiance_mw_cm2(x, y), rel=1e-12)


@pytest.mark.parametrize("tilt_deg", [15.0, 40.0, 60.0, -40.0])
def test_a_single_far_emitter_obeys_the_cosine_law(tilt_deg: float) -> None:
    """Where its axis meets the skin it gives I0 cos(tilt) / d^2, all of it at that angle."""
    one = LedArray(power_mw=500.0, half_angle_deg=20.0, rows=1, columns=1, pitch_mm=10.0, distance_mm=400.0)
    tilted = posed(one, tilt_deg=tilt_deg)
    cosine = math.cos(math.radians(tilt_deg))
    straight = float(one.irradiance_mw_cm2(0.0, 0.0))
    assert float(tilted.irradiance_mw_cm2(0.0, 0.0)) == pytest.approx(straight * cosine)
    assert tilted.incidence_cosines(16) == pytest.approx([cosine] * 16, abs=0.02)


@pytest.mark.parametrize("tilt_deg", [0.0, 30.0])
def test_a_narrow_lamp_loses_no_light_to_its_tilt(tilt_deg: float) -> None:
    """All of a narrow beam meets the plane: the integral over the skin is its power, 6 x 5 x 500 mW."""
    narrow = LedArray(power_mw=500.0, half_angle_deg=8.0, rows=6, columns=5, pitch_mm=42.0, distance_mm=300.0)
    steps = np.arange(-500.0, 500.0, 4.0) + 2.0
    total_mw = posed(narrow, tilt_deg=tilt_deg).irradiance_mw_cm2(*np.meshgrid(steps, steps)).sum() * 16.0 / 100.0
    assert total_mw == pytest.approx(15_000.0, rel=2e-3)


def test_the_near_edge_is_brighter_than_the_far_one() -> None:
    """Tilted toward positive x the middle of the lamp stands there, and its low edge with it."""
    tilted = posed(tilt_deg=35.0)
    near, far = (float(tilted.irradiance_mw_cm2(x, 0.0)) for x in (80.0, -80.0))
    assert near > 1.1 * far
    assert tilted.lowest_mm == pytest.approx(300.0 * math.cos(math.radians(35)) - 105.0 * math.sin(math.radians(35)))
