"""Spots of a laser hold its power, whatever their shape: closed forms, Gaussian and even, round and oval."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cases import make_case

from openpbm.device import LaserSpot, beam
from openpbm.errors import BadInput
from openpbm.safety.exposure_limits import eye_exposure
from openpbm.safety.skin_temperature import lamp_warmth

SHAPES = [(None, False), (None, True), (4.0, False), (4.0, True)]


@pytest.mark.parametrize(("short_mm", "even"), SHAPES)
def test_a_spot_holds_its_power_and_has_the_peak_of_its_shape(short_mm: float | None, even: bool) -> None:
    """150 mW over an ellipse of 12 x 4 mm are 398 mW/cm2 on average; a Gaussian has twice that in its middle."""
    spot = LaserSpot(power_mw=150.0, spot_diameter_mm=12.0, spot_short_mm=short_mm, even=even)
    steps = np.arange(-24.0, 24.0, 0.05) + 0.025
    x, y = np.meshgrid(steps, steps)
    assert spot.irradiance_mw_cm2(x, y).sum() * 0.05**2 / 100.0 == pytest.approx(150.0, rel=1e-3)
    mean = 150.0 / (math.pi * 6.0 * (short_mm or 12.0) / 2.0) * 100.0
    assert float(spot.irradiance_mw_cm2(0.0, 0.0)) == pytest.approx(mean if even else 2.0 * mean)


def laser(**more: Any) -> dict[str, Any]:
    emitter = {"wavelength_nm": 810, "power_mw": 200, "spot_diameter_mm": 12} | more
    return {"output_status": "claimed", "kind": "laser", "contact": True, "laser_class": "3B", "emitters": [emitter]}


def test_a_flatter_spot_is_no_safer_for_the_eye_and_a_narrower_one_worse(tmp_path: Path) -> None:
    def seconds(**more: Any) -> float:
        lamp = make_case(tmp_path, device=laser(power_mw=3, **more)).device
        return dict(eye_exposure(lamp, beam(lamp, 0.0), 0.0, 1.0).seconds_by_hazard)["laser_eye"]

    assert seconds(spot_profile="flat_top") == seconds()
    assert seconds(spot_short_mm=5) < seconds()
    # All of an even spot of 7 mm meets the pupil; of a Gaussian one an eighth lies outside of it.
    assert seconds(spot_profile="flat_top", spot_diameter_mm=7) < seconds(spot_diameter_mm=7)


def test_skin_under_an_even_spot_stays_cooler_and_an_oval_one_gets_warmer(tmp_path: Path) -> None:
    """Of one power and one peak an even disc has the radius of a Gaussian spot over the root of 8."""

    def warmest(**more: Any) -> float:
        lamp = make_case(tmp_path, device=laser(**more)).device
        lit = beam(lamp, 0.0)
        return lamp_warmth(lamp, lit, [(810.0, lit.peak_mw_cm2(0.0, 0.0))], minutes=1.0).p95

    assert warmest(spot_profile="flat_top") < warmest() < warmest(spot_short_mm=6)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ({"spot_short_mm": 14}, "spot_short_mm = 14.0: longer than spot_diameter_mm = 12"),
        ({"spot_profile": "top_hat"}, 'spot_profile = "top_hat"'),
        ({"spot_short_mm": 0}, "spot_short_mm = 0"),
    ],
)
def test_a_spot_that_cannot_be_is_one_line(tmp_path: Path, more: dict[str, Any], text: str) -> None:
    with pytest.raises(BadInput) as caught:
        make_case(tmp_path, device=laser(**more))
    assert text in str(caught.value)
    assert "\n" not in str(caught.value)


def test_leds_have_no_spot_to_be_oval(tmp_path: Path) -> None:
    leds = {"wavelength_nm": 850, "irradiance_mw_cm2": 20, "at_distance_mm": 150, "spot_short_mm": 4}
    with pytest.raises(BadInput, match=r"spot_short_mm = 4\.0: is of a laser, whose spot_diameter_mm is missing"):
        make_case(tmp_path, device={"output_status": "claimed", "emitters": [leds]})
