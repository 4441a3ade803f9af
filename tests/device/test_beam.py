"""The beam of a lamp: contact pads, fields, lasers, and what cannot be computed."""

from __future__ import annotations

import dataclasses
import math
from typing import Any

import numpy as np
import pytest

from openpbm.device import FieldUnknown, beam, check_lamp
from openpbm.errors import BadInput
from openpbm.facts.lamps import Emitters, Lamp, lamp_catalogue

LED_ARRAY = Emitters(wavelength_nm=850, power_mw=10, half_angle_deg=30, rows=5, columns=8, pitch_mm=12)


def lamp(*emitters: Emitters, **changes: object) -> Lamp:
    values: dict[str, Any] = {"id": "bench", "name": "bench", "kind": "other", "output_status": "measured"}
    return Lamp(emitters=emitters, **(values | changes))


@pytest.mark.parametrize("shipped", lamp_catalogue, ids=lambda shipped: shipped.id)
def test_every_shipped_lamp_gives_a_beam(shipped: Lamp) -> None:
    assert check_lamp(shipped) == []
    light = beam(shipped, shipped.default_distance_mm or 0.0)
    assert light.extent_known
    assert 5.0 < light.peak_mw_cm2(100.0, 100.0) < 250.0
    assert shipped.source


def test_the_shipped_lamps_are_the_five_and_never_called_measured() -> None:
    kinds = {shipped.kind for shipped in lamp_catalogue}
    assert kinds == {"pad", "panel", "wrap", "laser", "whole_body"}
    assert all(shipped.output_status == "claimed" for shipped in lamp_catalogue)


def test_a_pad_in_contact_keeps_its_energy() -> None:
    """Conservation of energy: 40 LEDs of 10 mW on 60 x 96 mm give 400 mW, evenly."""
    part = beam(lamp(LED_ARRAY), 0.0).components[0]
    assert part.mean_mw_cm2(96.0, 60.0) * 9.6 * 6.0 == pytest.approx(400.0)
    assert part.peak_mw_cm2(500.0, 500.0) == pytest.approx(10.0 / 1.44)
    assert part.irradiance_mw_cm2(48.1, 0.0) == 0.0
    assert part.total_power_mw == 400.0


def test_contact_cosines_are_those_of_the_emitter_flux() -> None:
    """Closed form: the mean cosine of a cos^m flux is (m + 1) / (m + 2)."""
    part = beam(lamp(LED_ARRAY), 0.0).components[0]
    m = math.log(0.5) / math.log(math.cos(math.radians(30.0)))
    assert np.mean(part.incidence_cosines) == pytest.approx((m + 1) / (m + 2), abs=2e-3)
    assert len(part.incidence_cosines) == 16


def test_contact_and_close_up_agree_on_the_mean() -> None:
    """Just above contact the LED sum, averaged over a central cell, is the pad's level within its small losses."""
    close = beam(lamp(dataclasses.replace(LED_ARRAY, rows=20, columns=20)), 5.0).components[0]
    pad = beam(lamp(dataclasses.replace(LED_ARRAY, rows=20, columns=20)), 0.0).components[0]
    assert close.mean_mw_cm2(24.0, 24.0) == pytest.approx(pad.mean_mw_cm2(24.0, 24.0), rel=0.02)


def test_the_peak_is_found_straight_under_an_led() -> None:
    """The peak of a close array lies under its LEDs, between the points of an even grid."""
    part = beam(lamp(dataclasses.replace(LED_ARRAY, half_angle_deg=10.0)), 6.0).components[0]
    under_led = float(part.irradiance_mw_cm2(6.0, 0.0))
    assert part.peak_mw_cm2(96.0, 60.0) >= under_led


def test_a_stated_irradiance_scales_the_array() -> None:
    """The peak on the axis at the stated distance is the stated figure, and elsewhere the geometry rules."""
    stated = Emitters(
        wavelength_nm=660, irradiance_mw_cm2=40, at_distance_mm=150, half_angle_deg=30, rows=6, columns=10, pitch_mm=25
    )
    assert beam(lamp(stated), 150.0).peak_mw_cm2(25.0, 25.0) == pytest.approx(40.0, rel=1e-3)
    free = dataclasses.replace(stated, irradiance_mw_cm2=None, at_distance_mm=None, power_mw=300.0)
    ratio = beam(lamp(free), 400.0).peak_mw_cm2(25.0, 25.0) / beam(lamp(free), 150.0).peak_mw_cm2(25.0, 25.0)
    assert beam(lamp(stated), 400.0).peak_mw_cm2(25.0, 25.0) == pytest.approx(40.0 * ratio, rel=1e-3)


def test_a_stated_contact_irradiance_is_the_level_of_the_pad() -> None:
    pad = next(shipped for shipped in lamp_catalogue if shipped.kind == "pad")
    part = beam(pad, 0.0).components[0]
    assert part.irradiance_mw_cm2(0.0, 0.0) == pytest.approx(34.7)
    # 34.7 mW/cm2 over 3.0 x 7.2 cm
    assert part.total_power_mw == pytest.approx(34.7 * 21.6)


