"""A spot moved over an area, against the sum over where its middle goes, and against the spot where it stands."""

from __future__ import annotations

import math

import numpy as np
import pytest

from openpbm.device import LaserSpot, ScannedSpot

ROUND = LaserSpot(power_mw=150.0, spot_diameter_mm=14.0)
SPOTS = {
    "round": ROUND,
    "flat top": LaserSpot(power_mw=150.0, spot_diameter_mm=14.0, even=True),
    "oval": LaserSpot(power_mw=150.0, spot_diameter_mm=22.0, spot_short_mm=6.0),
    "cluster": LaserSpot(power_mw=30.0, spot_diameter_mm=6.0, diodes=5, spacing_mm=11.0),
}
STEPS = np.arange(-70.0, 70.0, 0.5) + 0.25
PLANE = np.meshgrid(STEPS, STEPS)


@pytest.fixture(params=SPOTS)
def spot(request: pytest.FixtureRequest) -> LaserSpot:
    return SPOTS[request.param]


def test_all_the_light_of_the_spot_is_on_the_skin(spot: LaserSpot) -> None:
    moved = ScannedSpot(spot=spot, area_cm2=31.0)
    assert moved.irradiance_mw_cm2(*PLANE).sum() * 0.5**2 / 100.0 == pytest.approx(spot.total_power_mw, rel=2e-3)
    assert moved.mean_mw_cm2 * 31.0 == pytest.approx(spot.total_power_mw)


def test_over_an_area_of_its_own_size_it_stands(spot: LaserSpot) -> None:
    """Closer and closer to its own size the scan comes to the standing spot without a jump."""
    still = spot.irradiance_mw_cm2(*PLANE)
    if not spot.even:
        for beyond, allowed in ((1.01, 2e-2), (1.0001, 2e-4)):
            moved = ScannedSpot(spot=spot, area_cm2=spot.lit_mm2 * beyond / 100.0).irradiance_mw_cm2(*PLANE)
            assert np.abs(moved - still).max() < allowed * still.max() * spot.lit_mm2 / spot.ellipse_mm2
    same = ScannedSpot(spot=spot, area_cm2=spot.lit_mm2 / 100.0)
    np.testing.assert_array_equal(same.irradiance_mw_cm2(*PLANE), still)


def test_it_is_the_mean_of_the_spot_wherever_its_middle_goes(spot: LaserSpot) -> None:
    """60,000 middles spread evenly over the ellipse, each with the standing spot around it."""
    area_cm2 = 25.0
    travel = math.sqrt((area_cm2 * 100.0 - spot.lit_mm2) / spot.ellipse_mm2)
    number = np.arange(60_000)
    radius, angle = np.sqrt((number + 0.5) / number.size) * travel, number * math.pi * (3.0 - math.sqrt(5.0))
    middle_x = radius * np.cos(angle) * spot.spot_diameter_mm / 2.0
    middle_y = radius * np.sin(angle) * spot.narrowest_mm / 2.0
    for x, y in ((0.0, 0.0), (9.0, 4.0), (20.0, -11.0), (29.0, 6.0)):
        mean = spot.irradiance_mw_cm2(x - middle_x, y - middle_y).mean()
        found = float(ScannedSpot(spot=spot, area_cm2=area_cm2).irradiance_mw_cm2(x, y))
        assert found == pytest.approx(mean, rel=5e-3, abs=2e-3)


@pytest.mark.parametrize("even", [False, True])
def test_the_light_lies_as_far_from_the_middle_as_even_light_over_the_area(even: bool) -> None:
    """The mean square of the distance from the middle of an even disc is half its radius squared."""
    moved = ScannedSpot(spot=LaserSpot(power_mw=80.0, spot_diameter_mm=18.0, even=even), area_cm2=20.0)
    irradiance = moved.irradiance_mw_cm2(*PLANE)
    mean_square = (irradiance * (PLANE[0] ** 2 + PLANE[1] ** 2)).sum() / irradiance.sum()
    assert mean_square == pytest.approx(2000.0 / math.pi / 2.0, rel=2e-3)


def test_over_a_wide_area_the_middle_gets_the_mean() -> None:
    moved = ScannedSpot(spot=ROUND, area_cm2=150.0)
    assert float(moved.irradiance_mw_cm2(0.0, 0.0)) == pytest.approx(moved.mean_mw_cm2, rel=0.02)


def test_light_falls_straight_in() -> None:
    assert ScannedSpot(spot=ROUND, area_cm2=9.0).incidence_cosines(3) == (1.0, 1.0, 1.0)
