"""The distance that counts when the case gives none."""

import dataclasses

import pytest

from openpbm.device import treatment_distance_mm
from openpbm.facts.lamps import Emitters, Lamp

FIELD = Emitters(wavelength_nm=830, irradiance_mw_cm2=30, at_distance_mm=100)
LASER = Emitters(wavelength_nm=808, power_mw=50, spot_diameter_mm=9)
LAMP = Lamp(id="bench", name="bench", kind="other", output_status="measured", emitters=(FIELD,))


@pytest.mark.parametrize(
    ("lamp", "given_mm", "expected_mm"),
    [
        (LAMP, 120.0, 120.0),
        (dataclasses.replace(LAMP, default_distance_mm=300.0), None, 300.0),
        (LAMP, None, 100.0),
        (dataclasses.replace(LAMP, emitters=(LASER,)), None, 0.0),
    ],
)
def test_given_then_the_lamps_own_then_where_it_is_stated(
    lamp: Lamp, given_mm: float | None, expected_mm: float
) -> None:
    assert treatment_distance_mm(lamp, given_mm) == expected_mm