def test_a_field_without_geometry_holds_at_its_distance_only() -> None:
    stated = lamp(Emitters(wavelength_nm=830, irradiance_mw_cm2=30, at_distance_mm=100))
    known = beam(stated, 100.9)
    assert not known.extent_known
    assert known.components[0].total_power_mw is None
    assert known.peak_mw_cm2(80.0, 80.0) == 30.0
    with pytest.raises(FieldUnknown, match=r"bench: distance_mm 150.*830 nm.*100 mm.*rows, columns, pitch_mm"):
        beam(stated, 150.0)


def test_a_laser_spot() -> None:
    """Closed form: a Gaussian of 1/e2 diameter 10 mm peaks at 2P/(pi w^2), is e^-2 of it at w, and carries P."""
    part = beam(lamp(Emitters(wavelength_nm=808, power_mw=100, spot_diameter_mm=10)), 0.0).components[0]
    peak = 2.0 * 100.0 / (math.pi * 0.25)
    assert part.peak_mw_cm2(50.0, 50.0) == pytest.approx(peak)
    assert part.irradiance_mw_cm2(5.0, 0.0) == pytest.approx(peak * math.exp(-2.0))
    assert part.mean_mw_cm2(40.0, 40.0) * 16.0 == pytest.approx(100.0, rel=1e-6)
    assert part.incidence_cosines == (1.0,) * 16


def test_wavelengths_add() -> None:
    red = dataclasses.replace(LED_ARRAY, wavelength_nm=660.0)
    both = beam(lamp(red, LED_ARRAY), 100.0)
    assert both.irradiance_mw_cm2(3.0, 4.0) == pytest.approx(2.0 * both.components[0].irradiance_mw_cm2(3.0, 4.0))
    assert both.peak_mw_cm2(50.0, 50.0) == pytest.approx(2.0 * both.components[1].peak_mw_cm2(50.0, 50.0))


def test_further_away_the_peak_is_lower() -> None:
    for shipped in lamp_catalogue:
        if shipped.kind == "laser":
            continue
        peaks = [beam(shipped, distance_mm).peak_mw_cm2(200.0, 200.0) for distance_mm in (50, 100, 200, 400, 800)]
        assert peaks == sorted(peaks, reverse=True)


def test_the_panel_is_plausible_where_it_is_used() -> None:
    panel = next(shipped for shipped in lamp_catalogue if shipped.kind == "panel")
    assert 10.0 < beam(panel, 300.0).peak_mw_cm2(100.0, 100.0) < 50.0


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"pitch_mm": None}, "misses pitch_mm"),
        ({"power_mw": None}, "misses power_mw"),
        ({"spot_diameter_mm": 5.0}, "cannot also have half_angle_deg, rows, columns, pitch_mm"),
        ({"irradiance_mw_cm2": 20.0, "at_distance_mm": 100.0}, "both power_mw and irradiance_mw_cm2"),
        ({"irradiance_mw_cm2": 20.0, "power_mw": None}, "without at_distance_mm"),
        ({"at_distance_mm": 100.0}, "at_distance_mm without irradiance_mw_cm2"),
        ({"irradiance_mw_cm2": 20.0, "at_distance_mm": 9.0, "power_mw": None, "rows": None}, "misses rows"),
        ({"rows": 400, "columns": 400}, "160000; at most 20000"),
    ],
)
def test_problems_of_a_lamp_are_named(changes: dict[str, Any], expected: str) -> None:
    broken = lamp(dataclasses.replace(LED_ARRAY, **changes))
    problems = [str(problem) for problem in check_lamp(broken)]
    assert len(problems) == 1
    assert expected in problems[0]
    assert problems[0].startswith("emitters[0] (850 nm): ")
    with pytest.raises(BadInput, match="bench: emitters"):
        beam(broken, 100.0)


def test_a_lamp_without_emitters_and_a_class_without_laser_are_problems() -> None:
    assert "none given" in str(check_lamp(lamp())[0])
    assert 'laser_class = "3B"' in str(check_lamp(lamp(LED_ARRAY, laser_class="3B"))[0])


def test_an_impossible_distance_is_refused() -> None:
    with pytest.raises(BadInput, match="0-10000"):
        beam(lamp(LED_ARRAY), -1.0)
    with pytest.raises(BadInput, match="0-10000"):
        beam(lamp(LED_ARRAY), math.nan)


@pytest.mark.parametrize(("pitch_mm", "half_angle_deg"), [(6.0, 60.0), (12.0, 45.0), (25.0, 60.0)])
def test_a_pad_lifted_to_five_millimetres_gives_the_mean_that_it_gave_on_the_skin(
    pitch_mm: float, half_angle_deg: float
) -> None:
    """Averaged over a cell in its middle the two ways of computing agree within 2 %; spots below bare diodes do not."""
    leds = Emitters(
        wavelength_nm=850.0, power_mw=10.0, half_angle_deg=half_angle_deg, rows=31, columns=31, pitch_mm=pitch_mm
    )
    pad = Lamp(id="pad", name="pad", kind="pad", output_status="claimed", contact=True, emitters=(leds,))
    on_skin, lifted = (beam(pad, mm).components[0].mean_mw_cm2(pitch_mm, pitch_mm) for mm in (4.99, 5.0))
    assert lifted == pytest.approx(on_skin, rel=0.02)
